/* client.h - what tmdb.c, search.c and details.c share. */
#ifndef KINO_NET_CLIENT_H
#define KINO_NET_CLIENT_H

#include "base/alloc.h"
#include "net/tmdb/tmdb.h"
#include "net/tmdb/transport.h"

struct kino_tmdb {
    kino_transport *transport;
    char *language, *second_language; /* second NULL: English, or else the film's own */
};

/* A path with its query in an arena: `path` up to the value, the escaped value of n bytes (NULL: none), and behind it
 * the language where that is not NULL. */
const char *kino_tmdb_path(kino_arena *a, const char *path, const char *value, size_t n, const char *language);

/* Whether a language is meant by "en" as well as by "en-US". */
bool kino_tmdb_same_language(const char *a, const char *b);

/* The outcome of one request of which the whole call consists. */
kino_status kino_tmdb_outcome(const kino_request *r, kino_error *err);

#endif
