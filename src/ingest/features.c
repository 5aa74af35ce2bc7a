#include "ingest/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"

enum { NUMBERS = 4, ERAS = 3 };  /* room for the numbers of either recipe */

/* How far apart a column sets two films, found on ratings of half of the users of MovieLens' small set (the protocol
 * of the evaluation); the older recipe has 1 throughout. */
static const double default_weight[NUMBERS] = {3.0, 2.0, 1.5, 0.3};
static const char *const default_names[NUMBERS] = {"year", "votes", "rating", "runtime"};
static const char *const classic_names[NUMBERS] = {"popularity", "runtime", "rating"};
static const char *const era_names[ERAS] = {"era Modern", "era New", "era Old"};

typedef struct vocabulary {
    char *text;          /* zero-terminated words one after the other, ascending */
    size_t bytes;
    const char **words;
    size_t count;
} vocabulary;

struct kino_schema {
    uint8_t recipe;
    double rate[2];                    /* C and m of the weighted rating */
    double mean[NUMBERS], scale[NUMBERS];
    vocabulary languages, genres;
    size_t columns;
    uint8_t *kinds;
    char **names;
    uint64_t fingerprint;
};

static bool classic(const kino_schema *s)
{
    return s->recipe == KINO_RECIPE_CLASSIC;
}

static size_t number_count(const kino_schema *s)
{
    return classic(s) ? 3 : 4;
}

/* ---- vocabularies ---- */

typedef struct word {
    const char *text;
    size_t films;
} word;

static int by_text(const void *a, const void *b)
{
    return strcmp(((const word *)a)->text, ((const word *)b)->text);
}

static void count_word(word **words, size_t *count, size_t *capacity, const char *text)
{
    for (size_t i = 0; i < *count; i++)
        if (!strcmp((*words)[i].text, text)) {
            (*words)[i].films++;
            return;
        }
    if (*count == KINO_LIMIT_VOCABULARY)
        return;
    if (*count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 64;
        *words = kino_resize_array(*words, *capacity, sizeof **words);
    }
    (*words)[(*count)++] = (word){text, 1};
}

/* Words of at least `least` films, ascending, but the first `drop`. */
static void make_vocabulary(word *words, size_t count, size_t least, size_t drop, vocabulary *out)
{
    kino_buffer b = {0};
    if (count)
        qsort(words, count, sizeof *words, by_text);
    for (size_t i = 0; i < count; i++) {
        if (words[i].films < least)
            continue;
        if (drop) {
            drop--;
            continue;
        }
        kino_buffer_put(&b, words[i].text, strlen(words[i].text) + 1);
        out->count++;
    }
    out->text = b.data;
    out->bytes = b.size;
}

/* The words behind the bytes; false when they are not as make_vocabulary leaves them. */
static bool index_vocabulary(vocabulary *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->bytes; i++)
        n += v->text[i] == 0;
    if (n > KINO_LIMIT_VOCABULARY || (v->bytes && v->text[v->bytes - 1]))
        return false;
    v->words = kino_alloc_array(n, sizeof *v->words);
    v->count = n;
    const char *p = v->text;
    for (size_t i = 0; i < n; i++, p += strlen(p) + 1) {
        v->words[i] = p;
        if (!*p || (i && strcmp(v->words[i - 1], p) >= 0))
            return false;
    }
    return true;
}

/* Position of a word, or count. */
static size_t look_up(const vocabulary *v, const char *text)
{
    size_t low = 0, high = v->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(text, v->words[mid]);
        if (!order)
            return mid;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return v->count;
}

/* ---- numbers ---- */

static double weighted_rating(const kino_schema *s, const kino_movie *m)
{
    double v = m->votes > 0 ? (double)m->votes : 0, c = s->rate[0], few = s->rate[1];
    double own = isnan(m->rating) ? (classic(s) ? 0 : c) : m->rating;
    double rate = v + few > 0 ? v / (v + few) * own + few / (few + v) * c : c;
    return classic(s) ? nearbyint(rate * 10) / 10 : rate;
}

/* The numbers of a film before they are scaled; NaN is unknown. */
static void raw_numbers(const kino_schema *s, const kino_movie *m, double out[NUMBERS])
{
    if (classic(s)) {
        out[0] = m->popularity;
        out[1] = m->runtime;
        out[2] = weighted_rating(s, m);
        out[3] = NAN;
        return;
    }
    out[0] = m->year ? m->year : NAN;
    out[1] = m->votes >= 0 ? log1p((double)m->votes) : NAN;
    out[2] = weighted_rating(s, m);
    out[3] = m->runtime > 0 ? fmin(m->runtime, 300) : NAN;  /* a serial of 20 hours is long, not 20 times longer */
}

