// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CSecrets.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#ifdef __linux__
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static long search(const char *name) {
    return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name, 0);
}

int csecrets_keep(const char *name, const void *bytes, size_t count, unsigned int seconds) {
    // By its number: where the login made no keyring this is the user's own, while adding to "the
    // session's" would make one that ends with this process.
    long ring = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
    if (ring < 0) return errno;
    long key = syscall(SYS_add_key, "user", name, bytes, count, ring);
    if (key < 0) return errno;
    if (syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, seconds) == 0) return 0;
    int why = errno;
    syscall(SYS_keyctl, KEYCTL_UNLINK, key, ring);
    return why;
}

long csecrets_find(const char *name, void *bytes, size_t count) {
    long key = search(name);
    if (key < 0) return -errno;
    long found = syscall(SYS_keyctl, KEYCTL_READ, key, bytes, count);
    return found < 0 ? -errno : found;
}

int csecrets_forget(const char *name) {
    long key = search(name);
    if (key < 0) return errno;
    // Who read it a moment ago may still hold it open: its bytes go at once all the same.
    syscall(SYS_keyctl, KEYCTL_REVOKE, key);
    return syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_SESSION_KEYRING) == 0 ? 0 : errno;
}
#else
int csecrets_keep(const char *name, const void *bytes, size_t count, unsigned int seconds) {
    (void)name, (void)bytes, (void)count, (void)seconds;
    return ENOSYS;
}

long csecrets_find(const char *name, void *bytes, size_t count) {
    (void)name, (void)bytes, (void)count;
    return -ENOSYS;
}

int csecrets_forget(const char *name) {
    (void)name;
    return ENOSYS;
}
#endif

void csecrets_no_dumps(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    // A core that is piped to a program does not heed the limit; this does.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void csecrets_no_reports(void) {
    static const int crashes[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        struct sigaction found;
        if (sigaction(crashes[i], NULL, &found) != 0) continue;
        if (found.sa_handler != SIG_IGN) signal(crashes[i], SIG_DFL);
    }
}
