/* distance_neon_body.h - distances of bytes by bytes_dot; included by each distance_ISA.c of NEON.
 *
 * sum row[j] query[j] - bias, with bias = 128 sum query[j], is sum (row[j] - 128) query[j]: with codes made signed on
 * the way no bias is left, and as integers both are the same. Rows go four at a time and share the loads of the query
 * and the sums across lanes. */
#include "kern/bytes_neon.h"
#include "kern/kern.h"

static int32_t dot_i8(const int8_t *a, const int8_t *b, size_t n)
{
    int32x4_t s = vdupq_n_s32(0);
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        s = bytes_dot(s, vld1q_s8(a + i), vld1q_s8(b + i));
    int32_t sum = vaddvq_s32(s);
    for (; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static inline float scale_of(const uint8_t *row, size_t stride)
{
    float scale;
    memcpy(&scale, row + stride - sizeof scale, sizeof scale);
    return scale;
}

static inline float32x4_t four(const uint8_t *r0, const uint8_t *r1, const uint8_t *r2, const uint8_t *r3,
                               size_t stride, const int8_t *query)
{
    int32x4_t a = vdupq_n_s32(0), b = a, c = a, d = a;
    for (size_t i = 0; i < stride; i += 16) {
        const int8x16_t q = vld1q_s8(query + i);
        a = bytes_dot(a, bytes_signed(r0 + i), q);
        b = bytes_dot(b, bytes_signed(r1 + i), q);
        c = bytes_dot(c, bytes_signed(r2 + i), q);
        d = bytes_dot(d, bytes_signed(r3 + i), q);
    }
    const float scales[4] = {scale_of(r0, stride), scale_of(r1, stride), scale_of(r2, stride), scale_of(r3, stride)};
    return vmulq_f32(vcvtq_f32_s32(vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d))), vld1q_f32(scales));
}

static float one(const uint8_t *row, size_t stride, const int8_t *query)
{
    int32x4_t s = vdupq_n_s32(0);
    for (size_t i = 0; i < stride; i += 16)
        s = bytes_dot(s, bytes_signed(row + i), vld1q_s8(query + i));
    return (float)vaddvq_s32(s) * scale_of(row, stride);
}

static void score_u8(const uint8_t *base, size_t stride, const uint32_t *ids, size_t count, const int8_t *query,
                     int32_t bias, float *out)
{
    (void)bias;
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        vst1q_f32(out + i, four(base + ids[i] * stride, base + ids[i + 1] * stride, base + ids[i + 2] * stride,
                                base + ids[i + 3] * stride, stride, query));
    for (; i < count; i++)
        out[i] = one(base + ids[i] * stride, stride, query);
}

static uint64_t scan_u8(const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias,
                        float threshold, float *out)
{
    (void)bias;
    uint64_t above = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const uint8_t *r = rows + i * stride;
        vst1q_f32(out + i, four(r, r + stride, r + 2 * stride, r + 3 * stride, stride, query));
    }
    for (; i < count; i++)
        out[i] = one(rows + i * stride, stride, query);
    for (i = 0; i < count; i++)
        above |= (uint64_t)(out[i] >= threshold) << i;
    return above;
}

static void scan_block_u8(const uint8_t *block, size_t stride, size_t dim, size_t count, const int8_t *queries,
                          size_t asked, const int32_t *bias, const float *threshold, float *out, uint64_t *above)
{
    (void)dim;
    for (size_t q = 0; q < asked; q++)
        above[q] = scan_u8(block, stride, count, queries + q * stride, bias[q], threshold[q], out + q * 64);
}

static void fill_bytes(kino_kernels *k)
{
    k->dot_i8 = dot_i8;
    k->score_u8 = score_u8;
    k->scan_u8 = scan_u8;
    k->scan_block_u8 = scan_block_u8; /* over rows as they lie, which is how the scalar level blocks them */
}
