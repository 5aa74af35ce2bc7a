/* http.c - libmicrohttpd: sockets, limits, headers, the access log. Loaded when a server starts. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <limits.h>
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
#include "serve/guard.h"
#include "serve/log.h"
#include "serve/routes.h"
#include "serve/serve.h"

enum {
    URI_MOST = 8192,
    HEADERS_MOST = 16384,
    BODY_MOST = 65536,
    MEMORY = 65536,
    CONNECTIONS = 4096,
    OF_A_CLIENT = CONNECTIONS / 2, /* of one address, which may be a proxy: nobody has them all */
    PATIENCE = 10,                 /* seconds that a connection may be silent, and twice that to send a request */
    PACE = 4096,                   /* bytes a second that a client takes of an answer at least */
    LOOK_MS = 250,                 /* between two looks at the catalogue's files and the clock */
    PAUSE_LOOKS = 8,               /* between two tries to open a catalogue that cannot be opened */
    ADDITIONS = 4,                 /* films that are asked of TMDB at once, */
    ADDITIONS_WAITING = 16,        /* and that wait: the last one for 50 seconds at most */
    QUESTIONS = 8,                 /* likewise questions to a search cluster */
    QUESTIONS_WAITING = 256,
    RETRY = 10,      /* seconds after which it is worth it, for who was refused */
    LEAVE_MS = 2000, /* for the last answers, when the server is stopped */
};

#define CALLS(X)                                                                                                       \
    X(MHD_start_daemon)                                                                                                \
    X(MHD_stop_daemon)                                                                                                 \
    X(MHD_add_connection)                                                                                              \
    X(MHD_create_response_from_buffer)                                                                                 \
    X(MHD_create_response_from_buffer_with_free_callback_cls)                                                          \
    X(MHD_add_response_header)                                                                                         \
    X(MHD_suspend_connection)                                                                                          \
    X(MHD_resume_connection)                                                                                           \
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

/* ---- one request ---- */

/* What the header says of the request as a message. */
typedef struct heading {
    size_t size;
    unsigned lengths, encodings, hosts; /* how often each is said */
    const char *host;
} heading;

/* A request from its first line to its answer. The strings of the request are libmicrohttpd's and live as long. */
typedef struct exchange {
    server *server;
    struct MHD_Connection *connection;
    char *target; /* as the client sent it */
    kino_buffer body;
    bool begun, too_large;
    heading heading;
    kino_request request;
    kino_response out;
    bool answered; /* `out` is the answer */
} exchange;

/* The first that is heard of a request; what it returns is its state from then on. */
static void *begin_exchange(void *ctx, const char *target, struct MHD_Connection *c)
{
    exchange *x = kino_alloc(sizeof *x);
    x->server = ctx;
    x->connection = c;
    x->target = kino_strdup(target);
    return x;
}

static enum MHD_Result take_param(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    kino_param_put(ctx, name, value ? value : "");
    return MHD_YES;
}

static enum MHD_Result look_at(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    heading *h = ctx;
    (void)kind;
    h->size += strlen(name) + (value ? strlen(value) : 0) + 4;
    h->lengths += !strcasecmp(name, "Content-Length");
    h->encodings += !strcasecmp(name, "Transfer-Encoding");
    if (!strcasecmp(name, "Host")) {
        h->hosts++;
        h->host = value ? value : "";
    }
    return MHD_YES;
}

static const char *header(server *s, struct MHD_Connection *c, const char *name)
{
    const char *value = s->mhd.MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return value ? value : "";
}

typedef struct joined {
    const char *name;
    kino_buffer values;
} joined;

static enum MHD_Result join_value(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    joined *j = ctx;
    (void)kind;
    if (value && !strcasecmp(name, j->name))
        kino_buffer_print(&j->values, "%s%s", j->values.size ? "," : "", value);
    return MHD_YES;
}

/* All lines of a header as one list, which the caller frees. */
static char *all_of(server *s, struct MHD_Connection *c, const char *name)
{
    joined j = {.name = name};
    kino_buffer_put(&j.values, "", 0);
    s->mhd.MHD_get_connection_values(c, MHD_HEADER_KIND, join_value, &j);
    return j.values.data;
}

