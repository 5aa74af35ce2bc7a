/* movie.h - films that own their strings. */
#ifndef KINO_BASE_MOVIE_H
#define KINO_BASE_MOVIE_H

#include "base/alloc.h"
#include "kino.h"

/* Everything of a film into the arena. */
void kino_movie_copy(const kino_movie *m, kino_arena *arena, kino_movie *out);

#endif
