/* owned.h - what the library hands out: each thing comes with the arena of all that it points to. Calls of kino.h free
 * it. */
#ifndef KINO_HANDLE_OWNED_H
#define KINO_HANDLE_OWNED_H

#include "base/alloc.h"
#include "kino.h"

/* The caller's pointer is that of the first member. */
typedef struct kino_owned_results {
    kino_results results;
    kino_arena arena;
} kino_owned_results;

typedef struct kino_owned_movie {
    kino_movie movie;
    kino_arena arena;
} kino_owned_movie;

/* Matches for a caller, with the arena for what they point to. kino_matches_free frees them. */
kino_matches *kino_matches_new(size_t count, kino_arena **arena);

#endif
