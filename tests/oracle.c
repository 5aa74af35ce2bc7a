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

enum { PLOT, PROFILE, GENRES, KEYWORDS, ERA, LANGUAGE, ACCLAIM, FAME, PEOPLE, POPULARITY };

static const char *const names[ORACLE_PARTS] = {"plot",     "profile", "genres", "keywords", "era",
                                                "language", "acclaim", "fame",   "people",   "popularity"};

/* What a part weighs; the difference over which two numbers are not alike; the likeness where a film does not tell. */
static const double weight[ORACLE_PARTS] = {.16, .11, .1, .15, .13, .03, .19, .13, .15, .065};
static const double scale[ORACLE_PARTS] = {[ERA] = 3.045, [ACCLAIM] = 2.5, [FAME] = 4};
static const double unknown[ORACLE_PARTS] = {.17, .86, .18, .02, .18, .5, .8, .75, 0, 0};

static const double classic_plot = 1 / 13.25; /* the older fusion: 1 to 3.5, squared, as shares */
static const double dislike = .5, words = .5, serve = .5;
static const double mean_rating = 6.3, mean_fame = 5, stars = 1.5;
static const int most_genres = 12, most_keywords = 48, most_people = 16;
static const size_t few = 50, few_for_each = 5; /* films among which those unlike each other are looked for */

/* ---- films ---- */

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

static void weigh_all(oracle *o)
{
    for (size_t i = 0; i < o->count; i++) {
        weigh(o, &o->films[i].genres);
        weigh(o, &o->films[i].keywords);
        weigh(o, &o->films[i].people);
    }
}

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
        put_list(o, &f->movie->directors, &f->people, most_people);
        put_list(o, &f->movie->cast, &f->people, most_people);
    }
    sqlite3_finalize(plot);
    sqlite3_finalize(profile);
    sqlite3_close(db);
    free(ids);
}

