/* check.c - is everything that answers are made of sound? Each part is looked at, whatever the ones before were. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "handle/handle.h"
#include "rows/keywords.h"

enum { QUERIES = 200, NEAREST = 10 };

/* What a graph has to find of the exact ten; kino's own tests ask .95. */
#define LEAST_RECALL .9

typedef struct examination {
    const kino_options *opt;
    kino_check_report *report;
    char *data_dir, *path, *weights;
    kino_catalogue *catalogue;
    kino_snapshot *snapshot;
    uint64_t maker; /* of the plots: the fingerprint that the catalogue has noted */
} examination;

__attribute__((format(printf, 4, 5))) static void found(examination *e, const char *what, kino_status status,
                                                        const char *format, ...)
{
    kino_check_item *item = &e->report->items[e->report->count++];
    va_list args;
    va_start(args, format);
    vsnprintf(item->text, sizeof item->text, format, args);
    va_end(args);
    item->what = what;
    item->status = status;
}

static kino_status read_blob(examination *e, const char *name, void **bytes, size_t *size, kino_error *err)
{
    *bytes = NULL;
    *size = 0;
    return kino_catalogue_get_blob(e->catalogue, name, bytes, size, err);
}

/* ---- what vectors were made of ---- */

/* Films and the hashes of their texts, in the order of their ids. */
typedef struct texts {
    kino_recipe recipe;
    int64_t *ids;
    uint64_t *hashes;
    size_t count, capacity, at;
    int64_t other, no_text; /* a film whose plot is that of another text, or with a text that is no UTF-8; 0: none */
    int64_t bad_plot, bad_profile;
    kino_buffer text;
} texts;

/* What is no UTF-8 is read as U+FFFD, which itself takes three bytes. */
static bool is_utf8(const char *text)
{
    enum { REPLACEMENT = 0xfffd, ITS_BYTES = 3 };
    const size_t n = strlen(text);
    for (size_t at = 0; at < n;) {
        int32_t c;
        const size_t taken = kino_utf8_next(text + at, n - at, &c);
        if (c == REPLACEMENT && (taken != ITS_BYTES || memcmp(text + at, "\xef\xbf\xbd", ITS_BYTES) != 0))
            return false;
        at += taken;
    }
    return true;
}

static bool is_sound_text(const kino_movie *m)
{
    const char *const all[] = {m->title, m->original_title, m->overview, m->tagline};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!is_utf8(all[i]))
            return false;
    return true;
}

static void hash_text(void *ctx, const kino_movie *m)
{
    texts *t = ctx;
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 1024;
        t->ids = kino_resize_array(t->ids, t->capacity, sizeof *t->ids);
        t->hashes = kino_resize_array(t->hashes, t->capacity, sizeof *t->hashes);
    }
    if (!t->no_text && !is_sound_text(m))
        t->no_text = m->id;
    t->text.size = 0;
    kino_plot_text(t->recipe, m, &t->text);
    t->ids[t->count] = m->id;
    t->hashes[t->count++] = kino_hash(KINO_HASH_START, t->text.data, t->text.size);
}

static void compare_hash(void *ctx, int64_t id, uint64_t hash)
{
    texts *t = ctx;
    while (t->at < t->count && t->ids[t->at] < id)
        t->at++;
    if (!t->other && t->at < t->count && t->ids[t->at] == id && t->hashes[t->at] != hash)
        t->other = id;
}

/* Of length 1, or zero where there was nothing to make it of. */
static bool is_unit(const float *v, size_t n)
{
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += (double)v[i] * v[i];
    return square == 0 || (square > .999 && square < 1.001); /* false for NaN */
}

static void look_at_vectors(void *ctx, int64_t id, const float *plot, const float *profile)
{
    texts *t = ctx;
    if (!t->bad_plot && !is_unit(plot, KINO_PLOT_DIM))
        t->bad_plot = id;
    if (!t->bad_profile && !is_unit(profile, KINO_PROFILE_DIM))
        t->bad_profile = id;
}

static kino_status fault_of(int64_t film, const char *format, kino_error *err)
{
    return film ? kino_fail(err, KINO_DAMAGED, format, (long long)film) : KINO_OK;
}

