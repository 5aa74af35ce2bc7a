/* exact.c - the exact search: bytes first, f32 only where bytes cannot tell.
 *
 * With the probe of search.h, for any row x
 *
 *     |<q, x> - unit * raw(x)| <= high_rest kept(x) + |q| lost(x) =: e(x)                       (Cauchy, Schwarz)
 *
 * where raw is the integer score times the row's scale. One pass computes raw for all rows and keeps those with
 * unit * raw >= (k-th best of unit * raw) - 2 E, E = max e: no other can be among the k best, as it lies below k rows
 * even if every error is at its worst. The k best of them are scored in f32; the k-th of these is a floor that every
 * other has to reach, first with e(x), then with the finer error after `low` was added, before its f32 row is read.
 * `lost` includes what the f32 sum itself may be off by (vectors.c), so the answer is that of f32 brute force, to the
 * bit, always.
 *
 * Measured, k = 10, means of 500 queries: of 10,500 real rows 1,335 pass the first test, 166 the second, and 15 are
 * read in f32; of 33,000 synthetic ones 340, 57 and 13. */
#include <math.h>
#include <stdlib.h>

#include "base/thread.h"
#include "index/search.h"
#include "kern/kern.h"

/* PASS: queries that share one reading of the rows; their bytes, a block of rows and its scores fit the second cache. */
enum { WORD = 64, LOW_UNITS = 254, PASS = 102 };

void kino_probe_make(const kino_vectors *v, const float *query, int8_t *bytes, kino_probe *p)
{
    float y[KINO_MAX_DIM], most = 0;
    double length = 0, high_rest = 0, low_rest = 0;
    int32_t high_sum = 0, low_sum = 0;
    int8_t *high = bytes, *low = bytes + v->stride;
    for (size_t b = 0, j = 0; b < v->blocks; b++)
        for (size_t end = j + v->block_dim[b]; j < end; j++) {
            y[j] = query[j] * v->ratio[b];
            most = fmaxf(most, fabsf(y[j]));
            length += (double)query[j] * query[j];
        }
    float unit = most / 127, inverse = unit > 0 ? 1 / unit : 0;
    float fine = unit / LOW_UNITS, fine_inverse = inverse * LOW_UNITS;
    for (size_t j = 0; j < v->dim; j++) {
        long h = lrintf(y[j] * inverse);
        h = h < -127 ? -127 : h > 127 ? 127 : h;
        double rest = y[j] - (double)unit * (double)h;
        long l = lrintf((float)rest * fine_inverse);
        l = l < -127 ? -127 : l > 127 ? 127 : l;
        double last = rest - (double)fine * (double)l;
        high[j] = (int8_t)h;
        low[j] = (int8_t)l;
        high_sum += (int32_t)h;
        low_sum += (int32_t)l;
        high_rest += rest * rest;
        low_rest += last * last;
    }
    memset(high + v->dim, 0, v->stride - v->dim);
    memset(low + v->dim, 0, v->stride - v->dim);
    *p = (kino_probe){high,
                      low,
                      128 * high_sum,
                      128 * low_sum,
                      unit,
                      (float)(sqrt(high_rest) * 1.00001),
                      (float)(sqrt(low_rest) * 1.00001),
                      (float)(sqrt(length) * 1.00001)};
}

/* ---- first pass ---- */

/* What a pass over the rows keeps for one query. */
typedef struct sieve {
    kino_probe probe;
    float margin; /* 2 E / unit */
    float floor;  /* raw scores below cannot be in the answer */
    size_t k, count, kept;
    float *best;     /* min-heap of the k best raw scores, `kept` of them */
    kino_scratch *s; /* row, raw: candidates, `count` of them */
} sieve;

