/* distance_avx512vnni.c - distance kernels of bytes for AVX-512 VNNI, whose vpdpbusd multiplies unsigned by signed:
 * that is why stored codes are unsigned and queries signed. Rows go four at a time: four accumulators hide the
 * instruction's latency and share the loads of the query and the sums across lanes. */
#include <immintrin.h>
#include <string.h>

#include "kern/kern.h"

/* {sum a, sum b, sum c, sum d} */
static inline __m128i sum4(__m512i a, __m512i b, __m512i c, __m512i d)
{
    __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    __m512i s = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    __m256i h = _mm256_add_epi32(_mm512_castsi512_si256(s), _mm512_extracti64x4_epi64(s, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(h), _mm256_extracti128_si256(h, 1));
}

static inline float scale_of(const uint8_t *row, size_t stride)
{
    float scale;
    memcpy(&scale, row + stride - sizeof scale, sizeof scale);
    return scale;
}

static inline __m128 scores4(__m128i sums, int32_t bias, __m128 scales)
{
    return _mm_mul_ps(_mm_cvtepi32_ps(_mm_sub_epi32(sums, _mm_set1_epi32(bias))), scales);
}

/* Stores four scores; the bits of those that reach the threshold. */
static inline uint64_t keep4(float *out, __m128 scores, float threshold)
{
    _mm_storeu_ps(out, scores);
    return _mm_cmp_ps_mask(scores, _mm_set1_ps(threshold), _CMP_GE_OQ);
}

static inline __m128 four(const uint8_t *r0, const uint8_t *r1, const uint8_t *r2, const uint8_t *r3, size_t stride,
                          const int8_t *query, int32_t bias)
{
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
    for (size_t i = 0; i < stride; i += 64) {
        __m512i q = _mm512_loadu_si512(query + i);
        a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(r0 + i), q);
        b = _mm512_dpbusd_epi32(b, _mm512_loadu_si512(r1 + i), q);
        c = _mm512_dpbusd_epi32(c, _mm512_loadu_si512(r2 + i), q);
        d = _mm512_dpbusd_epi32(d, _mm512_loadu_si512(r3 + i), q);
    }
    __m128 scales = _mm_setr_ps(scale_of(r0, stride), scale_of(r1, stride), scale_of(r2, stride), scale_of(r3, stride));
    return scores4(sum4(a, b, c, d), bias, scales);
}

static float one(const uint8_t *row, size_t stride, const int8_t *query, int32_t bias)
{
    __m512i a = _mm512_setzero_si512();
    for (size_t i = 0; i < stride; i += 64)
        a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(row + i), _mm512_loadu_si512(query + i));
    return (float)(_mm512_reduce_add_epi32(a) - bias) * scale_of(row, stride);
}

static void score_u8(const uint8_t *base, size_t stride, const uint32_t *ids, size_t count, const int8_t *query,
                     int32_t bias, float *out)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        _mm_storeu_ps(out + i, four(base + ids[i] * stride, base + ids[i + 1] * stride, base + ids[i + 2] * stride,
                                    base + ids[i + 3] * stride, stride, query, bias));
    for (; i < count; i++)
        out[i] = one(base + ids[i] * stride, stride, query, bias);
}

static uint64_t scan_u8(const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias,
                        float threshold, float *out)
{
    uint64_t above = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const uint8_t *r = rows + i * stride;
        __m128 s = four(r, r + stride, r + 2 * stride, r + 3 * stride, stride, query, bias);
        above |= keep4(out + i, s, threshold) << i;
    }
    for (; i < count; i++) {
        out[i] = one(rows + i * stride, stride, query, bias);
        above |= (uint64_t)(out[i] >= threshold) << i;
    }
    return above;
}

/* Four rows times four queries: 16 accumulators, 8 loads for 16 products. */
static void scan4_u8(const uint8_t *rows, size_t stride, size_t count, const int8_t *queries, const int32_t bias[4],
                     const float threshold[4], float *out, uint64_t above[4])
{
    size_t i = 0;
    memset(above, 0, 4 * sizeof *above);
    for (; i + 4 <= count; i += 4) {
        const uint8_t *r = rows + i * stride;
        __m512i a0 = _mm512_setzero_si512(), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        __m512i c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        for (size_t j = 0; j < stride; j += 64) {
            __m512i q0 = _mm512_loadu_si512(queries + j), q1 = _mm512_loadu_si512(queries + stride + j);
            __m512i q2 = _mm512_loadu_si512(queries + 2 * stride + j);
            __m512i q3 = _mm512_loadu_si512(queries + 3 * stride + j);
            __m512i x = _mm512_loadu_si512(r + j);
            a0 = _mm512_dpbusd_epi32(a0, x, q0);
            a1 = _mm512_dpbusd_epi32(a1, x, q1);
            a2 = _mm512_dpbusd_epi32(a2, x, q2);
            a3 = _mm512_dpbusd_epi32(a3, x, q3);
            x = _mm512_loadu_si512(r + stride + j);
            b0 = _mm512_dpbusd_epi32(b0, x, q0);
            b1 = _mm512_dpbusd_epi32(b1, x, q1);
            b2 = _mm512_dpbusd_epi32(b2, x, q2);
            b3 = _mm512_dpbusd_epi32(b3, x, q3);
            x = _mm512_loadu_si512(r + 2 * stride + j);
            c0 = _mm512_dpbusd_epi32(c0, x, q0);
            c1 = _mm512_dpbusd_epi32(c1, x, q1);
            c2 = _mm512_dpbusd_epi32(c2, x, q2);
            c3 = _mm512_dpbusd_epi32(c3, x, q3);
            x = _mm512_loadu_si512(r + 3 * stride + j);
            d0 = _mm512_dpbusd_epi32(d0, x, q0);
            d1 = _mm512_dpbusd_epi32(d1, x, q1);
            d2 = _mm512_dpbusd_epi32(d2, x, q2);
            d3 = _mm512_dpbusd_epi32(d3, x, q3);
        }
        __m128 scales = _mm_setr_ps(scale_of(r, stride), scale_of(r + stride, stride), scale_of(r + 2 * stride, stride),
                                    scale_of(r + 3 * stride, stride));
        above[0] |= keep4(out + i, scores4(sum4(a0, b0, c0, d0), bias[0], scales), threshold[0]) << i;
        above[1] |= keep4(out + 64 + i, scores4(sum4(a1, b1, c1, d1), bias[1], scales), threshold[1]) << i;
        above[2] |= keep4(out + 128 + i, scores4(sum4(a2, b2, c2, d2), bias[2], scales), threshold[2]) << i;
        above[3] |= keep4(out + 192 + i, scores4(sum4(a3, b3, c3, d3), bias[3], scales), threshold[3]) << i;
    }
    for (; i < count; i++)
        for (size_t q = 0; q < 4; q++) {
            float s = one(rows + i * stride, stride, queries + q * stride, bias[q]);
            out[q * 64 + i] = s;
            above[q] |= (uint64_t)(s >= threshold[q]) << i;
        }
}

void kino_distance_fill_avx512vnni(kino_kernels *k)
{
    k->score_u8 = score_u8;
    k->scan_u8 = scan_u8;
    k->scan4_u8 = scan4_u8;
}
