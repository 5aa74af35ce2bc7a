/* build.c - data set -> catalogue; retrain: the catalogue's own films in the place of the data set.
 *
 *   CSV -> films -> schema -> features -> autoencoder -> profiles --+
 *                \-> plot texts -> MiniLM -> plots (staged) ---------+-> one transaction: films, vectors, encoder */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/movie.h"
#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"
#include "make/keywords.h"
#include "make/plots_file.h"
#include "make/training.h"

/* Plots embedded between two commits: an interruption loses at most this many. */
enum {
    CHUNK = 1024,
    PROBE = 128,
    LONG = 30
}; /* plots embedded to tell how long the others take; seconds worth telling */

typedef struct job {
    const kino_options *opt;
    const kino_build_request *req;
    kino_build_report *report;
    kino_catalogue *catalogue;
    kino_minilm *minilm;
    kino_movies movies;
    kino_training training;
    uint64_t *text_hashes; /* [count] */
    kino_phrases *keywords;
    double started;
} job;

static kino_status interrupted(kino_error *err)
{
    return kino_fail(err, KINO_INTERRUPTED,
                     "interrupted; what was embedded is kept, the same command goes on from there");
}

static kino_status make_profiles(job *j, kino_error *err)
{
    j->training = (kino_training){
        .opt = j->opt, .req = j->req, .movies = &j->movies, .catalogue = j->catalogue, .report = j->report};
    return kino_training_run(&j->training, err);
}

typedef struct chunk {
    const job *j;
    size_t base; /* plots done before this chunk */
    size_t total;
} chunk;

static void chunk_progress(void *ctx, size_t done)
{
    const chunk *c = ctx;
    kino_report(c->j->opt, "embed", c->base + done, c->total);
}

/* Tells how long the plots that are left will take, by the first of them. */
static void tell_time(const job *j, double seconds, size_t done, size_t left)
{
    kino_buffer b = {0};
    const double more = seconds / (double)done * (double)left;
    if (more < LONG)
        return;
    kino_buffer_print(&b, "%zu plots are to be embedded, which takes about %.0f %s here", left + done,
                      more < 100 ? more : more / 60, more < 100 ? "seconds" : "minutes");
    kino_note(j->opt, b.data);
    free(b.data);
}

/* Embeds the texts that no earlier build has embedded, and stages them chunk by chunk. */
static kino_status embed_plots(job *j, kino_error *err)
{
    const size_t n = j->movies.count;
    const uint64_t maker = kino_minilm_fingerprint(j->minilm);
    kino_status st = KINO_OK;
    kino_buffer text = {0};
    size_t *todo = kino_alloc_array(n, sizeof *todo), start[CHUNK + 1], missing = 0;
    uint64_t *hash = j->text_hashes = kino_alloc_array(n, sizeof *hash);
    float *vectors = kino_alloc_floats((size_t)CHUNK * KINO_PLOT_DIM), known[KINO_PLOT_DIM];
    const char **texts = kino_alloc_array(CHUNK, sizeof *texts);
    size_t *lengths = kino_alloc_array(CHUNK, sizeof *lengths);

    if (j->req->vectors)
        st = kino_plots_stage(j->catalogue, j->req->vectors, maker, j->opt, &j->report->given, err);
    if (st)
        goto done;
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        text.size = 0;
        kino_plot_text(j->req->recipe, &j->movies.items[i], &text);
        hash[i] = kino_hash(KINO_HASH_START, text.size ? text.data : "", text.size);
        st = kino_catalogue_reuse_plot(j->catalogue, j->movies.items[i].id, hash[i], maker, known, KINO_PLOT_DIM,
                                       &found, err);
        if (st)
            goto done;
        if (!found)
            todo[missing++] = i;
    }
    j->report->embedded = missing;
    j->report->reused = n - missing;
    for (size_t at = 0, count; at < missing; at += count) {
        const size_t most = at || missing < CHUNK ? CHUNK : PROBE;
        const double began = kino_now_ms();
        count = missing - at < most ? missing - at : most;
        chunk c = {j, at, missing};
        text.size = 0;
        for (size_t i = 0; i < count; i++) { /* made anew: those of a million films at once would be half a gigabyte */
            start[i] = text.size;
            kino_plot_text(j->req->recipe, &j->movies.items[todo[at + i]], &text);
        }
        start[count] = text.size;
        for (size_t i = 0; i < count; i++) {
            lengths[i] = start[i + 1] - start[i];
            texts[i] = lengths[i] ? text.data + start[i] : "";
        }
        if (kino_cancelled(j->opt)) {
            st = interrupted(err);
            goto done;
        }
        st = kino_minilm_embed(j->minilm, kino_thread_count(j->opt->threads), texts, lengths, count, vectors,
                               chunk_progress, &c, j->opt->cancel, err);
        if (st == KINO_INTERRUPTED)
            st = interrupted(err);
        if (!st)
            st = kino_catalogue_begin(j->catalogue, err);
        for (size_t i = 0; !st && i < count; i++) {
            size_t film = todo[at + i];
            float *v = vectors + i * KINO_PLOT_DIM;
            if (!lengths[i]) /* nothing is known: similar to nothing, not to every other film without a plot */
                memset(v, 0, KINO_PLOT_DIM * sizeof *v);
            st = kino_catalogue_stage_plot(j->catalogue, j->movies.items[film].id, hash[film], maker, v, KINO_PLOT_DIM,
                                           err);
        }
        if (!st)
            st = kino_catalogue_commit(j->catalogue, err);
        if (st)
            goto done;
        if (most == PROBE)
            tell_time(j, (kino_now_ms() - began) / 1e3, count, missing - count);
    }
