/* together.c - films scored for several people. */
#include "rank/together.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank/candidates.h"

/* The best of what a taste finds is at least this: where nothing is alike, shares of next to nothing mean nothing. */
#define LEAST_BEST 0.05

/* Of the ratings of a film by each taste, those that please each person most: by[people]. */
static void find_most_pleasing(const kino_together *t, const kino_ranked *ratings, size_t *by)
{
    bool found[KINO_MAX_PEOPLE] = {false};
    for (size_t i = 0; i < t->count; i++) {
        const size_t person = t->whose[i];
        if (found[person] && ratings[i].score / t->best[i] <= ratings[by[person]].score / t->best[by[person]])
            continue;
        found[person] = true;
        by[person] = i;
    }
}

/* What a film is to all, out of the ratings of it. */
static void blend_ratings(const kino_together *t, const kino_ranked *ratings, kino_ranked *out)
{
    size_t by[KINO_MAX_PEOPLE], least = 0;
    find_most_pleasing(t, ratings, by);
    for (size_t p = 1; p < t->people; p++)
        if (ratings[by[p]].score / t->best[by[p]] < ratings[by[least]].score / t->best[by[least]])
            least = p;
    *out = ratings[by[least]];
    out->seed = UINT32_MAX;
    out->score = 0;
    for (int part = 0; part < KINO_PART_COUNT; part++) {
        double sum = 0;
        for (size_t p = 0; p < t->people; p++)
            sum += ratings[by[p]].parts[part] / t->best[by[p]];
        const double own = ratings[by[least]].parts[part] / t->best[by[least]];
        out->parts[part] = kino_grain(t->scale * (KINO_LEAST * own + (1 - KINO_LEAST) * sum / (double)t->people));
        out->score += out->parts[part];
    }
}

static void rate(const kino_together *t, size_t row, kino_ranked *ratings)
{
    for (size_t i = 0; i < t->count; i++)
        kino_rate(&t->tastes[i], row, &ratings[i]);
}

/* The best score of each taste among the films, and the mean of what each person could have alone. */
static void find_best(kino_together *t, const kino_ranked *ratings, size_t count)
{
    double most[KINO_MAX_PEOPLE] = {0};
    for (size_t i = 0; i < t->count; i++) {
        t->best[i] = LEAST_BEST;
        for (size_t r = 0; r < count; r++)
            t->best[i] = fmax(t->best[i], ratings[r * t->count + i].score);
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
        size_t *near = NULL;
        const size_t found = kino_candidates_find(&t->tastes[i], pool, allowed, &near);
        rows = kino_resize_array(rows, count + found + 1, sizeof *rows);
        for (size_t f = 0; f < found; f++) {
            kino_allowed_clear(t->tastes[i].scorer->rows, near[f], allowed);
            rows[count++] = near[f];
        }
        free(near);
    }
    kino_ranked *ratings = kino_alloc_array(count * t->count + 1, sizeof *ratings);
    kino_ranked *films = kino_alloc_array(count + 1, sizeof *films);
    for (size_t i = 0; i < count; i++)
        rate(t, rows[i], ratings + i * t->count);
    find_best(t, ratings, count);
    for (size_t i = 0; i < count; i++)
        blend_ratings(t, ratings + i * t->count, &films[i]);
    qsort(films, count, sizeof *films, kino_ranked_order);
    free(ratings);
    free(rows);
    *out = films;
    return count;
}

void kino_pleased_of(const kino_together *t, size_t row, kino_pleased *out)
{
    kino_ranked ratings[KINO_MAX_PEOPLE * KINO_MAX_LEANINGS];
    size_t by[KINO_MAX_PEOPLE];
    rate(t, row, ratings);
    find_most_pleasing(t, ratings, by);
    for (size_t p = 0; p < t->people; p++)
        out[p] = (kino_pleased){.share = fmax(ratings[by[p]].score / t->best[by[p]], 0),
                                .seed = t->tastes[by[p]].like.films[ratings[by[p]].seed].id};
}
