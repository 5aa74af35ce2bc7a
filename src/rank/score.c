/* score.c - the parts of a score. */
#include "rank/score.h"

#include <math.h>
#include <string.h>

#include "kern/kern.h"

/* The constants. A part is weight / spread x likeness; `spread` is that of the likeness over the 400 films of the nearest
 * plots, as measured on ten thousand films (rank/spread.c measures it anew for a catalogue); `unknown` is the likeness where
 * one of the films does not tell, about what it is for the thirty best films of a seed. Two numbers are alike by
 * 1 - difference / scale, so that more than `scale` speaks against a film.
 *
 * The weights were found by a search for what agrees best with viewers' tags and with films that the same people like,
 * rounded to hundredths (`kino tune` with both finds them again; bench/results/quality.md has what was tried). They sum to
 * 1. */
static const struct constant {
    const char *name;
    double weight, spread, unknown, scale;
} constants[KINO_PART_COUNT] = {
    [KINO_PART_PLOT] = {"plot", 0.06, 0.049, 0.05, 0},
    [KINO_PART_WORDS] = {"words", 0.06, 0.038, 0.03, 0},
    [KINO_PART_PROFILE] = {"profile", 0.10, 0.038, 0.87, 0},
    [KINO_PART_GENRES] = {"genres", 0.15, 0.284, 0.50, 0},
    [KINO_PART_KEYWORDS] = {"keywords", 0.11, 0.069, 0.06, 0},
    [KINO_PART_DIRECTOR] = {"director", 0.03, 0.054, 0.01, 0},
    [KINO_PART_CAST] = {"cast", 0.05, 0.026, 0.01, 0},
    [KINO_PART_ERA] = {"era", 0.08, 0.302, 0.30, 3.045}, /* log(1 + years); 20 years */
    [KINO_PART_LANGUAGE] = {"language", 0.05, 0.254, 0.90, 0},
    [KINO_PART_ACCLAIM] = {"acclaim", 0.13, 0.289, 0.78, 2.5},
    [KINO_PART_FAME] = {"fame", 0.18, 0.343, 0.75, 4}, /* log(1 + votes): 55 times as many */
    [KINO_PART_POPULARITY] = {"popularity", 0.3, 1, 0, 0},
};

/* Measured spreads are trusted within this factor: directors and cast of a catalogue with few credits would otherwise
 * count for more than all else. */
#define TRUSTED 2.0

/* Popularity: the rating times PRIOR_STARS and log(1 + votes), each less its mean. */
#define PRIOR_RATING 6.3
#define PRIOR_FAME 5.0
#define PRIOR_STARS 1.5

/* The older fusion joined code x 3.5 with text x 1 and normalised: squared, the shares of the two cosines. */
#define CLASSIC_PLOT (1.0 / (1.0 + 3.5 * 3.5))

/* ---- names, weights, spreads ---- */

const char *kino_part_name(kino_part_kind part)
{
    return constants[part].name;
}

bool kino_part_is_of(kino_recipe recipe, kino_part_kind part)
{
    return recipe != KINO_RECIPE_CLASSIC || part == KINO_PART_PLOT || part == KINO_PART_PROFILE ||
           part == KINO_PART_POPULARITY;
}

#define BIT(part) (1u << KINO_PART_##part)

static const struct group {
    const char *name;
    unsigned parts;
} groups[] = {
    {"story", BIT(PLOT) | BIT(WORDS) | BIT(KEYWORDS)},
    {"people", BIT(DIRECTOR) | BIT(CAST)},
    {"facts", BIT(PROFILE) | BIT(GENRES) | BIT(ERA) | BIT(LANGUAGE) | BIT(ACCLAIM) | BIT(FAME)},
    {"all", BIT(POPULARITY) - 1},
};

unsigned kino_parts_named(const char *name)
{
    for (int p = 0; p < KINO_PART_POPULARITY; p++)
        if (!strcmp(name, constants[p].name))
            return 1u << p;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (!strcmp(name, groups[i].name))
            return groups[i].parts;
    return 0;
}

