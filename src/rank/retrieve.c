/* retrieve.c - what a wish says of every film, weighed and added up; the best of them with the parts of their scores.
 *
 * Weights were chosen by nDCG@10 of 170 themes over 1,500 films that viewers had tagged. Steps of less than .01 there are
 * chance. */
#include "rank/retrieve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank/best.h"
#include "rank/columns.h"

/* What parts count: those of the words in spreads, but for that of BM25F, which the best film has in full. */
typedef struct weights {
    double plot, words, keywords, genres, acclaim, fame;
} weights;
static const weights usual = {1, 6, 0.5, 0.8, 0.25, 0.15};
/* The very word of a mood in a film's text says less than its genres and what is thought of it: "scary". */
static const weights of_moods = {1, 3, 0.5, 1.5, 0.8, 0.5};
static const weights of_nothing = {0, 0, 0, 0.8, 1, 0.6}; /* filters alone */
#define SEEDS_GENRES 1.5                                  /* beside liked films */
#define SEEDS_WORDS 0.35                                  /* what is left of words beside liked films */
#define SEEDS_LIKENESS 2.0
#define DISLIKE 0.7
#define WITHOUT 0.7 /* of what words that are asked for give */
#define WITHOUT_PLOT 0.5
#define YEARS 1.5
#define DECADE 2.0
#define DECADE_ACCLAIM 0.5
#define DECADE_FAME 0.4
#define LANGUAGE 1.0
#define CLASSIC_AGE 1.2
#define POPULARITY 1.5
#define TITLE 36.0
#define WHOLE 12.0 /* the sum of a film that fits in every way: scores are shares of it, as those of likeness are */

enum { SLACK = 16 }; /* more rows than wanted are scored exactly, as sums of floats may be off in their last bits */

/* A part of every film: factor * (value - mean). No values: the part is 0. */
typedef struct column {
    float *values;
    double factor, mean;
} column;

typedef struct job {
    const kino_rows *rows;
    const kino_sought *sought;
    weights weights;
    column columns[KINO_FOUND_PARTS];
} job;

const char *kino_found_part_name(kino_found_part part)
{
    static const char *const names[KINO_FOUND_PARTS] = {"plot",     "words",   "keywords", "genres", "likeness", "era",
                                                        "language", "acclaim", "fame",     "away",   "title"};
    return names[part];
}

/* ---- columns ---- */

static float *values_of(job *j, kino_found_part part)
{
    column *c = &j->columns[part];
    if (!c->values)
        c->values = kino_alloc_floats(j->rows->count + 1);
    return c->values;
}

/* Counts the values of a part in spreads from their mean. */
static void weigh_spreads(job *j, kino_found_part part, double weight)
{
    column *c = &j->columns[part];
    const kino_scale scale = kino_column_scale(j->rows, c->values);
    c->mean = scale.mean;
    c->factor = scale.step > 0 ? weight / scale.step : 0;
}

static void put_words(job *j)
{
    const kino_about *about = &j->sought->about;
    if (about->meaning) {
        kino_column_plots(j->rows, about->meaning, values_of(j, KINO_FOUND_PLOT));
        weigh_spreads(j, KINO_FOUND_PLOT, j->weights.plot);
        kino_column_keywords(j->rows, about->meaning, values_of(j, KINO_FOUND_KEYWORDS));
        weigh_spreads(j, KINO_FOUND_KEYWORDS, j->weights.keywords);
    }
    if (about->terms) {
        const float best = kino_words_score(j->rows->base->words, about->terms, values_of(j, KINO_FOUND_WORDS));
        j->columns[KINO_FOUND_WORDS].factor = best > 0 ? j->weights.words / best : 0;
    }
}

static void put_genres(job *j)
{
    const kino_sought *w = j->sought;
    if (!w->genre_count)
        return;
    const double length = kino_column_genres(j->rows, w->genres, w->genre_count, values_of(j, KINO_FOUND_GENRES));
    weigh_spreads(j, KINO_FOUND_GENRES, j->weights.genres * fmin(length, 1));
}

/* values += weight * (other - mean) / spread */
static void add_spreads(job *j, float *values, const float *other, double weight)
{
    const kino_scale scale = kino_column_scale(j->rows, other);
    const double factor = scale.step > 0 ? weight / scale.step : 0;
    for (size_t row = 0; row < j->rows->count; row++)
        values[row] += (float)(factor * (other[row] - scale.mean));
}

