#include "rank/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kern/kern.h"

/* How much a disliked film takes away, against what a liked one gives, and words against a film. */
#define DISLIKE 0.5
#define WORDS 0.5

enum {
    SEARCHED_SEEDS = KINO_TASTE_QUERIES - 2, /* the heaviest, each with a search of its own */
    BREADTH = 4,                             /* the graph looks at this part more candidates than are wanted, */
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
    kino_rows_segment(r, row, &row);
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
static void blend(const kino_taste *t, const kino_seeds *seeds, const kino_facets *film, double serve, double *part,
                  uint32_t *most)
{
    double one[KINO_PART_COUNT], best[KINO_PART_COUNT] = {0}, best_score = -INFINITY;
    memset(part, 0, KINO_PART_COUNT * sizeof *part);
    for (size_t i = 0; i < seeds->count; i++) {
        double score = 0;
        kino_likeness(t->scorer, &seeds->films[i], film, one);
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

static void add_up(kino_ranked *out, const double *part)
{
    out->score = 0;
    for (int p = 0; p < KINO_PART_COUNT; p++)
        out->score += out->parts[p] = grain(part[p]);
}

static const kino_facets *facets_of(const kino_taste *t, size_t row, kino_facets *own)
{
    if (t->known)
        return &t->known[row];
    kino_facets_of(t->scorer->rows, row, own);
    return own;
}

void kino_rate(const kino_taste *t, size_t row, kino_ranked *out)
{
    kino_facets own_facets;
    const kino_facets *film = facets_of(t, row, &own_facets);
    double part[KINO_PART_COUNT] = {0}, away[KINO_PART_COUNT];
    uint32_t nearest = UINT32_MAX;
    *out = (kino_ranked){.row = row, .id = film->id, .seed = UINT32_MAX, .collection = film->collection};
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
    add_up(out, part);
}

/* ---- search ---- */

/* The graph's links are those of the search by weights of a tenth for plots and nine tenths for profiles. Of the ten
 * films of an answer it leads to .96 or more where the profiles' side of the query is more than six times as long as the
 * plots', which is up to weights of .6 : .4, and to .84 to .95 beyond (45,433 films; one, three and ten seeds): there, and
 * for words, every row is looked at. */
bool kino_suits_graph(const float *query)
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

static void take_out(const kino_rows *r, const kino_hit *hits, size_t count, kino_allowed *allowed)
{
    for (size_t i = 0; i < count; i++)
        kino_allowed_clear(r, hits[i].row, allowed);
}

/* Finds the k nearest allowed rows of what came after the snapshot. */
static size_t search_tail(const kino_rows *r, const float *query, size_t k, kino_allowed *allowed,
                          kino_scratch *scratch, kino_hit *hits)
{
    if (!r->tail)
        return 0;
    size_t found = kino_exact_search(r->tail->vectors, query, k, allowed->bits[KINO_ROWS_TAIL], scratch, hits);
    for (size_t i = 0; i < found; i++)
        hits[i].row += (uint32_t)r->base->count;
    return found;
}

/* Finds the k nearest allowed rows of both parts and takes them out of what is allowed. */
static size_t search(const kino_rows *r, const float *query, size_t k, kino_allowed *allowed, kino_scratch *scratch,
                     kino_hit *hits)
{
    const uint64_t *bits = allowed->bits[KINO_ROWS_BASE];
    const kino_vectors *v = r->base->vectors;
    size_t found = r->graph && kino_suits_graph(query)
                       ? kino_hnsw_search(r->graph, v, query, k, breadth(k), bits, scratch, hits)
                       : kino_exact_search(v, query, k, bits, scratch, hits);
    found += search_tail(r, query, k, allowed, scratch, hits + found);
    take_out(r, hits, found, allowed);
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
    if (t->about && !t->like.count) { /* words say nothing of the facts */
        memcpy(query, t->about, KINO_PLOT_DIM * sizeof *query);
        memset(query + KINO_PLOT_DIM, 0, KINO_PROFILE_DIM * sizeof *query);
        return;
    }
    memset(query, 0, KINO_VECTOR_DIM * sizeof *query);
    kino_search_weights(t->scorer->recipe, &plot, &profile);
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

size_t kino_taste_queries(const kino_taste *t, float (*query)[KINO_VECTOR_DIM])
{
    double plot, profile;
    size_t count = 1;
    bool taken[KINO_MAX_SEEDS] = {false};
    kino_search_weights(t->scorer->recipe, &plot, &profile);
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

/* ---- rough scores ---- */

/* One film that is liked, or words, and nothing else: plots are compared by the bytes of the index, which lie together
 * and were read already, profiles by floats that lie together; only for the best films the f32 rows are read. */
static bool can_be_rough(const kino_taste *t, const float *query)
{
    if (t->dislike.count || t->like.count > 1)
        return false;
    return t->like.count ? !t->about && t->scorer->rows->graph && kino_suits_graph(query) : true;
}

/* Bytes are off by less than a thousandth of a cosine, seldom by more, and nowhere by this much of a score: a sixth of
 * a cosine where films are compared, all of it with words. */
#define ROUGH 0.004

typedef struct candidate {
    uint32_t row;
    float score, plot, profile; /* of the search; cosines */
} candidate;

static int by_score(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->row > y->row) - (x->row < y->row);
}

/* What the graph finds near the liked film, best first. out: [breadth(k)] */
static size_t compare_roughly(const kino_taste *t, const float *query, size_t k, const kino_allowed *allowed,
                              kino_scratch *scratch, candidate *out)
{
    const kino_segment *base = t->scorer->rows->base;
    const kino_kernels *kern = kino_kernels_get();
    const float *seed = t->like.films[0].vector;
    const size_t wide = breadth(k);
    kino_hit *hits = kino_alloc_array(wide, sizeof *hits);
    uint32_t *rows = kino_alloc_array(wide, sizeof *rows);
    float *plot = kino_alloc_floats(wide), plot_alone[KINO_VECTOR_DIM] = {0};
    double plot_weight, profile_weight;
    size_t count = kino_hnsw_candidates(t->scorer->rows->graph, base->vectors, query, wide, wide,
                                        allowed->bits[KINO_ROWS_BASE], scratch, hits);
    for (size_t i = 0; i < count; i++)
        rows[i] = hits[i].row;
    memcpy(plot_alone, seed, KINO_PLOT_DIM * sizeof *seed);
    kino_vectors_score(base->vectors, plot_alone, rows, count, scratch, plot);
    kino_search_weights(t->scorer->recipe, &plot_weight, &profile_weight);
    for (size_t i = 0; i < count; i++) {
        const float *profile = base->profiles + (size_t)rows[i] * KINO_PROFILE_DIM;
        out[i] = (candidate){rows[i], 0, plot[i], kern->dot_f32(seed + KINO_PLOT_DIM, profile, KINO_PROFILE_DIM)};
        out[i].score = (float)(plot_weight * t->story * out[i].plot + profile_weight * t->facts * out[i].profile);
    }
    qsort(out, count, sizeof *out, by_score);
    free(hits);
    free(rows);
    free(plot);
    return count < k ? count : k;
}

static void rate_roughly(const kino_taste *t, const candidate *c, kino_ranked *out)
{
    kino_facets own_facets;
    const kino_facets *film = facets_of(t, c->row, &own_facets);
    double part[KINO_PART_COUNT] = {0};
    if (t->like.count)
        kino_likeness_by(t->scorer, &t->like.films[0], film, c->plot, c->profile, part);
    else
        part[KINO_PART_PLOT] = c->plot;
    for (int p = 0; t->like.count && p < KINO_PART_COUNT; p++)
        part[p] *= p == KINO_PART_PLOT || p == KINO_PART_KEYWORDS ? t->story : t->facts;
    if (t->popularity != 0)
        part[KINO_PART_POPULARITY] = t->popularity * kino_prior_part(film);
    *out = (kino_ranked){.row = c->row,
                         .id = t->scorer->rows->base->ids[c->row],
                         .seed = UINT32_MAX,
                         .collection = film->collection,
                         .rough = true};
    add_up(out, part);
}

/* As kino_rank, of the base alone, unsorted. */
static size_t rank_roughly(const kino_taste *t, const float *query, size_t pool, kino_allowed *allowed,
                           kino_scratch *scratch, kino_ranked *out)
{
    candidate *found = kino_alloc_array(breadth(pool), sizeof *found);
    size_t count;
    if (t->like.count) {
        count = compare_roughly(t, query, pool, allowed, scratch, found);
    } else {
        kino_hit *hits = kino_alloc_array(pool, sizeof *hits);
        count = kino_exact_candidates(t->scorer->rows->base->vectors, query, pool, allowed->bits[KINO_ROWS_BASE],
                                      scratch, hits);
        for (size_t i = 0; i < count; i++)
            found[i] = (candidate){hits[i].row, hits[i].score, hits[i].score, 0};
        free(hits);
    }
    for (size_t i = 0; i < count; i++) {
        rate_roughly(t, &found[i], &out[i]);
        kino_allowed_clear(t->scorer->rows, found[i].row, allowed);
    }
    free(found);
    return count;
}

static void prefetch(const float *vector)
{
    for (size_t i = 0; i < KINO_VECTOR_DIM; i += 16)
        __builtin_prefetch(vector + i);
}

void kino_settle(const kino_taste *t, kino_ranked *films, size_t count, size_t sure)
{
    const double floor = sure < count ? films[sure].score - 2 * ROUGH * fmax(1, fmax(t->story, t->facts)) : -INFINITY;
    size_t settled = 0;
    bool any = false;
    for (; settled < count && films[settled].score >= floor; settled++)
        any = any || films[settled].rough;
    for (size_t i = 0; any && i < settled; i++)
        prefetch(kino_rows_vector(t->scorer->rows, films[i].row));
    for (size_t i = 0; i < settled; i++)
        if (films[i].rough)
            kino_rate(t, films[i].row, &films[i]);
    if (any)
        qsort(films, settled, sizeof *films, kino_ranked_order);
}

/* ---- the whole ---- */

size_t kino_rank(const kino_taste *t, size_t pool, kino_allowed *allowed, kino_ranked **out)
{
    float query[KINO_TASTE_QUERIES][KINO_VECTOR_DIM] = {{0}};
    const size_t queries = kino_taste_queries(t, query), share = pool / queries + 1;
    const size_t most = 2 * pool + 2 * queries;
    kino_hit *hits = kino_alloc_array(most, sizeof *hits);
    kino_scratch *scratch = kino_scratch_new();
    size_t rough = 0, found = 0;
    *out = kino_alloc_array(most, sizeof **out);
    if (can_be_rough(t, query[0])) {
        rough = rank_roughly(t, query[0], pool, allowed, scratch, *out);
        found = search_tail(t->scorer->rows, query[0], pool, allowed, scratch, hits);
        take_out(t->scorer->rows, hits, found, allowed);
    } else {
        for (size_t i = 0; i < queries; i++)
            found += search(t->scorer->rows, query[i], queries == 1 ? pool : share, allowed, scratch, hits + found);
    }
    for (size_t i = 0; i < found; i++)
        kino_rate(t, hits[i].row, *out + rough + i);
    found += rough;
    qsort(*out, found, sizeof **out, kino_ranked_order);
    kino_scratch_free(scratch);
    free(hits);
    return found;
}
