/* columns.c - a wish and the columns of the rows -> a number a film. */
#include "base/genres.h"
#include "rank/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { OLD = 30, LATEST = 9999 }; /* years */
enum { SAMPLE = 4096 };           /* films that tell a spread */

/* A keyword that is no nearer says nothing: to have it is as good as to have none. All of a film's keywords, near or not, gain
 * .002 of nDCG@10 in moods, lose .003 in themes and cost a third of a millisecond. */
static const float FAR = 0.2f;

static float sane(float x)
{
    return x > -64 && x < 64 ? x : 0;
}

/* ---- meaning ---- */

void kino_column_plots(const kino_rows *r, const float *meaning, float *out)
{
    float query[KINO_VECTOR_DIM] = {0};
    kino_scratch *scratch = kino_scratch_new();
    memcpy(query, meaning, KINO_PLOT_DIM * sizeof *query);
    kino_vectors_score_all(r->base->vectors, query, scratch, out);
    if (r->tail)
        kino_vectors_score_all(r->tail->vectors, query, scratch, out + r->base->count);
    for (size_t row = 0; row < r->count; row++)
        out[row] = sane(out[row]);
    kino_scratch_free(scratch);
}

/* The films of the base that have a term as a keyword. */
static void lift_films(const kino_segment *base, uint32_t term, float cosine, float *out)
{
    const kino_posting_list films = kino_postings_of(&base->have, term);
    for (size_t i = 0; i < films.count; i++) {
        const uint32_t row = kino_have_row(films.rows[i]);
        if (row < base->count && kino_have_role(films.rows[i]) == KINO_ROLE_KEYWORDS && out[row] < cosine)
            out[row] = cosine;
    }
}

static float nearest_keyword(const kino_segment *tail, size_t row, const kino_phrases *keywords, const float *cosines)
{
    size_t count;
    float best = FAR;
    const uint32_t *terms = kino_segment_terms(tail, KINO_ROLE_KEYWORDS, row, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = kino_segment_term(tail, terms[i]);
        const size_t phrase = kino_phrases_find(keywords, name, strlen(name));
        if (phrase < kino_phrases_count(keywords))
            best = fmaxf(best, cosines[phrase]);
    }
    return best;
}

void kino_column_keywords(const kino_rows *r, const float *meaning, float *out)
{
    const kino_segment *base = r->base;
    const kino_phrases *keywords = base->keywords;
    for (size_t row = 0; row < r->count; row++)
        out[row] = FAR;
    if (!keywords)
        return;
    const size_t count = kino_phrases_count(keywords);
    float *cosines = kino_alloc_floats(count + 1);
    kino_phrases_cosines(keywords, meaning, cosines);
    for (size_t i = 0; i < base->keyword_term_count; i++) {
        const uint32_t term = base->keyword_terms[2 * i], phrase = base->keyword_terms[2 * i + 1];
        if (phrase < count && cosines[phrase] > FAR)
            lift_films(base, term, cosines[phrase], out);
    }
    for (size_t row = 0; r->tail && row < r->tail->count; row++)
        out[base->count + row] = nearest_keyword(r->tail, row, keywords, cosines);
    free(cosines);
}

/* ---- genres ---- */

static double wish_of(const char *genre, const kino_genre_wish *wishes, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (kino_same_genre(genre, wishes[i].name))
            sum += wishes[i].weight;
    return sum;
}

/* The share of a film's genres in the wishes: their sum over the root of how many there are. */
static float fit_of_set(uint64_t set, const double *weights)
{
    double sum = 0;
    const int count = __builtin_popcountll(set);
    for (; set; set &= set - 1)
        sum += weights[__builtin_ctzll(set)];
    return count ? (float)(sum / sqrt(count)) : 0;
}

static float fit_of_list(const kino_segment *tail, size_t row, const kino_genre_wish *wishes, size_t count)
{
    size_t genres;
    double sum = 0;
    const uint32_t *terms = kino_segment_terms(tail, KINO_ROLE_GENRES, row, &genres);
    for (size_t i = 0; i < genres; i++)
        sum += wish_of(kino_segment_term(tail, terms[i]), wishes, count);
    return genres ? (float)(sum / sqrt((double)genres)) : 0;
}

