#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "eval/eval.h"
#include "kern/kern.h"
#include "rank/candidates.h"

#define SHRINK 20.0 /* ItemKNN: films that few like are neighbours of nobody */

/* ---- learning ---- */

void kino_learned_init(const kino_bench *b, bool of_tuning, bool of_test, int64_t before, kino_learned_model *out)
{
    const kino_ratings *r = &b->ratings;
    size_t n = 0;
    out->likes = kino_alloc_array(b->films, sizeof *out->likes);
    out->liker_at = kino_alloc_array(b->films + 2, sizeof *out->liker_at);
    out->like_at = kino_alloc_array(r->user_count + 1, sizeof *out->like_at);
    out->like_rows = kino_alloc_array(r->count + 1, sizeof *out->like_rows);
    out->likers = kino_alloc_array(r->count + 1, sizeof *out->likers);
    for (size_t u = 0; u < r->user_count; u++) {
        for (size_t i = r->users[u].begin; (r->users[u].tuning ? of_tuning : of_test) && i < r->users[u].end; i++)
            if (r->items[i].like && r->items[i].time < before) {
                out->like_rows[n++] = r->items[i].row;
                out->likes[r->items[i].row]++;
                out->liker_at[r->items[i].row + 2]++;
            }
        out->like_at[u + 1] = n;
    }
    for (size_t f = 0; f < b->films; f++)
        out->liker_at[f + 2] += out->liker_at[f + 1];
    for (size_t u = 0; u < r->user_count; u++)
        for (size_t i = out->like_at[u]; i < out->like_at[u + 1]; i++)
            out->likers[out->liker_at[out->like_rows[i] + 1]++] = (uint32_t)u;
}

void kino_learned_free(kino_learned_model *l)
{
    free(l->likes);
    free(l->liker_at);
    free(l->likers);
    free(l->like_at);
    free(l->like_rows);
    *l = (kino_learned_model){0};
}

/* ---- what kino is compared with ---- */

static void by_chance(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                      size_t count, double *score)
{
    (void)m, (void)seeds, (void)count;
    for (size_t i = 0; i < b->films; i++)
        score[i] = (double)(kino_random(0, q->target, i) >> 11);
}

static void by_likes(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                     size_t count, double *score)
{
    (void)m, (void)q, (void)seeds, (void)count;
    memcpy(score, b->learned.likes, b->films * sizeof *score);
}

static void by_neighbours(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                          size_t count, double *score)
{
    const kino_learned_model *l = &b->learned;
    double *shared = kino_alloc_array(b->films, sizeof *shared);
    (void)m, (void)q;
    memset(score, 0, b->films * sizeof *score);
    for (size_t s = 0; s < count; s++) {
        memset(shared, 0, b->films * sizeof *shared);
        for (size_t i = l->liker_at[seeds[s]]; i < l->liker_at[seeds[s] + 1]; i++)
            for (size_t j = l->like_at[l->likers[i]]; j < l->like_at[l->likers[i] + 1]; j++)
                shared[l->like_rows[j]]++;
        for (size_t i = 0; i < b->films; i++)
            if (shared[i] > 0)
                score[i] += shared[i] / (sqrt(l->likes[i] * l->likes[seeds[s]]) + SHRINK);
    }
    free(shared);
}

static void by_vectors(const kino_bench *b, const float *vectors, const float *query, double *score)
{
    const kino_kernels *kern = kino_kernels_get();
    for (size_t i = 0; i < b->films; i++)
        score[i] = kern->dot_f32(query, vectors ? vectors + i * KINO_VECTOR_DIM : b->facets[i].vector, KINO_VECTOR_DIM);
}

static void by_text(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                    size_t count, double *score)
{
    float query[KINO_VECTOR_DIM] = {0};
    (void)m, (void)q, (void)count;
    memcpy(query, b->facets[seeds[0]].vector, KINO_PLOT_DIM * sizeof *query);
    by_vectors(b, NULL, query, score);
}

static void by_classic(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                       size_t count, double *score)
{
    float query[KINO_VECTOR_DIM];
    double plot, profile;
    (void)m, (void)q, (void)count;
    kino_search_weights(&plot, &profile);
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        query[d] = (float)(d < KINO_PLOT_DIM ? plot : profile) * b->classic[seeds[0] * KINO_VECTOR_DIM + d];
    by_vectors(b, b->classic, query, score);
}

/* ---- kino ---- */

static void taste_of(const kino_bench *b, const kino_method *m, const size_t *seeds, size_t count, kino_taste *out)
{
    kino_taste_init(out, &b->k->films->scorer);
    out->popularity = m->popularity;
    out->serve = m->serve;
    out->known = b->facets;
    kino_seeds_init(b->rows, seeds, NULL, count, &out->like);
}

static void by_search(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                      size_t count, double *score)
{
    kino_taste taste;
    float query[KINO_CANDIDATE_QUERIES][KINO_VECTOR_DIM];
    (void)q;
    taste_of(b, m, seeds, count, &taste);
    kino_candidates_queries(&taste, KINO_ELSEWHERE_PROFILE, query);
    by_vectors(b, NULL, query[0], score);
    kino_seeds_free(&taste.like);
}

/* As kino_recommend answers: those that were chosen for the list, the others that were scored, the rest as the index has
 * them. */
