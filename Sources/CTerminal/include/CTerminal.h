// SPDX-License-Identifier: Apache-2.0
#ifndef CTERMINAL_H
#define CTERMINAL_H

/// How a terminal is set while this program uses it.
enum {
    /// As it was found.
    CTERMINAL_FOUND = 0,
    /// Keys come one by one, without echo and without signals.
    CTERMINAL_RAW = 1,
    /// Lines come whole, without echo, with signals.
    CTERMINAL_SECRET = 2,
};

/// Gives the columns of one scalar: 0, 1 or 2, and -1 for what the C library does not know.
/// It does not depend on the locale that the process has set.
int cterminal_width(unsigned int scalar);

/// Sets the terminal and remembers how it was found; 0, or the errno. With `paste`, it also asks
/// for bracketed paste. What was found comes back on leaving, on exit and when a signal ends or
/// stops the process.
int cterminal_enter(int input, int output, int mode, int paste);

/// Sets the terminal back as it was found. Does nothing when nothing was set.
void cterminal_leave(void);

/// Starts to write one byte for each signal into a pipe and gives its reading end, or -1
/// while it is read already:
/// 'W' size changed, 'C' continued after a stop, 'I' interrupt, 'T' end or hang-up.
/// The first interrupt or end asks; a second one ends the process at once.
int cterminal_listen(void);

/// Stops writing signals into the pipe.
void cterminal_unlisten(void);

/// Stops the process as Ctrl-Z would, with the terminal as it was found.
void cterminal_stop(void);

/// Reads the size of a terminal; 0, or -1 when it has none.
int cterminal_size(int descriptor, int *columns, int *rows);

#endif
