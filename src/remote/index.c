/* index.c - makes the index, records in it how far a push is, and puts it in the place of another. */
#include <stdio.h>
#include <stdlib.h>

#include "base/jsontree.h"
#include "base/status.h"
#include "remote/remote.h"

enum { PATH = sizeof((kino_remote_meta *)0)->physical + 16 };

static void put_meta(kino_tree *mapping, const kino_remote_meta *m)
{
    kino_tree *meta = kino_tree_object(kino_tree_object(mapping, "_meta"), "kino");
    kino_tree_whole(meta, "layout", KINO_REMOTE_LAYOUT);
    kino_tree_whole(meta, "dimension", KINO_VECTOR_DIM);
    kino_tree_text(meta, "type", m->bytes ? "int8" : "f32");
    kino_tree_hex(meta, "lineage", m->lineage);
    kino_tree_hex(meta, "weights", m->weights);
    kino_tree_hex(meta, "encoder", m->encoder);
    kino_tree_whole(meta, "generation", (int64_t)m->generation);
    kino_tree_whole(meta, "pushing", (int64_t)m->pushing);
    kino_tree_whole(meta, "after", m->after);
}

static void put_type(kino_tree *properties, const char *name, const char *type)
{
    kino_tree_text(kino_tree_object(properties, name), "type", type);
}

static void put_mapping(kino_tree *mapping, const kino_remote_meta *m)
{
    kino_tree_text(mapping, "dynamic", "strict");
    put_meta(mapping, m);
    kino_tree *properties = kino_tree_object(mapping, "properties");
    kino_tree *vector = kino_tree_object(properties, "vector");
    kino_tree_text(vector, "type", "knn_vector");
    kino_tree_whole(vector, "dimension", KINO_VECTOR_DIM);
    kino_tree_text(vector, "data_type", m->bytes ? "byte" : "float");
    kino_tree *method = kino_tree_object(vector, "method");
    kino_tree_text(method, "name", "hnsw");
    kino_tree_text(method, "engine", "lucene");
    kino_tree_text(method, "space_type", "innerproduct");
    kino_tree *parameters = kino_tree_object(method, "parameters");
    kino_tree_whole(parameters, "m", 16);
    kino_tree_whole(parameters, "ef_construction", 100);
    /* What films are scored by comes back with each; the vector that is searched is not stored a second time. */
    kino_tree *excluded = kino_tree_array(kino_tree_object(mapping, "_source"), "excludes");
    kino_tree_text(excluded, NULL, "vector");
    kino_tree_text(excluded, NULL, "words");
    kino_tree *words = kino_tree_object(properties, "words");
    kino_tree_text(words, "type", "text");
    kino_tree_text(words, "analyzer", "english");
    put_type(properties, "codes", "binary");
    put_type(properties, "year", "short");
    put_type(properties, "votes", "long");
    put_type(properties, "runtime", "double");
    put_type(properties, "rating", "double");
    put_type(properties, "language", "keyword");
    put_type(properties, "genres", "keyword");
    put_type(properties, "directors", "keyword");
    put_type(properties, "cast", "keyword");
    kino_tree *film = kino_tree_object(properties, "film");
    kino_tree_text(film, "type", "object");
    kino_tree_bool(film, "enabled", false);
}

/* One call with a JSON body, or none. */
static kino_status call_json(const kino_remote *r, const char *method, const char *path, kino_tree *json,
                             kino_error *err)
{
    kino_buffer body = {0};
    if (json)
        kino_tree_put(json, false, &body);
    kino_call call = {.method = method, .path = path, .body = body.data, .size = body.size};
    kino_status st = kino_remote_call(r, &call, 300, KINO_REMOTE_PUSH_MS, err);
    kino_calls_free(&call, 1);
    free(body.data);
    return st;
}

static kino_status delete_index(const kino_remote *r, const char *physical, kino_error *err)
{
    char path[PATH];
    snprintf(path, sizeof path, "/%s", physical);
    return call_json(r, "DELETE", path, NULL, err);
}

kino_status kino_remote_create(const kino_remote *r, const kino_remote_meta *m, const kino_push_request *req,
                               bool named, kino_error *err)
{
    char path[PATH];
    kino_remote_meta left;
    kino_status st = kino_remote_read_meta(r, m->physical, &left, err);
    if (!st && *left.physical)
        st = left.foreign ? kino_fail(err, KINO_NETWORK,
                                      "index %s: is there already, and none of kino's; push to another "
                                      "name",
                                      left.physical)
                          : delete_index(r, left.physical, err);
    if (st)
        return st;
    kino_tree *body = kino_tree_object(NULL, NULL);
    kino_tree *settings = kino_tree_object(kino_tree_object(body, "settings"), "index");
    kino_tree_bool(settings, "knn", true);
    kino_tree_whole(settings, "number_of_shards", req->shards ? req->shards : 1);
    kino_tree_whole(settings, "number_of_replicas", req->replicas < 0 ? 1 : req->replicas);
    put_mapping(kino_tree_object(body, "mappings"), m);
    if (named)
        kino_tree_object(kino_tree_object(body, "aliases"), r->index);
    snprintf(path, sizeof path, "/%s", m->physical);
    kino_error why = {0};
    st = call_json(r, "PUT", path, body, &why);
    /* When the answer to the first request is lost, the second one finds the index there. */
    if (st && !kino_remote_read_meta(r, m->physical, &left, NULL) && !left.foreign && !left.generation &&
        left.pushing == m->pushing && left.lineage == m->lineage && left.encoder == m->encoder)
        return KINO_OK;
    if (st && err)
        *err = why;
    return st;
}

kino_status kino_remote_tell_meta(const kino_remote *r, const kino_remote_meta *m, kino_error *err)
{
    char path[PATH];
    kino_tree *mapping = kino_tree_object(NULL, NULL);
    put_meta(mapping, m);
    snprintf(path, sizeof path, "/%s/_mapping", m->physical);
    return call_json(r, "PUT", path, mapping, err);
}

kino_status kino_remote_complete(const kino_remote *r, kino_remote_meta *m, uint64_t generation, const char *old,
                                 kino_error *err)
{
    char path[PATH];
    snprintf(path, sizeof path, "/%s/_refresh", m->physical);
    kino_status st = call_json(r, "POST", path, NULL, err);
    m->generation = m->pushing = generation;
    m->after = 0;
    if (!st)
        st = kino_remote_tell_meta(r, m, err);
    if (st || !*old)
        return st;
    kino_tree *body = kino_tree_object(NULL, NULL), *actions = kino_tree_array(body, "actions");
    kino_tree_text(kino_tree_object(kino_tree_object(actions, NULL), "remove_index"), "index", old);
    kino_tree *add = kino_tree_object(kino_tree_object(actions, NULL), "add");
    kino_tree_text(add, "index", m->physical);
    kino_tree_text(add, "alias", r->index);
    return call_json(r, "POST", "/_aliases", body, err);
}
