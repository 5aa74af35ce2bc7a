/* stats.h - figures of a column of numbers, defined as pandas defines them; NaN is left out. */
#ifndef KINO_INGEST_STATS_H
#define KINO_INGEST_STATS_H

#include <stddef.h>

/* Mean and population standard deviation (divided by n, as scikit-learn's StandardScaler); 0 and 0 of nothing. Two
 * passes with compensated sums: the order of the films does not matter to the last few bits. */
void kino_mean_std(const double *x, size_t n, double *mean, double *std);

/* Quantile by linear interpolation between the two nearest ranks (numpy's "linear"); NaN of nothing. */
double kino_quantile(const double *x, size_t n, double q);

#endif
