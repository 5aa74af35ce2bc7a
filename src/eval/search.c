/* search.c - the weights of the score's parts by what they are for: the measures of likeness themselves.
 *
 * Every candidate of a truth is ranked for every seed by the sum of weight times part, and the first ten are worth what
 * the truth gains by them. Weight by weight, multiples are tried and kept while tags + 1.5 co-likes rise; the steps
 * become finer, until nothing rises. A softmax over a seed's candidates with the gains as its aim is smoother and was
 * tried: it does not see what the first ten are worth, and loses co-likes. Choice rules and the index play no part here,
 * so that `kino eval` has the last word.
 *
 * A fifth of the seeds is held out and judges. A held-out seed still is a candidate of the others: what is told of it is
 * a little too good. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "eval/interval.h"
#include "eval/likeness.h"
#include "eval/search.h"

enum {
    MOST = 1536, /* candidates of a truth, for whose pairs all parts are kept: a hundred megabytes */
    ROUNDS = 16,
    STEPS = 5,
    SLICE = 32,   /* seeds of a task */
    HELD_OUT = 5, /* every so many-th seed */
    LEAST = 20,   /* seeds of a truth to learn from */
    TRUTHS = 2,   /* tags, co-likes */
    HUNDREDTHS = 100,
};
#define COLIKES_COUNT 1.5 /* times as much as tags */
#define NEW_WEIGHT 0.02   /* of all weights: what a part that had none is tried with */
#define RISES 1e-5        /* by less than this nothing was gained; */
#define COSTS 3e-4        /* a weight that brings no more than this is not worth its name */
#define FINER 1e-3        /* a round that gained less takes finer steps, */
#define FINEST 1.04       /* down to these */
#define SAYS_NOTHING 1e-9 /* a part that varies by less */

/* The pairs of a truth's candidates. */
typedef struct pairs {
    uint32_t *rows; /* [count] */
    size_t count;
    float *gain;                  /* [count][count] */
    float *part[KINO_PART_COUNT]; /* likewise, with weight 1 */
    float *score;                 /* likewise, by the present weights */
    double *worth;                /* [count]: of the last trial; NaN: the seed has nothing to gain */
} pairs;

typedef struct fit {
    const kino_bench *b;
    pairs truths[TRUTHS];
    kino_scorer plain; /* with all weights 1 */
    bool says[KINO_PART_COUNT];
    double weights[KINO_PART_COUNT];
    const pairs *filled;  /* for the tasks that fill pairs */
    kino_part_kind tried; /* with so much more weight */
    double more;
} fit;

/* ---- pairs ---- */

typedef void gains_of(const void *truth, size_t seed, float *scratch, double *gain);

static void tags_of(const void *truth, size_t seed, float *scratch, double *gain)
{
    (void)scratch;
    kino_tags_gains(truth, seed, gain);
}

static void colikes_of(const void *truth, size_t seed, float *scratch, double *gain)
{
    kino_colikes_gains(truth, seed, scratch, gain);
}

static void fill_parts(void *ctx, size_t i, int worker)
{
    const fit *f = ctx;
    const pairs *p = f->filled;
    double one[KINO_PART_COUNT];
    (void)worker;
    for (size_t j = 0; j < p->count; j++) {
        kino_likeness(&f->plain, &f->b->facets[p->rows[i]], &f->b->facets[p->rows[j]], one);
        for (int a = 0; a < KINO_PART_COUNT; a++)
            p->part[a][i * p->count + j] = (float)one[a];
    }
}

