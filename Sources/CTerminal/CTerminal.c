// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// MARK: widths

static locale_t utf8;
static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;

static void find_utf8(void) {
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!utf8) utf8 = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
}

int cterminal_width(unsigned int scalar) {
    pthread_once(&utf8_once, find_utf8);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    int width = wcwidth((wchar_t)scalar);
    if (before) uselocale(before);
    return width;
}

// MARK: the one terminal of this process

static struct termios found, wanted;
static volatile sig_atomic_t mode_now = CTERMINAL_FOUND;
static volatile sig_atomic_t paste_now = 0;
static volatile sig_atomic_t input_fd = -1, output_fd = -1;
static volatile sig_atomic_t tell_fd = -1;
static volatile sig_atomic_t listening = 0, asked = 0;
static int hear_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // Never taken by a handler.
static int installed = 0;

static const int watched[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGINT,  SIGTERM, SIGHUP, SIGQUIT,
                              SIGABRT,  SIGILL,  SIGTRAP, SIGSEGV, SIGBUS,  SIGFPE};
enum { watched_count = sizeof watched / sizeof watched[0], crashes_from = 7 };
static struct sigaction previous[watched_count];

static void say(const char *bytes, size_t count) {
    ssize_t done = write(output_fd, bytes, count);
    (void)done;
}

static void apply_wanted(void) {
    if (tcgetpgrp(input_fd) != getpgrp()) return;  // In the background: the shell has it.
    tcsetattr(input_fd, TCSADRAIN, &wanted);
    if (paste_now) say("\x1b[?2004h", 8);
}

static void apply_found(void) {
    if (mode_now == CTERMINAL_FOUND) return;
    if (tcgetpgrp(input_fd) != getpgrp() && tcgetpgrp(input_fd) > 0) return;
    if (paste_now) say("\x1b[?2004l", 8);
    tcsetattr(input_fd, TCSANOW, &found);
}

static void tell(char what) {
    if (!listening) return;
    ssize_t done = write(tell_fd, &what, 1);
    (void)done;
}

static void end_by(int number) {
    apply_found();
    signal(number, SIG_DFL);
    raise(number);  // Comes when the handler returns and the signal is no longer blocked.
}

static void on_signal(int number);

// Leaves a crash to whoever handled it before, such as the runtime's backtracer: what failed
// fails again when this returns.
static void on_crash(int number, siginfo_t *info, void *context) {
    (void)context;
    apply_found();
    for (int i = crashes_from; i < watched_count; i++) {
        if (watched[i] == number) sigaction(number, &previous[i], NULL);
    }
    if (info->si_code <= 0) raise(number);  // Sent by a call, as abort() does.
}

static void handle(int number) {
    struct sigaction action = {0};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (int i = crashes_from; i < watched_count; i++) {
        if (watched[i] != number) continue;
        action.sa_sigaction = on_crash;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    }
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void stop_here(void) {
    apply_found();
    signal(SIGTSTP, SIG_DFL);
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, &before);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &before, NULL);  // Here again after SIGCONT.
    handle(SIGTSTP);
}

static void on_signal(int number) {
    int kept = errno;
    switch (number) {
    case SIGWINCH: tell('W'); break;
    case SIGCONT:
        if (mode_now != CTERMINAL_FOUND) apply_wanted();
        tell('C');
        break;
    case SIGTSTP: stop_here(); break;
    case SIGINT:
    case SIGTERM:
    case SIGHUP:
        if (listening && !asked) {
            asked = 1;
            tell(number == SIGINT ? 'I' : 'T');
        } else {
            end_by(number);
        }
        break;
    default: end_by(number); break;
    }
    errno = kept;
}

static void install(void) {
    if (installed) return;
    installed = 1;
    static int once = 0;
    if (!once) {
        once = 1;
        atexit(cterminal_leave);
    }
    for (int i = 0; i < watched_count; i++) {
        sigaction(watched[i], NULL, &previous[i]);
        if (previous[i].sa_handler != SIG_IGN) handle(watched[i]);
    }
}

static void uninstall(void) {
    if (!installed || mode_now != CTERMINAL_FOUND || listening) return;
    installed = 0;
    for (int i = 0; i < watched_count; i++) sigaction(watched[i], &previous[i], NULL);
}

// Holds signals off this thread while the state changes.
static sigset_t hold(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_mutex_lock(&lock);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    return before;
}

static void let_go(const sigset_t *before) {
    pthread_sigmask(SIG_SETMASK, before, NULL);
    pthread_mutex_unlock(&lock);
}

// The pipe stays for the life of the process: a handler on another thread may just be writing.
static int open_pipe(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    hear_fd = ends[0];
    tell_fd = ends[1];
    return 0;
}

static int enter(int input, int output, int mode, int paste) {
    if (mode_now == CTERMINAL_FOUND) {
        if (tcgetattr(input, &found) != 0) return errno;
    } else if (input != input_fd) {
        return EBUSY;
    }
    struct termios next = found;
    if (mode == CTERMINAL_RAW) {
        next.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
        next.c_cflag |= CS8;
        next.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
        next.c_cc[VMIN] = 1;
        next.c_cc[VTIME] = 0;
    } else if (mode == CTERMINAL_SECRET) {
        next.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
        next.c_lflag |= ICANON | ISIG;
        next.c_iflag |= ICRNL;
    }
    // A signal between these lines must find a whole set of values.
    wanted = next;
    input_fd = input;
    output_fd = output;
    paste_now = paste;
    mode_now = mode;
    install();
    if (tcsetattr(input, mode == CTERMINAL_SECRET ? TCSAFLUSH : TCSADRAIN, &next) != 0) {
        int why = errno;
        mode_now = CTERMINAL_FOUND;
        uninstall();
        return why;
    }
    if (paste) say("\x1b[?2004h", 8);
    return 0;
}

int cterminal_enter(int input, int output, int mode, int paste) {
    sigset_t before = hold();
    int why = enter(input, output, mode, paste);
    let_go(&before);
    return why;
}

void cterminal_leave(void) {
    sigset_t before = hold();
    apply_found();
    mode_now = CTERMINAL_FOUND;
    paste_now = 0;
    uninstall();
    let_go(&before);
}

int cterminal_listen(void) {
    pthread_mutex_lock(&lock);
    int end = -1;
    if (!listening && (hear_fd >= 0 || open_pipe() == 0)) {
        char old[64];
        while (read(hear_fd, old, sizeof old) > 0) continue;
        asked = 0;
        listening = 1;
        install();
        end = hear_fd;
    }
    pthread_mutex_unlock(&lock);
    return end;
}

void cterminal_unlisten(void) {
    pthread_mutex_lock(&lock);
    listening = 0;
    uninstall();
    pthread_mutex_unlock(&lock);
}

void cterminal_stop(void) {
    if (installed) {
        kill(getpid(), SIGTSTP);
    } else {
        raise(SIGTSTP);
    }
}

int cterminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
