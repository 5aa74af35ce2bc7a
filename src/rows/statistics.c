/* statistics.c - the mean of all plots, and what may be statistics. */
#include "rows/statistics.h"

#include <math.h>
#include <string.h>

bool kino_statistics_valid(const kino_statistics *s)
{
    double length = 0;
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        length += (double)s->mean[d] * s->mean[d];
    for (size_t p = 0; p < KINO_MAX_PARTS; p++)
        if (!(s->spreads[p] >= 0 && s->spreads[p] < 1e6f))
            return false;
    return length <= 1 + 1e-3; /* false for NaN */
}

void kino_statistics_mean(const float *plots, size_t count, size_t stride, float mean[KINO_PLOT_DIM])
{
    double sum[KINO_PLOT_DIM] = {0};
    size_t told = 0;
    for (size_t i = 0; i < count; i++) {
        const float *v = plots + i * stride;
        bool any = false;
        for (size_t d = 0; d < KINO_PLOT_DIM; d++) {
            sum[d] += v[d];
            any = any || v[d] != 0;
        }
        told += any;
    }
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        mean[d] = told ? (float)(sum[d] / (double)told) : 0;
}
