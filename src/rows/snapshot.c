/* snapshot.c - the snapshot's file: opened, judged, saved. */
#include "rows/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"

_Static_assert(sizeof(kino_stamp) == 10 * sizeof(uint64_t), "snapshot.stamp is u64[10]");

#define TUNED "snapshot.part_weights"

char *kino_snapshot_path(const char *data_dir)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s/snapshot.kino", data_dir);
    return b.data;
}

static kino_status read_stamp(const kino_container *c, kino_stamp *out, kino_error *err)
{
    const kino_section *section =
        kino_container_find(c, "snapshot.stamp", KINO_U64, 1, (uint64_t[]){sizeof *out / sizeof(uint64_t)}, err);
    if (!section)
        return KINO_DAMAGED;
    memcpy(out, section->data, sizeof *out);
    if (out->layout != KINO_SNAPSHOT_LAYOUT)
        return kino_fail(err, KINO_DAMAGED, "%s: layout %llu, this program reads %d", c->path,
                         (unsigned long long)out->layout, KINO_SNAPSHOT_LAYOUT);
    return KINO_OK;
}

static kino_status find_tuned(kino_snapshot *s, kino_error *err)
{
    if (!kino_container_get(&s->films->c, TUNED))
        return KINO_OK;
    const kino_section *section = kino_container_find(&s->films->c, TUNED, KINO_F64, 1, (uint64_t[]){KINO_ANY}, err);
    if (!section)
        return KINO_DAMAGED;
    s->tuned = section->data;
    s->tuned_count = section->dims[0];
    return KINO_OK;
}

kino_status kino_snapshot_open(const char *path, kino_snapshot **out, kino_error *err)
{
    kino_container c = {0};
    kino_status st = kino_container_open(path, KINO_KIND_SNAPSHOT, KINO_VERIFY_STRUCTURE, &c, err);
    if (st)
        return st;
    kino_snapshot *s = kino_alloc(sizeof *s);
    st = read_stamp(&c, &s->stamp, err);
    if (st)
        kino_container_close(&c);
    else
        st = kino_segment_view(&c, &s->films, err);
    if (!st)
        st = find_tuned(s, err);
    if (!st && (s->films->count != s->stamp.films || !s->films->vectors || !s->films->acclaim ||
                s->stamp.recipe > KINO_RECIPE_CLASSIC))
        st = kino_fail(err, KINO_DAMAGED, "%s: damaged file: snapshot.stamp does not fit", path);
    if (st)
        kino_snapshot_close(s);
    else
        *out = s;
    return st;
}

void kino_snapshot_close(kino_snapshot *s)
{
    if (!s)
        return;
    kino_segment_close(s->films);
    free(s);
}

kino_status kino_snapshot_save(kino_segment_builder *b, const kino_stamp *stamp, const double *tuned,
                               size_t tuned_count, const char *path, kino_error *err)
{
    kino_container_writer *w = kino_segment_builder_sections(b);
    if (tuned)
        kino_container_add(w, TUNED, KINO_F64, 1, (uint64_t[]){tuned_count}, tuned);
    kino_container_add(w, "snapshot.stamp", KINO_U64, 1, (uint64_t[]){sizeof *stamp / sizeof(uint64_t)}, stamp);
    return kino_container_write(w, KINO_KIND_SNAPSHOT, path, err);
}

bool kino_snapshot_is_sealed(const kino_snapshot *s, const char *catalogue_path)
{
    uint64_t now[KINO_CATALOGUE_SEAL];
    return s->stamp.seal[0] && kino_catalogue_seal(catalogue_path, now) && !memcmp(now, s->stamp.seal, sizeof now);
}

kino_status kino_stamp_read(kino_catalogue *c, kino_stamp *out, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_container encoder = {0};
    kino_status st = kino_catalogue_stamp(c, &out->generation, &out->lineage, err);
    out->layout = KINO_SNAPSHOT_LAYOUT;
    if (!st)
        st = kino_catalogue_get_blob(c, "recipe", &bytes, &size, err);
    if (!st)
        out->recipe = size ? *(uint8_t *)bytes : 0;
    free(bytes);
    bytes = NULL;
    if (!st)
        st = kino_catalogue_get_blob(c, "weights", &bytes, &size, err);
    if (!st)
        out->weights = size == sizeof out->weights ? kino_u64(bytes) : 0;
    free(bytes);
    bytes = NULL;
    if (!st)
        st = kino_catalogue_get_blob(c, "encoder", &bytes, &size, err);
    if (!st)
        st = kino_container_view("the catalogue's encoder", bytes, size, KINO_KIND_ENCODER, KINO_VERIFY_STRUCTURE,
                                 &encoder, err);
    out->encoder = encoder.fingerprint;
    kino_container_close(&encoder);
    free(bytes);
    return st;
}