static void fill(fit *f, pairs *p, const kino_candidates *c, gains_of *gains, const void *truth)
{
    double *gain = kino_alloc_array(c->count + 1, sizeof *gain);
    float *scratch = kino_alloc_floats(2 * c->count + 1);
    p->rows = kino_alloc_array(c->count + 1, sizeof *p->rows);
    if (c->count)
        memcpy(p->rows, c->rows, c->count * sizeof *p->rows);
    const size_t n = p->count = kino_draw_films(f->b, MOST, p->rows, c->count);
    p->worth = kino_alloc_array(n + 1, sizeof *p->worth);
    p->gain = kino_alloc_floats(n * n + 1);
    p->score = kino_alloc_floats(n * n + 1);
    for (size_t i = 0; i < n; i++) {
        gains(truth, c->at[p->rows[i]], scratch, gain);
        for (size_t j = 0; j < n; j++)
            p->gain[i * n + j] = (float)gain[c->at[p->rows[j]]];
    }
    for (int a = 0; a < KINO_PART_COUNT; a++)
        p->part[a] = kino_alloc_floats(n * n + 1);
    f->filled = p;
    kino_parallel(kino_thread_count(f->b->k->opt.threads), n, fill_parts, f);
    free(gain);
    free(scratch);
}

static void drop(pairs *p)
{
    free(p->rows);
    free(p->worth);
    free(p->gain);
    free(p->score);
    for (int a = 0; a < KINO_PART_COUNT; a++)
        free(p->part[a]);
}

static void find_what_says(fit *f)
{
    for (int a = 0; a < KINO_PART_COUNT; a++)
        for (int t = 0; t < TRUTHS; t++) {
            const pairs *p = &f->truths[t];
            for (size_t i = 1; !f->says[a] && i < p->count * p->count; i++)
                f->says[a] = fabsf(p->part[a][i] - p->part[a][0]) > SAYS_NOTHING;
        }
}

/* ---- what weights are worth ---- */

/* As kino_list_worth, of the ten with the highest scores, equal ones in their order. */
static double worth_of(const pairs *p, size_t seed, const float *part, float more)
{
    const size_t n = p->count;
    const float *score = p->score + seed * n, *gain = p->gain + seed * n;
    float top[KINO_EVAL_TOP], best[KINO_EVAL_TOP] = {0};
    uint32_t at[KINO_EVAL_TOP];
    double own = 0, ideal = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const float x = score[i] + more * part[seed * n + i];
        if (i == seed)
            continue;
        if (count < KINO_EVAL_TOP || x > top[KINO_EVAL_TOP - 1]) {
            size_t place = count < KINO_EVAL_TOP ? count++ : KINO_EVAL_TOP - 1;
            for (; place > 0 && x > top[place - 1]; place--) {
                top[place] = top[place - 1];
                at[place] = at[place - 1];
            }
            top[place] = x;
            at[place] = (uint32_t)i;
        }
        if (gain[i] > best[KINO_EVAL_TOP - 1]) {
            size_t place = KINO_EVAL_TOP - 1;
            for (; place > 0 && gain[i] > best[place - 1]; place--)
                best[place] = best[place - 1];
            best[place] = gain[i];
        }
    }
    for (size_t i = 0; i < KINO_EVAL_TOP; i++) {
        own += i < count ? (double)gain[at[i]] * kino_discount(i) : 0;
        ideal += (double)best[i] * kino_discount(i);
    }
    return ideal > 0 ? own / ideal : NAN;
}

static size_t slices_of(const pairs *p)
{
    return (p->count + SLICE - 1) / SLICE;
}

/* The truth and the first seed of a task. */
static const pairs *find_slice(const fit *f, size_t slice, size_t *begin)
{
    const pairs *p = f->truths;
    for (; slice >= slices_of(p); p++)
        slice -= slices_of(p);
    *begin = slice * SLICE;
    return p;
}

static void try_slice(void *ctx, size_t slice, int worker)
{
    const fit *f = ctx;
    size_t begin;
    const pairs *p = find_slice(f, slice, &begin);
    (void)worker;
    for (size_t i = begin; i < p->count && i < begin + SLICE; i++)
        p->worth[i] = worth_of(p, i, p->part[f->tried], (float)f->more);
}

static void add_slice(void *ctx, size_t slice, int worker)
{
    const fit *f = ctx;
    size_t begin;
    const pairs *p = find_slice(f, slice, &begin);
    const size_t end = begin + SLICE < p->count ? begin + SLICE : p->count;
    (void)worker;
    for (size_t i = begin * p->count; i < end * p->count; i++)
        p->score[i] += (float)f->more * p->part[f->tried][i];
}

