/* protocol.c - kino_eval: which questions of ratings are asked, and what the answers are worth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "base/thread.h"
#include "eval/eval.h"
#include "eval/interval.h"
#include "eval/likeness.h"
#include "kern/kern.h"

enum {
    SLICE = 64, /* questions that a thread takes at once */
    FEWER = 20, /* questions of a user with many seeds, which cost more */
    FEWEST = 2, /* of a user, the last ones, with a whole history, which cost most */
    LATER = 80, /* percent of all likes that come before the split in time */
};

size_t kino_question_seeds(const kino_ratings *r, const kino_question *q, size_t most, size_t *rows)
{
    size_t count = 0;
    for (size_t i = q->target; i-- > r->users[q->user].begin && count < most;)
        if (r->items[i].like)
            rows[count++] = r->items[i].row;
    return count;
}

/* ---- questions ---- */

kino_questions kino_questions_ask(const kino_ratings *r, bool tuning, uint32_t most, size_t likes_before, int64_t since)
{
    kino_questions out = {kino_alloc_array(r->count + 1, sizeof *out.items), 0};
    for (size_t u = 0; u < r->user_count; u++) {
        uint32_t likes = 0;
        for (size_t i = r->users[u].begin; i < r->users[u].end && likes <= most; i++) {
            if (!r->items[i].like)
                continue;
            if (r->users[u].tuning == tuning && likes >= likes_before && r->items[i].time >= since)
                out.items[out.count++] = (kino_question){(uint32_t)u, likes, i};
            likes++;
        }
    }
    return out;
}

/* The last `most` questions of each user. */
static void keep_last(kino_questions *q, size_t most)
{
    size_t kept = 0;
    for (size_t i = 0; i < q->count; i++)
        if (i + most >= q->count || q->items[i + most].user != q->items[i].user)
            q->items[kept++] = q->items[i];
    q->count = kept;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t time_split(const kino_ratings *r)
{
    int64_t *times = kino_alloc_array(r->count + 1, sizeof *times), split;
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].like)
            times[n++] = r->items[i].time;
    qsort(times, n, sizeof *times, by_time);
    split = times[n * LATER / 100];
    free(times);
    return split;
}

/* ---- answers ---- */

typedef struct run {
    const kino_bench *b;
    const kino_method *m;
    const kino_questions *q;
    kino_answer *answers; /* [q->count] */
    double **score;       /* [threads][films] */
} run;

/* The KINO_EVAL_TOP best, equal ones by row, which ascend with the ids. */
static void find_top(const double *score, size_t n, uint32_t *top)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t at = count;
        while (at > 0 && score[top[at - 1]] < score[i])
            at--;
        if (at == KINO_EVAL_TOP)
            continue;
        size_t end = count < KINO_EVAL_TOP ? count++ : KINO_EVAL_TOP - 1;
        memmove(top + at + 1, top + at, (end - at) * sizeof *top);
        top[at] = (uint32_t)i;
    }
}

static void judge_list(const kino_bench *b, const size_t *seeds, size_t count, kino_answer *a)
{
    const kino_kernels *kern = kino_kernels_get();
    double alike = 0;
    a->fame = a->sequels = 0;
    for (size_t i = 0; i < KINO_EVAL_TOP; i++) {
        const kino_facets *f = &b->facets[a->top[i]];
        bool sequel = false;
        for (size_t s = 0; s < count; s++)
            sequel = sequel || (f->collection != UINT32_MAX && f->collection == b->facets[seeds[s]].collection);
        for (size_t j = 0; j < i; j++)
            alike += kern->dot_f32(f->vector, b->facets[a->top[j]].vector, KINO_PLOT_DIM);
        a->fame += b->fame_rank[a->top[i]] / KINO_EVAL_TOP;
        a->sequels += (double)sequel / KINO_EVAL_TOP;
    }
    a->diversity = 1 - alike / (KINO_EVAL_TOP * (KINO_EVAL_TOP - 1) / 2);
}

static void answer_one(const run *r, size_t at, double *score)
{
    const kino_bench *b = r->b;
    const kino_ratings *rated = &b->ratings;
    const kino_question *q = &r->q->items[at];
    kino_answer *a = &r->answers[at];
    size_t seeds[KINO_EVAL_SEEDS];
    size_t count = kino_question_seeds(rated, q, r->m->seeds ? r->m->seeds : KINO_EVAL_SEEDS, seeds);
    const uint32_t target = rated->items[q->target].row;
    double better = 0, equal = 0;
    r->m->score(b, r->m, q, seeds, count, score);
    const double own = score[target];
    for (size_t i = rated->users[q->user].begin; i < q->target; i++)
        score[rated->items[i].row] = -INFINITY;
    score[target] = own; /* also when an earlier rating was changed to this like */
    for (size_t i = 0; i < b->films; i++) {
        better += score[i] > own;
        equal += score[i] == own;
    }
    a->rank = better + (equal - 1) / 2;
    find_top(score, b->films, a->top);
    judge_list(b, seeds, count, a);
}