static void sieve_start(sieve *v, const kino_vectors *vectors, size_t k, kino_scratch *s)
{
    const kino_probe *p = &v->probe;
    float most = p->high_rest * vectors->most_kept + p->length * vectors->most_lost;
    v->margin = p->unit > 0 ? 2.0001f * most / p->unit : 0;
    v->floor = -INFINITY;
    v->k = k;
    v->count = v->kept = 0;
    v->s = s;
    if (k > s->best_capacity) {
        s->best = kino_resize_array(s->best, k, sizeof *s->best);
        s->best_capacity = k;
    }
    v->best = s->best;
    kino_scratch_candidates(s, 2 * WORD);
}

/* Replaces the least of the heap, or adds to it while there are fewer than k. */
static void heap_put(float *heap, size_t *count, size_t k, float x)
{
    size_t i;
    if (*count < k) {
        for (i = (*count)++; i > 0 && heap[(i - 1) / 2] > x; i = (i - 1) / 2)
            heap[i] = heap[(i - 1) / 2];
    } else {
        for (i = 0;;) {
            size_t child = 2 * i + 1;
            if (child >= k)
                break;
            if (child + 1 < k && heap[child + 1] < heap[child])
                child++;
            if (heap[child] >= x)
                break;
            heap[i] = heap[child];
            i = child;
        }
    }
    heap[i] = x;
}

static void sieve_put(sieve *v, uint32_t row, float raw)
{
    if (raw < v->floor)
        return;
    v->s->row[v->count] = row;
    v->s->raw[v->count++] = raw;
    if (v->kept == v->k && raw <= v->best[0])
        return;
    heap_put(v->best, &v->kept, v->k, raw);
    if (v->kept == v->k)
        v->floor = v->best[0] - v->margin;
}

/* Drops the candidates that the floor has overtaken. */
static void sieve_shake(sieve *v)
{
    size_t kept = 0;
    for (size_t i = 0; i < v->count; i++) {
        v->s->row[kept] = v->s->row[i];
        v->s->raw[kept] = v->s->raw[i];
        kept += v->s->raw[i] >= v->floor;
    }
    v->count = kept;
}

static void sieve_room(sieve *v)
{
    if (v->count + WORD <= v->s->capacity)
        return;
    sieve_shake(v);
    kino_scratch_candidates(v->s, 2 * v->count + WORD);
}

static void sieve_take(sieve *v, size_t first, uint64_t above, const float *raw)
{
    sieve_room(v);
    for (; above; above &= above - 1) {
        size_t i = (size_t)__builtin_ctzll(above);
        sieve_put(v, (uint32_t)(first + i), raw[i]);
    }
}

/* The allowed rows of [first, first + WORD) as bits. */
static uint64_t allowed_word(const kino_vectors *v, const uint64_t *allowed, size_t first)
{
    size_t left = v->n - first;
    uint64_t word = allowed ? allowed[first / WORD] : ~UINT64_C(0);
    return left < WORD ? word & ((UINT64_C(1) << left) - 1) : word;
}

/* Few rows of a word: only these are read. */
static void sieve_few(sieve *sieves, size_t queries, const kino_vectors *v, const kino_kernels *kern, size_t first,
                      uint64_t word)
{
    uint32_t ids[WORD];
    float raw[WORD];
    size_t count = 0;
    for (; word; word &= word - 1)
        ids[count++] = (uint32_t)(first + (size_t)__builtin_ctzll(word));
    for (size_t q = 0; q < queries; q++) {
        sieve_room(&sieves[q]);
        kern->score_u8(v->codes, v->stride, ids, count, sieves[q].probe.high, sieves[q].probe.high_bias, raw);
        for (size_t i = 0; i < count; i++)
            sieve_put(&sieves[q], ids[i], raw[i]);
    }
}

enum { FEW = 24 }; /* of 64: below, single rows are read */

static void scan(sieve *sv, const kino_vectors *v, const uint64_t *allowed)
{
    const kino_kernels *kern = kino_kernels_get();
    float raw[WORD];
    for (size_t first = 0; first < v->n; first += WORD) {
        uint64_t word = allowed_word(v, allowed, first);
        if (!word)
            continue;
        size_t rows = v->n - first < WORD ? v->n - first : WORD;
        if (rows == WORD && __builtin_popcountll(word) < FEW) {
            sieve_few(sv, 1, v, kern, first, word);
            continue;
        }
        word &= kern->scan_u8(v->codes + first * v->stride, v->stride, rows, sv->probe.high, sv->probe.high_bias,
                              sv->floor, raw);
        if (word)
            sieve_take(sv, first, word, raw);
    }
    sieve_shake(sv);
}

