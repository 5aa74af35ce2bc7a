/* groups.c - liked films -> the groups of a taste. */
#include "engine/groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "kern/kern.h"

enum {
    TRIES = 4,   /* starts of the grouping, of which the tightest is taken */
    ROUNDS = 20, /* of one; it seldom takes ten */
    PURPOSE = 0x7a57e,
};

/* A film rated as high as this is liked, however high the others are: some rate nothing but what they love. */
#define GOOD 0.7

/* How fast a like ages, and what always remains of it. */
#define HALF_LIFE (5 * 365.25)
#define REMAINS 0.25

/* The facts count more than the plots here: a taste is a genre and an era before it is a story. */
#define PLOT_SHARE 0.35

static void normalise(float *v)
{
    double sum = 0;
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        sum += (double)v[d] * v[d];
    for (size_t d = 0; sum > 0 && d < KINO_VECTOR_DIM; d++)
        v[d] = (float)(v[d] / sqrt(sum));
}

static double cosine(const float *a, const float *b)
{
    return kino_kernels_get()->dot_f32(a, b, KINO_VECTOR_DIM);
}

/* ---- likes ---- */

/* From 0.5 at the lowest rating of a like to 1 at the best; a film that was seen and not rated is liked a little. Then
 * half of what may fade is gone in five years before the last entry, whose day is the clock. */
static double weight_of(const kino_seen *film, double least, int64_t last)
{
    double w = isfinite(least) ? 0.25 : 0.5;
    if (film->rating < 0)
        return 0;
    if (isfinite(film->rating))
        w = film->rating < least ? 0 : 0.5 + 0.5 * (film->rating - least) / (1 - least);
    if (last && film->day)
        w *= REMAINS + (1 - REMAINS) * exp2(-(double)(last - film->day) / HALF_LIFE);
    return fmin(w, 1);
}

static void find_likes(const kino_rows *r, const kino_history *h, kino_groups *g)
{
    double sum = 0, least = NAN;
    size_t rated = 0;
    int64_t last = 0;
    for (size_t i = 0; i < h->count; i++) {
        rated += h->films[i].rating >= 0;
        sum += h->films[i].rating >= 0 ? h->films[i].rating : 0;
        last = h->films[i].day > last ? h->films[i].day : last;
    }
    if (rated)
        least = fmin(sum / (double)rated, GOOD) - 1e-9; /* a film of exactly the mean is liked */
    g->films = kino_alloc_array(h->count + 1, sizeof *g->films);
    for (size_t i = 0; i < h->count; i++) {
        const size_t row = kino_rows_find(r, h->films[i].id);
        const double w = weight_of(&h->films[i], least, last);
        if (row < r->count && w > 0)
            g->films[g->film_count++] = (kino_liked){.id = h->films[i].id, .row = row, .weight = w};
    }
    g->vectors = kino_alloc_floats(g->film_count * KINO_VECTOR_DIM + 1);
    for (size_t i = 0; i < g->film_count; i++) {
        float *v = g->vectors + i * KINO_VECTOR_DIM;
        memcpy(v, kino_rows_vector(r, g->films[i].row), KINO_VECTOR_DIM * sizeof *v);
        for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
            v[d] *= (float)sqrt(d < KINO_PLOT_DIM ? PLOT_SHARE : 1 - PLOT_SHARE);
        normalise(v);
    }
}

/* ---- groups ---- */

/* The groups are those of the films alone: weighted, a taste of years ago would be swept into what is loved today. */

/* The film at which the running sum of the distances passes a random part of the whole. */
static size_t draw(const kino_groups *g, const double *distance, uint64_t index)
{
    double sum = 0;
    for (size_t i = 0; i < g->film_count; i++)
        sum += distance[i];
    double left = sum * kino_random_unit(0, PURPOSE, index);
    for (size_t i = 0; i < g->film_count; i++) {
        left -= distance[i];
        if (left < 0)
            return i;
    }
    return g->film_count - 1;
}

/* k-means++: each middle begins as a film that is likely to be far from those chosen before. */
static void begin(kino_groups *g, int attempt, double *distance)
{
    for (size_t i = 0; i < g->film_count; i++)
        distance[i] = 1;
    for (size_t c = 0; c < g->count; c++) {
        float *middle = g->middles + c * KINO_VECTOR_DIM;
        const size_t first = draw(g, distance, (uint64_t)attempt * KINO_MAX_LEANINGS + c);
        memcpy(middle, g->vectors + first * KINO_VECTOR_DIM, KINO_VECTOR_DIM * sizeof *middle);
        for (size_t i = 0; i < g->film_count; i++)
            distance[i] = fmin(distance[i], fmax(1 - cosine(middle, g->vectors + i * KINO_VECTOR_DIM), 0));
    }
}

