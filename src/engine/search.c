/* search.c - what was understood of a question -> what rank/retrieve.h is asked. */
#include "engine/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "engine/asking.h"
#include "rank/choose.h"
#include "rank/columns.h"

#define EXPAND 0.3f /* what a word that films of a mood or theme bear counts, beside one that is asked for */

bool kino_is_search(const kino *k, const kino_understanding *u)
{
    if (k->backend || k->recipe == KINO_RECIPE_CLASSIC)
        return false;
    return u->query.like_count ? u->more && !(u->titled && !u->wish.first_then_words) : true;
}

/* ---- what is asked ---- */

/* What the question multiplies each part by; the parts of likeness that search has too count there as here. */
static void weigh(const kino_query *q, double times[KINO_FOUND_PARTS])
{
    static const kino_part_kind same[KINO_FOUND_PARTS] = {
        [KINO_FOUND_PLOT] = KINO_PART_PLOT,         [KINO_FOUND_WORDS] = KINO_PART_WORDS,
        [KINO_FOUND_KEYWORDS] = KINO_PART_KEYWORDS, [KINO_FOUND_GENRES] = KINO_PART_GENRES,
        [KINO_FOUND_LIKENESS] = KINO_PART_COUNT,    [KINO_FOUND_ERA] = KINO_PART_ERA,
        [KINO_FOUND_LANGUAGE] = KINO_PART_LANGUAGE, [KINO_FOUND_ACCLAIM] = KINO_PART_ACCLAIM,
        [KINO_FOUND_FAME] = KINO_PART_FAME,         [KINO_FOUND_AWAY] = KINO_PART_COUNT,
        [KINO_FOUND_TITLE] = KINO_PART_COUNT,
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

/* What a question is compared by. The columns of films and the words of negations are its own. */
typedef struct inquiry {
    kino_sought sought;
    float meaning[KINO_PLOT_DIM];
    kino_words_terms terms;
    double times[KINO_FOUND_PARTS];
    kino_genre_wish genres[KINO_WISH_GENRES];
    const char *languages[KINO_MAX_FILTER];
    kino_about *without;
    float *likeness, *dislike;
    kino_taste taste; /* of the films to be like, if there are any */
    kino_arena memory;
} inquiry;

static kino_status embed(kino *k, const char *text, float *out, kino_error *err)
{
    kino_status st = kino_use_minilm(k, err);
    return st ? st
              : kino_minilm_embed(k->minilm, kino_thread_count(k->opt.threads), &text, NULL, 1, out, NULL, NULL, NULL,
                                  err);
}

static kino_status put_words(kino *k, const char *match, const char *expand, inquiry *q, kino_error *err)
{
    const kino_words *words = k->films->rows.base->words;
    if (!*match)
        return KINO_OK;
    const kino_status st = embed(k, match, q->meaning, err);
    if (st)
        return st;
    kino_words_query(words, match, strlen(match), &q->terms);
    if (*expand)
        kino_words_expand(words, expand, strlen(expand), EXPAND, &q->terms);
    q->sought.about = (kino_about){&q->terms, q->meaning};
    return KINO_OK;
}

/* The words of each negation. */
static kino_status put_without(kino *k, const kino_wish *w, inquiry *q, kino_error *err)
{
    kino_status st = KINO_OK;
    q->without = kino_arena_alloc(&q->memory, (w->count + 1) * sizeof *q->without);
    for (size_t i = 0; !st && i < w->count; i++) {
        if (w->chips[i].kind != KINO_WISH_NOT)
            continue;
        float *meaning = kino_arena_alloc(&q->memory, KINO_PLOT_DIM * sizeof *meaning);
        kino_words_terms *terms = kino_arena_alloc(&q->memory, sizeof *terms);
        st = embed(k, w->chips[i].value, meaning, err);
        kino_words_query(k->films->rows.base->words, w->chips[i].value, strlen(w->chips[i].value), terms);
        q->without[q->sought.without_count++] = (kino_about){terms, meaning};
    }
    q->sought.without = q->without;
    return st;
}

static unsigned rank_of(const char *value)
{
    static const char *const names[] = {"best",      "worst",  "popular", "classic",
                                        "overrated", "hidden", "obscure", "cult"}; /* in the order of the bits */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(value, names[i]))
            return 1u << i;
    return 0;
}

/* What counts in the score without being words: years, languages, genres and ranks that are wished for. */
static void put_wishes(const kino_wish *w, inquiry *q)
{
    kino_sought *s = &q->sought;
    s->mood = w->mood_only;
    for (size_t g = 0; g < KINO_WISH_GENRES; g++)
        if (w->genres[g] != 0)
            q->genres[s->genre_count++] = (kino_genre_wish){kino_wish_genre_name(g), w->genres[g]};
    s->genres = q->genres;
    for (size_t i = 0; i < w->count; i++) {
        const kino_wish_chip *c = &w->chips[i];
        if (c->kind == KINO_WISH_RANK && !c->no)
            s->ranks |= rank_of(c->value);
        if (c->kind != KINO_WISH_YEAR || !c->wish || c->no)
            continue;
        s->year_min = c->low;
        s->year_max = c->high;
        s->decade = w->count == 1 && !*w->rest;
    }
    for (const char *p = w->language ? w->language : ""; *p && s->language_count < KINO_MAX_FILTER;) {
        const size_t n = strcspn(p, ",");
        q->languages[s->language_count++] = kino_arena_strndup(&q->memory, p, n);
        p += n + (p[n] != 0);
    }
    s->languages = q->languages;
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

/* ---- films to be like ---- */

/* By the mean and the spread of so many films, evenly out of all, likeness is counted in spreads. */
enum { SAMPLE = 128, POOL = 150 };

static kino_scale scale_of(const kino_taste *t, const kino_rows *r)
{
    double sum = 0, squares = 0;
    const size_t n = r->count < SAMPLE ? r->count : SAMPLE;
    for (size_t i = 0; i < n; i++) {
        kino_ranked one;
        kino_rate(t, i * r->count / n, &one);
        sum += one.score;
        squares += one.score * one.score;
    }
    const double mean = n ? sum / (double)n : 0;
    return (kino_scale){mean, n ? sqrt(fmax(squares / (double)n - mean * mean, 0)) : 0};
}

/* Films that are like the liked ones, and films that the rest of the question is about: `allowed` becomes these, and
 * likeness[rows->count] what it is for them, in spreads. */
static void beside_liked(const kino_rows *r, inquiry *q, kino_allowed *allowed, size_t most)
{
    kino_allowed left, pool;
    kino_ranked *like = NULL;
    kino_found *about = NULL;
    const kino_scale scale = scale_of(&q->taste, r);
    kino_allowed_copy(r, allowed, &left);
    kino_allowed_none(r, &pool);
    q->likeness = kino_alloc_floats(r->count + 1);
    size_t count = kino_rank(&q->taste, POOL + 2 * most, &left, &like);
    for (size_t i = 0; i < count; i++)
        kino_allowed_set(r, like[i].row, &pool);
    count = kino_retrieve(r, &q->sought, &left, POOL + 2 * most, &about);
    for (size_t i = 0; i < count; i++)
        kino_allowed_set(r, about[i].row, &pool);
    for (size_t row = 0; row < r->count; row++) {
        kino_ranked one;
        if (!kino_allowed_has(r, row, &pool))
            continue;
        kino_rate(&q->taste, row, &one);
        q->likeness[row] = scale.step > 0 ? (float)((one.score - scale.mean) / scale.step) : 0;
    }
    kino_allowed_and(r, allowed, &pool);
    q->sought.likeness = q->likeness;
    free(like);
    free(about);
    kino_allowed_free(&left);
    kino_allowed_free(&pool);
}

/* ---- all of it ---- */

static void end(inquiry *q)
{
    free(q->likeness);
    free(q->dislike);
    kino_seeds_free(&q->taste.like);
    kino_seeds_free(&q->taste.dislike);
    kino_arena_free(&q->memory);
    free(q);
}

/* The question, over films that are loaded. `most`: about as many films are wanted. Freed by end, whatever is returned. */
static kino_status begin(kino *k, const kino_understanding *u, kino_allowed *allowed, size_t most, inquiry **out,
                         kino_error *err)
{
    const kino_rows *r = &k->films->rows;
    kino_query liked = u->query;
    inquiry *q = *out = kino_alloc(sizeof *q);
    const char *match = u->read ? u->wish.match : u->query.about ? u->query.about : "";
    weigh(&u->query, q->times);
    q->sought.times = q->times;
    q->sought.popularity = u->query.popularity;
    kino_status st = put_words(k, match, u->read ? u->wish.expand : "", q, err);
    if (!st && u->read) {
        put_wishes(&u->wish, q);
        st = put_without(k, &u->wish, q, err);
        if (u->titled)
            q->sought.title = u->title + 1;
    }
    if (!st)
        st = beside_disliked(r, &u->query, allowed, &q->dislike, err);
    q->sought.dislike = q->dislike;
    liked.dislike_count = 0; /* they count once */
    liked.popularity = 0;
    liked.about = NULL;
    if (!st && liked.like_count) {
        st = kino_query_taste(k, &liked, NULL, &q->taste, allowed, err);
        if (!st)
            beside_liked(r, q, allowed, most);
    }
    return st;
}

/* ---- the answer ---- */

/* Of the films found, `wanted` that are unlike each other, in the order of their scores, in the place of all. Where films
 * are liked, others of one collection are no answer, unless `repeat`. */
static void choose_unlike(kino *k, const inquiry *q, double diversity, bool repeat, kino_found *found, size_t *count,
                          size_t wanted)
{
    kino_taste taste;
    kino_choice c = {.taste = &taste, .diversity = diversity, .count = *count, .wanted = wanted};
    const bool liked = q->taste.like.count > 0;
    kino_taste_init(&taste, &k->films->scorer);
    taste.known = k->films->facets;
    c.films = kino_alloc_array(*count + 1, sizeof *c.films);
    c.chosen = kino_alloc_array(wanted, sizeof *c.chosen);
    for (size_t i = 0; i < *count; i++) {
        if (liked)
            kino_rate(&q->taste, found[i].row, &c.films[i]);
        c.films[i].row = found[i].row;
        c.films[i].id = found[i].id;
        c.films[i].score = found[i].score;
    }
    kino_choose(&c, repeat || !liked);
    if (c.chosen_count < wanted && c.chosen_count < *count)
        kino_choose(&c, true);
    for (size_t i = 0; i < c.chosen_count; i++) /* which ascend */
        found[i] = found[c.chosen[i]];
    *count = c.chosen_count;
    free(c.films);
    free(c.chosen);
}

/* The films with the parts that count for any of them. */
static kino_status tell(kino *k, const inquiry *q, const kino_found *found, size_t count, kino_owned_results *out,
                        kino_error *err)
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
        *one = (kino_result){.movie = m, .score = found[i].score, .named = found[i].row + 1 == q->sought.title};
        if (q->taste.like.count) {
            kino_ranked rated;
            kino_rate(&q->taste, found[i].row, &rated);
            one->seed = q->taste.like.films[rated.seed].id;
        }
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

kino_status kino_search(kino *k, const kino_understanding *u, kino_allowed *allowed, size_t wanted,
                        kino_owned_results *out, kino_error *err)
{
    kino_found *found = NULL;
    size_t count = 0;
    inquiry *q = NULL;
    const bool liked = u->query.like_count > 0;
    const double diversity = u->query.diversity == 0 && liked ? KINO_DIVERSITY : fmax(u->query.diversity, 0);
    const bool unlike = diversity > 0 || liked;
    kino_status st = begin(k, u, allowed, wanted, &q, err);
    if (!st)
        count = kino_retrieve(&k->films->rows, &q->sought, allowed, unlike ? KINO_POOL + 2 * wanted : wanted, &found);
    if (!st && unlike)
        choose_unlike(k, q, diversity, u->query.sequels, found, &count, wanted);
    if (!st)
        st = tell(k, q, found, count, out, err);
    free(found);
    end(q);
    return st;
}

kino_status kino_search_stand(kino *k, const kino_understanding *u, kino_allowed *allowed, size_t row, size_t wanted,
                              kino_owned_results *out, kino_standing *standing, kino_error *err)
{
    kino_found *found = NULL;
    size_t count = 0, at = 0;
    inquiry *q = NULL;
    kino_status st = begin(k, u, allowed, k->films->rows.count, &q, err);
    if (!st && !kino_allowed_has(&k->films->rows, row, allowed))
        st = kino_fail(err, KINO_USAGE, KINO_CANNOT_STAND);
    if (!st)
        count = kino_retrieve(&k->films->rows, &q->sought, allowed, k->films->rows.count, &found);
    while (!st && found[at].row != row)
        at++;
    if (!st) {
        const kino_found two[] = {found[at], found[(wanted < count ? wanted : count) - 1]};
        *standing = (kino_standing){at + 1, count};
        st = tell(k, q, two, 2, out, err);
    }
    free(found);
    end(q);
    return st;
}
