/* links.h - MovieLens' links.csv: from its own numbers of films to TMDB's and IMDb's ids. */
#ifndef KINO_INGEST_LINKS_H
#define KINO_INGEST_LINKS_H

#include "base/idmap.h"
#include "kino.h"

typedef struct kino_link {
    int64_t tmdb;  /* 0: not told */
    char imdb[16]; /* "tt0114709", or "" */
} kino_link;

/* Zero-initialise. */
typedef struct kino_movielens {
    kino_idmap places;
    kino_link *items;
    size_t count, capacity;
} kino_movielens;

/* Reads the file that is given, or with NULL the links.csv beside `path`, whose lack is KINO_USAGE. Freed by
 * kino_movielens_free whatever is returned. */
kino_status kino_movielens_read(const char *path, const char *given, kino_movielens *out, kino_error *err);
void kino_movielens_free(kino_movielens *l);

/* NULL for a number that it does not have. */
const kino_link *kino_movielens_get(const kino_movielens *l, int64_t movie);

#endif