static void answer_slice(void *ctx, size_t slice, int worker)
{
    const run *r = ctx;
    for (size_t i = slice * SLICE; i < r->q->count && i < (slice + 1) * SLICE; i++)
        if (!kino_cancelled(&r->b->k->opt))
            answer_one(r, i, r->score[worker]);
}

void kino_bench_answer(const kino_bench *b, const kino_method *m, const kino_questions *q, kino_answer *answers)
{
    const int threads = kino_thread_count(b->k->opt.threads);
    run r = {b, m, q, answers, kino_alloc_array((size_t)threads, sizeof *r.score)};
    for (int t = 0; t < threads; t++)
        r.score[t] = kino_alloc_array(b->films, sizeof **r.score);
    kino_parallel(threads, (q->count + SLICE - 1) / SLICE, answer_slice, &r);
    for (int t = 0; t < threads; t++)
        free(r.score[t]);
    free(r.score);
}

/* ---- figures ---- */

static kino_worth worth(const kino_answer *a)
{
    bool hit = a->rank < KINO_EVAL_TOP;
    return (kino_worth){hit, hit ? 1 / log2(a->rank + 2) : 0, 1 / (a->rank + 1), 1};
}

static kino_worth both(const kino_worth *a, const kino_worth *b)
{
    return (kino_worth){a->hits + b->hits, a->gain + b->gain, a->inverse + b->inverse, a->count + b->count};
}

kino_worth kino_worth_of(const kino_answer *a, size_t count)
{
    kino_worth all = {0};
    for (size_t i = 0; i < count; i++) {
        kino_worth one = worth(&a[i]);
        all = both(&all, &one);
    }
    return all;
}

/* The middle 95 % of what other sets of users, drawn from these with repetition, would have given. */
static void bootstrap(const kino_worth *user, size_t count, kino_eval_row *row)
{
    double *drawn = kino_alloc_array(3 * KINO_DRAWS, sizeof *drawn);
    for (size_t d = 0; d < KINO_DRAWS; d++) {
        kino_worth s = {0};
        for (size_t i = 0; i < count; i++)
            s = both(&s, &user[kino_drawn(d, i, count)]);
        drawn[d] = s.hits / s.count;
        drawn[KINO_DRAWS + d] = s.gain / s.count;
        drawn[2 * KINO_DRAWS + d] = s.inverse / s.count;
    }
    kino_interval_find(drawn, KINO_DRAWS, &row->hit_rate);
    kino_interval_find(drawn + KINO_DRAWS, KINO_DRAWS, &row->ndcg);
    kino_interval_find(drawn + 2 * KINO_DRAWS, KINO_DRAWS, &row->mrr);
    free(drawn);
}

static void add_up(const run *r, kino_eval_row *row)
{
    const kino_questions *q = r->q;
    kino_worth *user = kino_alloc_array(r->b->ratings.user_count + 1, sizeof *user);
    const kino_worth all = kino_worth_of(r->answers, q->count);
    bool *shown = kino_alloc_array(r->b->films, sizeof *shown);
    size_t users = 0, distinct = 0;
    for (size_t i = 0; i < q->count; i++) {
        const kino_answer *a = &r->answers[i];
        const kino_worth one = worth(a);
        users += i == 0 || q->items[i].user != q->items[i - 1].user;
        user[users - 1] = both(&user[users - 1], &one);
        for (size_t t = 0; t < KINO_EVAL_TOP; t++) {
            distinct += !shown[a->top[t]];
            shown[a->top[t]] = true;
        }
        row->fame += a->fame / (double)q->count;
        row->diversity += a->diversity / (double)q->count;
        row->sequels += a->sequels / (double)q->count;
    }
    row->questions = q->count;
    row->users = users;
    row->hit_rate.value = all.hits / all.count;
    row->ndcg.value = all.gain / all.count;
    row->mrr.value = all.inverse / all.count;
    row->coverage = (double)distinct / (double)r->b->films;
    bootstrap(user, users, row);
    free(user);
    free(shown);
}

static void measure(const kino_bench *b, const char *task, const kino_method *methods, size_t count,
                    const kino_questions *q, kino_eval_report *out)
{
    run r = {.b = b, .q = q, .answers = kino_alloc_array(q->count + 1, sizeof *r.answers)};
    for (size_t i = 0; i < count && q->count && out->count < KINO_EVAL_ROWS; i++) {
        if ((methods[i].classic && !b->classic) || kino_cancelled(&b->k->opt))
            continue;
        kino_report(&b->k->opt, "ask", out->count, 0);
        kino_bench_answer(b, &methods[i], q, r.answers);
        kino_eval_row *row = &out->rows[out->count++];
        *row = (kino_eval_row){.task = task, .method = methods[i].name};
        add_up(&r, row);
    }
    free(r.answers);
}

