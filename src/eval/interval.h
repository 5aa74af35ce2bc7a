/* interval.h - how sure a figure is: the middle 95 % of what other sets of the same size, drawn from the measured one with
 * repetition, would have given. The draws are counter-based random numbers, the same everywhere. */
#ifndef KINO_EVAL_INTERVAL_H
#define KINO_EVAL_INTERVAL_H

#include "kino.h"

enum { KINO_DRAWS = 1000 };

/* For qsort: numbers, the least first. */
int kino_number_order(const void *a, const void *b);
/* The number of the set's member that stands in place i of a draw. */
size_t kino_drawn(size_t draw, size_t i, size_t count);
/* The bounds of these figures of drawn sets, which are sorted; the value stays as it is. */
void kino_interval_find(double *drawn, size_t draws, kino_interval *out);

/* The mean and the median of numbers, of which NaN is left out; returns how many there were. All NaN if there were none. */
size_t kino_interval_mean(const double *x, size_t count, kino_interval *out);
size_t kino_interval_median(const double *x, size_t count, kino_interval *out);

#endif
