/* test_index.c - the index: exact search equals brute force to the bit; the graph finds, changes and saves as index.h
 * promises. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "index/index.h"
#include "kern/kern.h"

enum { PLOT = 384, PROFILE = 32, DIM = PLOT + PROFILE, N = 6000, K = 10, QUERIES = 100 };

static const size_t blocks[2] = {PLOT, PROFILE};

static float normal(uint64_t seed, uint64_t purpose, uint64_t index)
{
    float sum = -6;
    for (uint64_t i = 0; i < 12; i++)
        sum += kino_random_unit(seed, purpose, index * 12 + i);
    return sum;
}

static void unit(float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * x[i];
    for (size_t i = 0; i < n && sum > 0; i++)
        x[i] = (float)(x[i] / sqrt(sum));
}

/* Films in loose clusters: plots around 80 topics, non-negative profiles around 40 types; one in 50 has no profile,
 * and some are copies of others. */
static float *make_rows(size_t n, uint64_t seed)
{
    enum { TOPICS = 80, TYPES = 40 };
    float *rows = kino_alloc_floats(n * DIM), *noise = kino_alloc_floats(65536);
    for (size_t i = 0; i < 65536; i++)
        noise[i] = normal(9, 0, i);
    for (size_t r = 0; r < n; r++) {
        float *x = rows + r * DIM;
        if (r > 100 && kino_random(seed, 5, r) % 100 == 0) {
            memcpy(x, rows + kino_random(seed, 6, r) % r * DIM, DIM * sizeof *x);
            continue;
        }
        size_t topic = kino_random(seed, 1, r) % TOPICS, type = kino_random(seed, 2, r) % TYPES;
        size_t shift = kino_random(seed, 3, r), shift2 = kino_random(seed, 4, r);
        for (size_t j = 0; j < PLOT; j++)
            x[j] = 0.6f * noise[topic * PLOT + j] + noise[(shift + j * 7 + (shift >> 20) * (j & 3)) % 65536];
        for (size_t j = 0; j < PROFILE; j++)
            x[PLOT + j] = fmaxf(0, noise[40000 + type * PROFILE + j] + 0.7f * noise[(shift2 + 3 * j) % 65536]);
        unit(x, PLOT);
        unit(x + PLOT, PROFILE);
        if (kino_random(seed, 7, r) % 50 == 0)
            memset(x + PLOT, 0, PROFILE * sizeof *x);
    }
    free(noise);
    return rows;
}

static void make_query(const float *rows, size_t n, size_t i, float plot, float profile, float *q)
{
    const float *a = rows + kino_random(11, 0, i) % n * DIM, *b = rows + kino_random(11, 1, i) % n * DIM;
    for (size_t j = 0; j < DIM; j++)
        q[j] = a[j] + 0.5f * b[j] + 0.02f * normal(11, 2 + i, j);
    unit(q, PLOT);
    unit(q + PLOT, PROFILE);
    for (size_t j = 0; j < DIM; j++)
        q[j] *= j < PLOT ? plot : profile;
}

