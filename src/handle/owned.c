/* owned.c - results, films and matches, made and freed as a whole. */
#include "handle/owned.h"

#include <stdlib.h>

void kino_results_free(kino_results *results)
{
    if (!results)
        return;
    kino_owned_results *r = (kino_owned_results *)results;
    kino_arena_free(&r->arena);
    free(r);
}

void kino_movie_free(kino_movie *movie)
{
    if (!movie)
        return;
    kino_owned_movie *m = (kino_owned_movie *)movie;
    kino_arena_free(&m->arena);
    free(m);
}

typedef struct owned_matches {
    kino_matches matches; /* first: the caller's pointer */
    kino_arena arena;
} owned_matches;

kino_matches *kino_matches_new(size_t count, kino_arena **arena)
{
    owned_matches *m = kino_alloc(sizeof *m);
    m->matches.items = kino_arena_alloc(&m->arena, count * sizeof *m->matches.items);
    m->matches.count = count;
    *arena = &m->arena;
    return &m->matches;
}

void kino_matches_free(kino_matches *matches)
{
    if (!matches)
        return;
    owned_matches *m = (owned_matches *)matches;
    kino_arena_free(&m->arena);
    free(m);
}
