// The floor of every measurement: consume and produce with librdkafka alone, nothing decoded and nothing learned.
//
// One consumer queue, batch calls, acks=all, idempotent, positions committed after delivery. Reads BOOTSTRAP, IN, OUT
// and GROUP from the environment, runs until SIGTERM, then prints its own rate, CPU per event and memory as JSON.
//
// Memory: librdkafka before 2.2 lets a broker thread that finds every queue full sleep for up to a second. Programs then
// prefetch a second's worth (600 MB) to hide it. Here the queues are small, and when one runs low after enough was taken
// from it, a thread sends the leader a watermark query: a small request that wakes it. As fast, in 100 MB.
#include <librdkafka/rdkafka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { batch_max = 4096, partitions_max = 256, epochs = 256, queue_low = 50000, commit_every_s = 1 };

static const char *input, *output;
static rd_kafka_t *producer, *consumer;
static rd_kafka_queue_t *queue;
static volatile sig_atomic_t stopped;
static volatile uint64_t taken;  // one writer (the loop), one reader (the waker)
static char owned[partitions_max];
static int64_t next[partitions_max];       // the position after the last event handed to the producer; -1: none
static int64_t positions[epochs][partitions_max];
static int64_t outstanding[epochs];        // outputs of an epoch that are not delivered yet
static uint64_t epoch_open, epoch_done;    // epochs below `epoch_done` are delivered and committed

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void die(const char *what, const char *why) {
    fprintf(stderr, "pass-through: %s: %s\n", what, why);
    _exit(1);
}

static const char *need(const char *name) {
    const char *value = getenv(name);
    if (!value || !*value) die("missing in the environment", name);
    return value;
}

static void set(rd_kafka_conf_t *conf, const char *key, const char *value) {
    char error[512];
    if (rd_kafka_conf_set(conf, key, value, error, sizeof error) != RD_KAFKA_CONF_OK) die(key, error);
}

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client, (void)opaque;
    if (message->err) die("delivery", rd_kafka_err2str(message->err));
    outstanding[(uintptr_t)message->_private % epochs]--;
}

// Commits the positions of the epochs whose outputs are all delivered.
static void commit(int all) {
    if (all) {
        if (rd_kafka_flush(producer, 30000)) die("flush", "not everything was delivered in 30 s");
        memcpy(positions[epoch_open % epochs], next, sizeof next);
        epoch_done = epoch_open;
        epoch_open++;
        outstanding[epoch_open % epochs] = 0;
    }
    uint64_t epoch = epoch_done;
    while (epoch < epoch_open && outstanding[epoch % epochs] == 0) epoch++;
    if (epoch == epoch_done) return;
    const int64_t *offsets = positions[(epoch - 1) % epochs];
    epoch_done = epoch;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    for (int p = 0; p < partitions_max; p++)
        if (owned[p] && offsets[p] >= 0) rd_kafka_topic_partition_list_add(list, input, p)->offset = offsets[p];
    if (list->cnt) rd_kafka_commit(consumer, list, !all);
    rd_kafka_topic_partition_list_destroy(list);
}

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *list, void *o) {
    (void)o;
    if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        for (int i = 0; i < list->cnt; i++) {
            int p = list->elems[i].partition;
            if (p >= partitions_max) die("too many partitions", input);
            owned[p] = 1;
            next[p] = -1;
        }
        rd_kafka_assign(client, list);
    } else {
        if (!rd_kafka_assignment_lost(client)) commit(1);
        memset(owned, 0, sizeof owned);
        rd_kafka_assign(client, NULL);
    }
}

static void *wake(void *unused) {
    (void)unused;
    uint64_t last = 0;
    while (!stopped) {
        usleep(2000);
        if (taken - last < queue_low / 2 || rd_kafka_queue_length(queue) >= queue_low) continue;
        last = taken;
        int64_t low, high;
        for (int p = 0; p < partitions_max; p++)
            if (owned[p]) {
                rd_kafka_query_watermark_offsets(consumer, input, p, &low, &high, 200);
                break;
            }
    }
    return NULL;
}

