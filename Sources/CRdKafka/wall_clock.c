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

static time_function libc_time = system_time;

// Before the program has a second thread. The system call stands in until then, and where there is none behind ours.
__attribute__((constructor)) static void find_libc_time(void) {
    void *found = dlsym(RTLD_NEXT, "gettimeofday");
    if (found) libc_time = (time_function)(uintptr_t)found;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    if (!held.is_held) return libc_time(time, zone);
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