done:
    kino_catalogue_rollback(j->catalogue);
    free(text.data);
    free(todo);
    free(vectors);
    free(texts);
    free(lengths);
    return st;
}

/* Everything that a reader sees changes in this one transaction. */
static kino_status commit(job *j, kino_error *err)
{
    const size_t n = j->movies.count;
    kino_buffer encoder = {0};
    kino_encoder_bytes(&j->training.encoder, &encoder);
    uint8_t recipe = (uint8_t)j->req->recipe;
    uint64_t weights = kino_minilm_fingerprint(j->minilm);
    kino_status st = kino_catalogue_begin(j->catalogue, err);
    if (!st)
        st = kino_catalogue_clear(j->catalogue, err);
    for (size_t i = 0; !st && i < n; i++) {
        if (i % CHUNK == 0) {
            kino_report(j->opt, "save", i, n);
            if (kino_cancelled(j->opt)) {
                st = interrupted(err);
                break;
            }
        }
        st = kino_catalogue_put(j->catalogue, &j->movies.items[i], "csv", err);
        if (!st)
            st = kino_catalogue_put_profile(j->catalogue, j->movies.items[i].id, j->training.encoder.fingerprint,
                                            j->training.profiles + i * KINO_PROFILE_DIM, KINO_PROFILE_DIM, err);
        if (!st)
            st = kino_catalogue_drop_staged(j->catalogue, j->movies.items[i].id, j->text_hashes[i], weights, err);
    }
    if (!st)
        st = kino_catalogue_adopt_staged(j->catalogue, err);
    if (!st)
        st = kino_catalogue_put_blob(j->catalogue, "encoder", encoder.data, encoder.size, err);
    if (!st)
        st = kino_catalogue_put_blob(j->catalogue, "training_key", &j->training.key, sizeof j->training.key, err);
    if (!st)
        st = kino_catalogue_put_blob(j->catalogue, "recipe", &recipe, sizeof recipe, err);
    if (!st)
        st = kino_catalogue_put_blob(j->catalogue, "weights", &weights, sizeof weights, err);
    if (!st)
        st = kino_keywords_put(j->catalogue, j->keywords, weights, err);
    if (!st)
        st = kino_statistics_measure(j->catalogue, j->req->recipe, j->opt->threads, err);
    if (!st)
        st = kino_catalogue_commit(j->catalogue, err);
    kino_catalogue_rollback(j->catalogue);
    if (!st)
        kino_report(j->opt, "save", n, n);
    free(encoder.data);
    return st;
}

