/* catalogue.c - the lookups of a reader over rows: words and keywords, genres; titles and people are in two files
 * beside. */
#include "wish/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/genres.h"
#include "base/titletext.h"

/* ---- words ---- */

static bool is_called(const kino_rows *r, kino_called_as as, const char *text, size_t n)
{
    return kino_called(&r->base->naming, as, r->base, text, n).count ||
           (r->tail && kino_called(&r->tail->naming, as, r->tail, text, n).count);
}

static bool knows(const void *ctx, const char *word, size_t n)
{
    const kino_rows *r = ctx;
    kino_buffer plain = {0};
    kino_title_plain(&plain, word, n);
    const bool known = kino_title_is_small(word, n) || kino_title_is_article(word, n) ||
                       is_called(r, KINO_CALLED_WORD, word, n) ||
                       (plain.size && is_called(r, KINO_CALLED_INSIDE, plain.data, plain.size));
    free(plain.data);
    return known;
}

/* Each word of names stands once in its table, in the first place that it has in any. */
static bool is_first(const kino_segment *s, const char *word, size_t n)
{
    const kino_keyed_run run = kino_called(&s->naming, KINO_CALLED_WORD, s, word, n);
    return run.count && !(run.refs[0] & ((1 << KINO_WORD_BITS) - 1));
}

static bool first_name(const void *ctx, const char *word, size_t n)
{
    const kino_rows *r = ctx;
    return is_first(r->base, word, n) || (r->tail && is_first(r->tail, word, n));
}

static uint32_t texts(const void *ctx, const char *word, size_t n)
{
    const kino_rows *r = ctx;
    return kino_words_df(r->base->words, word, n);
}

/* ---- keywords ---- */

/* The terms that are keywords of exactly these stems, *count of them: "anti christ" is not "antichrist". Freed by the
 * caller. */
static uint32_t *keywords_of(const kino_segment *s, const char *stems, size_t n, size_t *count)
{
    const kino_keyed_run run = kino_called(&s->naming, KINO_CALLED_KEYWORD, s, stems, n);
    uint32_t *terms = run.count ? kino_alloc_array(run.count, sizeof *terms) : NULL;
    kino_buffer own = {0};
    *count = 0;
    for (size_t i = 0; i < run.count; i++) {
        own.size = 0;
        kino_called_text(s, KINO_CALLED_KEYWORD, run.refs[i], &own);
        if (own.size == n && !memcmp(own.data, stems, n))
            terms[(*count)++] = run.refs[i];
    }
    free(own.data);
    return terms;
}

/* Films of several keywords of the same stems count once. */
static uint32_t films_of_base(const kino_rows *r, const uint32_t *terms, size_t count)
{
    const size_t n = r->base->count;
    uint64_t *had = count > 1 ? kino_alloc_array(n / 64 + 1, sizeof *had) : NULL;
    uint32_t films = 0;
    for (size_t i = 0; i < count; i++) {
        const kino_posting_list list = kino_postings_of(&r->base->have, terms[i]);
        for (size_t k = 0; k < list.count; k++) {
            const uint32_t row = kino_have_row(list.rows[k]);
            if (row >= n || kino_have_role(list.rows[k]) != KINO_ROLE_KEYWORDS || !kino_rows_is_visible(r, row))
                continue;
            films += !had || !(had[row / 64] >> row % 64 & 1);
            if (had)
                had[row / 64] |= UINT64_C(1) << row % 64;
        }
    }
    free(had);
    return films;
}

static uint32_t films_of_tail(const kino_segment *tail, const uint32_t *terms, size_t count)
{
    uint32_t films = 0;
    for (size_t row = 0; count && row < tail->count; row++) {
        size_t own_count;
        bool has = false;
        const uint32_t *own = kino_segment_terms(tail, KINO_ROLE_KEYWORDS, row, &own_count);
        for (size_t i = 0; i < own_count; i++)
            for (size_t k = 0; k < count; k++)
                has |= own[i] == terms[k];
        films += has;
    }
    return films;
}

static uint32_t keyword(const void *ctx, const char *stems, size_t n)
{
    const kino_rows *r = ctx;
    size_t count;
    uint32_t *terms = keywords_of(r->base, stems, n, &count), films = films_of_base(r, terms, count);
    free(terms);
    if (r->tail) {
        terms = keywords_of(r->tail, stems, n, &count);
        films += films_of_tail(r->tail, terms, count);
        free(terms);
    }
    return films;
}

/* ---- genres ---- */

/* The base has its genres among its facts; a tail has few films. */
static bool genre(const void *ctx, const char *name)
{
    const kino_rows *r = ctx;
    for (size_t i = 0; i < r->base->facts.genre_count; i++)
        if (kino_same_genre(kino_segment_term(r->base, r->base->facts.genre[i]), name))
            return true;
    for (size_t row = 0; r->tail && row < r->tail->count; row++) {
        size_t count;
        const uint32_t *terms = kino_segment_terms(r->tail, KINO_ROLE_GENRES, row, &count);
        for (size_t i = 0; i < count; i++)
            if (kino_same_genre(kino_segment_term(r->tail, terms[i]), name))
                return true;
    }
    return false;
}

/* ---- the whole ---- */

struct kino_wish_catalogue {
    kino_wish_lookups look;
};

kino_wish_catalogue *kino_wish_catalogue_open(const kino_rows *r)
{
    kino_wish_catalogue *c = kino_alloc(sizeof *c);
    const kino_naming *base = &r->base->naming, *tail = r->tail ? &r->tail->naming : NULL;
    const size_t people = base->called[KINO_CALLED_NAME].count + (tail ? tail->called[KINO_CALLED_NAME].count : 0);
    const uint64_t countries = (uint64_t)base->with_countries + (tail ? tail->with_countries : 0);
    const uint32_t newest = tail && tail->newest_year > base->newest_year ? tail->newest_year : base->newest_year;
    c->look = (kino_wish_lookups){
        .ctx = r,
        .texts = texts,
        .keyword = keyword,
        .knows = knows,
        .first_name = first_name,
        .titles = kino_catalogue_titles,
        .film = kino_catalogue_film,
        .people = people ? kino_catalogue_people : NULL,
        .person = kino_catalogue_person,
        .films_of = kino_catalogue_films_of,
        .genre = genre,
        .films = r->count,
        .newest_year = newest < 10000 ? (int)newest : 0,
        .countries = r->count && 2 * countries >= r->count,
    };
    return c;
}

void kino_wish_catalogue_close(kino_wish_catalogue *c)
{
    free(c);
}

const kino_wish_lookups *kino_wish_catalogue_lookups(const kino_wish_catalogue *c)
{
    return &c->look;
}
