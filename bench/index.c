/* index.c - kino's search behind the line protocol of bench/index.py, and the vectors that all engines search:
 *
 *     build/bench/index films FOLDER N ROWS QUERIES   of a catalogue: N films, and QUERY_COUNT others as queries
 *     build/bench/index clusters N ROWS QUERIES       made up: N rows in clusters, and others of the same clusters
 *     build/bench/index serve ROWS QUERIES            then on stdin: exact FILE | batch FILE | graph EF FILE |
 *                                                     build THREADS | truth FILE | sizes COUNT... | bytes | rss
 *
 * Rows are raw f32 [n][KINO_VECTOR_DIM] of length 1: both blocks of a film, joined with the default weights. What was
 * found goes to FILE as u32 [QUERY_COUNT][TOP]. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/file.h"
#include "index/hnsw.h"
#include "store/catalogue.h"

enum { DIM = KINO_VECTOR_DIM, QUERY_COUNT = 500, TOP = 10, BATCH = 100, CLUSTERS = 4000, LATENT = 48, PASSES = 3 };
static const double PLOT_WEIGHT = 0.4; /* the engine's default; the profile has the rest */
static const double LEAST_SECONDS = 0.1;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fail(const char *text)
{
    fprintf(stderr, "index: %s\n", text);
    exit(1);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, size, f) != size || fclose(f))
        fail(path);
}

static void to_unit(float *x)
{
    double sum = 0;
    for (size_t j = 0; j < DIM; j++)
        sum += (double)x[j] * x[j];
    for (size_t j = 0; j < DIM; j++)
        x[j] = (float)(x[j] / sqrt(sum));
}

/* ---- vectors ---- */

typedef struct taken {
    float *rows;
    size_t count, most;
} taken;

static void take(void *ctx, int64_t id, const float *plot, const float *profile)
{
    taken *t = ctx;
    (void)id;
    if (t->count == t->most)
        return;
    float *x = t->rows + t->count++ * DIM;
    for (size_t j = 0; j < DIM; j++)
        x[j] = j < KINO_PLOT_DIM ? (float)sqrt(PLOT_WEIGHT) * plot[j]
                                 : (float)sqrt(1 - PLOT_WEIGHT) * profile[j - KINO_PLOT_DIM];
    to_unit(x);
}

/* Queries are rows of their own, spread evenly over all, which the others do not contain. */
static void part(const float *all, size_t n, const char *rows, const char *queries)
{
    float *base = kino_alloc_floats(n * DIM), *q = kino_alloc_floats((size_t)QUERY_COUNT * DIM);
    size_t asked = 0, kept = 0, every = (n + QUERY_COUNT) / QUERY_COUNT;
    for (size_t i = 0; i < n + QUERY_COUNT; i++) {
        bool ask = kept == n || (asked < QUERY_COUNT && i % every == every - 1);
        memcpy(ask ? q + asked++ * DIM : base + kept++ * DIM, all + i * DIM, DIM * sizeof *base);
    }
    write_file(rows, base, n * DIM * sizeof *base);
    write_file(queries, q, (size_t)QUERY_COUNT * DIM * sizeof *q);
    free(base);
    free(q);
}

static void dump_films(const char *folder, size_t n, const char *rows, const char *queries)
{
    kino_catalogue *c = NULL;
    kino_error err = {0};
    kino_buffer path = {0};
    kino_buffer_print(&path, "%s/catalogue.db", folder);
    taken t = {kino_alloc_floats((n + QUERY_COUNT) * DIM), 0, n + QUERY_COUNT};
    if (kino_catalogue_open(path.data, KINO_CATALOGUE_READ, &c, &err) ||
        kino_catalogue_vectors(c, 0, KINO_PLOT_DIM, KINO_PROFILE_DIM, take, &t, &err))
        fail(err.text);
    kino_catalogue_close(c);
    if (t.count <= QUERY_COUNT)
        fail("the catalogue has too few films");
    part(t.rows, t.count - QUERY_COUNT, rows, queries);
    printf("%zu\n", t.count - QUERY_COUNT);
    free(t.rows);
    free(path.data);
}

/* Sum of four uniform numbers: near enough to a normal one, variance 1. */
static float normal(uint64_t purpose, uint64_t i)
{
    float sum = -2;
    for (uint64_t k = 0; k < 4; k++)
        sum += kino_random_unit(20, purpose, 4 * i + k);
    return sum * 1.7320508f;
}

/* A few latent numbers, alike within a cluster, laid out in all dimensions, and a little noise in each: embeddings
 * are near a surface of few dimensions as well. Clusters are of very different sizes. */
