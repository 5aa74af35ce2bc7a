/* score.c - the parts of a score. */
#include "rank/score.h"

#include <math.h>
#include <string.h>

#include "kern/kern.h"

/* The constants. A part is weight x likeness; `unknown` is the likeness where one of the films does not tell, about
 * what it is for films that come near the top, so that not to tell neither wins nor loses a place. Two numbers are alike
 * by 1 - difference / scale, so that more than `scale` speaks against a film. The weights lie between what is best for
 * the tuning half of the users of MovieLens' small set (`make tune` fits them) and lists of one kind, with more plot,
 * keywords and genres; bench/results/quality.md has what was tried. That of people is that of keywords, since the set
 * has no credits. */
static const struct constant {
    const char *name;
    double weight, scale, unknown;
} constants[KINO_PART_COUNT] = {
    [KINO_PART_PLOT] = {"plot", 0.160, 0, 0.17},        [KINO_PART_PROFILE] = {"profile", 0.110, 0, 0.86},
    [KINO_PART_GENRES] = {"genres", 0.100, 0, 0.18},    [KINO_PART_KEYWORDS] = {"keywords", 0.150, 0, 0.02},
    [KINO_PART_ERA] = {"era", 0.130, 3.045, 0.18}, /* log(1 + years); 20 years */
    [KINO_PART_LANGUAGE] = {"language", 0.030, 0, 0.5}, [KINO_PART_ACCLAIM] = {"acclaim", 0.190, 2.5, 0.80},
    [KINO_PART_FAME] = {"fame", 0.130, 4, 0.75}, /* log(1 + votes): 55 times as many */
    [KINO_PART_PEOPLE] = {"people", 0.150, 0, 0},       [KINO_PART_POPULARITY] = {"popularity", 0.065, 0, 0},
};

/* Popularity: the rating times PRIOR_STARS and log(1 + votes), each less its mean. */
#define PRIOR_RATING 6.3
#define PRIOR_FAME 5.0
#define PRIOR_STARS 1.5

/* The older fusion joined code x 3.5 with text x 1 and normalised: squared, the shares of the two cosines. */
#define CLASSIC_PLOT (1.0 / (1.0 + 3.5 * 3.5))
/* The same in the search that finds the films which the default recipe scores. */
#define SEARCH_PLOT 0.1

const char *kino_part_name(kino_part_kind part)
{
    return constants[part].name;
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

size_t kino_part_count(kino_recipe recipe)
{
    return recipe == KINO_RECIPE_CLASSIC ? KINO_PART_PROFILE + 1 : KINO_PART_COUNT;
}

void kino_search_weights(kino_recipe recipe, double *plot, double *profile)
{
    *plot = recipe == KINO_RECIPE_CLASSIC ? CLASSIC_PLOT : SEARCH_PLOT;
    *profile = 1.0 - *plot;
}

/* ---- facets ---- */

static void put_term(kino_terms *t, size_t room, uint32_t term)
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

static void put_list(const kino_rows *r, size_t row, kino_role role, kino_terms *out, size_t room)
{
    size_t own, count = 0;
    const kino_segment *segment = kino_rows_segment(r, row, &own);
    const uint32_t *terms = kino_segment_terms(segment, role, own, &count);
    for (size_t i = 0; i < count; i++)
        put_term(out, room, kino_rows_term(r, segment, terms[i]));
}

static void weigh(const kino_rows *r, kino_terms *t)
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
    out->genres = (kino_terms){.items = out->genre_terms};
    out->keywords = (kino_terms){.items = out->keyword_terms};
    out->people = (kino_terms){.items = out->people_terms};
}

void kino_facets_of(const kino_rows *r, size_t row, kino_facets *out)
{
    size_t own;
    const kino_segment *segment = kino_rows_segment(r, row, &own);
    const int64_t year = segment->counts[2 * own], votes = segment->counts[2 * own + 1];
    begin(segment->ids[own], kino_rows_vector(r, row), year, votes, segment->numbers[3 * own + 1], out);
    out->plot = kino_vectors_has(segment->vectors, own, 0);
    out->profile = kino_vectors_has(segment->vectors, own, 1);
    out->language = only_term(r, row, KINO_ROLE_LANGUAGE);
    out->collection = only_term(r, row, KINO_ROLE_COLLECTION);
    put_list(r, row, KINO_ROLE_GENRES, &out->genres, KINO_FACET_GENRES);
    put_list(r, row, KINO_ROLE_KEYWORDS, &out->keywords, KINO_FACET_KEYWORDS);
    put_list(r, row, KINO_ROLE_DIRECTORS, &out->people, KINO_FACET_PEOPLE);
    put_list(r, row, KINO_ROLE_CAST, &out->people, KINO_FACET_PEOPLE);
    weigh(r, &out->genres);
    weigh(r, &out->keywords);
    weigh(r, &out->people);
}

static void put_names(const kino_rows *r, const kino_list *list, kino_terms *out, size_t room)
{
    for (size_t i = 0; i < list->count; i++)
        put_term(out, room, kino_rows_term_number(r, &list->items[i]));
}

