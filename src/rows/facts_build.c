/* facts_build.c - the columns of a segment -> a few bytes a film. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rows/segment.h"

static uint8_t to_byte(double x)
{
    return isnan(x) ? 0 : (uint8_t)lround(fmin(fmax(x, 1), 255));
}

/* ---- terms by how many films have them ---- */

typedef struct frequent {
    uint32_t term, films;
} frequent;

static int by_films(const void *a, const void *b)
{
    const frequent *x = a, *y = b;
    return x->films != y->films ? (x->films < y->films ? 1 : -1) : (x->term > y->term) - (x->term < y->term);
}

/* The `most` most frequent terms of a role into out[]; number[term]: its place from 1, or 0. Returns how many. */
static size_t number_terms(const kino_segment *s, kino_role role, size_t most, uint32_t *out, uint32_t *number)
{
    frequent *all = kino_alloc_array(s->term_count + 1, sizeof *all);
    size_t kept = 0;
    for (size_t t = 0; t < s->term_count; t++)
        all[t].term = (uint32_t)t;
    for (size_t row = 0; row < s->count; row++) {
        size_t count;
        const uint32_t *terms = kino_segment_terms(s, role, row, &count);
        for (size_t i = 0; i < count; i++)
            all[terms[i]].films++;
    }
    qsort(all, s->term_count, sizeof *all, by_films);
    memset(number, 0, (s->term_count + 1) * sizeof *number);
    for (; kept < most && kept < s->term_count && all[kept].films; kept++) {
        out[kept] = all[kept].term;
        number[out[kept]] = (uint32_t)kept + 1;
    }
    free(all);
    return kept;
}

/* ---- sets of genres ---- */

static int by_set(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t set_of(const kino_segment *s, size_t row, const uint32_t *number)
{
    size_t count;
    uint64_t set = 0;
    const uint32_t *terms = kino_segment_terms(s, KINO_ROLE_GENRES, row, &count);
    for (size_t i = 0; i < count; i++)
        set |= number[terms[i]] ? UINT64_C(1) << (number[terms[i]] - 1) : 0;
    return set;
}

/* The different sets, ascending, of which there are a few thousand; returns how many. */
static size_t different(uint64_t *sets, size_t count)
{
    size_t kept = 0;
    qsort(sets, count, sizeof *sets, by_set);
    for (size_t i = 0; i < count; i++)
        if (!kept || sets[kept - 1] != sets[i])
            sets[kept++] = sets[i];
    return kept < KINO_FACTS_SETS ? kept : KINO_FACTS_SETS;
}

static uint16_t find_set(const uint64_t *sets, size_t count, uint64_t set)
{
    const uint64_t *found = bsearch(&set, sets, count, sizeof *sets, by_set);
    return found ? (uint16_t)(found - sets) : 0;
}

/* ---- building ---- */

static bool has(const kino_segment *s, kino_role role, size_t row)
{
    size_t count;
    kino_segment_terms(s, role, row, &count);
    return count > 0;
}

static void put_bytes(const kino_segment *s, size_t row, const uint32_t *language, uint8_t *out)
{
    const int64_t year = s->counts[2 * row], votes = s->counts[2 * row + 1];
    const double rating = s->numbers[3 * row + 1];
    size_t count;
    const uint32_t *spoken = kino_segment_terms(s, KINO_ROLE_LANGUAGE, row, &count);
    out[KINO_FACT_YEAR] = to_byte(year ? (double)year - KINO_FACT_FIRST_YEAR + 1 : NAN);
    out[KINO_FACT_FAME] = to_byte(votes >= 0 ? KINO_FACT_FAME_STEPS * log1p((double)votes) + 1 : NAN);
    out[KINO_FACT_RATING] = to_byte(votes && rating >= 0 && rating <= 10 ? KINO_FACT_RATING_STEPS * rating + 1 : NAN);
    out[KINO_FACT_LANGUAGE] = 0;
    if (count)
        out[KINO_FACT_LANGUAGE] = language[spoken[0]] ? (uint8_t)language[spoken[0]] : KINO_FACTS_OTHER;
    out[KINO_FACT_TOLD] = (uint8_t)((has(s, KINO_ROLE_KEYWORDS, row) ? KINO_TOLD_KEYWORDS : 0) |
                                    (has(s, KINO_ROLE_DIRECTORS, row) ? KINO_TOLD_DIRECTORS : 0) |
                                    (has(s, KINO_ROLE_CAST, row) ? KINO_TOLD_CAST : 0));
}

void kino_facts_build(const kino_segment *s, kino_facts *out)
{
    uint32_t *genre = kino_alloc_array(KINO_FACTS_GENRES, sizeof *genre);
    uint32_t *languages = kino_alloc_array(KINO_FACTS_LANGUAGES, sizeof *languages);
    uint32_t *number = kino_alloc_array(s->term_count + 1, sizeof *number);
    uint64_t *sets = kino_alloc_array(s->count + 1, sizeof *sets);
    uint8_t *bytes = kino_alloc_array(s->count + 1, KINO_FACT_BYTES);
    int8_t *profiles = kino_alloc_array(s->count + 1, KINO_PROFILE_DIM);
    uint16_t *genres = kino_alloc_array(s->count + 1, sizeof *genres);
    const size_t genre_count = number_terms(s, KINO_ROLE_GENRES, KINO_FACTS_GENRES, genre, number);
    for (size_t row = 0; row < s->count; row++)
        sets[row] = set_of(s, row, number);
    sets[s->count] = 0; /* the set of no genres comes first, for films that are without a number */
    const size_t set_count = different(sets, s->count + 1);
    for (size_t row = 0; row < s->count; row++)
        genres[row] = find_set(sets, set_count, set_of(s, row, number));
    const size_t language_count = number_terms(s, KINO_ROLE_LANGUAGE, KINO_FACTS_LANGUAGES, languages, number);
    for (size_t row = 0; row < s->count; row++) {
        put_bytes(s, row, number, bytes + row * KINO_FACT_BYTES);
        for (size_t d = 0; d < KINO_PROFILE_DIM; d++)
            profiles[row * KINO_PROFILE_DIM + d] = (int8_t)lrintf(127 * s->profiles[row * KINO_PROFILE_DIM + d]);
    }
    free(number);
    *out = (kino_facts){bytes, profiles, genres, sets, genre, languages, set_count, genre_count, language_count, true};
}
