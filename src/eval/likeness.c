/* likeness.c - the lists of every method beside every truth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "eval/interval.h"
#include "eval/likeness.h"

enum {
    MOST_GUARDED = 20000, /* films whose lists are looked at, drawn from a greater catalogue */
    CHUNK = 64,           /* seeds between two looks at the caller */
};
#define DRAWN UINT64_C(0x67756172)

typedef uint32_t top_ten[KINO_EVAL_TOP];

/* Films that are asked for. */
typedef struct seeds {
    uint32_t *rows;
    size_t count;
} seeds;

typedef struct measuring {
    const kino_bench *b;
    kino_tags tags;
    kino_colikes colikes;
    size_t methods;
    seeds known, all, series;      /* by any truth; all films, or many; those that have sequels */
    top_ten *by_tags, *by_colikes; /* [methods][candidates] */
    double *tag_worth;             /* [methods][candidates] */
    double *colike_worth;          /* [candidates][methods][KINO_WORLDS] */
    float *times;                  /* [users][KINO_WORLDS] */
    struct scratch {
        double *gain;            /* [candidates] */
        float *ratio, *expected; /* [candidates][KINO_WORLDS] */
    } * scratch;                 /* [threads] */
    size_t begin;                /* of the chunk */
} measuring;

/* ---- seeds ---- */

