#define _GNU_SOURCE
#include "CLinux.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint64_t millrace_thread_token(void) { return (uint64_t)pthread_self(); }

int32_t millrace_usable_cpus(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count;
}

void millrace_name_thread(const char *name) {
    char kept[16];
    strncpy(kept, name, sizeof kept - 1);
    kept[sizeof kept - 1] = 0;
    pthread_setname_np(pthread_self(), kept);
}

static int64_t now_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t millrace_monotonic_nanoseconds(void) { return now_of(CLOCK_MONOTONIC); }
int64_t millrace_wall_nanoseconds(void) { return now_of(CLOCK_REALTIME); }

int64_t millrace_resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    long long total = 0, resident = 0;
    int read = fscanf(file, "%lld %lld", &total, &resident);
    fclose(file);
    return read == 2 ? resident * (int64_t)sysconf(_SC_PAGESIZE) : 0;
}

int64_t millrace_process_age_nanoseconds(void) {
    FILE *file = fopen("/proc/self/stat", "r");
    if (!file) return 0;
    char line[1024];
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    char *fields = strrchr(line, ')');  // the command name may hold anything, parentheses too
    if (!fields) return 0;
    unsigned long long started = 0;  // field 22, in clock ticks since boot; `fields` stands behind field 2
    if (sscanf(fields + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &started) != 1) return 0;
    int64_t started_ns = (int64_t)(started * (1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK)));
    int64_t age = now_of(CLOCK_BOOTTIME) - started_ns;
    return age < 0 ? 0 : age;
}

// A futex, no mutex with a condition: librdkafka's threads ring under a lock of theirs, and on a shared core the woken thread
// runs at once. With a mutex it would wait for that one next, before it comes to wait for librdkafka's.
struct millrace_doorbell {
    atomic_int state;
};

enum { SILENT, RUNG, AWAITED };

millrace_doorbell *millrace_doorbell_new(void) {
    millrace_doorbell *bell = malloc(sizeof *bell);
    if (!bell) return NULL;
    atomic_init(&bell->state, SILENT);
    return bell;
}

void millrace_doorbell_free(millrace_doorbell *bell) { free(bell); }

void millrace_doorbell_ring(millrace_doorbell *bell) {
    if (atomic_exchange(&bell->state, RUNG) == AWAITED) syscall(SYS_futex, &bell->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

bool millrace_doorbell_wait(millrace_doorbell *bell, int64_t timeout_ns) {
    int64_t deadline = timeout_ns > 0 ? now_of(CLOCK_MONOTONIC) + timeout_ns : 0;
    int expected = SILENT;
    if (timeout_ns > 0 && atomic_compare_exchange_strong(&bell->state, &expected, AWAITED)) {
        int64_t left = timeout_ns;
        do {
            struct timespec limit = {left / 1000000000, left % 1000000000};
            syscall(SYS_futex, &bell->state, FUTEX_WAIT_PRIVATE, AWAITED, &limit, NULL, 0);
            // Signals and stray wake-ups end the call too.
        } while (atomic_load(&bell->state) == AWAITED && (left = deadline - now_of(CLOCK_MONOTONIC)) > 0);
    }
    return atomic_exchange(&bell->state, SILENT) == RUNG;
}
