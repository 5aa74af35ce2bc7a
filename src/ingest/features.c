/* features.c - a film to the row of numbers that the autoencoder sees. */
#include "ingest/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "ingest/stats.h"
#include "ingest/vocabulary.h"

enum { VERSION = 1, NUMBERS = 4, ERAS = 3 };

/* The columns of numbers. `weight` is how far apart the column sets two films: chosen by hits among ten on the ratings
 * of half of the users of MovieLens' small set, then drawn back half of the way, because neighbours of one year and
 * fame but of other kinds please the measure more than they please people. A value is clipped at `clip` deviations: a
 * serial of 20 hours is a long film, not one that is 30 times as far away. */
typedef struct number_column {
    const char *name;
    double weight, clip;
} number_column;

static const number_column default_numbers[] = {
    {"year", 2.0, 6},
    {"votes", 1.5, 6},
    {"rating", 1.0, 6},
    {"runtime", 0.3, 6},
};
static const number_column classic_numbers[] = {
    {"popularity", 1, INFINITY},
    {"runtime", 1, INFINITY},
    {"rate", 1, INFINITY},
};
static const char *const era_names[ERAS] = {"era Modern", "era New", "era Old"};

#define GENRE_WEIGHT 2.0  /* the same for a genre, recipe default; a language has 1 */
#define NO_DEVIATION 1e-9 /* less than this is none */
#define RARELY_VOTED 0.2  /* quantile of the votes that is m of the weighted rating */

struct kino_schema {
    /* As saved. */
    uint32_t head[2];           /* version, recipe */
    double prior[3];            /* kino_prior: rating, votes, runtime */
    double moments[NUMBERS][2]; /* mean, standard deviation (1 for a constant) */
    kino_vocabulary languages, genres;
    /* What follows from it. */
    size_t numbers, columns;
    const number_column *number;
    double genre_weight;
    char **names;
    uint64_t fingerprint;
};

static bool is_classic(const kino_schema *s)
{
    return s->head[1] == KINO_RECIPE_CLASSIC;
}

/* ---- numbers ---- */

static double weighted_rating(const kino_schema *s, const kino_movie *m)
{
    const double c = s->prior[0], few = s->prior[1], votes = m->votes > 0 ? (double)m->votes : 0;
    /* Without votes the rating has no weight, whatever it is. */
    const double own = isnan(m->rating) || !(votes > 0) ? c : m->rating;
    if (!(votes + few > 0))
        return c;
    double rate = votes / (votes + few) * own + few / (few + votes) * c;
    return is_classic(s) ? nearbyint(rate * 10) / 10 : rate; /* half to even, as numpy's round */
}

/* The numbers of a film before scaling; NaN is unknown. */
static void raw_numbers(const kino_schema *s, const kino_movie *m, double raw[NUMBERS])
{
    if (is_classic(s)) {
        raw[0] = m->popularity;
        raw[1] = isnan(m->runtime) ? s->prior[2] : m->runtime;
        raw[2] = weighted_rating(s, m);
        raw[3] = NAN;
    } else {
        raw[0] = m->year ? m->year : NAN;
        raw[1] = m->votes >= 0 ? log1p((double)m->votes) : NAN;
        raw[2] = m->votes > 0 && !isnan(m->rating) ? weighted_rating(s, m) : NAN;
        raw[3] = m->runtime;
    }
}

static void fit_prior(kino_schema *s, const kino_movies *films)
{
    double *ratings = kino_alloc_array(films->count, sizeof *ratings), deviation;
    double *votes = kino_alloc_array(films->count, sizeof *votes);
    for (size_t i = 0; i < films->count; i++) {
        const kino_movie *m = &films->items[i];
        bool rated = m->votes > 0 && !isnan(m->rating);
        ratings[i] = rated ? m->rating : NAN;
        votes[i] = rated ? (double)m->votes : NAN;
    }
    kino_mean_std(ratings, films->count, &s->prior[0], &deviation);
    double few = kino_quantile(votes, films->count, RARELY_VOTED);
    s->prior[1] = few > 1 ? few : 1;
    free(ratings);
    free(votes);
}

static void fit_numbers(kino_schema *s, const kino_movies *films)
{
    const size_t n = films->count;
    double *column = kino_alloc_array(n * s->numbers, sizeof *column); /* [numbers][n] */
    for (size_t i = 0; i < n; i++) {
        double raw[NUMBERS];
        raw_numbers(s, &films->items[i], raw);
        for (size_t j = 0; j < s->numbers; j++)
            column[j * n + i] = raw[j];
    }
    for (size_t j = 0; j < s->numbers; j++) {
        kino_mean_std(column + j * n, n, &s->moments[j][0], &s->moments[j][1]);
        if (!(s->moments[j][1] >= NO_DEVIATION)) /* all alike, but for rounding */
            s->moments[j][1] = 1;
    }
    free(column);
}

/* ---- fit ---- */