double kino_column_genres(const kino_rows *r, const kino_genre_wish *wishes, size_t count, float *out)
{
    const kino_segment *base = r->base;
    const kino_facts *f = &base->facts;
    double weights[KINO_FACTS_GENRES] = {0}, squares = 0;
    const size_t genres = f->genre_count < KINO_FACTS_GENRES ? f->genre_count : KINO_FACTS_GENRES;
    for (size_t i = 0; i < genres; i++) {
        weights[i] = wish_of(kino_segment_term(base, f->genre[i]), wishes, count);
        squares += weights[i] * weights[i];
    }
    const double length = sqrt(squares);
    if (!(length > 0))
        return 0;
    float *fits = kino_alloc_floats(f->set_count + 1);
    for (size_t i = 0; i < f->set_count; i++)
        fits[i] = fit_of_set(f->sets[i], weights);
    for (size_t row = 0; row < base->count; row++)
        out[row] = f->genres[row] < f->set_count ? fits[f->genres[row]] : 0;
    for (size_t row = 0; r->tail && row < r->tail->count; row++)
        out[base->count + row] = fit_of_list(r->tail, row, wishes, count);
    for (size_t row = 0; row < r->count; row++)
        out[row] = sane((float)(out[row] / length));
    free(fits);
    return length;
}

/* ---- years, languages ---- */

static int64_t year_of(const kino_rows *r, size_t row)
{
    const kino_segment *segment = kino_rows_segment(r, row, &row);
    const int64_t year = segment->counts[2 * row];
    return year > 0 && year <= LATEST ? year : 0;
}

void kino_column_years(const kino_rows *r, int min, int max, float *out)
{
    for (size_t row = 0; row < r->count; row++) {
        const int64_t year = year_of(r, row);
        out[row] = year && year >= min && (!max || year <= max);
    }
}

void kino_column_ages(const kino_rows *r, float *out)
{
    int64_t latest = 0;
    for (size_t row = 0; row < r->count; row++) {
        const int64_t year = kino_rows_is_visible(r, row) ? year_of(r, row) : 0;
        latest = year > latest ? year : latest;
    }
    for (size_t row = 0; row < r->count; row++) {
        const int64_t year = year_of(r, row);
        out[row] = year ? fmaxf(0, fminf((float)(latest - year) / OLD, 1)) : 0;
    }
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcasecmp(name, names[i]))
            return true;
    return false;
}

/* A segment has few languages: each term is compared once. */
static void mark_languages(const kino_segment *s, const char *const *languages, size_t count, float *out)
{
    enum { NEW, WANTED, OTHER };
    uint8_t *known = kino_alloc(s->term_count + 1);
    for (size_t row = 0; row < s->count; row++) {
        size_t own;
        const uint32_t *term = kino_segment_terms(s, KINO_ROLE_LANGUAGE, row, &own);
        out[row] = 0;
        if (!own || *term >= s->term_count)
            continue;
        if (known[*term] == NEW)
            known[*term] = is_one_of(kino_segment_term(s, *term), languages, count) ? WANTED : OTHER;
        out[row] = known[*term] == WANTED;
    }
    free(known);
}

void kino_column_languages(const kino_rows *r, const char *const *languages, size_t count, float *out)
{
    mark_languages(r->base, languages, count, out);
    if (r->tail)
        mark_languages(r->tail, languages, count, out + r->base->count);
}

/* ---- esteem ---- */

void kino_column_esteem(const kino_rows *r, float *acclaim, float *fame)
{
    const kino_segment *base = r->base, *tail = r->tail;
    for (size_t row = 0; row < base->count; row++) {
        acclaim[row] = sane(base->acclaim[row]);
        fame[row] = sane(base->fame[row]);
    }
    for (size_t row = 0; tail && row < tail->count; row++) {
        float *a = &acclaim[base->count + row], *f = &fame[base->count + row];
        kino_esteem_of(&base->esteem, tail->counts[2 * row + 1], tail->numbers[3 * row + 1], a, f);
        *a = sane(*a);
        *f = sane(*f);
    }
}

/* ---- spreads ---- */

kino_scale kino_column_scale(const kino_rows *r, const float *column)
{
    double sum = 0, square = 0;
    size_t n = 0;
    for (size_t row = 0; row < r->count; row += r->count / SAMPLE + 1)
        if (kino_rows_is_visible(r, row)) {
            sum += column[row];
            square += (double)column[row] * column[row];
            n++;
        }
    const double mean = n ? sum / (double)n : 0, variance = n ? square / (double)n - mean * mean : 0;
    return (kino_scale){mean, variance > 1e-12 ? sqrt(variance) : 0};
}
