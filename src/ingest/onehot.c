/* onehot.c - the feature columns of recipe classic: numbers, era, language, genres. */
#include "ingest/onehot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "ingest/stats.h"

enum { NUMBERS = KINO_ONEHOT_NUMBERS, SAVED = NUMBERS + 1, ERAS = 3 };

static const char *const number_names[NUMBERS] = {"popularity", "runtime", "rate"};
static const char *const era_names[ERAS] = {"Modern", "New", "Old"};

#define NO_DEVIATION 1e-9 /* less than this is none */

/* ---- numbers ---- */

static double weighted_rating(const kino_onehot *f, const kino_movie *m)
{
    const double c = f->prior[0], few = f->prior[1], votes = m->votes > 0 ? (double)m->votes : 0;
    /* Without votes the rating has no weight, whatever it is. */
    const double own = isnan(m->rating) || !(votes > 0) ? c : m->rating;
    if (!(votes + few > 0))
        return c;
    double rate = votes / (votes + few) * own + few / (few + votes) * c;
    return nearbyint(rate * 10) / 10; /* half to even, as numpy's round */
}

/* The numbers of a film before scaling; NaN is unknown. */
static void raw_numbers(const kino_onehot *f, const kino_movie *m, double raw[NUMBERS])
{
    raw[0] = m->popularity;
    raw[1] = isnan(m->runtime) ? f->prior[2] : m->runtime;
    raw[2] = weighted_rating(f, m);
}

static void fit_numbers(kino_onehot *f, const kino_movies *films)
{
    const size_t n = films->count;
    double *column = kino_alloc_array(n * NUMBERS, sizeof *column); /* [NUMBERS][n] */
    for (size_t i = 0; i < n; i++) {
        double raw[NUMBERS];
        raw_numbers(f, &films->items[i], raw);
        for (size_t j = 0; j < NUMBERS; j++)
            column[j * n + i] = raw[j];
    }
    for (size_t j = 0; j < NUMBERS; j++) {
        kino_mean_std(column + j * n, n, &f->moments[j][0], &f->moments[j][1]);
        if (!(f->moments[j][1] >= NO_DEVIATION)) /* all alike, but for rounding */
            f->moments[j][1] = 1;
    }
    free(column);
}

/* ---- fit ---- */

static void count(kino_word_counts *c, size_t film, const char *word)
{
    kino_word_counts_add(c, film, kino_word_counts_number(c, word, strlen(word)));
}

kino_status kino_onehot_fit(const kino_movies *films, kino_onehot *out, kino_error *err)
{
    kino_word_counts languages = {0}, genres = {0};
    kino_status st = KINO_OK;
    *out = (kino_onehot){.prior = {films->prior.rating, films->prior.votes, films->prior.runtime}};
    for (size_t i = 0; i < films->count; i++) {
        const kino_movie *m = &films->items[i];
        if (*m->language)
            count(&languages, i, m->language);
        for (size_t g = 0; g < m->genres.count; g++)
            count(&genres, i, m->genres.items[g].name);
    }
    if (languages.words.count > KINO_ONEHOT_WORDS || genres.words.count > KINO_ONEHOT_WORDS) {
        st = kino_fail(err, KINO_USAGE,
                       "%zu languages and %zu genres: recipe classic gives each a column and takes %d "
                       "at most; is the table right?",
                       languages.words.count, genres.words.count, KINO_ONEHOT_WORDS);
    } else {
        kino_vocabulary_choose(&languages, 1, KINO_ONEHOT_WORDS, &out->languages, NULL);
        kino_vocabulary_choose(&genres, 1, KINO_ONEHOT_WORDS, &out->genres, NULL);
        kino_vocabulary_drop_first(&out->languages);
        fit_numbers(out, films);
    }
    kino_word_counts_free(&languages);
    kino_word_counts_free(&genres);
    return st;
}

void kino_onehot_free(kino_onehot *f)
{
    kino_vocabulary_free(&f->languages);
    kino_vocabulary_free(&f->genres);
}

size_t kino_onehot_columns(const kino_onehot *f)
{
    return NUMBERS + ERAS + f->languages.count + f->genres.count;
}

void kino_onehot_name(const kino_onehot *f, size_t column, kino_buffer *out)
{
    const size_t languages = NUMBERS + ERAS, genres = languages + f->languages.count;
    if (column < NUMBERS)
        kino_buffer_print(out, "%s", number_names[column]);
    else if (column < languages)
        kino_buffer_print(out, "era %s", era_names[column - NUMBERS]);
    else if (column < genres)
        kino_buffer_print(out, "language %s", f->languages.words[column - languages]);
    else
        kino_buffer_print(out, "genre %s", f->genres.words[column - genres]);
}