static void put_without(job *j, const kino_about *a, float *away)
{
    float *own = kino_alloc_floats(j->rows->count + 1);
    if (a->meaning) {
        kino_column_plots(j->rows, a->meaning, own);
        add_spreads(j, away, own, -WITHOUT_PLOT);
    }
    if (a->terms) {
        const float best = kino_words_score(j->rows->base->words, a->terms, own);
        for (size_t row = 0; best > 0 && row < j->rows->count; row++)
            away[row] -= (float)(WITHOUT * usual.words * own[row] / best);
    }
    free(own);
}

static void put_away(job *j)
{
    const kino_sought *w = j->sought;
    if (!w->without_count && !w->dislike)
        return;
    float *away = values_of(j, KINO_FOUND_AWAY);
    for (size_t i = 0; i < w->without_count; i++)
        put_without(j, &w->without[i], away);
    for (size_t row = 0; w->dislike && row < j->rows->count; row++)
        away[row] -= (float)DISLIKE * w->dislike[row];
    j->columns[KINO_FOUND_AWAY].factor = 1;
}

static void put_likeness(job *j)
{
    const kino_sought *w = j->sought;
    if (!w->likeness)
        return;
    memcpy(values_of(j, KINO_FOUND_LIKENESS), w->likeness, j->rows->count * sizeof *w->likeness);
    j->columns[KINO_FOUND_LIKENESS].factor = SEEDS_LIKENESS;
}

static void put_era_and_language(job *j)
{
    const kino_sought *w = j->sought;
    if (w->year_min || w->year_max) {
        kino_column_years(j->rows, w->year_min, w->year_max, values_of(j, KINO_FOUND_ERA));
        j->columns[KINO_FOUND_ERA].factor = w->decade ? DECADE : YEARS;
    } else if (w->ranks & KINO_RANK_CLASSIC) {
        kino_column_ages(j->rows, values_of(j, KINO_FOUND_ERA));
        j->columns[KINO_FOUND_ERA].factor = CLASSIC_AGE;
    }
    if (w->language_count) {
        kino_column_languages(j->rows, w->languages, w->language_count, values_of(j, KINO_FOUND_LANGUAGE));
        j->columns[KINO_FOUND_LANGUAGE].factor = LANGUAGE;
    }
}

/* Good, but not one that everybody knows; nor one that nobody does, of which little can be known. */
static void hide_gems(size_t n, float *acclaim, float *fame)
{
    for (size_t row = 0; row < n; row++) {
        acclaim[row] = 1.5f * fminf(acclaim[row], 1.5f);
        fame[row] = -3 * fmaxf(0, fame[row] - 0.5f) - fmaxf(0, -0.8f - fame[row]);
    }
}

static void bend_obscure(size_t n, float *fame)
{
    for (size_t row = 0; row < n; row++)
        fame[row] = -2.5f * fmaxf(0, fame[row] + 0.3f) - 0.8f * fmaxf(0, -1.3f - fame[row]);
}

static void put_esteem(job *j)
{
    const unsigned ranks = j->sought->ranks;
    float *acclaims = values_of(j, KINO_FOUND_ACCLAIM), *fames = values_of(j, KINO_FOUND_FAME);
    double acclaim = j->weights.acclaim, fame = j->weights.fame;
    kino_column_esteem(j->rows, acclaims, fames);
    if (ranks & (KINO_RANK_HIDDEN | KINO_RANK_OBSCURE)) {
        if (ranks & KINO_RANK_HIDDEN)
            hide_gems(j->rows->count, acclaims, fames);
        else
            bend_obscure(j->rows->count, fames);
        acclaim = ranks & KINO_RANK_HIDDEN ? 1 : 0.5;
        fame = 1;
    } else {
        acclaim += 1.2 * !!(ranks & KINO_RANK_BEST) + 0.8 * !!(ranks & KINO_RANK_CLASSIC) +
                   0.2 * !!(ranks & KINO_RANK_CULT) - 2 * !!(ranks & KINO_RANK_WORST) -
                   1.2 * !!(ranks & KINO_RANK_OVERRATED);
        fame += 0.3 * !!(ranks & KINO_RANK_BEST) + 0.5 * !!(ranks & KINO_RANK_CLASSIC) +
                0.2 * !!(ranks & KINO_RANK_CULT) + 0.4 * !!(ranks & KINO_RANK_WORST) +
                1.2 * !!(ranks & KINO_RANK_OVERRATED) + 1.5 * !!(ranks & KINO_RANK_POPULAR);
    }
    j->columns[KINO_FOUND_ACCLAIM].factor = acclaim;
    j->columns[KINO_FOUND_FAME].factor = fame + POPULARITY * j->sought->popularity;
}