static void by_kino(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                    size_t count, double *score)
{
    static const kino_filter none;
    const kino_ratings *r = &b->ratings;
    enum { SCORED = 100, CHOSEN = 1000 }; /* above every score of the search, and of the scoring */
    size_t chosen[KINO_EVAL_TOP];
    kino_taste taste;
    kino_allowed allowed;
    taste_of(b, m, seeds, count, &taste);
    kino_allowed_init(b->rows, &none, &allowed);
    for (size_t i = r->users[q->user].begin; i < q->target; i++)
        kino_allowed_clear(b->rows, r->items[i].row, &allowed);
    kino_choice c = {.taste = &taste, .diversity = m->diversity, .chosen = chosen, .wanted = KINO_EVAL_TOP};
    c.count = kino_rank(&taste, m->pool, &allowed, &c.films);
    bool scored = false;
    for (size_t i = 0; i < c.count; i++)
        scored = scored || c.films[i].row == r->items[q->target].row;
    if (scored) /* the order of the rest is nobody's rank */
        memset(score, 0, b->films * sizeof *score);
    else
        by_search(b, m, q, seeds, count, score);
    for (size_t i = 0; i < c.count; i++)
        score[c.films[i].row] = SCORED + c.films[i].score;
    if (m->diversity > 0 || !m->sequels) {
        kino_choose(&c, m->sequels);
        for (size_t i = 0; i < c.chosen_count; i++)
            score[c.films[chosen[i]].row] = CHOSEN - (double)i;
    }
    free(c.films);
    kino_allowed_free(&allowed);
    kino_seeds_free(&taste.like);
}

static int by_id(const void *a, const void *b)
{
    const kino_seen *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* As kino_recommend_history answers to all that the user had rated, what was not liked too. Films that are not in the
 * list share a rank. */
static void by_tastes(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                      size_t count, double *score)
{
    enum { SECONDS_A_DAY = 86400 };
    const kino_ratings *r = &b->ratings;
    const size_t begin = r->users[q->user].begin;
    kino_history h = {.kind = "MovieLens", .films = kino_alloc_array(q->target - begin + 1, sizeof *h.films)};
    const kino_query query = {.k = KINO_EVAL_TOP};
    kino_results *list = NULL;
    kino_error err;
    (void)m, (void)seeds, (void)count;
    for (size_t i = begin; i < q->target; i++)
        h.films[i - begin] = (kino_seen){.id = b->rows->base->ids[r->items[i].row],
                                         .rating = r->items[i].stars / KINO_EVAL_STARS,
                                         .day = r->items[i].time / SECONDS_A_DAY};
    qsort(h.films, q->target - begin, sizeof *h.films, by_id);
    for (size_t i = 0; i < q->target - begin; i++)
        if (!h.count || h.films[h.count - 1].id != h.films[i].id)
            h.films[h.count++] = h.films[i];
    memset(score, 0, b->films * sizeof *score);
    if (!kino_recommend_history(b->k, &h, &query, NULL, &list, &err))
        for (size_t i = 0; i < list->count; i++)
            score[kino_rows_find(b->rows, list->items[i].movie->id)] = (double)(KINO_EVAL_TOP - i);
    kino_results_free(list);
    free(h.films);
}

/* ---- the table ---- */

#define SCORED(diverse, share, films)                                                                                  \
    .score = by_kino, .diversity = (diverse), .serve = (share), .pool = (films) + 2 * KINO_EVAL_TOP
#define KINO SCORED(KINO_DIVERSITY, KINO_SERVE, KINO_POOL)
#define POPULAR SCORED(KINO_DIVERSITY, KINO_SERVE, KINO_POOL_POPULAR)

const kino_method kino_eval_one[] = {
    {.name = "kino", .seeds = 1, KINO},
    {.name = "kino, neither diversity nor one of a collection",
     .seeds = 1,
     SCORED(0, KINO_SERVE, KINO_POOL),
     .sequels = true},
    {.name = "kino, popularity 0.5", .seeds = 1, POPULAR, .popularity = 0.5},
    {.name = "kino, popularity 1", .seeds = 1, POPULAR, .popularity = 1},
    {.name = "kino, index alone", .seeds = 1, .score = by_search},
    {.name = "text alone", .seeds = 1, .score = by_text},
    {.name = "classic fusion", .seeds = 1, .score = by_classic, .classic = true},
    {.name = "random", .seeds = 1, .score = by_chance},
    {.name = "popularity", .seeds = 1, .score = by_likes},
    {.name = "ItemKNN", .seeds = 1, .score = by_neighbours},
};
const size_t kino_eval_one_count = sizeof kino_eval_one / sizeof *kino_eval_one;

const kino_method kino_eval_five[] = {
    {.name = "kino, the last of five", .seeds = 1, KINO},
    {.name = "kino", .seeds = 5, KINO},
    {.name = "kino, mean of seeds", .seeds = 5, SCORED(KINO_DIVERSITY, 0, KINO_POOL)},
    {.name = "kino, best seed", .seeds = 5, SCORED(KINO_DIVERSITY, 1, KINO_POOL)},
    {.name = "ItemKNN", .seeds = 5, .score = by_neighbours},
};
const size_t kino_eval_five_count = sizeof kino_eval_five / sizeof *kino_eval_five;

const kino_method kino_eval_history[] = {
    {.name = "kino, the likes as seeds", .seeds = 0, KINO},
    {.name = "kino --history", .seeds = 0, .score = by_tastes},
    {.name = "popularity", .seeds = 0, .score = by_likes},
    {.name = "ItemKNN", .seeds = 0, .score = by_neighbours},
};
const size_t kino_eval_history_count = sizeof kino_eval_history / sizeof *kino_eval_history;

const kino_method kino_eval_later[] = {
    {.name = "kino", .seeds = 1, KINO},
    {.name = "popularity", .seeds = 1, .score = by_likes},
    {.name = "ItemKNN", .seeds = 1, .score = by_neighbours},
};
const size_t kino_eval_later_count = sizeof kino_eval_later / sizeof *kino_eval_later;
