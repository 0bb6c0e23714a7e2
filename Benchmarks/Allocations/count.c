// Counts allocations by who made them. Preloaded into `parts` and into `millrace run`; gcc, glibc.
//
// An allocation counts as ours when it happens on a thread that librdkafka did not start and its caller is not librdkafka
// or a library that only librdkafka uses here. What librdkafka allocates inside our calls into it has its own count; so do
// its threads. The caller is the return address of malloc, so no stack is walked: Swift's and C++'s allocators are callers
// in their own libraries, hence ours. Only where libc allocates for somebody (strdup) are the next frames looked at.
//
// With `millrace run`, events are the messages given back to librdkafka. After MILLRACE_BENCH_WARMUP of them (100,000) the
// next MILLRACE_BENCH_EVENTS (1,000,000) are counted and the result goes to standard error as one JSON line.
// MILLRACE_BENCH_PLANT=1 allocates once an event, to see that it is seen; MILLRACE_BENCH_TRACE=1 prints where ours are made.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

enum { ranges_max = 64 };
enum { ours, in_calls, on_threads, kinds };

static struct { uintptr_t start, end; } client[ranges_max];  // where librdkafka and what it alone uses are mapped
static int client_count;
static uintptr_t libc_start, libc_end;
static _Atomic uint64_t counts[kinds];
static _Atomic uint64_t events;
static uint64_t at_start[kinds];
static uint64_t warmup = 100000, measured = 1000000;
static int plants;
static _Thread_local int is_foreign;

enum { traces_max = 512, frames_max = 14 };
static struct { void *frames[frames_max]; int depth; uint64_t count; } traces[traces_max];
static int trace_count, tracing, wants_traces;
static pthread_mutex_t trace_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int in_trace;

static void trace(void) {
    if (in_trace) return;  // the unwinder may allocate itself
    in_trace = 1;
    void *frames[frames_max];
    int depth = backtrace(frames, frames_max), i;
    pthread_mutex_lock(&trace_lock);
    for (i = 0; i < trace_count; i++)
        if (traces[i].depth == depth && !memcmp(traces[i].frames, frames, depth * sizeof *frames)) break;
    if (i == trace_count && trace_count < traces_max) {
        memcpy(traces[i].frames, frames, depth * sizeof *frames);
        traces[i].depth = depth;
        trace_count++;
    }
    if (i < trace_count) traces[i].count++;
    pthread_mutex_unlock(&trace_lock);
    in_trace = 0;
}

static void print_traces(void) {
    in_trace = 1;
    for (int i = 0; i < trace_count; i++) {
        if (traces[i].count < 20) continue;
        dprintf(2, "%llu allocations at\n", (unsigned long long)traces[i].count);
        for (int f = 2; f < traces[i].depth; f++) {
            Dl_info info;
            if (!dladdr(traces[i].frames[f], &info)) continue;
            // What addr2line and llvm-symbolizer take.
            dprintf(2, "    %s 0x%lx\n", info.dli_fname, (long)((char *)traces[i].frames[f] - (char *)info.dli_fbase));
        }
    }
    in_trace = 0;
}

static int is_client(const void *address) {
    for (int i = 0; i < client_count; i++)
        if ((uintptr_t)address >= client[i].start && (uintptr_t)address < client[i].end) return 1;
    return 0;
}

static int remember(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    static const char *names[] = {"librdkafka", "libssl", "libcrypto", "liblz4", "libzstd", "libsasl2"};
    int wanted = 0, is_libc = strstr(info->dlpi_name, "/libc.so") != NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) wanted |= strstr(info->dlpi_name, names[i]) != NULL;
    for (int i = 0; is_libc && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
        libc_start = info->dlpi_addr + header->p_vaddr;
        libc_end = libc_start + header->p_memsz;
    }
    for (int i = 0; wanted && i < info->dlpi_phnum && client_count < ranges_max; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
        client[client_count].start = info->dlpi_addr + header->p_vaddr;
        client[client_count].end = client[client_count].start + header->p_memsz;
        client_count++;
    }
    return 0;
}

