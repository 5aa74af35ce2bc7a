/* derive.c - the snapshot made anew from the catalogue. */
#include <string.h>
#include <time.h>

#include "base/status.h"
#include "handle/handle.h"

/* A file that was changed within a tick of the clock could be changed once more without a trace in its time. */
static bool seal_is_old_enough(const uint64_t seal[KINO_CATALOGUE_SEAL])
{
    const uint64_t tick = 40000000; /* ns: the coarsest clock of a kernel, with room */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    if (ns < seal[2] + tick)
        nanosleep(&(struct timespec){.tv_nsec = (long)tick}, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    return ns >= seal[2] + tick;
}

kino_status kino_derive_snapshot(const char *catalogue_path, const char *path, int threads, kino_error *err)
{
    kino_catalogue *c = NULL;
    kino_segment_builder *b = NULL;
    kino_stamp stamp = {0};
    uint64_t before[KINO_CATALOGUE_SEAL], after[KINO_CATALOGUE_SEAL];
    kino_status st = kino_catalogue_open(catalogue_path, KINO_CATALOGUE_WRITE, &c, err);
    if (st)
        return st;
    kino_catalogue_settle(c);
    double part_weights[KINO_PART_COUNT];
    kino_statistics statistics;
    bool tuned = false, measured = false;
    bool sealed = kino_catalogue_seal(catalogue_path, before) && seal_is_old_enough(before);
    st = kino_catalogue_hold(c, err);
    if (!st)
        st = kino_stamp_read(c, &stamp, err);
    if (!st)
        st = kino_tuned_read(c, part_weights, &tuned, err);
    if (!st)
        st = kino_statistics_read(c, &statistics, &measured, err);
    if (!st)
        st = kino_segment_builder_new(c, 0, NULL, threads, &b, err);
    if (!st)
        st = kino_segment_builder_vectors(b, c, KINO_INDEX_AUTO, NULL, measured ? &statistics : NULL, err);
    kino_catalogue_release(c);
    kino_catalogue_close(c);
    if (st)
        goto done;
    kino_segment_builder_places(b);
    stamp.films = kino_segment_builder_count(b);
    if (sealed && kino_catalogue_seal(catalogue_path, after) && !memcmp(before, after, sizeof after))
        memcpy(stamp.seal, after, sizeof stamp.seal);
    st = kino_snapshot_save(b, &stamp, tuned ? part_weights : NULL, KINO_PART_COUNT, path, err);
done:
    kino_segment_builder_free(b);
    return st;
}
