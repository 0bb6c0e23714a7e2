// What Swift needs of libmicrohttpd: starting a server (variadic), its log (va_list), connection facts (variadic), and
// answers. Everything takes and gives plain C types, so that the library's own header stays out of Swift.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct MHD_Daemon;
struct MHD_Connection;

struct millrace_http_options {
    // A bound, listening, non-blocking socket. It stays the caller's.
    int listen_socket;
    unsigned connections_max;
    unsigned inactivity_seconds;
    // Per connection; bounds the request line with the headers.
    size_t pool_bytes;

    // Passed to every callback below. All of them run on the server's one thread.
    void *context;
    // A connection came (is_open 1) or is about to be closed (0); its socket is still open then.
    void (*connection)(void *context, int socket, int is_open);
    // The head of a request is complete, its body not read. Return 1 to go on to `request`; to refuse, answer and return 1
    // (the connection is closed afterwards); return 0 to cut the connection.
    int (*head)(void *context, struct MHD_Connection *connection, const char *method, const char *target,
                const char *version);
    // The request is complete and had no body. Answer and return 1, or return 0 to cut the connection.
    int (*request)(void *context, struct MHD_Connection *connection, const char *method, const char *target);
    // A request that reached `head` is over, answered or not.
    void (*completed)(void *context, int socket);
    // A message of the library, at most 500 bytes.
    void (*log)(void *context, const char *message);
};

// NULL when the server cannot be started. `options` must stay in place until the server has stopped.
struct MHD_Daemon *millrace_http_start(const struct millrace_http_options *options);

// Accepts no more connections; those that are open go on.
void millrace_http_quiesce(struct MHD_Daemon *daemon);

// Closes every connection and joins the server's thread. Not from a callback.
void millrace_http_stop(struct MHD_Daemon *daemon);

// Calls `visit` for each header in order of appearance. Neither text ends at a zero byte necessarily.
void millrace_http_headers(struct MHD_Connection *connection, void *context,
                           void (*visit)(void *context, const char *name, size_t name_size, const char *value,
                                         size_t value_size));

struct millrace_http_header {
    const char *name;
    const char *value;
};

// Queues an answer; `body` is copied. For HEAD the library sends the length and leaves the body out. 1 when queued.
int millrace_http_answer(struct MHD_Connection *connection, unsigned status, const void *body, size_t body_size,
                         const struct millrace_http_header *headers, size_t header_count);
