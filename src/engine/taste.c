/* taste.c - a whole history -> the tastes it is made of -> an answer that serves each of them.
 *
 * Each group of liked films (groups.h) asks for films like its own, and the answer takes turns. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "engine/groups.h"
#include "handle/owned.h"

enum {
    DEFAULT_K = 10,
    SEEDS = 32, /* of a group that are asked with: the heaviest near its middle */
};

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
static bool take_one(const kino_groups *g, turn *turns, kino_results *answer, bool sequels)
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
static kino_results *take_turns(const kino_groups *g, turn *turns, size_t k, bool sequels)
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
static kino_status ask(kino *k, const kino_query *q, const kino_liked *films, size_t count, kino_results **out,
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

static void tell(const kino_groups *g, kino_leanings *out)
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

static kino_status answer(kino *k, const kino_groups *g, const kino_query *q, kino_results **out, kino_error *err)
{
    turn turns[KINO_MAX_LEANINGS] = {{0}};
    kino_status st = KINO_OK;
    size_t begin_of = 0;
    for (size_t c = 0; !st && c < g->count; c++) {
        const size_t size = kino_groups_size(g, begin_of);
        st = ask(k, q, g->films + begin_of, size, &turns[c].list, err);
        begin_of += size;
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
    kino_groups g = {0};
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
    kino_groups_of(&k->films->rows, h, &g);
    if (g.count) {
        if (leanings)
            tell(&g, leanings);
        st = answer(k, &g, &own, out, err);
    } else {
        st = kino_fail(err, KINO_NOT_FOUND,
                       h->count ? "no film of the history is liked" : "no film of the history is in the catalogue");
    }
    if (!st)
        (*out)->took_ms = kino_now_ms() - started;
    kino_groups_free(&g);
    free(unseen);
    return st;
}
