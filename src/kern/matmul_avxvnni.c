/* matmul_avxvnni.c - the products of bytes by VNNI in registers of 256 bits. */
#define KINO_LANES_AVX2
#include <math.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

typedef struct acc {
    __m256i l, h;
} acc;
typedef __m256i codes;
typedef acc weights;

#define ACC_CLEAR ((acc){_mm256_setzero_si256(), _mm256_setzero_si256()})
#define BYTE_ROWS 6
#define BYTE_COLUMNS 1
#define BYTE_SUMS 0
#define BYTE_TAILS(each) each(1) each(2) each(3) each(4) each(5) each(6)

INLINE codes codes_load(const uint8_t *p)
{
    int32_t four;
    memcpy(&four, p, sizeof four);
    return _mm256_set1_epi32(four);
}

INLINE weights weights_load(const int8_t *p)
{
    return (acc){_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    return (acc){_mm256_dpbusd_avx_epi32(sum.l, c, w.l), _mm256_dpbusd_avx_epi32(sum.h, c, w.h)};
}

INLINE void acc_store(void *p, acc a)
{
    _mm256_store_si256((__m256i *)p, a.l);
    _mm256_store_si256((__m256i *)p + 1, a.h);
}

INLINE acc acc_finish(const int32_t *p, const int32_t *wsum)
{
    (void)wsum;
    return (acc){_mm256_load_si256((const __m256i *)p), _mm256_load_si256((const __m256i *)(p + 8))};
}

INLINE lanes acc_lanes(acc a)
{
    return (lanes){_mm256_cvtepi32_ps(a.l), _mm256_cvtepi32_ps(a.h)};
}

#include "kern/matmul_i8_body.h"
#include "kern/attention_i8_body.h"

void kino_matmul_fill_avxvnni(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
}