const char *const *kino_weight_names(size_t *count)
{
    static const char *const names[] = {"plot",     "words", "profile", "genres",   "keywords",
                                        "director", "cast",  "era",     "language", "acclaim",
                                        "fame",     "story", "people",  "facts",    "all"};
    *count = sizeof names / sizeof *names;
    return names;
}

void kino_part_weights(double *out)
{
    for (int p = 0; p < KINO_PART_COUNT; p++)
        out[p] = constants[p].weight;
}

bool kino_part_weights_valid(const double *weights)
{
    double sum = 0;
    for (int p = 0; p < KINO_PART_COUNT; p++) {
        if (!(weights[p] >= 0 && weights[p] <= 1))
            return false;
        sum += weights[p];
    }
    return sum > 0;
}

void kino_part_spreads(const kino_statistics *s, double *out)
{
    for (int p = 0; p < KINO_PART_COUNT; p++) {
        const double usual = constants[p].spread, measured = s->spreads[p];
        out[p] = measured > 0 ? fmin(fmax(measured, usual / TRUSTED), usual * TRUSTED) : usual;
    }
}

void kino_search_weights(double *plot, double *profile)
{
    *plot = CLASSIC_PLOT;
    *profile = 1.0 - CLASSIC_PLOT;
}

void kino_scorer_weigh(kino_scorer *s, const double *weights)
{
    double spreads[KINO_PART_COUNT];
    kino_part_spreads(&s->rows->base->statistics, spreads);
    for (int p = 0; p < KINO_PART_COUNT; p++) {
        s->weights[p] = weights[p];
        s->factors[p] = weights[p] / spreads[p];
    }
    if (s->recipe == KINO_RECIPE_CLASSIC) {
        s->factors[KINO_PART_PLOT] = CLASSIC_PLOT;
        s->factors[KINO_PART_PROFILE] = 1 - CLASSIC_PLOT;
    }
}

void kino_scorer_init(kino_scorer *s, const kino_rows *r, kino_recipe recipe, const double *weights)
{
    const float *mean = r->base->statistics.mean;
    *s = (kino_scorer){.rows = r, .recipe = recipe};
    kino_scorer_weigh(s, weights);
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        s->mean_square += (double)mean[d] * mean[d];
}

/* ---- facets ---- */

static void put_term(kino_term_set *t, size_t room, uint32_t term)
{
    size_t at = t->count;
    while (at > 0 && t->items[at - 1] > term)
        at--;
    if (t->count == room || (at > 0 && t->items[at - 1] == term))
        return;
    memmove(t->items + at + 1, t->items + at, (t->count - at) * sizeof *t->items);
    t->items[at] = term;
    t->count++;
}

static void put_list(const kino_rows *r, size_t row, kino_role role, kino_term_set *out, size_t room)
{
    size_t own, count = 0;
    const kino_segment *segment = kino_rows_segment(r, row, &own);
    const uint32_t *terms = kino_segment_terms(segment, role, own, &count);
    for (size_t i = 0; i < count && i < room; i++)
        put_term(out, room, kino_rows_term(r, segment, terms[i]));
}

static void weigh(const kino_rows *r, kino_term_set *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->count; i++) {
        double w = kino_rows_term_weight(r, t->items[i]);
        sum += w * w;
    }
    t->norm = sqrt(sum);
}

static uint32_t only_term(const kino_rows *r, size_t row, kino_role role)
{
    size_t own, count = 0;
    const kino_segment *segment = kino_rows_segment(r, row, &own);
    const uint32_t *terms = kino_segment_terms(segment, role, own, &count);
    return count ? kino_rows_term(r, segment, terms[0]) : UINT32_MAX;
}

/* What a damaged snapshot may hold in place of a number is unknown. */
static double within(double x, double low, double high)
{
    return x >= low && x <= high ? x : NAN;
}

static void begin(int64_t id, const float *vector, int64_t year, int64_t votes, double rating, kino_facets *out)
{
    out->id = id;
    out->vector = vector;
    out->year = year ? within((double)year, 1, 9999) : NAN;
    out->fame = votes >= 0 ? log1p((double)votes) : NAN;
    out->rating = votes ? within(rating, 0, 10) : NAN;
    out->genres = (kino_term_set){.items = out->genre_terms};
    out->keywords = (kino_term_set){.items = out->keyword_terms};
    out->directors = (kino_term_set){.items = out->director_terms};
    out->cast = (kino_term_set){.items = out->cast_terms};
}

