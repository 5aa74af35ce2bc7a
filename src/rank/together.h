/* together.h - films for several people at once, of whom the least pleased counts.
 *
 * Everybody has a taste or several (the groups of a history). A film pleases somebody by its score in the taste that
 * likes it best, as a share of the best score that this taste gives to any film that may be answered: 1 is the film that
 * person would have been given alone. What all have together is KINO_LEAST of the least pleased one's share and, for the
 * rest, the mean of all, on the scale of a usual score. Its parts are shared out in the same way, so they add up. */
#ifndef KINO_RANK_TOGETHER_H
#define KINO_RANK_TOGETHER_H

#include "rank/rank.h"

#define KINO_LEAST 0.75

typedef struct kino_together {
    /* given */
    const kino_taste *tastes; /* [count], each with liked films, and all else alike */
    const size_t *whose;      /* [count]: the person, from 0, everybody at least once */
    size_t count, people;     /* people: at most KINO_MAX_PEOPLE */
    /* found by kino_rank_together */
    double best[KINO_MAX_PEOPLE * KINO_MAX_LEANINGS]; /* [count] above 0 */
    double scale;
} kino_together;

/* The films near any of the tastes, `pool` of each, scored for all, best first, equal ones by id; they are taken out of
 * `allowed`. *out is freed by the caller. */
size_t kino_rank_together(kino_together *t, size_t pool, kino_allowed *allowed, kino_ranked **out);

/* How much a film pleases each: out[people]. */
void kino_pleased_of(const kino_together *t, size_t row, kino_pleased *out);

#endif
