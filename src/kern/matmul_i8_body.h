/* matmul_i8_body.h - the products of bytes; included by each matmul_ISA.c that has its own way to multiply them. Before
 * that, the file defines what tile_body.h needs, and
 *
 *     acc_lanes(acc)           the sums as floats
 *     acc_finish(p, wsum)      sums from memory, with what is left to make them those of code * weight; wsum: of the
 *                              weights alone
 *     BYTE_SUMS                whether acc_finish uses wsum
 *
 * The sums are integers and so the same on every machine; what follows them is the same sequence of roundings: int8
 * vectors have the same bits everywhere. */
#define BYTE_SIZES(each) each(KINO_HEAD) each(384) each(1536)
#include "kern/tile_body.h"

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
            lanes v = acc_lanes(acc_finish(sums + r * BYTE_COLUMNS * LANES, wsum));
            v = lanes_mul(lanes_fma(lanes_set(-zero[r]), total, v), step);
            v = lanes_fma(v, lanes_set(scale[r]), bias);
            if (after)
                v = lanes_mul(lanes_gelu_coarse(v), more);
            lanes_store(out + r * n + column, v);
        }
    }
}

static void matmul_i8(const kino_matrix *m, size_t rows, const kino_codes *in, const float *after, float *out)
{
    _Alignas(64) int32_t sums[BYTE_ROWS * BYTE_COLUMNS * LANES];
    for (size_t column = 0; column < m->n; column += LANES * BYTE_COLUMNS) {
        const int8_t *w = (const int8_t *)m->weight + column / KINO_PANEL * KINO_PANEL * m->k + column % KINO_PANEL * 4;
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
