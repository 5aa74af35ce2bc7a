/* tune.c - kino_tune: the weights of the score's parts. Those of many people's ratings and of tags are search.c's; one
 * person's are fitted here, to what was liked after what had been liked before.
 *
 * The film that was liked next is to have the highest score among films drawn at random that were not seen: weights w
 * that maximise sum log softmax(w . parts), by Newton's method (McFadden's conditional logit; concave, so that there is
 * one answer whatever the start). A weight that came out negative is nought. The fit is then drawn towards the weights
 * that come with the program, the more so the fewer likes there are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "eval/interval.h"
#include "eval/search.h"

enum {
    P = KINO_PART_COUNT,
    SAMPLE = 1000, /* films that a like is compared with */
    SLICE = 16,    /* questions of one sum, so that sums are the same for any number of threads */
    ROUNDS = 40,
    LEAST_QUESTIONS = 20,
};
#define SAMPLED UINT64_C(0x74756e65)
#define HOLD_OUT 0.2
/* So many likes count as much as the weights that come with the program, a fifth of which always remains. */
#define PRIOR_LIKES 500.0
#define MOST_SHARE 0.8
#define CONVERGED 1e-7
#define SAYS_NOTHING 1e-9 /* a part that varies by less than this */

typedef struct totals {
    double loss, gradient[P], curvature[P][P];
} totals;

typedef struct fit {
    const kino_bench *b;
    const kino_questions *q;
    kino_scorer plain; /* with all weights 1 */
    double weights[P];
    totals *slices;
    uint32_t **seen;     /* [threads][films]: the last question, from 1, before which the film was rated */
    double (**parts)[P]; /* [threads][SAMPLE + 1] */
} fit;

/* ---- one like among films that were not ---- */

static size_t gather(fit *f, size_t at, int worker, double (*parts)[P])
{
    const kino_ratings *r = &f->b->ratings;
    const kino_question *q = &f->q->items[at];
    uint32_t *seen = f->seen[worker];
    const uint32_t target = r->items[q->target].row;
    size_t seed, count = 0;
    if (!kino_question_seeds(r, q, 1, &seed))
        return 0;
    for (size_t i = r->users[q->user].begin; i <= q->target; i++)
        seen[r->items[i].row] = (uint32_t)at + 1;
    for (size_t i = 0; i <= SAMPLE; i++) {
        size_t row = i ? kino_random(0, SAMPLED + at, i) % f->b->films : target;
        if (i && seen[row] == at + 1)
            continue;
        kino_likeness(&f->plain, &f->b->facets[seed], &f->b->facets[row], parts[count++]);
    }
    return count;
}

/* parts[0] is what was liked. */
static void add(const fit *f, const double (*parts)[P], size_t count, totals *t)
{
    double mean[P] = {0}, square[P][P] = {{0}}, sum = 0, p[SAMPLE + 1], first, highest = -INFINITY;
    p[0] = 0;
    for (size_t i = 0; i < count; i++) {
        p[i] = 0;
        for (int a = 0; a < P; a++)
            p[i] += f->weights[a] * parts[i][a];
        highest = fmax(highest, p[i]);
    }
    first = p[0];
    for (size_t i = 0; i < count; i++)
        sum += p[i] = exp(p[i] - highest);
    for (size_t i = 0; i < count; i++)
        for (int a = 0; a < P; a++) {
            double x = p[i] / sum * parts[i][a];
            mean[a] += x;
            for (int b = 0; b <= a; b++)
                square[a][b] += x * parts[i][b];
        }
    t->loss += highest + log(sum) - first;
    for (int a = 0; a < P; a++) {
        t->gradient[a] += parts[0][a] - mean[a];
        for (int b = 0; b <= a; b++)
            t->curvature[a][b] += square[a][b] - mean[a] * mean[b];
    }
}