static size_t size_of(const kino_response *r)
{
    return r->kept ? r->kept->size : r->fixed ? r->fixed_size : r->body.size;
}

static void give_back(void *kept)
{
    kino_kept_give(kept);
}

/* The body is the response's from here on. */
static struct MHD_Response *make_response(server *s, kino_response *r)
{
    const size_t size = size_of(r);
    if (r->fixed)
        return s->mhd.MHD_create_response_from_buffer(size, (void *)(uintptr_t)r->fixed, MHD_RESPMEM_PERSISTENT);
    if (!r->kept)
        r->kept = kino_kept_new(r->type, r->gzip, &r->body, &s->site.held);
    return s->mhd.MHD_create_response_from_buffer_with_free_callback_cls(size, (void *)(uintptr_t)r->kept->bytes,
                                                                         give_back, r->kept);
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
    if (r->close)
        s->mhd.MHD_add_response_header(m, "Connection", "close");
    if (r->retry_after) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", r->retry_after);
        s->mhd.MHD_add_response_header(m, "Retry-After", seconds);
    }
    enum MHD_Result sent = s->mhd.MHD_queue_response(c, (unsigned)r->status, m);
    s->mhd.MHD_destroy_response(m);
    r->kept = NULL;
    return sent;
}

/* What is wrong with the request as a message, or NULL. One whose end is not certain could hide another one from a proxy
 * in front, and one with two hosts is of neither. */
static const char *fault_of(const heading *h, const char *version)
{
    if (h->lengths > 1 || (h->lengths && h->encodings) || h->encodings > 1)
        return "a request has one length: Content-Length once, or chunks";
    if (h->hosts > 1 || (!h->hosts && !strcmp(version, "HTTP/1.1")))
        return "a request has one Host";
    return NULL;
}

/* Whether the request is within the limits; its answer otherwise. */
static bool within_limits(const exchange *x, kino_response *out)
{
    if (strlen(x->target) > URI_MOST)
        kino_respond_error(out, 414, "uri_too_long", "the address is too long, with all that is asked in it");
    else if (x->heading.size > HEADERS_MOST)
        kino_respond_error(out, 431, "headers_too_large", "the header is too large");
    else if (x->too_large)
        kino_respond_error(out, 413, "too_large", "the body is too large");
    return out->status == 0;
}

/* Who asks, and by which name: the address itself may have it ("GET http://films.example/ HTTP/1.1"), and counts then. Only
 * HTTP/1.0 has none, which looks whether a server lives; no browser leaves it out. */
static void read_caller(server *s, exchange *x, const char *authority, size_t n, kino_caller *out)
{
    const union MHD_ConnectionInfo *peer =
        s->mhd.MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    static const char *const names[] = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"};
    char named[KINO_HOST_SIZE] = "", *said[3] = {NULL, NULL, NULL};
    if (n < sizeof named)
        memcpy(named, authority, n);
    for (int i = 0; s->site.names.proxy_count && i < 3; i++)
        said[i] = all_of(s, x->connection, names[i]);
    kino_names_caller(&s->site.names, peer ? peer->client_addr : NULL,
                      &(kino_claims){.host = n                 ? named
                                             : x->heading.host ? x->heading.host
                                                               : "localhost",
                                     .forwarded_for = said[0] ? said[0] : "",
                                     .forwarded_host = said[1] ? said[1] : "",
                                     .forwarded_proto = said[2] ? said[2] : ""},
                      out);
    for (int i = 0; i < 3; i++)
        free(said[i]);
}

/* The length of "http://host" at the beginning of an address in its absolute form; 0 for any other. */
static size_t origin_of(const char *target, size_t *scheme)
{
    *scheme = !strncasecmp(target, "http://", 7) ? 7 : !strncasecmp(target, "https://", 8) ? 8 : 0;
    return *scheme ? *scheme + strcspn(target + *scheme, "/?#") : 0;
}