/* ---- second pass ---- */

static float error_of(const kino_vectors *v, const kino_probe *p, uint32_t row, float rest)
{
    return (rest * kino_row_float(v, row, KINO_ROW_KEPT) + p->length * kino_row_float(v, row, KINO_ROW_LOST)) * 1.0001f;
}

static void prefetch_row(const float *x, size_t dim)
{
    for (size_t j = 0; j < dim; j += 16)
        __builtin_prefetch(x + j);
}

static size_t rescore(sieve *sv, const kino_vectors *v, const float *query, kino_hit *hits)
{
    const kino_kernels *kern = kino_kernels_get();
    const kino_probe *p = &sv->probe;
    kino_scratch *s = sv->s;
    const float best = sv->kept == sv->k ? sv->best[0] : -INFINITY;
    size_t found = 0, left = 0;
    for (size_t i = 0; i < sv->count; i++)
        if (s->raw[i] >= best)
            prefetch_row(v->rows + (size_t)s->row[i] * v->dim, v->dim);
    for (size_t i = 0; i < sv->count; i++) {
        uint32_t row = s->row[i];
        if (s->raw[i] >= best) {
            float score = kern->dot_f32(query, v->rows + (size_t)row * v->dim, v->dim);
            found = kino_hit_insert(hits, found, sv->k, (kino_hit){row, score});
        } else {
            s->row[left] = row;
            s->raw[left++] = s->raw[i];
        }
    }
    if (!left)
        return found;
    size_t near = 0;
    for (size_t i = 0; i < left; i++) {
        uint32_t row = s->row[i];
        if (p->unit * s->raw[i] + error_of(v, p, row, p->high_rest) < hits[sv->k - 1].score)
            continue;
        for (size_t j = 0; j < v->stride; j += 64)
            __builtin_prefetch(v->codes + row * v->stride + j);
        s->row[near] = row;
        s->raw[near++] = s->raw[i];
    }
    kern->score_u8(v->codes, v->stride, s->row, near, p->low, p->low_bias, s->refined);
    left = near, near = 0;
    for (size_t i = 0; i < left; i++) {
        uint32_t row = s->row[i];
        float score = p->unit * s->raw[i] + p->unit / LOW_UNITS * s->refined[i];
        if (score + error_of(v, p, row, p->low_rest) < hits[sv->k - 1].score)
            continue;
        prefetch_row(v->rows + (size_t)row * v->dim, v->dim);
        s->refined[near] = score;
        s->row[near++] = row;
    }
    for (size_t i = 0; i < near; i++) {
        uint32_t row = s->row[i];
        if (s->refined[i] + error_of(v, p, row, p->low_rest) < hits[sv->k - 1].score)
            continue;
        float score = kern->dot_f32(query, v->rows + (size_t)row * v->dim, v->dim);
        found = kino_hit_insert(hits, found, sv->k, (kino_hit){row, score});
    }
    return found;
}

size_t kino_exact_search(const kino_vectors *v, const float *query, size_t k, const uint64_t *allowed, kino_scratch *s,
                         kino_hit *hits)
{
    sieve sv;
    if (!k || !v->n)
        return 0;
    kino_probe_make(v, query, kino_scratch_probes(s, v->stride, 1), &sv.probe);
    sieve_start(&sv, v, k, s);
    scan(&sv, v, allowed);
    return rescore(&sv, v, query, hits);
}

/* ---- many queries ---- */

typedef struct batch {
    const kino_vectors *v;
    const float *queries;
    size_t count, k;
    size_t pass; /* queries of one pass, at most PASS */
    const uint64_t *allowed;
    kino_hit *hits;
    size_t *found;
    kino_scratch **scratch; /* [threads][PASS] */
} batch;

