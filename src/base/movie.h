/* movie.h - films copied and compared, with everything that is in them. */
#ifndef KINO_BASE_MOVIE_H
#define KINO_BASE_MOVIE_H

#include "base/alloc.h"
#include "kino.h"

/* Everything of a film into the arena. */
void kino_movie_copy(const kino_movie *m, kino_arena *arena, kino_movie *out);

/* Whether two records say the same; an unknown number is equal to another one. */
bool kino_movie_equal(const kino_movie *a, const kino_movie *b);

#endif