/* Each film to its nearest middle; the sum of the cosines. */
static double assign(kino_groups *g, bool *changed)
{
    double sum = 0;
    *changed = false;
    for (size_t i = 0; i < g->film_count; i++) {
        size_t best = 0;
        double near = -2;
        for (size_t c = 0; c < g->count; c++) {
            const double x = cosine(g->middles + c * KINO_VECTOR_DIM, g->vectors + i * KINO_VECTOR_DIM);
            if (x > near) {
                near = x;
                best = c;
            }
        }
        *changed = *changed || g->films[i].group != best;
        g->films[i].group = best;
        g->films[i].near = near;
        sum += near;
    }
    return sum;
}

static void move_middles(kino_groups *g)
{
    memset(g->middles, 0, g->count * KINO_VECTOR_DIM * sizeof *g->middles);
    for (size_t i = 0; i < g->film_count; i++)
        for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
            g->middles[g->films[i].group * KINO_VECTOR_DIM + d] += g->vectors[i * KINO_VECTOR_DIM + d];
    for (size_t c = 0; c < g->count; c++)
        normalise(g->middles + c * KINO_VECTOR_DIM);
}

static void make_groups(kino_groups *g)
{
    double best = -INFINITY, *distance = kino_alloc_array(g->film_count, sizeof *distance);
    kino_liked *tightest = kino_alloc_array(g->film_count, sizeof *tightest);
    g->count = (size_t)lround(sqrt((double)g->film_count / 2));
    g->count = g->count < 1 ? 1 : g->count > KINO_MAX_LEANINGS ? KINO_MAX_LEANINGS : g->count;
    g->middles = kino_alloc_floats(g->count * KINO_VECTOR_DIM);
    for (int attempt = 0; attempt < TRIES; attempt++) {
        bool changed = true;
        double sum = 0;
        begin(g, attempt, distance);
        for (int round = 0; round < ROUNDS && changed; round++) {
            sum = assign(g, &changed);
            if (changed || !round)
                move_middles(g);
        }
        if (sum > best) {
            best = sum;
            memcpy(tightest, g->films, g->film_count * sizeof *tightest);
        }
    }
    memcpy(g->films, tightest, g->film_count * sizeof *tightest);
    for (size_t i = 0; i < g->film_count; i++)
        g->weights[g->films[i].group] += g->films[i].weight;
    free(tightest);
    free(distance);
}

/* Films of one group behind each other, the heaviest group first, in it the heaviest films near the middle. */
static int by_group(const void *a, const void *b)
{
    const kino_liked *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    const double p = x->weight * x->near, q = y->weight * y->near;
    return p != q ? (p > q ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

/* Numbers the groups by their weight, leaves out empty ones and sorts the films by them. */
static void order_groups(kino_groups *g)
{
    size_t number[KINO_MAX_LEANINGS], kept = 0;
    double weights[KINO_MAX_LEANINGS] = {0};
    for (size_t c = 0; c < g->count; c++) {
        number[c] = 0;
        for (size_t o = 0; o < g->count; o++)
            number[c] += g->weights[o] > g->weights[c] || (g->weights[o] == g->weights[c] && o < c);
        weights[number[c]] = g->weights[c];
        kept += g->weights[c] > 0;
    }
    for (size_t i = 0; i < g->film_count; i++)
        g->films[i].group = number[g->films[i].group];
    memcpy(g->weights, weights, sizeof weights);
    g->count = kept;
    qsort(g->films, g->film_count, sizeof *g->films, by_group);
}

/* ---- all of it ---- */

void kino_groups_of(const kino_rows *r, const kino_history *h, kino_groups *out)
{
    *out = (kino_groups){0};
    find_likes(r, h, out);
    if (!out->film_count)
        return;
    make_groups(out);
    order_groups(out);
}

void kino_groups_free(kino_groups *g)
{
    free(g->films);
    free(g->vectors);
    free(g->middles);
}

size_t kino_groups_size(const kino_groups *g, size_t begin)
{
    size_t end = begin;
    while (end < g->film_count && g->films[end].group == g->films[begin].group)
        end++;
    return end - begin;
}
