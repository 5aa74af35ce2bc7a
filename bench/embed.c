/* embed.c - kino's encoder behind the line protocol of bench/embed.py (see peers/worker.py):
 *
 *     build/bench/embed WEIGHTS TEXTS QUERIES      then on stdin: bulk | query | tokens | vectors FILE | rss
 *     build/bench/embed WEIGHTS --cold TEXT        one vector from a fresh process, to be timed from outside */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/alloc.h"
#include "base/file.h"
#include "kino.h"

enum { THREADS = 2, REPEATS = 20 };

typedef struct lines {
    kino_map map;
    const char **text;
    size_t *length;
    size_t count;
} lines;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void read_lines(const char *path, lines *l)
{
    kino_error err = {0};
    if (kino_map_file(path, &l->map, &err)) {
        fprintf(stderr, "embed: %s\n", err.text);
        exit(1);
    }
    const char *p = (const char *)l->map.bytes, *end = p + l->map.size;
    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        l->text = kino_resize_array(l->text, l->count + 1, sizeof *l->text);
        l->length = kino_resize_array(l->length, l->count + 1, sizeof *l->length);
        l->text[l->count] = p;
        l->length[l->count++] = (size_t)(stop - p);
        p = stop + 1;
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static kino_embedder *open_embedder(const char *weights, int threads)
{
    kino_options opt = {.weights = weights, .threads = threads};
    kino_embedder *e = NULL;
    kino_error err = {0};
    if (kino_embedder_open(&opt, &e, &err)) {
        fprintf(stderr, "embed: %s\n", err.text);
        exit(1);
    }
    return e;
}

static double query_ms(kino_embedder *e, const lines *q)
{
    double *times = kino_alloc_array(q->count * REPEATS, sizeof *times);
    float v[KINO_PLOT_DIM];
    size_t n = 0;
    for (int r = 0; r < REPEATS; r++)
        for (size_t i = 0; i < q->count; i++) {
            double start = now();
            kino_embed(e, &q->text[i], &q->length[i], 1, v, NULL);
            times[n++] = now() - start;
        }
    qsort(times, n, sizeof *times, ascending);
    double median = times[n / 2] * 1e3;
    free(times);
    return median;
}

int main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[2], "--cold")) {
        float v[KINO_PLOT_DIM];
        const char *text = argv[3];
        kino_embedder *e = open_embedder(argv[1], 1);
        int bad = kino_embed(e, &text, NULL, 1, v, NULL) || !(v[0] == v[0]);
        kino_embedder_close(e);
        return bad;
    }
    if (argc != 4) {
        fputs("usage: embed WEIGHTS TEXTS QUERIES | embed WEIGHTS --cold TEXT\n", stderr);
        return 2;
    }
    lines texts = {0}, queries = {0};
    read_lines(argv[2], &texts);
    read_lines(argv[3], &queries);
    kino_embedder *bulk = open_embedder(argv[1], THREADS), *single = open_embedder(argv[1], 1);
    float *out = kino_alloc_floats((texts.count + queries.count) * KINO_PLOT_DIM);
    char command[4096];
    kino_embed(bulk, texts.text, texts.length, texts.count < 200 ? texts.count : 200, out, NULL);
    query_ms(single, &queries);
    puts("ready");
    fflush(stdout);
    while (fgets(command, sizeof command, stdin)) {
        command[strcspn(command, "\n")] = 0;
        if (!strcmp(command, "bulk")) {
            double start = now();
            kino_embed(bulk, texts.text, texts.length, texts.count, out, NULL);
            printf("%.6f\n", now() - start);
        } else if (!strcmp(command, "query")) {
            printf("%.6f\n", query_ms(single, &queries));
        } else if (!strcmp(command, "tokens")) {
            int32_t ids[KINO_MAX_TOKENS];
            size_t total = 0;
            double start = now();
            for (size_t i = 0; i < texts.count; i++)
                total += kino_tokenize(single, texts.text[i], texts.length[i], ids);
            printf("%zu %.6f\n", total, now() - start);
        } else if (!strncmp(command, "vectors ", 8)) {
            kino_embed(bulk, texts.text, texts.length, texts.count, out, NULL);
            for (size_t i = 0; i < queries.count; i++)
                kino_embed(single, &queries.text[i], &queries.length[i], 1, out + (texts.count + i) * KINO_PLOT_DIM,
                           NULL);
            FILE *f = fopen(command + 8, "wb");
            size_t n = f ? fwrite(out, sizeof(float) * KINO_PLOT_DIM, texts.count + queries.count, f) : 0;
            if (f)
                fclose(f);
            printf("%zu\n", n);
        } else if (!strcmp(command, "rss")) {
            struct rusage u;
            getrusage(RUSAGE_SELF, &u);
            printf("%.1f\n", (double)u.ru_maxrss / 1024);
        } else {
            break;
        }
        fflush(stdout);
    }
    kino_embedder_close(bulk);
    kino_embedder_close(single);
    return 0;
}
