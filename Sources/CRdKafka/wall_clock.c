// A wall clock that says what a group of messages should have as their time.
//
// rd_kafka_produce_batch takes no timestamps: it reads gettimeofday once and stamps all its messages with that. This program's
// gettimeofday stands before libc's (the first definition in the order of loading counts) and, between the two calls below, on
// the calling thread only, answers with the time of the messages. Everywhere else, and on every other thread, it is libc's.
// Where the program's definition is not the first, or librdkafka comes to ask another clock, `mr_release_wall_clock` says
// that nobody asked.
#define _GNU_SOURCE
#include "wall_clock.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

typedef int (*time_function)(struct timeval *, void *);

static _Thread_local struct {
    int64_t milliseconds;
    int is_held;
    int was_read;
} held;

static int system_time(struct timeval *time, void *zone) { return (int)syscall(SYS_gettimeofday, time, zone); }

// libc's function; the system call where there is none behind ours, as in a static program.
static time_function libc_time(void) {
    static _Atomic(time_function) found;
    time_function function = atomic_load_explicit(&found, memory_order_relaxed);
    if (!function) {
        function = (time_function)(uintptr_t)dlsym(RTLD_NEXT, "gettimeofday");
        if (!function) function = system_time;
        atomic_store_explicit(&found, function, memory_order_relaxed);
    }
    return function;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    if (!held.is_held) return libc_time()(time, zone);
    held.was_read = 1;
    time->tv_sec = held.milliseconds / 1000;
    time->tv_usec = held.milliseconds % 1000 * 1000;
    return 0;
}

void mr_hold_wall_clock(int64_t milliseconds) {
    held.milliseconds = milliseconds;
    held.was_read = 0;
    held.is_held = 1;
}

int mr_release_wall_clock(void) {
    held.is_held = 0;
    return held.was_read;
}