static void fit_numbers(kino_schema *s, const kino_movie *films, size_t n)
{
    double sum[NUMBERS] = {0}, square[NUMBERS] = {0}, raw[NUMBERS];
    size_t known[NUMBERS] = {0};
    for (size_t i = 0; i < n; i++) {
        raw_numbers(s, &films[i], raw);
        for (size_t j = 0; j < number_count(s); j++)
            if (!isnan(raw[j])) {
                sum[j] += raw[j];
                known[j]++;
            }
    }
    for (size_t j = 0; j < number_count(s); j++)
        s->mean[j] = known[j] ? sum[j] / (double)known[j] : 0;
    for (size_t i = 0; i < n; i++) {
        raw_numbers(s, &films[i], raw);
        for (size_t j = 0; j < number_count(s); j++)
            if (!isnan(raw[j]))
                square[j] += (raw[j] - s->mean[j]) * (raw[j] - s->mean[j]);
    }
    for (size_t j = 0; j < number_count(s); j++) {
        s->scale[j] = known[j] ? sqrt(square[j] / (double)known[j]) : 1;
        if (!(s->scale[j] > 0))
            s->scale[j] = 1;
    }
}

/* ---- fit, load, free ---- */

static void add_column(kino_schema *s, kino_column_kind kind, const char *group, const char *name)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s%s%s", group, *group ? " " : "", name);
    s->names[s->columns] = b.data;
    s->kinds[s->columns++] = (uint8_t)kind;
}

/* Column names and kinds, and the fingerprint: what follows from the rest. */
static void derive(kino_schema *s)
{
    size_t room = NUMBERS + ERAS + s->languages.count + 1 + s->genres.count;
    s->kinds = kino_alloc(room);
    s->names = kino_alloc_array(room, sizeof *s->names);
    for (size_t j = 0; j < number_count(s); j++)
        add_column(s, KINO_COLUMN_CONTINUOUS, "", (classic(s) ? classic_names : default_names)[j]);
    for (size_t j = 0; classic(s) && j < ERAS; j++)
        add_column(s, KINO_COLUMN_BINARY, "", era_names[j]);
    for (size_t j = 0; j < s->languages.count; j++)
        add_column(s, KINO_COLUMN_BINARY, "language", s->languages.words[j]);
    if (!classic(s))
        add_column(s, KINO_COLUMN_BINARY, "language", "other");
    for (size_t j = 0; j < s->genres.count; j++)
        add_column(s, KINO_COLUMN_BINARY, "genre", s->genres.words[j]);
    uint64_t h = kino_hash(KINO_HASH_START, &s->recipe, sizeof s->recipe);
    h = kino_hash(h, s->rate, sizeof s->rate);
    h = kino_hash(h, s->mean, sizeof s->mean);
    h = kino_hash(h, s->scale, sizeof s->scale);
    h = kino_hash(h, s->languages.text, s->languages.bytes);
    s->fingerprint = kino_hash(h, s->genres.text, s->genres.bytes);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void fit_rate(kino_schema *s, const kino_movies *films)
{
    if (classic(s)) {
        s->rate[0] = films->rate_mean;
        s->rate[1] = films->rate_votes;
        return;
    }
    double sum = 0, *votes = kino_alloc_array(films->count, sizeof *votes);
    size_t rated = 0;
    for (size_t i = 0; i < films->count; i++)
        if (!isnan(films->items[i].rating)) {
            sum += films->items[i].rating;
            votes[rated++] = (double)films->items[i].votes;
        }
    qsort(votes, rated, sizeof *votes, ascending);
    s->rate[0] = rated ? sum / (double)rated : 0;
    s->rate[1] = rated ? fmax(votes[rated / 5], 1) : 1;
    free(votes);
}

kino_status kino_schema_fit(kino_recipe recipe, const kino_movies *films, kino_schema **out, kino_error *err)
{
    if (!films->count)
        return kino_fail(err, KINO_FAILED, "there are no films to fit the features to");
    kino_schema *s = kino_alloc(sizeof *s);
    word *languages = NULL, *genres = NULL;
    size_t language_count = 0, genre_count = 0, room = 0, genre_room = 0;
    s->recipe = (uint8_t)recipe;
    for (size_t i = 0; i < films->count; i++) {
        const kino_movie *m = &films->items[i];
        if (m->language[0])
            count_word(&languages, &language_count, &room, m->language);
        for (size_t g = 0; g < m->genres.count; g++)
            count_word(&genres, &genre_count, &genre_room, m->genres.items[g].name);
    }
    make_vocabulary(languages, language_count, classic(s) ? 1 : KINO_LANGUAGE_FILMS, classic(s) ? 1 : 0,
                    &s->languages);
    make_vocabulary(genres, genre_count, 1, 0, &s->genres);
    free(languages);
    free(genres);
    index_vocabulary(&s->languages);
    index_vocabulary(&s->genres);
    fit_rate(s, films);
    fit_numbers(s, films->items, films->count);
    derive(s);
    *out = s;
    return KINO_OK;
}

void kino_schema_free(kino_schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->columns; i++)
        free(s->names[i]);
    free(s->names);
    free(s->kinds);
    free(s->languages.text);
    free(s->languages.words);
    free(s->genres.text);
    free(s->genres.words);
    free(s);
}

