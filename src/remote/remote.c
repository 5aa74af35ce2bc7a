/* remote.c - the index of a handle: its calls, what it says of itself, whether it may be compared. */
#include "remote/remote.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/status.h"

/* ---- which index ---- */

enum { LONGEST_NAME = 200 };

static bool is_name(const char *s)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    const size_t n = strlen(s);
    return n && n <= LONGEST_NAME && strspn(s, allowed) == n && !strchr("-_.", s[0]);
}

/* "URL,URL/NAME": what stands behind the last slash is the index. */
static kino_status split(const char *backend, char **urls, char **index, kino_error *err)
{
    const char *slash = strrchr(backend, '/');
    if (!slash || slash == backend || slash[-1] == '/')
        return kino_fail(err, KINO_USAGE,
                         "a backend is named as http://HOST:9200,http://HOST:9200/INDEX, not \"%.200s\"",
                         strchr(backend, '@') ? "..." : backend);
    *urls = kino_strdup(backend);
    (*urls)[slash - backend] = 0;
    *index = kino_strdup(slash + 1);
    return KINO_OK;
}

kino_status kino_remote_open(kino *k, const char *urls, const char *index, kino_remote **out, kino_error *err)
{
    const kino_cluster_options opt = {
        .urls = urls, .ca_file = k->backend_ca, .auth_file = k->backend_auth, .cancel = k->opt.cancel};
    if (k->opt.offline)
        return kino_fail(err, KINO_NETWORK, "the cluster is not asked: --offline");
    if (!is_name(index))
        return kino_fail(err, KINO_USAGE,
                         "\"%.200s\" cannot be an index: its name is made of a-z, 0-9, -, _ and ., and "
                         "begins with a letter or digit",
                         index);
    kino_remote *r = kino_alloc(sizeof *r);
    r->index = kino_strdup(index);
    kino_status st = kino_cluster_open(&opt, &r->cluster, err);
    if (st)
        kino_remote_close(r);
    else
        *out = r;
    return st;
}

void kino_remote_close(kino_remote *r)
{
    if (!r)
        return;
    kino_cluster_close(r->cluster);
    free(r->index);
    free(r);
}

/* ---- calls ---- */

const char *kino_remote_reason(const kino_json *error)
{
    const char *reason = kino_json_text(error, "");
    for (; error; error = kino_json_member(error, "caused_by"))
        reason = kino_json_text(kino_json_member(error, "reason"), reason);
    return reason;
}

kino_status kino_remote_refuse(const kino_remote *r, const kino_call *call, const char *reason, kino_error *err)
{
    return kino_fail(err, KINO_NETWORK, "%s, index %s: %s", call->host ? call->host : "the cluster", r->index, reason);
}

kino_status kino_remote_call(const kino_remote *r, kino_call *call, long fault, int patience_ms, kino_error *err)
{
    kino_error why = {0};
    kino_status st = kino_cluster_run(r->cluster, call, 1, patience_ms, &why);
    if (st)
        return kino_fail(err, st, "index %s: %s", r->index, why.text);
    if (call->http < fault)
        return KINO_OK;
    kino_arena memory = {0};
    const kino_json *root = NULL;
    kino_buffer reason = {0};
    const char *said = "";
    kino_buffer_print(&reason, "HTTP %ld", call->http);
    if (call->answer.size && !kino_json_read("answer", call->answer.data, call->answer.size, 1, &memory, &root, NULL))
        said = kino_remote_reason(kino_json_member(root, "error"));
    if (*said)
        kino_buffer_print(&reason, ": %.300s", said);
    st = kino_remote_refuse(r, call, reason.data, err);
    free(reason.data);
    kino_arena_free(&memory);
    return st;
}

kino_status kino_remote_pause(const kino *k, int ms, kino_error *err)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL); /* a signal ends it */
    return kino_cancelled(&k->opt) ? kino_fail(err, KINO_INTERRUPTED, "interrupted") : KINO_OK;
}

/* ---- what the index says of itself ---- */

static bool read_hex(const kino_json *meta, const char *name, uint64_t *out)
{
    const char *text = kino_json_text(kino_json_member(meta, name), "");
    char *end = NULL;
    *out = strtoull(text, &end, 16);
    return *text && !*end && strlen(text) == 16;
}

static bool read_count(const kino_json *meta, const char *name, int64_t *out)
{
    return kino_json_whole(kino_json_member(meta, name), 0, INT64_C(1) << 53, out);
}

static void read_meta(const kino_json *meta, kino_remote_meta *m)
{
    int64_t layout = 0, dimension = 0, generation = 0, pushing = 0;
    m->foreign = !(read_count(meta, "layout", &layout) && layout == KINO_REMOTE_LAYOUT &&
                   read_count(meta, "dimension", &dimension) && dimension == KINO_VECTOR_DIM &&
                   read_count(meta, "generation", &generation) && read_count(meta, "pushing", &pushing) &&
                   read_count(meta, "after", &m->after) && read_hex(meta, "lineage", &m->lineage) &&
                   read_hex(meta, "weights", &m->weights) && read_hex(meta, "encoder", &m->encoder));
    m->bytes = !strcmp(kino_json_text(kino_json_member(meta, "type"), ""), "int8");
    m->generation = (uint64_t)generation;
    m->pushing = (uint64_t)pushing;
}

