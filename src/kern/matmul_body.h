/* matmul_body.h - the products of bytes, written once over a register of sixteen 32-bit sums; included by each
 * matmul_ISA.c that has its own way to multiply bytes. Before it the file defines
 *
 *     ints                     sixteen int32 sums of one row; INTS_CLEAR, lanes ints_lanes(ints)
 *     codes                    four input codes of a row, ready for ints_dot; codes_load(const uint8_t *)
 *     weights                  [16][4] weights; weights_load(const int8_t *)
 *     ints_dot(sum, c, w)      adds the four products to each of the sixteen sums
 *     ints_finish(sum, wsum)   what is left to make sum = sum of code * weight, with wsum the column sums of weights
 *     BYTE_ROWS, BYTE_COLUMNS  rows, and registers side by side, of a tile: as many sums as there are registers for
 *
 * The sums are integers and so the same on every machine; what follows them is the same sequence of roundings, so that
 * int8 vectors have the same bits wherever there is a fused multiply-add. */

/* The sums are separate variables and not an array, which GCC 12 would keep in memory. Those beyond `rows`, a constant
 * wherever this is inlined, vanish. */
#define ROWS(each)                                                                                                    \
    each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11)
#define CLEAR(r) ints l##r = INTS_CLEAR, h##r = INTS_CLEAR;
#define STEP(r)                                                                                                       \
    if (r < rows) {                                                                                                   \
        codes c = codes_load(a + r * k + i);                                                                          \
        l##r = ints_dot(l##r, c, left);                                                                               \
        if (BYTE_COLUMNS == 2)                                                                                        \
            h##r = ints_dot(h##r, c, right);                                                                          \
    }
#define FINISH(r)                                                                                                     \
    if (r < rows) {                                                                                                   \
        byte_finish(l##r, in, m, column, row + r, after, out);                                                        \
        if (BYTE_COLUMNS == 2)                                                                                        \
            byte_finish(h##r, in, m, column + LANES, row + r, after, out);                                            \
    }

/* y = s t (sum - z wsum) + b */
INLINE void byte_finish(ints sum, const kino_codes *in, const kino_matrix *m, size_t column, size_t row,
                        const float *after, float *out)
{
    lanes v = ints_lanes(ints_finish(sum, m->sum + column));
    v = lanes_fma(lanes_set(-in->zero[row]), lanes_from_ints(m->sum + column), v);
    v = lanes_mul(v, lanes_load(m->scale + column));
    v = lanes_fma(v, lanes_set(in->scale[row]), lanes_load(m->bias + column));
    if (after)
        v = lanes_mul(lanes_gelu(v), lanes_load(after + column));
    lanes_store(out + row * m->n + column, v);
}

INLINE void byte_tile(size_t rows, size_t k, const uint8_t *a, const kino_codes *in, const kino_matrix *m, size_t column,
                      size_t row, const float *after, float *out)
{
    const int8_t *w = (const int8_t *)m->weight + column / KINO_PANEL * KINO_PANEL * k + column % KINO_PANEL * 4;
    ROWS(CLEAR)
    for (size_t i = 0; i < k; i += 4, w += 4 * KINO_PANEL) {
        weights left = weights_load(w), right = BYTE_COLUMNS == 2 ? weights_load(w + 64) : left;
        ROWS(STEP)
    }
    ROWS(FINISH)
}

#undef CLEAR
#undef STEP
#undef FINISH

/* The two sizes of k that the network has are constants in their tiles: addresses need no registers then. */
INLINE void byte_tile_k(size_t rows, const kino_codes *in, const kino_matrix *m, size_t column, size_t row,
                        const float *after, float *out)
{
    const uint8_t *a = in->code + row * m->k;
    if (m->k == 384)
        byte_tile(rows, 384, a, in, m, column, row, after, out);
    else if (m->k == 1536)
        byte_tile(rows, 1536, a, in, m, column, row, after, out);
    else
        byte_tile(rows, m->k, a, in, m, column, row, after, out);
}

#define BYTE_TAIL(rows)                                                                                               \
    static __attribute__((noinline)) void byte_tile_##rows(const kino_codes *in, const kino_matrix *m, size_t column, \
                                                           size_t row, const float *after, float *out)                \
    {                                                                                                                 \
        if (after)                                                                                                    \
            byte_tile_k(rows, in, m, column, row, after, out);                                                        \
        else                                                                                                          \
            byte_tile_k(rows, in, m, column, row, NULL, out);                                                         \
    }
BYTE_TAILS(BYTE_TAIL)
#undef BYTE_TAIL

typedef void byte_tile_function(const kino_codes *, const kino_matrix *, size_t, size_t, const float *, float *);
#define BYTE_TAIL(rows) byte_tile_##rows,
static byte_tile_function *const byte_tiles[] = {BYTE_TAILS(BYTE_TAIL)};

static void matmul_i8(const kino_matrix *m, size_t rows, const kino_codes *in, const float *after, float *out)
{
    for (size_t column = 0; column < m->n; column += LANES * BYTE_COLUMNS)
        for (size_t row = 0; row < rows; row += BYTE_ROWS) {
            size_t n = rows - row < BYTE_ROWS ? rows - row : BYTE_ROWS;
            byte_tiles[n - 1](in, m, column, row, after, out);
        }
}
