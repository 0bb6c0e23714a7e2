// One reading of the clock for many messages.
//
// rd_kafka_producev reads the monotonic clock twice for every message, for timeouts that are counted in milliseconds: 46 ns of
// about 1,000 that an event costs the service. librdkafka has no call that takes the time, so this program's clock_gettime
// stands before libc's (the first definition in the order of loading counts) and, inside mr_produce on the calling thread
// only, answers with a time read for a few messages at once. Everywhere else, and on every other thread, it is
// libc's. Where the program's definition is not the first, nothing is lost but the time.
#define _GNU_SOURCE
#include "clock.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef int (*clock_function)(clockid_t, struct timespec *);

static _Thread_local struct {
    struct timespec time;
    unsigned messages_left;
    int stands;
} reading;

static int system_clock(clockid_t clock, struct timespec *time) {
    return (int)syscall(SYS_clock_gettime, clock, time);
}

// libc's function; the system call where there is none behind ours, as in a static program.
static clock_function libc_clock(void) {
    static _Atomic(clock_function) found;
    clock_function function = atomic_load_explicit(&found, memory_order_relaxed);
    if (!function) {
        function = (clock_function)(uintptr_t)dlsym(RTLD_NEXT, "clock_gettime");
        if (!function) function = system_clock;
        atomic_store_explicit(&found, function, memory_order_relaxed);
    }
    return function;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (reading.stands && clock == CLOCK_MONOTONIC) {
        *time = reading.time;
        return 0;
    }
    return libc_clock()(clock, time);
}

void mr_share_clock(unsigned messages) {
    libc_clock()(CLOCK_MONOTONIC, &reading.time);
    reading.messages_left = messages;
}

void mr_end_clock_sharing(void) { reading.messages_left = 0; }

void mr_stop_clock(void) {
    if (reading.messages_left == 0) return;
    reading.messages_left--;
    reading.stands = 1;
}

void mr_start_clock(void) { reading.stands = 0; }