static bool has_any(const float *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] != 0)
            return true;
    return false;
}

void kino_facets_of_film(const kino_rows *r, const kino_movie *m, const float *vector, kino_facets *out)
{
    const kino_named language = {0, m->language};
    begin(m->id, vector, m->year, m->votes, m->rating, out);
    out->plot = has_any(vector, KINO_PLOT_DIM);
    out->profile = has_any(vector + KINO_PLOT_DIM, KINO_PROFILE_DIM);
    out->language = *m->language ? kino_rows_term_number(r, &language) : UINT32_MAX;
    out->collection = m->collection.id ? kino_rows_term_number(r, &m->collection) : UINT32_MAX;
    put_names(r, &m->genres, &out->genres, KINO_FACET_GENRES);
    put_names(r, &m->keywords, &out->keywords, KINO_FACET_KEYWORDS);
    put_names(r, &m->directors, &out->people, KINO_FACET_PEOPLE);
    put_names(r, &m->cast, &out->people, KINO_FACET_PEOPLE);
    weigh(r, &out->genres);
    weigh(r, &out->keywords);
    weigh(r, &out->people);
}

/* ---- likeness ---- */

/* The cosine of two sets, each term with its weight; `unknown` when one is empty. */
static double alike_sets(const kino_rows *r, const kino_terms *a, const kino_terms *b, double unknown)
{
    double shared = 0;
    if (!(a->norm > 0 && b->norm > 0))
        return unknown;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->items[i] == b->items[j]) {
            double w = kino_rows_term_weight(r, a->items[i]);
            shared += w * w;
        }
        uint32_t low = a->items[i] < b->items[j] ? a->items[i] : b->items[j];
        i += a->items[i] == low;
        j += b->items[j] == low;
    }
    return shared / (a->norm * b->norm);
}

/* Of a difference; NaN, from an unknown number, is unknown. */
static double alike_numbers(double difference, const struct constant *c)
{
    return isnan(difference) ? c->unknown : 1 - difference / c->scale;
}

static double alike_terms(uint32_t a, uint32_t b, double unknown)
{
    return a == UINT32_MAX || b == UINT32_MAX ? unknown : a == b;
}

void kino_likeness(const kino_scorer *s, const kino_facets *a, const kino_facets *b, double *part)
{
    const kino_kernels *kern = kino_kernels_get();
    const float *code = a->vector + KINO_PLOT_DIM, *other = b->vector + KINO_PLOT_DIM;
    kino_likeness_by(s, a, b, a->plot && b->plot ? kern->dot_f32(a->vector, b->vector, KINO_PLOT_DIM) : NAN,
                     a->profile && b->profile ? kern->dot_f32(code, other, KINO_PROFILE_DIM) : NAN, part);
}

void kino_likeness_by(const kino_scorer *s, const kino_facets *a, const kino_facets *b, double plot, double profile,
                      double *part)
{
    const kino_rows *r = s->rows;
    const struct constant *c = constants;
    if (!(a->plot && b->plot))
        plot = NAN;
    if (!(a->profile && b->profile))
        profile = NAN;
    memset(part, 0, KINO_PART_COUNT * sizeof *part);
    if (s->recipe == KINO_RECIPE_CLASSIC) {
        part[KINO_PART_PLOT] = isnan(plot) ? 0 : CLASSIC_PLOT * plot;
        part[KINO_PART_PROFILE] = isnan(profile) ? 0 : (1 - CLASSIC_PLOT) * profile;
        return;
    }
    part[KINO_PART_PLOT] = isnan(plot) ? c[KINO_PART_PLOT].unknown : plot;
    part[KINO_PART_PROFILE] = isnan(profile) ? c[KINO_PART_PROFILE].unknown : profile;
    part[KINO_PART_GENRES] = alike_sets(r, &a->genres, &b->genres, c[KINO_PART_GENRES].unknown);
    part[KINO_PART_KEYWORDS] = alike_sets(r, &a->keywords, &b->keywords, c[KINO_PART_KEYWORDS].unknown);
    part[KINO_PART_ERA] = alike_numbers(log1p(fabs(a->year - b->year)), &c[KINO_PART_ERA]);
    part[KINO_PART_LANGUAGE] = alike_terms(a->language, b->language, c[KINO_PART_LANGUAGE].unknown);
    part[KINO_PART_ACCLAIM] = alike_numbers(fabs(a->rating - b->rating), &c[KINO_PART_ACCLAIM]);
    part[KINO_PART_FAME] = alike_numbers(fabs(a->fame - b->fame), &c[KINO_PART_FAME]);
    part[KINO_PART_PEOPLE] = alike_sets(r, &a->people, &b->people, c[KINO_PART_PEOPLE].unknown);
    for (int i = 0; i < KINO_PART_COUNT; i++)
        part[i] *= s->weights[i];
}

double kino_prior_part(const kino_facets *f)
{
    double stars = isnan(f->rating) ? 0 : f->rating - PRIOR_RATING;
    double votes = isnan(f->fame) ? 0 : f->fame - PRIOR_FAME;
    return constants[KINO_PART_POPULARITY].weight * (stars * PRIOR_STARS + votes);
}
