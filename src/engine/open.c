#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/container.h"
#include "base/status.h"
#include "base/thread.h"
#include "engine/remote.h"
#include "engine/score.h"
#include "kern/kern.h"

double kino_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void kino_report(const kino_options *opt, const char *stage, size_t done, size_t total)
{
    if (opt->progress) {
        kino_progress p = {stage, done, total, __builtin_nan(""), __builtin_nan("")};
        opt->progress(opt->progress_ctx, &p);
    }
}

bool kino_cancelled(const kino_options *opt)
{
    return opt->cancel && *opt->cancel;
}

void kino_note(const kino_options *opt, const char *text)
{
    if (opt->note)
        opt->note(opt->note_ctx, text);
}

static kino_status read_recipe(kino *k, kino_error *err)
{
    void *recipe = NULL;
    size_t size = 0;
    kino_status st = kino_catalogue_get_blob(k->catalogue, "recipe", &recipe, &size, err);
    if (st == KINO_NOT_FOUND)  /* made by a build that never reached its last transaction */
        kino_fail(err, st, "the catalogue at %s is not finished; run the same kino build again", k->path);
    else if (!st && (size != 1 || *(uint8_t *)recipe > KINO_RECIPE_CLASSIC))
        st = kino_fail(err, KINO_DAMAGED, "%s: an unknown recipe; build the catalogue again", k->path);
    else if (!st)
        k->recipe = (kino_recipe) * (uint8_t *)recipe;
    free(recipe);
    return st;
}

void kino_reopen_snapshot(kino *k)
{
    kino_error why = {0};
    char *path = kino_snapshot_path(k->data_dir);
    kino_rows_free(k->rows);
    k->rows = NULL;
    kino_snapshot_close(k->snapshot);
    k->snapshot = NULL;
    kino_status st = kino_snapshot_open(path, &k->snapshot, &why);
    if (st)
        kino_fail(&k->fault, st, "%s%s; the films are read from the catalogue itself, which takes longer",
                  st == KINO_NOT_FOUND ? "there is no index snapshot: " : "", why.text);
    k->sealed = !st && kino_snapshot_is_sealed(k->snapshot, k->path);
    free(path);
}

kino_status kino_open(const kino_options *opt, kino **out, kino_error *err)
{
    kino *k = kino_alloc(sizeof *k);
    if (opt)
        k->opt = *opt;
    pthread_mutex_init(&k->lock, NULL);
    pthread_mutex_init(&k->map_lock, NULL);
    kino_status st = kino_locate_data(opt, &k->data_dir, err);
    if (st)
        goto done;
    k->path = kino_catalogue_path(k->data_dir);
    if (k->opt.api_key_file)
        k->key_file = kino_strdup(k->opt.api_key_file);
    if (k->opt.backend)
        k->backend = kino_strdup(k->opt.backend);
    if (k->opt.tmdb_url)
        k->tmdb_url = kino_strdup(k->opt.tmdb_url);
    k->weights = kino_locate_weights(opt);
    kino_reopen_snapshot(k);
    if (k->sealed) {  /* the catalogue is opened when something is asked that only it knows */
        k->recipe = (kino_recipe)k->snapshot->stamp.recipe;
        goto done;
    }
    st = kino_use_catalogue(k, err);
    if (!st)
        st = read_recipe(k, err);
done:
    if (st)
        kino_close(k);
    else
        *out = k;
    return st;
}

void kino_close(kino *k)
{
    if (!k)
        return;
    kino_rows_free(k->rows);
    kino_snapshot_close(k->snapshot);
    kino_encoder_free(&k->encoder);
    kino_minilm_close(k->minilm);
    kino_catalogue_close(k->catalogue);
    kino_tmdb_close(k->tmdb);
    kino_remote_close(k->remote);
    kino_answers_close(k->answers);
    kino_arena_free(&k->guests.arena);
    free(k->guests.vectors);
    free(k->backend);
    free(k->key_file);
    free(k->tmdb_url);
    pthread_mutex_destroy(&k->lock);
    pthread_mutex_destroy(&k->map_lock);
    free(k->path);
    free(k->data_dir);
    free(k->weights);
    free(k);
}

kino_status kino_use_catalogue(kino *k, kino_error *err)
{
    kino_status st = KINO_OK;
    pthread_mutex_lock(&k->lock);
    if (!k->catalogue)
        st = kino_catalogue_open(k->path, KINO_CATALOGUE_READ, &k->catalogue, err);
    pthread_mutex_unlock(&k->lock);
    return st;
}

kino_status kino_use_minilm(kino *k, kino_error *err)
{
    kino_status st = KINO_OK;
    pthread_mutex_lock(&k->lock);
    if (!k->minilm)
        st = k->weights ? kino_minilm_open(k->weights, &k->minilm, err) : kino_weights_missing(NULL, err);
    pthread_mutex_unlock(&k->lock);
    return st;
}

