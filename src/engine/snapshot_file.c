#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/status.h"
#include "engine/score.h"
#include "engine/snapshot.h"

_Static_assert(sizeof(kino_stamp) == 10 * sizeof(uint64_t), "snapshot.stamp is u64[10]");

char *kino_snapshot_path(const char *data_dir)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s/snapshot.kino", data_dir);
    return b.data;
}

kino_status kino_snapshot_open(const char *path, kino_snapshot **out, kino_error *err)
{
    kino_container c = {0};
    kino_snapshot *s = NULL;
    kino_stamp stamp;
    kino_status st = kino_container_open(path, KINO_KIND_SNAPSHOT, KINO_VERIFY_STRUCTURE, &c, err);
    if (st)
        return st;
    const kino_section *section = kino_container_find(&c, "snapshot.stamp", KINO_U64, 1,
                                                      (uint64_t[]){sizeof stamp / sizeof(uint64_t)}, err);
    if (!section) {
        kino_container_close(&c);
        return KINO_DAMAGED;
    }
    memcpy(&stamp, section->data, sizeof stamp);
    if (stamp.layout != KINO_SNAPSHOT_LAYOUT) {
        kino_container_close(&c);
        return kino_fail(err, KINO_DAMAGED, "%s: layout %llu, this program reads %d", path,
                         (unsigned long long)stamp.layout, KINO_SNAPSHOT_LAYOUT);
    }
    st = kino_snapshot_view(&c, &s, err);
    if (!st && (s->count != stamp.films || !s->vectors || stamp.recipe > KINO_RECIPE_CLASSIC))
        st = kino_fail(err, KINO_DAMAGED, "%s: damaged file: snapshot.stamp does not fit", path);
    if (st) {
        kino_snapshot_close(s);
        return st;
    }
    s->stamp = stamp;
    *out = s;
    return KINO_OK;
}

bool kino_snapshot_is_sealed(const kino_snapshot *s, const char *catalogue_path)
{
    uint64_t now[KINO_CATALOGUE_SEAL];
    return s->stamp.seal[0] && kino_catalogue_seal(catalogue_path, now) && !memcmp(now, s->stamp.seal, sizeof now);
}

/* A file that was changed within a tick of the clock could be changed once more without a trace in its time. */
static bool seal_is_old_enough(const uint64_t seal[KINO_CATALOGUE_SEAL])
{
    const uint64_t tick = 40000000;  /* ns: the coarsest clock of a kernel, with room */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    if (ns < seal[2] + tick)
        nanosleep(&(struct timespec){.tv_nsec = (long)tick}, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    return ns >= seal[2] + tick;
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

kino_status kino_snapshot_write(const char *catalogue_path, const char *path, int threads, kino_error *err)
{
    kino_catalogue *c = NULL;
    kino_draft *d = NULL;
    kino_stamp stamp = {0};
    uint64_t before[KINO_CATALOGUE_SEAL], after[KINO_CATALOGUE_SEAL];
    kino_status st = kino_catalogue_open(catalogue_path, KINO_CATALOGUE_WRITE, &c, err);
    if (st)
        return st;
    kino_catalogue_settle(c);
    double part_weights[KINO_PART_COUNT];
    bool tuned = false;
    bool sealed = kino_catalogue_seal(catalogue_path, before) && seal_is_old_enough(before);
    st = kino_catalogue_hold(c, err);
    if (!st)
        st = kino_stamp_read(c, &stamp, err);
    if (!st)
        st = kino_tuned_read(c, part_weights, &tuned, err);
    if (!st)
        st = kino_draft_new(c, 0, NULL, threads, &d, err);
    if (!st)
        st = kino_draft_vectors(d, c, KINO_INDEX_AUTO, err);
    kino_catalogue_release(c);
    kino_catalogue_close(c);
    if (st)
        goto done;
    kino_draft_places(d);
    stamp.films = kino_draft_count(d);
    if (sealed && kino_catalogue_seal(catalogue_path, after) && !memcmp(before, after, sizeof after))
        memcpy(stamp.seal, after, sizeof stamp.seal);
    st = kino_draft_write(d, &stamp, tuned ? part_weights : NULL, path, err);
done:
    kino_draft_free(d);
    return st;
}
