#pragma once
#include "CRdKafka.h"

// The bytes of a key or a value; a length of -1 stands for null.
size_t mr_byte_count(int64_t length);

// Whether the message may carry headers; 0 is certain, and quick.
int mr_may_have_headers(const rd_kafka_message_t *message);

// Produces one message with a copy of its key and value. A length of -1 stands for null. `headers_of`, if not NULL, gives
// all its headers, in order. `timestamp` in milliseconds, 0: now.
// rd_kafka_producev is variadic, and an array for rd_kafka_produceva would be built for every message.
rd_kafka_resp_err_t mr_produce_alone(rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition, int64_t timestamp,
                                     const void *key, int64_t key_length, const void *value, int64_t value_length,
                                     rd_kafka_message_t *headers_of, uint64_t token);

// The same with a header list of the caller's, which is always consumed, also on failure.
rd_kafka_resp_err_t mr_produce_alone_with_headers(rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition,
                                                  int64_t timestamp, const void *key, int64_t key_length,
                                                  const void *value, int64_t value_length,
                                                  rd_kafka_headers_t *headers, uint64_t token);