static int by_score(const void *a, const void *b)
{
    const kino_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static size_t brute(const float *rows, size_t n, const float *q, size_t k, const uint64_t *allowed, kino_hit *hits)
{
    kino_hit *all = kino_alloc_array(n, sizeof *all);
    size_t count = 0;
    for (size_t r = 0; r < n; r++)
        if (!allowed || (allowed[r / 64] >> r % 64 & 1))
            all[count++] = (kino_hit){(uint32_t)r, kino_kernels_get()->dot_f32(q, rows + r * DIM, DIM)};
    qsort(all, count, sizeof *all, by_score);
    count = count < k ? count : k;
    memcpy(hits, all, count * sizeof *hits);
    free(all);
    return count;
}

static uint64_t *make_filter(size_t n, double share, uint64_t seed)
{
    uint64_t *bits = kino_alloc_array((n + 63) / 64, sizeof *bits);
    for (size_t r = 0; r < n; r++)
        if (kino_random_unit(seed, 20, r) < share)
            bits[r / 64] |= UINT64_C(1) << r % 64;
    return bits;
}

static const float weights[][2] = {{.5f, .5f}, {1, 0}, {0, 1}, {.99f, .01f}, {.075f, .925f}, {30, 1}, {-1, .3f}};
enum { WEIGHTS = sizeof weights / sizeof *weights };

/* ---- exact ---- */

static void exact_is_brute_force(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 5, 63, 64, 65, 130, N}, ks[] = {1, 10, 100, 1000};
    static const double shares[] = {1, .5, .05, .005};
    float *rows = make_rows(N, 1), q[DIM];
    kino_hit want[1000], got[1000];
    kino_scratch *s = kino_scratch_new();
    for (size_t t = 0; t < sizeof sizes / sizeof *sizes; t++) {
        size_t n = sizes[t];
        kino_vectors *v = kino_vectors_new(rows, n, blocks, 2, 1 + (int)t % 3);
        for (size_t w = 0; w < WEIGHTS; w++)
            for (size_t f = 0; f < 4; f++) {
                uint64_t *allowed = f ? make_filter(n, shares[f], t) : NULL;
                for (size_t i = 0; i < (n == N ? 4u : 2u); i++) {
                    size_t k = ks[(i + w + f) % 4];
                    make_query(rows, n, i + 10 * w, weights[w][0], weights[w][1], q);
                    size_t count = brute(rows, n, q, k, allowed, want);
                    assert_int_equal(kino_exact_search(v, q, k, allowed, s, got), count);
                    assert_memory_equal(want, got, count * sizeof *want);
                }
                free(allowed);
            }
        memset(q, 0, sizeof q);
        size_t count = brute(rows, n, q, K, NULL, want);
        assert_int_equal(kino_exact_search(v, q, K, NULL, s, got), count);
        assert_memory_equal(want, got, count * sizeof *want);
        kino_vectors_free(v);
    }
    kino_scratch_free(s);
    free(rows);
}

