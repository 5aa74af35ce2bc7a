/* films.h - the list of films that a table becomes; movies.c reads it, companions.c and classic.c work on it. */
#ifndef KINO_INGEST_FILMS_H
#define KINO_INGEST_FILMS_H

#include "base/alloc.h"
#include "kino.h"

/* Cast kept of a film, in the order of the credits. */
#define KINO_CAST 10

/* What a film without much of its own is drawn to. Set by recipe classic, whose schema needs the figures of a step
 * before the last; zero otherwise. */
typedef struct kino_prior {
    double rating;  /* C: mean rating */
    double votes;   /* m: 20 % quantile of the votes */
    double runtime; /* stands for a missing one */
} kino_prior;

/* Zero-initialise; kino_movies_free (movies.h) frees it. Everything in the items lives in the arena. */
typedef struct kino_movies {
    kino_arena arena;
    kino_movie *items; /* [count], in the order of the file */
    size_t count;
    kino_prior prior;
} kino_movies;

#endif
