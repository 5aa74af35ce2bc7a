/* matmul_avx2.c - matrix products for AVX2: floats, bytes, widened weights of 16 bits. */
#define KINO_LANES_AVX2
#include <math.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

/* Twelve sums, two registers of weights, one of input: fifteen of sixteen. */
#define FLOAT_ROWS 6
#define FLOAT_COLUMNS 1
#define FLOAT_TAILS(each) each(1) each(2) each(3) each(4) each(5) each(6)

#include "kern/matmul_f32_body.h"

static void widen_f16(size_t k, const uint16_t *w, float *out)
{
    for (size_t i = 0; i < k * KINO_PANEL; i += 8)
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w + i))));
}

/* ---- bytes ---- */

/* vpmaddubsw adds two products in 16 bits and saturates, which 255 * 127 * 2 would reach. Codes less 128 have a
 * magnitude of 128 at most: |code - 128| times the weight under the sign of the code fits, and 128 wsum is added at
 * the end. The sums are those of VNNI's instruction, exactly. */
typedef struct acc {
    __m256i l, h;
} acc;
typedef struct codes {
    __m256i sign, magnitude;
} codes;
typedef acc weights;

#define ACC_CLEAR ((acc){_mm256_setzero_si256(), _mm256_setzero_si256()})
#define BYTE_ROWS 4
#define BYTE_COLUMNS 1
#define BYTE_SUMS 1
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
    return (acc){_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
}

INLINE __m256i half_dot(__m256i sum, codes c, __m256i w)
{
    __m256i pairs = _mm256_maddubs_epi16(c.magnitude, _mm256_sign_epi8(w, c.sign));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    return (acc){half_dot(sum.l, c, w.l), half_dot(sum.h, c, w.h)};
}

INLINE void acc_store(void *p, acc a)
{
    _mm256_store_si256((__m256i *)p, a.l);
    _mm256_store_si256((__m256i *)p + 1, a.h);
}

INLINE acc acc_finish(const int32_t *p, const int32_t *wsum)
{
    __m256i l = _mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)wsum), 7);
    __m256i h = _mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)(wsum + 8)), 7);
    return (acc){_mm256_add_epi32(_mm256_load_si256((const __m256i *)p), l),
                 _mm256_add_epi32(_mm256_load_si256((const __m256i *)(p + 8)), h)};
}

INLINE lanes acc_lanes(acc a)
{
    return (lanes){_mm256_cvtepi32_ps(a.l), _mm256_cvtepi32_ps(a.h)};
}

#include "kern/matmul_i8_body.h"
#include "kern/attention_i8_body.h"

void kino_matmul_fill_avx2(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
    k->matmul_f32 = matmul_f32;
    k->widen_f16 = widen_f16;
}
