// Fills a topic and measures a program from outside.
//
//   gauge fill BOOTSTRAP TOPIC PARTITIONS COUNT     makes the topic and writes COUNT events of nine fields
//   gauge make BOOTSTRAP TOPIC PARTITIONS           makes an empty topic
//   gauge drop BOOTSTRAP TOPIC                      deletes one
//   gauge measure BOOTSTRAP TOPIC PARTITIONS PID WARMUP SECONDS TOTAL
//       The rate at which TOPIC grows from WARMUP seconds after its first record on, for SECONDS or until it holds TOTAL,
//       and what the process PID spent meanwhile; one JSON line. Ends with 1 when nothing came within a minute.
#include <librdkafka/rdkafka.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what, const char *why) {
    fprintf(stderr, "gauge: %s: %s\n", what, why);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static rd_kafka_t *client(const char *servers) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const char *pairs[][2] = {{"bootstrap.servers", servers}, {"linger.ms", "20"}, {"batch.num.messages", "10000"},
                              {"queue.buffering.max.messages", "1000000"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (rd_kafka_conf_set(conf, pairs[i][0], pairs[i][1], error, sizeof error)) die(pairs[i][0], error);
    rd_kafka_t *made = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (!made) die("client", error);
    return made;
}

static void administer(rd_kafka_t *rk, const char *topic, int partitions) {
    char error[512];
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    if (partitions) {
        rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, partitions, 1, error, sizeof error);
        if (!wanted) die(topic, error);
        rd_kafka_CreateTopics(rk, &wanted, 1, NULL, queue);
        rd_kafka_NewTopic_destroy(wanted);
    } else {
        rd_kafka_DeleteTopic_t *wanted = rd_kafka_DeleteTopic_new(topic);
        rd_kafka_DeleteTopics(rk, &wanted, 1, NULL, queue);
        rd_kafka_DeleteTopic_destroy(wanted);
    }
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 60000);
    if (!event || rd_kafka_event_error(event)) die(topic, "no answer from the broker");
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
}

static void fill(rd_kafka_t *rk, const char *topic, int partitions, long count) {
    rd_kafka_topic_t *target = rd_kafka_topic_new(rk, topic, NULL);
    uint64_t state = 42;
    for (long i = 0; i < count; i++) {
        double v[6];
        for (int f = 0; f < 6; f++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            v[f] = (double)(state >> 44) / (1 << 20);
        }
        char key[32], value[512];
        int key_length = snprintf(key, sizeof key, "k%ld", i % 1000);
        int length = snprintf(
            value, sizeof value,
            "{\"id\":%ld,\"ts\":\"1996-05-07T%02ld:%02ld:00Z\",\"period\":%.6f,\"nswprice\":%.6f,\"nswdemand\":%.6f,"
            "\"vicprice\":%.6f,\"vicdemand\":%.6f,\"transfer\":%.6f,\"label\":%d}",
            i, i / 60 % 24, i % 60, v[0], v[1], v[2], v[3], v[4], v[5], v[1] + v[2] > v[3] + v[4]);
        while (rd_kafka_produce(target, (int)(i % 1000 % partitions), RD_KAFKA_MSG_F_COPY, value, length, key, key_length, NULL)) {
            if (errno != ENOBUFS) die("produce", rd_kafka_err2str(rd_kafka_last_error()));
            rd_kafka_poll(rk, 10);
        }
    }
    if (rd_kafka_flush(rk, 120000)) die("flush", topic);
}

static int64_t size(rd_kafka_t *rk, const char *topic, int partitions) {
    int64_t sum = 0, low, high;
    for (int p = 0; p < partitions; p++)
        if (!rd_kafka_query_watermark_offsets(rk, topic, p, &low, &high, 5000)) sum += high;
    return sum;
}

// CPU seconds so far and resident bytes of a process.
static int usage(long process, double *cpu, double *resident) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    char *rest = strrchr(text, ')');
    unsigned long user = 0, system = 0;
    long pages = 0;
    if (!rest || sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u %ld",
                        &user, &system, &pages) != 3)
        return 0;
    *cpu = (double)(user + system) / sysconf(_SC_CLK_TCK);
    *resident = (double)pages * sysconf(_SC_PAGESIZE);
    return 1;
}

static int measure(rd_kafka_t *rk, const char *topic, int partitions, char **arguments) {
    long process = atol(arguments[0]), total = atol(arguments[3]);
    double warmup = atof(arguments[1]), seconds = atof(arguments[2]);
    double started = now(), first = 0, begin = 0, begin_cpu = 0, cpu = 0, resident = 0, resident_max = 0, time;
    int64_t begin_size = 0, count;
    for (;;) {
        count = size(rk, topic, partitions);
        time = now();
        if (!usage(process, &cpu, &resident)) return 1;
        if (resident > resident_max) resident_max = resident;
        if (count && !first) first = time;
        if (!first && time - started > 60) return 1;
        if (first && !begin && time - first >= warmup) begin = time, begin_cpu = cpu, begin_size = count;
        if (begin && (time - begin >= seconds || count >= total)) break;
        usleep(50000);
    }
    double events = (double)(count - begin_size);
    printf("{\"start_s\":%.2f,\"events_per_second\":%.0f,\"cpu_us_per_event\":%.3f,\"resident_mb_max\":%.0f,"
           "\"measured_s\":%.1f}\n",
           first - started, events / (time - begin), events > 0 ? (cpu - begin_cpu) / events * 1e6 : 0, resident_max / 1e6,
           time - begin);
    return 0;
}

int main(int count, char **arguments) {
    if (count < 4) die("usage", "gauge fill|make|drop|measure BOOTSTRAP TOPIC …");
    const char *what = arguments[1], *topic = arguments[3];
    rd_kafka_t *rk = client(arguments[2]);
    int partitions = count > 4 ? atoi(arguments[4]) : 0;
    if (!strcmp(what, "make") && count == 5) administer(rk, topic, partitions);
    else if (!strcmp(what, "drop") && count == 4) administer(rk, topic, 0);
    else if (!strcmp(what, "fill") && count == 6) administer(rk, topic, partitions), fill(rk, topic, partitions, atol(arguments[5]));
    else if (!strcmp(what, "measure") && count == 9) return measure(rk, topic, partitions, arguments + 5);
    else die("usage", what);
    return 0;
}
