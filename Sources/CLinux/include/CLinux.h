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

/// Has all threads share one heap if the process may use one CPU only, where they do not call malloc at the same time: what one
/// has freed serves the others. Elsewhere threads have heaps of their own; two workers with one heap lose three tenths of
/// their rate. MALLOC_ARENA_MAX and GLIBC_TUNABLES are left alone. Call it before other threads are started: it does not take
/// their heaps from them.
void millrace_share_heap_on_one_cpu(void);
/// Whether it made all threads share one heap, or found that the environment does.
bool millrace_shares_one_heap(void);

/// What the free end of each heap keeps at least, in bytes.
enum { MILLRACE_KEPT_BYTES = 32 << 20 };
/// Lets malloc keep what is freed: at the end of a heap up to 32 MiB, or, if one heap is for all, a quarter more than `bytes` (2 GiB
/// at most), the budget of what comes and goes. Blocks under 16 MiB are taken from heaps too: fetched responses are megabytes
/// that come and go, and getting their pages anew costs a tenth of the service's CPU. MALLOC_MMAP_THRESHOLD_,
/// MALLOC_TRIM_THRESHOLD_ and GLIBC_TUNABLES are left alone, and so is another malloc than glibc's; false then.
bool millrace_keep_freed_memory(int64_t bytes);
/// What is taken from the heaps of all threads, in bytes.
int64_t millrace_heap_bytes_in_use(void);
/// Makes the calling thread's heap larger, its pages resident: takes `bytes` from it and gives them back. Stops where the heaps of
/// all threads have `enough_heap_bytes`, free or in use (to 1 MiB); INT64_MAX for no such end.
void millrace_grow_heap(int64_t bytes, int64_t enough_heap_bytes);

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