static void sum_slice(void *ctx, size_t slice, int worker)
{
    fit *f = ctx;
    totals *t = &f->slices[slice];
    *t = (totals){0};
    for (size_t i = slice * SLICE; i < f->q->count && i < (slice + 1) * SLICE && !kino_cancelled(&f->b->k->opt); i++) {
        size_t count = gather(f, i, worker, f->parts[worker]);
        if (count > 1)
            add(f, (const double(*)[P])f->parts[worker], count, t);
    }
}

static void sum_all(fit *f, totals *out)
{
    const size_t slices = (f->q->count + SLICE - 1) / SLICE;
    kino_parallel(kino_thread_count(f->b->k->opt.threads), slices, sum_slice, f);
    *out = (totals){0};
    for (size_t s = 0; s < slices; s++) {
        out->loss += f->slices[s].loss;
        for (int a = 0; a < P; a++) {
            out->gradient[a] += f->slices[s].gradient[a];
            for (int b = 0; b <= a; b++)
                out->curvature[a][b] += f->slices[s].curvature[a][b];
        }
    }
}

/* ---- Newton's method ---- */

/* Solves curvature x = gradient over the free weights, by Cholesky's decomposition; the others' steps are 0. */
static void solve(const totals *t, const bool *free_weight, double *x)
{
    double l[P][P] = {{0}};
    for (int a = 0; a < P; a++) {
        x[a] = free_weight[a] ? t->gradient[a] : 0;
        for (int b = 0; b <= a; b++) {
            double s = free_weight[a] && free_weight[b] ? t->curvature[a][b] : a == b;
            for (int c = 0; c < b; c++)
                s -= l[a][c] * l[b][c];
            l[a][b] = a == b ? sqrt(fmax(s, SAYS_NOTHING)) : s / l[b][b];
        }
    }
    for (int a = 0; a < P; a++) {
        for (int b = 0; b < a; b++)
            x[a] -= l[a][b] * x[b];
        x[a] /= l[a][a];
    }
    for (int a = P - 1; a >= 0; a--) {
        for (int b = a + 1; b < P; b++)
            x[a] -= l[b][a] * x[b];
        x[a] /= l[a][a];
    }
}

/* Fixes weights that are negative at nought; false when there are none. */
static bool fix_negative(fit *f, bool *free_weight)
{
    bool any = false;
    for (int a = 0; a < P; a++)
        if (f->weights[a] < 0) {
            f->weights[a] = 0;
            free_weight[a] = false;
            any = true;
        }
    return any;
}

static void climb(fit *f, bool *says)
{
    bool free_weight[P];
    double step[P] = {0}, last = INFINITY;
    totals t;
    for (int round = 0; round < ROUNDS && !kino_cancelled(&f->b->k->opt); round++) {
        kino_report(&f->b->k->opt, "tune", (size_t)round, 0);
        sum_all(f, &t);
        if (!round)
            for (int a = 0; a < P; a++)
                free_weight[a] = says[a] = t.curvature[a][a] > SAYS_NOTHING * (double)f->q->count;
        if (t.loss > last + CONVERGED) { /* too far: half of the step back */
            for (int a = 0; a < P; a++)
                f->weights[a] -= step[a] /= 2;
            continue;
        }
        if (last - t.loss < CONVERGED * t.loss) {
            if (!fix_negative(f, free_weight))
                return;
            last = INFINITY;
            continue;
        }
        last = t.loss;
        solve(&t, free_weight, step);
        for (int a = 0; a < P; a++)
            f->weights[a] += step[a];
    }
    fix_negative(f, free_weight);
}

