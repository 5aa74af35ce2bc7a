/* taste.c - a whole history -> the tastes it is made of -> an answer that serves each of them.
 *
 * The mean of somebody who loves horror and musicals is a film that nobody loves. So the liked films are put into a few
 * groups (spherical k-means over their vectors), each group asks for films like its own, and the answer takes turns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "handle/handle.h"
#include "handle/owned.h"
#include "kern/kern.h"

enum {
    DEFAULT_K = 10,
    SEEDS = 32,  /* of a group that are asked with: the heaviest near its middle */
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

typedef struct liked {
    int64_t id;
    size_t row;
    double weight;
    size_t group;
    double near; /* cosine to the middle of the group */
} liked;

typedef struct groups {
    liked *films;
    size_t film_count;
    float *vectors; /* [film_count][KINO_VECTOR_DIM], unit */
    float *middles; /* [count][KINO_VECTOR_DIM], unit */
    size_t count;
    double weights[KINO_MAX_LEANINGS];
} groups;

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
    if (isfinite(film->rating))
        w = film->rating < least ? 0 : 0.5 + 0.5 * (film->rating - least) / (1 - least);
    if (last && film->day)
        w *= REMAINS + (1 - REMAINS) * exp2(-(double)(last - film->day) / HALF_LIFE);
    return fmin(w, 1);
}

