/* recommend.c - seeds and text -> the films to answer with.
 *
 * rank.c finds and scores a few hundred films; here k of them are chosen, one of a collection, unlike each other if
 * that was asked for. Where a few hundred are not enough for k, more are found. Words without a film are answered by
 * search.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "engine/asking.h"
#include "engine/search.h"
#include "rank/candidates.h"

/* Words alone give scores of the plot, beside which likeness in all parts would weigh too much: no default there. */
static double diversity_of(const kino_query *q)
{
    return q->diversity == 0 && q->like_count ? KINO_DIVERSITY : q->diversity;
}

static bool filters_anything(const kino_filter *f)
{
    return f->genre_count || f->no_genre_count || f->language_count || f->country_count || f->with_count ||
           f->director_count || f->year_min || f->year_max || f->runtime_min || f->runtime_max || f->min_rating > 0 ||
           f->min_votes > 0;
}

static kino_status check(const kino *k, const kino_query *q, kino_error *err)
{
    const bool words = q->about && *q->about;
    if (!q->like_count && !words && !q->dislike_count && !filters_anything(&q->filter))
        return kino_fail(err, KINO_USAGE, "nothing to go by: name a film, or say what it should be about");
    if (!q->like_count && !words && (k->backend || k->recipe == KINO_RECIPE_CLASSIC))
        return kino_fail(err, KINO_USAGE, "%s is asked by films or words, not by bounds alone",
                         k->backend ? "a cluster" : "a catalogue of recipe classic");
    return kino_query_check(q, err);
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

/* ---- the order ---- */

static int by_year(const void *a, const void *b)
{
    const kino_result *x = a, *y = b;
    return (x->movie->year < y->movie->year) - (x->movie->year > y->movie->year);
}

static int by_rating(const void *a, const void *b)
{
    const kino_result *x = a, *y = b;
    const double p = isnan(x->movie->rating) ? -1 : x->movie->rating,
                 q = isnan(y->movie->rating) ? -1 : y->movie->rating;
    return (p < q) - (p > q);
}

static int by_votes(const void *a, const void *b)
{
    const kino_result *x = a, *y = b;
    return (x->movie->votes < y->movie->votes) - (x->movie->votes > y->movie->votes);
}

static int by_title(const void *a, const void *b)
{
    return strcoll(((const kino_result *)a)->movie->title, ((const kino_result *)b)->movie->title);
}

/* Equal films stay as they were. */
static void sort(kino_results *list, kino_sort by)
{
    static int (*const orders[])(const void *, const void *) = {[KINO_SORT_YEAR] = by_year,
                                                                [KINO_SORT_RATING] = by_rating,
                                                                [KINO_SORT_VOTES] = by_votes,
                                                                [KINO_SORT_TITLE] = by_title};
    for (size_t i = 1; by != KINO_SORT_SCORE && i < list->count; i++) {
        const kino_result one = list->items[i];
        size_t at = i;
        for (; at && orders[by](&list->items[at - 1], &one) > 0; at--)
            list->items[at] = list->items[at - 1];
        list->items[at] = one;
    }
}

/* ---- all of it ---- */

/* The film that the words are the title of, before those that are like it; it may be an answer. */
static void put_title_first(const kino_understanding *u, kino_choice *c)
{
    c->films = kino_resize_array(c->films, c->count + 1, sizeof *c->films);
    kino_rate(c->taste, u->title, &c->films[c->count]);
    memmove(c->chosen + 1, c->chosen, c->chosen_count * sizeof *c->chosen);
    c->chosen[0] = c->count++;
    c->chosen_count++;
}

/* Films like those that are named. */
static kino_status recommend_films(kino *k, const kino_understanding *u, kino_allowed *allowed, kino_owned_results *out,
                                   kino_error *err)
{
    const kino_query *q = &u->query;
    float about[KINO_PLOT_DIM];
    kino_taste taste = {0};
    kino_remote_films remote = {0};
    const bool titled = u->titled && kino_allowed_has(&k->films->rows, u->title, allowed) && !k->backend;
    kino_choice c = {.taste = &taste,
                     .sequels = q->sequels,
                     .diversity = fmax(diversity_of(q), 0),
                     .wanted = (q->k ? q->k : KINO_USUAL_K) - titled};
    kino_status st = kino_query_taste(k, q, about, &taste, allowed, err);
    c.chosen = kino_alloc_array(c.wanted + 2, sizeof *c.chosen);
    if (!st && k->backend)
        st = answer_remote(k, q, &c, &taste, &remote, err);
    else if (!st)
        answer(&c, allowed);
    if (!st && titled)
        put_title_first(u, &c);
    if (!st)
        st = kino_explain(k, &c, k->backend ? &remote : NULL, out, err);
    if (!st && titled)
        out->results.items[0].named = true;
    if (k->backend)
        kino_remote_films_free(&remote); /* with c.films */
    else
        free(c.films);
    free(c.chosen);
    kino_seeds_free(&taste.like);
    kino_seeds_free(&taste.dislike);
    return st;
}

/* What may be answered, by the filter of the query and by the bounds that its words set. */
static kino_status bound(kino *k, const kino_query *q, kino_understanding *u, kino_allowed *allowed, kino_error *err)
{
    kino_status st = kino_understand(k, q, u, err);
    if (!st)
        st = kino_query_allowed(k, q, allowed, err);
    if (!st && u->read)
        kino_understanding_bound(&k->films->rows, u, allowed);
    return st;
}

kino_status kino_recommend(kino *k, const kino_query *q, kino_results **out, kino_error *err)
{
    const double started = kino_now_ms();
    kino_allowed allowed = {{NULL, NULL}};
    kino_understanding u = {0};
    kino_status st = check(k, q, err);
    if (!st && q->like_person)
        return kino_recommend_people(k, q, out, err);
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    st = bound(k, q, &u, &allowed, err);
    if (!st && kino_is_search(k, &u))
        st = kino_search(k, &u, &allowed, q->k ? q->k : KINO_USUAL_K, owned, err);
    else if (!st)
        st = recommend_films(k, &u, &allowed, owned, err);
    if (st) {
        kino_results_free(&owned->results);
    } else {
        kino_understanding_tell(&k->films->rows, &u, q->about, owned);
        sort(&owned->results, q->sort);
        owned->results.took_ms = kino_now_ms() - started;
        *out = &owned->results;
    }
    kino_understanding_free(&u);
    kino_allowed_free(&allowed);
    return st;
}

kino_status kino_read(kino *k, const char *text, kino_reading_mode mode, kino_results **out, kino_error *err)
{
    const kino_query q = {.about = text, .reading = mode};
    kino_understanding u = {0};
    kino_status st = kino_use_films(k, true, err);
    if (!st)
        st = kino_understand(k, &q, &u, err);
    if (!st) {
        kino_owned_results *owned = kino_alloc(sizeof *owned);
        kino_understanding_tell(&k->films->rows, &u, text, owned);
        *out = &owned->results;
    }
    kino_understanding_free(&u);
    return st;
}

/* ---- one film in it ---- */

/* By likeness to the films that are named. */
static kino_status stand_by_films(kino *k, const kino_query *q, kino_allowed *allowed, size_t wanted,
                                  kino_owned_results *out, kino_standing *standing, kino_error *err)
{
    const kino_rows *r = &k->films->rows;
    float about[KINO_PLOT_DIM];
    kino_taste taste = {0};
    kino_choice c = {.taste = &taste};
    size_t chosen[2], at = 0, last = q->k ? q->k : KINO_USUAL_K;
    kino_status st = kino_query_taste(k, q, about, &taste, allowed, err);
    if (!st && !kino_allowed_has(r, wanted, allowed))
        st = kino_fail(err, KINO_USAGE, KINO_CANNOT_STAND);
    if (st)
        goto done;
    c.films = kino_alloc_array(r->count, sizeof *c.films);
    for (size_t row = 0; row < r->count; row++)
        if (kino_allowed_has(r, row, allowed))
            kino_rate(&taste, row, &c.films[c.count++]);
    qsort(c.films, c.count, sizeof *c.films, kino_ranked_order);
    while (c.films[at].row != wanted)
        at++;
    last = last < c.count ? last : c.count;
    c.chosen = chosen;
    c.chosen[c.chosen_count++] = at;
    c.chosen[c.chosen_count++] = last - 1;
    st = kino_explain(k, &c, NULL, out, err);
    *standing = (kino_standing){at + 1, c.count};
done:
    free(c.films);
    kino_seeds_free(&taste.like);
    kino_seeds_free(&taste.dislike);
    return st;
}

kino_status kino_stand(kino *k, const kino_query *q, int64_t id, kino_results **out, kino_standing *standing,
                       kino_error *err)
{
    kino_allowed allowed = {{NULL, NULL}};
    kino_understanding u = {0};
    kino_status st = check(k, q, err);
    if (!st && q->like_person)
        st = kino_fail(err, KINO_USAGE, "where a film stands can be told for one person at a time");
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    const size_t wanted = kino_rows_find(&k->films->rows, id);
    if (wanted == k->films->rows.count)
        return kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)id);
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    st = bound(k, q, &u, &allowed, err);
    if (!st && kino_is_search(k, &u))
        st = kino_search_stand(k, &u, &allowed, wanted, q->k ? q->k : KINO_USUAL_K, owned, standing, err);
    else if (!st)
        st = stand_by_films(k, &u.query, &allowed, wanted, owned, standing, err);
    if (st)
        kino_results_free(&owned->results);
    else
        *out = &owned->results;
    kino_understanding_free(&u);
    kino_allowed_free(&allowed);
    return st;
}