static void find_weights(const kino_bench *b, const kino_questions *q, double *weights, bool *says)
{
    const int threads = kino_thread_count(b->k->opt.threads);
    double ones[KINO_PART_COUNT];
    fit f = {.b = b,
             .q = q,
             .plain = b->k->films->scorer,
             .slices = kino_alloc_array(q->count / SLICE + 1, sizeof *f.slices),
             .seen = kino_alloc_array((size_t)threads, sizeof *f.seen),
             .parts = kino_alloc_array((size_t)threads, sizeof *f.parts)};
    for (int p = 0; p < KINO_PART_COUNT; p++)
        ones[p] = 1;
    kino_scorer_weigh(&f.plain, ones);
    for (int t = 0; t < threads; t++) {
        f.seen[t] = kino_alloc_array(b->films, sizeof **f.seen);
        f.parts[t] = kino_alloc_array(SAMPLE + 1, sizeof **f.parts);
    }
    climb(&f, says);
    memcpy(weights, f.weights, sizeof f.weights);
    for (int t = 0; t < threads; t++) {
        free(f.seen[t]);
        free(f.parts[t]);
    }
    free(f.slices);
    free(f.seen);
    free(f.parts);
}

/* The fit, scaled so that its weights sum to those that come with the program, and drawn towards them. */
static bool mix(const double *fitted, const bool *says, size_t likes, kino_tune_report *out)
{
    const double share = fmin((double)likes / ((double)likes + PRIOR_LIKES), MOST_SHARE);
    double before[KINO_PART_COUNT], own = 0, sum = 0;
    kino_part_weights(before);
    for (int a = 0; a < P; a++) {
        own += says[a] ? before[a] : 0;
        sum += says[a] ? fitted[a] : 0;
    }
    out->part_count = KINO_PART_COUNT;
    for (int a = 0; a < KINO_PART_COUNT; a++) {
        kino_tuned_part *p = &out->parts[a];
        *p = (kino_tuned_part){kino_part_name((kino_part_kind)a), before[a], NAN, before[a]};
        if (!says[a] || !(sum > 0))
            continue;
        p->fitted = fitted[a] * own / sum;
        p->after = nearbyint(1000 * (share * p->fitted + (1 - share) * before[a])) / 1000;
    }
    return sum > 0;
}

/* ---- judging ---- */

/* The gain in MRR, and the middle 95 % of what other sets of likes, drawn with repetition, would have given. */
static void find_gain(const kino_questions *q, const kino_answer *before, const kino_answer *after, kino_interval *out)
{
    double *gain = kino_alloc_array(q->count, sizeof *gain);
    for (size_t i = 0; i < q->count; i++)
        gain[i] = 1 / (after[i].rank + 1) - 1 / (before[i].rank + 1);
    kino_interval_mean(gain, q->count, out);
    free(gain);
}

static void judge(kino_bench *b, const kino_questions *q, kino_tune_report *out)
{
    kino_scorer *scorer = &b->k->films->scorer;
    const kino_scorer usual = *scorer;
    double weights[KINO_PART_COUNT];
    kino_answer *answers[2];
    memcpy(weights, usual.weights, sizeof weights);
    for (int after = 0; after < 2; after++) {
        for (size_t p = 0; p < out->part_count; p++)
            weights[p] = after ? out->parts[p].after : out->parts[p].before;
        kino_scorer_weigh(scorer, weights);
        answers[after] = kino_alloc_array(q->count + 1, sizeof **answers);
        kino_report(&b->k->opt, "judge", (size_t)after, 2);
        kino_bench_answer(b, &kino_eval_one[0], q, answers[after]);
        const kino_worth w = kino_worth_of(answers[after], q->count);
        out->hit_rate[after] = w.hits / w.count;
        out->ndcg[after] = w.gain / w.count;
        out->mrr[after] = w.inverse / w.count;
    }
    find_gain(q, answers[0], answers[1], &out->gain);
    *scorer = usual;
    free(answers[0]);
    free(answers[1]);
}

/* ---- all of it ---- */