/* Texts are texts, and each vector is one that can come of them. */
static kino_status check_films(examination *e, kino_error *err)
{
    void *recipe = NULL;
    size_t size = 0;
    texts t = {.recipe = KINO_RECIPE_DEFAULT};
    kino_status st = read_blob(e, "recipe", &recipe, &size, NULL);
    if (!st && size == 1 && *(uint8_t *)recipe <= KINO_RECIPE_CLASSIC)
        t.recipe = (kino_recipe) * (uint8_t *)recipe;
    else
        st = kino_fail(err, KINO_DAMAGED, "its recipe is not said; run kino build again");
    free(recipe);
    if (!st)
        st = kino_catalogue_films(e->catalogue, 0, hash_text, &t, err);
    if (!st)
        st = kino_catalogue_text_hashes(e->catalogue, e->maker, compare_hash, &t, err);
    if (!st)
        st = kino_catalogue_vectors(e->catalogue, 0, KINO_PLOT_DIM, KINO_PROFILE_DIM, look_at_vectors, &t, err);
    if (!st)
        st = fault_of(t.no_text, "film %lld: a text of it is no UTF-8; add it again or run kino build again", err);
    if (!st)
        st = fault_of(t.bad_plot, "film %lld: its plot is no unit vector; run kino build again", err);
    if (!st)
        st = fault_of(t.bad_profile, "film %lld: its profile is no unit vector; run kino retrain", err);
    if (!st)
        st =
            fault_of(t.other, "film %lld: its plot is that of another text; add it again or run kino build again", err);
    free(t.ids);
    free(t.hashes);
    free(t.text.data);
    return st;
}

/* What is kept beside the films: statistics, vectors of keywords, tuned weights. */
static kino_status check_blobs(examination *e, kino_error *err)
{
    kino_statistics statistics;
    kino_keywords keywords = {0};
    double tuned[KINO_PART_COUNT];
    bool found;
    void *bytes = NULL;
    size_t size = 0;
    kino_status st = kino_statistics_read(e->catalogue, &statistics, &found, err);
    if (!st)
        st = kino_tuned_read(e->catalogue, tuned, &found, err);
    if (!st)
        st = kino_keywords_read(e->catalogue, &keywords, err);
    if (!st && !keywords.phrases && !read_blob(e, "keywords", &bytes, &size, NULL) && size)
        st = kino_fail(err, KINO_DAMAGED, "the vectors of its keywords cannot be read; run kino build again");
    free(bytes);
    kino_keywords_free(&keywords);
    return st;
}

static void check_catalogue(examination *e)
{
    kino_error err = {0};
    kino_encoder encoder = {0};
    void *bytes = NULL;
    size_t size = 0, without = 0;
    kino_catalogue_counts n = {0};
    kino_status st = kino_catalogue_open(e->path, KINO_CATALOGUE_READ, &e->catalogue, &err), sound;
    if (st) {
        found(e, "catalogue", st, "%s", err.text);
        return;
    }
    if (!read_blob(e, "weights", &bytes, &size, NULL) && size == sizeof e->maker)
        e->maker = kino_u64(bytes);
    free(bytes);
    sound = read_blob(e, "encoder", &bytes, &size, &err);
    if (!sound)
        sound = kino_encoder_load("the catalogue's encoder", bytes, size, &encoder, &err);
    free(bytes);
    kino_error fault = {0};
    st = kino_catalogue_check(e->catalogue, e->maker, encoder.fingerprint, &without, &fault);
    if (!st)
        st = check_films(e, &fault);
    if (!st)
        st = check_blobs(e, &fault);
    if (!st)
        st = kino_catalogue_count(e->catalogue, &n, &fault);
    if (st)
        found(e, "catalogue", st, "%s", fault.text);
    else if (without && !sound)
        found(e, "catalogue", KINO_DAMAGED, "%zu of %zu films lack vectors of this encoder; run kino build again",
              without, n.films);
    else
        found(e, "catalogue", KINO_OK, "%zu films, %.1f MB", n.films, (double)n.bytes / 1e6);
    if (sound)
        found(e, "encoder", sound, "%s; run kino build again", err.text);
    else
        found(e, "encoder", KINO_OK, "fingerprint %016llx", (unsigned long long)encoder.fingerprint);
    kino_encoder_free(&encoder);
}

static void check_weights(examination *e)
{
    kino_error err = {0};
    kino_container c = {0};
    kino_status st = e->weights ? kino_container_open(e->weights, KINO_KIND_MINILM, KINO_VERIFY_ALL, &c, &err)
                                : kino_weights_missing(e->opt, &err);
    if (!st)
        st = kino_container_finite(&c, NULL, &err);
    if (st)
        found(e, "weights", st, "%s%s", err.text,
              st == KINO_DAMAGED ? "; get them anew, or name others with --weights" : "");
    else if (e->maker && c.fingerprint != e->maker)
        found(e, "weights", KINO_DAMAGED,
              "%s is not what the plots were embedded with; run kino build again, or name the "
              "other weights with --weights",
              e->weights);
    else
        found(e, "weights", KINO_OK, "%s, fingerprint %016llx", e->weights, (unsigned long long)c.fingerprint);
    kino_container_close(&c);
}

