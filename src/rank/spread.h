/* spread.h - how far the likeness of each part spreads over candidates, which weights are divided by. */
#ifndef KINO_RANK_SPREAD_H
#define KINO_RANK_SPREAD_H

#include "rank/score.h"

/* Of films drawn by number, each beside the films of the nearest plots: the root of the mean variance, over pairs that
 * both tell, into out->spreads; 0 for a part of which too few pairs tell. Rows with vectors, and with out->mean as their
 * statistics. Recipe classic has none. The same rows give the same numbers, whatever the thread count. */
void kino_spreads_measure(const kino_rows *r, kino_recipe recipe, int threads, kino_statistics *out);

#endif
