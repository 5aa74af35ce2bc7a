#include "engine/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kern/kern.h"

/* How much a disliked film takes away, against what a liked one gives, and words against a film. */
#define DISLIKE 0.5
#define WORDS 0.5

enum {
    SEARCHED_SEEDS = 8,  /* the heaviest, each with a search of its own */
    BREADTH = 4,         /* the graph looks at this part more candidates than are wanted, */
    LEAST_BREADTH = 200, /* and at no fewer than these, for each of several seeds wants only a few */
};

/* A part is a multiple of 2^-20, so that every sum of parts is exact in a double. */
static double grain(double x)
{
    return nearbyint(x * 0x1p20) * 0x1p-20;
}

/* ---- what may be answered ---- */

void kino_allowed_init(const kino_rows *r, const kino_filter *f, kino_allowed *out)
{
    out->bits[KINO_ROWS_BASE] = kino_alloc_array(r->base->count / 64 + 1, sizeof **out->bits);
    out->bits[KINO_ROWS_TAIL] = NULL;
    kino_filter_rows(f, r->base, r->hidden, out->bits[KINO_ROWS_BASE]);
    if (!r->tail)
        return;
    out->bits[KINO_ROWS_TAIL] = kino_alloc_array(r->tail->count / 64 + 1, sizeof **out->bits);
    kino_filter_rows(f, r->tail, NULL, out->bits[KINO_ROWS_TAIL]);
}

void kino_allowed_clear(const kino_rows *r, size_t row, kino_allowed *a)
{
    uint64_t *bits = a->bits[row < r->base->count ? KINO_ROWS_BASE : KINO_ROWS_TAIL];
    kino_part_of(r, row, &row);
    bits[row / 64] &= ~(UINT64_C(1) << row % 64);
}

void kino_allowed_free(kino_allowed *a)
{
    free(a->bits[KINO_ROWS_BASE]);
    free(a->bits[KINO_ROWS_TAIL]);
}

/* ---- seeds ---- */

void kino_seeds_init(const kino_rows *r, const size_t *rows, const double *weights, size_t count, kino_seeds *out)
{
    double sum = 0;
    *out = (kino_seeds){.count = count};
    if (!count)
        return;
    out->films = kino_alloc_array(count, sizeof *out->films);
    out->weights = kino_alloc_array(count, sizeof *out->weights);
    for (size_t i = 0; i < count; i++) {
        kino_facets_of(r, rows[i], &out->films[i]);
        sum += out->weights[i] = weights ? weights[i] : 1;
    }
    for (size_t i = 0; i < count; i++)
        out->weights[i] /= sum;
}

void kino_seeds_free(kino_seeds *s)
{
    free(s->films);
    free(s->weights);
}

/* ---- scores ---- */

/* The parts of a film beside seeds, and the seed that counts most for it. */
static void blend(const kino_taste *t, const kino_seeds *seeds, const kino_facets *film, double serve,
                  double *part, uint32_t *most)
{
    double one[KINO_PART_COUNT], best[KINO_PART_COUNT] = {0}, best_score = -INFINITY;
    memset(part, 0, KINO_PART_COUNT * sizeof *part);
    for (size_t i = 0; i < seeds->count; i++) {
        double score = 0;
        kino_likeness(t->rows, t->recipe, &seeds->films[i], film, one);
        for (int p = 0; p < KINO_PART_COUNT; p++) {
            one[p] *= p == KINO_PART_PLOT || p == KINO_PART_KEYWORDS ? t->story : t->facts;
            part[p] += seeds->weights[i] * one[p];
            score += one[p];
        }
        score *= seeds->weights[i];
        if (score > best_score) {
            best_score = score;
            *most = (uint32_t)i;
            memcpy(best, one, sizeof best);
        }
    }
    for (int p = 0; seeds->count > 1 && p < KINO_PART_COUNT; p++)
        part[p] += serve * (best[p] - part[p]);
}

void kino_rate(const kino_taste *t, size_t row, kino_ranked *out)
{
    kino_facets own_facets;
    const kino_facets *film = t->known ? &t->known[row] : &own_facets;
    double part[KINO_PART_COUNT] = {0}, away[KINO_PART_COUNT];
    uint32_t nearest = UINT32_MAX;
    size_t own;
    if (!t->known)
        kino_facets_of(t->rows, row, &own_facets);
    *out = (kino_ranked){.row = row, .id = kino_part_of(t->rows, row, &own)->ids[own], .seed = UINT32_MAX,
                         .collection = film->collection};
    if (t->like.count)
        blend(t, &t->like, film, t->serve, part, &out->seed);
    if (t->dislike.count) {
        blend(t, &t->dislike, film, 1, away, &nearest);
        for (int p = 0; p < KINO_PART_COUNT; p++)
            part[p] -= DISLIKE * away[p];
    }
    if (t->about) {
        double words = kino_kernels_get()->dot_f32(t->about, film->vector, KINO_PLOT_DIM);
        part[KINO_PART_PLOT] += words * (t->like.count ? WORDS * t->about_weight : 1);
    }
    if (t->popularity != 0)
        part[KINO_PART_POPULARITY] = t->popularity * kino_prior_part(film);
    for (int p = 0; p < KINO_PART_COUNT; p++)
        out->score += out->parts[p] = grain(part[p]);
}

/* ---- search ---- */

