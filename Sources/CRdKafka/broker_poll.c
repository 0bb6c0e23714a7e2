// A pause for broker threads that ask again and again whether they may send.
//
// An idempotent producer has one request of each partition on its way. While messages that have waited for their linger stand behind
// it, librdkafka's broker thread polls its socket with a timeout of 0, finds nothing, and asks again, up to 140,000 times a
// second until the answer comes. On a busy machine that core is what the answer waits for.
// So this program's poll stands before libc's (the first definition in the order of loading counts): a broker thread whose polls
// with a timeout of 0 found nothing twice in a row waits, 1 ms at most. An answer, a new operation or a full batch of another
// partition end the wait, as its socket and its wake-up pipe are what it polls. What may be 1 ms late is another partition's
// linger, and an operation that is left over from a pile of them, for which the pipe was read before.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef int (*poll_function)(struct pollfd *, nfds_t, int);
typedef int (*checked_poll_function)(struct pollfd *, nfds_t, int, size_t);

enum { PAUSE_MS = 1 };

static _Thread_local struct {
    enum { UNKNOWN, BROKER, OTHER } kind;
    unsigned empty_polls;
} thread;

static int system_poll(struct pollfd *files, nfds_t count, int timeout) {
    struct timespec limit = {timeout / 1000, timeout % 1000 * 1000000L};
    return (int)syscall(SYS_ppoll, files, count, timeout < 0 ? NULL : &limit, NULL, 0);
}

static poll_function libc_poll = system_poll;
static checked_poll_function libc_checked_poll;

// Before the program has a second thread. The system call stands in until then, and where there is none behind ours.
__attribute__((constructor)) static void find_libc_polls(void) {
    void *found = dlsym(RTLD_NEXT, "poll");
    if (found) libc_poll = (poll_function)(uintptr_t)found;
    libc_checked_poll = (checked_poll_function)(uintptr_t)dlsym(RTLD_NEXT, "__poll_chk");
}

static int is_broker_thread(void) {
    if (thread.kind == UNKNOWN) {
        char name[16] = "";
        prctl(PR_GET_NAME, name);
        thread.kind = strncmp(name, "rdk:broker", 10) == 0 ? BROKER : OTHER;
    }
    return thread.kind == BROKER;
}

// What a poll that found `ready` files comes to.
static int paused(int ready, struct pollfd *files, nfds_t count, int timeout) {
    if (timeout != 0 || ready != 0) {
        thread.empty_polls = 0;
        return ready;
    }
    if (!is_broker_thread()) return ready;
    if (thread.empty_polls < 2) {
        thread.empty_polls++;
        return ready;
    }
    ready = libc_poll(files, count, PAUSE_MS);
    if (ready != 0) thread.empty_polls = 0;
    return ready;
}

int poll(struct pollfd *files, nfds_t count, int timeout) {
    return paused(libc_poll(files, count, timeout), files, count, timeout);
}

// What poll is called in libraries that were compiled with checks, as Debian's is.
int __poll_chk(struct pollfd *files, nfds_t count, int timeout, size_t bytes) {
    int ready = libc_checked_poll ? libc_checked_poll(files, count, timeout, bytes) : libc_poll(files, count, timeout);
    return paused(ready, files, count, timeout);
}