static rd_kafka_topic_t *start_producer(void) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", need("BOOTSTRAP"));
    set(conf, "enable.idempotence", "true");
    set(conf, "acks", "all");
    const char *latency = getenv("LATENCY");
    set(conf, "linger.ms", latency && *latency == '1' ? "0" : "5");
    set(conf, "batch.num.messages", "10000");
    set(conf, "queue.buffering.max.messages", "400000");
    set(conf, "queue.buffering.max.kbytes", "1048576");
    set(conf, "socket.nagle.disable", "true");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (!producer) die("producer", error);
    return rd_kafka_topic_new(producer, output, NULL);
}

static void start_consumer(void) {
    char error[512];
    int backs_off = rd_kafka_version() >= 0x02020000;  // from then on a property does what `wake` does
    const char *latency = getenv("LATENCY");
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", need("BOOTSTRAP"));
    set(conf, "group.id", need("GROUP"));
    set(conf, "auto.offset.reset", "earliest");
    set(conf, "enable.auto.commit", "false");
    set(conf, "enable.auto.offset.store", "false");
    if (backs_off) set(conf, "fetch.queue.backoff.ms", "5");
    set(conf, "queued.min.messages", "100000");
    set(conf, "queued.max.messages.kbytes", "524288");
    set(conf, "fetch.message.max.bytes", "1048576");
    set(conf, "fetch.wait.max.ms", latency && *latency == '1' ? "10" : "100");
    set(conf, "socket.nagle.disable", "true");
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!consumer) die("consumer", error);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, input, RD_KAFKA_PARTITION_UA);
    if (rd_kafka_subscribe(consumer, topics)) die("subscribe", input);
    rd_kafka_topic_partition_list_destroy(topics);
    queue = rd_kafka_queue_get_consumer(consumer);
    pthread_t thread;
    if (!backs_off && pthread_create(&thread, NULL, wake, NULL)) die("thread", "wake");
}

static void forward(rd_kafka_topic_t *topic, rd_kafka_message_t *message) {
    char error[512];
    if (message->err) {
        if (rd_kafka_fatal_error(consumer, error, sizeof error)) die("consumer", error);
        fprintf(stderr, "pass-through: %s\n", rd_kafka_message_errstr(message));
        return;
    }
    if (!owned[message->partition]) return;
    while (rd_kafka_produce(topic, message->partition, RD_KAFKA_MSG_F_COPY, message->payload, message->len, message->key,
                            message->key_len, (void *)(uintptr_t)epoch_open) == -1) {
        if (errno != ENOBUFS) die("produce", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 10);
    }
    outstanding[epoch_open % epochs]++;
    next[message->partition] = message->offset + 1;
}

static void report(uint64_t events, double seconds) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"program\":\"pass-through\",\"events\":%llu,\"events_per_second\":%.0f,\"cpu_us_per_event\":%.3f,"
           "\"resident_mb_max\":%.0f}\n",
           (unsigned long long)events, seconds > 0 ? events / seconds : 0, events ? cpu / events * 1e6 : 0,
           usage.ru_maxrss / 1000.0);
    fflush(stdout);
}

int main(void) {
    input = need("IN");
    output = need("OUT");
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    memset(next, -1, sizeof next);
    rd_kafka_topic_t *topic = start_producer();
    start_consumer();

    static rd_kafka_message_t *messages[batch_max];
    double due = now() + commit_every_s, first = 0, last = 0;
    uint64_t events = 0;
    while (!stopped) {
        // A batch call waits until its batch is full or the time is over: take what is there, else wait for one.
        ssize_t count = rd_kafka_consume_batch_queue(queue, 0, messages, batch_max);
        if (count == 0) count = rd_kafka_consume_batch_queue(queue, 100, messages, 1);
        for (ssize_t i = 0; i < count; i++) {
            forward(topic, messages[i]);
            rd_kafka_message_destroy(messages[i]);
        }
        rd_kafka_poll(producer, 0);
        double time = now();
        if (count > 0) {
            taken += count;
            events += count;
            last = time;
            if (!first) first = time;
        }
        if (time >= due && epoch_open - epoch_done < epochs - 1) {
            memcpy(positions[epoch_open % epochs], next, sizeof next);
            epoch_open++;
            outstanding[epoch_open % epochs] = 0;
            due = time + commit_every_s;
        }
        if (epoch_done < epoch_open) commit(0);
    }
    commit(1);
    report(events, last - first);
    rd_kafka_consumer_close(consumer);
    _exit(0);  // destroying the clients would wait for their threads; nothing is left to do
}