oracle *oracle_new(kino *k, const char *data_dir)
{
    oracle *o = calloc(1, sizeof *o);
    kino_info info;
    kino_options opt = {.weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    assert_int_equal(kino_get_info(k, &info, NULL), KINO_OK);
    assert_int_equal(kino_embedder_open(&opt, &o->embedder, NULL), KINO_OK);
    o->classic = !strcmp(info.recipe, "classic");
    read_films(o, k, data_dir);
    count_terms(o);
    o->base = o->count;
    weigh_all(o);
    return o;
}

void oracle_read_again(oracle *o, kino *k, const char *data_dir, size_t tail)
{
    drop_films(o);
    read_films(o, k, data_dir);
    o->tail = tail;
    weigh_all(o);
}

void oracle_free(oracle *o)
{
    if (!o)
        return;
    drop_films(o);
    for (int t = 0; t < o->term_count; t++)
        free(o->terms[t].name);
    free(o->terms);
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

static double dot(const float *a, const float *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

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

/* The parts of two films, unrounded. */
static void likeness(const oracle *o, const oracle_film *a, const oracle_film *b, double *part)
{
    const kino_movie *m = a->movie, *n = b->movie;
    double cosines[2] = {NAN, NAN};
    memset(part, 0, ORACLE_PARTS * sizeof *part);
    if (a->has_plot && b->has_plot)
        cosines[PLOT] = dot(a->plot, b->plot, KINO_PLOT_DIM);
    if (a->has_profile && b->has_profile)
        cosines[PROFILE] = dot(a->profile, b->profile, KINO_PROFILE_DIM);
    if (o->classic) {
        part[PLOT] = isnan(cosines[PLOT]) ? 0 : classic_plot * cosines[PLOT];
        part[PROFILE] = isnan(cosines[PROFILE]) ? 0 : (1 - classic_plot) * cosines[PROFILE];
        return;
    }
    for (int p = PLOT; p <= PROFILE; p++)
        part[p] = isnan(cosines[p]) ? unknown[p] : cosines[p];
    part[GENRES] = alike_sets(&a->genres, &b->genres, GENRES);
    part[KEYWORDS] = alike_sets(&a->keywords, &b->keywords, KEYWORDS);
    part[PEOPLE] = alike_sets(&a->people, &b->people, PEOPLE);
    part[ERA] = !m->year || !n->year ? unknown[ERA] : 1 - log(1 + fabs((double)m->year - n->year)) / scale[ERA];
    part[LANGUAGE] = !*m->language || !*n->language ? unknown[LANGUAGE] : !strcmp(m->language, n->language);
    part[ACCLAIM] = alike_numbers(rating_of(m), rating_of(n), ACCLAIM);
    part[FAME] = alike_numbers(fame_of(m), fame_of(n), FAME);
    for (int p = 0; p < ORACLE_PARTS; p++)
        part[p] *= weight[p];
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
    double story, facts;
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
    *out = (question){.q = q, .story = 1, .facts = 1};
    find_seeds(o, q->like, q->like_weight, q->like_count, &out->like);
    find_seeds(o, q->dislike, q->dislike_weight, q->dislike_count, &out->dislike);
    if (q->weighted) {
        out->story = 2 * q->weight_plot / (q->weight_plot + q->weight_profile);
        out->facts = 2 * q->weight_profile / (q->weight_plot + q->weight_profile);
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
        likeness(o, s->films[i], film, one[i]);
        for (int p = 0; p < ORACLE_PARTS; p++) {
            one[i][p] *= p == PLOT || p == KEYWORDS ? x->story : x->facts;
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
            part[p] -= dislike * away[p];
    }
    if (x->q->about && *x->q->about) {
        const double own = x->q->about_weight > 0 ? x->q->about_weight : 1;
        part[PLOT] += (x->like.count ? words * own : 1) * dot(x->about, film->plot, KINO_PLOT_DIM);
    }
    if (x->q->popularity != 0) {
        const double rating = rating_of(m), fame = fame_of(m);
        part[POPULARITY] =
            x->q->popularity * weight[POPULARITY] *
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
    likeness(o, a, b, part);
    for (int p = 0; p < ORACLE_PARTS; p++)
        sum += part[p];
    return sum;
}

static bool is_of_collection(const oracle_rated *ranked, const size_t *chosen, size_t count, int64_t collection)
{
    for (size_t i = 0; i < count && collection; i++)
        if (ranked[chosen[i]].film->movie->collection.id == collection)
            return true;
    return false;
}

/* Marks the films that are taken; returns how many. */
static size_t take(const oracle *o, const oracle_rated *ranked, size_t count, size_t k, double diversity, bool repeat,
                   bool *taken)
{
    const size_t first = few + few_for_each * k;
    size_t *chosen = calloc(k, sizeof *chosen), n = 0;
    double *nearest = calloc(count + 1, sizeof *nearest); /* how much each is like one of those taken, at most */
    memset(taken, 0, count * sizeof *taken);
    while (n < k) {
        double most = -INFINITY;
        size_t best = count;
        for (size_t i = 0; i < count && !(i >= first && best < count); i++) {
            double value = ranked[i].score;
            if (taken[i] || (!repeat && is_of_collection(ranked, chosen, n, ranked[i].film->movie->collection.id)))
                continue;
            if (diversity > 0 && i < first)
                value = (1 - diversity) * value - diversity * nearest[i];
            if (value > most) {
                most = value;
                best = i;
            }
        }
        if (best == count)
            break;
        taken[best] = true;
        chosen[n++] = best;
        for (size_t i = 0; diversity > 0 && i < count && i < first; i++)
            nearest[i] = fmax(nearest[i], whole_likeness(o, ranked[best].film, ranked[i].film));
    }
    free(nearest);
    free(chosen);
    return n;
}

size_t oracle_answer(const oracle *o, const kino_query *q, oracle_rated *out)
{
    const size_t count = oracle_rank(o, q, out), k = q->k ? q->k : 10;
    const double diversity = q->diversity == 0 && q->like_count ? .25 : fmax(q->diversity, 0);
    bool *taken = calloc(count + 1, sizeof *taken);
    size_t n = 0;
    if (take(o, out, count, k, diversity, q->sequels, taken) < k)
        take(o, out, count, k, diversity, true, taken);
    for (size_t i = 0; i < count; i++)
        if (taken[i])
            out[n++] = out[i];
    free(taken);
    return n;
}
