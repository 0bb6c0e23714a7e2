// How malloc keeps its memory. All of it is about glibc's; another one that was preloaded, or a sanitizer's, is left alone.
#define _GNU_SOURCE
#include "CLinux.h"
#include <dlfcn.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static bool shares_one_heap;

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && *value;
}

/// Whether malloc is glibc's, and the environment says nothing of how it should work as a whole.
static bool is_ours_to_set(void) {
    const char *tunables = getenv("GLIBC_TUNABLES");
    if (tunables && strstr(tunables, "glibc.malloc.")) return false;
    void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (!libc) return false;
    bool is_glibc = dlsym(RTLD_DEFAULT, "malloc") == dlsym(libc, "malloc");
    dlclose(libc);
    return is_glibc;
}

void millrace_share_heap_on_one_cpu(void) {
    if (millrace_usable_cpus() > 1 || !is_ours_to_set()) return;
    if (is_set("MALLOC_ARENA_MAX"))
        shares_one_heap = atoi(getenv("MALLOC_ARENA_MAX")) == 1;
    else
        shares_one_heap = mallopt(M_ARENA_MAX, 1) == 1;
}

bool millrace_shares_one_heap(void) { return shares_one_heap; }

bool millrace_keep_freed_memory(int64_t bytes) {
    if (!is_ours_to_set()) return false;
    int64_t kept = shares_one_heap && bytes > MILLRACE_KEPT_BYTES ? bytes + bytes / 4 : MILLRACE_KEPT_BYTES;
    bool sets_mapping = !is_set("MALLOC_MMAP_THRESHOLD_"), sets_trimming = !is_set("MALLOC_TRIM_THRESHOLD_");
    if (sets_mapping) mallopt(M_MMAP_THRESHOLD, 16 << 20);
    if (sets_trimming) mallopt(M_TRIM_THRESHOLD, kept < INT_MAX ? (int)kept : INT_MAX);
    return sets_mapping && sets_trimming;
}

int64_t millrace_heap_bytes_in_use(void) { return (int64_t)mallinfo2().uordblks; }

void millrace_grow_heap(int64_t bytes, int64_t enough_heap_bytes) {
    const int64_t block_bytes = 1 << 20, least_bytes = 4096;
    void **last = NULL;
    while (bytes >= least_bytes) {
        // The sum over all heaps locks each of them.
        if (enough_heap_bytes != INT64_MAX && (int64_t)mallinfo2().arena >= enough_heap_bytes) break;
        int64_t size = bytes < block_bytes ? bytes : block_bytes;
        volatile char *block = malloc((size_t)size);
        if (!block) break;
        for (int64_t page = 0; page < size; page += 4096) block[page] = 1;
        void **link = (void **)(uintptr_t)block;
        *link = last;
        last = link;
        bytes -= size;
    }
    while (last) {
        void **before = *last;
        free(last);
        last = before;
    }
}
