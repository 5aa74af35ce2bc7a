/* filter.c - which rows may be in an answer.
 *
 * Names of genres and languages are compared once for each term that is met, not for each film: a film's lists hold
 * numbers of terms. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/countries.h"
#include "base/genres.h"
#include "rows/filter.h"

/* What the filter says of a term: bit i, the i-th required genre; and these. */
#define REFUSED (UINT64_C(1) << 32)
#define SPOKEN (UINT64_C(1) << 33)
#define HOME (UINT64_C(1) << 34) /* one of the countries */
#define KNOWN (UINT64_C(1) << 63)

typedef struct sieve {
    const kino_filter *f;
    const kino_segment *s;
    uint64_t *meaning; /* [term_count]; 0: not yet looked at */
    uint64_t required;
} sieve;

static uint64_t meaning_of(const sieve *v, uint32_t term)
{
    if (term >= v->s->term_count)
        return 0;
    if (!v->meaning[term]) {
        const kino_filter *f = v->f;
        const char *name = kino_segment_term(v->s, term);
        uint64_t m = KNOWN;
        for (size_t i = 0; i < f->genre_count; i++)
            m |= kino_same_genre(name, f->genres[i]) ? UINT64_C(1) << i : 0;
        for (size_t i = 0; i < f->no_genre_count; i++)
            m |= kino_same_genre(name, f->no_genres[i]) ? REFUSED : 0;
        for (size_t i = 0; i < f->language_count; i++)
            m |= strcasecmp(name, f->languages[i]) ? 0 : SPOKEN;
        for (size_t i = 0; i < f->country_count; i++)
            m |= kino_is_country(name, f->countries[i]) ? HOME : 0;
        v->meaning[term] = m;
    }
    return v->meaning[term];
}

static uint64_t meaning_of_list(const sieve *v, kino_role role, size_t row)
{
    size_t count = 0;
    uint64_t all = 0;
    const uint32_t *terms = kino_segment_terms(v->s, role, row, &count);
    for (size_t i = 0; i < count; i++)
        all |= meaning_of(v, terms[i]);
    return all;
}

static bool passes(const sieve *v, size_t row)
{
    const kino_filter *f = v->f;
    const int64_t year = v->s->counts[2 * row], votes = v->s->counts[2 * row + 1];
    const double runtime = v->s->numbers[3 * row], rating = v->s->numbers[3 * row + 1];
    if (f->year_min && year < f->year_min)
        return false;
    if (f->year_max && (!year || year > f->year_max))
        return false;
    if (f->runtime_min && !(runtime >= f->runtime_min)) /* also for NaN */
        return false;
    if (f->runtime_max && !(runtime <= f->runtime_max))
        return false;
    if ((f->min_rating > 0 && !(rating >= f->min_rating)) || (f->min_votes > 0 && votes < f->min_votes))
        return false;
    if (f->language_count && !(meaning_of_list(v, KINO_ROLE_LANGUAGE, row) & SPOKEN))
        return false;
    if (f->country_count && !(meaning_of_list(v, KINO_ROLE_COUNTRIES, row) & HOME))
        return false;
    if (!f->genre_count && !f->no_genre_count)
        return true;
    uint64_t genres = meaning_of_list(v, KINO_ROLE_GENRES, row);
    return (genres & v->required) == v->required && !(genres & REFUSED);
}

static bool filters_anything(const kino_filter *f)
{
    return f->genre_count || f->no_genre_count || f->language_count || f->country_count || f->year_min || f->year_max ||
           f->runtime_min || f->runtime_max || f->min_rating > 0 || f->min_votes > 0;
}

void kino_filter_rows(const kino_filter *f, const kino_segment *segment, const uint64_t *hidden, uint64_t *bits)
{
    const size_t n = segment->count, words = n / 64 + 1;
    if (filters_anything(f)) {
        sieve v = {f, segment, kino_alloc_array(segment->term_count, sizeof *v.meaning),
                   (UINT64_C(1) << f->genre_count) - 1};
        memset(bits, 0, words * sizeof *bits);
        for (size_t row = 0; row < n; row++)
            if (passes(&v, row))
                bits[row / 64] |= UINT64_C(1) << row % 64;
        free(v.meaning);
    } else {
        memset(bits, 0xff, words * sizeof *bits);
        bits[words - 1] = (UINT64_C(1) << n % 64) - 1;
    }
    for (size_t w = 0; hidden && w < words; w++)
        bits[w] &= ~hidden[w];
}
