#define _GNU_SOURCE
#include "CLinux.h"
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

int32_t millrace_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

int32_t millrace_usable_cpus(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count;
}
