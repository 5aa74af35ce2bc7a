/* recommend.c - seeds and text -> the films to answer with.
 *
 * rank.c finds and scores a few hundred films; here k of them are chosen, one of a collection, unlike each other if
 * that was asked for. Where a few hundred are not enough for k, more are found. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/movie.h"
#include "base/status.h"
#include "base/thread.h"
#include "handle/owned.h"
#include "rank/candidates.h"
#include "rank/choose.h"
#include "remote/remote.h"

enum { DEFAULT_K = 10, MOST_WEIGHT = 1000000 };

static bool good_weights(const double *weights, size_t count)
{
    for (size_t i = 0; weights && i < count; i++)
        if (!(weights[i] > 0 && weights[i] <= 1e6))
            return false;
    return true;
}

/* What the question multiplies each part by: a name counts for what was named before, too. */
static bool weigh_parts(const kino_query *q, double times[KINO_PART_COUNT])
{
    double sum = 0;
    for (int p = 0; p < KINO_PART_COUNT; p++)
        times[p] = 1;
    for (size_t i = 0; i < q->weight_count; i++) {
        const unsigned parts = kino_parts_named(q->weights[i].name);
        if (!parts || !(q->weights[i].value >= 0 && q->weights[i].value <= MOST_WEIGHT))
            return false;
        for (int p = 0; p < KINO_PART_COUNT; p++)
            if (parts >> p & 1)
                times[p] = q->weights[i].value;
    }
    for (int p = 0; p < KINO_PART_POPULARITY; p++)
        sum += times[p];
    return sum > 0;
}

static bool good_parts(const kino_query *q)
{
    double times[KINO_PART_COUNT];
    return weigh_parts(q, times);
}

static kino_status check(const kino_query *q, kino_error *err)
{
    if (!q->like_count && !(q->about && *q->about))
        return kino_fail(err, KINO_USAGE, "nothing to go by: name a film, or say what it should be about");
    if (q->k > KINO_MAX_K)
        return kino_fail(err, KINO_USAGE, "k is at most %d", KINO_MAX_K);
    if (q->like_count > KINO_MAX_SEEDS || q->dislike_count > KINO_MAX_SEEDS)
        return kino_fail(err, KINO_USAGE, "at most %d films in one question", KINO_MAX_SEEDS);
    if (!good_parts(q))
        return kino_fail(err, KINO_USAGE, "the weight of a part is from 0 to %d, and not all can be 0", MOST_WEIGHT);
    if (!good_weights(q->like_weight, q->like_count) || !good_weights(q->dislike_weight, q->dislike_count) ||
        (q->about_weight != 0 && !good_weights(&q->about_weight, 1)))
        return kino_fail(err, KINO_USAGE, "the weight of a film or text is above 0, and at most 1000000");
    if (!(q->diversity <= 1) || !(q->popularity >= -1 && q->popularity <= 1))
        return kino_fail(err, KINO_USAGE, "diversity is from 0 to 1, popularity from -1 to 1");
    if (q->filter.genre_count > KINO_MAX_FILTER || q->filter.no_genre_count > KINO_MAX_FILTER ||
        q->filter.language_count > KINO_MAX_FILTER)
        return kino_fail(err, KINO_USAGE, "at most %d names in one filter", KINO_MAX_FILTER);
    return KINO_OK;
}

/* Words alone give scores of the plot, beside which likeness in all parts would weigh too much: no default there. */
static double diversity_of(const kino_query *q)
{
    return q->diversity == 0 && q->like_count ? KINO_DIVERSITY : q->diversity;
}

/* What passes the filter and is not among the unseen; a taste then takes its seeds out. */
static void find_allowed(const kino_rows *r, const kino_query *q, kino_allowed *out)
{
    kino_allowed_init(r, &q->filter, out);
    for (size_t i = 0; i < q->unseen_count; i++) {
        const size_t row = kino_rows_find(r, q->unseen[i]);
        if (row < r->count)
            kino_allowed_clear(r, row, out);
    }
}

/* ---- the taste ---- */

