/* oracle.c - every film, every part, sorted. See oracle.h. */
#include "oracle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <sqlite3.h>

enum { PLOT, WORDS, PROFILE, GENRES, KEYWORDS, DIRECTOR, CAST, ERA, LANGUAGE, ACCLAIM, FAME, POPULARITY };

static const char *const names[ORACLE_PARTS] = {"plot", "words", "profile",  "genres",  "keywords", "director",
                                                "cast", "era",   "language", "acclaim", "fame",     "popularity"};

/* What a part weighs; how far its likeness usually spreads; the difference over which two numbers are not alike; the
 * likeness where a film does not tell. */
static const double weight[ORACLE_PARTS] = {.06, .06, .1, .15, .11, .03, .05, .08, .05, .13, .18, .3};
static const double usual[ORACLE_PARTS] = {.049, .038, .038, .284, .069, .054, .026, .302, .254, .289, .343, 1};
static const double scale[ORACLE_PARTS] = {[ERA] = 3.045, [ACCLAIM] = 2.5, [FAME] = 4};
static const double unknown[ORACLE_PARTS] = {.05, .03, .87, .5, .06, .01, .01, .3, .9, .78, .75, 0};

/* Parts that a name stands for which is not that of a part. */
static const struct {
    const char *name;
    int parts[ORACLE_PARTS], count;
} groups[] = {
    {"story", {PLOT, WORDS, KEYWORDS}, 3},
    {"people", {DIRECTOR, CAST}, 2},
    {"facts", {PROFILE, GENRES, ERA, LANGUAGE, ACCLAIM, FAME}, 6},
    {"all", {PLOT, WORDS, PROFILE, GENRES, KEYWORDS, DIRECTOR, CAST, ERA, LANGUAGE, ACCLAIM, FAME}, 11},
};

static const double classic_plot = 1 / 13.25; /* the older fusion: 1 to 3.5, squared, as shares */
static const double dislike = .5, words = 2.5, serve = .25;
static const double cosines = .2; /* what is scaled by spreads, beside cosines that are not */
static const double mean_rating = 6.3, mean_fame = 5, stars = 1.5;
static const int most_genres = 12, most_keywords = 48, most_directors = 6, most_cast = 10;
static const size_t few = 50, few_for_each = 5; /* films among which those unlike each other are looked for */
static const size_t of_a_director = 2, of_each = 10, most_served = 5;

/* ---- films ---- */

