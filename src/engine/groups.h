/* groups.h - the liked films of a history, in the few groups of films alike that its taste is made of.
 *
 * The mean of somebody who loves horror and musicals is a film that nobody loves. So the liked films are put into groups
 * (spherical k-means over their vectors), as many as half the films have for a square root: 2 of 5 films, 8 of 128. */
#ifndef KINO_ENGINE_GROUPS_H
#define KINO_ENGINE_GROUPS_H

#include "handle/handle.h"

typedef struct kino_liked {
    int64_t id;
    size_t row;
    double weight; /* to 1 */
    size_t group;
    double near; /* cosine to the middle of the group */
} kino_liked;

typedef struct kino_groups {
    kino_liked *films; /* [film_count] of one group behind each other, the heaviest near its middle first */
    size_t film_count;
    float *vectors;                    /* [film_count][KINO_VECTOR_DIM], unit; while groups are made */
    float *middles;                    /* [count][KINO_VECTOR_DIM], unit */
    size_t count;                      /* 0: no film of the history is in the rows, or none is liked */
    double weights[KINO_MAX_LEANINGS]; /* the sum of its films', the greatest first */
} kino_groups;

/* What was rated above the history's mean, or 7 of 10, counts as liked. Freed by kino_groups_free. */
void kino_groups_of(const kino_rows *r, const kino_history *h, kino_groups *out);
void kino_groups_free(kino_groups *g);

/* How many films the group has whose first one is `begin`. */
size_t kino_groups_size(const kino_groups *g, size_t begin);

#endif
