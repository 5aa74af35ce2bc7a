/* stats.c - mean, deviation and quantiles. */
#include "ingest/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* Neumaier's compensated sum. */
typedef struct sum {
    double total, lost;
} sum;

static void add(sum *s, double x)
{
    double t = s->total + x;
    s->lost += fabs(s->total) >= fabs(x) ? (s->total - t) + x : (x - t) + s->total;
    s->total = t;
}

void kino_mean_std(const double *x, size_t n, double *mean, double *std)
{
    sum values = {0}, squares = {0};
    size_t count = 0;
    *mean = *std = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        add(&values, x[i]);
        count++;
    }
    if (!count)
        return;
    *mean = (values.total + values.lost) / (double)count;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            add(&squares, (x[i] - *mean) * (x[i] - *mean));
    *std = sqrt((squares.total + squares.lost) / (double)count);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double kino_quantile(const double *x, size_t n, double q)
{
    double *sorted = kino_alloc_array(n, sizeof *sorted), result = NAN;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            sorted[count++] = x[i];
    if (count) {
        qsort(sorted, count, sizeof *sorted, ascending);
        double at = q * (double)(count - 1);
        size_t low = (size_t)at, high = low + 1 < count ? low + 1 : low;
        double part = at - (double)low, step = sorted[high] - sorted[low];
        result = part < 0.5 ? sorted[low] + step * part : sorted[high] - step * (1 - part); /* as numpy's lerp */
    }
    free(sorted);
    return result;
}