/* The catalogue is complete already: without a snapshot every question takes longer, that is all. */
static void make_snapshot(const job *j, const char *catalogue_path, const char *data_dir)
{
    kino_error err = {0};
    char *path = kino_snapshot_path(data_dir);
    kino_report(j->opt, "index", 0, 0);
    if (kino_derive_snapshot(catalogue_path, path, j->opt->threads, &err)) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "the catalogue is saved, the index snapshot is not: %s", err.text);
        kino_note(j->opt, b.data);
        free(b.data);
    }
    free(path);
}

/* ---- retrain ---- */

/* A film of the catalogue into the movies that are trained on. */
static void gather(void *ctx, const kino_movie *m)
{
    kino_movies *all = ctx;
    if ((all->count & (all->count - 1)) == 0) /* a power of 2: room for as many again */
        all->items = kino_resize_array(all->items, all->count ? 2 * all->count : 1, sizeof *all->items);
    kino_movie_copy(m, &all->arena, &all->items[all->count++]);
}

/* The schema of recipe classic keeps the figures of a step that only the data set had. */
static kino_status keep_prior(job *j, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_encoder old = {0};
    kino_status st = kino_catalogue_get_blob(j->catalogue, "encoder", &bytes, &size, err);
    if (!st)
        st = kino_encoder_load("the catalogue's encoder", bytes, size, &old, err);
    if (!st)
        j->movies.prior = kino_schema_prior(old.schema);
    kino_encoder_free(&old);
    free(bytes);
    return st;
}

static kino_status commit_encoder(job *j, kino_error *err)
{
    kino_buffer encoder = {0};
    kino_encoder_bytes(&j->training.encoder, &encoder);
    kino_status st = kino_catalogue_begin(j->catalogue, err);
    for (size_t i = 0; !st && i < j->movies.count; i++)
        st = kino_catalogue_put_profile(j->catalogue, j->movies.items[i].id, j->training.encoder.fingerprint,
                                        j->training.profiles + i * KINO_PROFILE_DIM, KINO_PROFILE_DIM, err);
    if (!st)
        st = kino_catalogue_put_blob(j->catalogue, "encoder", encoder.data, encoder.size, err);
    if (!st)
        st = kino_catalogue_put_blob(j->catalogue, "training_key", &j->training.key, sizeof j->training.key, err);
    if (!st)
        st = kino_statistics_measure(j->catalogue, j->req->recipe, j->opt->threads, err);
    if (!st)
        st = kino_catalogue_commit(j->catalogue, err);
    kino_catalogue_rollback(j->catalogue);
    free(encoder.data);
    return st;
}

/* Films that came while it trained have profiles of the old encoder, which say nothing in the new one's space. */
static kino_status is_still_the_same(job *j, uint64_t generation, kino_error *err)
{
    uint64_t now = 0;
    kino_status st = kino_catalogue_generation(j->catalogue, &now, err);
    if (!st && now != generation)
        st = kino_fail(err, KINO_FAILED,
                       "the catalogue was changed while the encoder was trained; nothing was "
                       "changed, try again when nobody adds films");
    return st;
}

