/* together.c - films scored for several people. */
#include "rank/together.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The best of what a taste finds is at least this: where nothing is alike, shares of next to nothing mean nothing. */
#define LEAST_BEST 0.05

/* For each person the film as the taste has it that it pleases most, and the number of that taste. */
static void rate_for_each(const kino_together *t, size_t row, kino_ranked *films, size_t *by)
{
    bool rated[KINO_MAX_PEOPLE] = {false};
    for (size_t i = 0; i < t->count; i++) {
        const size_t person = t->whose[i];
        kino_ranked one;
        kino_rate(&t->tastes[i], row, &one);
        if (rated[person] && one.score / t->best[i] <= films[person].score / t->best[by[person]])
            continue;
        rated[person] = true;
        films[person] = one;
        by[person] = i;
    }
}

static void rate_for_all(const kino_together *t, size_t row, kino_ranked *out)
{
    kino_ranked films[KINO_MAX_PEOPLE];
    size_t by[KINO_MAX_PEOPLE], least = 0;
    rate_for_each(t, row, films, by);
    for (size_t p = 1; p < t->people; p++)
        if (films[p].score / t->best[by[p]] < films[least].score / t->best[by[least]])
            least = p;
    *out = films[least];
    out->seed = UINT32_MAX;
    out->score = 0;
    for (int part = 0; part < KINO_PART_COUNT; part++) {
        double sum = 0;
        for (size_t p = 0; p < t->people; p++)
            sum += films[p].parts[part] / t->best[by[p]];
        const double own = films[least].parts[part] / t->best[by[least]];
        out->parts[part] = kino_grain(t->scale * (KINO_LEAST * own + (1 - KINO_LEAST) * sum / (double)t->people));
        out->score += out->parts[part];
    }
}

/* The best score of each taste among the films, and the mean of what each person could have alone. */
static void find_best(kino_together *t, const size_t *rows, size_t count)
{
    double most[KINO_MAX_PEOPLE] = {0};
    for (size_t i = 0; i < t->count; i++) {
        t->best[i] = LEAST_BEST;
        for (size_t r = 0; r < count; r++) {
            kino_ranked one;
            kino_rate(&t->tastes[i], rows[r], &one);
            t->best[i] = fmax(t->best[i], one.score);
        }
        most[t->whose[i]] = fmax(most[t->whose[i]], t->best[i]);
    }
    t->scale = 0;
    for (size_t p = 0; p < t->people; p++)
        t->scale += most[p] / (double)t->people;
}

size_t kino_rank_together(kino_together *t, size_t pool, kino_allowed *allowed, kino_ranked **out)
{
    size_t *rows = NULL, count = 0;
    for (size_t i = 0; i < t->count; i++) {
        kino_ranked *near = NULL;
        const size_t found = kino_rank(&t->tastes[i], pool, allowed, &near);
        rows = kino_resize_array(rows, count + found + 1, sizeof *rows);
        for (size_t f = 0; f < found; f++)
            rows[count++] = near[f].row;
        free(near);
    }
    find_best(t, rows, count);
    kino_ranked *films = kino_alloc_array(count + 1, sizeof *films);
    for (size_t i = 0; i < count; i++)
        rate_for_all(t, rows[i], &films[i]);
    qsort(films, count, sizeof *films, kino_ranked_order);
    free(rows);
    *out = films;
    return count;
}

void kino_pleased_of(const kino_together *t, size_t row, kino_pleased *out)
{
    kino_ranked films[KINO_MAX_PEOPLE];
    size_t by[KINO_MAX_PEOPLE];
    rate_for_each(t, row, films, by);
    for (size_t p = 0; p < t->people; p++)
        out[p] = (kino_pleased){.share = fmax(films[p].score / t->best[by[p]], 0),
                                .seed = t->tastes[by[p]].like.films[films[p].seed].id};
}