static void add_column(kino_schema *s, const char *group, const char *name)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s%s", group, name);
    s->names[s->columns++] = b.data;
}

static void set_recipe(kino_schema *s, kino_recipe recipe)
{
    s->head[0] = VERSION;
    s->head[1] = (uint32_t)recipe;
    s->number = is_classic(s) ? classic_numbers : default_numbers;
    s->numbers = is_classic(s) ? sizeof classic_numbers / sizeof *classic_numbers
                               : sizeof default_numbers / sizeof *default_numbers;
    s->genre_weight = is_classic(s) ? 1 : GENRE_WEIGHT;
}

/* Columns and fingerprint, which follow from what is saved. */
static void derive(kino_schema *s)
{
    const size_t room = NUMBERS + ERAS + s->languages.count + 1 + s->genres.count;
    s->names = kino_alloc_array(room, sizeof *s->names);
    for (size_t j = 0; j < s->numbers; j++)
        add_column(s, "", s->number[j].name);
    for (size_t j = 0; is_classic(s) && j < ERAS; j++)
        add_column(s, "", era_names[j]);
    for (size_t j = 0; j < s->languages.count; j++)
        add_column(s, "language ", s->languages.words[j]);
    if (!is_classic(s))
        add_column(s, "language ", "other");
    for (size_t j = 0; j < s->genres.count; j++)
        add_column(s, "genre ", s->genres.words[j]);

    uint64_t h = kino_hash(KINO_HASH_START, s->head, sizeof s->head);
    h = kino_hash(h, s->prior, sizeof s->prior);
    h = kino_hash(h, s->moments, sizeof s->moments);
    for (size_t j = 0; j < s->numbers; j++) { /* rows made with other constants are other rows */
        h = kino_hash(h, &s->number[j].weight, sizeof s->number[j].weight);
        h = kino_hash(h, &s->number[j].clip, sizeof s->number[j].clip);
    }
    h = kino_hash(h, &s->genre_weight, sizeof s->genre_weight);
    h = kino_hash(h, &s->languages.count, sizeof s->languages.count);
    h = kino_hash(h, s->languages.text, s->languages.bytes);
    s->fingerprint = kino_hash(h, s->genres.text, s->genres.bytes);
}

kino_status kino_schema_fit(kino_recipe recipe, const kino_movies *films, kino_schema **out, kino_error *err)
{
    if (!films->count)
        return kino_fail(err, KINO_USAGE, "there is no film to fit the features to");
    kino_word_counts languages = {0}, genres = {0};
    kino_schema *s = kino_alloc(sizeof *s);
    kino_status st = KINO_OK;
    set_recipe(s, recipe);
    for (size_t i = 0; i < films->count; i++) {
        const kino_movie *m = &films->items[i];
        if (*m->language)
            kino_word_counts_add(&languages, m->language);
        for (size_t g = 0; g < m->genres.count; g++)
            kino_word_counts_add(&genres, m->genres.items[g].name);
    }
    if (is_classic(s) && (languages.count > KINO_SCHEMA_WORDS || genres.count > KINO_SCHEMA_WORDS)) {
        st = kino_fail(err, KINO_USAGE,
                       "%zu languages and %zu genres: recipe classic gives each a column and takes %d "
                       "at most; is the table right?",
                       languages.count, genres.count, KINO_SCHEMA_WORDS);
        goto done;
    }
    kino_vocabulary_choose(&languages, is_classic(s) ? 1 : KINO_LANGUAGE_FILMS, KINO_SCHEMA_WORDS, &s->languages);
    kino_vocabulary_choose(&genres, is_classic(s) ? 1 : KINO_GENRE_FILMS, KINO_SCHEMA_WORDS, &s->genres);
    if (is_classic(s)) {
        kino_vocabulary_drop_first(&s->languages);
        s->prior[0] = films->prior.rating;
        s->prior[1] = films->prior.votes;
        s->prior[2] = films->prior.runtime;
    } else {
        fit_prior(s, films);
    }
    fit_numbers(s, films);
    derive(s);
    *out = s;
    s = NULL;
done:
    kino_schema_free(s);
    kino_word_counts_free(&languages);
    kino_word_counts_free(&genres);
    return st;
}

void kino_schema_free(kino_schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->columns; i++)
        free(s->names[i]);
    free(s->names);
    kino_vocabulary_free(&s->languages);
    kino_vocabulary_free(&s->genres);
    free(s);
}

kino_prior kino_schema_prior(const kino_schema *s)
{
    return (kino_prior){.rating = s->prior[0], .votes = s->prior[1], .runtime = s->prior[2]};
}

size_t kino_schema_columns(const kino_schema *s)
{
    return s->columns;
}

const char *kino_schema_column_name(const kino_schema *s, size_t column)
{
    return s->names[column];
}

kino_recipe kino_schema_recipe(const kino_schema *s)
{
    return (kino_recipe)s->head[1];
}

uint64_t kino_schema_fingerprint(const kino_schema *s)
{
    return s->fingerprint;
}