static void on_all(fit *f, void (*task)(void *, size_t, int))
{
    size_t slices = 0;
    for (int t = 0; t < TRUTHS; t++)
        slices += slices_of(&f->truths[t]);
    kino_parallel(kino_thread_count(f->b->k->opt.threads), slices, task, f);
}

/* The scores of these weights, from nought. */
static void set_weights(fit *f, const double *weights)
{
    memcpy(f->weights, weights, sizeof f->weights);
    for (int t = 0; t < TRUTHS; t++)
        memset(f->truths[t].score, 0, f->truths[t].count * f->truths[t].count * sizeof(float));
    for (int a = 0; a < KINO_PART_COUNT; a++) {
        f->tried = (kino_part_kind)a;
        f->more = weights[a];
        if (f->says[a] && f->more != 0)
            on_all(f, add_slice);
    }
}

static bool held_out(size_t seed)
{
    return seed % HELD_OUT == HELD_OUT - 1;
}

static double mean_worth(const pairs *p, bool held)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (held_out(i) == held && !isnan(p->worth[i])) {
            sum += p->worth[i];
            count++;
        }
    return count ? sum / (double)count : NAN;
}

/* What is to rise; a truth that is not there counts nothing. */
static double aim(const fit *f, bool held)
{
    const double tags = mean_worth(&f->truths[0], held), colikes = mean_worth(&f->truths[1], held);
    return (isnan(tags) ? 0 : tags) + (isnan(colikes) ? 0 : COLIKES_COUNT * colikes);
}

/* The aim if this weight were another one. */
static double try_weight(fit *f, int part, double weight)
{
    f->tried = (kino_part_kind)part;
    f->more = weight - f->weights[part];
    on_all(f, try_slice);
    return aim(f, false);
}

/* ---- the search ---- */

static double sum_of(const fit *f, const double *weights)
{
    double sum = 0;
    for (int a = 0; a < KINO_PART_COUNT; a++)
        sum += f->says[a] ? weights[a] : 0;
    return sum;
}

/* One round over all weights; returns the aim that is reached. */
static double climb(fit *f, double factor, double best)
{
    for (int a = 0; a < KINO_PART_COUNT; a++) {
        const double steps[STEPS] = {1 / (factor * factor), 1 / factor, factor, factor * factor, 0};
        for (int s = 0; f->says[a] && s < STEPS && !kino_cancelled(&f->b->k->opt); s++) {
            const double own = f->weights[a] > 0 ? f->weights[a] : NEW_WEIGHT * sum_of(f, f->weights),
                         weight = own * steps[s];
            if (weight == f->weights[a])
                continue;
            const double reached = try_weight(f, a, weight);
            if (!(reached > best + RISES) && !(weight == 0 && reached > best - COSTS))
                continue;
            best = reached;
            on_all(f, add_slice);
            f->weights[a] = weight;
        }
    }
    return best;
}

static void search(fit *f, const double *start)
{
    double factor = 1.3;
    set_weights(f, start);
    double best = try_weight(f, 0, f->weights[0]);
    for (int round = 0; round < ROUNDS && factor > FINEST && !kino_cancelled(&f->b->k->opt); round++) {
        const double was = best;
        double weights[KINO_PART_COUNT];
        kino_report(&f->b->k->opt, "tune", (size_t)round, ROUNDS);
        best = climb(f, factor, best);
        if (best - was < FINER)
            factor = sqrt(factor);
        memcpy(weights, f->weights, sizeof weights);
        set_weights(f, weights); /* sums of floats drift */
    }
}

/* ---- the report ---- */

/* As many in sum as come with the program, in hundredths. */
static void put_parts(const fit *f, const double *before, kino_tune_report *out)
{
    const double scale = sum_of(f, before) / sum_of(f, f->weights);
    out->part_count = KINO_PART_COUNT;
    for (int a = 0; a < KINO_PART_COUNT; a++) {
        kino_tuned_part *p = &out->parts[a];
        *p = (kino_tuned_part){kino_part_name((kino_part_kind)a), before[a], NAN, before[a]};
        if (!f->says[a])
            continue;
        p->fitted = f->weights[a] * scale;
        p->after = nearbyint(HUNDREDTHS * p->fitted) / HUNDREDTHS;
    }
}

