/* push.c - the catalogue's films into an index: those that were changed since the last push, in batches of which a
 * few are sent at a time. Whatever interrupts it, the same call goes on from there and ends with the same index. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "remote/remote.h"

enum {
    BATCHES = KINO_CLUSTER_IN_FLIGHT, /* a window of them is sent at a time */
    BATCH_FILMS = 500,
    BATCH_BYTES = 4 << 20,
    CHANGES = 4096, /* read from the catalogue at a time */
    NOTE_MS = 5000, /* how often the index is told how far a push has come */
    PAUSE_MS = 200,
    LONGEST_PAUSE_MS = 5000,
};

typedef struct batch {
    kino_buffer body;
    size_t at[BATCH_FILMS + 1]; /* where each document begins, and the end */
    size_t count;
} batch;

typedef struct push {
    kino *k;
    const kino_push_request *req;
    kino_push_report *report;
    kino_remote *r;
    kino_stamp own;
    kino_remote_meta meta; /* of the index that is filled */
    uint64_t since;        /* films changed after this generation, */
    uint64_t resumed;      /* and of those up to this id only what was changed after this one */
    int64_t resumed_after;
    size_t total;
    batch *batches; /* [BATCHES] */
    size_t filling;
    int64_t last; /* id */
    double noted_at;
} push;

/* ---- batches ---- */

static void put_action(kino_buffer *b, const char *action, int64_t id, uint64_t version)
{
    kino_buffer_print(b, "{\"%s\":{\"_id\":\"%lld\",\"version\":%llu,\"version_type\":\"external\"}}\n", action,
                      (long long)id, (unsigned long long)version);
}

static void keep_document(batch *b, size_t i, size_t *kept)
{
    const size_t n = b->at[i + 1] - b->at[i];
    const size_t to = *kept ? b->at[*kept] : 0;
    memmove(b->body.data + to, b->body.data + b->at[i], n);
    b->at[*kept] = to;
    b->at[++*kept] = to + n;
}

/* What became of a document: done (also: what is there is as new), to be sent again, or refused. */
static kino_status judge(push *p, const kino_call *call, const kino_json *item, bool *again, kino_error *err)
{
    const kino_json *one = item->kind == KINO_JSON_OBJECT ? item->first : NULL;
    int64_t status = 0;
    *again = false;
    if (!kino_json_whole(kino_json_member(one, "status"), 100, 599, &status))
        return kino_remote_refuse(p->r, call, "its answer to a batch cannot be read", err);
    const bool removal = !strcmp(one->name, "delete");
    if (status < 300) {
        ++*(removal ? &p->report->removed : &p->report->sent);
    } else if (status == 409) {
        p->report->unchanged++;
    } else if (status == 429 || status >= 500) {
        *again = true;
    } else if (!(removal && status == 404)) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "it refuses film %.20s: HTTP %lld: %.200s",
                          kino_json_text(kino_json_member(one, "_id"), "?"), (long long)status,
                          kino_remote_reason(kino_json_member(one, "error")));
        kino_status st = kino_remote_refuse(p->r, call, b.data, err);
        free(b.data);
        return st;
    }
    return KINO_OK;
}

/* Reads the answer to a batch, and leaves in it what is to be sent again. */
static kino_status settle(push *p, const kino_call *call, batch *b, kino_error *err)
{
    kino_arena memory = {0};
    const kino_json *root = NULL;
    size_t i = 0, kept = 0;
    kino_status st = KINO_OK;
    if (kino_json_read("answer", call->answer.data ? call->answer.data : "", call->answer.size, 1, &memory, &root,
                       NULL))
        root = NULL;
    const kino_json *items = kino_json_member(root, "items");
    if (!items || items->kind != KINO_JSON_ARRAY || items->count != b->count)
        st = kino_remote_refuse(p->r, call, "its answer to a batch cannot be read", err);
    b->at[b->count] = b->body.size;
    for (const kino_json *item = st ? NULL : items->first; item && !st; item = item->next, i++) {
        bool again;
        st = judge(p, call, item, &again, err);
        if (!st && again)
            keep_document(b, i, &kept);
    }
    if (!st) {
        b->body.size = kept ? b->at[kept] : 0;
        b->count = kept;
    }
    kino_arena_free(&memory);
    return st;
}

static void put_saved(kino *k, const kino_movie *m, const float *vector, uint64_t generation)
{
    push p = {.k = k, .report = &(kino_push_report){0}};
    kino_error why = {0};
    batch *one = kino_alloc(sizeof *one);
    kino_call call = {.method = "POST"};
    kino_buffer path = {0};
    kino_status st = kino_use_remote(k, &p.r, &p.meta, &why);
    if (!st) {
        put_action(&one->body, "index", m->id, generation);
        kino_remote_put_film(&one->body, m, vector, p.meta.bytes);
        one->count = 1;
        kino_buffer_print(&path, "/%s/_bulk", p.meta.physical);
        call = (kino_call){.method = "POST", .path = path.data, .body = one->body.data, .size = one->body.size};
        st = kino_remote_call(p.r, &call, 300, KINO_REMOTE_QUERY_MS, &why);
    }
    if (!st)
        st = settle(&p, &call, one, &why);
    if (!st && one->count)
        st = kino_remote_refuse(p.r, &call, "it takes no films at the moment", &why);
    if (st) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "the film %lld is saved here, but was not sent to the cluster: %s; kino push sends it",
                          (long long)m->id, why.text);
        kino_note(&k->opt, b.data);
        free(b.data);
    }
    kino_calls_free(&call, 1);
    free(one->body.data);
    free(one);
    free(path.data);
}

