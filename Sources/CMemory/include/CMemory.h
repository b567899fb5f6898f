// SPDX-License-Identifier: Apache-2.0
#ifndef CMEMORY_H
#define CMEMORY_H

/// Gives every buffer of so many bytes or more pages of its own, which go back to the system when
/// it is freed and are resident as far as they were touched. 1 where the C library has the
/// setting, else 0.
int cmemory_keep_apart(int bytes);

/// Gives the pages of freed memory back to the system. 1 where there were any, else 0.
int cmemory_give_back(void);

#endif
