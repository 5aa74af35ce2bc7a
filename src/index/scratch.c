/* scratch.c - the room a search works in: the list of the best, and what was visited. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "index/search.h"

kino_scratch *kino_scratch_new(void)
{
    return kino_alloc(sizeof(kino_scratch));
}

void kino_scratch_free(kino_scratch *s)
{
    if (!s)
        return;
    free(s->bytes);
    free(s->row);
    free(s->raw);
    free(s->refined);
    free(s->best);
    free(s->seen);
    free(s->pool);
    free(s->found);
    free(s->bits);
    free(s);
}

int8_t *kino_scratch_probes(kino_scratch *s, size_t stride, size_t count)
{
    size_t size = 2 * stride * count;
    if (size > s->bytes_size) {
        free(s->bytes);
        s->bytes = kino_alloc_aligned(size);
        s->bytes_size = size;
    }
    return s->bytes;
}

void kino_scratch_candidates(kino_scratch *s, size_t count)
{
    if (count <= s->capacity)
        return;
    size_t more = s->capacity ? s->capacity : 1024;
    while (more < count)
        more *= 2;
    s->row = kino_resize_array(s->row, more, sizeof *s->row);
    s->raw = kino_resize_array(s->raw, more, sizeof *s->raw);
    s->refined = kino_resize_array(s->refined, more, sizeof *s->refined);
    s->capacity = more;
}

uint16_t kino_scratch_epoch(kino_scratch *s, size_t rows)
{
    if (rows > s->seen_rows) {
        free(s->seen);
        s->seen = kino_alloc_array(rows, sizeof *s->seen);
        s->seen_rows = rows;
        s->epoch = 0;
    }
    if (++s->epoch == 0) { /* after 65,535 searches the marks would repeat */
        memset(s->seen, 0, s->seen_rows * sizeof *s->seen);
        s->epoch = 1;
    }
    return s->epoch;
}

void *kino_alloc_large(size_t size)
{
    const size_t page = (size_t)2 << 20;
    if (size < 2 * page || size > SIZE_MAX / 2)
        return kino_alloc_aligned(size);
    size = (size + page - 1) / page * page;
    void *p = aligned_alloc(page, size);
    if (!p)
        return kino_alloc_aligned(size); /* which knows how to fail */
#ifdef MADV_HUGEPAGE
    madvise(p, size, MADV_HUGEPAGE); /* only advice */
#endif
    return memset(p, 0, size);
}
