/* interval.c - the bootstrap. */
#include "eval/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

#define BOOTSTRAP UINT64_C(0x626f6f74)

size_t kino_drawn(size_t draw, size_t i, size_t count)
{
    return kino_random(0, BOOTSTRAP + draw, i) % count;
}

int kino_number_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void kino_interval_find(double *drawn, size_t draws, kino_interval *out)
{
    qsort(drawn, draws, sizeof *drawn, kino_number_order);
    out->low = drawn[draws * 25 / 1000];
    out->high = drawn[draws * 975 / 1000 - 1];
}

/* The numbers that are none are left out; the caller frees. */
static double *known(const double *x, size_t count, size_t *kept)
{
    double *out = kino_alloc_array(count + 1, sizeof *out);
    *kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(x[i]))
            out[(*kept)++] = x[i];
    return out;
}

size_t kino_interval_mean(const double *x, size_t count, kino_interval *out)
{
    size_t n;
    double *set = known(x, count, &n), drawn[KINO_DRAWS], sum = 0;
    *out = (kino_interval){NAN, NAN, NAN};
    for (size_t i = 0; i < n; i++)
        sum += set[i];
    for (size_t d = 0; n && d < KINO_DRAWS; d++) {
        drawn[d] = 0;
        for (size_t i = 0; i < n; i++)
            drawn[d] += set[kino_drawn(d, i, n)] / (double)n;
    }
    if (n) {
        out->value = sum / (double)n;
        kino_interval_find(drawn, KINO_DRAWS, out);
    }
    free(set);
    return n;
}

/* Of numbers in order, each so many times: the mean of the two in the middle, which are one if their count is odd. */
static double middle(const double *set, const uint32_t *times, size_t n)
{
    size_t passed = 0, at = 0;
    while (passed + times[at] <= (n - 1) / 2)
        passed += times[at++];
    const double low = set[at];
    while (passed + times[at] <= n / 2)
        passed += times[at++];
    return (low + set[at]) / 2;
}

size_t kino_interval_median(const double *x, size_t count, kino_interval *out)
{
    size_t n;
    double *set = known(x, count, &n), drawn[KINO_DRAWS];
    uint32_t *times = kino_alloc_array(n + 1, sizeof *times);
    *out = (kino_interval){NAN, NAN, NAN};
    qsort(set, n, sizeof *set, kino_number_order);
    for (size_t d = 0; n && d < KINO_DRAWS; d++) {
        memset(times, 0, n * sizeof *times);
        for (size_t i = 0; i < n; i++)
            times[kino_drawn(d, i, n)]++;
        drawn[d] = middle(set, times, n);
    }
    if (n) {
        out->value = (set[(n - 1) / 2] + set[n / 2]) / 2;
        kino_interval_find(drawn, KINO_DRAWS, out);
    }
    free(set);
    free(times);
    return n;
}
