/* matmul_i8_neon_body.h - what tile_body.h and matmul_i8_body.h need, by bytes_dot; included behind lanes.h by each
 * matmul_ISA.c of NEON, which defines BYTE_ROWS and BYTE_TAILS.
 *
 * Codes are unsigned, the instructions want signed: sum code w = sum (code - 128) w + 128 sum w, exactly. */
#include "kern/bytes_neon.h"

typedef struct acc {
    int32x4_t a, b, c, d;
} acc;
typedef int8x16_t codes;
typedef struct weights {
    int8x16_t a, b, c, d;
} weights;

#define ACC_CLEAR ((acc){vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0)})
#define BYTE_COLUMNS 1
#define BYTE_SUMS 1

INLINE codes codes_load(const uint8_t *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof four);
    return vreinterpretq_s8_u32(vdupq_n_u32(four ^ 0x80808080));
}

INLINE weights weights_load(const int8_t *p)
{
    return (weights){vld1q_s8(p), vld1q_s8(p + 16), vld1q_s8(p + 32), vld1q_s8(p + 48)};
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    return (acc){bytes_dot(sum.a, c, w.a), bytes_dot(sum.b, c, w.b), bytes_dot(sum.c, c, w.c),
                 bytes_dot(sum.d, c, w.d)};
}

INLINE void acc_store(void *p, acc v)
{
    int32_t *out = p;
    vst1q_s32(out, v.a), vst1q_s32(out + 4, v.b), vst1q_s32(out + 8, v.c), vst1q_s32(out + 12, v.d);
}

INLINE int32x4_t quarter_finish(const int32_t *p, const int32_t *wsum)
{
    return vaddq_s32(vld1q_s32(p), vshlq_n_s32(vld1q_s32(wsum), 7));
}

INLINE acc acc_finish(const int32_t *p, const int32_t *wsum)
{
    return (acc){quarter_finish(p, wsum), quarter_finish(p + 4, wsum + 4), quarter_finish(p + 8, wsum + 8),
                 quarter_finish(p + 12, wsum + 12)};
}

INLINE lanes acc_lanes(acc v)
{
    return (lanes){vcvtq_f32_s32(v.a), vcvtq_f32_s32(v.b), vcvtq_f32_s32(v.c), vcvtq_f32_s32(v.d)};
}

#include "kern/matmul_i8_body.h"
#include "kern/attention_i8_body.h"
