/* serve.h - kino serve: the API over HTTP and the page, in one process over one mapped catalogue.
 *
 *     live.c     the catalogue, opened anew when it has changed     http.c     libmicrohttpd: requests, limits, headers
 *     routes.c   requests -> answers                                page.c     the page as HTML, results in place
 *     request.c  a request and its parameters -> a question         respond.c  answers, errors and redirects
 *     cache.c    answers that were given before                     visits.c   how long a client may take
 *     door.c     the socket that is listened on, and its limits     encode.c   gzip
 *     adding.c   films that come over HTTP                          assets.c   style and script, part of the program
 *     names.c    whose requests are taken, and from whom they are   tasks.c    what has to wait, in threads of its own
 *     guard.c    files that are cut while they are read             log.c      what is said on standard error
 *
 * libmicrohttpd is loaded when the server starts, so that no other command waits for it. */
#ifndef KINO_SERVE_SERVE_H
#define KINO_SERVE_SERVE_H

#include "kino.h"

typedef struct kino_serve_options {
    kino_options library;     /* of the catalogue; lent */
    const char *bind;         /* address; NULL: 127.0.0.1 */
    const char *socket;       /* path of a Unix socket, in the place of address and port; or NULL */
    int port;                 /* 0: any free one */
    const char *base_path;    /* "/kino" behind a reverse proxy; NULL: "" */
    const char *const *hosts; /* names that the server goes by, beside its address and localhost */
    size_t host_count;
    const char *const *proxies; /* whose X-Forwarded-* counts: addresses, networks, "unix" */
    size_t proxy_count;
    bool allow_writes;                             /* POST /api/v1/movies, from the same origin */
    bool quiet;                                    /* no access log */
    size_t cache_bytes;                            /* of answers that are kept; 0: none */
    int timeout;                                   /* seconds that a client may be silent; 0: 10 */
    const volatile sig_atomic_t *stop, *reload;    /* non-zero: end; open the catalogue anew (and set to 0) */
    void (*ready)(void *ctx, const char *address); /* "http://127.0.0.1:8080/", once requests are answered */
    void *ctx;
} kino_serve_options;

/* Returns when *stop is non-zero and every request that was under way has its answer. A socket that systemd hands over
 * (LISTEN_FDS) is used instead of bind and port. */
kino_status kino_serve(const kino_serve_options *opt, kino_error *err);

#endif
