#pragma once
#include "CRdKafka.h"

// Adds a run behind the others; 0 when there is no memory for it.
int mr_append_run(mr_delivery_log *log, mr_delivery_run run);

// Adds one report, to the last run where it joins that.
void mr_append_report(mr_delivery_log *log, uint64_t token, int32_t error);
