/* films.h - how the films that tmdb.h hands out are kept. */
#ifndef KINO_NET_FILMS_H
#define KINO_NET_FILMS_H

#include "base/alloc.h"
#include "net/tmdb/tmdb.h"

typedef struct kino_owned_films {
    kino_tmdb_films films; /* first: the caller's pointer, for kino_tmdb_films_free */
    kino_arena arena;
} kino_owned_films;

kino_owned_films *kino_films_new(const int64_t *ids, size_t count); /* nothing is known of them yet */
void kino_film_set_unknown(kino_tmdb_film *f, int64_t id);

#endif
