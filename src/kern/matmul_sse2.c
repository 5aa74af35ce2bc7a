/* matmul_sse2.c - bytes on any 64-bit x86 processor: the four codes and weights of a column are two pairs of 16 bits,
 * even and odd ones, each of which one instruction multiplies and adds. */
#define KINO_LANES_SCALAR
#include <emmintrin.h>

#include "kern/kern.h"
#include "kern/lanes.h"

typedef struct acc {
    __m128i v[LANES / 4];
} acc;
typedef struct codes {
    __m128i even, odd;
} codes;
typedef const __m128i *weights;

#define ACC_CLEAR ((acc){{_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()}})
#define BYTE_ROWS 1
#define BYTE_COLUMNS 1
#define BYTE_SUMS 0
#define BYTE_TAILS(each) each(1)

INLINE codes codes_load(const uint8_t *p)
{
    int32_t four;
    memcpy(&four, p, sizeof four);
    const __m128i c = _mm_set1_epi32(four);
    return (codes){_mm_and_si128(c, _mm_set1_epi16(255)), _mm_srli_epi16(c, 8)};
}

INLINE weights weights_load(const int8_t *p)
{
    return (const __m128i *)p;
}

INLINE __m128i quarter_dot(__m128i sum, codes c, __m128i w)
{
    const __m128i even = _mm_srai_epi16(_mm_slli_epi16(w, 8), 8), odd = _mm_srai_epi16(w, 8);
    sum = _mm_add_epi32(sum, _mm_madd_epi16(c.even, even));
    return _mm_add_epi32(sum, _mm_madd_epi16(c.odd, odd));
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    return (acc){{quarter_dot(sum.v[0], c, _mm_loadu_si128(w)), quarter_dot(sum.v[1], c, _mm_loadu_si128(w + 1)),
                  quarter_dot(sum.v[2], c, _mm_loadu_si128(w + 2)), quarter_dot(sum.v[3], c, _mm_loadu_si128(w + 3))}};
}

INLINE void acc_store(void *p, acc a)
{
    memcpy(p, a.v, sizeof a.v);
}

typedef struct ints {
    int32_t v[LANES];
} ints;

INLINE ints acc_finish(const int32_t *p, const int32_t *wsum)
{
    ints a;
    (void)wsum;
    memcpy(a.v, p, sizeof a.v);
    return a;
}

INLINE lanes acc_lanes(ints a)
{
    return lanes_from_ints(a.v);
}

#include "kern/matmul_i8_body.h"
#include "kern/attention_i8_body.h"

void kino_matmul_fill_sse2(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
}
