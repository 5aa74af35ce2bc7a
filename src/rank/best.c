/* best.c - a heap of the best rows, the worst of them on top. */
#include "rank/best.h"

#include <stdbool.h>

static bool is_worse(const kino_best *a, const kino_best *b)
{
    return a->score != b->score ? a->score < b->score : a->row > b->row;
}

/* `new` takes the place of the top. */
static void sift(kino_best *heap, size_t count, kino_best new)
{
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            break;
        child += child + 1 < count && is_worse(&heap[child + 1], &heap[child]);
        if (!is_worse(&heap[child], &new))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = new;
}

static void rise(kino_best *heap, size_t at, kino_best new)
{
    while (at && is_worse(&new, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = new;
}

/* Most films are below the worst that is kept: they are passed over 64 at a time. */
static uint64_t not_below(const float *score, size_t n, float floor)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++)
        bits |= (uint64_t)(score[i] >= floor) << i;
    return bits;
}

size_t kino_best_keep(const float *score, const uint64_t *bits, size_t n, size_t first, size_t most, kino_best *heap,
                      size_t count)
{
    for (size_t at = 0; most && at < n; at += 64) {
        uint64_t left = bits[at / 64];
        if (count == most && left)
            left &= not_below(score + at, n - at < 64 ? n - at : 64, heap[0].score);
        for (; left; left &= left - 1) {
            const size_t row = at + (size_t)__builtin_ctzll(left);
            const kino_best new = {score[row], (uint32_t)(first + row)};
            if (count < most)
                rise(heap, count++, new);
            else if (is_worse(&heap[0], &new))
                sift(heap, count, new);
        }
    }
    return count;
}
