/* movie.h - films copied and compared, with everything that is in them. */
#ifndef KINO_BASE_MOVIE_H
#define KINO_BASE_MOVIE_H

#include "base/alloc.h"
#include "kino.h"

/* Everything of a film into the arena. */
void kino_movie_copy(const kino_movie *m, kino_arena *arena, kino_movie *out);

/* What the record leaves out becomes what the older one says; texts and lists are lent. */
void kino_movie_keep(const kino_movie *older, kino_movie *m);

/* The fields that differ, as bits for kino_movie_field_names. */
unsigned kino_movie_differences(const kino_movie *a, const kino_movie *b);

/* Whether two records of one number are of different films. IMDb's ids decide where both are known; else a title may differ
 * when the year does not, and a year that is more than one off makes another film of it. */
bool kino_movie_is_another(const kino_movie *a, const kino_movie *b);

/* Whether two records say the same; an unknown number is equal to another one. */
bool kino_movie_equal(const kino_movie *a, const kino_movie *b);

#endif