static double dot(const float *a, const float *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

static int term_of(oracle *o, int64_t id, const char *name)
{
    for (int t = 0; t < o->term_count; t++)
        if (o->terms[t].id == id && !strcmp(o->terms[t].name, name))
            return t;
    o->terms = realloc(o->terms, (size_t)(o->term_count + 1) * sizeof *o->terms);
    o->terms[o->term_count] = (oracle_term){id, strdup(name), 0};
    return o->term_count++;
}

static void put(oracle_set *s, int term, int most)
{
    for (int i = 0; i < s->count; i++)
        if (s->terms[i] == term)
            return;
    if (s->count < most)
        s->terms[s->count++] = term;
}

static void put_list(oracle *o, const kino_list *list, oracle_set *s, int most)
{
    for (size_t i = 0; i < list->count; i++)
        put(s, term_of(o, list->items[i].id, list->items[i].name), most);
}

/* In how many films of the base a term is, in whatever list. */
static void count_terms(oracle *o)
{
    for (size_t i = 0; i < o->count; i++) {
        const kino_movie *m = o->films[i].movie;
        const kino_list *lists[] = {&m->genres, &m->keywords, &m->directors, &m->cast, &m->countries};
        for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
            for (size_t t = 0; t < lists[l]->count; t++)
                o->terms[term_of(o, lists[l]->items[t].id, lists[l]->items[t].name)].films++;
    }
}

/* A term of the base is kept with its weight as a float; one that no film of the base has is the rarest of all. */
static double term_weight(const oracle *o, int term)
{
    const int films = o->terms[term].films;
    return films ? (float)log((double)o->base / films) : log((double)(o->base + o->tail));
}

static void weigh(const oracle *o, oracle_set *s)
{
    double sum = 0;
    for (int i = 0; i < s->count; i++) {
        s->squares[i] = pow(term_weight(o, s->terms[i]), 2);
        sum += s->squares[i];
    }
    s->length = sqrt(sum);
}

/* Genres and directors count the same each. */
static void weigh_evenly(oracle_set *s)
{
    for (int i = 0; i < s->count; i++)
        s->squares[i] = 1;
    s->length = sqrt(s->count);
}

static void weigh_all(oracle *o)
{
    for (size_t i = 0; i < o->count; i++) {
        weigh_evenly(&o->films[i].genres);
        weigh(o, &o->films[i].keywords);
        weigh_evenly(&o->films[i].directors);
        weigh(o, &o->films[i].cast);
    }
}

/* ---- words ---- */

static void tell(kino_words_listener *l, kino_words_field field, const char *text)
{
    kino_words_tell(l, field, text, strlen(text));
}

static void tell_list(kino_words_listener *l, kino_words_field field, const kino_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        tell(l, field, list->items[i].name);
}

static void tell_texts(const void *ctx, size_t row, kino_words_listener *l)
{
    const kino_movie *m = ((const oracle *)ctx)->films[row].movie;
    tell(l, KINO_WORDS_TITLE, m->title);
    tell(l, KINO_WORDS_OVERVIEW, m->overview);
    tell(l, KINO_WORDS_TAGLINE, m->tagline);
    tell_list(l, KINO_WORDS_KEYWORDS, &m->keywords);
    tell_list(l, KINO_WORDS_GENRES, &m->genres);
    if (strcmp(m->title, m->original_title) != 0)
        tell(l, KINO_WORDS_ORIGINAL_TITLE, m->original_title);
}

/* The 32 strongest words of each film; what a word tells is what it tells among the films of the base. */
static void read_words(oracle *o)
{
    const kino_words_options first = {.keep = 32, .threads = 2};
    if (!o->base_words)
        o->base_words = kino_words_build(o->count, tell_texts, o, &first);
    const kino_words_options then = {.keep = 32, .threads = 2, .base = o->base_words};
    kino_words_free(o->words);
    o->words = kino_words_build(o->count, tell_texts, o, &then);
    for (size_t i = 0; i < o->count; i++)
        o->films[i].row = i;
}

static double length_of(kino_words_vector v)
{
    double sum = 0;
    for (size_t i = 0; i < v.count; i++)
        sum += v.weights[i] * v.weights[i];
    return sqrt(sum);
}

static double alike_words(const oracle *o, const oracle_film *a, const oracle_film *b)
{
    const kino_words_vector x = kino_words_of(o->words, a->row), y = kino_words_of(o->words, b->row);
    double shared = 0;
    if (!x.count || !y.count)
        return unknown[WORDS];
    for (size_t i = 0; i < x.count; i++)
        for (size_t j = 0; j < y.count; j++)
            if (x.numbers[i] == y.numbers[j])
                shared += x.weights[i] * y.weights[j];
    return shared / (length_of(x) * length_of(y));
}

/* ---- reading ---- */

static bool read_vector(sqlite3_stmt *s, int64_t id, float *out, int dim)
{
    bool any = false;
    sqlite3_reset(s);
    sqlite3_bind_int64(s, 1, id);
    memset(out, 0, (size_t)dim * sizeof *out);
    if (sqlite3_step(s) == SQLITE_ROW) {
        assert_int_equal(sqlite3_column_bytes(s, 0), dim * (int)sizeof *out);
        memcpy(out, sqlite3_column_blob(s, 0), (size_t)dim * sizeof *out);
    }
    for (int d = 0; d < dim; d++)
        any = any || out[d] != 0;
    return any;
}

static void drop_films(oracle *o)
{
    for (size_t i = 0; i < o->count; i++)
        kino_movie_free(o->films[i].movie);
    free(o->films);
}

static void read_films(oracle *o, kino *k, const char *data_dir)
{
    int64_t *ids = NULL;
    char path[256];
    sqlite3 *db = NULL;
    sqlite3_stmt *plot = NULL, *profile = NULL;
    snprintf(path, sizeof path, "%s/catalogue.db", data_dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT vector FROM plot WHERE film_id = ?", -1, &plot, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT vector FROM profile WHERE film_id = ?", -1, &profile, NULL),
                     SQLITE_OK);
    assert_int_equal(kino_ids(k, &ids, &o->count, NULL), KINO_OK);
    o->films = calloc(o->count, sizeof *o->films);
    for (size_t i = 0; i < o->count; i++) {
        oracle_film *f = &o->films[i];
        assert_int_equal(kino_movie_get(k, ids[i], &f->movie, NULL), KINO_OK);
        f->has_plot = read_vector(plot, ids[i], f->plot, KINO_PLOT_DIM);
        f->has_profile = read_vector(profile, ids[i], f->profile, KINO_PROFILE_DIM);
        put_list(o, &f->movie->genres, &f->genres, most_genres);
        put_list(o, &f->movie->keywords, &f->keywords, most_keywords);
        put_list(o, &f->movie->directors, &f->directors, most_directors);
        put_list(o, &f->movie->cast, &f->cast, most_cast);
        f->plot_mean = (float)dot(f->plot, o->mean, KINO_PLOT_DIM); /* kept as a float */
    }
    sqlite3_finalize(plot);
    sqlite3_finalize(profile);
    sqlite3_close(db);
    free(ids);
}

