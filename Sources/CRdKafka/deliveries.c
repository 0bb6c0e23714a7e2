#include "CRdKafka.h"

static int joins(const mr_delivery_run *run, uint64_t token, int32_t error) {
    return run->error == error && run->count < UINT32_MAX && run->first_token + run->count == token;
}

size_t mr_drain_deliveries(mr_delivery_reader *reader, mr_delivery_run *runs, size_t capacity, rd_kafka_event_t **other,
                           int *more) {
    size_t count = 0;
    *other = NULL;
    *more = 1;
    if (capacity == 0) return 0;
    if (reader->carried.count) {
        runs[count++] = reader->carried;
        reader->carried.count = 0;
    }
    for (;;) {
        if (!reader->event) {
            rd_kafka_event_t *event = rd_kafka_queue_poll(reader->queue, 0);
            if (!event) {
                *more = 0;
                return count;
            }
            if (rd_kafka_event_type(event) != RD_KAFKA_EVENT_DR) {
                *other = event;
                return count;
            }
            reader->event = event;
        }
        const rd_kafka_message_t *message;
        while ((message = rd_kafka_event_message_next(reader->event))) {
            uint64_t token = (uint64_t)(uintptr_t)message->_private;
            if (count && joins(&runs[count - 1], token, message->err)) {
                runs[count - 1].count++;
                continue;
            }
            mr_delivery_run run = {token, 1, message->err};
            if (count == capacity) {
                reader->carried = run;
                return count;
            }
            runs[count++] = run;
        }
        rd_kafka_event_destroy(reader->event);
        reader->event = NULL;
    }
}

void mr_close_deliveries(mr_delivery_reader *reader) {
    if (reader->event) rd_kafka_event_destroy(reader->event);
    if (reader->queue) rd_kafka_queue_destroy(reader->queue);
    reader->event = NULL;
    reader->queue = NULL;
    reader->carried.count = 0;
}