/* ---- all of it ---- */

kino_status kino_bench_open(kino *k, const char *who, kino_bench *b, kino_error *err)
{
    kino_status st = kino_use_films(k, true, err);
    if (st)
        return st;
    b->k = k;
    b->rows = &k->films->rows;
    b->films = k->films->rows.count;
    if (k->films->rows.hidden || k->films->rows.tail || b->films <= KINO_EVAL_TOP)
        return kino_fail(err, KINO_USAGE, "%s needs a catalogue as it was built, of more than %d films", who,
                         KINO_EVAL_TOP);
    double *fame = kino_alloc_array(b->films, sizeof *fame);
    b->facets = kino_alloc_array(b->films, sizeof *b->facets);
    b->fame_rank = kino_alloc_array(b->films, sizeof *b->fame_rank);
    for (size_t i = 0; i < b->films; i++) {
        kino_facets_of(b->rows, i, &b->facets[i]);
        fame[i] = isnan(b->facets[i].fame) ? 0 : b->facets[i].fame;
    }
    qsort(fame, b->films, sizeof *fame, kino_number_order);
    for (size_t i = 0; i < b->films; i++) {
        double own = isnan(b->facets[i].fame) ? 0 : b->facets[i].fame;
        size_t low = 0, high = b->films;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (fame[middle] < own)
                low = middle + 1;
            else
                high = middle;
        }
        b->fame_rank[i] = (double)low / (double)b->films;
    }
    free(fame);
    return KINO_OK;
}

void kino_bench_close(kino_bench *b)
{
    kino_ratings_free(&b->ratings);
    free(b->facets);
    free(b->fame_rank);
    free(b->classic);
}

static void ask_all(kino_bench *b, bool tuning, kino_eval_report *out)
{
    const int64_t split = time_split(&b->ratings);
    kino_questions one = kino_questions_ask(&b->ratings, tuning, KINO_EVAL_QUESTIONS, 1, INT64_MIN),
                   five = kino_questions_ask(&b->ratings, tuning, FEWER, 5, INT64_MIN),
                   whole = kino_questions_ask(&b->ratings, tuning, UINT32_MAX - 1, 5, INT64_MIN),
                   later = kino_questions_ask(&b->ratings, tuning, KINO_EVAL_QUESTIONS, 1, split);
    keep_last(&whole, FEWEST);
    kino_learned_init(b, !tuning, tuning, INT64_MAX, &b->learned);
    measure(b, "one seed", kino_eval_one, kino_eval_one_count, &one, out);
    measure(b, "five seeds", kino_eval_five, kino_eval_five_count, &five, out);
    measure(b, "whole history", kino_eval_history, kino_eval_history_count, &whole, out);
    kino_learned_free(&b->learned);
    kino_learned_init(b, true, true, split, &b->learned);
    measure(b, "after a date", kino_eval_later, kino_eval_later_count, &later, out);
    kino_learned_free(&b->learned);
    free(one.items);
    free(five.items);
    free(whole.items);
    free(later.items);
}

static kino_status find_transitions(kino_bench *b, const kino_eval_request *req, kino_eval_report *out, kino_error *err)
{
    kino_status st = req->baselines ? kino_eval_classic(b, err) : KINO_OK;
    if (st)
        return st;
    ask_all(b, req->tuning, out);
    return kino_cancelled(&b->k->opt) ? kino_fail(err, KINO_INTERRUPTED, "interrupted") : KINO_OK;
}

kino_status kino_eval(kino *k, const kino_eval_request *req, kino_eval_report *out, kino_error *err)
{
    const double started = kino_now_ms();
    kino_bench b = {0};
    *out = (kino_eval_report){0};
    if (req->ratings && !req->links)
        return kino_fail(err, KINO_USAGE, "ratings need links.csv, from MovieLens' numbers of films to ids");
    kino_status st = kino_bench_open(k, "eval", &b, err);
    if (!st && req->ratings)
        st = kino_ratings_read(b.rows, req->ratings, req->links, &b.ratings, err);
    if (!st && req->ratings && b.ratings.user_count < 2)
        st = kino_fail(err, KINO_USAGE,
                       "%s: fewer than 2 users like %d films of the catalogue or more; is it the "
                       "catalogue that the links are of?",
                       req->ratings, KINO_EVAL_LIKES);
    if (!st)
        st = kino_likeness_measure(&b, req, out, err);
    if (!st && req->ratings && !req->likeness)
        st = find_transitions(&b, req, out, err);
    out->films = b.films;
    for (size_t u = 0; u < b.ratings.user_count; u++)
        out->users += b.ratings.users[u].tuning == req->tuning;
    out->seconds = (kino_now_ms() - started) / 1e3;
    kino_bench_close(&b);
    return st;
}
