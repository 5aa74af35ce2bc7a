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
        for (size_t j = 0; j < 4 * stride; j += 64)
            _mm_prefetch((const char *)((uintptr_t)r + 16 * stride + j), _MM_HINT_T0); /* may lie behind the end */
        __m128 s = four(r, r + stride, r + 2 * stride, r + 3 * stride, stride, query, bias);
        above |= keep4(out + i, s, threshold) << i;
    }
    for (; i < count; i++) {
        out[i] = one(rows + i * stride, stride, query, bias);
        above |= (uint64_t)(out[i] >= threshold) << i;
    }
    return above;
}

/* ---- blocks of 64 rows: [stride / 4][64][4] ----
 *
 * A register holds four bytes of each of 16 rows, so their sums need no adding across lanes, and the last group of
 * four bytes is the scales. A tile of 64 rows by 6 queries: 24 accumulators, ten loads for 24 products. */

enum { ROWS = 64, LANES = 16, TILE = 6 };

static inline void turn16(const uint8_t *rows, size_t stride, __m512i x[16])
{
    __m512i y[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++)
        x[i] = _mm512_loadu_si512(rows + (size_t)i * stride);
#pragma GCC unroll 8
    for (int i = 0; i < 16; i += 2) {
        y[i] = _mm512_unpacklo_epi32(x[i], x[i + 1]);
        y[i + 1] = _mm512_unpackhi_epi32(x[i], x[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4)
#pragma GCC unroll 2
        for (int j = 0; j < 2; j++) {
            x[i + 2 * j] = _mm512_unpacklo_epi64(y[i + j], y[i + j + 2]);
            x[i + 2 * j + 1] = _mm512_unpackhi_epi64(y[i + j], y[i + j + 2]);
        }
        /* x[4 a + c] has column 4 l + c of rows 4 a .. 4 a + 3 in its quarter l */
#pragma GCC unroll 4
    for (int c = 0; c < 4; c++) {
        y[c] = _mm512_shuffle_i32x4(x[c], x[4 + c], 0x44);
        y[4 + c] = _mm512_shuffle_i32x4(x[c], x[4 + c], 0xee);
        y[8 + c] = _mm512_shuffle_i32x4(x[8 + c], x[12 + c], 0x44);
        y[12 + c] = _mm512_shuffle_i32x4(x[8 + c], x[12 + c], 0xee);
    }
#pragma GCC unroll 4
    for (int c = 0; c < 4; c++) {
        x[c] = _mm512_shuffle_i32x4(y[c], y[8 + c], 0x88);
        x[4 + c] = _mm512_shuffle_i32x4(y[c], y[8 + c], 0xdd);
        x[8 + c] = _mm512_shuffle_i32x4(y[4 + c], y[12 + c], 0x88);
        x[12 + c] = _mm512_shuffle_i32x4(y[4 + c], y[12 + c], 0xdd);
    }
}

static void block_u8(const uint8_t *rows, size_t stride, size_t count, uint8_t *block)
{
    for (size_t r = 0; r < ROWS; r += LANES)
        for (size_t j = 0; j < stride; j += 64) {
            uint8_t *out = block + j * ROWS + 4 * r;
            __m512i x[16];
            if (r + LANES <= count) {
                turn16(rows + r * stride + j, stride, x);
            } else {
                uint8_t some[16 * 64] = {0};
                for (size_t i = 0; r + i < count; i++)
                    memcpy(some + 64 * i, rows + (r + i) * stride + j, 64);
                turn16(some, 64, x);
            }
#pragma GCC unroll 16
            for (int i = 0; i < 16; i++)
                _mm512_storeu_si512(out + (size_t)i * 4 * ROWS, x[i]);
        }
}

static inline __m512i four_bytes(const int8_t *p)
{
    int32_t four;
    memcpy(&four, p, sizeof four);
    return _mm512_set1_epi32(four);
}

/* Sums by name, and stored at once: as an array, or with the rest of the work behind the loop, the compiler would keep
 * them on the stack. sums: [6][64] */
__attribute__((noinline)) static void tile_6(const uint8_t *block, size_t stride, size_t groups, const int8_t *q,
                                             int32_t *sums)
{
#define EACH(f) f(0) f(1) f(2) f(3) f(4) f(5)
#define BEGIN(i) __m512i a##i = _mm512_setzero_si512(), b##i = a##i, c##i = a##i, d##i = a##i;
#define MULTIPLY(i)                                                                                                    \
    y = four_bytes(q + (i)*stride);                                                                                    \
    a##i = _mm512_dpbusd_epi32(a##i, a, y);                                                                            \
    b##i = _mm512_dpbusd_epi32(b##i, b, y);                                                                            \
    c##i = _mm512_dpbusd_epi32(c##i, c, y);                                                                            \
    d##i = _mm512_dpbusd_epi32(d##i, d, y);
#define STORE(i)                                                                                                       \
    _mm512_store_si512(sums + (i)*ROWS, a##i);                                                                         \
    _mm512_store_si512(sums + (i)*ROWS + 16, b##i);                                                                    \
    _mm512_store_si512(sums + (i)*ROWS + 32, c##i);                                                                    \
    _mm512_store_si512(sums + (i)*ROWS + 48, d##i);
    EACH(BEGIN)
    for (; groups; groups--, block += 4 * ROWS, q += 4) {
        __m512i a = _mm512_load_si512(block), b = _mm512_load_si512(block + 64), c = _mm512_load_si512(block + 128);
        __m512i d = _mm512_load_si512(block + 192), y;
        EACH(MULTIPLY)
    }
    EACH(STORE)
}

__attribute__((noinline)) static void tile_1(const uint8_t *block, size_t stride, size_t groups, const int8_t *q,
                                             int32_t *sums)
{
    BEGIN(0)
    for (; groups; groups--, block += 4 * ROWS, q += 4) {
        __m512i a = _mm512_load_si512(block), b = _mm512_load_si512(block + 64), c = _mm512_load_si512(block + 128);
        __m512i d = _mm512_load_si512(block + 192), y;
        MULTIPLY(0)
    }
    STORE(0)
}

static uint64_t finish(const int32_t *sums, const uint8_t *scales, int32_t bias, float threshold, float *out)
{
    uint64_t above = 0;
    for (size_t r = 0; r < ROWS; r += LANES) {
        __m512i s = _mm512_sub_epi32(_mm512_load_si512(sums + r), _mm512_set1_epi32(bias));
        __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(s), _mm512_load_ps(scales + 4 * r));
        _mm512_storeu_ps(out + r, x);
        above |= (uint64_t)_mm512_cmp_ps_mask(x, _mm512_set1_ps(threshold), _CMP_GE_OQ) << r;
    }
    return above;
}

static void scan_block_u8(const uint8_t *block, size_t stride, size_t dim, size_t count, const int8_t *queries,
                          size_t asked, const int32_t *bias, const float *threshold, float *out, uint64_t *above)
{
    const uint64_t real = count < ROWS ? (UINT64_C(1) << count) - 1 : ~UINT64_C(0);
    const size_t groups = (dim + 3) / 4;
    _Alignas(64) int32_t sums[TILE * ROWS];
    for (size_t q = 0; q < asked;) {
        const size_t n = asked - q < TILE ? 1 : TILE;
        (n == TILE ? tile_6 : tile_1)(block, stride, groups, queries + q * stride, sums);
        for (size_t i = 0; i < n; i++, q++)
            above[q] =
                real & finish(sums + i * ROWS, block + (stride - 4) * ROWS, bias[q], threshold[q], out + q * ROWS);
    }
}

void kino_distance_fill_avx512vnni(kino_kernels *k)
{
    k->score_u8 = score_u8;
    k->scan_u8 = scan_u8;
    k->block_u8 = block_u8;
    k->scan_block_u8 = scan_block_u8;
}
