#define KINO_LANES_AVX2
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

/* Six rows by sixteen columns: twelve accumulators, two of weights, one of input: fifteen of sixteen registers. They
 * are separate variables by way of a constant row count in an inlined function; GCC 12 at -O3 would spill them. */
#define TILE 6

INLINE void tile(size_t rows, size_t k, const float *a, const float *w, const float *bias, int gelu, float *out,
                 size_t n)
{
    lanes sum[TILE];
#pragma GCC unroll 6
    for (size_t r = 0; r < rows; r++)
        sum[r] = lanes_set(0);
    for (size_t i = 0; i < k; i++) {
        lanes column = lanes_load(w + i * KINO_PANEL);
#pragma GCC unroll 6
        for (size_t r = 0; r < rows; r++)
            sum[r] = lanes_fma(lanes_set(a[r * k + i]), column, sum[r]);
    }
#pragma GCC unroll 6
    for (size_t r = 0; r < rows; r++) {
        lanes v = lanes_add(sum[r], lanes_load(bias));
        lanes_store(out + r * n, gelu ? lanes_gelu(v) : v);
    }
}

static void matmul_f32(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out)
{
    for (size_t c = 0; c < n; c += LANES) {
        const float *panel = w + c / KINO_PANEL * KINO_PANEL * k + c % KINO_PANEL;
        size_t r = 0;
        for (; r + TILE <= rows; r += TILE)
            tile(TILE, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
        switch (rows - r) {
        case 5:
            tile(5, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 4:
            tile(4, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 3:
            tile(3, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 2:
            tile(2, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 1:
            tile(1, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        }
    }
}

/* ---- bytes ---- */

/* vpmaddubsw adds two products in 16 bits and saturates, which 255 * 127 * 2 would reach. Codes less 128 have a
 * magnitude of 128 at most: |code - 128| times the weight under the sign of the code fits, and 128 wsum is added at
 * the end. The sums are those of VNNI's instruction, exactly. */
typedef struct ints {
    __m256i l, h;
} ints;
typedef struct codes {
    __m256i sign, magnitude;
} codes;
typedef ints weights;

#define INTS_CLEAR ((ints){_mm256_setzero_si256(), _mm256_setzero_si256()})
#define BYTE_ROWS 4
#define BYTE_COLUMNS 1
#define BYTE_TAILS(each) each(1) each(2) each(3) each(4)

INLINE codes codes_load(const uint8_t *p)
{
    int32_t four;
    memcpy(&four, p, sizeof four);
    __m256i c = _mm256_set1_epi32(four ^ (int32_t)0x80808080);
    return (codes){c, _mm256_abs_epi8(c)};
}

INLINE weights weights_load(const int8_t *p)
{
    return (ints){_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
}

INLINE __m256i half_dot(__m256i sum, codes c, __m256i w)
{
    __m256i pairs = _mm256_maddubs_epi16(c.magnitude, _mm256_sign_epi8(w, c.sign));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

INLINE ints ints_dot(ints sum, codes c, weights w)
{
    return (ints){half_dot(sum.l, c, w.l), half_dot(sum.h, c, w.h)};
}

INLINE ints ints_finish(ints sum, const int32_t *wsum)
{
    __m256i l = _mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)wsum), 7);
    __m256i h = _mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)(wsum + 8)), 7);
    return (ints){_mm256_add_epi32(sum.l, l), _mm256_add_epi32(sum.h, h)};
}

INLINE lanes ints_lanes(ints a)
{
    return (lanes){_mm256_cvtepi32_ps(a.l), _mm256_cvtepi32_ps(a.h)};
}

#include "kern/matmul_body.h"

void kino_matmul_fill_avx2(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->matmul_f32 = matmul_f32;
}
