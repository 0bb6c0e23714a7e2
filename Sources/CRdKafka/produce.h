#pragma once
#include "CRdKafka.h"

// The bytes as librdkafka takes them, which tells null from empty by the pointer alone. A length of -1 stands for null.
void *mr_bytes(const void *start, int64_t length);

// Their count.
size_t mr_byte_count(int64_t length);

// Whether the message may carry headers; 0 is certain, and quick.
int mr_may_have_headers(const rd_kafka_message_t *message);