static void end(const kino_rows *r, kino_words_vector words, kino_facets *out)
{
    out->words = words;
    out->words_norm = sqrt((double)kino_words_squares(words));
    weigh(r, &out->keywords);
    weigh(r, &out->cast);
    out->genres.norm = sqrt((double)out->genres.count);
    out->directors.norm = sqrt((double)out->directors.count);
}

void kino_facets_of(const kino_rows *r, size_t row, kino_facets *out)
{
    size_t own;
    const kino_segment *segment = kino_rows_segment(r, row, &own);
    const int64_t year = segment->counts[2 * own], votes = segment->counts[2 * own + 1];
    begin(segment->ids[own], kino_rows_vector(r, row), year, votes, segment->numbers[3 * own + 1], out);
    out->plot = kino_vectors_has(segment->vectors, own, 0);
    out->profile = kino_vectors_has(segment->vectors, own, 1);
    out->plot_mean = within(segment->plot_mean[own], -1.001, 1.001);
    out->plot = out->plot && !isnan(out->plot_mean);
    out->language = kino_rows_language(r, only_term(r, row, KINO_ROLE_LANGUAGE));
    out->collection = only_term(r, row, KINO_ROLE_COLLECTION);
    put_list(r, row, KINO_ROLE_GENRES, &out->genres, KINO_LIKE_GENRES);
    put_list(r, row, KINO_ROLE_KEYWORDS, &out->keywords, KINO_LIKE_KEYWORDS);
    put_list(r, row, KINO_ROLE_DIRECTORS, &out->directors, KINO_LIKE_DIRECTORS);
    put_list(r, row, KINO_ROLE_CAST, &out->cast, KINO_LIKE_CAST);
    end(r, kino_words_of(segment->words, own), out);
}

static void put_names(const kino_rows *r, const kino_list *list, kino_term_set *out, size_t room)
{
    for (size_t i = 0; i < list->count && i < room; i++)
        put_term(out, room, kino_rows_term_number(r, &list->items[i]));
}

static bool has_any(const float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] != 0)
            return true;
    return false;
}

void kino_facets_of_film(const kino_rows *r, const kino_movie *m, const float *vector, kino_words_vector words,
                         kino_facets *out)
{
    const kino_named language = {0, m->language};
    const float *mean = r->base->statistics.mean;
    begin(m->id, vector, m->year, m->votes, m->rating, out);
    out->plot = has_any(vector, KINO_PLOT_DIM);
    out->profile = has_any(vector + KINO_PLOT_DIM, KINO_PROFILE_DIM);
    out->plot_mean = 0;
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        out->plot_mean += (double)mean[d] * vector[d];
    out->plot_mean = (float)out->plot_mean; /* as a segment keeps it */
    out->language = *m->language ? kino_rows_language(r, kino_rows_term_number(r, &language)) : UINT32_MAX;
    out->collection = m->collection.id ? kino_rows_term_number(r, &m->collection) : UINT32_MAX;
    put_names(r, &m->genres, &out->genres, KINO_LIKE_GENRES);
    put_names(r, &m->keywords, &out->keywords, KINO_LIKE_KEYWORDS);
    put_names(r, &m->directors, &out->directors, KINO_LIKE_DIRECTORS);
    put_names(r, &m->cast, &out->cast, KINO_LIKE_CAST);
    end(r, words, out);
}

/* ---- likeness ---- */

/* The cosine of two sets, each term with its weight; `rows` NULL: all weigh 1. `unknown` when one is empty. */
static double alike_sets(const kino_rows *r, const kino_term_set *a, const kino_term_set *b, double unknown)
{
    double shared = 0;
    if (!(a->norm > 0 && b->norm > 0))
        return unknown;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->items[i] == b->items[j]) {
            const double w = r ? kino_rows_term_weight(r, a->items[i]) : 1;
            shared += w * w;
        }
        uint32_t low = a->items[i] < b->items[j] ? a->items[i] : b->items[j];
        i += a->items[i] == low;
        j += b->items[j] == low;
    }
    return shared / (a->norm * b->norm);
}

