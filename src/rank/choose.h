/* choose.h - of ranked films, those to answer with: one of a collection, few of a director, unlike each other, and
 * something for every film that is liked. */
#ifndef KINO_RANK_CHOOSE_H
#define KINO_RANK_CHOOSE_H

#include "rank/rank.h"

/* Films that are scored for an answer, and two more for each film that is wanted. More add little, but for popular ones,
 * which are few. */
#define KINO_POOL 150
#define KINO_POOL_POPULAR 1000

typedef struct kino_choice {
    const kino_taste *taste;
    double diversity;   /* 0 to 1 */
    bool sequels;       /* more than one of a collection, and any number of a director */
    kino_ranked *films; /* [count], best first */
    size_t count;
    size_t *chosen; /* [wanted], into films */
    size_t chosen_count, wanted;
} kino_choice;

/* Takes the best film left, again and again; with diversity, a film's score less how much it is like the nearest that
 * was taken (maximal marginal relevance), out of the best few. Films of a collection that is there are left, and so are
 * those of a director of whom two are there for each ten that are wanted, unless `repeat`. Where there are two to five
 * liked films, each of which brought some film to choose from, each brings at least one of the list. What was chosen is
 * then put in the order of its scores. */
void kino_choose(kino_choice *c, bool repeat);

#endif
