// What the Glibc module cannot give Swift: calls it does not import, and objects whose address must not move.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// A number that is the calling thread's own while it lives. In C on purpose: glibc declares pthread_self constant, so
/// Swift would reuse an inlined value across a change of threads.
uint64_t millrace_thread_token(void);
/// The CPUs this process may run on (its affinity mask), at least 1.
int32_t millrace_usable_cpus(void);
/// Names the calling thread (15 bytes at most are kept), as `top -H` shows it.
void millrace_name_thread(const char *name);
/// Nanoseconds of the monotonic clock.
int64_t millrace_monotonic_nanoseconds(void);
/// Nanoseconds since 1970 of the wall clock.
int64_t millrace_wall_nanoseconds(void);
/// Resident memory of this process in bytes, 0 when it cannot be read.
int64_t millrace_resident_bytes(void);
/// Nanoseconds since this process started, by the kernel's own record; 0 when it cannot be read.
int64_t millrace_process_age_nanoseconds(void);

/// Lets malloc keep what is freed and takes blocks under 16 MiB from it too: fetched responses are megabytes that come and go,
/// and getting their pages anew costs a tenth of the service's CPU. On one CPU, where threads do not call malloc at the same time,
/// all of them share one heap, which keeps up to `bytes` (32 MiB at least): what one has freed serves the others. Elsewhere
/// threads have heaps of their own that keep up to 32 MiB each; with one heap two workers lose a third of their rate. What the
/// environment says (MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_, GLIBC_TUNABLES) is left alone. To
/// be called before other threads are started. True when all threads share one heap.
bool millrace_keep_freed_memory(int64_t bytes);

/// Grows the calling thread's heap by taking `bytes` from it, or fewer when the heaps of all threads hold `heaps_hold` before, and
/// giving them back: their pages are in memory from now on.
void millrace_grow_heap(int64_t bytes, int64_t heaps_hold);

/// A bell: rung by any thread any number of times, heard once by the thread that waits.
typedef struct millrace_doorbell millrace_doorbell;
/// A new bell that has not been rung; NULL without memory.
millrace_doorbell *millrace_doorbell_new(void);
/// Frees the bell; nobody may ring it or wait for it any more.
void millrace_doorbell_free(millrace_doorbell *bell);
/// Rings; does not wait.
void millrace_doorbell_ring(millrace_doorbell *bell);
/// Waits until it was rung since the last wait, or `timeout_ns` are over; true when it was rung.
bool millrace_doorbell_wait(millrace_doorbell *bell, int64_t timeout_ns);