static void judge(fit *f, const double *before, kino_tune_report *out)
{
    double weights[KINO_PART_COUNT], *gain[TRUTHS];
    kino_interval truth[TRUTHS];
    for (int t = 0; t < TRUTHS; t++)
        gain[t] = kino_alloc_array(f->truths[t].count + 1, sizeof **gain);
    for (int after = 0; after < 2; after++) {
        for (int a = 0; a < KINO_PART_COUNT; a++)
            weights[a] = after ? out->parts[a].after : before[a];
        set_weights(f, weights);
        try_weight(f, 0, weights[0]);
        out->tag[after] = mean_worth(&f->truths[0], true);
        out->colike[after] = mean_worth(&f->truths[1], true);
        for (int t = 0; t < TRUTHS; t++)
            for (size_t i = 0; i < f->truths[t].count; i++) {
                const double own = held_out(i) ? f->truths[t].worth[i] : NAN;
                gain[t][i] = after ? own - gain[t][i] : own;
            }
    }
    for (int t = 0; t < TRUTHS; t++) {
        out->held_out += kino_interval_mean(gain[t], f->truths[t].count, &truth[t]);
        free(gain[t]);
    }
    if (isnan(truth[0].value) || isnan(truth[1].value)) {
        out->gain = isnan(truth[0].value) ? truth[1] : truth[0];
        return;
    }
    out->gain.value = truth[0].value + COLIKES_COUNT * truth[1].value;
    /* Two independent sets of seeds: their errors add as squares. */
    out->gain.low =
        out->gain.value - hypot(truth[0].value - truth[0].low, COLIKES_COUNT * (truth[1].value - truth[1].low));
    out->gain.high =
        out->gain.value + hypot(truth[0].high - truth[0].value, COLIKES_COUNT * (truth[1].high - truth[1].value));
}

kino_status kino_tune_likeness(kino_bench *b, const kino_tune_request *req, kino_tune_report *out, kino_error *err)
{
    fit f = {.b = b, .plain = b->k->films->scorer};
    kino_tags tags = {0};
    kino_colikes colikes = {0};
    double before[KINO_PART_COUNT], ones[KINO_PART_COUNT];
    for (int a = 0; a < KINO_PART_COUNT; a++)
        ones[a] = 1;
    kino_scorer_weigh(&f.plain, ones);
    kino_part_weights(before);
    kino_status st = req->tags ? kino_tags_read(b->rows, req->tags, req->links, &tags, err) : KINO_OK;
    if (!st && req->ratings)
        st = kino_ratings_read(b->rows, req->ratings, req->links, &b->ratings, err);
    if (!st && req->ratings)
        kino_colikes_init(b, &colikes);
    if (!st && tags.films.count < LEAST && colikes.films.count < LEAST)
        st = kino_fail(
            err, KINO_USAGE,
            "%zu films of the catalogue with %d tags and %zu with %d likes are too few to learn from; %d of a "
            "kind are the least",
            tags.films.count, KINO_TAGS_LEAST, colikes.films.count, KINO_COLIKES_LEAST, LEAST);
    if (!st) {
        fill(&f, &f.truths[0], &tags.films, tags_of, &tags);
        fill(&f, &f.truths[1], &colikes.films, colikes_of, &colikes);
        find_what_says(&f);
        search(&f, before);
        out->likeness = true;
        out->users = b->ratings.user_count;
        put_parts(&f, before, out);
        judge(&f, before, out);
        for (int t = 0; t < TRUTHS; t++)
            for (size_t i = 0; i < f.truths[t].count; i++)
                out->questions += !held_out(i) && !isnan(f.truths[t].worth[i]);
    }
    for (int t = 0; t < TRUTHS; t++)
        drop(&f.truths[t]);
    kino_tags_free(&tags);
    kino_colikes_free(&colikes);
    return st;
}
