/* check.c - is everything that answers are made of sound? Each part is looked at, whatever the ones before were. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"

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
        found(e, "weights", st, "%s", err.text);
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