/* ---- rows ---- */

void kino_schema_row_f64(const kino_schema *s, const kino_movie *m, double *row)
{
    double raw[NUMBERS];
    size_t at = 0;
    memset(row, 0, s->columns * sizeof *row);
    raw_numbers(s, m, raw);
    for (size_t j = 0; j < s->numbers; j++, at++) {
        if (!isfinite(raw[j]))
            continue; /* unknown: the mean */
        double z = (raw[j] - s->moments[j][0]) / s->moments[j][1];
        row[at] = fmin(fmax(z, -s->number[j].clip), s->number[j].clip) * s->number[j].weight;
    }
    if (is_classic(s)) { /* the year 2000, and none at all, fall into New: the rule of that pipeline */
        enum { MODERN, NEW, OLD };
        int era = m->year > 0 && m->year < 2000 ? OLD : m->year > 2000 && m->year < 2010 ? MODERN : NEW;
        row[at + (size_t)era] = 1;
        at += ERAS;
    }
    size_t language = kino_vocabulary_find(&s->languages, m->language);
    if (language < s->languages.count)
        row[at + language] = 1;
    at += s->languages.count;
    if (!is_classic(s))
        row[at++] = *m->language && language == s->languages.count;
    for (size_t g = 0; g < m->genres.count; g++) {
        size_t genre = kino_vocabulary_find(&s->genres, m->genres.items[g].name);
        if (genre < s->genres.count)
            row[at + genre] = s->genre_weight;
    }
}

void kino_schema_row(const kino_schema *s, const kino_movie *m, float *row)
{
    double wide[NUMBERS + ERAS + 2 * KINO_SCHEMA_WORDS + 1];
    kino_schema_row_f64(s, m, wide);
    for (size_t i = 0; i < s->columns; i++)
        row[i] = (float)wide[i];
}

/* ---- saved ---- */

void kino_schema_save(const kino_schema *s, kino_container_writer *w)
{
    kino_container_add(w, "schema.head", KINO_U32, 1, (uint64_t[]){2}, s->head);
    kino_container_add(w, "schema.prior", KINO_F64, 1, (uint64_t[]){3}, s->prior);
    kino_container_add(w, "schema.moments", KINO_F64, 2, (uint64_t[]){NUMBERS, 2}, s->moments);
    kino_container_add(w, "schema.languages", KINO_U8, 1, (uint64_t[]){s->languages.bytes}, s->languages.text);
    kino_container_add(w, "schema.genres", KINO_U8, 1, (uint64_t[]){s->genres.bytes}, s->genres.text);
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

static kino_status load_words(const kino_container *c, const char *name, kino_vocabulary *out, kino_error *err)
{
    const kino_section *section = kino_container_find(c, name, KINO_U8, 1, (uint64_t[]){KINO_ANY}, err);
    if (!section)
        return KINO_DAMAGED;
    if (!kino_vocabulary_read(section->data, section->bytes, KINO_SCHEMA_WORDS, out))
        return kino_fail(err, KINO_DAMAGED, "%s: section %s is no ascending list of words", c->path, name);
    return KINO_OK;
}

kino_status kino_schema_load(const kino_container *c, kino_schema **out, kino_error *err)
{
    const kino_section *head = kino_container_find(c, "schema.head", KINO_U32, 1, (uint64_t[]){2}, err);
    if (!head)
        return KINO_DAMAGED;
    const uint32_t version = kino_u32(head->data), recipe = kino_u32((const char *)head->data + 4);
    if (version != VERSION || recipe > KINO_RECIPE_CLASSIC)
        return kino_fail(err, KINO_DAMAGED,
                         "%s: a feature schema of version %u and recipe %u, which this program does "
                         "not know; build again",
                         c->path, version, recipe);
    kino_schema *s = kino_alloc(sizeof *s);
    set_recipe(s, (kino_recipe)recipe);
    kino_status st = load_numbers(c, "schema.prior", 1, (uint64_t[]){3}, s->prior, err);
    if (!st)
        st = load_numbers(c, "schema.moments", 2, (uint64_t[]){NUMBERS, 2}, &s->moments[0][0], err);
    if (!st && (s->prior[0] < 0 || s->prior[1] < 0 || s->prior[2] < 0))
        st = kino_fail(err, KINO_DAMAGED, "%s: section schema.prior holds a negative number", c->path);
    for (size_t j = 0; !st && j < s->numbers; j++)
        if (!(s->moments[j][1] >= NO_DEVIATION))
            st = kino_fail(err, KINO_DAMAGED, "%s: section schema.moments holds a deviation of nothing", c->path);
    if (!st)
        st = load_words(c, "schema.languages", &s->languages, err);
    if (!st)
        st = load_words(c, "schema.genres", &s->genres, err);
    if (st) {
        kino_schema_free(s);
        return st;
    }
    derive(s);
    *out = s;
    return KINO_OK;
}
