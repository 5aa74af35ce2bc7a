/* http.c - libmicrohttpd: sockets, limits, headers, the access log. Loaded when a server starts. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "base/status.h"
#include "base/thread.h"
#include "serve/door.h"
#include "serve/routes.h"
#include "serve/serve.h"

enum {
    URI_MOST = 8192,
    HEADERS_MOST = 16384,
    BODY_MOST = 65536,
    MEMORY = 65536,
    CONNECTIONS = 4096,
    OF_A_CLIENT = CONNECTIONS / 2, /* of one address, which may be a proxy: nobody has them all */
    PATIENCE = 10,                 /* seconds that a connection may be silent, twice that to send a request, */
    PATIENCE_ANSWER = 6,           /* and so many times that to take an answer */
    LOOK_MS = 250,                 /* between two looks at the catalogue's files and the clock */
};

#define CALLS(X)                                                                                                       \
    X(MHD_start_daemon)                                                                                                \
    X(MHD_stop_daemon)                                                                                                 \
    X(MHD_add_connection)                                                                                              \
    X(MHD_create_response_from_buffer)                                                                                 \
    X(MHD_create_response_from_buffer_with_free_callback_cls)                                                          \
    X(MHD_add_response_header)                                                                                         \
    X(MHD_queue_response)                                                                                              \
    X(MHD_destroy_response)                                                                                            \
    X(MHD_lookup_connection_value)                                                                                     \
    X(MHD_get_connection_values)                                                                                       \
    X(MHD_get_connection_info)
typedef struct library {
#define X(name) __typeof__(&name) name;
    CALLS(X)
#undef X
} library;

typedef struct server {
    library mhd;
    struct MHD_Daemon *daemon;
    kino_site site;
    const kino_serve_options *opt;
} server;

