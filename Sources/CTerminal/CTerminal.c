// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CTerminal.h"
#include <wchar.h>

int cterminal_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }
