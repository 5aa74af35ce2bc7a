/* together.c - several people's likes or histories -> films that serve everybody. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "engine/asking.h"
#include "engine/groups.h"
#include "rank/together.h"

enum {
    TASTES = KINO_MAX_PEOPLE * KINO_MAX_LEANINGS,
    POOL = 300, /* films near each taste, and four more for each that is wanted: what serves all is nobody's first */
    SEEDS = 16, /* of a group of a history: the heaviest near its middle */
};

typedef struct company {
    kino_taste base; /* what all tastes have in common */
    float about[KINO_PLOT_DIM];
    kino_allowed allowed;
    kino_taste tastes[TASTES];
    size_t whose[TASTES], count, people;
} company;

static void free_company(company *c)
{
    for (size_t i = 0; i < c->count; i++)
        kino_seeds_free(&c->tastes[i].like);
    kino_seeds_free(&c->base.like);
    kino_seeds_free(&c->base.dislike);
    kino_allowed_free(&c->allowed);
    free(c);
}

/* A company without people. `q` is the query without its likes, checked. */
static kino_status begin(kino *k, const kino_query *q, company *c, kino_error *err)
{
    kino_status st = KINO_OK;
    if (k->backend)
        st = kino_fail(err, KINO_USAGE, "a cluster cannot be asked for several people; the catalogue itself can");
    if (!st)
        st = kino_use_films(k, true, err);
    if (st)
        return st;
    st = kino_query_allowed(k, q, &c->allowed, err);
    return st ? st : kino_query_taste(k, q, c->about, &c->base, &c->allowed, err);
}

static void add_taste(company *c, size_t person, const size_t *rows, const double *weights, size_t count)
{
    kino_taste *t = &c->tastes[c->count];
    *t = c->base;
    kino_seeds_init(c->base.scorer->rows, rows, weights, count, &t->like);
    c->whose[c->count++] = person;
    c->people = person + 1 > c->people ? person + 1 : c->people;
    for (size_t i = 0; i < count; i++)
        kino_allowed_clear(c->base.scorer->rows, rows[i], &c->allowed);
}

static kino_status answer(kino *k, const kino_query *q, company *c, kino_results **out, kino_error *err)
{
    const double diversity = q->diversity == 0 ? KINO_DIVERSITY : q->diversity;
    kino_together *together = kino_alloc(sizeof *together);
    *together = (kino_together){.tastes = c->tastes, .whose = c->whose, .count = c->count, .people = c->people};
    kino_choice choice = {.taste = &c->base,
                          .sequels = q->sequels,
                          .diversity = diversity > 0 ? diversity : 0,
                          .wanted = q->k ? q->k : KINO_USUAL_K};
    choice.chosen = kino_alloc_array(choice.wanted, sizeof *choice.chosen);
    choice.count = kino_rank_together(together, POOL + 4 * choice.wanted, &c->allowed, &choice.films);
    kino_choose(&choice, choice.sequels);
    if (choice.chosen_count < choice.wanted)
        kino_choose(&choice, true);
    kino_owned_results *owned = kino_alloc(sizeof *owned);
    const kino_status st = kino_explain(k, &choice, NULL, owned, err);
    for (size_t i = 0; !st && i < choice.chosen_count; i++) {
        kino_result *one = &owned->results.items[i];
        kino_pleased_of(together, choice.films[choice.chosen[i]].row, one->people);
        one->person_count = c->people;
    }
    if (st)
        kino_results_free(&owned->results);
    else
        *out = &owned->results;
    free(choice.films);
    free(choice.chosen);
    free(together);
    return st;
}

/* ---- by likes ---- */

static kino_status add_likes(const kino_rows *r, const kino_query *q, size_t person, company *c, kino_error *err)
{
    size_t rows[KINO_MAX_SEEDS], count = 0;
    double weights[KINO_MAX_SEEDS];
    for (size_t i = 0; i < q->like_count; i++) {
        if (q->like_person[i] != person)
            continue;
        const size_t row = kino_rows_find(r, q->like[i]);
        if (row == r->count)
            return kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)q->like[i]);
        rows[count] = row;
        weights[count++] = q->like_weight ? q->like_weight[i] : 1;
    }
    if (count)
        add_taste(c, person, rows, weights, count);
    return KINO_OK;
}

kino_status kino_recommend_people(kino *k, const kino_query *q, kino_results **out, kino_error *err)
{
    const double started = kino_now_ms();
    company *c = kino_alloc(sizeof *c);
    kino_query own = *q;
    own.like_person = NULL;
    own.like_count = 0;
    kino_status st = begin(k, &own, c, err);
    for (size_t person = 0; !st && person < KINO_MAX_PEOPLE; person++)
        st = add_likes(&k->films->rows, q, person, c, err);
    if (!st)
        st = answer(k, q, c, out, err);
    if (!st)
        (*out)->took_ms = kino_now_ms() - started;
    free_company(c);
    return st;
}

/* ---- by histories ---- */

static kino_status add_history(const kino_rows *r, const kino_history *h, size_t person, company *c, kino_error *err)
{
    kino_groups g = {0};
    kino_groups_of(r, h, &g);
    for (size_t first = 0, group = 0; group < g.count; group++) {
        const size_t size = kino_groups_size(&g, first);
        size_t rows[SEEDS], count = 0;
        double weights[SEEDS];
        for (; count < size && count < SEEDS; count++) {
            rows[count] = g.films[first + count].row;
            weights[count] = g.films[first + count].weight;
        }
        add_taste(c, person, rows, weights, count);
        first += size;
    }
    for (size_t i = 0; i < h->count; i++) {
        const size_t row = kino_rows_find(r, h->films[i].id);
        if (row < r->count)
            kino_allowed_clear(r, row, &c->allowed);
    }
    const bool any = g.count > 0;
    kino_groups_free(&g);
    return any ? KINO_OK
               : kino_fail(err, KINO_NOT_FOUND, "no film that history %zu likes is in the catalogue", person + 1);
}

kino_status kino_recommend_together(kino *k, const kino_history *const *people, size_t count, const kino_query *q,
                                    kino_results **out, kino_error *err)
{
    const double started = kino_now_ms();
    if (count < 2 || count > KINO_MAX_PEOPLE)
        return kino_fail(err, KINO_USAGE, "films are found for 2 to %d people at once", KINO_MAX_PEOPLE);
    if (q->like_count)
        return kino_fail(err, KINO_USAGE, "either films that are liked or histories of them");
    company *c = kino_alloc(sizeof *c);
    kino_status st = kino_query_check(q, err);
    if (!st)
        st = begin(k, q, c, err);
    for (size_t person = 0; !st && person < count; person++)
        st = add_history(&k->films->rows, people[person], person, c, err);
    if (!st)
        st = answer(k, q, c, out, err);
    if (!st)
        (*out)->took_ms = kino_now_ms() - started;
    free_company(c);
    return st;
}
