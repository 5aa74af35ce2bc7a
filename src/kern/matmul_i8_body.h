/* matmul_i8_body.h - the products of bytes, written once over a register of sixteen 32-bit sums; included by each
 * matmul_ISA.c that has its own way to multiply bytes. Before it the file defines
 *
 *     ints                     sixteen int32 sums of one row; INTS_CLEAR, lanes ints_lanes(ints)
 *     codes                    four input codes of a row, ready for ints_dot; codes_load(const uint8_t *)
 *     weights                  [16][4] weights; weights_load(const int8_t *)
 *     ints_dot(sum, c, w)      adds the four products to each of the sixteen sums
 *     ints_store(p, sum)       to memory, and
 *     ints_finish(p, wsum)     back, with what is left to make it the sum of code * weight; wsum: of the weights alone
 *     BYTE_SUMS                whether ints_finish uses wsum
 *     BYTE_ROWS, BYTE_COLUMNS  rows, and registers side by side, of a tile: as many sums as there are registers for
 *
 * The sums are integers and so the same on every machine; what follows them is the same sequence of roundings: int8
 * vectors have the same bits everywhere. */

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
#define STORE(r)                                                                                                      \
    if (r < rows) {                                                                                                   \
        ints_store(sums + r * BYTE_COLUMNS * LANES, l##r);                                                            \
        if (BYTE_COLUMNS == 2)                                                                                        \
            ints_store(sums + r * BYTE_COLUMNS * LANES + LANES, h##r);                                                \
    }

INLINE void byte_tile(size_t rows, size_t k, const uint8_t *a, const int8_t *w, int32_t *sums)
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

/* y = s t (sum - z wsum) + b, and what follows it. The sums come through memory, once a tile: with this code behind
 * the loop in one function the compiler would keep the sums of the loop in memory too. */
INLINE void byte_finish(size_t rows, const int32_t *sums, const float *scale, const float *zero, const kino_matrix *m,
                        size_t column, const float *after, float *out)
{
    const size_t n = m->n;
    for (size_t c = 0; c < BYTE_COLUMNS; c++, column += LANES, sums += LANES) {
        const int32_t *wsum = m->sum + column;
        const lanes step = lanes_load(m->scale + column), bias = lanes_load(m->bias + column);
        const lanes total = lanes_from_ints(wsum), more = after ? lanes_load(after + column) : step;
        for (size_t r = 0; r < rows; r++) {
            lanes v = ints_lanes(ints_finish(sums + r * BYTE_COLUMNS * LANES, wsum));
            v = lanes_mul(lanes_fma(lanes_set(-zero[r]), total, v), step);
            v = lanes_fma(v, lanes_set(scale[r]), bias);
            if (after)
                v = lanes_mul(lanes_gelu_coarse(v), more);
            lanes_store(out + r * n + column, v);
        }
    }
}

/* One function for each number of rows. The sizes of k that the network has are constants in them: addresses
 * need no registers then. */
#define BYTE_TAIL(rows)                                                                                               \
    static __attribute__((noinline)) void byte_tile_##rows(size_t k, const uint8_t *a, const int8_t *w, int32_t *sums) \
    {                                                                                                                 \
        if (k == 384)                                                                                                 \
            byte_tile(rows, 384, a, w, sums);                                                                         \
        else if (k == 1536)                                                                                           \
            byte_tile(rows, 1536, a, w, sums);                                                                        \
        else if (k == KINO_HEAD)                                                                                      \
            byte_tile(rows, KINO_HEAD, a, w, sums);                                                                   \
        else                                                                                                          \
            byte_tile(rows, k, a, w, sums);                                                                           \
    }
BYTE_TAILS(BYTE_TAIL)
#undef BYTE_TAIL
#define BYTE_TAIL(rows) byte_tile_##rows,
static void (*const byte_tiles[])(size_t, const uint8_t *, const int8_t *, int32_t *) = {BYTE_TAILS(BYTE_TAIL)};
#undef BYTE_TAIL

static void matmul_i8(const kino_matrix *m, size_t rows, const kino_codes *in, const float *after, float *out)
{
    _Alignas(64) int32_t sums[BYTE_ROWS * BYTE_COLUMNS * LANES];
    for (size_t column = 0; column < m->n; column += LANES * BYTE_COLUMNS) {
        const int8_t *w =
            (const int8_t *)m->weight + column / KINO_PANEL * KINO_PANEL * m->k + column % KINO_PANEL * 4;
        for (size_t row = 0; row < rows; row += BYTE_ROWS) {
            size_t n = rows - row < BYTE_ROWS ? rows - row : BYTE_ROWS;
            byte_tiles[n - 1](m->k, in->code + row * m->k, w, sums);
            if (after)
                byte_finish(n, sums, in->scale + row, in->zero + row, m, column, after, out + row * m->n);
            else
                byte_finish(n, sums, in->scale + row, in->zero + row, m, column, NULL, out + row * m->n);
        }
    }
}