kino_status kino_use_encoder(kino *k, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_status st = kino_use_catalogue(k, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->encoder.autoencoder) {
        st = kino_catalogue_get_blob(k->catalogue, "encoder", &bytes, &size, err);
        if (!st)
            st = kino_encoder_load("the catalogue's encoder", bytes, size, &k->encoder, err);
    }
    pthread_mutex_unlock(&k->lock);
    free(bytes);
    return st;
}

kino_status kino_get_info(kino *k, kino_info *out, kino_error *err)
{
    kino_catalogue_counts n;
    uint64_t generation = 0;
    kino_container c = {0};
    kino_status st = kino_use_catalogue(k, err);
    if (!st)
        st = kino_catalogue_count(k->catalogue, &n, err);
    if (!st)
        st = kino_catalogue_generation(k->catalogue, &generation, err);
    if (!st)
        st = kino_use_encoder(k, err);
    if (st)
        return st;
    size_t behind = 0;
    double part_weights[KINO_PART_COUNT];
    bool tuned = false;
    if (k->snapshot && !k->sealed)
        st = kino_catalogue_changes(k->catalogue, k->snapshot->stamp.generation, &behind, err);
    if (!st)
        st = kino_tuned_read(k->catalogue, part_weights, &tuned, err);
    if (!st && k->weights)
        st = kino_container_open(k->weights, KINO_KIND_MINILM, KINO_VERIFY_STRUCTURE, &c, err);
    if (st)
        return st;
    *out = (kino_info){
        .data_dir = k->data_dir,
        .weights = k->weights ? k->weights : "",
        .isa = kino_isa_name(kino_kernels_get()->isa),
        .recipe = k->recipe == KINO_RECIPE_CLASSIC ? "classic" : "default",
        .index = kino_index_choose(n.films, k->opt.index) == KINO_INDEX_HNSW ? "hnsw" : "exact",
        .generation = generation,
        .films = n.films,
        .with_plot = n.with_plot,
        .genres = n.genres,
        .keywords = n.keywords,
        .people = n.people,
        .bytes = n.bytes,
        .schema_fingerprint = kino_schema_fingerprint(k->encoder.schema),
        .encoder_fingerprint = k->encoder.fingerprint,
        .weights_fingerprint = c.fingerprint,
        .tuned = tuned,
        .snapshot_films = k->snapshot ? k->snapshot->count : 0,
        .snapshot_behind = behind,
        .network = kino_tmdb_available(),
        .threads = kino_thread_count(k->opt.threads),
    };
    kino_container_close(&c);
    return KINO_OK;
}

/* Rows of both parts ascend by id, and no film is in both; those that are hidden are left out. */
kino_status kino_ids(kino *k, int64_t **out, size_t *count, kino_error *err)
{
    kino_status st = kino_use_rows(k, false, err);
    if (st)
        return st;
    const kino_rows *r = k->rows;
    int64_t *ids = kino_alloc_array(r->count + 1, sizeof *ids);
    size_t n = 0, next = 0;
    const size_t tail = r->tail ? r->tail->count : 0;
    for (size_t row = 0; row < r->base->count; row++) {
        if (r->hidden && r->hidden[row / 64] >> row % 64 & 1)
            continue;
        while (next < tail && r->tail->ids[next] < r->base->ids[row])
            ids[n++] = r->tail->ids[next++];
        ids[n++] = r->base->ids[row];
    }
    while (next < tail)
        ids[n++] = r->tail->ids[next++];
    *out = ids;
    *count = n;
    return KINO_OK;
}

/* The film and the arena that holds all of it, allocated together. */
typedef struct owned_movie {
    kino_movie movie;  /* first: the caller's pointer */
    kino_arena arena;
} owned_movie;

static bool take_guest(kino *k, int64_t id, owned_movie *m)
{
    for (size_t i = 0; i < k->guests.count; i++)
        if (k->guests.movies[i].id == id) {
            kino_movie_copy(&k->guests.movies[i], &m->arena, &m->movie);
            return true;
        }
    return false;
}

/* Where the snapshot is known to be as good as the catalogue. */
static bool take_from_snapshot(kino *k, int64_t id, owned_movie *m)
{
    if (!k->sealed || !kino_snapshot_is_sealed(k->snapshot, k->path))
        return false;
    size_t row = kino_snapshot_row(k->snapshot, id);
    return row < k->snapshot->count && kino_snapshot_film(k->snapshot, row, &m->arena, &m->movie);
}

kino_status kino_movie_get(kino *k, int64_t id, kino_movie **out, kino_error *err)
{
    owned_movie *m = kino_alloc(sizeof *m);
    kino_status st = KINO_OK;
    if (!take_guest(k, id, m) && !take_from_snapshot(k, id, m)) {
        st = kino_use_catalogue(k, err);
        if (!st)
            st = kino_catalogue_get(k->catalogue, id, &m->arena, &m->movie, err);
    }
    if (st)
        kino_movie_free(&m->movie);
    else
        *out = &m->movie;
    return st;
}

void kino_movie_free(kino_movie *movie)
{
    if (!movie)
        return;
    owned_movie *m = (owned_movie *)movie;
    kino_arena_free(&m->arena);
    free(m);
}