static uint64_t number(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void start(void) {
    dl_iterate_phdr(remember, NULL);
    warmup = number("MILLRACE_BENCH_WARMUP", warmup);
    measured = number("MILLRACE_BENCH_EVENTS", measured);
    plants = number("MILLRACE_BENCH_PLANT", 0) != 0;
    wants_traces = number("MILLRACE_BENCH_TRACE", 0) != 0;
}

// Whether libc allocates for librdkafka: it is rare, so a walk up a few frames costs nothing that matters.
static int is_for_client(const void *caller) {
    if ((uintptr_t)caller < libc_start || (uintptr_t)caller >= libc_end || in_trace) return 0;
    in_trace = 1;
    void *frames[6];
    int depth = backtrace(frames, 6), found = 0;
    for (int i = 2; i < depth; i++) found |= is_client(frames[i]);
    in_trace = 0;
    return found;
}

static inline void count(const void *caller) {
    int kind = is_foreign ? on_threads : is_client(caller) || is_for_client(caller) ? in_calls : ours;
    atomic_fetch_add_explicit(&counts[kind], 1, memory_order_relaxed);
    if (tracing && kind == ours) trace();
}

void *malloc(size_t size) {
    count(__builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(__builtin_return_address(0));
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count(__builtin_return_address(0));
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

/// For `parts`: how many allocations were ours so far.
uint64_t millrace_bench_allocations(void) { return atomic_load(&counts[ours]); }

struct thread {
    void *(*posix)(void *);
    thrd_start_t c11;
    void *argument;
};

static void *run_posix(void *opaque) {
    struct thread thread = *(struct thread *)opaque;
    free(opaque);
    is_foreign = 1;
    return thread.posix(thread.argument);
}

static int run_c11(void *opaque) {
    struct thread thread = *(struct thread *)opaque;
    free(opaque);
    is_foreign = 1;
    return thread.c11(thread.argument);
}

int pthread_create(pthread_t *identifier, const pthread_attr_t *attributes, void *(*function)(void *), void *argument) {
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = dlsym(RTLD_NEXT, "pthread_create");
    if (!is_client(__builtin_return_address(0))) return real(identifier, attributes, function, argument);
    struct thread *thread = malloc(sizeof *thread);
    if (!thread) return EAGAIN;
    *thread = (struct thread){.posix = function, .argument = argument};
    return real(identifier, attributes, run_posix, thread);
}

int thrd_create(thrd_t *identifier, thrd_start_t function, void *argument) {
    int (*real)(thrd_t *, thrd_start_t, void *) = dlsym(RTLD_NEXT, "thrd_create");
    if (!is_client(__builtin_return_address(0))) return real(identifier, function, argument);
    struct thread *thread = malloc(sizeof *thread);
    if (!thread) return thrd_nomem;
    *thread = (struct thread){.c11 = function, .argument = argument};
    return real(identifier, run_c11, thread);
}

static void report(void) {
    char line[512];
    uint64_t made[kinds];
    for (int i = 0; i < kinds; i++) made[i] = atomic_load(&counts[i]) - at_start[i];
    int length = snprintf(
        line, sizeof line,
        "{\"events\":%llu,\"allocations\":%llu,\"allocations_per_event\":%.6f,\"in_librdkafka_calls_per_event\":%.3f,"
        "\"on_librdkafka_threads_per_event\":%.3f}\n",
        (unsigned long long)measured, (unsigned long long)made[ours], (double)made[ours] / measured,
        (double)made[in_calls] / measured, (double)made[on_threads] / measured);
    if (write(2, line, length) != length) _exit(1);
}

/// Every message that was consumed comes by here once.
void rd_kafka_message_destroy(void *message) {
    static void (*_Atomic real)(void *);
    void (*function)(void *) = atomic_load_explicit(&real, memory_order_relaxed);
    if (!function) {
        function = dlsym(RTLD_NEXT, "rd_kafka_message_destroy");
        atomic_store(&real, function);
    }
    if (plants) {
        void *volatile planted = malloc(24);
        free(planted);
    }
    uint64_t event = atomic_fetch_add(&events, 1) + 1;
    if (event == warmup) {
        for (int i = 0; i < kinds; i++) at_start[i] = atomic_load(&counts[i]);
        tracing = wants_traces;
    } else if (event == warmup + measured) {
        tracing = 0;
        report();
        print_traces();
    }
    function(message);
}
