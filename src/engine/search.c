/* search.c - the words of a question -> what rank/retrieve.h is asked. */
#include "engine/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "rank/choose.h"

bool kino_is_search(const kino *k, const kino_query *q)
{
    return q->about && *q->about && !q->like_count && !k->backend && k->recipe != KINO_RECIPE_CLASSIC;
}

/* What the question multiplies each part by; the parts of likeness that search has too count there as here. */
static void weigh(const kino_query *q, double times[KINO_FOUND_PARTS])
{
    static const kino_part_kind same[KINO_FOUND_PARTS] = {
        [KINO_FOUND_PLOT] = KINO_PART_PLOT,         [KINO_FOUND_WORDS] = KINO_PART_WORDS,
        [KINO_FOUND_KEYWORDS] = KINO_PART_KEYWORDS, [KINO_FOUND_GENRES] = KINO_PART_GENRES,
        [KINO_FOUND_LIKENESS] = KINO_PART_COUNT,    [KINO_FOUND_ERA] = KINO_PART_ERA,
        [KINO_FOUND_LANGUAGE] = KINO_PART_LANGUAGE, [KINO_FOUND_ACCLAIM] = KINO_PART_ACCLAIM,
        [KINO_FOUND_FAME] = KINO_PART_FAME,         [KINO_FOUND_AWAY] = KINO_PART_COUNT,
    };
    for (int p = 0; p < KINO_FOUND_PARTS; p++)
        times[p] = 1;
    for (size_t i = 0; i < q->weight_count; i++) {
        const unsigned parts = kino_parts_named(q->weights[i].name);
        for (int p = 0; p < KINO_FOUND_PARTS; p++)
            if (same[p] < KINO_PART_COUNT && parts >> same[p] & 1)
                times[p] = q->weights[i].value;
    }
}

/* out[rows->count]: how like the disliked films others are, in spreads, added up; NULL: none are named. They themselves are
 * no longer allowed. */
static kino_status beside_disliked(const kino_rows *r, const kino_query *q, kino_allowed *allowed, float **out,
                                   kino_error *err)
{
    *out = NULL;
    if (!q->dislike_count)
        return KINO_OK;
    float *one = kino_alloc_floats(r->count + 1), *sum = kino_alloc_floats(r->count + 1);
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < q->dislike_count; i++) {
        const size_t row = kino_rows_find(r, q->dislike[i]);
        if (row == r->count) {
            st = kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)q->dislike[i]);
            break;
        }
        kino_allowed_clear(r, row, allowed);
        kino_plots_beside(r, row, one);
        for (size_t at = 0; at < r->count; at++)
            sum[at] += one[at];
    }
    free(one);
    *out = sum;
    return st;
}

/* The `most` best of the allowed films. *out is freed by the caller. */
static kino_status find(kino *k, const kino_query *q, kino_allowed *allowed, size_t most, kino_found **out,
                        size_t *count, kino_error *err)
{
    const kino_rows *r = &k->films->rows;
    float meaning[KINO_PLOT_DIM], *dislike = NULL;
    double times[KINO_FOUND_PARTS];
    kino_words_terms terms;
    kino_status st = kino_use_minilm(k, err);
    if (!st)
        st = kino_minilm_embed(k->minilm, kino_thread_count(k->opt.threads), &q->about, NULL, 1, meaning, NULL, NULL,
                               NULL, err);
    if (!st)
        st = beside_disliked(r, q, allowed, &dislike, err);
    if (!st) {
        kino_words_query(r->base->words, q->about, strlen(q->about), &terms);
        weigh(q, times);
        const kino_sought sought = {
            .about = {&terms, meaning}, .dislike = dislike, .popularity = q->popularity, .times = times};
        *count = kino_retrieve(r, &sought, allowed, most, out);
    }
    free(dislike);
    return st;
}

/* ---- the answer ---- */

/* Of the films found, `wanted` that are unlike each other, in the order of their scores, in the place of all. */
static void choose_unlike(kino *k, double diversity, kino_found *found, size_t *count, size_t wanted)
{
    kino_taste taste;
    kino_choice c = {.taste = &taste, .diversity = diversity, .count = *count, .wanted = wanted};
    kino_taste_init(&taste, &k->films->scorer);
    taste.known = k->films->facets;
    c.films = kino_alloc_array(*count + 1, sizeof *c.films);
    c.chosen = kino_alloc_array(wanted, sizeof *c.chosen);
    for (size_t i = 0; i < *count; i++)
        c.films[i] = (kino_ranked){.row = found[i].row, .id = found[i].id, .score = found[i].score};
    kino_choose(&c, true);
    for (size_t i = 0; i < c.chosen_count; i++) /* which ascend */
        found[i] = found[c.chosen[i]];
    *count = c.chosen_count;
    free(c.films);
    free(c.chosen);
}

/* The films with the parts that count for any of them. */
static kino_status tell(kino *k, const kino_found *found, size_t count, kino_owned_results *out, kino_error *err)
{
    bool counts[KINO_FOUND_PARTS] = {false};
    kino_results *list = &out->results;
    for (size_t i = 0; i < count; i++)
        for (int p = 0; p < KINO_FOUND_PARTS; p++)
            counts[p] = counts[p] || found[i].parts[p] != 0;
    list->items = kino_arena_alloc(&out->arena, (count + 1) * sizeof *list->items);
    for (size_t i = 0; i < count; i++) {
        kino_movie *m = kino_arena_alloc(&out->arena, sizeof *m);
        kino_result *one = &list->items[list->count++];
        *one = (kino_result){.movie = m, .score = found[i].score};
        for (int p = 0; p < KINO_FOUND_PARTS; p++)
            if (counts[p])
                one->parts[one->part_count++] =
                    (kino_part){kino_found_part_name((kino_found_part)p), found[i].parts[p]};
        const kino_status st = kino_row_film(k, found[i].row, &out->arena, m, err);
        if (st)
            return st;
    }
    return KINO_OK;
}

kino_status kino_search(kino *k, const kino_query *q, kino_allowed *allowed, size_t wanted, kino_owned_results *out,
                        kino_error *err)
{
    kino_found *found = NULL;
    size_t count = 0;
    const bool unlike = q->diversity > 0;
    kino_status st = find(k, q, allowed, unlike ? KINO_POOL + 2 * wanted : wanted, &found, &count, err);
    if (!st && unlike)
        choose_unlike(k, q->diversity, found, &count, wanted);
    if (!st)
        st = tell(k, found, count, out, err);
    free(found);
    return st;
}

kino_status kino_search_stand(kino *k, const kino_query *q, kino_allowed *allowed, size_t row, size_t wanted,
                              kino_owned_results *out, kino_standing *standing, kino_error *err)
{
    kino_found *found = NULL;
    size_t count = 0, at = 0;
    kino_status st = find(k, q, allowed, k->films->rows.count, &found, &count, err);
    if (!st && !kino_allowed_has(&k->films->rows, row, allowed))
        st = kino_fail(err, KINO_USAGE, KINO_CANNOT_STAND);
    while (!st && found[at].row != row)
        at++;
    if (!st) {
        const kino_found two[] = {found[at], found[(wanted < count ? wanted : count) - 1]};
        *standing = (kino_standing){at + 1, count};
        st = tell(k, two, 2, out, err);
    }
    free(found);
    return st;
}