/* The mean of all plots and the spread of each part, as floats one after another; a spread that is twice or half of what
 * it usually is is as far as it is believed, 0 is none. */
static void read_statistics(oracle *o, const char *data_dir)
{
    char path[256];
    float numbers[KINO_PLOT_DIM + KINO_MAX_PARTS];
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    snprintf(path, sizeof path, "%s/catalogue.db", data_dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT bytes FROM blob WHERE name = 'statistics'", -1, &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(s, 0), (int)sizeof numbers);
    memcpy(numbers, sqlite3_column_blob(s, 0), sizeof numbers);
    sqlite3_finalize(s);
    sqlite3_close(db);
    memcpy(o->mean, numbers, sizeof o->mean);
    o->mean_square = dot(o->mean, o->mean, KINO_PLOT_DIM);
    for (int p = 0; p < ORACLE_PARTS; p++) {
        const double measured = numbers[KINO_PLOT_DIM + p];
        o->spreads[p] = measured == 0 ? usual[p] : fmin(fmax(measured, usual[p] / 2), 2 * usual[p]);
    }
}

oracle *oracle_new(kino *k, const char *data_dir)
{
    oracle *o = calloc(1, sizeof *o);
    kino_info info;
    kino_options opt = {.weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    assert_int_equal(kino_get_info(k, &info, NULL), KINO_OK);
    assert_int_equal(kino_embedder_open(&opt, &o->embedder, NULL), KINO_OK);
    o->classic = !strcmp(info.recipe, "classic");
    read_statistics(o, data_dir);
    read_films(o, k, data_dir);
    count_terms(o);
    o->base = o->count;
    weigh_all(o);
    read_words(o);
    return o;
}

void oracle_read_again(oracle *o, kino *k, const char *data_dir, size_t tail)
{
    drop_films(o);
    read_films(o, k, data_dir);
    o->tail = tail;
    weigh_all(o);
    read_words(o);
}

void oracle_free(oracle *o)
{
    if (!o)
        return;
    drop_films(o);
    for (int t = 0; t < o->term_count; t++)
        free(o->terms[t].name);
    free(o->terms);
    kino_words_free(o->base_words);
    kino_words_free(o->words);
    kino_embedder_close(o->embedder);
    free(o);
}

size_t oracle_part(const char *name)
{
    size_t p = 0;
    while (p < ORACLE_PARTS && strcmp(names[p], name) != 0)
        p++;
    assert_true(p < ORACLE_PARTS);
    return p;
}

const oracle_film *oracle_find(const oracle *o, int64_t id)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->films[i].movie->id == id)
            return &o->films[i];
    return NULL;
}

