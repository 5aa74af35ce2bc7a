/* tuned.c - the weights of the parts that `kino tune` found for this catalogue: kept in it, copied into the snapshot. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "handle/handle.h"

#define NAME "part_weights"

kino_status kino_tuned_read(kino_catalogue *c, double *weights, bool *found, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_error none;
    *found = false;
    kino_status st = kino_catalogue_get_blob(c, NAME, &bytes, &size, &none);
    if (st == KINO_NOT_FOUND || (!st && !size)) {
        st = KINO_OK;
    } else if (st) {
        kino_fail(err, st, "%s", none.text);
    } else {
        *found = size == KINO_PART_COUNT * sizeof *weights;
        if (*found)
            memcpy(weights, bytes, size);
        if (!*found || !kino_part_weights_valid(weights))
            st = kino_fail(err, KINO_DAMAGED,
                           "the tuned weights in the catalogue are not those of this program; run "
                           "`kino tune --undo`");
    }
    free(bytes);
    return st;
}

kino_status kino_tuned_save(kino *k, const double *weights, kino_error *err)
{
    kino_catalogue *c = NULL;
    kino_status st = kino_catalogue_open(k->path, KINO_CATALOGUE_WRITE, &c, err);
    if (!st)
        st = kino_catalogue_begin(c, err);
    if (!st)
        st = kino_catalogue_put_blob(c, NAME, weights ? weights : (const double[]){0},
                                     weights ? KINO_PART_COUNT * sizeof *weights : 0, err);
    if (!st)
        st = kino_catalogue_commit(c, err);
    if (c)
        kino_catalogue_rollback(c);
    kino_catalogue_close(c);
    if (!st)
        kino_remake_snapshot(k, "the weights are saved, but ");
    return st;
}