uint64_t kino_onehot_hash(const kino_onehot *f, uint64_t h)
{
    h = kino_hash(h, f->prior, sizeof f->prior);
    h = kino_hash(h, f->moments, sizeof f->moments);
    h = kino_hash(h, &f->languages.count, sizeof f->languages.count);
    h = kino_hash(h, f->languages.text, f->languages.bytes);
    return kino_hash(h, f->genres.text, f->genres.bytes);
}

/* ---- rows ---- */

void kino_onehot_row(const kino_onehot *f, const kino_movie *m, double *row)
{
    enum { MODERN, NEW, OLD };
    double raw[NUMBERS];
    memset(row, 0, kino_onehot_columns(f) * sizeof *row);
    raw_numbers(f, m, raw);
    for (size_t j = 0; j < NUMBERS; j++)
        if (isfinite(raw[j])) /* else unknown: the mean */
            row[j] = (raw[j] - f->moments[j][0]) / f->moments[j][1];
    double *era = row + NUMBERS, *language = era + ERAS, *genre = language + f->languages.count;
    /* The year 2000, and none at all, fall into New: the rule of that pipeline. */
    era[m->year > 0 && m->year < 2000 ? OLD : m->year > 2000 && m->year < 2010 ? MODERN : NEW] = 1;
    size_t at = kino_vocabulary_find(&f->languages, m->language);
    if (at < f->languages.count)
        language[at] = 1;
    for (size_t g = 0; g < m->genres.count; g++) {
        at = kino_vocabulary_find(&f->genres, m->genres.items[g].name);
        if (at < f->genres.count)
            genre[at] = 1;
    }
}

/* ---- saved ---- */

void kino_onehot_save(const kino_onehot *f, kino_container_writer *w)
{
    kino_container_add(w, "schema.prior", KINO_F64, 1, (uint64_t[]){3}, f->prior);
    kino_container_add(w, "schema.moments", KINO_F64, 2, (uint64_t[]){SAVED, 2}, f->moments);
    kino_container_add(w, "schema.languages", KINO_U8, 1, (uint64_t[]){f->languages.bytes}, f->languages.text);
    kino_container_add(w, "schema.genres", KINO_U8, 1, (uint64_t[]){f->genres.bytes}, f->genres.text);
}

static kino_status load_numbers(const kino_container *c, const char *name, uint32_t rank, const uint64_t *dims,
                                double *out, kino_error *err)
{
    const kino_section *section = kino_container_find(c, name, KINO_F64, rank, dims, err);
    if (!section)
        return KINO_DAMAGED;
    memcpy(out, section->data, section->bytes);
    for (size_t i = 0; i < section->bytes / sizeof *out; i++)
        if (!(fabs(out[i]) <= 1e15)) /* real ones are years, minutes, votes: this keeps every row finite */
            return kino_fail(err, KINO_DAMAGED, "%s: section %s holds a number beyond reason", c->path, name);
    return KINO_OK;
}

kino_status kino_onehot_load(const kino_container *c, kino_onehot *out, kino_error *err)
{
    kino_onehot f = {0};
    kino_status st = load_numbers(c, "schema.prior", 1, (uint64_t[]){3}, f.prior, err);
    if (!st)
        st = load_numbers(c, "schema.moments", 2, (uint64_t[]){SAVED, 2}, &f.moments[0][0], err);
    if (!st && (f.prior[0] < 0 || f.prior[1] < 0 || f.prior[2] < 0))
        st = kino_fail(err, KINO_DAMAGED, "%s: section schema.prior holds a negative number", c->path);
    for (size_t j = 0; !st && j < NUMBERS; j++)
        if (!(f.moments[j][1] >= NO_DEVIATION))
            st = kino_fail(err, KINO_DAMAGED, "%s: section schema.moments holds a deviation of nothing", c->path);
    if (!st)
        st = kino_vocabulary_load(c, "schema.languages", KINO_ONEHOT_WORDS, &f.languages, err);
    if (!st)
        st = kino_vocabulary_load(c, "schema.genres", KINO_ONEHOT_WORDS, &f.genres, err);
    if (st)
        kino_onehot_free(&f);
    else
        *out = f;
    return st;
}
