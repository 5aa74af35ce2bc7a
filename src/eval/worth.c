/* worth.c - what one list is worth. */
#include <math.h>
#include <stdlib.h>

#include "eval/interval.h"
#include "eval/likeness.h"

enum { NEAR = 2 }; /* years */

double kino_discount(size_t place)
{
    return 1 / log2((double)place + 2);
}

double kino_list_worth(const double *gain, size_t count, size_t seed, const uint32_t top[KINO_EVAL_TOP])
{
    double best[KINO_EVAL_TOP] = {0}, ideal = 0, own = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = KINO_EVAL_TOP;
        if (i == seed)
            continue;
        for (; at > 0 && gain[i] > best[at - 1]; at--)
            if (at < KINO_EVAL_TOP)
                best[at] = best[at - 1];
        if (at < KINO_EVAL_TOP)
            best[at] = gain[i];
    }
    for (size_t i = 0; i < KINO_EVAL_TOP; i++) {
        ideal += best[i] * kino_discount(i);
        own += top[i] == UINT32_MAX ? 0 : gain[top[i]] * kino_discount(i);
    }
    return ideal > 0 ? own / ideal : NAN;
}

void kino_series_others(const kino_bench *b, uint32_t *others)
{
    kino_idmap films = {0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < b->films; i++) {
            const uint32_t collection = b->facets[i].collection;
            uint32_t *count = collection == UINT32_MAX ? NULL : kino_idmap_at(&films, (int64_t)collection + 1);
            if (!pass && count)
                *count = *count == UINT32_MAX ? 0 : *count + 1; /* the first is no other one */
            else if (pass)
                others[i] = count ? *count : 0;
        }
    kino_idmap_free(&films);
}

void kino_series_shares(const kino_bench *b, const uint32_t *seeds, const kino_lists *lists, double *share)
{
    uint32_t *others = kino_alloc_array(b->films + 1, sizeof *others);
    kino_series_others(b, others);
    for (size_t s = 0; s < lists->count; s++) {
        const uint32_t *rows = lists->rows + s * lists->length, all = others[seeds[s]];
        size_t found = 0;
        for (size_t i = 0; all && i < KINO_EVAL_TOP && i < lists->length && rows[i] != UINT32_MAX; i++)
            found += b->facets[rows[i]].collection == b->facets[seeds[s]].collection;
        share[s] = all ? (double)found / (all < KINO_EVAL_TOP ? all : KINO_EVAL_TOP) : NAN;
    }
    free(others);
}

/* Unknown votes are none. */
static double votes_of(const kino_bench *b, uint32_t row)
{
    const int64_t votes = kino_rows_votes(b->rows, row);
    return votes > 0 ? (double)votes : 0;
}

static double median_votes(const kino_bench *b, const uint32_t *rows, size_t count)
{
    double votes[KINO_EVAL_TOP];
    for (size_t i = 0; i < count; i++)
        votes[i] = votes_of(b, rows[i]);
    qsort(votes, count, sizeof *votes, kino_number_order);
    return (votes[(count - 1) / 2] + votes[count / 2]) / 2;
}

void kino_guards_of(const kino_bench *b, const uint32_t *seeds, const kino_lists *lists, const bool *chosen,
                    kino_guards *out)
{
    enum { FEW = 4 }; /* times as many votes has the seed */
    double *near = kino_alloc_array(3 * lists->count + 1, sizeof *near), *votes = near + lists->count,
           *few = votes + lists->count;
    size_t *shown = kino_alloc_array(b->films + 1, sizeof *shown), lists_of_any = 0, distinct = 0, most = 0;
    for (size_t s = 0; s < lists->count; s++) {
        const uint32_t *rows = lists->rows + s * lists->length;
        size_t count = 0;
        near[s] = votes[s] = few[s] = NAN;
        while (count < KINO_EVAL_TOP && count < lists->length && rows[count] != UINT32_MAX)
            count++;
        if (!count || (chosen && !chosen[seeds[s]]))
            continue;
        near[s] = 0;
        for (size_t i = 0; i < count; i++) {
            near[s] += (fabs(b->facets[rows[i]].year - b->facets[seeds[s]].year) <= NEAR) / (double)count;
            distinct += !shown[rows[i]]++;
            most = shown[rows[i]] > most ? shown[rows[i]] : most;
        }
        votes[s] = median_votes(b, rows, count) / fmax(votes_of(b, seeds[s]), 1);
        few[s] = votes[s] < 1.0 / FEW;
        lists_of_any++;
    }
    out->seeds = lists_of_any;
    kino_interval_mean(near, lists->count, &out->near);
    kino_interval_median(votes, lists->count, &out->votes);
    kino_interval_mean(few, lists->count, &out->few);
    out->shown = (double)distinct / (double)b->films;
    out->commonest = lists_of_any ? (double)most / (double)lists_of_any : NAN;
    free(near);
    free(shown);
}