/* ---- which may be answered ---- */

static bool has_name(const kino_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcasecmp(list->items[i].name, name))
            return true;
    return false;
}

static bool is_one_of(int64_t id, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static bool may_be_answered(const kino_query *q, const kino_movie *m)
{
    const kino_filter *f = &q->filter;
    bool spoken = !f->language_count;
    for (size_t i = 0; i < f->language_count; i++)
        spoken = spoken || !strcasecmp(f->languages[i], m->language);
    for (size_t i = 0; i < f->genre_count; i++)
        if (!has_name(&m->genres, f->genres[i]))
            return false;
    for (size_t i = 0; i < f->no_genre_count; i++)
        if (has_name(&m->genres, f->no_genres[i]))
            return false;
    if (f->year_min && (m->year == 0 || m->year < f->year_min))
        return false;
    if (f->year_max && (m->year == 0 || m->year > f->year_max))
        return false;
    if (f->runtime_min && (isnan(m->runtime) || m->runtime < f->runtime_min))
        return false;
    if (f->runtime_max && (isnan(m->runtime) || m->runtime > f->runtime_max))
        return false;
    if (f->min_rating > 0 && (isnan(m->rating) || m->rating < f->min_rating))
        return false;
    if (f->min_votes > 0 && (m->votes == -1 || m->votes < f->min_votes))
        return false;
    return spoken && !is_one_of(m->id, q->like, q->like_count) && !is_one_of(m->id, q->dislike, q->dislike_count) &&
           !is_one_of(m->id, q->unseen, q->unseen_count);
}

/* ---- likeness ---- */

/* The cosine of two sets of terms. */
static double alike_sets(const oracle_set *a, const oracle_set *b, int part)
{
    double shared = 0;
    if (a->length == 0 || b->length == 0)
        return unknown[part];
    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < b->count; j++)
            if (a->terms[i] == b->terms[j])
                shared += a->squares[i];
    return shared / (a->length * b->length);
}

static double alike_numbers(double a, double b, int part)
{
    return isnan(a) || isnan(b) ? unknown[part] : 1 - fabs(a - b) / scale[part];
}

static double fame_of(const kino_movie *m)
{
    return m->votes < 0 ? NAN : log(1 + (double)m->votes);
}

/* A rating that nobody has given is none. */
static double rating_of(const kino_movie *m)
{
    return m->votes == 0 ? NAN : m->rating;
}

/* The cosine of two vectors of length 1, both less the mean of all plots. */
static double centred(const oracle *o, double product, double mean_a, double mean_b)
{
    const double a = sqrt(1 - 2 * mean_a + o->mean_square), b = sqrt(1 - 2 * mean_b + o->mean_square);
    return (product - mean_a - mean_b + o->mean_square) / (a * b);
}

/* Cantonese is told by a code of TMDB's own; it is Chinese. */
static const char *language_of(const kino_movie *m)
{
    return !strcmp(m->language, "cn") ? "zh" : m->language;
}

