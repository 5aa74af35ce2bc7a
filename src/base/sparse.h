/* sparse.h - rows of numbers of which most are 0: only the others are kept.
 *
 *     kino_sparse s = {0};
 *     kino_sparse_put(&s, 3, 1.5f);                           // column 3 of the row that is being made
 *     kino_sparse_end(&s);                                    // which is complete
 *     kino_sparse_row r = kino_sparse_at(&s, 0);              // lent until the next put
 *     kino_sparse_free(&s); */
#ifndef KINO_BASE_SPARSE_H
#define KINO_BASE_SPARSE_H

#include <stddef.h>
#include <stdint.h>

/* Columns ascend. */
typedef struct kino_sparse_row {
    const uint32_t *index;
    const float *value;
    size_t count;
} kino_sparse_row;

typedef struct kino_sparse {
    uint32_t *index; /* [used] */
    float *value;    /* [used] */
    size_t *end;     /* [rows]: where each row ends; the next begins there */
    size_t rows, used, row_room, room;
} kino_sparse;

/* Columns of a row are put in ascending order; a 0 is left out. */
void kino_sparse_put(kino_sparse *s, uint32_t column, float value);
void kino_sparse_end(kino_sparse *s);
kino_sparse_row kino_sparse_at(const kino_sparse *s, size_t row);
void kino_sparse_free(kino_sparse *s);

#endif
