#include "CMicroHTTPD.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>

static int socket_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

static void on_log(void *opaque, const char *format, va_list arguments) {
    const struct millrace_http_options *options = opaque;
    char message[501];
    vsnprintf(message, sizeof message, format, arguments);
    options->log(options->context, message);
}

static void on_connection(void *opaque, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code) {
    const struct millrace_http_options *options = opaque;
    (void)socket_context;
    options->connection(options->context, socket_of(connection), code == MHD_CONNECTION_NOTIFY_STARTED);
}

static void on_completed(void *opaque, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code) {
    const struct millrace_http_options *options = opaque;
    (void)request;
    (void)code;
    options->completed(options->context, socket_of(connection));
}

// The library calls this once for the head, then for each part of a body, then once more with no data at the end.
static enum MHD_Result on_access(void *opaque, struct MHD_Connection *connection, const char *target,
                                 const char *method, const char *version, const char *upload, size_t *upload_size,
                                 void **request) {
    static char seen;
    const struct millrace_http_options *options = opaque;
    (void)upload;
    if (*request == NULL) {
        *request = &seen;
        return options->head(options->context, connection, method, target, version) ? MHD_YES : MHD_NO;
    }
    // `head` refuses requests that announce a body, so there is none; cut whoever sends one all the same.
    if (*upload_size != 0) return MHD_NO;
    return options->request(options->context, connection, method, target) ? MHD_YES : MHD_NO;
}

struct MHD_Daemon *millrace_http_start(const struct millrace_http_options *options) {
    // The logger has to come first: options before it would complain on standard error, in a blocking way.
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL, &on_access, (void *)options,
        MHD_OPTION_EXTERNAL_LOGGER, &on_log, (void *)options,
        MHD_OPTION_LISTEN_SOCKET, options->listen_socket,
        MHD_OPTION_CONNECTION_LIMIT, options->connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, options->inactivity_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->pool_bytes,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, &on_connection, (void *)options,
        MHD_OPTION_NOTIFY_COMPLETED, &on_completed, (void *)options,
        MHD_OPTION_END);
}

void millrace_http_quiesce(struct MHD_Daemon *daemon) { (void)MHD_quiesce_daemon(daemon); }

void millrace_http_stop(struct MHD_Daemon *daemon) { MHD_stop_daemon(daemon); }

struct visit {
    void *context;
    void (*function)(void *, const char *, size_t, const char *, size_t);
};

static enum MHD_Result on_header(void *opaque, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                 const char *value, size_t value_size) {
    const struct visit *visit = opaque;
    (void)kind;
    visit->function(visit->context, name, name_size, value == NULL ? "" : value, value == NULL ? 0 : value_size);
    return MHD_YES;
}

void millrace_http_headers(struct MHD_Connection *connection, void *context,
                           void (*function)(void *, const char *, size_t, const char *, size_t)) {
    struct visit visit = {context, function};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &on_header, &visit);
}

int millrace_http_answer(struct MHD_Connection *connection, unsigned status, const void *body, size_t body_size,
                         const struct millrace_http_header *headers, size_t header_count) {
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body_size, (void *)body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) return 0;
    int isComplete = 1;
    for (size_t index = 0; index < header_count; index++) {
        isComplete &= MHD_add_response_header(response, headers[index].name, headers[index].value) == MHD_YES;
    }
    int isQueued = isComplete && MHD_queue_response(connection, status, response) == MHD_YES;
    MHD_destroy_response(response);
    return isQueued;
}