/* From 0 to 1 for most; a part that the recipe has not is 0. */
void oracle_likeness(const oracle *o, const oracle_film *a, const oracle_film *b, double *part)
{
    const kino_movie *m = a->movie, *n = b->movie;
    const bool plots = a->has_plot && b->has_plot, profiles = a->has_profile && b->has_profile;
    const double plot = dot(a->plot, b->plot, KINO_PLOT_DIM), profile = dot(a->profile, b->profile, KINO_PROFILE_DIM);
    memset(part, 0, ORACLE_PARTS * sizeof *part);
    if (o->classic) {
        part[PLOT] = plots ? plot : 0;
        part[PROFILE] = profiles ? profile : 0;
        return;
    }
    part[PLOT] = plots ? centred(o, plot, a->plot_mean, b->plot_mean) : unknown[PLOT];
    part[WORDS] = alike_words(o, a, b);
    part[PROFILE] = profiles ? profile : unknown[PROFILE];
    part[GENRES] = alike_sets(&a->genres, &b->genres, GENRES);
    part[KEYWORDS] = alike_sets(&a->keywords, &b->keywords, KEYWORDS);
    part[DIRECTOR] = alike_sets(&a->directors, &b->directors, DIRECTOR);
    part[CAST] = alike_sets(&a->cast, &b->cast, CAST);
    part[ERA] = !m->year || !n->year ? unknown[ERA] : 1 - log(1 + fabs((double)m->year - n->year)) / scale[ERA];
    part[LANGUAGE] = !*m->language || !*n->language ? unknown[LANGUAGE] : !strcmp(language_of(m), language_of(n));
    part[ACCLAIM] = alike_numbers(rating_of(m), rating_of(n), ACCLAIM);
    part[FAME] = alike_numbers(fame_of(m), fame_of(n), FAME);
}

bool oracle_tells(const oracle *o, const oracle_film *f, size_t part)
{
    const kino_movie *m = f->movie;
    const bool tells[ORACLE_PARTS] = {[PLOT] = f->has_plot,
                                      [WORDS] = kino_words_of(o->words, f->row).count > 0,
                                      [PROFILE] = f->has_profile,
                                      [GENRES] = f->genres.length > 0,
                                      [KEYWORDS] = f->keywords.length > 0,
                                      [DIRECTOR] = f->directors.length > 0,
                                      [CAST] = f->cast.length > 0,
                                      [ERA] = m->year != 0,
                                      [LANGUAGE] = *m->language != 0,
                                      [ACCLAIM] = !isnan(rating_of(m)),
                                      [FAME] = !isnan(fame_of(m))};
    return tells[part];
}

/* The parts of a score, unrounded. */
static void weighted(const oracle *o, const oracle_film *a, const oracle_film *b, double *part)
{
    oracle_likeness(o, a, b, part);
    for (int p = 0; p < POPULARITY; p++)
        part[p] *= !o->classic ? weight[p] / o->spreads[p] : p == PLOT ? classic_plot : 1 - classic_plot;
}

/* ---- the score ---- */

typedef struct seeds {
    const oracle_film *films[KINO_MAX_SEEDS];
    double weights[KINO_MAX_SEEDS];
    size_t count;
} seeds;

typedef struct question {
    const kino_query *q;
    seeds like, dislike;
    double times[ORACLE_PARTS];
    float about[KINO_PLOT_DIM];
} question;

/* Each film once, with its first weight; the weights sum to 1. */
static void find_seeds(const oracle *o, const int64_t *ids, const double *weights, size_t count, seeds *out)
{
    double sum = 0;
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_one_of(ids[i], ids, i))
            continue;
        out->films[out->count] = oracle_find(o, ids[i]);
        assert_non_null(out->films[out->count]);
        out->weights[out->count] = weights ? weights[i] : 1;
        sum += out->weights[out->count++];
    }
    for (size_t i = 0; i < out->count; i++)
        out->weights[i] /= sum;
}

static void understand(const oracle *o, const kino_query *q, question *out)
{
    *out = (question){.q = q};
    find_seeds(o, q->like, q->like_weight, q->like_count, &out->like);
    find_seeds(o, q->dislike, q->dislike_weight, q->dislike_count, &out->dislike);
    for (int p = 0; p < ORACLE_PARTS; p++)
        out->times[p] = 1;
    for (size_t i = 0; i < q->weight_count; i++) {
        for (int p = 0; p < POPULARITY; p++)
            if (!strcmp(q->weights[i].name, names[p]))
                out->times[p] = q->weights[i].value;
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
            for (int p = 0; p < groups[g].count && !strcmp(q->weights[i].name, groups[g].name); p++)
                out->times[groups[g].parts[p]] = q->weights[i].value;
    }
    if (q->about && *q->about)
        assert_int_equal(kino_embed(o->embedder, &q->about, NULL, 1, out->about, NULL), KINO_OK);
}