void kino_remote_attach(kino *k)
{
    k->saved = k->backend ? put_saved : NULL;
}

/* ---- the catalogue ---- */

/* Sends the window, and again what single shards could not take, until all of it is acknowledged. */
static kino_status send_window(push *p, kino_error *err)
{
    char path[sizeof p->meta.physical + 80];
    kino_status st = KINO_OK;
    const double end = kino_now_ms() + KINO_REMOTE_PUSH_MS;
    int pause = PAUSE_MS;
    snprintf(path, sizeof path, "/%s/_bulk?filter_path=items.*.status,items.*.error,items.*._id", p->meta.physical);
    for (;;) {
        kino_call calls[BATCHES] = {{0}};
        batch *of[BATCHES];
        size_t count = 0;
        for (size_t i = 0; i < BATCHES; i++)
            if (p->batches[i].count) {
                of[count] = &p->batches[i];
                calls[count++] = (kino_call){
                    .method = "POST", .path = path, .body = p->batches[i].body.data, .size = p->batches[i].body.size};
            }
        if (!count)
            break;
        kino_error why = {0};
        st = kino_cluster_run(p->r->cluster, calls, count, KINO_REMOTE_PUSH_MS, &why);
        if (st)
            kino_fail(err, st, "index %s: %s", p->r->index, why.text);
        for (size_t i = 0; i < count && !st; i++) {
            if (calls[i].http >= 300)
                st = kino_remote_call(p->r, &calls[i], 300, KINO_REMOTE_PUSH_MS, err); /* says why, or has it now */
            if (!st)
                st = settle(p, &calls[i], of[i], err);
        }
        size_t left = 0;
        for (size_t i = 0; i < BATCHES; i++)
            left += p->batches[i].count;
        if (!st && left && kino_now_ms() > end)
            st = kino_remote_refuse(p->r, &calls[0], "shards have not taken all films for two minutes", err);
        kino_calls_free(calls, count);
        if (st || !left)
            break;
        st = kino_remote_pause(p->k, pause, err);
        if (st)
            break;
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }
    p->filling = 0;
    return st;
}

static kino_status send_all(push *p, bool tell, kino_error *err)
{
    kino_status st = send_window(p, err);
    kino_report(&p->k->opt, "push", p->report->sent + p->report->unchanged + p->report->removed, p->total);
    if (!st && tell && kino_now_ms() - p->noted_at > NOTE_MS) {
        if (p->last > p->meta.after)
            p->meta.after = p->last;
        st = kino_remote_tell_meta(p->r, &p->meta, err);
        p->noted_at = kino_now_ms();
    }
    return st;
}

/* A film, or that there is none any more. */
static kino_status add(push *p, const kino_change *change, kino_error *err)
{
    const kino_rows *rows = &p->k->films->rows;
    const size_t row = kino_rows_find(rows, change->id);
    batch *b = &p->batches[p->filling];
    if (row < rows->count) {
        kino_arena arena = {0};
        kino_movie m;
        kino_status st = kino_row_film(p->k, row, &arena, &m, err);
        if (!st) {
            b->at[b->count++] = b->body.size;
            put_action(&b->body, "index", change->id, change->generation);
            kino_remote_put_film(&b->body, &m, kino_rows_vector(rows, row), p->meta.bytes);
        }
        kino_arena_free(&arena);
        if (st)
            return st;
    } else {
        b->at[b->count++] = b->body.size;
        put_action(&b->body, "delete", change->id, change->generation);
    }
    p->last = change->id;
    if (b->count < BATCH_FILMS && b->body.size < BATCH_BYTES)
        return KINO_OK;
    return ++p->filling < BATCHES ? KINO_OK : send_all(p, true, err);
}

/* ---- the whole ---- */

/* Changes that came after the rows were read are left to the next push. */
static kino_status send_changes(push *p, kino_error *err)
{
    kino_change *changes = kino_alloc_array(CHANGES, sizeof *changes);
    size_t count = CHANGES;
    int64_t after = 0;
    kino_status st = KINO_OK;
    while (!st && count == CHANGES) {
        st = kino_catalogue_history(p->k->catalogue, p->since, after, changes, CHANGES, &count, err);
        for (size_t i = 0; i < count && !st; i++) {
            const kino_change *c = &changes[i];
            after = c->id;
            if (c->generation <= p->k->films->generation && (c->id > p->resumed_after || c->generation > p->resumed))
                st = add(p, c, err);
        }
    }
    free(changes);
    return st ? st : send_all(p, false, err);
}