static void batch_equals_single(void **state)
{
    (void)state;
    enum { COUNT = 37 };
    float *rows = make_rows(N, 1), *q = kino_alloc_floats(COUNT * DIM);
    kino_vectors *v = kino_vectors_new(rows, N, blocks, 2, 2);
    kino_scratch *s = kino_scratch_new();
    kino_hit want[K], *got = kino_alloc_array(COUNT * K, sizeof *got);
    size_t found[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        make_query(rows, N, i, weights[i % WEIGHTS][0], weights[i % WEIGHTS][1], q + i * DIM);
    for (int threads = 1; threads <= 3; threads++)
        for (int f = 0; f < 3; f++) {
            uint64_t *allowed = f ? make_filter(N, f == 1 ? .6 : .01, 3) : NULL;
            size_t count = f ? COUNT : 3;
            kino_exact_batch(v, q, count, K, allowed, threads, got, found);
            for (size_t i = 0; i < count; i++) {
                size_t n = kino_exact_search(v, q + i * DIM, K, allowed, s, want);
                assert_int_equal(found[i], n);
                assert_memory_equal(want, got + i * K, n * sizeof *want);
            }
            free(allowed);
        }
    kino_scratch_free(s);
    kino_vectors_free(v);
    free(got);
    free(q);
    free(rows);
}

static void vectors_grow_and_change(void **state)
{
    (void)state;
    enum { FROM = 700, TO = 1500 };
    float *rows = make_rows(TO, 4), q[DIM];
    kino_hit want[K], got[K];
    kino_scratch *s = kino_scratch_new();
    kino_vectors *v = kino_vectors_new(rows, FROM, blocks, 2, 2);
    for (size_t n = FROM; n <= TO; n += 50) {
        size_t before = v->n;
        kino_vectors_resize(v, rows, n);
        for (size_t r = before; r < n; r++)
            kino_vectors_set(v, r);
        memcpy(rows + n / 2 * DIM, rows + 3 * DIM, DIM * sizeof *rows);
        kino_vectors_set(v, n / 2);
        make_query(rows, n, n, .5f, .5f, q);
        size_t count = brute(rows, n, q, K, NULL, want);
        assert_int_equal(kino_exact_search(v, q, K, NULL, s, got), count);
        assert_memory_equal(want, got, count * sizeof *want);
    }
    kino_scratch_free(s);
    kino_vectors_free(v);
    free(rows);
}

/* ---- the graph ---- */

enum { EF = 100 };

static double recall(const kino_hnsw *g, const kino_vectors *v, const float *rows, size_t ef, const float *weight,
                     const uint64_t *allowed, kino_scratch *s)
{
    size_t hit = 0, due = 0;
    for (size_t i = 0; i < QUERIES; i++) {
        float q[DIM];
        kino_hit want[K], got[K];
        make_query(rows, v->n, i, weight[0], weight[1], q);
        size_t count = brute(rows, v->n, q, K, allowed, want);
        assert_int_equal(kino_hnsw_search(g, v, q, K, ef, allowed, s, got), count);
        for (size_t a = 0; a < count; a++) {
            if (a)
                assert_true(by_score(&got[a - 1], &got[a]) < 0);
            assert_true(!allowed || (allowed[got[a].row / 64] >> got[a].row % 64 & 1));
            for (size_t b = 0; b < count; b++)
                hit += got[b].row == want[a].row || (a == b && got[b].score == want[a].score);
        }
        due += count;
    }
    return due ? (double)hit / (double)due : 1;
}

static void sound(const kino_hnsw *g, size_t nodes)
{
    kino_hnsw_report r;
    kino_hnsw_check(g, &r);
    assert_int_equal(r.nodes, nodes);
    assert_int_equal(r.bad, 0);
    assert_int_equal(r.one_sided, 0);
    assert_int_equal(r.unreachable, 0);
}

static void graph_finds(void **state)
{
    (void)state;
    float *rows = make_rows(N, 1);
    kino_vectors *v = kino_vectors_new(rows, N, blocks, 2, 2);
    kino_hnsw *g = kino_hnsw_build(v, NULL, 2);
    kino_scratch *s = kino_scratch_new();
    sound(g, N);
    print_message("recall@10 at ef %d by weights:", EF);
    for (size_t w = 0; w + 1 < WEIGHTS; w++) { /* the last asks for what is farthest, which no graph of near ones has */
        double r = recall(g, v, rows, EF, weights[w], NULL, s);
        print_message(" %g:%g %.3f", weights[w][0], weights[w][1], r);
        assert_true(r >= .95);
    }
    print_message("\n");
    assert_true(recall(g, v, rows, 400, weights[0], NULL, s) >= .995);
    static const double shares[] = {.5, .05, .005, 0};
    for (size_t f = 0; f < 4; f++) {
        uint64_t *allowed = make_filter(N, shares[f], 7);
        assert_true(recall(g, v, rows, EF, weights[0], allowed, s) >= .95);
        free(allowed);
    }
    size_t self = 0;
    for (size_t r = 0; r < N; r++) {
        kino_hit hit[4];
        assert_int_equal(kino_hnsw_search(g, v, rows + r * DIM, 4, EF, NULL, s, hit), 4);
        float own = kino_kernels_get()->dot_f32(rows + r * DIM, rows + r * DIM, DIM);
        self += hit[0].score >= own;
    }
    print_message("self recall %.4f\n", (double)self / N);
    assert_true(self >= .99 * N);
    kino_scratch_free(s);
    kino_hnsw_free(g);
    kino_vectors_free(v);
    free(rows);
}

static void graph_bytes(kino_hnsw *g, kino_buffer *out)
{
    kino_container_writer w = {0};
    kino_hnsw_save(g, &w);
    kino_container_bytes(&w, KINO_KIND_SNAPSHOT, out);
    kino_container_writer_free(&w);
}

/* Links and answers of these rows on every machine: whoever changes how links are chosen, or how far a search goes,
 * changes these numbers, and with them the recall of every catalogue. */
static const uint32_t golden_links[2] = {0x2a5c3b23, 0xa92542cb}, golden_changed = 0x3aa07141,
                      golden_answers = 0xc78f8d2e;

static uint32_t graph_checksum(kino_hnsw *g)
{
    kino_buffer b = {0};
    graph_bytes(g, &b);
    const uint32_t crc = kino_crc32c(0, b.data, b.size);
    free(b.data);
    return crc;
}

static uint32_t answers_checksum(const kino_hnsw *g, const kino_vectors *v, const float *rows, kino_scratch *s)
{
    static const double shares[] = {1, .95, .7, .4};
    uint32_t crc = 0;
    for (size_t f = 0; f < 4; f++) {
        uint64_t *allowed = f ? make_filter(v->n, shares[f], 5) : NULL;
        for (size_t i = 0; i < 60; i++) {
            float q[DIM];
            kino_hit hits[20];
            make_query(rows, v->n, i, .5f, .5f, q);
            const size_t k = i % 3 ? 10 : 20, found = kino_hnsw_search(g, v, q, k, i % 2 ? 0 : 21, allowed, s, hits);
            assert_int_equal(found, k);
            for (size_t h = 0; h < found; h++)
                crc = kino_crc32c(crc, &hits[h].row, sizeof hits[h].row);
        }
        free(allowed);
    }
    return crc;
}

static void assert_golden(const char *what, uint32_t is, uint32_t golden)
{
    if (is != golden)
        fail_msg("%s: 0x%08x and no longer 0x%08x", what, is, golden);
}

static void links_and_answers_are_the_golden_ones(void **state)
{
    (void)state;
    enum { ROWS = 4000, SOME = 1200 };
    float *rows = make_rows(ROWS, 2);
    kino_vectors *v = kino_vectors_new(rows, SOME, blocks, 2, 2);
    kino_scratch *s = kino_scratch_new();
    kino_hnsw *g = kino_hnsw_build(v, NULL, 2);
    assert_golden("links", graph_checksum(g), golden_links[0]);
    for (size_t r = SOME; r < SOME + 300; r++) {
        kino_vectors_resize(v, rows, r + 1);
        kino_vectors_set(v, r);
        kino_hnsw_insert(g, v, r, s);
        kino_hnsw_remove(g, v, (r * 7) % SOME, s);
    }
    assert_golden("links after changes", graph_checksum(g), golden_changed);
    kino_hnsw_free(g);
    kino_vectors_resize(v, rows, SOME);
    g = kino_hnsw_build(v, &(kino_hnsw_params){8, 40, 7, {.5f, 1.5f}}, 2);
    assert_golden("links by parameters", graph_checksum(g), golden_links[1]);
    kino_hnsw_free(g);
    kino_vectors_free(v);
    v = kino_vectors_new(rows, ROWS, blocks, 2, 2);
    g = kino_hnsw_build(v, NULL, 2);
    assert_golden("answers", answers_checksum(g, v, rows, s), golden_answers);
    kino_hnsw_free(g);
    kino_vectors_free(v);
    kino_scratch_free(s);
    free(rows);
}

static void same_for_any_thread_count(void **state)
{
    (void)state;
    float *rows = make_rows(3000, 2);
    kino_buffer first = {0};
    for (int threads = 1; threads <= 3; threads++) {
        kino_vectors *v = kino_vectors_new(rows, 3000, blocks, 2, threads);
        kino_hnsw *g = kino_hnsw_build(v, NULL, threads);
        kino_buffer b = {0};
        graph_bytes(g, threads == 1 ? &first : &b);
        if (threads > 1) {
            assert_int_equal(b.size, first.size);
            assert_memory_equal(b.data, first.data, b.size);
        }
        free(b.data);
        kino_hnsw_free(g);
        kino_vectors_free(v);
    }
    free(first.data);
    free(rows);
}

/* Removes 95 %, puts them back, removes 95 % again: sound and good all the way. */
static void removal(void **state)
{
    (void)state;
    float *rows = make_rows(N, 3);
    kino_vectors *v = kino_vectors_new(rows, N, blocks, 2, 2);
    kino_hnsw *g = kino_hnsw_build(v, NULL, 2);
    kino_scratch *s = kino_scratch_new();
    uint64_t *left = make_filter(N, 1, 0);
    for (uint64_t round = 0; round < 2; round++) {
        size_t nodes = N;
        for (size_t r = 0; r < N; r++) {
            if (kino_random_unit(30 + round, 0, r) < .05f)
                continue;
            assert_true(kino_hnsw_remove(g, v, r, s));
            left[r / 64] &= ~(UINT64_C(1) << r % 64);
            if (--nodes == N / 2) {
                sound(g, nodes);
                double half = recall(g, v, rows, EF, weights[0], left, s);
                print_message("half removed: %.3f; ", half);
                assert_true(half >= .95);
            }
        }
        sound(g, nodes);
        float q[DIM];
        kino_hit want[K], got[K];
        size_t hit = 0;
        for (size_t i = 0; i < QUERIES; i++) { /* without a filter: nothing of the removed rows comes back */
            make_query(rows, N, i, .5f, .5f, q);
            brute(rows, N, q, K, left, want);
            assert_int_equal(kino_hnsw_search(g, v, q, K, EF, NULL, s, got), K);
            for (size_t a = 0; a < K; a++)
                for (size_t b = 0; b < K; b++)
                    hit += got[b].row == want[a].row;
        }
        print_message("95 %% removed: %.3f; ", hit / (double)(K * QUERIES));
        assert_true((double)hit >= .95 * K * QUERIES);
        for (size_t r = 0; r < N; r++) {
            if (kino_hnsw_has(g, r))
                continue;
            kino_hnsw_insert(g, v, r, s);
            left[r / 64] |= UINT64_C(1) << r % 64;
        }
        sound(g, N);
        double back = recall(g, v, rows, EF, weights[0], NULL, s);
        print_message("back: %.3f\n", back);
        assert_true(back >= .95);
    }
    for (size_t r = 0; r < N; r++)
        assert_true(kino_hnsw_remove(g, v, r, s));
    sound(g, 0);
    kino_hit hit;
    assert_int_equal(kino_hnsw_search(g, v, rows, 1, 0, NULL, s, &hit), 0);
    assert_false(kino_hnsw_remove(g, v, 0, s));
    kino_hnsw_insert(g, v, 17, s);
    assert_int_equal(kino_hnsw_search(g, v, rows, 1, 0, NULL, s, &hit), 1);
    assert_int_equal(hit.row, 17);
    kino_scratch_free(s);
    kino_hnsw_free(g);
    kino_vectors_free(v);
    free(left);
    free(rows);
}

static void grown_one_by_one(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    float *rows = make_rows(ROWS, 4);
    kino_vectors *v = kino_vectors_new(rows, 1, blocks, 2, 1);
    kino_hnsw *g = kino_hnsw_build(v, &(kino_hnsw_params){.links = 12, .seed = 5}, 1);
    kino_scratch *s = kino_scratch_new();
    for (size_t r = 1; r < ROWS; r++) {
        kino_vectors_resize(v, rows, r + 1);
        kino_vectors_set(v, r);
        kino_hnsw_insert(g, v, r, s);
        if (r % 3 == 0) { /* an update */
            memcpy(rows + r / 2 * DIM, rows + r / 3 * DIM, DIM / 2 * sizeof *rows);
            unit(rows + r / 2 * DIM, PLOT);
            kino_vectors_set(v, r / 2);
            kino_hnsw_insert(g, v, r / 2, s);
        }
    }
    sound(g, ROWS);
    assert_true(recall(g, v, rows, EF, weights[0], NULL, s) >= .95);
    kino_scratch_free(s);
    kino_hnsw_free(g);
    kino_vectors_free(v);
    free(rows);
}

static void few_and_equal_rows(void **state)
{
    (void)state;
    kino_scratch *s = kino_scratch_new();
    for (size_t n = 0; n < 200; n += n < 5 ? 1 : 65) {
        float *rows = make_rows(n + 1, 6);
        for (size_t r = 1; r < n; r++)
            memcpy(rows + r * DIM, rows, DIM * sizeof *rows);
        kino_vectors *v = kino_vectors_new(rows, n, blocks, 2, 2);
        kino_hnsw *g = kino_hnsw_build(v, NULL, 2);
        sound(g, n);
        kino_hit hits[300];
        for (size_t k = 1; k < 300; k *= 7) {
            size_t found = kino_hnsw_search(g, v, rows, k, 1, NULL, s, hits);
            assert_int_equal(found, k < n ? k : n);
        }
        for (size_t r = 0; r < n; r++) {
            kino_hnsw_remove(g, v, r, s);
            sound(g, n - r - 1);
        }
        kino_hnsw_free(g);
        kino_vectors_free(v);
        free(rows);
    }
    kino_scratch_free(s);
}

static void saved_and_viewed(void **state)
{
    (void)state;
    enum { ROWS = 1500 };
    float *rows = make_rows(ROWS, 8);
    kino_vectors *v = kino_vectors_new(rows, ROWS, blocks, 2, 2), *v2 = NULL;
    kino_hnsw *g = kino_hnsw_build(v, NULL, 2), *g2 = NULL;
    kino_scratch *s = kino_scratch_new();
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_container c = {0};
    kino_error err = {0};
    kino_vectors_save(v, &w);
    kino_hnsw_save(g, &w);
    kino_container_bytes(&w, KINO_KIND_SNAPSHOT, &b);
    char *bytes = kino_alloc_aligned(b.size);
    memcpy(bytes, b.data, b.size);
    assert_int_equal(kino_container_view("x", bytes, b.size, KINO_KIND_SNAPSHOT, KINO_VERIFY_ALL, &c, &err), 0);
    assert_int_equal(kino_vectors_view(&c, rows, ROWS, DIM, &v2, &err), 0);
    assert_int_equal(kino_hnsw_view(&c, ROWS, &g2, &err), 0);
    for (size_t i = 0; i < 50; i++) {
        float q[DIM];
        kino_hit want[K], got[K];
        make_query(rows, ROWS, i, .5f, .5f, q);
        assert_int_equal(kino_hnsw_search(g, v, q, K, 0, NULL, s, want), K);
        assert_int_equal(kino_hnsw_search(g2, v2, q, K, 0, NULL, s, got), K);
        assert_memory_equal(want, got, sizeof want);
        kino_exact_search(v, q, K, NULL, s, want);
        kino_exact_search(v2, q, K, NULL, s, got);
        assert_memory_equal(want, got, sizeof want);
    }
    kino_hnsw_free(g2);
    kino_vectors_free(v2);
    assert_int_equal(kino_hnsw_view(&c, ROWS + 1, &g2, &err), KINO_DAMAGED);
    assert_int_equal(kino_vectors_view(&c, rows, ROWS - 1, DIM, &v2, &err), KINO_DAMAGED);
    /* A graph without links finds next to nothing; then all rows are looked at. */
    const kino_section *ground = kino_container_get(&c, "graph.ground");
    memset(bytes + ((const char *)ground->data - bytes), 0xff, ground->bytes);
    assert_int_equal(kino_vectors_view(&c, rows, ROWS, DIM, &v2, &err), 0);
    assert_int_equal(kino_hnsw_view(&c, ROWS, &g2, &err), 0);
    for (size_t i = 0; i < 4; i++) {
        float q[DIM];
        kino_hit want[K], got[K];
        uint64_t *allowed = i % 2 ? make_filter(ROWS, .9, i) : NULL;
        make_query(rows, ROWS, i, .5f, .5f, q);
        const size_t count = brute(rows, ROWS, q, K, allowed, want);
        assert_int_equal(kino_hnsw_search(g2, v2, q, K, 0, allowed, s, got), count);
        assert_memory_equal(want, got, sizeof want);
        free(allowed);
    }
    kino_hnsw_free(g2);
    kino_vectors_free(v2);
    memcpy(bytes, b.data, b.size);
    /* Any bytes at all in the sections cost recall, not memory. */
    for (size_t round = 0; round < 300; round++) {
        for (size_t i = 0; i < c.count; i++) {
            unsigned char *data = (unsigned char *)bytes + ((const char *)c.sections[i].data - bytes);
            for (size_t n = 0; n < 1 + c.sections[i].bytes / (round % 2 ? 50 : 5000); n++)
                data[kino_random(round, i, n) % c.sections[i].bytes] = (unsigned char)kino_random(round, i + 100, n);
        }
        kino_status sv = kino_vectors_view(&c, rows, ROWS, DIM, &v2, &err);
        kino_status sg = kino_hnsw_view(&c, ROWS, &g2, &err);
        float q[DIM];
        kino_hit got[K];
        make_query(rows, ROWS, round, .5f, .5f, q);
        if (!sv)
            assert_true(kino_exact_search(v2, q, K, NULL, s, got) <= K);
        if (!sg) {
            kino_hnsw_report r;
            kino_hnsw_check(g2, &r);
            size_t found = kino_hnsw_search(g2, v, q, K, 0, NULL, s, got);
            assert_true(found <= K);
            for (size_t i = 0; i < found; i++)
                assert_true(got[i].row < ROWS);
            kino_hnsw_free(g2);
        }
        if (!sv)
            kino_vectors_free(v2);
        memcpy(bytes, b.data, b.size);
    }
    kino_container_close(&c);
    kino_container_writer_free(&w);
    kino_scratch_free(s);
    kino_hnsw_free(g);
    kino_vectors_free(v);
    free(bytes);
    free(b.data);
    free(rows);
}

static void choice(void **state)
{
    (void)state;
    assert_int_equal(kino_index_choose(1000, KINO_INDEX_AUTO), KINO_INDEX_EXACT);
    assert_int_equal(kino_index_choose(14999, KINO_INDEX_AUTO), KINO_INDEX_EXACT);
    assert_int_equal(kino_index_choose(15000, KINO_INDEX_AUTO), KINO_INDEX_HNSW);
    assert_int_equal(kino_index_choose(1000000, KINO_INDEX_AUTO), KINO_INDEX_HNSW);
    assert_int_equal(kino_index_choose(1000, KINO_INDEX_HNSW), KINO_INDEX_HNSW);
    assert_int_equal(kino_index_choose(1000000, KINO_INDEX_EXACT), KINO_INDEX_EXACT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_is_brute_force),
        cmocka_unit_test(batch_equals_single),
        cmocka_unit_test(vectors_grow_and_change),
        cmocka_unit_test(graph_finds),
        cmocka_unit_test(same_for_any_thread_count),
        cmocka_unit_test(links_and_answers_are_the_golden_ones),
        cmocka_unit_test(removal),
        cmocka_unit_test(grown_one_by_one),
        cmocka_unit_test(few_and_equal_rows),
        cmocka_unit_test(saved_and_viewed),
        cmocka_unit_test(choice),
    };
    return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
