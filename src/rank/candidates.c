/* candidates.c - a rough score of every film, and the best by it.
 *
 * What was tried and lost: the nearest by plot and profile in one search (.81 of the true ten among 400), by the best mix
 * of the two (.89), the union of the nearest by vectors, words and keywords (.89 of 750 films), and one longer vector with
 * genres, language, year, fame and rating in it (.94). Era, fame, acclaim and genres are half of the score, and no index
 * of nearest vectors orders by them. The pass does, and 45,000 films of eight bytes are read faster than a graph is walked. */
#include "rank/candidates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kern/kern.h"
#include "rank/best.h"

enum {
    ROUGH_SEEDS = KINO_CANDIDATE_QUERIES - 2, /* the heaviest, each with a pass of its own */
    OWN = 8,                                  /* films that each of a few seeds brings, whatever the others say */
    BREADTH = 4,                              /* a graph looks at this part more than is wanted, */
    LEAST_BREADTH = 200,                      /* and at no fewer than these */
};

/* The share of the plot from which on the nearest plots are candidates too, as a multiple of what it usually has. */
#define MUCH_PLOT 2.0

/* ---- the rough score of one seed ---- */

/* What a byte of each fact gives, and the number of a set of genres. */
typedef struct tables {
    float fact[KINO_FACT_BYTES][256];
    float *genres; /* [set_count] */
    float profile; /* times the product of the bytes of two profiles */
} tables;

static double factor_of(const kino_taste *t, kino_part_kind part)
{
    return t->scorer->factors[part] * t->times[part];
}

static void fill_numbers(const kino_taste *t, const kino_facets *seed, tables *out)
{
    for (int b = 0; b < 256; b++) {
        out->fact[KINO_FACT_YEAR][b] =
            (float)(factor_of(t, KINO_PART_ERA) *
                    kino_part_of_numbers(KINO_PART_ERA, seed->year, kino_fact_year((uint8_t)b)));
        out->fact[KINO_FACT_FAME][b] =
            (float)(factor_of(t, KINO_PART_FAME) *
                    kino_part_of_numbers(KINO_PART_FAME, seed->fame, kino_fact_fame((uint8_t)b)));
        out->fact[KINO_FACT_RATING][b] =
            (float)(factor_of(t, KINO_PART_ACCLAIM) *
                    kino_part_of_numbers(KINO_PART_ACCLAIM, seed->rating, kino_fact_rating((uint8_t)b)));
    }
}

static void fill_languages(const kino_taste *t, const kino_facets *seed, tables *out)
{
    const kino_rows *r = t->scorer->rows;
    const kino_facts *f = &r->base->facts;
    float *table = out->fact[KINO_FACT_LANGUAGE];
    const double unknown = kino_part_unknown(KINO_PART_LANGUAGE);
    for (int b = 0; b < 256; b++) {
        const uint32_t language = b && (size_t)b <= f->language_count ? kino_rows_language(r, f->languages[b - 1]) : 0;
        const double alike =
            seed->language == UINT32_MAX || !b ? unknown : b < KINO_FACTS_OTHER && language == seed->language;
        table[b] = (float)(factor_of(t, KINO_PART_LANGUAGE) * alike);
    }
}

/* What a film gets for lists that it or the seed does not have. */
static void fill_told(const kino_taste *t, const kino_facets *seed, tables *out)
{
    const struct {
        int told;
        kino_part_kind part;
        const kino_term_set *own;
    } lists[] = {
        {KINO_TOLD_KEYWORDS, KINO_PART_KEYWORDS, &seed->keywords},
        {KINO_TOLD_DIRECTORS, KINO_PART_DIRECTOR, &seed->directors},
        {KINO_TOLD_CAST, KINO_PART_CAST, &seed->cast},
    };
    for (int b = 0; b < 256; b++)
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            if (!(b & lists[i].told) || !lists[i].own->count)
                out->fact[KINO_FACT_TOLD][b] += (float)(factor_of(t, lists[i].part) * kino_part_unknown(lists[i].part));
}

static void fill_genres(const kino_taste *t, const kino_facets *seed, tables *out)
{
    const kino_facts *f = &t->scorer->rows->base->facts;
    const double factor = factor_of(t, KINO_PART_GENRES), unknown = kino_part_unknown(KINO_PART_GENRES);
    uint64_t own = 0;
    for (size_t g = 0; g < f->genre_count; g++)
        for (size_t i = 0; i < seed->genres.count; i++)
            own |= f->genre[g] == seed->genres.items[i] ? UINT64_C(1) << g : 0;
    out->genres = kino_alloc_floats(f->set_count);
    for (size_t s = 0; s < f->set_count; s++) {
        const int shared = __builtin_popcountll(own & f->sets[s]), count = __builtin_popcountll(f->sets[s]);
        const double alike =
            count && seed->genres.count ? shared / sqrt((double)count * (double)seed->genres.count) : unknown;
        out->genres[s] = (float)(factor * alike);
    }
}

