#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stddef.h>
#include <stdint.h>

// Thin shims over librdkafka: each says why Swift does not make the call itself.

// The table that rd_kafka_conf_properties_show prints, as text for free(); NULL when out of memory.
// Swift has no FILE * of its own to give.
char *mr_properties_text(void);

// A copy of the message's headers, or an empty list.
rd_kafka_headers_t *mr_copy_headers(rd_kafka_message_t *message);

// Delivery reports whose tokens follow each other (+1) and whose result is the same.
typedef struct mr_delivery_run {
    uint64_t first_token;
    uint32_t count;
    int32_t error;
} mr_delivery_run;

// Runs in the order in which their reports were served; grows as it must. `runs` is for free().
typedef struct mr_delivery_log {
    mr_delivery_run *runs;
    size_t count;
    size_t capacity;
} mr_delivery_log;

// What one producing thread hands to a client: single messages, and such as wait to be handed over together (batch.c).
// Their order is that of the calls. One thread at a time uses it.
typedef struct mr_batch mr_batch;

// An empty one for messages of `client`, for `mr_free_batch`; NULL when there is no memory.
mr_batch *mr_new_batch(rd_kafka_t *client);

// Frees it with what it holds.
void mr_free_batch(mr_batch *batch);

// Whether the messages that follow leave at once or wait up to `linger.ms` for others (the default). None overtakes what waits
// before it for the same partition.
void mr_let_leave_at_once(mr_batch *batch, int at_once);

// Produces one message with a copy of its key and value. A length of -1 stands for null. `headers_of`, if not NULL, gives
// all its headers, in order. `timestamp` in milliseconds, 0: now. With `__QUEUE_FULL` nothing happened to this message.
rd_kafka_resp_err_t mr_produce(mr_batch *batch, rd_kafka_topic_t *topic, int32_t partition, int64_t timestamp,
                               const void *key, int64_t key_length, const void *value, int64_t value_length,
                               rd_kafka_message_t *headers_of, uint64_t token);

// The same with a header list of the caller's, which is always consumed, also on failure.
rd_kafka_resp_err_t mr_produce_with_headers(mr_batch *batch, rd_kafka_topic_t *topic, int32_t partition,
                                            int64_t timestamp, const void *key, int64_t key_length, const void *value,
                                            int64_t value_length, rd_kafka_headers_t *headers, uint64_t token);

// Like `mr_produce`, but the message may wait in the batch until `mr_send_batch`. What librdkafka refuses only then is in
// `mr_take_refused`.
rd_kafka_resp_err_t mr_produce_batched(mr_batch *batch, rd_kafka_topic_t *topic, int32_t partition, int64_t timestamp,
                                       const void *key, int64_t key_length, const void *value, int64_t value_length,
                                       rd_kafka_message_t *headers_of, uint64_t token);

// Hands over what waits; 0 when the full queue left some of it, which goes on waiting.
int mr_send_batch(mr_batch *batch);

// Refuses what waits as purged from the queue.
void mr_drop_batch(mr_batch *batch);

// Moves the reports of what was refused behind those of `log`.
void mr_take_refused(mr_batch *batch, mr_delivery_log *log);

// Has a client's delivery reports collected by `mr_serve`.
// Callbacks, not events: librdkafka frees each message right after its callback, while it is in the cache, but keeps all of an
// event's until the event is destroyed (a tenth of the service's CPU). In C, as a million a second come.
void mr_report_deliveries(rd_kafka_conf_t *configuration);

// Serves the queue's callbacks without waiting; what they report is added to `log`.
void mr_serve(rd_kafka_queue_t *queue, mr_delivery_log *log);

// Destroys every message of the array; a place may be NULL.
void mr_release_messages(rd_kafka_message_t **messages, size_t count);

// Closes and frees a client on a thread of its own and waits for it at most `timeout_ms`: 1 when it is gone, 0 when it
// still works at it (or for ever, if a handle of it was never released).
// rd_kafka_destroy itself has no deadline.
int mr_destroy(rd_kafka_t *client, int flags, int timeout_ms);

// Names the calling thread; Swift's Glibc has no pthread_setname_np.
void mr_name_thread(const char *name);
