/* statistics.c - what the scores of a catalogue rest on: measured in the transaction that changes all of it, kept beside the
 * films, copied into the snapshot. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "handle/handle.h"
#include "rank/spread.h"

#define BLOB "statistics"

kino_status kino_statistics_read(kino_catalogue *c, kino_statistics *out, bool *found, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_error why = {0};
    *found = false;
    kino_status st = kino_catalogue_get_blob(c, BLOB, &bytes, &size, &why);
    if (st == KINO_NOT_FOUND) { /* of an older version: the films speak for themselves */
        st = KINO_OK;
    } else if (st) {
        kino_fail(err, st, "%s", why.text);
    } else if (size == sizeof *out) {
        memcpy(out, bytes, size);
        *found = kino_statistics_valid(out);
    }
    if (!st && size && !*found)
        st = kino_fail(err, KINO_DAMAGED, "the statistics in the catalogue are damaged; run kino retrain");
    free(bytes);
    return st;
}

kino_status kino_statistics_measure(kino_catalogue *c, kino_recipe recipe, int threads, kino_error *err)
{
    kino_segment_builder *b = NULL;
    kino_rows rows = {0};
    kino_status st = kino_segment_builder_new(c, 0, NULL, threads, &b, err);
    if (!st)
        st = kino_segment_builder_vectors(b, c, KINO_INDEX_EXACT, NULL, NULL, err);
    if (!st)
        st = kino_segment_builder_view(b, &rows.base, err);
    if (!st) {
        kino_statistics statistics = rows.base->statistics;
        kino_rows_init(&rows);
        kino_spreads_measure(&rows, recipe, threads, &statistics);
        st = kino_catalogue_put_blob(c, BLOB, &statistics, sizeof statistics, err);
    }
    kino_segment_close(rows.base);
    kino_segment_builder_free(b);
    return st;
}
