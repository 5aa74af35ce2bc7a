/* train.c - training steps of the autoencoder behind the line protocol of bench/train.py: batch 32, rows as sparse as
 * films are. On stdin
 *
 *     step COLUMNS THREADS    answers with the best and the median of some runs in microseconds a step, and with a
 *                             fingerprint of the weights behind them all */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "model/autoencoder_parts.h"

enum { BATCH = 32, ROWS = 4096, STEPS = 1280, RUNS = 11, FILLED = 9 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(size_t columns, int threads)
{
    uint32_t *index = kino_alloc_array(ROWS * FILLED, sizeof *index);
    float *value = kino_alloc_floats(ROWS * FILLED);
    kino_sparse_row *rows = kino_alloc_array(ROWS, sizeof *rows);
    for (size_t r = 0; r < ROWS; r++) {
        rows[r] = (kino_sparse_row){index + r * FILLED, value + r * FILLED, FILLED};
        for (size_t i = 0; i < FILLED; i++) { /* one in each FILLED-th of the columns */
            index[r * FILLED + i] = (uint32_t)((i + kino_random_unit(1, i, r)) * (float)columns / FILLED);
            value[r * FILLED + i] = i < 3 ? 2 * kino_random_unit(2, i, r) - 1 : 1;
        }
    }
    kino_autoencoder *a = kino_autoencoder_new(columns, NULL, kino_kernels_get());
    for (size_t i = 0; i < a->n.count; i++)
        a->n.all[i] += 0.2f * (kino_random_unit(3, 0, i) - 0.5f);
    trainer *t = kino_trainer_new(&a->n, a->kernels,
                                  &(step_options){.batch = BATCH,
                                                  .threads = threads,
                                                  .dropout = 0.2f,
                                                  .learning_rate = 1e-3f,
                                                  .less_beta1 = 0.1f,
                                                  .less_beta2 = 0.001f,
                                                  .seed = 1});
    double runs[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double start = now();
        for (size_t s = 0; s < STEPS; s++)
            kino_trainer_step(t, rows + s * BATCH % ROWS, BATCH);
        runs[run] = (now() - start) / STEPS * 1e6;
    }
    qsort(runs, RUNS, sizeof *runs, ascending);
    printf("%.2f %.2f %016llx\n", runs[0], runs[RUNS / 2],
           (unsigned long long)kino_hash(KINO_HASH_START, a->n.all, a->n.count * sizeof *a->n.all));
    kino_trainer_free(t);
    kino_autoencoder_free(a);
    free(index);
    free(value);
    free(rows);
}

int main(void)
{
    char line[256];
    size_t columns;
    int threads;
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "step %zu %d", &columns, &threads) != 2 || columns < FILLED ||
            columns > KINO_AUTOENCODER_COLUMNS || threads < 1)
            return fputs("train: expected step COLUMNS THREADS\n", stderr), 2;
        measure(columns, threads);
        fflush(stdout);
    }
    return 0;
}