static void make_clusters(size_t n, const char *rows, const char *queries)
{
    float *mix = kino_alloc_floats(LATENT * DIM), *all = kino_alloc_floats((n + QUERY_COUNT) * DIM);
    for (size_t i = 0; i < LATENT * DIM; i++)
        mix[i] = normal(1, i);
    for (size_t r = 0; r < n + QUERY_COUNT; r++) {
        float u = kino_random_unit(20, 2, r), *x = all + r * DIM;
        size_t cluster = (size_t)(u * u * CLUSTERS);
        for (size_t l = 0; l < LATENT; l++) {
            float z = normal(3, cluster * LATENT + l) + 0.7f * normal(4, r * LATENT + l);
            for (size_t j = 0; j < DIM; j++)
                x[j] += z * mix[l * DIM + j];
        }
        for (size_t j = 0; j < DIM; j++)
            x[j] += normal(5, r * DIM + j);
        to_unit(x);
    }
    part(all, n, rows, queries);
    printf("%zu\n", n);
    free(mix);
    free(all);
}

/* ---- serving ---- */

typedef struct served {
    kino_map map[2];
    const float *rows, *queries;
    size_t n;
    kino_vectors *v;
    kino_hnsw *g;
    kino_scratch *s;
    kino_hit *hits; /* [QUERY_COUNT][TOP] */
    size_t found[QUERY_COUNT];
    size_t ef;
} served;

static const size_t BLOCKS[] = {KINO_PLOT_DIM, KINO_PROFILE_DIM};

static void pass_exact(served *b)
{
    for (size_t q = 0; q < QUERY_COUNT; q++)
        kino_exact_search(b->v, b->queries + q * DIM, TOP, NULL, b->s, b->hits + q * TOP);
}

static void pass_batch(served *b)
{
    for (size_t q = 0; q < QUERY_COUNT; q += BATCH)
        kino_exact_batch(b->v, b->queries + q * DIM, BATCH, TOP, NULL, 1, b->hits + q * TOP, b->found + q);
}

static void pass_graph(served *b)
{
    for (size_t q = 0; q < QUERY_COUNT; q++)
        kino_hnsw_search(b->g, b->v, b->queries + q * DIM, TOP, b->ef, NULL, b->s, b->hits + q * TOP);
}

/* Every row against every query in f32, written down here as plainly as can be. */
static void pass_truth(served *b)
{
    for (size_t q = 0; q < QUERY_COUNT; q++) {
        kino_hit *hits = b->hits + q * TOP;
        size_t count = 0;
        for (size_t r = 0; r < b->n; r++) {
            float score = kino_kernels_get()->dot_f32(b->queries + q * DIM, b->rows + r * DIM, DIM);
            count = kino_hit_insert(hits, count, TOP, (kino_hit){(uint32_t)r, score});
        }
    }
}

/* Microseconds a query: the median of a few passes. */
static double time_passes(served *b, void (*pass)(served *))
{
    double runs[64], spent = 0;
    size_t count = 0;
    pass(b);
    while (count < PASSES || (spent < LEAST_SECONDS && count < 64)) {
        double start = now();
        pass(b);
        spent += runs[count++] = now() - start;
    }
    qsort(runs, count, sizeof *runs, ascending);
    return runs[count / 2] / QUERY_COUNT * 1e6;
}

static void write_hits(const served *b, const char *path)
{
    uint32_t ids[QUERY_COUNT * TOP];
    for (size_t i = 0; i < QUERY_COUNT * TOP; i++)
        ids[i] = b->hits[i].row;
    write_file(path, ids, sizeof ids);
}

static uint64_t fingerprint(const kino_hnsw *g)
{
    uint64_t h = kino_hash(KINO_HASH_START, g->ground, (size_t)g->n * KINO_GROUND_LINKS * sizeof *g->ground);
    h = kino_hash(h, g->upper_at, g->n * sizeof *g->upper_at);
    return kino_hash(h, g->upper, (size_t)g->upper_count * KINO_LINKS * sizeof *g->upper);
}

/* Everything that makes an index of f32 rows: the bytes and the graph. */
static void build(served *b, int threads)
{
    kino_hnsw_free(b->g);
    kino_vectors_free(b->v);
    double start = now();
    b->v = kino_vectors_new(b->rows, b->n, BLOCKS, 2, threads);
    double quantised = now();
    b->g = kino_hnsw_build(b->v, NULL, threads);
    printf("%.6f %.6f %016llx\n", now() - start, quantised - start, (unsigned long long)fingerprint(b->g));
}

