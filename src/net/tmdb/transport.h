/* transport.h - requests to TMDB, many at a time: one loop over libcurl's multi interface that keeps the rate,
 * repeats what failed in passing, changes the address and follows the redirects that are allowed.
 *
 *     kino_request r = {.path = "/movie/550"};
 *     if (!kino_transport_run(t, &r, 1, err))
 *         if (!r.status)
 *             read(r.json);
 *     kino_requests_free(&r, 1); */
#ifndef KINO_NET_TRANSPORT_H
#define KINO_NET_TRANSPORT_H

#include "net/tmdb/json.h"

#include "net/tmdb/tmdb.h"

typedef struct kino_transport kino_transport;

/* `opt` must have every default filled in; its strings are copied. */
kino_status kino_transport_open(const kino_tmdb_options *opt, kino_transport **out, kino_error *err);
void kino_transport_close(kino_transport *t); /* NULL is fine */

/* From its kino_transport_begin on each call of the client may take `ms`, however many runs it makes; 0: any time. */
void kino_transport_set_budget(kino_transport *t, int ms);
void kino_transport_begin(kino_transport *t);

typedef struct kino_request {
    const char *path;   /* behind the base address, query and all but the key; must outlive the call */
    bool image;         /* behind the address of the images instead: asked for its head, without the key */
    kino_status status; /* out: of this request */
    cJSON *json;        /* out: the answer, when status is KINO_OK; of an image NULL */
    char problem[320];  /* out: one line, else "" */
} kino_request;

/* Sends all and waits. It fails for a fault that hits every request, and the requests that were hit have that status; a
 * request's own fault is in the request alone. */
kino_status kino_transport_run(kino_transport *t, kino_request *requests, size_t count, kino_error *err);
void kino_requests_free(kino_request *requests, size_t count); /* the answers, not the array */

#endif
