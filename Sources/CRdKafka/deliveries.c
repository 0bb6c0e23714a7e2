#include "deliveries.h"

#include <stdlib.h>

// Where the calling thread's reports go: set for the duration of one serving call.
static _Thread_local mr_delivery_log *serving;

static int joins(const mr_delivery_run *run, uint64_t token, int32_t error) {
    return run->error == error && run->count < UINT32_MAX && run->first_token + run->count == token;
}

int mr_append_run(mr_delivery_log *log, mr_delivery_run run) {
    if (log->count == log->capacity) {
        size_t capacity = log->capacity ? 2 * log->capacity : 64;
        mr_delivery_run *larger = realloc(log->runs, capacity * sizeof *larger);
        if (!larger) return 0;
        log->runs = larger;
        log->capacity = capacity;
    }
    log->runs[log->count++] = run;
    return 1;
}

void mr_append_report(mr_delivery_log *log, uint64_t token, int32_t error) {
    if (log->count && joins(&log->runs[log->count - 1], token, error)) {
        log->runs[log->count - 1].count++;
        return;
    }
    mr_delivery_run run = {token, 1, error};
    // A lost report would be a record in flight for ever; without 16 bytes of memory nothing else works either.
    if (!mr_append_run(log, run)) abort();
}

static void report(rd_kafka_t *client, const rd_kafka_message_t *message, void *context) {
    (void)client;
    (void)context;
    mr_delivery_log *log = serving;
    if (!log) return;  // the client is being destroyed: nobody asks any more
    mr_append_report(log, (uint64_t)(uintptr_t)message->_private, message->err);
}

void mr_report_deliveries(rd_kafka_conf_t *configuration) { rd_kafka_conf_set_dr_msg_cb(configuration, report); }

void mr_serve(rd_kafka_queue_t *queue, mr_delivery_log *log) {
    serving = log;
    rd_kafka_queue_poll_callback(queue, 0);
    serving = NULL;
}
