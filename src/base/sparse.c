/* sparse.c - rows of numbers of which most are 0. */
#include "base/sparse.h"

#include <stdlib.h>

#include "base/alloc.h"

void kino_sparse_put(kino_sparse *s, uint32_t column, float value)
{
    if (value == 0)
        return;
    if (s->used == s->room) {
        s->room = s->room ? 2 * s->room : 256;
        s->index = kino_resize_array(s->index, s->room, sizeof *s->index);
        s->value = kino_resize_array(s->value, s->room, sizeof *s->value);
    }
    s->index[s->used] = column;
    s->value[s->used++] = value;
}

void kino_sparse_end(kino_sparse *s)
{
    if (s->rows == s->row_room) {
        s->row_room = s->row_room ? 2 * s->row_room : 64;
        s->end = kino_resize_array(s->end, s->row_room, sizeof *s->end);
    }
    s->end[s->rows++] = s->used;
}

kino_sparse_row kino_sparse_at(const kino_sparse *s, size_t row)
{
    const size_t start = row ? s->end[row - 1] : 0;
    if (s->end[row] == start)
        return (kino_sparse_row){0};
    return (kino_sparse_row){s->index + start, s->value + start, s->end[row] - start};
}

void kino_sparse_free(kino_sparse *s)
{
    free(s->index);
    free(s->value);
    free(s->end);
    *s = (kino_sparse){0};
}
