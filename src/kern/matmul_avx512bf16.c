/* matmul_avx512bf16.c - the product of bf16 by the instruction for it. */
#define KINO_LANES_AVX512
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

typedef __m512 acc;
typedef __m512bh codes, weights;

#define ACC_CLEAR _mm512_setzero_ps()
#define BYTE_ROWS 12
#define BYTE_COLUMNS 2
#define BYTE_TAILS(each)                                                                                               \
    each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11) each(12)
#define BYTE_SIZES(each) each(768) each(3072)

INLINE codes codes_load(const uint8_t *p)
{
    int32_t pair;
    memcpy(&pair, p, sizeof pair);
    return (__m512bh)_mm512_set1_epi32(pair);
}

INLINE weights weights_load(const int8_t *p)
{
    return (__m512bh)_mm512_loadu_si512(p);
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    return _mm512_dpbf16_ps(sum, c, w);
}

INLINE void acc_store(void *p, acc a)
{
    _mm512_store_ps(p, a);
}

#include "kern/tile_body.h"

INLINE void finish(size_t rows, size_t n, const float *sums, const float *bias, int gelu, float *out)
{
    for (size_t c = 0; c < BYTE_COLUMNS; c++, sums += LANES, bias += LANES, out += LANES) {
        const lanes b = lanes_load(bias);
        for (size_t r = 0; r < rows; r++) {
            lanes v = lanes_add(lanes_load(sums + r * BYTE_COLUMNS * LANES), b);
            lanes_store(out + r * n, gelu ? lanes_gelu_coarse(v) : v);
        }
    }
}

static void matmul_bf16(size_t rows, size_t n, size_t k, const uint16_t *a, const uint16_t *w, const float *bias,
                        int gelu, float *out)
{
    _Alignas(64) float sums[BYTE_ROWS * BYTE_COLUMNS * LANES];
    for (size_t column = 0; column < n; column += KINO_PANEL)
        for (size_t row = 0; row < rows; row += BYTE_ROWS) {
            const size_t count = rows - row < BYTE_ROWS ? rows - row : BYTE_ROWS;
            byte_tiles[count - 1](2 * k, (const uint8_t *)(a + row * k), (const int8_t *)(w + column * k), sums);
            if (gelu)
                finish(count, n, sums, bias + column, 1, out + row * n + column);
            else
                finish(count, n, sums, bias + column, 0, out + row * n + column);
        }
}

static void to_bf16(size_t n, const float *x, uint16_t *out)
{
    for (size_t i = 0; i < n; i += LANES) {
        __m256bh half = _mm512_cvtneps_pbh(_mm512_loadu_ps(x + i));
        memcpy(out + i, &half, sizeof half);
    }
}

void kino_matmul_fill_avx512bf16(kino_kernels *k)
{
    k->to_bf16 = to_bf16;
    k->matmul_bf16 = matmul_bf16;
}
