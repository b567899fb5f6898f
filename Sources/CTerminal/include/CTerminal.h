// SPDX-License-Identifier: Apache-2.0
#ifndef CTERMINAL_H
#define CTERMINAL_H
int cterminal_width(unsigned int scalar);
#endif