/* The profile as bytes; false where there is none. */
static bool profile_bytes(const kino_facets *seed, int8_t out[KINO_PROFILE_DIM])
{
    for (size_t d = 0; d < KINO_PROFILE_DIM; d++)
        out[d] = (int8_t)lrintf(127 * fminf(fmaxf(seed->vector[KINO_PLOT_DIM + d], -1), 1));
    return seed->profile;
}

/* Adds to the films that have one of the seed's terms what it gives. */
static void add_terms(const kino_taste *t, const kino_term_set *terms, kino_role role, kino_part_kind part,
                      bool weighted, float *score)
{
    const kino_rows *r = t->scorer->rows;
    for (size_t i = 0; terms->norm > 0 && i < terms->count; i++) {
        const kino_posting_list list = kino_postings_of(&r->base->have, terms->items[i]);
        const double own = (weighted ? kino_rows_term_weight(r, terms->items[i]) : 1) / terms->norm;
        const float gain = (float)(factor_of(t, part) * own / 255);
        for (size_t n = 0; n < list.count; n++)
            if (kino_have_role(list.rows[n]) == role && kino_have_row(list.rows[n]) < r->base->count)
                score[kino_have_row(list.rows[n])] += gain * list.weights[n];
    }
}

static void add_words(const kino_taste *t, const kino_facets *seed, float *score)
{
    const kino_segment *base = t->scorer->rows->base;
    for (size_t i = 0; i < seed->words.count; i++) {
        const kino_posting_list list = kino_postings_of(&base->speak, seed->words.numbers[i]);
        const float gain = (float)(factor_of(t, KINO_PART_WORDS) * seed->words.weights[i] / seed->words_norm / 255);
        for (size_t n = 0; n < list.count; n++)
            if (list.rows[n] < base->count)
                score[list.rows[n]] += gain * list.weights[n];
    }
}

/* score[base->count] of one seed, all parts but the plot. */
static void score_roughly(const kino_taste *t, const kino_facets *seed, float *score)
{
    const kino_segment *base = t->scorer->rows->base;
    const kino_facts *f = &base->facts;
    const kino_kernels *kern = kino_kernels_get();
    tables *table = kino_alloc(sizeof *table);
    int8_t profile[KINO_PROFILE_DIM];
    const bool known = profile_bytes(seed, profile);
    const float unit = (float)(factor_of(t, KINO_PART_PROFILE) / (127.0 * 127.0));
    fill_numbers(t, seed, table);
    fill_languages(t, seed, table);
    fill_told(t, seed, table);
    fill_genres(t, seed, table);
    for (size_t row = 0; row < base->count; row++) {
        const uint8_t *byte = f->bytes + row * KINO_FACT_BYTES;
        float sum = f->genres[row] < f->set_count ? table->genres[f->genres[row]] : 0;
        for (size_t b = 0; b < KINO_FACT_BYTES; b++)
            sum += table->fact[b][byte[b]];
        if (known)
            sum += unit * (float)kern->dot_i8(profile, f->profiles + row * KINO_PROFILE_DIM, KINO_PROFILE_DIM);
        score[row] = sum;
    }
    add_words(t, seed, score);
    add_terms(t, &seed->keywords, KINO_ROLE_KEYWORDS, KINO_PART_KEYWORDS, true, score);
    add_terms(t, &seed->directors, KINO_ROLE_DIRECTORS, KINO_PART_DIRECTOR, false, score);
    add_terms(t, &seed->cast, KINO_ROLE_CAST, KINO_PART_CAST, true, score);
    free(table->genres);
    free(table);
}

/* ---- several seeds ---- */

/* The heaviest seeds, at most so many of them, heaviest first; returns how many. */
static size_t heaviest(const kino_seeds *s, size_t most, size_t *out)
{
    bool taken[KINO_MAX_SEEDS] = {false};
    size_t count = 0;
    while (count < s->count && count < most) {
        size_t next = s->count;
        for (size_t i = 0; i < s->count; i++)
            if (!taken[i] && (next == s->count || s->weights[i] > s->weights[next]))
                next = i;
        taken[next] = true;
        out[count++] = next;
    }
    return count;
}

/* Adds `times` the score of several seeds, blended as in rank.c: mean + serve (best - mean). nearest[row], unless NULL: the
 * seed that counts most for it. */
