// SPDX-License-Identifier: Apache-2.0
#ifndef CSECRETS_H
#define CSECRETS_H

#include <stddef.h>

/// Keeps a few secret bytes in the memory of the login session, under a name, for so many
/// seconds; 0, or the errno: ENOSYS or EPERM where the kernel or a container has no such memory.
int csecrets_keep(const char *name, const void *bytes, size_t count, unsigned int seconds);

/// Reads what is kept under a name into room for `count` bytes; gives how many there are, or
/// minus the errno.
long csecrets_find(const char *name, void *bytes, size_t count);

/// Forgets what is kept under a name; 0, or the errno.
int csecrets_forget(const char *name);

/// Keeps this process out of core dumps and out of the memory readers of others who are not
/// root; what fails is left as it is.
void csecrets_no_dumps(void);

/// Takes away whatever reports a crash with parts of the memory, such as the runtime's
/// backtracer: a crash ends the process without a word.
void csecrets_no_reports(void);

#endif
