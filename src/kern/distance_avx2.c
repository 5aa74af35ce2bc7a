/* distance_avx2.c - distance kernels for AVX2 with FMA. */
#include <immintrin.h>
#include <string.h>

#include "kern/distance_lanes.h"
#include "kern/kern.h"

static float dot_f32(const float *a, const float *b, size_t n)
{
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    float lane[DOT_LANES];
    size_t i = 0;
    for (; i + DOT_LANES <= n; i += DOT_LANES) {
        s0 = _mm256_add_ps(s0, _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i)));
        s1 = _mm256_add_ps(s1, _mm256_mul_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8)));
        s2 = _mm256_add_ps(s2, _mm256_mul_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16)));
        s3 = _mm256_add_ps(s3, _mm256_mul_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24)));
    }
    _mm256_storeu_ps(lane, s0);
    _mm256_storeu_ps(lane + 8, s1);
    _mm256_storeu_ps(lane + 16, s2);
    _mm256_storeu_ps(lane + 24, s3);
    return dot_end(a, b, i, n, lane);
}

static int32_t dot_i8(const int8_t *a, const int8_t *b, size_t n)
{
    __m256i s = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(a + i)));
        __m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + i)));
        s = _mm256_add_epi32(s, _mm256_madd_epi16(x, y));
    }
    __m128i q = _mm_add_epi32(_mm256_castsi256_si128(s), _mm256_extracti128_si256(s, 1));
    q = _mm_add_epi32(q, _mm_shuffle_epi32(q, 0x4e));
    q = _mm_add_epi32(q, _mm_shuffle_epi32(q, 0xb1));
    int32_t sum = _mm_cvtsi128_si32(q);
    for (; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* vpmaddubsw would saturate (255 * 127 * 2 > 2^15), so both sides are widened. */
static float score(const uint8_t *row, size_t stride, const int8_t *query, int32_t bias)
{
    __m256i s0 = _mm256_setzero_si256(), s1 = s0;
    for (size_t i = 0; i < stride; i += 32) {
        __m256i x0 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i)));
        __m256i y0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + i)));
        __m256i x1 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i + 16)));
        __m256i y1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + i + 16)));
        s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(x0, y0));
        s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(x1, y1));
    }
    s0 = _mm256_add_epi32(s0, s1);
    __m128i q = _mm_add_epi32(_mm256_castsi256_si128(s0), _mm256_extracti128_si256(s0, 1));
    q = _mm_add_epi32(q, _mm_shuffle_epi32(q, 0x4e));
    q = _mm_add_epi32(q, _mm_shuffle_epi32(q, 0xb1));
    float scale;
    memcpy(&scale, row + stride - sizeof scale, sizeof scale);
    return (float)(_mm_cvtsi128_si32(q) - bias) * scale;
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

void kino_distance_fill_avx2(kino_kernels *k)
{
    k->dot_f32 = dot_f32;
    k->dot_i8 = dot_i8;
    k->score_u8 = score_u8;
    k->scan_u8 = scan_u8;
    k->scan_block_u8 = scan_block_u8;
}