static void add_seeds(const kino_taste *t, const kino_seeds *seeds, double serve, double times, float *score,
                      uint8_t *nearest)
{
    const size_t n = t->scorer->rows->base->count;
    size_t which[ROUGH_SEEDS];
    const size_t count = heaviest(seeds, ROUGH_SEEDS, which);
    float *one = kino_alloc_floats(n), *best = kino_alloc_floats(n), *most = kino_alloc_floats(n);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += seeds->weights[which[i]];
    for (size_t i = 0; i < count; i++) {
        const float weight = (float)seeds->weights[which[i]],
                    share = (float)(times * (count > 1 ? 1 - serve : 1)) * weight / (float)sum;
        score_roughly(t, &seeds->films[which[i]], one);
        for (size_t row = 0; row < n; row++) {
            score[row] += share * one[row];
            if (!i || weight * one[row] > most[row]) {
                most[row] = weight * one[row];
                best[row] = one[row];
                if (nearest)
                    nearest[row] = (uint8_t)which[i];
            }
        }
    }
    for (size_t row = 0; count > 1 && row < n; row++)
        score[row] += (float)(times * serve) * best[row];
    free(one);
    free(best);
    free(most);
}

static void add_popularity(const kino_taste *t, float *score)
{
    const kino_segment *base = t->scorer->rows->base;
    for (size_t row = 0; row < base->count; row++) {
        const uint8_t *byte = base->facts.bytes + row * KINO_FACT_BYTES;
        score[row] += (float)(t->popularity * kino_prior_part(kino_fact_rating(byte[KINO_FACT_RATING]),
                                                              kino_fact_fame(byte[KINO_FACT_FAME])));
    }
}

/* ---- the nearest plots ---- */

bool kino_suits_graph(const float *query)
{
    for (size_t d = KINO_PLOT_DIM; d < KINO_VECTOR_DIM; d++)
        if (query[d] != 0)
            return false;
    return true;
}