static void check_snapshot(examination *e)
{
    static const char remedy[] = "; kino check --repair makes it anew";
    kino_error err = {0};
    uint64_t generation = 0, lineage = 0;
    size_t behind = 0;
    char *path = kino_snapshot_path(e->data_dir);
    kino_status st = kino_snapshot_open(path, &e->snapshot, &err);
    if (!st)
        st = kino_container_check(&e->snapshot->films->c, NULL, &err);
    const kino_stamp *stamp = e->snapshot ? &e->snapshot->stamp : NULL;
    if (st)
        found(e, "snapshot", st, "%s%s", err.text, remedy);
    else if (!e->catalogue)
        found(e, "snapshot", KINO_OK, "%zu films, which answer as long as the catalogue cannot be read",
              e->snapshot->films->count);
    else if (kino_catalogue_stamp(e->catalogue, &generation, &lineage, NULL) || stamp->lineage != lineage ||
             stamp->generation > generation || kino_catalogue_changes(e->catalogue, stamp->generation, &behind, NULL))
        found(e, "snapshot", KINO_DAMAGED, "%s: made of another catalogue%s", path, remedy);
    else if (behind)
        found(e, "snapshot", KINO_OK, "%zu films, and %zu changes since, which are searched beside it",
              e->snapshot->films->count, behind);
    else
        found(e, "snapshot", KINO_OK, "%zu films, up to date", e->snapshot->films->count);
    free(path);
}

static void check_graph(examination *e)
{
    kino_hnsw_report r;
    if (!e->snapshot || !e->snapshot->films->graph)
        return;
    kino_hnsw_check(e->snapshot->films->graph, &r);
    if (r.unreachable || r.one_sided || r.bad)
        found(e, "graph", KINO_DAMAGED,
              "%zu films out of reach, %zu links one-sided, %zu wrong; kino check --repair makes "
              "it anew",
              r.unreachable, r.one_sided, r.bad);
    else
        found(e, "graph", KINO_OK, "%zu films, %zu links, all within reach", r.nodes, r.links);
}

/* The graph's ten nearest of some films beside the exact ten. */
static void check_recall(examination *e)
{
    const kino_segment *s = e->snapshot ? e->snapshot->films : NULL;
    kino_hit exact[NEAREST], graph[NEAREST];
    size_t same = 0, all = 0;
    if (!s || !s->graph)
        return;
    kino_scratch *scratch = kino_scratch_new();
    for (size_t i = 0; i < QUERIES; i++) {
        const float *row = s->joined + i * s->count / QUERIES * KINO_VECTOR_DIM;
        float query[KINO_VECTOR_DIM];
        for (size_t d = 0; d < KINO_VECTOR_DIM; d++) /* the metric that the graph was built for */
            query[d] = row[d] * kino_graph_params.weights[d >= KINO_PLOT_DIM];
        const size_t n = kino_exact_search(s->vectors, query, NEAREST, NULL, scratch, exact);
        const size_t m = kino_hnsw_search(s->graph, s->vectors, query, NEAREST, 0, NULL, scratch, graph);
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < m; b++)
                same += exact[a].row == graph[b].row;
        all += n;
    }
    kino_scratch_free(scratch);
    const double recall = all ? (double)same / (double)all : 1;
    if (recall < LEAST_RECALL)
        found(e, "recall", KINO_DAMAGED, "the graph finds %.3f of the exact ten; kino check --repair makes it anew",
              recall);
    else
        found(e, "recall", KINO_OK, "the graph finds %.3f of the exact ten", recall);
}

kino_status kino_reindex(const kino_options *opt, kino_error *err)
{
    char *data_dir = NULL, *path = NULL, *snapshot = NULL;
    kino_status st = kino_locate_data(opt, &data_dir, err);
    if (st)
        return st;
    path = kino_catalogue_path(data_dir);
    snapshot = kino_snapshot_path(data_dir);
    st = kino_derive_snapshot(path, snapshot, opt ? opt->threads : 0, err);
    free(data_dir);
    free(path);
    free(snapshot);
    return st;
}

kino_status kino_check(const kino_options *opt, kino_check_report *out, kino_error *err)
{
    static const kino_options defaults;
    examination e = {.opt = opt ? opt : &defaults, .report = out};
    memset(out, 0, sizeof *out);
    kino_status st = kino_locate_data(opt, &e.data_dir, err);
    if (st)
        return st;
    e.path = kino_catalogue_path(e.data_dir);
    e.weights = kino_locate_weights(opt);
    check_catalogue(&e);
    if (out->items[0].status != KINO_NOT_FOUND) {
        check_weights(&e);
        check_snapshot(&e);
        if (!out->items[out->count - 1].status) { /* the links are read only when their checksum fits */
            check_graph(&e);
            check_recall(&e);
        }
    }
    for (size_t i = 0; !st && i < out->count; i++)
        if (out->items[i].status)
            st = kino_fail(err, out->items[i].status, "%s", out->items[i].text);
    kino_snapshot_close(e.snapshot);
    kino_catalogue_close(e.catalogue);
    free(e.data_dir);
    free(e.path);
    free(e.weights);
    return st;
}
