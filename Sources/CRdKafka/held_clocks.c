// Clocks that say what messages should have as their times, while librdkafka takes messages over.
//
// rd_kafka_produce_batch takes no timestamps: it reads gettimeofday once and stamps all its messages with that. And a message
// waits for others until it is `linger.ms` old by CLOCK_MONOTONIC, all messages of a client alike: one that should leave at
// once has to be that old already. So this program's gettimeofday and clock_gettime stand before libc's (the first definition
// in the order of loading counts, and a program comes before all libraries, preloaded ones too), and answer otherwise between
// the calls below, on the calling thread only. Everywhere else, and on every other thread, they are those of the next library.
// Where librdkafka comes to ask other clocks, `mr_release_wall_clock` says that nobody asked, and messages linger.
#define _GNU_SOURCE
#include "held_clocks.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int (*time_function)(struct timeval *, void *);
typedef int (*clock_function)(clockid_t, struct timespec *);

static _Thread_local struct {
    int64_t milliseconds;
    int is_held;
    int was_read;
    int64_t behind_nanoseconds;
} held;

static int system_time(struct timeval *time, void *zone) { return (int)syscall(SYS_gettimeofday, time, zone); }
static int system_clock(clockid_t clock, struct timespec *time) { return (int)syscall(SYS_clock_gettime, clock, time); }

static time_function libc_time = system_time;
static clock_function libc_clock = system_clock;

// Before the program has a second thread. The system calls stand in until then, and where there is none behind ours.
__attribute__((constructor)) static void find_libc_clocks(void) {
    void *time = dlsym(RTLD_NEXT, "gettimeofday");
    if (time) libc_time = (time_function)(uintptr_t)time;
    void *clock = dlsym(RTLD_NEXT, "clock_gettime");
    if (clock) libc_clock = (clock_function)(uintptr_t)clock;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    if (!held.is_held) return libc_time(time, zone);
    held.was_read = 1;
    time->tv_sec = held.milliseconds / 1000;
    time->tv_usec = held.milliseconds % 1000 * 1000;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = libc_clock(clock, time);
    if (held.behind_nanoseconds == 0 || clock != CLOCK_MONOTONIC || result != 0) return result;
    int64_t now = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
    // A machine may have started later than that.
    int64_t then = now > held.behind_nanoseconds ? now - held.behind_nanoseconds : 0;
    time->tv_sec = then / 1000000000;
    time->tv_nsec = then % 1000000000;
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

void mr_set_back_monotonic_clock(int64_t nanoseconds) { held.behind_nanoseconds = nanoseconds; }
