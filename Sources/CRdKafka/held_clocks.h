#pragma once
#include <stdint.h>

// From here to `mr_release_wall_clock` the wall clock of the calling thread stands at `milliseconds` since 1970, for
// gettimeofday alone.
void mr_hold_wall_clock(int64_t milliseconds);

// Ends it; whether the clock was read meanwhile.
int mr_release_wall_clock(void);

// From here to the next call the monotonic clock of the calling thread is `nanoseconds` slow; 0 sets it right.
void mr_set_back_monotonic_clock(int64_t nanoseconds);
