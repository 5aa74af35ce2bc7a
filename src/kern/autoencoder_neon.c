/* autoencoder_neon.c - the trained network's kernels for NEON. */
#include <arm_neon.h>
#include <stddef.h>

#define KINO_LANES_NEON
#define TILE_ROWS 4 /* by four registers: sixteen sums, with inputs and a broadcast 21 of 32 */
#define TILE_WIDE 1

/* Four rows by four columns: pairs, then halves. */
static inline void transpose4(const float *in, size_t in_stride, float *out, size_t out_stride)
{
    float32x4_t a = vld1q_f32(in), b = vld1q_f32(in + in_stride);
    float32x4_t c = vld1q_f32(in + 2 * in_stride), d = vld1q_f32(in + 3 * in_stride);
    float64x2_t ab = vreinterpretq_f64_f32(vtrn1q_f32(a, b)), ab2 = vreinterpretq_f64_f32(vtrn2q_f32(a, b));
    float64x2_t cd = vreinterpretq_f64_f32(vtrn1q_f32(c, d)), cd2 = vreinterpretq_f64_f32(vtrn2q_f32(c, d));
    vst1q_f32(out, vreinterpretq_f32_f64(vtrn1q_f64(ab, cd)));
    vst1q_f32(out + out_stride, vreinterpretq_f32_f64(vtrn1q_f64(ab2, cd2)));
    vst1q_f32(out + 2 * out_stride, vreinterpretq_f32_f64(vtrn2q_f64(ab, cd)));
    vst1q_f32(out + 3 * out_stride, vreinterpretq_f32_f64(vtrn2q_f64(ab2, cd2)));
}

static void transpose16(const float *in, size_t in_stride, float *out, size_t out_stride)
{
    for (size_t r = 0; r < 16; r += 4)
        for (size_t c = 0; c < 16; c += 4)
            transpose4(in + r * in_stride + c, in_stride, out + c * out_stride + r, out_stride);
}

#define AUTOENCODER_FILL kino_autoencoder_fill_neon
#include "kern/autoencoder_body.h"
