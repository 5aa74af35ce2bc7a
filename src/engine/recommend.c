/* recommend.c - seeds and text -> ranked films with their parts.
 *
 *   score(q, c) = w_plot cos(q.plot, c.plot) + w_profile cos(q.profile, c.profile)
 *
 * Both blocks of a film are unit vectors, so the weighted query, joined, gives the score as one inner product: that
 * is what the index searches with. The parts of what it finds are then computed one by one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/status.h"
#include "base/thread.h"
#include "engine/engine.h"
#include "kern/kern.h"

enum { DEFAULT_K = 10 };

/* How much a disliked film pulls away, against a liked one. */
#define DISLIKE 0.5f

/* A part is a multiple of 2^-20, so that every sum of parts is exact in a double. */
static double grain(double x)
{
    return nearbyint(x * 0x1p20) * 0x1p-20;
}

static void normalise(float *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)v[i] * v[i];
    for (size_t i = 0; sum > 0 && i < n; i++)
        v[i] = (float)(v[i] / sqrt(sum));
}

static kino_status check(const kino_query *q, kino_error *err)
{
    if (!q->like_count && !(q->about && *q->about))
        return kino_fail(err, KINO_USAGE, "nothing to go by: name a film, or say what it should be about");
    if (q->k > KINO_MAX_K)
        return kino_fail(err, KINO_USAGE, "k is at most %d", KINO_MAX_K);
    if (q->like_count > KINO_MAX_SEEDS || q->dislike_count > KINO_MAX_SEEDS)
        return kino_fail(err, KINO_USAGE, "at most %d films in one question", KINO_MAX_SEEDS);
    if (q->weighted && !(q->weight_plot >= 0 && q->weight_profile >= 0 && q->weight_plot + q->weight_profile > 0 &&
                         isfinite(q->weight_plot + q->weight_profile)))
        return kino_fail(err, KINO_USAGE, "weights are not negative, and not both 0");
    if (q->filter.genre_count > KINO_MAX_FILTER || q->filter.no_genre_count > KINO_MAX_FILTER ||
        q->filter.language_count > KINO_MAX_FILTER)
        return kino_fail(err, KINO_USAGE, "at most %d names in one filter", KINO_MAX_FILTER);
    return KINO_OK;
}

/* Rows that may be answered, a bit for each, of the snapshot and of what came later. */
enum { BASE, TAIL, PARTS };

static void clear_row(const kino_rows *r, size_t row, uint64_t *const allowed[PARTS])
{
    uint64_t *bits = allowed[row < r->base->count ? BASE : TAIL];
    kino_part_of(r, row, &row);
    bits[row / 64] &= ~(UINT64_C(1) << row % 64);
}

/* Adds the seeds' vectors, times `sign`, to the query, and takes the seeds out of what may be answered. */
static kino_status add_seeds(const kino_rows *r, const int64_t *ids, size_t count, float sign, float *query,
                             uint64_t *const allowed[PARTS], kino_error *err)
{
    for (size_t i = 0; i < count; i++) {
        size_t row = kino_row_of(r, ids[i]);
        if (row == r->count)
            return kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)ids[i]);
        for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
            query[d] += sign / (float)count * kino_row_vector(r, row)[d];
        clear_row(r, row, allowed);
    }
    return KINO_OK;
}

/* The older fusion joined code x 3.5 with text x 1 and normalised: squared, the shares of the two cosines. */
static void default_weights(kino_recipe recipe, double *plot, double *profile)
{
    *plot = recipe == KINO_RECIPE_CLASSIC ? 1.0 / (1.0 + 3.5 * 3.5) : 0.4;
    *profile = 1.0 - *plot;
}

typedef struct owned_results {
    kino_results results;  /* first: the caller's pointer */
    kino_arena arena;
} owned_results;

/* The list of hits as films with parts; ordered by the exact scores, equal ones by id. */
static kino_status explain(kino *k, const float *query, const kino_hit *hits, size_t count, owned_results *out,
                           kino_error *err)
{
    const kino_rows *r = k->rows;
    const kino_kernels *kern = kino_kernels_get();
    kino_results *list = &out->results;
    list->items = kino_arena_alloc(&out->arena, count * sizeof *list->items);
    for (size_t i = 0; i < count; i++) {
        const float *v = kino_row_vector(r, hits[i].row);
        kino_movie *m = kino_arena_alloc(&out->arena, sizeof *m);
        kino_result one = {.movie = m, .part_count = 2};
        one.parts[0] = (kino_part){"plot", grain(kern->dot_f32(query, v, KINO_PLOT_DIM))};
        one.parts[1] = (kino_part){
            "profile", grain(kern->dot_f32(query + KINO_PLOT_DIM, v + KINO_PLOT_DIM, KINO_PROFILE_DIM))};
        one.score = one.parts[0].value + one.parts[1].value;
        kino_status st = kino_row_film(k, hits[i].row, &out->arena, m, err);
        if (st)
            return st;
        size_t at = list->count++;
        while (at > 0 && (list->items[at - 1].score < one.score ||
                          (list->items[at - 1].score == one.score && list->items[at - 1].movie->id > m->id))) {
            list->items[at] = list->items[at - 1];
            at--;
        }
        list->items[at] = one;
    }
    return KINO_OK;
}