static double alike_words(const kino_facets *a, const kino_facets *b)
{
    if (!a->words.count || !b->words.count)
        return constants[KINO_PART_WORDS].unknown;
    return kino_words_product(a->words, b->words) / (a->words_norm * b->words_norm);
}

double kino_part_unknown(kino_part_kind part)
{
    return constants[part].unknown;
}

double kino_part_of_numbers(kino_part_kind part, double a, double b)
{
    const struct constant *c = &constants[part];
    const double difference = part == KINO_PART_ERA ? log1p(fabs(a - b)) : fabs(a - b);
    return isnan(difference) ? c->unknown : 1 - difference / c->scale;
}

static double alike_languages(uint32_t a, uint32_t b)
{
    return a == UINT32_MAX || b == UINT32_MAX ? constants[KINO_PART_LANGUAGE].unknown : a == b;
}

double kino_plot_cosine(const kino_scorer *s, double product, double mean_a, double mean_b)
{
    const double a = 1 - 2 * mean_a + s->mean_square, b = 1 - 2 * mean_b + s->mean_square;
    const double length = sqrt(a * b);
    return length > 1e-6 ? (product - mean_a - mean_b + s->mean_square) / length : 0;
}

static double alike_plots(const kino_scorer *s, const kino_facets *a, const kino_facets *b)
{
    if (!(a->plot && b->plot))
        return s->recipe == KINO_RECIPE_CLASSIC ? 0 : constants[KINO_PART_PLOT].unknown;
    const double product = kino_kernels_get()->dot_f32(a->vector, b->vector, KINO_PLOT_DIM);
    return s->recipe == KINO_RECIPE_CLASSIC ? product : kino_plot_cosine(s, product, a->plot_mean, b->plot_mean);
}

static double alike_profiles(const kino_scorer *s, const kino_facets *a, const kino_facets *b)
{
    if (!(a->profile && b->profile))
        return s->recipe == KINO_RECIPE_CLASSIC ? 0 : constants[KINO_PART_PROFILE].unknown;
    return kino_kernels_get()->dot_f32(a->vector + KINO_PLOT_DIM, b->vector + KINO_PLOT_DIM, KINO_PROFILE_DIM);
}

void kino_likeness(const kino_scorer *s, const kino_facets *a, const kino_facets *b, double *part)
{
    const struct constant *c = constants;
    memset(part, 0, KINO_PART_COUNT * sizeof *part);
    part[KINO_PART_PLOT] = alike_plots(s, a, b);
    part[KINO_PART_PROFILE] = alike_profiles(s, a, b);
    if (s->recipe != KINO_RECIPE_CLASSIC) {
        part[KINO_PART_WORDS] = alike_words(a, b);
        part[KINO_PART_GENRES] = alike_sets(NULL, &a->genres, &b->genres, c[KINO_PART_GENRES].unknown);
        part[KINO_PART_KEYWORDS] = alike_sets(s->rows, &a->keywords, &b->keywords, c[KINO_PART_KEYWORDS].unknown);
        part[KINO_PART_DIRECTOR] = alike_sets(NULL, &a->directors, &b->directors, c[KINO_PART_DIRECTOR].unknown);
        part[KINO_PART_CAST] = alike_sets(s->rows, &a->cast, &b->cast, c[KINO_PART_CAST].unknown);
        part[KINO_PART_ERA] = kino_part_of_numbers(KINO_PART_ERA, a->year, b->year);
        part[KINO_PART_LANGUAGE] = alike_languages(a->language, b->language);
        part[KINO_PART_ACCLAIM] = kino_part_of_numbers(KINO_PART_ACCLAIM, a->rating, b->rating);
        part[KINO_PART_FAME] = kino_part_of_numbers(KINO_PART_FAME, a->fame, b->fame);
    }
    for (int p = 0; p < KINO_PART_POPULARITY; p++)
        part[p] *= s->factors[p];
}

double kino_prior_part(double rating, double fame)
{
    const double stars = isnan(rating) ? 0 : rating - PRIOR_RATING, votes = isnan(fame) ? 0 : fame - PRIOR_FAME;
    return constants[KINO_PART_POPULARITY].weight * (stars * PRIOR_STARS + votes);
}