/* `url`: the path, decoded. */
static void read_request(server *s, exchange *x, const char *url, const char *method)
{
    struct MHD_Connection *c = x->connection;
    const size_t base = strlen(s->site.base_path);
    size_t scheme = 0;
    const size_t origin = origin_of(x->target, &scheme);
    kino_request *r = &x->request;
    *r = (kino_request){.method = method,
                        .if_none_match = header(s, c, "If-None-Match"),
                        .origin = header(s, c, "Origin"),
                        .content_type = header(s, c, "Content-Type"),
                        .accept_encoding = header(s, c, "Accept-Encoding"),
                        .body = x->body.data ? x->body.data : "",
                        .body_size = x->body.size};
    s->mhd.MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, take_param, r);
    read_caller(s, x, x->target + scheme, origin - scheme, &r->caller);
    if (memchr(x->target, '%', origin)) /* no name has one, and the decoded path would begin elsewhere */
        r->caller.host[0] = 0;
    else
        url += origin;
    if (origin && !*url)
        url = "/";
    r->path = !strncmp(url, s->site.base_path, base) && url[base] == '/' ? url + base : base ? "" : url;
}

/* A request that has to wait, in a thread that may. */
static void answer_later(void *ctx, bool stopping)
{
    exchange *x = ctx;
    server *s = x->server;
    if (stopping)
        kino_respond_busy(&x->out, RETRY, "stopping", "the server is being stopped");
    else
        kino_route(&s->site, &x->request, &x->out);
    x->answered = true;
    s->mhd.MHD_resume_connection(x->connection);
}

/* Whether the answer is there now; else it is given later, and libmicrohttpd calls again for it. */
static bool answer_now(server *s, exchange *x)
{
    kino_tasks *tasks = kino_route_tasks(&s->site, &x->request);
    if (!tasks) {
        kino_route(&s->site, &x->request, &x->out);
        return true;
    }
    s->mhd.MHD_suspend_connection(x->connection); /* before it can be resumed */
    if (!kino_tasks_add(tasks, answer_later, x)) {
        kino_respond_busy(&x->out, RETRY, "busy", "too many requests wait for the network already");
        x->answered = true;
        s->mhd.MHD_resume_connection(x->connection);
    }
    return false;
}

static enum MHD_Result give_answer(server *s, exchange *x, kino_visit *visit, const char *method)
{
    if (!s->opt->quiet)
        kino_log_request(x->request.caller.address, method, x->target, x->out.status, size_of(&x->out));
    kino_visit_answered(&s->site.visits, visit);
    return send_response(s, x->connection, &x->out);
}

/* The header is there: the body is still to come, unless something is wrong already. */
static enum MHD_Result begin(server *s, exchange *x, const char *url, const char *method, const char *version,
                             kino_visit *visit)
{
    x->begun = true;
    s->mhd.MHD_get_connection_values(x->connection, MHD_HEADER_KIND, look_at, &x->heading);
    const char *fault = fault_of(&x->heading, version);
    if (!fault)
        return MHD_YES;
    kino_visit_asked(visit);
    read_request(s, x, url, method);
    kino_respond_error(&x->out, 400, "bad_request", fault);
    x->out.close = true;
    return give_answer(s, x, visit, method);
}