/* What the first `n` rows cost by scan and by graph (at the default ef), and the graph's building: for the choice. */
static void measure_size(served *b, size_t n)
{
    served part = *b;
    kino_hit *truth = kino_alloc_array((size_t)QUERY_COUNT * TOP, sizeof *truth);
    part.n = n < b->n ? n : b->n;
    part.ef = 0;
    part.v = kino_vectors_new(part.rows, part.n, BLOCKS, 2, 2);
    double start = now();
    part.g = kino_hnsw_build(part.v, NULL, 2);
    double building = now() - start, exact = time_passes(&part, pass_exact);
    memcpy(truth, part.hits, (size_t)QUERY_COUNT * TOP * sizeof *truth);
    double graph = time_passes(&part, pass_graph);
    size_t right = 0;
    for (size_t i = 0; i < QUERY_COUNT * TOP; i++)
        for (size_t j = i / TOP * TOP; j < i / TOP * TOP + TOP; j++)
            right += part.hits[i].row == truth[j].row;
    printf("%zu %.3f %.3f %.4f %.6f ", part.n, exact, graph, (double)right / (QUERY_COUNT * TOP), building);
    kino_hnsw_free(part.g);
    kino_vectors_free(part.v);
    free(truth);
}

static void answer(served *b, char *command)
{
    char *word = strtok(command, " \n"), *argument = strtok(NULL, " \n"), *path = argument;
    if (!word)
        return;
    if (!strcmp(word, "build") && argument) {
        build(b, atoi(argument));
    } else if (!strcmp(word, "sizes")) {
        for (; argument; argument = strtok(NULL, " \n"))
            measure_size(b, (size_t)atoll(argument));
        puts("");
    } else if (!strcmp(word, "bytes")) {
        kino_hnsw_report r;
        kino_hnsw_check(b->g, &r);
        printf("%zu %zu\n", b->n * b->v->stride, r.bytes);
    } else if (!strcmp(word, "rss")) {
        struct rusage u;
        getrusage(RUSAGE_SELF, &u);
        printf("%.1f\n", (double)u.ru_maxrss / 1024);
    } else if (!strcmp(word, "truth") && path) {
        pass_truth(b);
        write_hits(b, path);
        puts("0");
    } else if (!strcmp(word, "exact") && path) {
        printf("%.3f\n", time_passes(b, pass_exact));
        write_hits(b, path);
    } else if (!strcmp(word, "batch") && path) {
        printf("%.3f\n", time_passes(b, pass_batch));
        write_hits(b, path);
    } else if (!strcmp(word, "graph") && argument) {
        path = strtok(NULL, " \n");
        if (!path)
            fail(word);
        b->ef = (size_t)atoi(argument);
        printf("%.3f\n", time_passes(b, pass_graph));
        write_hits(b, path);
    } else {
        fail(word);
    }
}

static void serve(const char *rows, const char *queries)
{
    served b = {.s = kino_scratch_new(), .hits = kino_alloc_array((size_t)QUERY_COUNT * TOP, sizeof(kino_hit))};
    kino_error err = {0};
    char command[4096];
    if (kino_map_file(rows, &b.map[0], &err) || kino_map_file(queries, &b.map[1], &err))
        fail(err.text);
    b.n = b.map[0].size / (DIM * sizeof(float));
    if (b.map[1].size != (size_t)QUERY_COUNT * DIM * sizeof(float) || b.n < TOP)
        fail("the vectors are not those of this program");
    /* Copied: the page cache of a file is not in large pages, and an engine's rows are its own. */
    float *copy = kino_alloc_large(b.map[0].size);
    memcpy(copy, b.map[0].bytes, b.map[0].size);
    b.rows = copy;
    b.queries = (const float *)b.map[1].bytes;
    kino_unmap(&b.map[0]);
    puts("ready");
    fflush(stdout);
    while (fgets(command, sizeof command, stdin)) {
        answer(&b, command);
        fflush(stdout);
    }
    kino_hnsw_free(b.g);
    kino_vectors_free(b.v);
    kino_scratch_free(b.s);
    kino_unmap(&b.map[1]);
    free(b.hits);
    free(copy);
}

int main(int argc, char **argv)
{
    if (argc == 6 && !strcmp(argv[1], "films"))
        dump_films(argv[2], (size_t)atoll(argv[3]), argv[4], argv[5]);
    else if (argc == 5 && !strcmp(argv[1], "clusters"))
        make_clusters((size_t)atoll(argv[2]), argv[3], argv[4]);
    else if (argc == 4 && !strcmp(argv[1], "serve"))
        serve(argv[2], argv[3]);
    else
        return fputs("usage: index films FOLDER N ROWS QUERIES | clusters N ROWS QUERIES | serve ROWS QUERIES\n",
                     stderr),
               2;
    return 0;
}
