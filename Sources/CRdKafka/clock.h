#pragma once
#include "CRdKafka.h"

#include <time.h>

// Between the two the calling thread's monotonic clock stands still, if its last `mr_share_clock` was for this message too.
void mr_stop_clock(void);
void mr_start_clock(void);