/* The graph's links are those of the search by weights of a tenth for plots and nine tenths for profiles. Of the ten
 * films of an answer it leads to .96 or more where the profiles' side of the query is more than six times as long as the
 * plots', which is up to weights of .6 : .4, and to .84 to .95 beyond (45,433 films; one, three and ten seeds): there, and
 * for words, every row is looked at. */
static bool suits_graph(const float *query)
{
    enum { TIMES = 6 };
    double plot = 0, profile = 0;
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        *(d < KINO_PLOT_DIM ? &plot : &profile) += (double)query[d] * query[d];
    return profile > TIMES * TIMES * plot;
}

static size_t breadth(size_t k)
{
    return k + k / BREADTH > LEAST_BREADTH ? k + k / BREADTH : LEAST_BREADTH;
}

/* Finds the k nearest allowed rows of both parts and takes them out of what is allowed. */
static size_t search(const kino_rows *r, const float *query, size_t k, kino_allowed *allowed, kino_scratch *scratch,
                     kino_hit *hits)
{
    const uint64_t *base = allowed->bits[KINO_ROWS_BASE], *tail = allowed->bits[KINO_ROWS_TAIL];
    const kino_vectors *v = r->base->vectors;
    size_t found = r->graph && suits_graph(query)
                       ? kino_hnsw_search(r->graph, v, query, k, breadth(k), base, scratch, hits)
                       : kino_exact_search(v, query, k, base, scratch, hits);
    if (r->tail) {
        kino_hit *later = hits + found;
        size_t count = kino_exact_search(r->tail->vectors, query, k, tail, scratch, later);
        for (size_t i = 0; i < count; i++)
            later[i].row += (uint32_t)r->base->count;
        found += count;
    }
    for (size_t i = 0; i < found; i++)
        kino_allowed_clear(r, hits[i].row, allowed);
    return found;
}

static void add_scaled(float *query, const float *v, double w, double plot, double profile)
{
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        query[d] += (float)(w * (d < KINO_PLOT_DIM ? plot : profile)) * v[d];
}

static void normalise(float *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)v[i] * v[i];
    for (size_t i = 0; sum > 0 && i < n; i++)
        v[i] = (float)(v[i] / sqrt(sum));
}

void kino_taste_query(const kino_taste *t, float *query)
{
    double plot, profile;
    if (t->about && !t->like.count) {  /* words say nothing of the facts */
        memcpy(query, t->about, KINO_PLOT_DIM * sizeof *query);
        memset(query + KINO_PLOT_DIM, 0, KINO_PROFILE_DIM * sizeof *query);
        return;
    }
    memset(query, 0, KINO_VECTOR_DIM * sizeof *query);
    kino_search_weights(t->recipe, &plot, &profile);
    for (size_t i = 0; i < t->like.count; i++)
        add_scaled(query, t->like.films[i].vector, t->like.weights[i], 1, 1);
    for (size_t i = 0; i < t->dislike.count; i++)
        add_scaled(query, t->dislike.films[i].vector, -DISLIKE * t->dislike.weights[i], 1, 1);
    for (size_t d = 0; t->about && d < KINO_PLOT_DIM; d++)
        query[d] += (float)t->about_weight * t->about[d];
    normalise(query, KINO_PLOT_DIM);
    normalise(query + KINO_PLOT_DIM, KINO_PROFILE_DIM);
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        query[d] *= (float)(d < KINO_PLOT_DIM ? plot * t->story : profile * t->facts);
}

/* Queries: all seeds as one, less the disliked, and the words; each of several seeds; the words. Returns how many. */
static size_t make_queries(const kino_taste *t, float (*query)[KINO_VECTOR_DIM])
{
    double plot, profile;
    size_t count = 1;
    bool taken[KINO_MAX_SEEDS] = {false};
    kino_search_weights(t->recipe, &plot, &profile);
    plot *= t->story;
    profile *= t->facts;
    kino_taste_query(t, query[0]);
    for (size_t n = 0; t->like.count > 1 && n < t->like.count && n < SEARCHED_SEEDS; n++) {
        size_t heaviest = t->like.count;
        for (size_t i = 0; i < t->like.count; i++)
            if (!taken[i] && (heaviest == t->like.count || t->like.weights[i] > t->like.weights[heaviest]))
                heaviest = i;
        taken[heaviest] = true;
        add_scaled(query[count++], t->like.films[heaviest].vector, 1, plot, profile);
    }
    if (t->about && t->like.count)
        memcpy(query[count++], t->about, KINO_PLOT_DIM * sizeof **query);
    return count;
}

int kino_ranked_order(const void *a, const void *b)
{
    const kino_ranked *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->id > y->id) - (x->id < y->id);
}

size_t kino_rank(const kino_taste *t, size_t pool, kino_allowed *allowed, kino_ranked **out)
{
    float query[SEARCHED_SEEDS + 2][KINO_VECTOR_DIM] = {{0}};
    const size_t queries = make_queries(t, query), share = pool / queries + 1;
    kino_hit *hits = kino_alloc_array(2 * pool + 2 * queries, sizeof *hits);
    kino_scratch *scratch = kino_scratch_new();
    size_t found = 0;
    for (size_t i = 0; i < queries; i++)
        found += search(t->rows, query[i], queries == 1 ? pool : share, allowed, scratch, hits + found);
    *out = kino_alloc_array(found, sizeof **out);
    for (size_t i = 0; i < found; i++)
        kino_rate(t, hits[i].row, *out + i);
    qsort(*out, found, sizeof **out, kino_ranked_order);
    kino_scratch_free(scratch);
    free(hits);
    return found;
}
