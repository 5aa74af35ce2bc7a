/* rank.c - films scored by a taste. */
#include "rank/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kern/kern.h"
#include "rank/candidates.h"

double kino_grain(double x)
{
    return nearbyint(x * 0x1p20) * 0x1p-20;
}

/* ---- seeds ---- */

void kino_seeds_init(const kino_rows *r, const size_t *rows, const double *weights, size_t count, kino_seeds *out)
{
    double sum = 0;
    *out = (kino_seeds){.count = count};
    if (!count)
        return;
    out->films = kino_alloc_array(count, sizeof *out->films);
    out->weights = kino_alloc_array(count, sizeof *out->weights);
    for (size_t i = 0; i < count; i++) {
        kino_facets_of(r, rows[i], &out->films[i]);
        sum += out->weights[i] = weights ? weights[i] : 1;
    }
    for (size_t i = 0; i < count; i++)
        out->weights[i] /= sum;
}

void kino_seeds_free(kino_seeds *s)
{
    free(s->films);
    free(s->weights);
}

void kino_taste_init(kino_taste *t, const kino_scorer *scorer)
{
    *t = (kino_taste){.scorer = scorer, .about_weight = 1, .serve = KINO_SERVE};
    for (int p = 0; p < KINO_PART_COUNT; p++)
        t->times[p] = 1;
}

void kino_taste_about(kino_taste *t, const float *about)
{
    t->about = about;
    t->about_mean = 0;
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        t->about_mean += (double)about[d] * t->scorer->rows->base->statistics.mean[d];
}

/* ---- scores ---- */

/* The parts of a film beside seeds, and the seed that counts most for it. */
static void blend(const kino_taste *t, const kino_seeds *seeds, const kino_facets *film, double serve, double *part,
                  uint32_t *most)
{
    double one[KINO_PART_COUNT], best[KINO_PART_COUNT] = {0}, best_score = -INFINITY;
    memset(part, 0, KINO_PART_COUNT * sizeof *part);
    for (size_t i = 0; i < seeds->count; i++) {
        double score = 0;
        kino_likeness(t->scorer, &seeds->films[i], film, one);
        for (int p = 0; p < KINO_PART_COUNT; p++) {
            one[p] *= t->times[p];
            part[p] += seeds->weights[i] * one[p];
            score += one[p];
        }
        score *= seeds->weights[i];
        if (score > best_score) {
            best_score = score;
            *most = (uint32_t)i;
            memcpy(best, one, sizeof best);
        }
    }
    for (int p = 0; seeds->count > 1 && p < KINO_PART_COUNT; p++)
        part[p] += serve * (best[p] - part[p]);
}

/* What beside parts is compared with cosines alone, those of words without films or of recipe classic. */
static double scale_of(const kino_taste *t, bool alone)
{
    return alone || t->scorer->recipe == KINO_RECIPE_CLASSIC ? KINO_COSINES : 1;
}

static double words_part(const kino_taste *t, const kino_facets *film)
{
    const double product = kino_kernels_get()->dot_f32(t->about, film->vector, KINO_PLOT_DIM);
    if (!t->like.count)
        return product;
    if (!film->plot)
        return 0;
    return KINO_WORDS * scale_of(t, false) * t->about_weight *
           kino_plot_cosine(t->scorer, product, t->about_mean, film->plot_mean);
}

static const kino_facets *facets_of(const kino_taste *t, size_t row, kino_facets *own)
{
    if (t->known)
        return &t->known[row];
    kino_facets_of(t->scorer->rows, row, own);
    return own;
}

void kino_rate(const kino_taste *t, size_t row, kino_ranked *out)
{
    kino_facets own_facets;
    const kino_facets *film = facets_of(t, row, &own_facets);
    double part[KINO_PART_COUNT] = {0}, away[KINO_PART_COUNT];
    uint32_t nearest = UINT32_MAX;
    *out = (kino_ranked){.row = row,
                         .id = film->id,
                         .seed = UINT32_MAX,
                         .collection = film->collection,
                         .director_count = film->directors.count};
    memcpy(out->directors, film->directors.items, film->directors.count * sizeof *out->directors);
    if (t->like.count)
        blend(t, &t->like, film, t->serve, part, &out->seed);
    if (t->dislike.count) {
        const double less =
            KINO_DISLIKE * (t->like.count || t->scorer->recipe == KINO_RECIPE_CLASSIC ? 1 : KINO_COSINES);
        blend(t, &t->dislike, film, 1, away, &nearest);
        for (int p = 0; p < KINO_PART_COUNT; p++)
            part[p] -= less * away[p];
    }
    if (t->about)
        part[KINO_PART_PLOT] += words_part(t, film);
    if (t->popularity != 0)
        part[KINO_PART_POPULARITY] =
            scale_of(t, !t->like.count) * t->popularity * kino_prior_part(film->rating, film->fame);
    for (int p = 0; p < KINO_PART_COUNT; p++) {
        out->parts[p] = kino_grain(part[p]);
        out->score += out->parts[p];
    }
}

int kino_ranked_order(const void *a, const void *b)
{
    const kino_ranked *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->id > y->id) - (x->id < y->id);
}

size_t kino_rank(const kino_taste *t, size_t pool, kino_allowed *allowed, kino_ranked **out)
{
    size_t *rows = NULL;
    const size_t count = kino_candidates_find(t, pool, allowed, &rows);
    kino_ranked *ranked = kino_alloc_array(count + 1, sizeof *ranked);
    for (size_t i = 0; i < count; i++) {
        kino_allowed_clear(t->scorer->rows, rows[i], allowed);
        kino_rate(t, rows[i], &ranked[i]);
    }
    qsort(ranked, count, sizeof *ranked, kino_ranked_order);
    free(rows);
    *out = ranked;
    return count;
}
