#pragma once
#include "CRdKafka.h"

// The bytes of a key or a value; a length of -1 stands for null.
size_t mr_byte_count(int64_t length);

// Whether the message may carry headers; 0 is certain, and quick.
int mr_may_have_headers(const rd_kafka_message_t *message);