/* The k best of both parts, best first, equal ones by id. */
static size_t search(const kino_rows *r, const float *query, size_t k, uint64_t *const allowed[PARTS], kino_hit *hits)
{
    kino_scratch *scratch = kino_scratch_new();
    size_t found = r->graph ? kino_hnsw_search(r->graph, r->base->vectors, query, k, 0, allowed[BASE], scratch, hits)
                            : kino_exact_search(r->base->vectors, query, k, allowed[BASE], scratch, hits);
    if (r->tail) {
        kino_hit *later = kino_alloc_array(k, sizeof *later);
        size_t count = kino_exact_search(r->tail->vectors, query, k, allowed[TAIL], scratch, later);
        for (size_t i = 0; i < count; i++) {
            size_t at = found < k ? found++ : k, own;
            const int64_t id = r->tail->ids[later[i].row];
            for (; at > 0; at--) {
                const kino_snapshot *part = kino_part_of(r, hits[at - 1].row, &own);
                if (hits[at - 1].score > later[i].score ||
                    (hits[at - 1].score == later[i].score && part->ids[own] < id))
                    break;
                if (at < k)
                    hits[at] = hits[at - 1];
            }
            if (at < k)
                hits[at] = (kino_hit){(uint32_t)(r->base->count + later[i].row), later[i].score};
        }
        free(later);
    }
    kino_scratch_free(scratch);
    return found;
}

kino_status kino_recommend(kino *k, const kino_query *q, kino_results **out, kino_error *err)
{
    double started = kino_now_ms(), plot, profile;
    uint64_t *allowed[PARTS] = {NULL, NULL};
    kino_hit *hits = NULL;
    owned_results *answer = NULL;
    float query[KINO_VECTOR_DIM] = {0}, about[KINO_PLOT_DIM];
    kino_status st = check(q, err);
    if (!st)
        st = kino_use_rows(k, true, err);
    if (st)
        return st;
    const kino_rows *r = k->rows;
    const size_t wanted = q->k ? q->k : DEFAULT_K;
    allowed[BASE] = kino_alloc_array(r->base->count / 64 + 1, sizeof **allowed);
    kino_filter_rows(&q->filter, r->base, r->hidden, allowed[BASE]);
    if (r->tail) {
        allowed[TAIL] = kino_alloc_array(r->tail->count / 64 + 1, sizeof **allowed);
        kino_filter_rows(&q->filter, r->tail, NULL, allowed[TAIL]);
    }
    st = add_seeds(r, q->like, q->like_count, 1, query, allowed, err);
    if (!st)
        st = add_seeds(r, q->dislike, q->dislike_count, -DISLIKE, query, allowed, err);
    if (st)
        goto done;
    default_weights(k->recipe, &plot, &profile);
    if (q->weighted) {
        plot = q->weight_plot / (q->weight_plot + q->weight_profile);
        profile = 1.0 - plot;
    }
    if (q->about && *q->about) {
        st = kino_use_minilm(k, err);
        if (!st)
            st = kino_minilm_embed(k->minilm, 1, &q->about, NULL, 1, about, NULL, NULL, NULL, err);
        if (st)
            goto done;
        for (size_t d = 0; d < KINO_PLOT_DIM; d++)
            query[d] += about[d];
        if (!q->like_count && !q->dislike_count)  /* words say nothing of the facts */
            plot = 1, profile = 0;
    }
    normalise(query, KINO_PLOT_DIM);
    normalise(query + KINO_PLOT_DIM, KINO_PROFILE_DIM);
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        query[d] *= (float)(d < KINO_PLOT_DIM ? plot : profile);

    hits = kino_alloc_array(wanted, sizeof *hits);
    size_t found = search(r, query, wanted, allowed, hits);
    answer = kino_alloc(sizeof *answer);
    st = explain(k, query, hits, found, answer, err);
    if (st) {
        kino_results_free(&answer->results);
    } else {
        answer->results.took_ms = kino_now_ms() - started;
        *out = &answer->results;
    }
done:
    free(hits);
    free(allowed[BASE]);
    free(allowed[TAIL]);
    return st;
}

void kino_results_free(kino_results *results)
{
    if (!results)
        return;
    owned_results *r = (owned_results *)results;
    kino_arena_free(&r->arena);
    free(r);
}
