/* matmul_avx512vnni.c - the products of bytes by VNNI in registers of 512 bits. */
#define KINO_LANES_AVX512
#include <math.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

typedef __m512i acc, codes, weights;

#define ACC_CLEAR _mm512_setzero_si512()
#define BYTE_ROWS 12
#define BYTE_COLUMNS 2
#define BYTE_SUMS 0
#define BYTE_TAILS(each)                                                                                               \
    each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11) each(12)

INLINE codes codes_load(const uint8_t *p)
{
    int32_t four;
    memcpy(&four, p, sizeof four);
    return _mm512_set1_epi32(four);
}

INLINE weights weights_load(const int8_t *p)
{
    return _mm512_loadu_si512(p);
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    return _mm512_dpbusd_epi32(sum, c, w);
}

INLINE void acc_store(void *p, acc a)
{
    _mm512_store_si512(p, a);
}

INLINE acc acc_finish(const int32_t *p, const int32_t *wsum)
{
    (void)wsum;
    return _mm512_load_si512(p);
}

INLINE lanes acc_lanes(acc a)
{
    return _mm512_cvtepi32_ps(a);
}

#include "kern/matmul_i8_body.h"
#include "kern/attention_i8_body.h"

void kino_matmul_fill_avx512vnni(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
}