static void find_likes(const kino_rows *r, const kino_history *h, groups *g)
{
    double sum = 0, least = NAN;
    size_t rated = 0;
    int64_t last = 0;
    for (size_t i = 0; i < h->count; i++) {
        rated += isfinite(h->films[i].rating) != 0;
        sum += isfinite(h->films[i].rating) ? h->films[i].rating : 0;
        last = h->films[i].day > last ? h->films[i].day : last;
    }
    if (rated)
        least = fmin(sum / (double)rated, GOOD) - 1e-9; /* a film of exactly the mean is liked */
    g->films = kino_alloc_array(h->count + 1, sizeof *g->films);
    for (size_t i = 0; i < h->count; i++) {
        const size_t row = kino_rows_find(r, h->films[i].id);
        const double w = weight_of(&h->films[i], least, last);
        if (row < r->count && w > 0)
            g->films[g->film_count++] = (liked){.id = h->films[i].id, .row = row, .weight = w};
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
static size_t draw(const groups *g, const double *distance, uint64_t index)
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
static void begin(groups *g, int attempt, double *distance)
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
static double assign(groups *g, bool *changed)
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

static void move_middles(groups *g)
{
    memset(g->middles, 0, g->count * KINO_VECTOR_DIM * sizeof *g->middles);
    for (size_t i = 0; i < g->film_count; i++)
        for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
            g->middles[g->films[i].group * KINO_VECTOR_DIM + d] += g->vectors[i * KINO_VECTOR_DIM + d];
    for (size_t c = 0; c < g->count; c++)
        normalise(g->middles + c * KINO_VECTOR_DIM);
}

/* As many groups as half the films have for a square root: 2 of 5 films, 8 of 128. */
static void make_groups(groups *g)
{
    double best = -INFINITY, *distance = kino_alloc_array(g->film_count, sizeof *distance);
    liked *tightest = kino_alloc_array(g->film_count, sizeof *tightest);
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
    const liked *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    const double p = x->weight * x->near, q = y->weight * y->near;
    return p != q ? (p > q ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

/* Numbers the groups by their weight, leaves out empty ones and sorts the films by them. */
static void order_groups(groups *g)
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

/* ---- the answer ---- */

typedef struct turn {
    kino_results *list;
    size_t at, taken; /* looked at and taken of it */
} turn;

static bool is_taken(const kino_results *answer, const kino_result *r, bool sequels)
{
    for (size_t i = 0; i < answer->count; i++) {
        const kino_movie *m = answer->items[i].movie;
        if (m->id == r->movie->id || (!sequels && m->collection.id && m->collection.id == r->movie->collection.id))
            return true;
    }
    return false;
}

/* Sainte-Lague: the next film is of the group that has had the least of its share. */
static bool take_one(const groups *g, turn *turns, kino_results *answer, bool sequels)
{
    size_t next = SIZE_MAX;
    for (size_t c = 0; c < g->count; c++) {
        turn *t = &turns[c];
        while (t->at < t->list->count && is_taken(answer, &t->list->items[t->at], sequels))
            t->at++;
        if (t->at < t->list->count && (next == SIZE_MAX || g->weights[c] / (double)(2 * t->taken + 1) >
                                                               g->weights[next] / (double)(2 * turns[next].taken + 1)))
            next = c;
    }
    if (next == SIZE_MAX)
        return false;
    answer->items[answer->count++] = turns[next].list->items[turns[next].at++];
    turns[next].taken++;
    return true;
}

/* All lists as one; what they point to goes to the answer. Where that is too few, a second film of a collection is
 * better than none. */
static kino_results *take_turns(const groups *g, turn *turns, size_t k, bool sequels)
{
    kino_owned_results *answer = kino_alloc(sizeof *answer);
    answer->results.items = kino_arena_alloc(&answer->arena, k * sizeof *answer->results.items);
    while (answer->results.count < k && take_one(g, turns, &answer->results, sequels))
        ;
    for (size_t c = 0; c < g->count; c++)
        turns[c].at = 0;
    while (answer->results.count < k && take_one(g, turns, &answer->results, true))
        ;
    for (size_t c = 0; c < g->count; c++)
        kino_arena_join(&answer->arena, &((kino_owned_results *)turns[c].list)->arena);
    return &answer->results;
}

/* What a group asks: the films of it that weigh most, with their weights. */
static kino_status ask(kino *k, const kino_query *q, const liked *films, size_t count, kino_results **out,
                       kino_error *err)
{
    int64_t ids[SEEDS];
    double weights[SEEDS];
    kino_query own = *q;
    own.like = ids;
    own.like_weight = weights;
    for (size_t i = 0; i < count && i < SEEDS; i++) {
        ids[i] = films[i].id;
        weights[i] = films[i].weight;
        own.like_count = i + 1;
    }
    return kino_recommend(k, &own, out, err);
}

static void tell(const groups *g, kino_leanings *out)
{
    double sum = 0;
    *out = (kino_leanings){.count = g->count};
    for (size_t c = 0; c < g->count; c++)
        sum += g->weights[c];
    for (size_t c = 0; c < g->count; c++)
        out->items[c].share = g->weights[c] / sum;
    for (size_t i = 0; i < g->film_count; i++) {
        kino_leaning *one = &out->items[g->films[i].group];
        if (one->liked < KINO_LEANING_FILMS)
            one->films[one->liked] = g->films[i].id;
        one->liked++;
    }
}

static kino_status answer(kino *k, const groups *g, const kino_query *q, kino_results **out, kino_error *err)
{
    turn turns[KINO_MAX_LEANINGS] = {{0}};
    kino_status st = KINO_OK;
    size_t begin_of = 0;
    for (size_t c = 0; !st && c < g->count; c++) {
        size_t end = begin_of;
        while (end < g->film_count && g->films[end].group == c)
            end++;
        st = ask(k, q, g->films + begin_of, end - begin_of, &turns[c].list, err);
        begin_of = end;
    }
    if (!st)
        *out = take_turns(g, turns, q->k ? q->k : DEFAULT_K, q->sequels);
    for (size_t c = 0; c < g->count; c++)
        kino_results_free(turns[c].list);
    return st;
}

kino_status kino_recommend_history(kino *k, const kino_history *h, const kino_query *q, kino_leanings *leanings,
                                   kino_results **out, kino_error *err)
{
    const double started = kino_now_ms();
    groups g = {0};
    kino_query own = *q;
    if (q->like_count)
        return kino_fail(err, KINO_USAGE, "either films that are liked or a history of them");
    kino_status st = kino_use_films(k, true, err);
    if (st)
        return st;
    int64_t *unseen = kino_alloc_array(q->unseen_count + h->count + 1, sizeof *unseen);
    for (size_t i = 0; i < q->unseen_count; i++)
        unseen[i] = q->unseen[i];
    for (size_t i = 0; i < h->count; i++)
        unseen[q->unseen_count + i] = h->films[i].id;
    own.unseen = unseen;
    own.unseen_count = q->unseen_count + h->count;
    find_likes(&k->films->rows, h, &g);
    if (g.film_count) {
        make_groups(&g);
        order_groups(&g);
        if (leanings)
            tell(&g, leanings);
        st = answer(k, &g, &own, out, err);
    } else {
        st = kino_fail(err, KINO_NOT_FOUND, "no film of the history is in the catalogue");
    }
    if (!st)
        (*out)->took_ms = kino_now_ms() - started;
    free(g.films);
    free(g.vectors);
    free(g.middles);
    free(unseen);
    return st;
}
