/* spread.c - spreads, from a few hundred films and what is near them. */
#include "rank/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/thread.h"

enum { SEEDS = 300, NEAR = 400, LEAST_PAIRS = 1000 };
#define DRAWN UINT64_C(0x737072)

/* Of one seed: the sums of each part over pairs that tell, and how many these are. */
typedef struct sums {
    double sum[KINO_PART_COUNT], square[KINO_PART_COUNT], count[KINO_PART_COUNT];
} sums;

typedef struct job {
    const kino_rows *rows;
    kino_scorer scorer; /* with all factors 1 */
    sums *of;           /* [SEEDS] */
} job;

static bool told(const kino_facets *f, kino_part_kind part)
{
    switch (part) {
    case KINO_PART_PLOT:
        return f->plot;
    case KINO_PART_WORDS:
        return f->words.count > 0;
    case KINO_PART_PROFILE:
        return f->profile;
    case KINO_PART_GENRES:
        return f->genres.norm > 0;
    case KINO_PART_KEYWORDS:
        return f->keywords.norm > 0;
    case KINO_PART_DIRECTOR:
        return f->directors.norm > 0;
    case KINO_PART_CAST:
        return f->cast.norm > 0;
    case KINO_PART_ERA:
        return !isnan(f->year);
    case KINO_PART_LANGUAGE:
        return f->language != UINT32_MAX;
    case KINO_PART_ACCLAIM:
        return !isnan(f->rating);
    case KINO_PART_FAME:
        return !isnan(f->fame);
    default:
        return false;
    }
}

static void add_pair(const job *j, const kino_facets *seed, const kino_facets *film, sums *out)
{
    double part[KINO_PART_COUNT];
    kino_likeness(&j->scorer, seed, film, part);
    for (int p = 0; p < KINO_PART_POPULARITY; p++) {
        if (!told(seed, (kino_part_kind)p) || !told(film, (kino_part_kind)p))
            continue;
        out->sum[p] += part[p];
        out->square[p] += part[p] * part[p];
        out->count[p]++;
    }
}

static void measure_one(void *ctx, size_t at, int worker)
{
    const job *j = ctx;
    const kino_rows *r = j->rows;
    const size_t row = kino_random(0, DRAWN, at) % r->base->count;
    float query[KINO_VECTOR_DIM] = {0};
    kino_hit hits[NEAR + 1];
    kino_facets seed, film;
    (void)worker;
    kino_facets_of(r, row, &seed);
    if (!seed.plot)
        return;
    memcpy(query, seed.vector, KINO_PLOT_DIM * sizeof *query);
    kino_scratch *scratch = kino_scratch_new();
    const size_t found = kino_exact_search(r->base->vectors, query, NEAR + 1, NULL, scratch, hits);
    for (size_t i = 0; i < found; i++)
        if (hits[i].row != row) {
            kino_facets_of(r, hits[i].row, &film);
            add_pair(j, &seed, &film, &j->of[at]);
        }
    kino_scratch_free(scratch);
}

void kino_spreads_measure(const kino_rows *r, kino_recipe recipe, int threads, kino_statistics *out)
{
    job j = {.rows = r, .of = kino_alloc_array(SEEDS, sizeof *j.of)};
    double weights[KINO_PART_COUNT];
    memset(out->spreads, 0, sizeof out->spreads);
    if (recipe == KINO_RECIPE_CLASSIC || !r->base->count)
        goto done;
    kino_part_weights(weights);
    kino_scorer_init(&j.scorer, r, recipe, weights);
    for (int p = 0; p < KINO_PART_COUNT; p++)
        j.scorer.factors[p] = 1;
    kino_parallel(kino_thread_count(threads), SEEDS, measure_one, &j);
    for (int p = 0; p < KINO_PART_POPULARITY; p++) {
        double variance = 0, pairs = 0, seeds = 0;
        for (size_t i = 0; i < SEEDS; i++) {
            const double n = j.of[i].count[p];
            if (n < 2)
                continue;
            const double mean = j.of[i].sum[p] / n;
            variance += fmax(j.of[i].square[p] / n - mean * mean, 0);
            pairs += n;
            seeds++;
        }
        if (pairs >= LEAST_PAIRS)
            out->spreads[p] = (float)sqrt(variance / seeds);
    }
done:
    free(j.of);
}