static seeds films_that(const kino_bench *b, const bool *wanted)
{
    seeds out = {kino_alloc_array(b->films + 1, sizeof *out.rows), 0};
    for (uint32_t row = 0; row < b->films; row++)
        if (!wanted || wanted[row])
            out.rows[out.count++] = row;
    return out;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

size_t kino_draw_films(const kino_bench *b, size_t most, uint32_t *rows, size_t count)
{
    if (count <= most)
        return count;
    uint64_t *drawn = kino_alloc_array(2 * count, sizeof *drawn), *sorted = drawn + count;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        drawn[i] = sorted[i] = kino_random(0, DRAWN, (uint64_t)kino_rows_id(b->rows, rows[i]));
    qsort(sorted, count, sizeof *sorted, by_value);
    for (size_t i = 0; i < count; i++)
        if (drawn[i] < sorted[most])
            rows[kept++] = rows[i];
    free(drawn);
    return kept;
}

static void find_seeds(measuring *m)
{
    const kino_bench *b = m->b;
    bool *wanted = kino_alloc_array(b->films + 1, sizeof *wanted);
    uint32_t *others = kino_alloc_array(b->films + 1, sizeof *others);
    for (size_t i = 0; i < m->tags.films.count; i++)
        wanted[m->tags.films.rows[i]] = true;
    for (size_t i = 0; i < m->colikes.films.count; i++)
        wanted[m->colikes.films.rows[i]] = true;
    m->known = films_that(b, wanted);
    m->all = films_that(b, NULL);
    kino_series_others(b, others);
    for (size_t i = 0; i < b->films; i++)
        wanted[i] = others[i] > 0;
    m->series = films_that(b, wanted);
    m->all.count = kino_draw_films(b, MOST_GUARDED, m->all.rows, m->all.count);
    m->series.count = kino_draw_films(b, MOST_GUARDED, m->series.rows, m->series.count);
    free(wanted);
    free(others);
}

/* ---- lists ---- */

static void keep_candidates(const kino_candidates *c, const seeds *s, const kino_lists *lists, top_ten *out)
{
    for (size_t i = 0; i < s->count; i++)
        if (c->count && c->at[s->rows[i]] != UINT32_MAX)
            kino_list_candidates(c, c->at[s->rows[i]], lists->rows + i * lists->length, lists->length,
                                 out[c->at[s->rows[i]]]);
}

/* Asks one method everything; what needs no other method is put into its row. */
static kino_status ask(measuring *m, size_t method, kino_likeness_row *row, kino_error *err)
{
    const kino_bench *b = m->b;
    const size_t each = m->known.count + m->all.count + m->series.count, total = m->methods * each;
    const kino_lister *lister = &kino_listers[method];
    size_t done = method * each;
    kino_lists known = {0}, all = {0}, series = {0};
    *row = (kino_likeness_row){.method = lister->name};
    kino_status st =
        kino_lists_ask(b, lister, m->known.rows, m->known.count, KINO_LONG_LIST, false, done, total, &known, err);
    done += m->known.count;
    if (!st)
        st = kino_lists_ask(b, lister, m->all.rows, m->all.count, KINO_EVAL_TOP, false, done, total, &all, err);
    done += m->all.count;
    if (!st)
        st = kino_lists_ask(b, lister, m->series.rows, m->series.count, KINO_EVAL_TOP, true, done, total, &series, err);
    if (!st) {
        bool *tagged = kino_alloc_array(b->films + 1, sizeof *tagged);
        double *share = kino_alloc_array(m->series.count + 1, sizeof *share);
        for (size_t i = 0; i < m->tags.films.count; i++)
            tagged[m->tags.films.rows[i]] = true;
        keep_candidates(&m->tags.films, &m->known, &known, m->by_tags + method * m->tags.films.count);
        keep_candidates(&m->colikes.films, &m->known, &known, m->by_colikes + method * m->colikes.films.count);
        kino_guards_of(b, m->all.rows, &all, NULL, &row->all);
        kino_guards_of(b, m->all.rows, &all, tagged, &row->tagged);
        kino_series_shares(b, m->series.rows, &series, share);
        kino_interval_mean(share, m->series.count, &row->series);
        free(tagged);
        free(share);
    }
    free(known.rows);
    free(all.rows);
    free(series.rows);
    return st;
}

/* ---- gains ---- */

static void judge_tags(void *ctx, size_t i, int worker)
{
    measuring *m = ctx;
    const size_t seed = m->begin + i, count = m->tags.films.count;
    double *gain = m->scratch[worker].gain;
    kino_tags_gains(&m->tags, seed, gain);
    for (size_t method = 0; method < m->methods; method++)
        m->tag_worth[method * count + seed] = kino_list_worth(gain, count, seed, m->by_tags[method * count + seed]);
}

/* The ten greatest ratios of each world; those of chance and less gain nothing. */
static void find_best(const float *ratio, size_t count, size_t seed, float best[KINO_WORLDS][KINO_EVAL_TOP])
{
    for (size_t w = 0; w < KINO_WORLDS; w++)
        for (size_t i = 0; i < KINO_EVAL_TOP; i++)
            best[w][i] = 1;
    for (size_t f = 0; f < count; f++)
        for (size_t w = 0; f != seed && w < KINO_WORLDS; w++) {
            const float own = ratio[f * KINO_WORLDS + w];
            size_t at = KINO_EVAL_TOP - 1;
            if (!(own > best[w][at]))
                continue;
            for (; at > 0 && own > best[w][at - 1]; at--)
                best[w][at] = best[w][at - 1];
            best[w][at] = own;
        }
}

static void judge_colikes(void *ctx, size_t i, int worker)
{
    measuring *m = ctx;
    const size_t seed = m->begin + i, count = m->colikes.films.count;
    const float *ratio = m->scratch[worker].ratio;
    float best[KINO_WORLDS][KINO_EVAL_TOP];
    kino_colikes_ratios(&m->colikes, seed, m->times, m->scratch[worker].ratio, m->scratch[worker].expected);
    find_best(ratio, count, seed, best);
    for (size_t w = 0; w < KINO_WORLDS; w++) {
        double ideal = 0;
        for (size_t place = 0; place < KINO_EVAL_TOP; place++)
            ideal += log(best[w][place]) * kino_discount(place);
        for (size_t method = 0; method < m->methods; method++) {
            const uint32_t *top = m->by_colikes[method * count + seed];
            double own = 0;
            for (size_t place = 0; place < KINO_EVAL_TOP && top[place] != UINT32_MAX; place++)
                own += log(fmax(ratio[top[place] * KINO_WORLDS + w], 1)) * kino_discount(place);
            m->colike_worth[(seed * m->methods + method) * KINO_WORLDS + w] = ideal > 0 ? own / ideal : NAN;
        }
    }
}

static kino_status judge(measuring *m, void (*task)(void *, size_t, int), size_t count, kino_error *err)
{
    const kino_options *opt = &m->b->k->opt;
    for (m->begin = 0; m->begin < count; m->begin += CHUNK) {
        kino_report(opt, "judge", m->begin, count);
        kino_parallel(kino_thread_count(opt->threads), count - m->begin < CHUNK ? count - m->begin : CHUNK, task, m);
        if (kino_cancelled(opt))
            return kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    return KINO_OK;
}

/* The mean over the seeds in each world. Films gain noise by the drawing, so that the drawn worlds lie beside the real
 * one: the interval is put around the figure itself. */
static void put_colikes(const measuring *m, size_t method, kino_interval *out)
{
    double mean[KINO_WORLDS] = {0}, drawn[KINO_WORLDS - 1], centre = 0;
    for (size_t w = 0; w < KINO_WORLDS; w++) {
        size_t counted = 0;
        for (size_t seed = 0; seed < m->colikes.films.count; seed++) {
            const double one = m->colike_worth[(seed * m->methods + method) * KINO_WORLDS + w];
            mean[w] += isnan(one) ? 0 : one;
            counted += !isnan(one);
        }
        mean[w] = counted ? mean[w] / (double)counted : NAN;
    }
    for (size_t w = 1; w < KINO_WORLDS; w++)
        centre += mean[w] / (KINO_WORLDS - 1);
    for (size_t w = 1; w < KINO_WORLDS; w++)
        drawn[w - 1] = mean[w] - centre + mean[0];
    kino_interval_find(drawn, KINO_WORLDS - 1, out);
    out->value = mean[0];
}

static kino_status put_worth(measuring *m, kino_eval_report *out, kino_error *err)
{
    const size_t tags = m->tags.films.count, colikes = m->colikes.films.count;
    kino_status st = judge(m, judge_tags, tags, err);
    if (!st)
        st = judge(m, judge_colikes, colikes, err);
    for (size_t method = 0; !st && method < m->methods; method++) {
        kino_likeness_row *row = &out->likeness[method];
        out->tag_seeds = kino_interval_mean(m->tag_worth + method * tags, tags, &row->tag);
        put_colikes(m, method, &row->colike);
    }
    for (size_t seed = 0; !st && seed < colikes; seed++)
        out->colike_seeds += !isnan(m->colike_worth[seed * m->methods * KINO_WORLDS]);
    return st;
}

/* ---- all of it ---- */

static void make_room(measuring *m, int threads)
{
    const size_t tags = m->tags.films.count, colikes = m->colikes.films.count;
    m->by_tags = kino_alloc_array(m->methods * tags + 1, sizeof *m->by_tags);
    m->by_colikes = kino_alloc_array(m->methods * colikes + 1, sizeof *m->by_colikes);
    m->tag_worth = kino_alloc_array(m->methods * tags + 1, sizeof *m->tag_worth);
    m->colike_worth = kino_alloc_array(colikes * m->methods * KINO_WORLDS + 1, sizeof *m->colike_worth);
    m->times = kino_alloc_floats(m->colikes.users * KINO_WORLDS + 1);
    m->scratch = kino_alloc_array((size_t)threads, sizeof *m->scratch);
    for (int t = 0; t < threads; t++)
        m->scratch[t] =
            (struct scratch){kino_alloc_array(tags + 1, sizeof(double)), kino_alloc_floats(colikes * KINO_WORLDS + 1),
                             kino_alloc_floats(colikes * KINO_WORLDS + 1)};
    kino_colikes_worlds(&m->colikes, m->times);
}

static void clean_up(measuring *m, int threads)
{
    for (int t = 0; m->scratch && t < threads; t++) {
        free(m->scratch[t].gain);
        free(m->scratch[t].ratio);
        free(m->scratch[t].expected);
    }
    free(m->scratch);
    free(m->times);
    free(m->by_tags);
    free(m->by_colikes);
    free(m->tag_worth);
    free(m->colike_worth);
    free(m->known.rows);
    free(m->all.rows);
    free(m->series.rows);
    kino_tags_free(&m->tags);
    kino_colikes_free(&m->colikes);
}

kino_status kino_likeness_measure(const kino_bench *b, const kino_eval_request *req, kino_eval_report *out,
                                  kino_error *err)
{
    const int threads = kino_thread_count(b->k->opt.threads);
    measuring m = {.b = b, .methods = req->baselines ? kino_lister_count : 1};
    kino_status st = kino_warm(b->k, err);
    if (!st && req->tags)
        st = kino_tags_read(b->rows, req->tags, req->links, &m.tags, err);
    if (!st && req->ratings)
        kino_colikes_init(b, &m.colikes);
    if (!st) {
        find_seeds(&m);
        make_room(&m, threads);
        out->series_seeds = m.series.count;
    }
    for (size_t method = 0; !st && method < m.methods; method++)
        st = ask(&m, method, &out->likeness[out->likeness_count++], err);
    if (!st)
        st = put_worth(&m, out, err);
    clean_up(&m, threads);
    return st;
}
