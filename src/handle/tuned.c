/* tuned.c - the weights of the parts that `kino tune` found for this catalogue: kept in it, copied into the snapshot. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "handle/handle.h"

kino_status kino_tuned_read(kino_catalogue *c, double *weights, bool *found, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_error none;
    *found = false;
    kino_status st = kino_catalogue_get_blob(c, KINO_TUNED_BLOB, &bytes, &size, &none);
    if (st == KINO_NOT_FOUND || (!st && !size)) {
        st = KINO_OK;
    } else if (st) {
        kino_fail(err, st, "%s", none.text);
    } else {
        *found =
            size == KINO_PART_COUNT * sizeof *weights; /* else they are of another version's parts, and do not hold */
        if (*found)
            memcpy(weights, bytes, size);
        if (*found && !kino_part_weights_valid(weights))
            st = kino_fail(err, KINO_DAMAGED,
                           "the tuned weights in the catalogue are not those of this program; run "
                           "`kino tune --undo`");
    }
    free(bytes);
    return st;
}