static kino_status load(library *out, kino_error *err)
{
    void *handle = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        handle = dlopen("libmicrohttpd.so", RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return kino_fail(err, KINO_FAILED,
                         "kino serve needs libmicrohttpd (Debian, Ubuntu: apt install "
                         "libmicrohttpd12)");
#define X(name)                                                                                                        \
    {                                                                                                                  \
        void *f = dlsym(handle, #name);                                                                                \
        if (!f)                                                                                                        \
            return kino_fail(err, KINO_FAILED, "libmicrohttpd is too old, it has no " #name);                          \
        memcpy(&out->name, &f, sizeof f);                                                                              \
    }
    CALLS(X)
#undef X
    return KINO_OK;
}

bool kino_serve_available(void)
{
    return true;
}

/* ---- one request ---- */

typedef struct exchange {
    kino_buffer body;
    bool too_large;
    char *path;
    struct timespec began;
} exchange;

static enum MHD_Result take_param(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    kino_request *r = ctx;
    (void)kind;
    if (r->param_count == KINO_MAX_PARAMS)
        r->too_many = true;
    else
        r->params[r->param_count++] = (kino_param){name, value ? value : ""};
    return MHD_YES;
}

static enum MHD_Result add_size(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    *(size_t *)ctx += strlen(name) + (value ? strlen(value) : 0) + 4;
    return MHD_YES;
}

static const char *header(server *s, struct MHD_Connection *c, const char *name)
{
    const char *value = s->mhd.MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static size_t size_of(const kino_response *r)
{
    return r->kept ? r->kept->size : r->fixed ? r->fixed_size : r->body.size;
}

/* One line in the combined format. Nothing secret is in a path: there are no passwords here. */
static void put_log(server *s, struct MHD_Connection *c, const char *method, const char *uri, const kino_response *r)
{
    char address[INET6_ADDRSTRLEN] = "-", when[40], line[1024];
    const union MHD_ConnectionInfo *info = s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const time_t now = time(NULL);
    struct tm t;
    if (s->opt->quiet)
        return;
    if (info && info->client_addr && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, address,
                  sizeof address);
    else if (info && info->client_addr && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, address,
                  sizeof address);
    strftime(when, sizeof when, "%d/%b/%Y:%H:%M:%S +0000", gmtime_r(&now, &t));
    int n = snprintf(line, sizeof line, "%s - - [%s] \"%.16s %.700s HTTP/1.1\" %d %zu \"-\" \"-\"", address, when,
                     method, uri, r->status, size_of(r));
    for (int i = 0; i < n && i < (int)sizeof line - 1; i++)
        if ((unsigned char)line[i] < 0x20 || (unsigned char)line[i] >= 0x7f)
            line[i] = '?';
    fprintf(stderr, "%s\n", line);
}

static void give_back(void *kept)
{
    kino_kept_give(kept);
}

/* The body is the response's from here on. */
static struct MHD_Response *make_response(const server *s, kino_response *r)
{
    const size_t size = size_of(r);
    if (r->kept)
        return s->mhd.MHD_create_response_from_buffer_with_free_callback_cls(size, (void *)(uintptr_t)r->kept->bytes,
                                                                             give_back, r->kept);
    if (r->fixed)
        return s->mhd.MHD_create_response_from_buffer(size, (void *)(uintptr_t)r->fixed, MHD_RESPMEM_PERSISTENT);
    return s->mhd.MHD_create_response_from_buffer(size, r->body.data, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result send_response(server *s, struct MHD_Connection *c, kino_response *r)
{
    struct MHD_Response *m = make_response(s, r);
    static const char *const always[][2] = {
        {"Content-Security-Policy", "default-src 'self'; img-src 'self' https://image.tmdb.org data:; base-uri 'none'; "
                                    "form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Vary", "Accept-Encoding"},
    };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        s->mhd.MHD_add_response_header(m, always[i][0], always[i][1]);
    if (r->type)
        s->mhd.MHD_add_response_header(m, "Content-Type", r->type);
    if (r->etag[0])
        s->mhd.MHD_add_response_header(m, "ETag", r->etag);
    s->mhd.MHD_add_response_header(m, "Cache-Control", r->lasting ? "public, max-age=86400" : "no-cache");
    if (r->location[0])
        s->mhd.MHD_add_response_header(m, "Location", r->location);
    if (r->allow)
        s->mhd.MHD_add_response_header(m, "Allow", r->allow);
    if (r->gzip)
        s->mhd.MHD_add_response_header(m, "Content-Encoding", "gzip");
    enum MHD_Result sent = s->mhd.MHD_queue_response(c, (unsigned)r->status, m);
    s->mhd.MHD_destroy_response(m);
    return sent;
}

/* Whether the request is within the limits; its answer otherwise. */
static bool within_limits(server *s, struct MHD_Connection *c, const exchange *x, const char *uri, kino_response *out)
{
    size_t headers = 0;
    s->mhd.MHD_get_connection_values(c, MHD_HEADER_KIND, add_size, &headers);
    if (strlen(uri) > URI_MOST)
        kino_respond_error(out, 414, "uri_too_long", "the address is too long");
    else if (headers > HEADERS_MOST)
        kino_respond_error(out, 431, "headers_too_large", "the header is too large");
    else if (x->too_large)
        kino_respond_error(out, 413, "too_large", "the body is too large");
    return out->status == 0;
}

static enum MHD_Result answer(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    server *s = ctx;
    exchange *x = *state;
    kino_visit *visit = s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    kino_response out = {0};
    const size_t base = strlen(s->site.base_path);
    (void)version;
    if (!x) {
        *state = kino_alloc(sizeof *x);
        return MHD_YES;
    }
    if (*upload_size) {
        if (x->body.size + *upload_size > BODY_MOST)
            x->too_large = true;
        else
            kino_buffer_put(&x->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    kino_visit_asked(visit);
    if (within_limits(s, c, x, url, &out)) {
        kino_request r = {.method = method,
                          .if_none_match = header(s, c, "If-None-Match"),
                          .origin = header(s, c, "Origin"),
                          .host = header(s, c, "Host"),
                          .content_type = header(s, c, "Content-Type"),
                          .accept_encoding = header(s, c, "Accept-Encoding"),
                          .body = x->body.data ? x->body.data : "",
                          .body_size = x->body.size};
        s->mhd.MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, take_param, &r);
        r.path = !strncmp(url, s->site.base_path, base) && url[base] == '/' ? url + base : base ? "" : url;
        kino_route(&s->site, &r, &out);
    }
    put_log(s, c, method, url, &out);
    kino_visit_answered(&s->site.visits, visit);
    return send_response(s, c, &out);
}

static void end_exchange(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
    server *s = ctx;
    exchange *x = *state;
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        kino_visit_rests(&s->site.visits,
                         s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
    if (x) {
        free(x->body.data);
        free(x);
    }
    *state = NULL;
}

static void begin_or_end_visit(void *ctx, struct MHD_Connection *c, void **visit,
                               enum MHD_ConnectionNotificationCode what)
{
    server *s = ctx;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *visit = kino_visit_begin(
            &s->site.visits, s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
            kino_client_of(s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr));
    else
        kino_visit_end(&s->site.visits, *visit);
}

/* One of the threads takes it; which one goes by its number. */
static void enter(void *ctx, int fd, const struct sockaddr *address, socklen_t length)
{
    server *s = ctx;
    s->mhd.MHD_add_connection(s->daemon, fd, address, length);
}

/* ---- the server ---- */

static void tell_ready(const kino_serve_options *opt, const char *base_path, int port)
{
    const char *host = opt->bind ? opt->bind : "127.0.0.1";
    kino_buffer b = {0};
    if (opt->socket)
        kino_buffer_print(&b, "unix:%s", opt->socket);
    else
        kino_buffer_print(&b, strchr(host, ':') ? "http://[%s]:%d%s/" : "http://%s:%d%s/", host, port, base_path);
    if (opt->ready)
        opt->ready(opt->ctx, b.data);
    free(b.data);
}

static void wait_and_watch(server *s)
{
    while (!*s->opt->stop) {
        kino_error err = {0};
        const bool asked = s->opt->reload && *s->opt->reload;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
        kino_visits_end_late(&s->site.visits);
        if (asked)
            *(volatile sig_atomic_t *)(uintptr_t)s->opt->reload = 0;
        if (kino_live_reopen(s->site.live, asked, &err))
            fprintf(stderr, "kino: the catalogue was not opened anew: %s\n", err.text);
    }
}

static void allow_files(rlim_t wanted)
{
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files) && files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

kino_status kino_serve(const kino_serve_options *opt, kino_error *err)
{
    server s = {.opt = opt,
                .site = {.base_path = opt->base_path ? opt->base_path : "", .allow_writes = opt->allow_writes}};
    kino_door door = {
        .visits = &s.site.visits, .most = CONNECTIONS, .most_of_client = OF_A_CLIENT, .enter = enter, .ctx = &s};
    kino_live live = {0};
    int port = opt->port;
    const bool given = kino_door_open_given(&door);
    const int cores = kino_thread_count(opt->library.threads);
    const unsigned threads = cores > 1 ? (unsigned)cores : 2; /* twice as many: p99 of 12 ms instead of 7 */
    const unsigned patience = (unsigned)(opt->timeout ? opt->timeout : PATIENCE);
    kino_options one = opt->library;
    one.threads = 1; /* of each request; there are many */
    pthread_mutex_init(&s.site.writing, NULL);
    kino_visits_init(&s.site.visits, 2000 * (uint64_t)patience, 1000 * (uint64_t)patience * PATIENCE_ANSWER);
    allow_files(CONNECTIONS + 256);
    kino_status st = load(&s.mhd, err);
    if (!st)
        st = kino_live_open(&one, opt->cache_bytes, &live, err);
    if (!st && !given)
        st = opt->socket ? kino_door_open_path(&door, opt->socket, err)
                         : kino_door_open_address(&door, opt->bind ? opt->bind : "127.0.0.1", &port, err);
    if (st)
        goto done;
    s.site.live = &live;
    s.daemon = s.mhd.MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, answer,
        &s, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS + threads,
        MHD_OPTION_CONNECTION_TIMEOUT, patience, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
        MHD_OPTION_NOTIFY_CONNECTION, begin_or_end_visit, &s, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, &s,
        MHD_OPTION_END);
    if (!s.daemon)
        st = kino_fail_errno(err, KINO_FAILED, "the server does not start");
    if (!st)
        st = kino_door_watch(&door, err);
    if (!st) {
        tell_ready(opt, s.site.base_path, port);
        wait_and_watch(&s);
    }
done:
    kino_door_close(&door);
    if (s.daemon)
        s.mhd.MHD_stop_daemon(s.daemon); /* answers what it is at */
    if (door.listening > 0 && opt->socket && !given)
        unlink(opt->socket);
    kino_live_close(&live);
    pthread_mutex_destroy(&s.site.writing);
    return st;
}