kino_status kino_retrain(const kino_options *opt, int epochs, uint64_t seed, kino_build_report *report, kino_error *err)
{
    static const kino_options defaults;
    kino_build_request req = {.epochs = epochs, .seed = seed};
    kino_build_report *own = NULL;
    kino *k = NULL;
    uint64_t generation = 0;
    if (!report)
        report = own = kino_alloc(sizeof *own);
    memset(report, 0, sizeof *report);
    job j = {.opt = opt ? opt : &defaults, .req = &req, .report = report, .started = kino_now_ms()};
    kino_status st = epochs < 0 || epochs > KINO_MAX_EPOCHS
                         ? kino_fail(err, KINO_USAGE, "at most %d epochs", KINO_MAX_EPOCHS)
                         : kino_handle_open(opt, &k, err);
    if (!st)
        st = kino_catalogue_open(k->path, KINO_CATALOGUE_WRITE, &j.catalogue, err);
    if (st)
        goto done;
    req.recipe = k->recipe;
    st = kino_catalogue_generation(j.catalogue, &generation, err);
    if (!st)
        st = kino_catalogue_films(j.catalogue, 0, gather, &j.movies, err);
    if (!st && req.recipe == KINO_RECIPE_CLASSIC)
        st = keep_prior(&j, err);
    if (!st)
        st = make_profiles(&j, err);
    if (st)
        goto done;
    report->seconds_train = (kino_now_ms() - j.started) / 1e3;
    st = is_still_the_same(&j, generation, err);
    if (!st)
        st = commit_encoder(&j, err);
    if (st)
        goto done;
    report->rows = report->films = j.movies.count;
    make_snapshot(&j, k->path, k->data_dir);
    report->seconds_total = (kino_now_ms() - j.started) / 1e3;
    report->seconds_save = report->seconds_total - report->seconds_train;
done:
    kino_close(k);
    kino_catalogue_close(j.catalogue);
    kino_training_free(&j.training);
    kino_movies_free(&j.movies);
    free(own);
    return st;
}

/* ---- build ---- */

kino_status kino_build(const kino_options *opt, const kino_build_request *req, kino_build_report *report,
                       kino_error *err)
{
    static const kino_options defaults;
    kino_build_report *own = NULL;
    char *data_dir = NULL, *path = NULL, *weights = NULL;
    if (!report)
        report = own = kino_alloc(sizeof *own);
    memset(report, 0, sizeof *report);
    job j = {.opt = opt ? opt : &defaults, .req = req, .report = report, .started = kino_now_ms()};
    kino_status st;
    double t = j.started, now;
    if (!req->csv || req->epochs < 0 || req->epochs > KINO_MAX_EPOCHS) {
        st = kino_fail(err, KINO_USAGE, "build: needs a CSV file, and at most %d epochs", KINO_MAX_EPOCHS);
        goto done;
    }
    st = kino_locate_data(opt, &data_dir, err);
    if (st)
        goto done;
    path = kino_catalogue_path(data_dir);
    weights = kino_locate_weights(opt);
    if (!req->texts)
        st = weights ? kino_minilm_open(weights, &j.minilm, err) : kino_weights_missing(j.opt, err);
    if (st)
        goto done;
    st = kino_ingest(req, &j.movies, report, j.opt->cancel, err);
    if (st)
        goto done;
    if (!j.movies.count) {
        st = kino_fail(err, KINO_FAILED, "%s: no film is left after cleaning; nothing was built", req->csv);
        goto done;
    }
    report->seconds_read = ((now = kino_now_ms()) - t) / 1e3;
    t = now;
    if (req->texts) {
        report->films = j.movies.count;
        st = kino_texts_write(req->recipe, &j.movies, req->texts, err);
        goto done;
    }
    st = kino_catalogue_open(path, KINO_CATALOGUE_CREATE, &j.catalogue, err);
    if (!st)
        st = make_profiles(&j, err);
    if (st)
        goto done;
    report->seconds_train = ((now = kino_now_ms()) - t) / 1e3;
    t = now;
    st = embed_plots(&j, err);
    if (!st)
        st = kino_keywords_make(j.catalogue, &j.movies, j.minilm, j.opt, &j.keywords, err);
    if (st == KINO_INTERRUPTED)
        st = interrupted(err);
    if (st)
        goto done;
    report->seconds_embed = ((now = kino_now_ms()) - t) / 1e3;
    t = now;
    st = commit(&j, err);
    if (st)
        goto done;
    report->films = j.movies.count;
    kino_catalogue_close(j.catalogue);
    j.catalogue = NULL;
    make_snapshot(&j, path, data_dir);
    report->seconds_save = ((now = kino_now_ms()) - t) / 1e3;
    report->seconds_total = (now - j.started) / 1e3;
done:
    kino_catalogue_close(j.catalogue);
    kino_training_free(&j.training);
    kino_minilm_close(j.minilm);
    kino_movies_free(&j.movies);
    kino_phrases_free(j.keywords);
    free(j.text_hashes);
    free(data_dir);
    free(path);
    free(weights);
    free(own);
    return st;
}
