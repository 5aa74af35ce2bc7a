/* bytes_neon.h - products of signed bytes, with SDOT if the file that includes it is compiled for it, else with what
 * every NEON has. Unsigned codes come as code - 128, which is the same byte with its top bit flipped. */
#ifndef KINO_KERN_BYTES_NEON_H
#define KINO_KERN_BYTES_NEON_H

#include <arm_neon.h>
#include <string.h>

/* sum[i] += a[4 i] b[4 i] + ... + a[4 i + 3] b[4 i + 3] */
static inline __attribute__((always_inline)) int32x4_t bytes_dot(int32x4_t sum, int8x16_t a, int8x16_t b)
{
#ifdef __ARM_FEATURE_DOTPROD
    return vdotq_s32(sum, a, b);
#else
    /* A product fits 16 bits, -128 * -128 too; the sum of two need not, and is taken in 32. */
    int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(a), vget_low_s8(b)));
    int32x4_t high = vpaddlq_s16(vmull_high_s8(a, b));
    return vaddq_s32(sum, vpaddq_s32(low, high));
#endif
}

/* Sixteen codes less 128. */
static inline __attribute__((always_inline)) int8x16_t bytes_signed(const uint8_t *p)
{
    return vreinterpretq_s8_u8(veorq_u8(vld1q_u8(p), vdupq_n_u8(0x80)));
}

#endif
