#define _GNU_SOURCE
#include "CRdKafka.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

char *mr_properties_text(void) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return NULL;
    rd_kafka_conf_properties_show(stream);
    if (fclose(stream)) {
        free(text);
        return NULL;
    }
    return text;
}

void mr_release_messages(rd_kafka_message_t **messages, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (messages[i]) rd_kafka_message_destroy(messages[i]);
}

// Shared by the waiting and the destroying thread; the last one out frees it.
typedef struct destruction {
    rd_kafka_t *client;
    int flags;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int done;
    int holders;
} destruction;

static void leave(destruction *shared) {
    int last = --shared->holders == 0;
    pthread_mutex_unlock(&shared->lock);
    if (!last) return;
    pthread_cond_destroy(&shared->changed);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

static void *destroy(void *argument) {
    destruction *shared = argument;
    rd_kafka_destroy_flags(shared->client, shared->flags);
    pthread_mutex_lock(&shared->lock);
    shared->done = 1;
    pthread_cond_signal(&shared->changed);
    leave(shared);
    return NULL;
}

int mr_destroy(rd_kafka_t *client, int flags, int timeout_ms) {
    destruction *shared = calloc(1, sizeof *shared);
    if (!shared) return 0;
    shared->client = client;
    shared->flags = flags;
    shared->holders = 2;
    pthread_mutex_init(&shared->lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&shared->changed, &clock);
    pthread_condattr_destroy(&clock);
    pthread_t thread;
    if (pthread_create(&thread, NULL, destroy, shared)) {
        pthread_mutex_lock(&shared->lock);
        shared->holders = 1;
        leave(shared);
        return 0;
    }
    pthread_setname_np(thread, "kafka-close");
    pthread_detach(thread);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&shared->lock);
    while (!shared->done && !pthread_cond_timedwait(&shared->changed, &shared->lock, &until)) {
    }
    int done = shared->done;
    leave(shared);
    return done;
}

void mr_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
