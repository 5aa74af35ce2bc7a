/* tile_body.h - tiles of a matrix product that takes four bytes of a row at a time, four codes of 8 bits or two floats of
 * 16, written once over a register of sixteen sums. Before it the including file defines
 *
 *     acc                      sixteen sums of one row, int32 or float; ACC_CLEAR
 *     codes                    four bytes of an input row, ready for acc_dot; codes_load(const uint8_t *)
 *     weights                  [16][4 bytes]; weights_load(const int8_t *)
 *     acc_dot(sum, c, w)       adds the products to each of the sixteen sums
 *     acc_store(p, sum)        to memory, 64 bytes
 *     BYTE_ROWS, BYTE_COLUMNS  rows, and registers side by side, of a tile: as many sums as there are registers for
 *     BYTE_TAILS(each)         each(1) ... each(BYTE_ROWS)
 *     BYTE_SIZES(each)         each(k) for the bytes of a row that the network has: constants need no registers */

/* The sums are separate variables and not an array, which GCC 12 would keep in memory. Those beyond `rows`, a constant
 * wherever this is inlined, vanish. */
#define ROWS(each) each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11)
#define CLEAR(r) acc l##r = ACC_CLEAR, h##r = ACC_CLEAR;
#define STEP(r)                                                                                                        \
    if (r < rows) {                                                                                                    \
        codes c = codes_load(a + r * k + i);                                                                           \
        l##r = acc_dot(l##r, c, left);                                                                                 \
        if (BYTE_COLUMNS == 2)                                                                                         \
            h##r = acc_dot(h##r, c, right);                                                                            \
    }
#define STORE(r)                                                                                                       \
    if (r < rows) {                                                                                                    \
        char *at = (char *)sums + 64 * r * BYTE_COLUMNS;                                                               \
        acc_store(at, l##r);                                                                                           \
        if (BYTE_COLUMNS == 2)                                                                                         \
            acc_store(at + 64, h##r);                                                                                  \
    }

INLINE void byte_tile(size_t rows, size_t k, const uint8_t *a, const int8_t *w, void *sums)
{
    ROWS(CLEAR)
    for (size_t i = 0; i < k; i += 4, w += 4 * KINO_PANEL) {
        weights left = weights_load(w), right = BYTE_COLUMNS == 2 ? weights_load(w + 64) : left;
        ROWS(STEP)
    }
    ROWS(STORE)
}

#undef ROWS
#undef CLEAR
#undef STEP
#undef STORE

/* One function for each number of rows. */
#define BYTE_SIZE(size)                                                                                                \
    case size:                                                                                                         \
        byte_tile(ROWS, size, a, w, sums);                                                                             \
        break;
#define BYTE_TAIL(rows)                                                                                                \
    static __attribute__((noinline)) void byte_tile_##rows(size_t k, const uint8_t *a, const int8_t *w, void *sums)    \
    {                                                                                                                  \
        enum { ROWS = rows };                                                                                          \
        switch (k) {                                                                                                   \
            BYTE_SIZES(BYTE_SIZE)                                                                                      \
        default:                                                                                                       \
            byte_tile(ROWS, k, a, w, sums);                                                                            \
        }                                                                                                              \
    }
BYTE_TAILS(BYTE_TAIL)
#undef BYTE_TAIL
#define BYTE_TAIL(rows) byte_tile_##rows,
static void (*const byte_tiles[])(size_t, const uint8_t *, const int8_t *, void *) = {BYTE_TAILS(BYTE_TAIL)};
#undef BYTE_TAIL
#undef BYTE_SIZE
