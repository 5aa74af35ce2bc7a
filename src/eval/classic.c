/* classic.c - the older fusion on the films of this catalogue, to compare with. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "eval/eval.h"
#include "ingest/stats.h"

/* What its cleaning would have taken from these films. */
static void fit_prior(kino_movies *films)
{
    const size_t n = films->count;
    double *column = kino_alloc_array(3 * n + 1, sizeof *column), deviation;
    for (size_t i = 0; i < n; i++) {
        kino_movie *m = &films->items[i];
        column[i] = m->rating = isnan(m->rating) ? 0 : m->rating;
        column[n + i] = (double)(m->votes = m->votes < 0 ? 0 : m->votes);
        column[2 * n + i] = m->runtime;
        m->popularity = isnan(m->popularity) ? 0 : m->popularity;
    }
    kino_mean_std(column, n, &films->prior.rating, &deviation);
    films->prior.votes = kino_quantile(column + n, n, 0.2);
    kino_mean_std(column + 2 * n, n, &films->prior.runtime, &deviation);
    films->prior.runtime = floor(films->prior.runtime);
    free(column);
}

static kino_status make_profiles(kino_bench *b, const kino_movies *films, float *profiles, kino_error *err)
{
    kino_encoder e = {0};
    kino_sparse features = {0};
    uint8_t *sigmoid = NULL;
    kino_status st = kino_schema_fit(KINO_RECIPE_CLASSIC, films, &e.schema, err);
    if (!st) {
        const size_t columns = kino_schema_columns(e.schema);
        sigmoid = kino_alloc(columns);
        memset(sigmoid, 1, columns);
        kino_schema_rows(e.schema, films->items, films->count, &features);
        kino_train_options train = {.columns = columns,
                                    .sigmoid = sigmoid,
                                    .cancel = b->k->opt.cancel,
                                    .threads = kino_thread_count(b->k->opt.threads)};
        st = kino_autoencoder_train(&features, &train, &e.autoencoder, NULL, err);
    }
    if (!st)
        kino_encoder_profiles(&e, &features, kino_thread_count(b->k->opt.threads), profiles);
    kino_encoder_free(&e);
    kino_sparse_free(&features);
    free(sigmoid);
    return st;
}

static void told(void *ctx, size_t done)
{
    const kino_bench *b = ctx;
    kino_report(&b->k->opt, "embed", done, b->films);
}

kino_status kino_eval_classic(kino_bench *b, kino_error *err)
{
    const size_t n = b->films;
    kino_movies films = {.items = kino_alloc_array(n, sizeof *films.items), .count = n};
    const char **texts = kino_alloc_array(n, sizeof *texts);
    float *plots = kino_alloc_floats(n * KINO_PLOT_DIM), *profiles = kino_alloc_floats(n * KINO_PROFILE_DIM);
    kino_status st = kino_use_minilm(b->k, err);
    for (size_t i = 0; !st && i < n; i++)
        st = kino_row_film(b->k, i, &films.arena, &films.items[i], err);
    if (st)
        goto done;
    fit_prior(&films);
    st = make_profiles(b, &films, profiles, err);
    for (size_t i = 0; i < n; i++)
        texts[i] = films.items[i].overview;
    if (!st)
        st = kino_minilm_embed(b->k->minilm, kino_thread_count(b->k->opt.threads), texts, NULL, n, plots, told, b,
                               b->k->opt.cancel, err);
    if (st)
        goto done;
    b->classic = kino_alloc_floats(n * KINO_VECTOR_DIM);
    for (size_t i = 0; i < n; i++) {
        if (*texts[i])
            memcpy(b->classic + i * KINO_VECTOR_DIM, plots + i * KINO_PLOT_DIM, KINO_PLOT_DIM * sizeof *plots);
        memcpy(b->classic + i * KINO_VECTOR_DIM + KINO_PLOT_DIM, profiles + i * KINO_PROFILE_DIM,
               KINO_PROFILE_DIM * sizeof *profiles);
    }
done:
    kino_arena_free(&films.arena);
    free(films.items);
    free(texts);
    free(plots);
    free(profiles);
    return st;
}