static bool is_slot(const char *index, const char *physical)
{
    const size_t n = strlen(index);
    return !strncmp(physical, index, n) && (!strcmp(physical + n, "-a") || !strcmp(physical + n, "-b"));
}

/* The index that is to be filled, and from where on; *old: the one that a rebuild replaces. */
static kino_status prepare(push *p, char *old, size_t size, kino_error *err)
{
    kino_remote_meta now;
    kino_status st = kino_remote_read_meta(p->r, p->r->index, &now, err);
    if (st)
        return st;
    const bool fresh = !*now.physical || p->req->rebuild;
    if (*now.physical && now.foreign && !is_slot(p->r->index, now.physical))
        return kino_fail(err, KINO_NETWORK, "index %s: is there already, and none of kino's; push to another name",
                         p->r->index);
    if (!fresh) {
        st = kino_remote_comparable(p->r, &now, &p->own, err);
        if (!st && p->req->type && (p->req->type == KINO_PUSH_INT8) != now.bytes)
            st = kino_fail(err, KINO_USAGE, "index %s: has vectors of %s; push with --rebuild to change that",
                           p->r->index, now.bytes ? "int8" : "f32");
        p->meta = now;
        p->since = now.generation;
        if (now.pushing > now.generation) { /* a push was interrupted */
            p->resumed = now.pushing;
            p->resumed_after = now.after;
        }
        if (!st && p->req->since && *p->req->since > now.generation)
            st = kino_fail(err, KINO_USAGE, "index %s: has the films up to generation %llu: --since cannot be later",
                           p->r->index, (unsigned long long)now.generation);
        if (p->req->since) {
            p->since = *p->req->since;
            p->resumed = 0;
            p->resumed_after = 0;
        }
    } else {
        const size_t n = strlen(now.physical);
        snprintf(old, size, "%s", now.physical);
        p->meta = (kino_remote_meta){.lineage = p->own.lineage,
                                     .weights = p->own.weights,
                                     .encoder = p->own.encoder,
                                     .bytes = p->req->type == KINO_PUSH_INT8};
        snprintf(p->meta.physical, sizeof p->meta.physical, "%s-%c", p->r->index,
                 n && now.physical[n - 1] == 'a' ? 'b' : 'a');
    }
    if (st || p->k->films->generation < p->meta.generation)
        return st ? st
                  : kino_fail(err, KINO_USAGE,
                              "index %s: has films of generation %llu, the catalogue is at %llu: it is "
                              "an older copy; nothing was sent",
                              p->r->index, (unsigned long long)p->meta.generation,
                              (unsigned long long)p->k->films->generation);
    if (p->resumed < p->k->films->generation && !p->resumed_after) {
        p->meta.pushing = p->k->films->generation;
        p->meta.after = 0;
    }
    return fresh ? kino_remote_create(p->r, &p->meta, p->req, !*old, err) : kino_remote_tell_meta(p->r, &p->meta, err);
}

/* The rows, and what they were made by. */
static kino_status read_rows(push *p, kino_error *err)
{
    kino_stamp after;
    kino_status st = kino_use_catalogue(p->k, err);
    if (!st)
        st = kino_stamp_read(p->k->catalogue, &p->own, err);
    if (!st)
        st = kino_use_films(p->k, true, err);
    if (!st)
        st = kino_stamp_read(p->k->catalogue, &after, err);
    if (!st && !p->own.lineage)
        st = kino_fail(err, KINO_USAGE,
                       "the catalogue is of an older version, which did not record changes; build it again");
    if (!st &&
        (after.lineage != p->own.lineage || after.encoder != p->own.encoder || p->k->films->lineage != p->own.lineage))
        st = kino_fail(err, KINO_FAILED, "the catalogue was built or trained anew meanwhile; run kino push again");
    return st;
}

kino_status kino_push(kino *k, const kino_push_request *req, kino_push_report *report, kino_error *err)
{
    const double started = kino_now_ms();
    char old[sizeof((kino_remote_meta *)0)->physical] = "";
    *report = (kino_push_report){0};
    push p = {.k = k, .req = req, .report = report, .noted_at = started};
    kino_status st = read_rows(&p, err);
    if (!st)
        st = kino_remote_open(k, req->urls, req->index, &p.r, err);
    if (!st)
        st = prepare(&p, old, sizeof old, err);
    p.total = st ? 0 : k->films->rows.count;
    if (!st && p.since)
        st = kino_catalogue_changes(k->catalogue, p.since, &p.total, err);
    if (!st) {
        p.batches = kino_alloc_array(BATCHES, sizeof *p.batches);
        st = send_changes(&p, err);
    }
    if (!st)
        st = kino_remote_complete(p.r, &p.meta, k->films->generation, old, err);
    for (size_t i = 0; p.batches && i < BATCHES; i++)
        free(p.batches[i].body.data);
    free(p.batches);
    kino_remote_close(p.r);
    report->generation = k->films ? k->films->generation : 0;
    report->films = k->films ? k->films->rows.count : 0;
    report->seconds = (kino_now_ms() - started) / 1000;
    return st;
}