static size_t breadth(size_t k)
{
    return k + k / BREADTH > LEAST_BREADTH ? k + k / BREADTH : LEAST_BREADTH;
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

/* All seeds as one, less the disliked, and the words. */
static void whole_query(const kino_taste *t, double plot, double profile, float *query)
{
    for (size_t i = 0; i < t->like.count; i++)
        add_scaled(query, t->like.films[i].vector, t->like.weights[i], 1, 1);
    for (size_t i = 0; i < t->dislike.count; i++)
        add_scaled(query, t->dislike.films[i].vector, -KINO_DISLIKE * t->dislike.weights[i], 1, 1);
    for (size_t d = 0; t->about && d < KINO_PLOT_DIM; d++)
        query[d] += (float)t->about_weight * t->about[d];
    normalise(query, KINO_PLOT_DIM);
    normalise(query + KINO_PLOT_DIM, KINO_PROFILE_DIM);
    plot *= t->times[KINO_PART_PLOT];
    profile *= t->times[KINO_PART_PROFILE];
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        query[d] *= (float)(d < KINO_PLOT_DIM ? plot : profile);
}

size_t kino_candidates_queries(const kino_taste *t, double profile, float (*query)[KINO_VECTOR_DIM])
{
    double plot = 1 - profile;
    size_t count = 0, which[ROUGH_SEEDS];
    memset(query, 0, KINO_CANDIDATE_QUERIES * sizeof *query);
    if (t->scorer->recipe == KINO_RECIPE_CLASSIC)
        kino_search_weights(&plot, &profile);
    if (!t->like.count && t->about) { /* words say nothing of the facts */
        memcpy(query[0], t->about, KINO_PLOT_DIM * sizeof **query);
        return 1;
    }
    whole_query(t, plot, profile, query[count++]);
    const size_t seeds = t->like.count > 1 ? heaviest(&t->like, ROUGH_SEEDS, which) : 0;
    for (size_t i = 0; i < seeds; i++)
        add_scaled(query[count++], t->like.films[which[i]].vector, 1, plot * t->times[KINO_PART_PLOT],
                   profile * t->times[KINO_PART_PROFILE]);
    if (t->about)
        memcpy(query[count++], t->about, KINO_PLOT_DIM * sizeof **query);
    return count;
}

/* Rows near a query, taken out of `allowed`, behind those that are there; returns how many are then. */
static size_t add_nearest(const kino_taste *t, const float *query, size_t k, kino_allowed *allowed, size_t *rows,
                          size_t count)
{
    const kino_rows *r = t->scorer->rows;
    kino_scratch *scratch = kino_scratch_new();
    kino_hit *hits = kino_alloc_array(k + 1, sizeof *hits);
    const uint64_t *bits = allowed->bits[KINO_ROWS_BASE];
    const size_t nearest = r->graph && kino_suits_graph(query)
                               ? kino_hnsw_search(r->graph, r->base->vectors, query, k, breadth(k), bits, scratch, hits)
                               : kino_exact_search(r->base->vectors, query, k, bits, scratch, hits);
    for (size_t i = 0; i < nearest; i++) {
        rows[count++] = hits[i].row;
        kino_allowed_clear(r, hits[i].row, allowed);
    }
    free(hits);
    kino_scratch_free(scratch);
    return count;
}

/* ---- all of it ---- */

/* Whether the plot decides more than it usually does. */
static bool is_about_plots(const kino_taste *t)
{
    double all = 0, usual = 0;
    for (int p = 0; p < KINO_PART_POPULARITY; p++) {
        all += t->scorer->weights[p] * t->times[p];
        usual += t->scorer->weights[p];
    }
    return t->about || !(all > 0) || t->times[KINO_PART_PLOT] * usual > MUCH_PLOT * all;
}

static kino_allowed copy_of(const kino_rows *r, const kino_allowed *a)
{
    const size_t bytes = (r->base->count / 64 + 1) * sizeof **a->bits;
    kino_allowed copy = {{kino_alloc(bytes), NULL}};
    memcpy(copy.bits[KINO_ROWS_BASE], a->bits[KINO_ROWS_BASE], bytes);
    return copy;
}

static size_t take_best(const kino_rows *r, const float *score, const uint64_t *bits, size_t most,
                        kino_allowed *allowed, size_t *rows, size_t count)
{
    kino_best *heap = kino_alloc_array(most + 1, sizeof *heap);
    const size_t kept = kino_best_keep(score, bits, r->base->count, 0, most, heap, 0);
    for (size_t i = 0; i < kept; i++) {
        rows[count++] = heap[i].row;
        kino_allowed_clear(r, heap[i].row, allowed);
    }
    free(heap);
    return count;
}

/* The best films for which each seed counts most: one that is like none of the others has few among the best of all. */
static size_t add_own(const kino_taste *t, const float *score, const uint8_t *nearest, kino_allowed *allowed,
                      size_t *rows, size_t count)
{
    const kino_rows *r = t->scorer->rows;
    const size_t words = r->base->count / 64 + 1;
    uint64_t *own = kino_alloc_array(words, sizeof *own);
    for (size_t seed = 0; seed < t->like.count; seed++) {
        memset(own, 0, words * sizeof *own);
        for (size_t row = 0; row < r->base->count; row++)
            if (nearest[row] == seed)
                own[row / 64] |= allowed->bits[KINO_ROWS_BASE][row / 64] & UINT64_C(1) << row % 64;
        count = take_best(r, score, own, OWN, allowed, rows, count);
    }
    free(own);
    return count;
}

static size_t add_rough(const kino_taste *t, size_t pool, kino_allowed *allowed, size_t *rows, size_t count)
{
    const kino_rows *r = t->scorer->rows;
    float *score = kino_alloc_floats(r->base->count);
    uint8_t *nearest = t->like.count > 1 && t->like.count <= KINO_SERVED ? kino_alloc(r->base->count + 1) : NULL;
    if (t->like.count == 1) /* the usual question, for which nothing is blended */
        score_roughly(t, &t->like.films[0], score);
    else
        add_seeds(t, &t->like, t->serve, 1, score, nearest);
    if (t->dislike.count)
        add_seeds(t, &t->dislike, 1, -KINO_DISLIKE, score, NULL);
    if (t->popularity != 0)
        add_popularity(t, score);
    count = take_best(r, score, allowed->bits[KINO_ROWS_BASE], pool, allowed, rows, count);
    if (nearest)
        count = add_own(t, score, nearest, allowed, rows, count);
    free(nearest);
    free(score);
    return count;
}

size_t kino_candidates_find(const kino_taste *t, size_t pool, const kino_allowed *allowed, size_t **out)
{
    const kino_rows *r = t->scorer->rows;
    const bool classic = t->scorer->recipe == KINO_RECIPE_CLASSIC,
               rough = t->like.count && !classic && r->base->facts.bytes;
    const size_t tail = r->tail ? r->tail->count : 0;
    float query[KINO_CANDIDATE_QUERIES][KINO_VECTOR_DIM];
    size_t *rows = kino_alloc_array(3 * pool + KINO_CANDIDATE_QUERIES + KINO_SERVED * OWN + tail + 1, sizeof *rows),
           count = 0;
    kino_allowed left = copy_of(r, allowed);
    if (rough)
        count = add_rough(t, pool, &left, rows, count);
    if (!rough || is_about_plots(t)) {
        const size_t queries = kino_candidates_queries(t, 0, query), share = pool / queries + 1;
        for (size_t i = 0; i < queries; i++)
            count = add_nearest(t, query[i], queries == 1 ? pool : share, &left, rows, count);
    }
    for (size_t row = 0; row < tail; row++)
        if (allowed->bits[KINO_ROWS_TAIL][row / 64] >> row % 64 & 1)
            rows[count++] = r->base->count + row;
    kino_allowed_free(&left);
    *out = rows;
    return count;
}
