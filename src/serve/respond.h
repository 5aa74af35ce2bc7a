/* respond.h - the answer to a request. */
#ifndef KINO_SERVE_RESPOND_H
#define KINO_SERVE_RESPOND_H

#include "base/jsontree.h"
#include "serve/cache.h"

typedef struct kino_response {
    int status;
    const char *type; /* Content-Type */
    kino_buffer body;
    kino_kept *kept;   /* a body shared with others, instead; to be given back */
    const void *fixed; /* a body that lives as long as the program, instead */
    size_t fixed_size;
    char etag[40];      /* "": none */
    const char *allow;  /* for 405 */
    int retry_after;    /* seconds, for 503; 0: not said */
    bool close;         /* the connection ends with the answer */
    char location[64];  /* for a redirect */
    bool gzip, lasting; /* the body is compressed; may be kept by the browser */
} kino_response;

/* {"error":{"code":...,"message":...}} */
void kino_respond_error(kino_response *out, int status, const char *code, const char *message);
/* 503, and when to try again. */
void kino_respond_busy(kino_response *out, int retry_after, const char *code, const char *message);
/* Answers with what a failed call of the library means over HTTP, and with the candidates, if any. */
void kino_respond_failure(kino_response *out, const kino_error *err, const kino_matches *candidates);
void kino_respond_tree(kino_response *out, kino_tree *tree); /* frees it */
void kino_respond_film_page(kino_response *out, int64_t id); /* a redirect to it */

#endif
