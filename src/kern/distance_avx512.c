/* distance_avx512.c - distance kernels for AVX-512 (F, BW, DQ, VL) without VNNI. */
#include <immintrin.h>
#include <string.h>

#include "kern/distance_lanes.h"
#include "kern/kern.h"

static float dot_f32(const float *a, const float *b, size_t n)
{
    __m512 s0 = _mm512_setzero_ps(), s1 = s0;
    float lane[DOT_LANES];
    size_t i = 0;
    for (; i + DOT_LANES <= n; i += DOT_LANES) {
        s0 = _mm512_add_ps(s0, _mm512_mul_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i)));
        s1 = _mm512_add_ps(s1, _mm512_mul_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16)));
    }
    _mm512_storeu_ps(lane, s0);
    _mm512_storeu_ps(lane + 16, s1);
    return dot_end(a, b, i, n, lane);
}

static int32_t dot_i8(const int8_t *a, const int8_t *b, size_t n)
{
    __m512i s = _mm512_setzero_si512();
    for (size_t i = 0; i < n; i += 32) {
        __mmask32 m = n - i >= 32 ? 0xffffffffu : (1u << (n - i)) - 1;
        __m512i x = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(m, a + i));
        __m512i y = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(m, b + i));
        s = _mm512_add_epi32(s, _mm512_madd_epi16(x, y));
    }
    return _mm512_reduce_add_epi32(s);
}

static float score(const uint8_t *row, size_t stride, const int8_t *query, int32_t bias)
{
    __m512i s0 = _mm512_setzero_si512(), s1 = s0;
    for (size_t i = 0; i < stride; i += 64) {
        __m512i x0 = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(row + i)));
        __m512i y0 = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(query + i)));
        __m512i x1 = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(row + i + 32)));
        __m512i y1 = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(query + i + 32)));
        s0 = _mm512_add_epi32(s0, _mm512_madd_epi16(x0, y0));
        s1 = _mm512_add_epi32(s1, _mm512_madd_epi16(x1, y1));
    }
    float scale;
    memcpy(&scale, row + stride - sizeof scale, sizeof scale);
    return (float)(_mm512_reduce_add_epi32(_mm512_add_epi32(s0, s1)) - bias) * scale;
}

static void score_u8(const uint8_t *base, size_t stride, const uint32_t *ids, size_t count, const int8_t *query,
                     int32_t bias, float *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = score(base + ids[i] * stride, stride, query, bias);
}

static uint64_t scan_u8(const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias,
                        float threshold, float *out)
{
    uint64_t above = 0;
    for (size_t i = 0; i < count; i++) {
        out[i] = score(rows + i * stride, stride, query, bias);
        above |= (uint64_t)(out[i] >= threshold) << i;
    }
    return above;
}

static void scan_block_u8(const uint8_t *block, size_t stride, size_t dim, size_t count, const int8_t *queries,
                          size_t asked, const int32_t *bias, const float *threshold, float *out, uint64_t *above)
{
    (void)dim;
    for (size_t q = 0; q < asked; q++)
        above[q] = scan_u8(block, stride, count, queries + q * stride, bias[q], threshold[q], out + q * 64);
}

void kino_distance_fill_avx512(kino_kernels *k)
{
    k->dot_f32 = dot_f32;
    k->dot_i8 = dot_i8;
    k->score_u8 = score_u8;
    k->scan_u8 = scan_u8;
    k->scan_block_u8 = scan_block_u8;
}