static void put_title(job *j)
{
    if (!j->sought->title)
        return;
    values_of(j, KINO_FOUND_TITLE)[j->sought->title - 1] = 1;
    j->columns[KINO_FOUND_TITLE].factor = TITLE;
}

static weights weights_of(const kino_sought *w)
{
    const bool words = w->about.terms || w->about.meaning;
    weights out = !words && !w->likeness ? of_nothing : w->mood ? of_moods : usual;
    if (w->decade && words) {
        out.acclaim = DECADE_ACCLAIM;
        out.fame = DECADE_FAME;
    }
    if (w->likeness) {
        out.plot *= SEEDS_WORDS;
        out.words *= SEEDS_WORDS;
        out.keywords *= SEEDS_WORDS;
        out.genres = SEEDS_GENRES;
        out.acclaim = usual.acclaim; /* likeness has its own of both */
        out.fame = usual.fame;
    }
    return out;
}

static void fill(job *j)
{
    j->weights = weights_of(j->sought);
    put_words(j);
    put_genres(j);
    put_away(j);
    put_likeness(j);
    put_era_and_language(j);
    put_esteem(j);
    put_title(j);
    for (int p = 0; p < KINO_FOUND_PARTS; p++)
        j->columns[p].factor *= (j->sought->times ? j->sought->times[p] : 1) / WHOLE;
}

/* ---- scores ---- */

static void add_up(const job *j, float *score)
{
    for (int p = 0; p < KINO_FOUND_PARTS; p++) {
        const column *c = &j->columns[p];
        const float factor = (float)c->factor, mean = (float)c->mean;
        for (size_t row = 0; c->values && row < j->rows->count; row++)
            score[row] += factor * (c->values[row] - mean);
    }
}

static void rate(const job *j, size_t row, kino_found *out)
{
    *out = (kino_found){.row = row, .id = kino_rows_id(j->rows, row)};
    for (int p = 0; p < KINO_FOUND_PARTS; p++) {
        const column *c = &j->columns[p];
        if (!c->values)
            continue;
        out->parts[p] = nearbyint(c->factor * (c->values[row] - c->mean) * 0x1p20) * 0x1p-20;
        out->score += out->parts[p];
    }
}

static int by_score(const void *a, const void *b)
{
    const kino_found *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->id > y->id) - (x->id < y->id);
}

size_t kino_retrieve(const kino_rows *r, const kino_sought *w, const kino_allowed *allowed, size_t most,
                     kino_found **out)
{
    job j = {.rows = r, .sought = w};
    const size_t base = r->base->count, room = most < r->count ? most + SLACK : r->count;
    float *score = kino_alloc_floats(r->count + 1);
    kino_best *heap = kino_alloc_array(room + 1, sizeof *heap);
    fill(&j);
    add_up(&j, score);
    size_t count = kino_best_keep(score, allowed->bits[KINO_ROWS_BASE], base, 0, room, heap, 0);
    if (r->tail)
        count = kino_best_keep(score + base, allowed->bits[KINO_ROWS_TAIL], r->tail->count, base, room, heap, count);
    kino_found *found = kino_alloc_array(count + 1, sizeof *found);
    for (size_t i = 0; i < count; i++)
        rate(&j, heap[i].row, &found[i]);
    qsort(found, count, sizeof *found, by_score);
    for (int p = 0; p < KINO_FOUND_PARTS; p++)
        free(j.columns[p].values);
    free(score);
    free(heap);
    *out = found;
    return count < most ? count : most;
}

/* ---- likeness ---- */

void kino_plots_beside(const kino_rows *r, size_t row, float *out)
{
    const float *seed = kino_rows_vector(r, row), *mean = r->base->statistics.mean;
    double with_mean = 0, square = 0;
    for (size_t d = 0; d < KINO_PLOT_DIM; d++) {
        with_mean += (double)seed[d] * mean[d];
        square += (double)mean[d] * mean[d];
    }
    kino_column_plots(r, seed, out);
    for (size_t i = 0; i < r->count; i++) {
        size_t own;
        const kino_segment *segment = kino_rows_segment(r, i, &own);
        const double other = segment->plot_mean[own],
                     length = sqrt((1 - 2 * with_mean + square) * (1 - 2 * other + square)),
                     product = out[i] - with_mean - other + square;
        out[i] = out[i] != 0 && length > 1e-6 ? (float)fmax(-1, fmin(product / length, 1)) : 0;
    }
    const kino_scale scale = kino_column_scale(r, out);
    for (size_t i = 0; i < r->count; i++)
        out[i] = scale.step > 0 ? (float)((out[i] - scale.mean) / scale.step) : 0;
}