kino_status kino_remote_read_meta(const kino_remote *r, const char *index, kino_remote_meta *out, kino_error *err)
{
    kino_arena memory = {0};
    kino_buffer path = {0};
    const kino_json *root = NULL;
    *out = (kino_remote_meta){.foreign = true};
    kino_buffer_print(&path, "/%s/_mapping", index);
    kino_call call = {.method = "GET", .path = path.data};
    kino_status st = kino_remote_call(r, &call, 500, KINO_REMOTE_QUERY_MS, err);
    if (!st && call.http >= 300 && call.http != 404)
        st = kino_remote_call(r, &call, 300, KINO_REMOTE_QUERY_MS, err); /* says why */
    if (st || call.http == 404)
        goto done;
    if (kino_json_read("answer", call.answer.data ? call.answer.data : "", call.answer.size, 1, &memory, &root, NULL) ||
        !root->first || root->kind != KINO_JSON_OBJECT) {
        st = kino_remote_refuse(r, &call, "what answers there is no search cluster", err);
    } else if (root->count > 1) {
        st = kino_remote_refuse(r, &call, "it stands for several indices; name one", err);
    } else {
        const kino_json *mappings = kino_json_member(root->first, "mappings");
        strncpy(out->physical, root->first->name, sizeof out->physical - 1);
        read_meta(kino_json_member(kino_json_member(mappings, "_meta"), "kino"), out);
    }
done:
    kino_calls_free(&call, 1);
    kino_arena_free(&memory);
    free(path.data);
    return st;
}

kino_status kino_remote_comparable(const kino_remote *r, const kino_remote_meta *m, const kino_stamp *own,
                                   kino_error *err)
{
    if (m->foreign)
        return kino_fail(err, KINO_NETWORK,
                         "index %s: it was not made by this version of kino; push to another name, or "
                         "with --rebuild",
                         r->index);
    if (m->weights != own->weights)
        return kino_fail(err, KINO_NETWORK,
                         "index %s: its plots were embedded with other weights (%016llx, the catalogue's "
                         "are %016llx); push with --rebuild",
                         r->index, (unsigned long long)m->weights, (unsigned long long)own->weights);
    if (m->encoder != own->encoder || m->lineage != own->lineage)
        return kino_fail(err, KINO_NETWORK,
                         "index %s: it was made of another catalogue, or before this one was built or "
                         "trained anew; push with --rebuild",
                         r->index);
    return KINO_OK;
}

/* ---- the handle's ---- */

static kino_status own_stamp(kino *k, kino_stamp *out, kino_error *err)
{
    if (k->sealed) {
        *out = k->snapshot->stamp;
        return KINO_OK;
    }
    kino_status st = kino_use_catalogue(k, err);
    return st ? st : kino_stamp_read(k->catalogue, out, err);
}

/* What the index says of itself, if questions can be put to it. */
static kino_status look(kino *k, const kino_remote *r, kino_remote_meta *out, kino_error *err)
{
    kino_stamp own = {0};
    kino_status st = own_stamp(k, &own, err);
    if (!st)
        st = kino_remote_read_meta(r, r->index, out, err);
    if (!st && !*out->physical)
        st = kino_fail(err, KINO_NETWORK, "index %s: there is none of that name; kino push makes it", r->index);
    if (!st)
        st = kino_remote_comparable(r, out, &own, err);
    if (!st && !out->generation)
        st = kino_fail(err, KINO_NETWORK,
                       "index %s: the push that fills it has not ended; run it again if it was "
                       "interrupted",
                       r->index);
    return st;
}

static kino_status open_backend(kino *k, kino_remote **out, kino_error *err)
{
    char *urls = NULL, *index = NULL;
    kino_remote *r = NULL;
    kino_status st = split(k->backend, &urls, &index, err);
    if (!st)
        st = kino_remote_open(k, urls, index, &r, err);
    if (!st)
        st = look(k, r, &r->meta, err);
    if (st)
        kino_remote_close(r);
    else
        *out = r;
    free(urls);
    free(index);
    return st;
}

static void close_remote(void *what)
{
    kino_remote_close(what);
}

kino_status kino_use_remote(kino *k, kino_remote **out, kino_remote_meta *meta, kino_error *err)
{
    kino_remote *opened = NULL;
    pthread_mutex_lock(&k->lock);
    const bool there = k->remote.what != NULL;
    pthread_mutex_unlock(&k->lock);
    kino_status st = there ? KINO_OK : open_backend(k, &opened, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->remote.what) {
        k->remote = (kino_attached){opened, close_remote};
        opened = NULL;
    }
    *out = k->remote.what;
    *meta = (*out)->meta;
    pthread_mutex_unlock(&k->lock);
    kino_remote_close(opened); /* another thread was faster */
    return KINO_OK;
}

kino_status kino_remote_look_again(kino *k, kino_remote *r, kino_remote_meta *meta, kino_error *err)
{
    kino_status st = look(k, r, meta, err);
    if (!st) {
        pthread_mutex_lock(&k->lock);
        r->meta = *meta;
        pthread_mutex_unlock(&k->lock);
    }
    return st;
}
