/* asking.c - what a query says -> a taste and the films that may be answered; what was chosen -> results. */
#include "engine/asking.h"

#include <stdlib.h>

#include "base/movie.h"
#include "base/status.h"
#include "base/thread.h"
#include "engine/people.h"

enum { MOST_WEIGHT = 1000000 };

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

static bool good_people(const kino_query *q)
{
    bool there[KINO_MAX_PEOPLE] = {false};
    size_t people = 0;
    for (size_t i = 0; q->like_person && i < q->like_count; i++) {
        if (q->like_person[i] >= KINO_MAX_PEOPLE)
            return false;
        there[q->like_person[i]] = true;
    }
    while (people < KINO_MAX_PEOPLE && there[people])
        people++;
    for (size_t p = people; p < KINO_MAX_PEOPLE; p++)
        if (there[p])
            return false;
    return true;
}

kino_status kino_query_check(const kino_query *q, kino_error *err)
{
    if (q->k > KINO_MAX_K)
        return kino_fail(err, KINO_USAGE, "k is at most %d", KINO_MAX_K);
    if (q->like_count > KINO_MAX_SEEDS || q->dislike_count > KINO_MAX_SEEDS)
        return kino_fail(err, KINO_USAGE, "at most %d films in one question", KINO_MAX_SEEDS);
    if (!good_people(q))
        return kino_fail(err, KINO_USAGE, "at most %d people in one question, counted without a gap", KINO_MAX_PEOPLE);
    if (!good_parts(q))
        return kino_fail(err, KINO_USAGE, "the weight of a part is from 0 to %d, and not all can be 0", MOST_WEIGHT);
    if (!good_weights(q->like_weight, q->like_count) || !good_weights(q->dislike_weight, q->dislike_count) ||
        (q->about_weight != 0 && !good_weights(&q->about_weight, 1)))
        return kino_fail(err, KINO_USAGE, "the weight of a film or text is above 0, and at most 1000000");
    if (!(q->diversity <= 1) || !(q->popularity >= -1 && q->popularity <= 1))
        return kino_fail(err, KINO_USAGE, "diversity is from 0 to 1, popularity from -1 to 1");
    const kino_filter *f = &q->filter;
    if (f->genre_count > KINO_MAX_FILTER || f->no_genre_count > KINO_MAX_FILTER ||
        f->language_count > KINO_MAX_FILTER || f->country_count > KINO_MAX_FILTER || f->with_count > KINO_MAX_FILTER ||
        f->director_count > KINO_MAX_FILTER)
        return kino_fail(err, KINO_USAGE, "at most %d names in one filter", KINO_MAX_FILTER);
    return KINO_OK;
}

kino_status kino_query_allowed(kino *k, const kino_query *q, kino_allowed *out, kino_error *err)
{
    const kino_rows *r = &k->films->rows;
    kino_allowed_init(r, &q->filter, out);
    if (q->among)
        kino_allowed_only(r, q->among, q->among_count, out);
    for (size_t i = 0; i < q->unseen_count; i++) {
        const size_t row = kino_rows_find(r, q->unseen[i]);
        if (row < r->count)
            kino_allowed_clear(r, row, out);
    }
    return kino_people_bound(k, &q->filter, out, err);
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

kino_status kino_query_taste(kino *k, const kino_query *q, float *about, kino_taste *out, kino_allowed *allowed,
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
    if (!st)
        kino_taste_about(out, about);
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

kino_status kino_explain_seed(kino *k, kino_owned_results *out, kino_result *one, int64_t seed, kino_error *err)
{
    const kino_results *list = &out->results;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].beside && list->items[i].beside->id == seed) {
            one->beside = list->items[i].beside;
            return KINO_OK;
        }
    const size_t row = kino_rows_find(&k->films->rows, seed);
    if (!seed || row == k->films->rows.count)
        return KINO_OK;
    kino_movie *m = kino_arena_alloc(&out->arena, sizeof *m);
    const kino_status st = kino_row_film(k, row, &out->arena, m, err);
    if (!st)
        one->beside = m;
    return st;
}

kino_status kino_explain(kino *k, const kino_choice *c, const kino_remote_films *remote, kino_owned_results *out,
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
        kino_status st = kino_explain_seed(k, out, one, one->seed, err);
        if (!st && remote)
            kino_movie_copy(&remote->movies[film->row], &out->arena, m);
        else if (!st)
            st = kino_row_film(k, film->row, &out->arena, m, err);
        if (st)
            return st;
    }
    return KINO_OK;
}