/* Seeds by their ids, each once (the first weight counts), and out of what may be answered. */
static kino_status find_seeds(const kino_rows *r, const int64_t *ids, const double *weights, size_t count,
                              kino_seeds *out, kino_allowed *allowed, kino_error *err)
{
    size_t rows[KINO_MAX_SEEDS], kept = 0;
    double weight[KINO_MAX_SEEDS];
    for (size_t i = 0; i < count; i++) {
        size_t row = kino_rows_find(r, ids[i]), same = 0;
        if (row == r->count)
            return kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)ids[i]);
        while (same < kept && rows[same] != row)
            same++;
        if (same < kept)
            continue;
        kino_allowed_clear(r, row, allowed);
        rows[kept] = row;
        weight[kept++] = weights ? weights[i] : 1;
    }
    kino_seeds_init(r, rows, weight, kept, out);
    return KINO_OK;
}

static kino_status make_taste(kino *k, const kino_query *q, float *about, kino_taste *out, kino_allowed *allowed,
                              kino_error *err)
{
    kino_taste_init(out, &k->films->scorer);
    out->about_weight = q->about_weight > 0 ? q->about_weight : 1;
    out->popularity = q->popularity;
    out->known = k->films->facets;
    weigh_parts(q, out->times);
    kino_status st = find_seeds(&k->films->rows, q->like, q->like_weight, q->like_count, &out->like, allowed, err);
    if (!st)
        st = find_seeds(&k->films->rows, q->dislike, q->dislike_weight, q->dislike_count, &out->dislike, allowed, err);
    if (st || !q->about || !*q->about)
        return st;
    st = kino_use_minilm(k, err);
    if (!st)
        st = kino_minilm_embed(k->minilm, kino_thread_count(k->opt.threads), &q->about, NULL, 1, about, NULL, NULL,
                               NULL, err);
    out->about = about;
    return st;
}

/* ---- the choice ---- */

static size_t pool_of(const kino_choice *c, size_t usual)
{
    return (c->taste->popularity != 0 ? KINO_POOL_POPULAR : usual) + 2 * c->wanted;
}

/* Finds films until k of them can be chosen, or there are no more. */
static void answer(kino_choice *c, kino_allowed *allowed)
{
    size_t pool = pool_of(c, KINO_POOL);
    const size_t all = c->taste->scorer->rows->count;
    for (;; pool *= 4) {
        kino_ranked *more = NULL;
        size_t found = kino_rank(c->taste, pool, allowed, &more);
        c->films = kino_resize_array(c->films, c->count + found + 1, sizeof *c->films);
        if (found)
            memcpy(c->films + c->count, more, found * sizeof *more);
        free(more);
        if (c->count)
            qsort(c->films, c->count + found, sizeof *c->films, kino_ranked_order);
        c->count += found;
        kino_choose(c, c->sequels);
        if (c->chosen_count == c->wanted || !found || pool > all)
            break;
    }
    if (c->chosen_count < c->wanted) /* every film there is: better a sequel than nothing */
        kino_choose(c, true);
}

/* The same with films of a cluster, of which more are found by asking for all again. */
static kino_status answer_remote(kino *k, const kino_query *q, kino_choice *c, kino_taste *t, kino_remote_films *films,
                                 kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t pool = pool_of(c, KINO_POOL_ELSEWHERE), before = 0;; before = c->count, pool *= 4) {
        kino_remote_films_free(films);
        st = kino_remote_rank(k, q, t, pool, films, err);
        if (st)
            return st;
        t->known = films->facets;
        c->films = films->ranked;
        c->count = films->count;
        kino_choose(c, c->sequels);
        if (c->chosen_count == c->wanted || c->count < pool / 2 || c->count <= before)
            break;
    }
    if (c->chosen_count < c->wanted)
        kino_choose(c, true);
    return st;
}

/* ---- the results ---- */

/* The first `count` parts, and that of popularity if it was asked for: what is told adds up to the score. */
static void tell_parts(const kino_taste *t, const kino_ranked *film, kino_result *out)
{
    const bool classic = t->scorer->recipe == KINO_RECIPE_CLASSIC;
    for (int p = 0; p < KINO_PART_COUNT; p++)
        if (kino_part_is_of(t->scorer->recipe, (kino_part_kind)p) &&
            !(classic && p == KINO_PART_POPULARITY && t->popularity == 0))
            out->parts[out->part_count++] = (kino_part){kino_part_name((kino_part_kind)p), film->parts[p]};
}