size_t kino_schema_columns(const kino_schema *s)
{
    return s->columns;
}

const uint8_t *kino_schema_kinds(const kino_schema *s)
{
    return s->kinds;
}

const char *kino_schema_column_name(const kino_schema *s, size_t column)
{
    return s->names[column];
}

uint64_t kino_schema_fingerprint(const kino_schema *s)
{
    return s->fingerprint;
}

void kino_schema_row(const kino_schema *s, const kino_movie *m, float *row)
{
    double raw[NUMBERS];
    size_t at = 0;
    memset(row, 0, s->columns * sizeof *row);
    raw_numbers(s, m, raw);
    for (size_t j = 0; j < number_count(s); j++, at++)
        if (!isnan(raw[j]))
            row[at] = (float)((raw[j] - s->mean[j]) / s->scale[j] * (classic(s) ? 1 : default_weight[j]));
    if (classic(s)) {  /* the year 2000 falls into New: kept in this recipe only */
        row[at + (m->year < 2000 ? 2 : m->year >= 2001 && m->year <= 2009 ? 0 : 1)] = 1;
        at += ERAS;
    }
    size_t language = look_up(&s->languages, m->language);
    if (language < s->languages.count)
        row[at + language] = 1;
    at += s->languages.count;
    if (!classic(s))
        row[at++] = language == s->languages.count && m->language[0];
    for (size_t g = 0; g < m->genres.count; g++) {
        size_t genre = look_up(&s->genres, m->genres.items[g].name);
        if (genre < s->genres.count)
            row[at + genre] = 1;
    }
}

void kino_schema_save(const kino_schema *s, kino_container_writer *w)
{
    kino_container_add(w, "schema.recipe", KINO_U8, 1, (uint64_t[]){1}, &s->recipe);
    kino_container_add(w, "schema.rate", KINO_F64, 1, (uint64_t[]){2}, s->rate);
    kino_container_add(w, "schema.mean", KINO_F64, 1, (uint64_t[]){NUMBERS}, s->mean);
    kino_container_add(w, "schema.scale", KINO_F64, 1, (uint64_t[]){NUMBERS}, s->scale);
    kino_container_add(w, "schema.languages", KINO_U8, 1, (uint64_t[]){s->languages.bytes}, s->languages.text);
    kino_container_add(w, "schema.genres", KINO_U8, 1, (uint64_t[]){s->genres.bytes}, s->genres.text);
}

static kino_status load_vocabulary(const kino_container *c, const char *name, vocabulary *v, kino_error *err)
{
    const kino_section *s = kino_container_find(c, name, KINO_U8, 1, (uint64_t[]){KINO_ANY}, err);
    if (!s)
        return KINO_DAMAGED;
    v->bytes = s->bytes;
    v->text = kino_alloc(s->bytes);
    if (s->bytes)
        memcpy(v->text, s->data, s->bytes);
    return index_vocabulary(v) ? KINO_OK : kino_fail(err, KINO_DAMAGED, "%s: %s is not sorted words", c->path, name);
}

static kino_status load_numbers(const kino_container *c, const char *name, size_t n, double *out, kino_error *err)
{
    const kino_section *s = kino_container_find(c, name, KINO_F64, 1, (uint64_t[]){n}, err);
    if (!s)
        return KINO_DAMAGED;
    memcpy(out, s->data, n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(out[i]))
            return kino_fail(err, KINO_DAMAGED, "%s: %s holds a number that is none", c->path, name);
    return KINO_OK;
}

kino_status kino_schema_load(const kino_container *c, kino_schema **out, kino_error *err)
{
    kino_schema *s = kino_alloc(sizeof *s);
    const kino_section *recipe = kino_container_find(c, "schema.recipe", KINO_U8, 1, (uint64_t[]){1}, err);
    kino_status st = recipe ? KINO_OK : KINO_DAMAGED;
    if (!st)
        s->recipe = *(const uint8_t *)recipe->data;
    if (!st && s->recipe > KINO_RECIPE_CLASSIC)
        st = kino_fail(err, KINO_DAMAGED, "%s: an unknown recipe", c->path);
    if (!st)
        st = load_numbers(c, "schema.rate", 2, s->rate, err);
    if (!st)
        st = load_numbers(c, "schema.mean", NUMBERS, s->mean, err);
    if (!st)
        st = load_numbers(c, "schema.scale", NUMBERS, s->scale, err);
    for (size_t j = 0; !st && j < number_count(s); j++)
        if (!(s->scale[j] > 0))
            st = kino_fail(err, KINO_DAMAGED, "%s: a scale that is not positive", c->path);
    if (!st)
        st = load_vocabulary(c, "schema.languages", &s->languages, err);
    if (!st)
        st = load_vocabulary(c, "schema.genres", &s->genres, err);
    if (!st) {
        derive(s);
        *out = s;
    } else {
        kino_schema_free(s);
    }
    return st;
}