/* mean + share (best - mean), where the best seed is that with the most of weight x score; its index. */
static size_t beside_seeds(const oracle *o, const question *x, const seeds *s, const oracle_film *film, double share,
                           double *part)
{
    double one[KINO_MAX_SEEDS][ORACLE_PARTS], most = -INFINITY;
    size_t best = 0;
    memset(part, 0, ORACLE_PARTS * sizeof *part);
    for (size_t i = 0; i < s->count; i++) {
        double sum = 0;
        weighted(o, s->films[i], film, one[i]);
        for (int p = 0; p < ORACLE_PARTS; p++) {
            one[i][p] *= x->times[p];
            part[p] += s->weights[i] * one[i][p];
            sum += one[i][p];
        }
        if (s->weights[i] * sum > most) {
            most = s->weights[i] * sum;
            best = i;
        }
    }
    for (int p = 0; s->count > 1 && p < ORACLE_PARTS; p++)
        part[p] += share * (one[best][p] - part[p]);
    return best;
}

static void rate(const oracle *o, const question *x, const oracle_film *film, oracle_rated *out)
{
    double part[ORACLE_PARTS] = {0}, away[ORACLE_PARTS];
    const kino_movie *m = film->movie;
    *out = (oracle_rated){.film = film};
    if (x->like.count)
        out->seed = x->like.films[beside_seeds(o, x, &x->like, film, serve, part)]->movie->id;
    if (x->dislike.count) {
        beside_seeds(o, x, &x->dislike, film, 1, away);
        for (int p = 0; p < ORACLE_PARTS; p++)
            part[p] -= (x->like.count || o->classic ? 1 : cosines) * dislike * away[p];
    }
    if (x->q->about && *x->q->about) {
        const double own = x->q->about_weight > 0 ? x->q->about_weight : 1,
                     product = dot(x->about, film->plot, KINO_PLOT_DIM);
        if (!x->like.count)
            part[PLOT] += product;
        else if (film->has_plot)
            part[PLOT] += words * own * centred(o, product, dot(x->about, o->mean, KINO_PLOT_DIM), film->plot_mean);
    }
    if (x->q->popularity != 0) {
        const double rating = rating_of(m), fame = fame_of(m);
        part[POPULARITY] =
            (x->like.count && !o->classic ? 1 : cosines) * x->q->popularity * weight[POPULARITY] *
            ((isnan(rating) ? 0 : stars * (rating - mean_rating)) + (isnan(fame) ? 0 : fame - mean_fame));
    }
    for (int p = 0; p < ORACLE_PARTS; p++) {
        out->parts[p] = nearbyint(part[p] / ORACLE_GRAIN) * ORACLE_GRAIN;
        out->score += out->parts[p];
    }
}

static int best_first(const void *a, const void *b)
{
    const oracle_rated *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->film->movie->id < y->film->movie->id ? -1 : 1;
}

size_t oracle_rank(const oracle *o, const kino_query *q, oracle_rated *out)
{
    question x;
    size_t count = 0;
    understand(o, q, &x);
    for (size_t i = 0; i < o->count; i++)
        if (may_be_answered(q, o->films[i].movie))
            rate(o, &x, &o->films[i], &out[count++]);
    qsort(out, count, sizeof *out, best_first);
    return count;
}

/* ---- the choice ---- */

static double whole_likeness(const oracle *o, const oracle_film *a, const oracle_film *b)
{
    double part[ORACLE_PARTS], sum = 0;
    weighted(o, a, b, part);
    for (int p = 0; p < ORACLE_PARTS; p++)
        sum += part[p];
    return sum;
}

typedef struct list {
    const oracle_rated *ranked;
    size_t count, k;
    size_t *chosen, n;
    bool repeat; /* neither collections nor directors matter */
} list;