static enum MHD_Result answer(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    server *s = ctx;
    exchange *x = *state;
    kino_visit *visit = s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (!x->begun)
        return begin(s, x, url, method, version, visit);
    if (*upload_size) {
        if (x->body.size + *upload_size > BODY_MOST)
            x->too_large = true;
        else
            kino_buffer_put(&x->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (!x->answered) {
        kino_visit_asked(visit);
        read_request(s, x, url, method);
        if (within_limits(x, &x->out) && !answer_now(s, x))
            return MHD_YES;
    }
    return give_answer(s, x, visit, method);
}

static void end_exchange(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
    server *s = ctx;
    exchange *x = *state;
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        kino_visit_rests(&s->site.visits,
                         s->mhd.MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
    if (x) {
        if (x->out.kept) /* it was never given */
            kino_kept_give(x->out.kept);
        free(x->out.body.data);
        free(x->body.data);
        free(x->target);
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
    kino_log_fault fault = {0};
    unsigned pause = 0;
    while (!*s->opt->stop) {
        kino_error err = {0};
        const bool asked = s->opt->reload && *s->opt->reload;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
        kino_visits_end_late(&s->site.visits);
        if (asked)
            *(volatile sig_atomic_t *)(uintptr_t)s->opt->reload = 0;
        if (pause && !asked) {
            pause--;
            continue;
        }
        pause = kino_live_reopen(s->site.live, asked, &err) ? PAUSE_LOOKS : 0;
        kino_log_catalogue(&fault, pause ? err.text : "");
    }
}

/* What was begun has its answer, unless the client takes it too slowly. */
static void let_them_leave(server *s)
{
    enum { STEP_MS = 10 };
    for (int ms = 0; ms < LEAVE_MS && kino_visits_busy(&s->site.visits); ms += STEP_MS)
        nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
}

static void allow_files(rlim_t wanted)
{
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files) && files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* The door alone limits connections. libmicrohttpd's own limit is a share for each thread, and one that is handed over when
 * the share is used up leaves its thread (0.9.75) waiting for a lock that it holds itself. */
static struct MHD_Daemon *start(server *s, unsigned threads, unsigned patience)
{
    return s->mhd.MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC |
                                       MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME,
                                   0, NULL, NULL, answer, s, MHD_OPTION_THREAD_POOL_SIZE, threads,
                                   MHD_OPTION_CONNECTION_LIMIT, UINT_MAX, MHD_OPTION_CONNECTION_TIMEOUT, patience,
                                   MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_NOTIFY_CONNECTION,
                                   begin_or_end_visit, s, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, s,
                                   MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, s, MHD_OPTION_END);
}

static kino_status open_door(kino_door *door, const kino_serve_options *opt, int *port, kino_error *err)
{
    if (kino_door_open_given(door))
        return KINO_OK;
    return opt->socket ? kino_door_open_path(door, opt->socket, err)
                       : kino_door_open_address(door, opt->bind ? opt->bind : "127.0.0.1", port, err);
}

kino_status kino_serve(const kino_serve_options *opt, kino_error *err)
{
    server s = {.opt = opt,
                .site = {.base_path = opt->base_path ? opt->base_path : "",
                         .allow_writes = opt->allow_writes,
                         .held_most = opt->cache_bytes + KINO_READ_MOST}};
    kino_door door = {
        .visits = &s.site.visits, .most = CONNECTIONS, .most_of_client = OF_A_CLIENT, .enter = enter, .ctx = &s};
    kino_live live = {0};
    int port = opt->port;
    const int cores = kino_thread_count(opt->library.threads);
    const unsigned threads = cores > 1 ? (unsigned)cores : 2; /* twice as many: p99 of 12 ms instead of 7 */
    const unsigned patience = (unsigned)(opt->timeout ? opt->timeout : PATIENCE);
    kino_options one = opt->library;
    one.threads = 1; /* of each request; there are many */
    kino_visits_init(&s.site.visits, 2000 * (uint64_t)patience, 1000 * (uint64_t)patience, (uint64_t)PACE * patience);
    allow_files(CONNECTIONS + 256);
    kino_guard_install();
    kino_status st = kino_names_init(&s.site.names, opt->hosts, opt->host_count, opt->proxies, opt->proxy_count, err);
    if (!st)
        st = load(&s.mhd, err);
    if (!st)
        st = kino_live_open(&one, opt->cache_bytes, &s.site.held, &live, err);
    if (!st)
        st = open_door(&door, opt, &port, err);
    if (st)
        goto done;
    kino_names_bound(&s.site.names, door.listening);
    s.site.live = &live;
    s.site.additions = kino_tasks_open(ADDITIONS, ADDITIONS_WAITING);
    s.site.questions = kino_tasks_open(QUESTIONS, QUESTIONS_WAITING);
    if (s.site.additions && s.site.questions)
        s.daemon = start(&s, threads, patience);
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
    kino_tasks_stop(s.site.additions); /* before libmicrohttpd is: what waits is suspended there */
    kino_tasks_stop(s.site.questions);
    if (s.daemon) {
        let_them_leave(&s);
        s.mhd.MHD_stop_daemon(s.daemon);
    }
    kino_tasks_close(s.site.additions);
    kino_tasks_close(s.site.questions);
    if (door.own_path)
        unlink(opt->socket);
    kino_live_close(&live);
    return st;
}
