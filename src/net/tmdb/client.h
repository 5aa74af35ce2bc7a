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

/* A path with its query, in an arena: `path`, then the escaped value of n bytes (NULL: none), then the language if that
 * is not NULL. */
const char *kino_tmdb_path(kino_arena *a, const char *path, const char *value, size_t n, const char *language);

/* Whether two tags name the same language, as "en" and "en-US" do. */
bool kino_tmdb_same_language(const char *a, const char *b);

/* The outcome of a call that consists of one request. */
kino_status kino_tmdb_outcome(const kino_request *r, kino_error *err);

#endif