/* `remote`: where the films come from; NULL: they are rows. */
static kino_status explain(kino *k, const kino_choice *c, const kino_remote_films *remote, kino_owned_results *out,
                           kino_error *err)
{
    const kino_taste *t = c->taste;
    kino_results *list = &out->results;
    list->items = kino_arena_alloc(&out->arena, (c->chosen_count + 1) * sizeof *list->items);
    for (size_t i = 0; i < c->chosen_count; i++) {
        const kino_ranked *film = &c->films[c->chosen[i]];
        kino_movie *m = kino_arena_alloc(&out->arena, sizeof *m);
        kino_result *one = &list->items[list->count++];
        *one = (kino_result){.movie = m, .score = film->score};
        tell_parts(t, film, one);
        if (film->seed != UINT32_MAX)
            one->seed = t->like.films[film->seed].id;
        kino_status st = KINO_OK;
        if (remote)
            kino_movie_copy(&remote->movies[film->row], &out->arena, m);
        else
            st = kino_row_film(k, film->row, &out->arena, m, err);
        if (st)
            return st;
    }
    return KINO_OK;
}

kino_status kino_recommend(kino *k, const kino_query *q, kino_results **out, kino_error *err)
{
    double started = kino_now_ms();
    float about[KINO_PLOT_DIM];
    kino_allowed allowed = {{NULL, NULL}};
    kino_taste taste = {0};
    kino_remote_films remote = {0};
    kino_status st = check(q, err);
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    kino_choice c = {.taste = &taste,
                     .sequels = q->sequels,
                     .diversity = fmax(diversity_of(q), 0),
                     .wanted = q->k ? q->k : DEFAULT_K};
    find_allowed(&k->films->rows, q, &allowed);
    st = make_taste(k, q, about, &taste, &allowed, err);
    c.chosen = kino_alloc_array(c.wanted, sizeof *c.chosen);
    if (!st && k->backend)
        st = answer_remote(k, q, &c, &taste, &remote, err);
    else if (!st)
        answer(&c, &allowed);
    if (!st) {
        kino_owned_results *owned = kino_alloc(sizeof *owned);
        st = explain(k, &c, k->backend ? &remote : NULL, owned, err);
        if (st) {
            kino_results_free(&owned->results);
        } else {
            owned->results.took_ms = kino_now_ms() - started;
            *out = &owned->results;
        }
    }
    if (k->backend)
        kino_remote_films_free(&remote); /* with c.films */
    else
        free(c.films);
    free(c.chosen);
    kino_seeds_free(&taste.like);
    kino_seeds_free(&taste.dislike);
    kino_allowed_free(&allowed);
    return st;
}

/* ---- one film in it ---- */

kino_status kino_stand(kino *k, const kino_query *q, int64_t id, kino_results **out, kino_standing *standing,
                       kino_error *err)
{
    float about[KINO_PLOT_DIM];
    kino_allowed allowed = {{NULL, NULL}};
    kino_taste taste = {0};
    kino_choice c = {.taste = &taste};
    kino_status st = check(q, err);
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    const kino_rows *r = &k->films->rows;
    const size_t wanted = kino_rows_find(r, id);
    if (wanted == r->count)
        return kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)id);
    find_allowed(r, q, &allowed);
    st = make_taste(k, q, about, &taste, &allowed, err);
    if (!st && !kino_allowed_has(r, wanted, &allowed))
        st = kino_fail(err, KINO_USAGE,
                       "that film cannot be in the answer: it is named in the question, or does not pass "
                       "the filters");
    if (st)
        goto done;
    c.films = kino_alloc_array(r->count, sizeof *c.films);
    for (size_t row = 0; row < r->count; row++)
        if (kino_allowed_has(r, row, &allowed))
            kino_rate(&taste, row, &c.films[c.count++]);
    qsort(c.films, c.count, sizeof *c.films, kino_ranked_order);
    size_t at = 0, last = q->k ? q->k : DEFAULT_K;
    while (c.films[at].row != wanted)
        at++;
    last = last < c.count ? last : c.count;
    c.chosen = kino_alloc_array(2, sizeof *c.chosen);
    c.chosen[c.chosen_count++] = at;
    c.chosen[c.chosen_count++] = last - 1;
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    st = explain(k, &c, NULL, owned, err);
    if (st) {
        kino_results_free(&owned->results);
    } else {
        *standing = (kino_standing){at + 1, c.count};
        *out = &owned->results;
    }
done:
    free(c.films);
    free(c.chosen);
    kino_seeds_free(&taste.like);
    kino_seeds_free(&taste.dislike);
    kino_allowed_free(&allowed);
    return st;
}