static bool is_chosen(const list *l, size_t film)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->chosen[i] == film)
            return true;
    return false;
}

static bool share_director(const oracle_film *a, const oracle_film *b)
{
    for (int i = 0; i < a->directors.count; i++)
        for (int j = 0; j < b->directors.count; j++)
            if (a->directors.terms[i] == b->directors.terms[j])
                return true;
    return false;
}

/* One film of a collection, two of a director for each ten that are begun. */
static bool may_be_taken(const list *l, size_t film)
{
    const oracle_film *f = l->ranked[film].film;
    size_t by_them = 0;
    for (size_t i = 0; i < l->n && !l->repeat; i++) {
        const oracle_film *other = l->ranked[l->chosen[i]].film;
        if (f->movie->collection.id && f->movie->collection.id == other->movie->collection.id)
            return false;
        by_them += share_director(f, other);
    }
    return !is_chosen(l, film) && by_them < of_a_director * ((l->k + of_each - 1) / of_each);
}

static void take(const oracle *o, list *l, double diversity)
{
    const size_t first = few + few_for_each * l->k;
    double *nearest = calloc(l->count + 1, sizeof *nearest); /* how much each is like one of those taken, at most */
    l->n = 0;
    while (l->n < l->k) {
        double most = -INFINITY;
        size_t best = l->count;
        for (size_t i = 0; i < l->count && !(i >= first && best < l->count); i++) {
            double value = l->ranked[i].score;
            if (!may_be_taken(l, i))
                continue;
            if (diversity > 0 && i < first)
                value = (1 - diversity) * value - diversity * nearest[i];
            if (value > most) {
                most = value;
                best = i;
            }
        }
        if (best == l->count)
            break;
        l->chosen[l->n++] = best;
        for (size_t i = 0; diversity > 0 && i < l->count && i < first; i++)
            nearest[i] = fmax(nearest[i], whole_likeness(o, l->ranked[best].film, l->ranked[i].film));
    }
    free(nearest);
}

static size_t taken_for(const list *l, int64_t seed)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->ranked[l->chosen[i]].seed == seed;
    return n;
}

/* A seed of which nothing was taken gets its best film, which takes the place of the worst that can be spared: of a seed
 * that has another. */
static void serve_everyone(const question *x, list *l)
{
    if (x->like.count < 2 || x->like.count > most_served || l->n < x->like.count)
        return;
    for (size_t s = 0; s < x->like.count; s++) {
        const int64_t seed = x->like.films[s]->movie->id;
        size_t film = 0, out = l->n;
        if (taken_for(l, seed))
            continue;
        while (film < l->count && !(l->ranked[film].seed == seed && may_be_taken(l, film)))
            film++;
        for (size_t i = 0; i < l->n; i++)
            if (taken_for(l, l->ranked[l->chosen[i]].seed) > 1 && (out == l->n || l->chosen[i] > l->chosen[out]))
                out = i;
        if (film < l->count && out < l->n)
            l->chosen[out] = film;
    }
}

static int by_place(const void *a, const void *b)
{
    return *(const size_t *)a < *(const size_t *)b ? -1 : 1;
}

size_t oracle_answer(const oracle *o, const kino_query *q, oracle_rated *out)
{
    const double diversity = q->diversity == 0 && q->like_count ? .15 : fmax(q->diversity, 0);
    question x;
    list l = {.ranked = out, .count = oracle_rank(o, q, out), .k = q->k ? q->k : 10, .repeat = q->sequels};
    l.chosen = calloc(l.k, sizeof *l.chosen);
    understand(o, q, &x);
    take(o, &l, diversity);
    if (l.n < l.k) {
        l.repeat = true;
        take(o, &l, diversity);
    }
    serve_everyone(&x, &l);
    qsort(l.chosen, l.n, sizeof *l.chosen, by_place);
    for (size_t i = 0; i < l.n; i++)
        out[i] = out[l.chosen[i]]; /* never from before i */
    free(l.chosen);
    return l.n;
}
