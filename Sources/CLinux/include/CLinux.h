// What the Glibc module cannot give Swift: the calls it does not import.
#pragma once
#include <stdint.h>

/// The calling thread's kernel id (`gettid`), for naming and CPU accounting.
int32_t millrace_thread_id(void);
/// The CPUs this process may run on (its affinity mask), at least 1.
int32_t millrace_usable_cpus(void);
