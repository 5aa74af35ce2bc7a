/* choose.h - of ranked films, those to answer with: one of a collection, and unlike each other if that is asked for. */
#ifndef KINO_RANK_CHOOSE_H
#define KINO_RANK_CHOOSE_H

#include "rank/rank.h"

/* Films that are scored for an answer, and two more for each film that is wanted; `kino eval` found that more add
 * little, but for popular ones, which are few. */
#define KINO_POOL 400
#define KINO_POOL_POPULAR 1000

typedef struct kino_choice {
    const kino_taste *taste;
    double diversity;   /* 0 to 1 */
    bool sequels;       /* more than one of a collection */
    kino_ranked *films; /* [count], best first */
    size_t count;
    size_t *chosen; /* [wanted], into films */
    size_t chosen_count, wanted;
} kino_choice;

/* Takes the best film left, again and again; with diversity, a film's score less how much it is like the nearest that
 * was taken (maximal marginal relevance), out of the best few. Films of a collection that is there are left, unless
 * `repeat`. What was chosen is then put in the order of its scores. */
void kino_choose(kino_choice *c, bool repeat);

#endif
