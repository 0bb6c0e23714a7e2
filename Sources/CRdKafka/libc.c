#define _GNU_SOURCE
#include "libc.h"

#include <dlfcn.h>

void *mr_libc_function(const char *name) { return dlsym(RTLD_NEXT, name); }