/* Some queries over the rows, 64 rows at a time, which stay in the second cache for all of them. */
static void batch_pass(void *ctx, size_t pass, int worker)
{
    const batch *b = ctx;
    const kino_vectors *v = b->v;
    const kino_kernels *kern = kino_kernels_get();
    kino_scratch **scratch = b->scratch + (size_t)worker * PASS;
    size_t from = pass * b->pass, queries = b->count - from < b->pass ? b->count - from : b->pass;
    sieve sieves[PASS];
    int32_t bias[PASS];
    float floors[PASS], raw[PASS * WORD];
    uint64_t above[PASS];
    /* The high halves follow each other, as scan_block wants them, then the low ones, then a block. */
    int8_t *bytes = kino_scratch_probes(scratch[0], v->stride, PASS + WORD / 2);
    int8_t *low = bytes + PASS * v->stride;
    uint8_t *block = (uint8_t *)low + PASS * v->stride;
    for (size_t q = 0; q < queries; q++) {
        int8_t both[2 * (KINO_MAX_DIM + WORD)];
        kino_probe_make(v, b->queries + (from + q) * v->dim, both, &sieves[q].probe);
        memcpy(bytes + q * v->stride, both, v->stride);
        memcpy(low + q * v->stride, both + v->stride, v->stride);
        sieves[q].probe.high = bytes + q * v->stride;
        sieves[q].probe.low = low + q * v->stride;
        bias[q] = sieves[q].probe.high_bias;
        sieve_start(&sieves[q], v, b->k, scratch[q]);
    }
    for (size_t first = 0; first < v->n; first += WORD) {
        uint64_t word = allowed_word(v, b->allowed, first);
        if (!word)
            continue;
        size_t rows = v->n - first < WORD ? v->n - first : WORD;
        if (rows == WORD && __builtin_popcountll(word) < FEW) {
            sieve_few(sieves, queries, v, kern, first, word);
            continue;
        }
        for (size_t q = 0; q < queries; q++)
            floors[q] = sieves[q].floor;
        kern->block_u8(v->codes + first * v->stride, v->stride, rows, block);
        if (rows == WORD) /* the next ones, which may lie behind the end, come while these are multiplied */
            for (size_t j = 0; j < WORD * v->stride; j += 64)
                __builtin_prefetch((const char *)((uintptr_t)v->codes + (first + WORD) * v->stride + j), 0, 2);
        kern->scan_block_u8(block, v->stride, v->dim, rows, bytes, queries, bias, floors, raw, above);
        for (size_t q = 0; q < queries; q++)
            if (above[q] & word)
                sieve_take(&sieves[q], first, above[q] & word, raw + q * WORD);
    }
    for (size_t q = 0; q < queries; q++) {
        sieve_shake(&sieves[q]);
        b->found[from + q] = rescore(&sieves[q], v, b->queries + (from + q) * v->dim, b->hits + (from + q) * b->k);
    }
}

void kino_exact_batch(const kino_vectors *v, const float *queries, size_t count, size_t k, const uint64_t *allowed,
                      int threads, kino_hit *hits, size_t *found)
{
    if (!k || !v->n) {
        memset(found, 0, count * sizeof *found);
        return;
    }
    threads = kino_thread_count(threads);
    size_t scratches = (size_t)threads * PASS;
    size_t share = (count + (size_t)threads - 1) / (size_t)threads, pass = share < PASS ? share ? share : 1 : PASS;
    batch b = {v, queries, count, k, pass, allowed, hits, found, kino_alloc_array(scratches, sizeof(kino_scratch *))};
    for (size_t i = 0; i < scratches; i++)
        b.scratch[i] = kino_scratch_new();
    kino_parallel(threads, (count + pass - 1) / pass, batch_pass, &b);
    for (size_t i = 0; i < scratches; i++)
        kino_scratch_free(b.scratch[i]);
    free(b.scratch);
}
