/* request.h - a request without the library that read it, and its answer. */
#ifndef KINO_SERVE_REQUEST_H
#define KINO_SERVE_REQUEST_H

#include "base/jsontree.h"
#include "serve/cache.h"
#include "serve/live.h"
#include "serve/page.h"
#include "serve/visits.h"

typedef kino_page_pair kino_param; /* decoded */

enum { KINO_MAX_PARAMS = 64 };

typedef struct kino_request {
    const char *method, *path; /* the path behind the base path, decoded */
    kino_param params[KINO_MAX_PARAMS];
    size_t param_count;
    bool too_many;                                                              /* more parameters than that */
    const char *if_none_match, *origin, *host, *content_type, *accept_encoding; /* "" when absent */
    const char *body;
    size_t body_size;
} kino_request;

typedef struct kino_response {
    int status;
    const char *type; /* Content-Type */
    kino_buffer body;
    kino_kept *kept;   /* a body shared with others, instead; to be given back */
    const void *fixed; /* a body that lives as long as the program, instead */
    size_t fixed_size;
    char etag[40];      /* "": none */
    const char *allow;  /* for 405 */
    char location[64];  /* for a redirect */
    bool gzip, lasting; /* the body is compressed; may be kept by the browser */
} kino_response;

typedef struct kino_site {
    kino_live *live;
    kino_visits visits;
    const char *base_path;
    bool allow_writes;
    pthread_mutex_t writing;            /* one film is learned at a time */
    atomic_ulong requests, by_class[6]; /* answered; by the first digit of the status */
    atomic_ulong micros;                /* spent on them */
    atomic_ulong remembered, computed;  /* answers that hold for a generation: from the cache, and not */
} kino_site;

/* The value of a parameter, or NULL; the first one of that name. */
const char *kino_param_get(const kino_request *r, const char *name);

/* Answers anything; errors are answers too. */
void kino_route(kino_site *site, const kino_request *r, kino_response *out);
/* {"error":{"code":...,"message":...}} */
void kino_respond_error(kino_response *out, int status, const char *code, const char *message);
/* What a failed call of the library is over HTTP; the candidates, if any, go with it. */
void kino_respond_failure(kino_response *out, const kino_error *err, const kino_matches *candidates);
void kino_respond_tree(kino_response *out, kino_tree *tree); /* frees it */
void kino_respond_film_page(kino_response *out, int64_t id); /* leads there */

/* ---- films that come over HTTP (adding.c) ---- */

void kino_add_movie(kino_site *site, const kino_request *r, kino_response *out);
void kino_add_from_page(kino_site *site, const kino_request *r, kino_response *out); /* the form: tmdb=ID */

/* ---- the question of a request (query.c) ---- */

typedef struct kino_question {
    int64_t like_ids[KINO_MAX_SEEDS], dislike_ids[KINO_MAX_SEEDS];
    kino_movie *like[KINO_MAX_SEEDS], *dislike[KINO_MAX_SEEDS];
    kino_query query;
    kino_arena memory;
} kino_question;

/* Freed by kino_question_free, also after a failure. Ids or titles that name one film; KINO_AMBIGUOUS or KINO_NOT_FOUND
 * with *candidates for a title. */
kino_status kino_question_read(kino *k, const kino_request *r, kino_question *out, kino_matches **candidates,
                               kino_error *err);
void kino_question_free(kino_question *q);

/* ---- assets (assets.c) ---- */

typedef struct kino_asset {
    const char *name, *type, *etag;
    const unsigned char *bytes, *end;
} kino_asset;

const kino_asset *kino_asset_find(const char *name); /* compressed by gzip */

#endif
