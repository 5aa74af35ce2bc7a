/* reply.h - what an answer of TMDB means: its HTTP status, its body as JSON, its own error in it. */
#ifndef KINO_NET_REPLY_H
#define KINO_NET_REPLY_H

#include "net/tmdb/json.h"
#include <stddef.h>

typedef enum kino_reply_kind {
    KINO_REPLY_FILM,    /* what was asked for, in `json` */
    KINO_REPLY_AGAIN,   /* it may come when asked again */
    KINO_REPLY_SLOWER,  /* the same, and nothing is to be asked for a while */
    KINO_REPLY_ABSENT,  /* TMDB does not have it */
    KINO_REPLY_FAULT,   /* the request cannot be answered */
    KINO_REPLY_REFUSED, /* no request can be answered: the key is refused */
} kino_reply_kind;

typedef struct kino_reply {
    kino_reply_kind kind;
    cJSON *json;       /* an object; freed by kino_json_free; NULL unless KINO_REPLY_FILM */
    char problem[256]; /* "HTTP 500: Internal error: ..."; may hold a stranger's text; "" for a film */
} kino_reply;

/* Reads body[0..n), which it may change. */
void kino_reply_read(kino_reply *r, long http, char *body, size_t n);

#endif
