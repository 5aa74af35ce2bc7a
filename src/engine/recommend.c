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

static kino_status check(const kino_query *q, kino_error *err)
{
    if (!q->like_count && !(q->about && *q->about))
        return kino_fail(err, KINO_USAGE, "nothing to go by: name a film, or say what it should be about");
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

/* ---- all of it ---- */

/* Words alone, in what passes. */
static kino_status recommend_words(kino *k, const kino_query *q, kino_allowed *allowed, double started,
                                   kino_results **out, kino_error *err)
{
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    kino_status st = kino_search(k, q, allowed, q->k ? q->k : KINO_USUAL_K, owned, err);
    if (st) {
        kino_results_free(&owned->results);
        return st;
    }
    owned->results.took_ms = kino_now_ms() - started;
    *out = &owned->results;
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
    if (!st && q->like_person)
        return kino_recommend_people(k, q, out, err);
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    kino_choice c = {.taste = &taste,
                     .sequels = q->sequels,
                     .diversity = fmax(diversity_of(q), 0),
                     .wanted = q->k ? q->k : KINO_USUAL_K};
    kino_query_allowed(&k->films->rows, q, &allowed);
    if (kino_is_search(k, q)) {
        st = recommend_words(k, q, &allowed, started, out, err);
        kino_allowed_free(&allowed);
        return st;
    }
    st = kino_query_taste(k, q, about, &taste, &allowed, err);
    c.chosen = kino_alloc_array(c.wanted, sizeof *c.chosen);
    if (!st && k->backend)
        st = answer_remote(k, q, &c, &taste, &remote, err);
    else if (!st)
        answer(&c, &allowed);
    if (!st) {
        kino_owned_results *owned = kino_alloc(sizeof *owned);
        st = kino_explain(k, &c, k->backend ? &remote : NULL, owned, err);
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

static kino_status stand_by_words(kino *k, const kino_query *q, kino_allowed *allowed, size_t row, kino_results **out,
                                  kino_standing *standing, kino_error *err)
{
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    kino_status st = kino_search_stand(k, q, allowed, row, q->k ? q->k : KINO_USUAL_K, owned, standing, err);
    if (st)
        kino_results_free(&owned->results);
    else
        *out = &owned->results;
    return st;
}

kino_status kino_stand(kino *k, const kino_query *q, int64_t id, kino_results **out, kino_standing *standing,
                       kino_error *err)
{
    float about[KINO_PLOT_DIM];
    kino_allowed allowed = {{NULL, NULL}};
    kino_taste taste = {0};
    kino_choice c = {.taste = &taste};
    kino_status st = check(q, err);
    if (!st && q->like_person)
        st = kino_fail(err, KINO_USAGE, "where a film stands can be told for one person at a time");
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    const kino_rows *r = &k->films->rows;
    const size_t wanted = kino_rows_find(r, id);
    if (wanted == r->count)
        return kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)id);
    kino_query_allowed(r, q, &allowed);
    if (kino_is_search(k, q)) {
        st = stand_by_words(k, q, &allowed, wanted, out, standing, err);
        kino_allowed_free(&allowed);
        return st;
    }
    st = kino_query_taste(k, q, about, &taste, &allowed, err);
    if (!st && !kino_allowed_has(r, wanted, &allowed))
        st = kino_fail(err, KINO_USAGE, KINO_CANNOT_STAND);
    if (st)
        goto done;
    c.films = kino_alloc_array(r->count, sizeof *c.films);
    for (size_t row = 0; row < r->count; row++)
        if (kino_allowed_has(r, row, &allowed))
            kino_rate(&taste, row, &c.films[c.count++]);
    qsort(c.films, c.count, sizeof *c.films, kino_ranked_order);
    size_t at = 0, last = q->k ? q->k : KINO_USUAL_K;
    while (c.films[at].row != wanted)
        at++;
    last = last < c.count ? last : c.count;
    c.chosen = kino_alloc_array(2, sizeof *c.chosen);
    c.chosen[c.chosen_count++] = at;
    c.chosen[c.chosen_count++] = last - 1;
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    st = kino_explain(k, &c, NULL, owned, err);
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