/* Earlier likes and later ones. */
static void divide(const kino_ratings *r, kino_questions *training, kino_questions *held_out)
{
    *training = (kino_questions){kino_alloc_array(r->count + 1, sizeof *training->items), 0};
    *held_out = (kino_questions){kino_alloc_array(r->count + 1, sizeof *held_out->items), 0};
    for (int half = 0; half < 2; half++) {
        kino_questions all = kino_questions_ask(r, half, UINT32_MAX - 1, 1, INT64_MIN);
        for (size_t i = 0; i < all.count; i++) {
            kino_questions *to =
                all.items[i].likes < (1 - HOLD_OUT) * (double)r->users[all.items[i].user].likes ? training : held_out;
            to->items[to->count++] = all.items[i];
        }
        free(all.items);
    }
}

static kino_status tune_person(kino_bench *b, const kino_tune_request *req, kino_tune_report *out, kino_error *err)
{
    kino_questions training = {0}, held_out = {0};
    double fitted[P] = {0};
    bool says[P] = {false};
    kino_history *h = NULL;
    kino_status st = kino_history_read(b->k, req->ratings, req->links, req->user, &h, err);
    if (st)
        return st;
    kino_ratings_of(b->rows, h, &b->ratings);
    divide(&b->ratings, &training, &held_out);
    out->users = b->ratings.user_count;
    out->questions = training.count;
    out->held_out = held_out.count;
    if (training.count < LEAST_QUESTIONS || !held_out.count) {
        st =
            kino_fail(err, KINO_USAGE,
                      "%s: %zu likes of films in the catalogue, each after another one of the same "
                      "person, are too few to learn from; %d are the least (a like is 4 stars of 5, or 8 points of 10)",
                      req->ratings, training.count + held_out.count, LEAST_QUESTIONS + LEAST_QUESTIONS / 4);
    } else {
        find_weights(b, &training, fitted, says);
        if (!kino_cancelled(&b->k->opt) && mix(fitted, says, training.count, out))
            judge(b, &held_out, out);
    }
    free(training.items);
    free(held_out.items);
    kino_history_free(h);
    return st;
}

kino_status kino_tune(kino *k, const kino_tune_request *req, kino_tune_report *out, kino_error *err)
{
    const bool many = req->tags || (req->links && !req->user);
    kino_bench b = {0};
    double weights[KINO_PART_COUNT];
    *out = (kino_tune_report){.tag = {NAN, NAN}, .colike = {NAN, NAN}};
    if (req->tags && req->ratings && (!req->links || req->user))
        return kino_fail(err, KINO_USAGE, "beside tags, ratings are those of many people, which need links.csv");
    kino_status st = kino_use_films(k, true, err);
    if (!st && k->recipe == KINO_RECIPE_CLASSIC)
        return kino_fail(err, KINO_USAGE, "the recipe of this catalogue is classic, whose two weights are fixed");
    if (!st && (k->films->rows.tail || k->films->rows.hidden))
        kino_remake_snapshot(k, "");
    if (!st)
        st = kino_bench_open(k, "tune", &b, err);
    if (!st)
        st = many ? kino_tune_likeness(&b, req, out, err) : tune_person(&b, req, out, err);
    if (!st && kino_cancelled(&k->opt))
        st = kino_fail(err, KINO_INTERRUPTED, "interrupted; nothing was changed");
    for (size_t p = 0; p < out->part_count; p++)
        weights[p] = out->parts[p].after;
    if (!st && !req->dry_run && out->gain.value > 0) {
        st = kino_tuned_save(k, weights, err);
        out->saved = !st;
    }
    kino_bench_close(&b);
    return st;
}

kino_status kino_untune(kino *k, bool *was, kino_error *err)
{
    double weights[KINO_PART_COUNT];
    bool found = true;
    kino_error unreadable;
    kino_status st = kino_use_catalogue(k, err);
    if (!st && kino_tuned_read(k->catalogue, weights, &found, &unreadable))
        found = true;
    if (!st && found)
        st = kino_tuned_save(k, NULL, err);
    if (was)
        *was = !st && found;
    return st;
}
