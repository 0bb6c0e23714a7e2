#pragma once

// libc's function of this name, where this program has one of its own before it; NULL in a static program.
void *mr_libc_function(const char *name);
