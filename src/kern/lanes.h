/* lanes.h - sixteen floats in a row, whatever the machine calls them: one zmm, two ymm, four NEON registers, an array.
 *
 * A family whose arithmetic is the same everywhere is written once over `lanes` (FAMILY_body.h) and compiled by each
 * FAMILY_ISA.c, which defines KINO_LANES_AVX512, _AVX2, _NEON or _SCALAR before it includes the body. Each operation
 * rounds as IEEE says, multiply-adds are fused, and sums run in one fixed tree: every instruction set gives the same
 * bits. */
#ifndef KINO_KERN_LANES_H
#define KINO_KERN_LANES_H

#include <stddef.h>
#include <stdint.h>

#define LANES 16
#if defined(__SANITIZE_ADDRESS__) && defined(KINO_LANES_SCALAR)
#define INLINE static __attribute__((noinline, unused)) /* else GCC 12 needs minutes for the scalar kernels */
#else
#define INLINE static inline __attribute__((always_inline, unused))
#endif

#if defined(KINO_LANES_AVX512)

#include <immintrin.h>

#define LANES_SSE2
typedef __m512 lanes;

INLINE lanes lanes_set(float v)
{
    return _mm512_set1_ps(v);
}
INLINE lanes lanes_load(const float *p)
{
    return _mm512_loadu_ps(p);
}
INLINE void lanes_store(float *p, lanes v)
{
    _mm512_storeu_ps(p, v);
}
INLINE lanes lanes_add(lanes a, lanes b)
{
    return _mm512_add_ps(a, b);
}
INLINE lanes lanes_sub(lanes a, lanes b)
{
    return _mm512_sub_ps(a, b);
}
INLINE lanes lanes_mul(lanes a, lanes b)
{
    return _mm512_mul_ps(a, b);
}
INLINE lanes lanes_fma(lanes a, lanes b, lanes c)
{
    return _mm512_fmadd_ps(a, b, c);
}
INLINE lanes lanes_max(lanes a, lanes b)
{
    return _mm512_max_ps(a, b);
}
INLINE lanes lanes_min(lanes a, lanes b)
{
    return _mm512_min_ps(a, b);
}
INLINE lanes lanes_div(lanes a, lanes b)
{
    return _mm512_div_ps(a, b);
}
INLINE lanes lanes_sqrt(lanes a)
{
    return _mm512_sqrt_ps(a);
}
/* v where gate > 0, else 0 */
INLINE lanes lanes_gate(lanes v, lanes gate)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(gate, _mm512_setzero_ps(), _CMP_GT_OQ), v);
}
INLINE lanes lanes_round(lanes a)
{
    return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
/* v * 2^n for whole n within -126..127 */
INLINE lanes lanes_scale(lanes v, lanes n)
{
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(v), _mm512_slli_epi32(_mm512_cvtps_epi32(n), 23)));
}
/* sixteen integers as floats; sixteen numbers of at least 0, rounded to even, 255 at
 * most, as bytes */
INLINE lanes lanes_from_ints(const int32_t *p)
{
    return _mm512_cvtepi32_ps(_mm512_loadu_si512(p));
}
INLINE void lanes_store_bytes(uint8_t *p, lanes v)
{
    _mm_storeu_si128((__m128i *)p, _mm512_cvtusepi32_epi8(_mm512_cvtps_epi32(v)));
}
/* eight sums of neighbours eight apart, then four, two, one */
INLINE float lanes_sum(lanes a)
{
    __m256 e = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    __m128 q = _mm_add_ps(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));
    q = _mm_add_ps(q, _mm_movehl_ps(q, q));
    return _mm_cvtss_f32(_mm_add_ss(q, _mm_shuffle_ps(q, q, 1)));
}
INLINE float lanes_largest(lanes a)
{
    return _mm512_reduce_max_ps(a);
}
INLINE float lanes_smallest(lanes a)
{
    return _mm512_reduce_min_ps(a);
}

#elif defined(KINO_LANES_AVX2)

#include <immintrin.h>

#define LANES_SSE2
typedef struct lanes {
    __m256 l, h;
} lanes;

#define LANES_EACH(op, a, b) ((lanes){op((a).l, (b).l), op((a).h, (b).h)})
INLINE lanes lanes_set(float v)
{
    return (lanes){_mm256_set1_ps(v), _mm256_set1_ps(v)};
}
INLINE lanes lanes_load(const float *p)
{
    return (lanes){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}
INLINE void lanes_store(float *p, lanes v)
{
    _mm256_storeu_ps(p, v.l), _mm256_storeu_ps(p + 8, v.h);
}
INLINE lanes lanes_add(lanes a, lanes b)
{
    return LANES_EACH(_mm256_add_ps, a, b);
}
INLINE lanes lanes_sub(lanes a, lanes b)
{
    return LANES_EACH(_mm256_sub_ps, a, b);
}
INLINE lanes lanes_mul(lanes a, lanes b)
{
    return LANES_EACH(_mm256_mul_ps, a, b);
}
INLINE lanes lanes_fma(lanes a, lanes b, lanes c)
{
    return (lanes){_mm256_fmadd_ps(a.l, b.l, c.l), _mm256_fmadd_ps(a.h, b.h, c.h)};
}
INLINE lanes lanes_max(lanes a, lanes b)
{
    return LANES_EACH(_mm256_max_ps, a, b);
}
INLINE lanes lanes_min(lanes a, lanes b)
{
    return LANES_EACH(_mm256_min_ps, a, b);
}
INLINE lanes lanes_div(lanes a, lanes b)
{
    return LANES_EACH(_mm256_div_ps, a, b);
}
INLINE lanes lanes_sqrt(lanes a)
{
    return (lanes){_mm256_sqrt_ps(a.l), _mm256_sqrt_ps(a.h)};
}
INLINE __m256 half_gate(__m256 v, __m256 gate)
{
    return _mm256_and_ps(v, _mm256_cmp_ps(gate, _mm256_setzero_ps(), _CMP_GT_OQ));
}
INLINE lanes lanes_gate(lanes v, lanes gate)
{
    return LANES_EACH(half_gate, v, gate);
}
INLINE lanes lanes_round(lanes a)
{
    return (lanes){_mm256_round_ps(a.l, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
                   _mm256_round_ps(a.h, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
INLINE __m256 half_scale(__m256 v, __m256 n)
{
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23)));
}
INLINE lanes lanes_scale(lanes v, lanes n)
{
    return LANES_EACH(half_scale, v, n);
}
INLINE lanes lanes_from_ints(const int32_t *p)
{
    return (lanes){_mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)p)),
                   _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)(p + 8)))};
}
INLINE void lanes_store_bytes(uint8_t *p, lanes v)
{
    __m256i w = _mm256_packs_epi32(_mm256_cvtps_epi32(v.l), _mm256_cvtps_epi32(v.h)); /* l0 h0 l1 h1 */
    w = _mm256_permute4x64_epi64(w, 0xd8);
    _mm_storeu_si128((__m128i *)p, _mm_packus_epi16(_mm256_castsi256_si128(w), _mm256_extracti128_si256(w, 1)));
}
INLINE float lanes_sum(lanes a)
{
    __m256 e = _mm256_add_ps(a.l, a.h);
    __m128 q = _mm_add_ps(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));
    q = _mm_add_ps(q, _mm_movehl_ps(q, q));
    return _mm_cvtss_f32(_mm_add_ss(q, _mm_shuffle_ps(q, q, 1)));
}
#define LANES_FOLD(op128, op256, op1, a)                                                                               \
    __m256 e = op256((a).l, (a).h);                                                                                    \
    __m128 q = op128(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));                                          \
    q = op128(q, _mm_movehl_ps(q, q));                                                                                 \
    return _mm_cvtss_f32(op1(q, _mm_shuffle_ps(q, q, 1)))
INLINE float lanes_largest(lanes a)
{
    LANES_FOLD(_mm_max_ps, _mm256_max_ps, _mm_max_ss, a);
}
INLINE float lanes_smallest(lanes a)
{
    LANES_FOLD(_mm_min_ps, _mm256_min_ps, _mm_min_ss, a);
}

#elif defined(KINO_LANES_NEON)

#include <arm_neon.h>

/* Four members and no array, which GCC 12 would keep in memory. */
typedef struct lanes {
    float32x4_t a, b, c, d;
} lanes;

#define LANES_ONE(op, x) ((lanes){op((x).a), op((x).b), op((x).c), op((x).d)})
#define LANES_TWO(op, x, y) ((lanes){op((x).a, (y).a), op((x).b, (y).b), op((x).c, (y).c), op((x).d, (y).d)})
INLINE lanes lanes_set(float v)
{
    float32x4_t q = vdupq_n_f32(v);
    return (lanes){q, q, q, q};
}
INLINE lanes lanes_load(const float *p)
{
    return (lanes){vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)};
}
INLINE void lanes_store(float *p, lanes v)
{
    vst1q_f32(p, v.a), vst1q_f32(p + 4, v.b), vst1q_f32(p + 8, v.c), vst1q_f32(p + 12, v.d);
}
INLINE lanes lanes_add(lanes a, lanes b)
{
    return LANES_TWO(vaddq_f32, a, b);
}
INLINE lanes lanes_sub(lanes a, lanes b)
{
    return LANES_TWO(vsubq_f32, a, b);
}
INLINE lanes lanes_mul(lanes a, lanes b)
{
    return LANES_TWO(vmulq_f32, a, b);
}
INLINE lanes lanes_fma(lanes a, lanes b, lanes c)
{
    return (lanes){vfmaq_f32(c.a, a.a, b.a), vfmaq_f32(c.b, a.b, b.b), vfmaq_f32(c.c, a.c, b.c),
                   vfmaq_f32(c.d, a.d, b.d)};
}
INLINE lanes lanes_max(lanes a, lanes b)
{
    return LANES_TWO(vmaxq_f32, a, b);
}
INLINE lanes lanes_min(lanes a, lanes b)
{
    return LANES_TWO(vminq_f32, a, b);
}
INLINE lanes lanes_div(lanes a, lanes b)
{
    return LANES_TWO(vdivq_f32, a, b);
}
INLINE lanes lanes_sqrt(lanes a)
{
    return LANES_ONE(vsqrtq_f32, a);
}
INLINE float32x4_t quarter_gate(float32x4_t v, float32x4_t gate)
{
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(v), vcgtzq_f32(gate)));
}
INLINE lanes lanes_gate(lanes v, lanes gate)
{
    return LANES_TWO(quarter_gate, v, gate);
}
INLINE lanes lanes_round(lanes a)
{
    return LANES_ONE(vrndnq_f32, a);
}
INLINE float32x4_t quarter_scale(float32x4_t v, float32x4_t n)
{
    return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(v), vshlq_n_s32(vcvtnq_s32_f32(n), 23)));
}
INLINE lanes lanes_scale(lanes v, lanes n)
{
    return LANES_TWO(quarter_scale, v, n);
}
INLINE float32x4_t quarter_from_ints(const int32_t *p)
{
    return vcvtq_f32_s32(vld1q_s32(p));
}
INLINE lanes lanes_from_ints(const int32_t *p)
{
    return (lanes){quarter_from_ints(p), quarter_from_ints(p + 4), quarter_from_ints(p + 8), quarter_from_ints(p + 12)};
}
INLINE void lanes_store_bytes(uint8_t *p, lanes v)
{
    uint16x8_t l = vcombine_u16(vqmovn_u32(vcvtnq_u32_f32(v.a)), vqmovn_u32(vcvtnq_u32_f32(v.b)));
    uint16x8_t h = vcombine_u16(vqmovn_u32(vcvtnq_u32_f32(v.c)), vqmovn_u32(vcvtnq_u32_f32(v.d)));
    vst1q_u8(p, vcombine_u8(vqmovn_u16(l), vqmovn_u16(h)));
}
INLINE float lanes_sum(lanes a)
{
    float32x4_t q = vaddq_f32(vaddq_f32(a.a, a.c), vaddq_f32(a.b, a.d));
    float32x2_t d = vadd_f32(vget_low_f32(q), vget_high_f32(q));
    return vget_lane_f32(d, 0) + vget_lane_f32(d, 1);
}
INLINE float lanes_largest(lanes a)
{
    return vmaxvq_f32(vmaxq_f32(vmaxq_f32(a.a, a.c), vmaxq_f32(a.b, a.d)));
}
INLINE float lanes_smallest(lanes a)
{
    return vminvq_f32(vminq_f32(vminq_f32(a.a, a.c), vminq_f32(a.b, a.d)));
}

#elif defined(KINO_LANES_SCALAR)

#include <math.h>
#include <string.h>

typedef struct lanes {
    float v[LANES];
} lanes;

#define LANES_EACH(expression)                                                                                         \
    lanes r;                                                                                                           \
    for (int i = 0; i < LANES; i++)                                                                                    \
        r.v[i] = expression;                                                                                           \
    return r
INLINE lanes lanes_set(float v)
{
    LANES_EACH(v);
}
INLINE lanes lanes_load(const float *p)
{
    LANES_EACH(p[i]);
}
INLINE void lanes_store(float *p, lanes v)
{
    memcpy(p, v.v, sizeof v.v);
}
INLINE lanes lanes_add(lanes a, lanes b)
{
    LANES_EACH(a.v[i] + b.v[i]);
}
INLINE lanes lanes_sub(lanes a, lanes b)
{
    LANES_EACH(a.v[i] - b.v[i]);
}
INLINE lanes lanes_mul(lanes a, lanes b)
{
    LANES_EACH(a.v[i] * b.v[i]);
}
/* a * b + c rounded once, as a library call would, but without its price on a machine that has no such instruction. The
 * product is exact in double; their sum is made odd where it is not exact, so that rounding it again cannot go wrong. */
INLINE float lanes_fused(float a, float b, float c)
{
#ifdef __FP_FAST_FMAF
    return fmaf(a, b, c);
#else
    double p = (double)a * b, s = p + c, t = s - p, rest = (p - (s - t)) + (c - t);
    uint64_t bits;
    memcpy(&bits, &s, sizeof bits);
    if (rest != 0 && !(bits & 1))
        bits += (rest > 0) == (s > 0) ? 1 : UINT64_MAX;
    memcpy(&s, &bits, sizeof bits);
    return (float)s;
#endif
}
INLINE lanes lanes_fma(lanes a, lanes b, lanes c)
{
    LANES_EACH(lanes_fused(a.v[i], b.v[i], c.v[i]));
}
INLINE lanes lanes_max(lanes a, lanes b)
{
    LANES_EACH(a.v[i] > b.v[i] ? a.v[i] : b.v[i]);
}
INLINE lanes lanes_min(lanes a, lanes b)
{
    LANES_EACH(a.v[i] < b.v[i] ? a.v[i] : b.v[i]);
}
INLINE lanes lanes_div(lanes a, lanes b)
{
    LANES_EACH(a.v[i] / b.v[i]);
}
INLINE lanes lanes_sqrt(lanes a)
{
    LANES_EACH(sqrtf(a.v[i]));
}
INLINE lanes lanes_gate(lanes v, lanes gate)
{
    LANES_EACH(gate.v[i] > 0 ? v.v[i] : 0);
}
/* To nearest, ties to even, by what adding 1.5 * 2^23 leaves of a float: for |a| < 2^22. */
INLINE lanes lanes_round(lanes a)
{
    LANES_EACH((a.v[i] + 12582912.0f) - 12582912.0f);
}
INLINE lanes lanes_scale(lanes v, lanes n)
{
    lanes r;
    for (int i = 0; i < LANES; i++) {
        uint32_t bits;
        memcpy(&bits, &v.v[i], sizeof bits);
        bits += (uint32_t)(int32_t)n.v[i] << 23;
        memcpy(&r.v[i], &bits, sizeof bits);
    }
    return r;
}
INLINE lanes lanes_from_ints(const int32_t *p)
{
    LANES_EACH((float)p[i]);
}
INLINE void lanes_store_bytes(uint8_t *p, lanes v)
{
    for (int i = 0; i < LANES; i++)
        p[i] = v.v[i] < 255 ? (uint8_t)nearbyintf(v.v[i]) : 255;
}
INLINE float lanes_sum(lanes a)
{
    for (int step = LANES / 2; step; step /= 2)
        for (int i = 0; i < step; i++)
            a.v[i] += a.v[i + step];
    return a.v[0];
}
INLINE float lanes_largest(lanes a)
{
    for (int i = 1; i < LANES; i++)
        a.v[0] = a.v[i] > a.v[0] ? a.v[i] : a.v[0];
    return a.v[0];
}
INLINE float lanes_smallest(lanes a)
{
    for (int i = 1; i < LANES; i++)
        a.v[0] = a.v[i] < a.v[0] ? a.v[i] : a.v[0];
    return a.v[0];
}

#endif

/* 2^x for x <= 0, relative error 1e-7; below -126 it stays at 2^-126, which no sum of softmax feels. */
INLINE lanes lanes_exp2(lanes x)
{
    x = lanes_max(x, lanes_set(-126.0f));
    lanes n = lanes_round(x), f = lanes_sub(x, n);
    lanes p = lanes_set(1.546144470e-04f);
    p = lanes_fma(p, f, lanes_set(1.340042818e-03f));
    p = lanes_fma(p, f, lanes_set(9.618056678e-03f));
    p = lanes_fma(p, f, lanes_set(5.550327227e-02f));
    p = lanes_fma(p, f, lanes_set(2.402265092e-01f));
    p = lanes_fma(p, f, lanes_set(6.931472067e-01f));
    p = lanes_fma(p, f, lanes_set(1.000000000e+00f));
    return lanes_scale(p, n);
}

/* The same with a relative error of 8e-5, for weights that become bytes. */
INLINE lanes lanes_exp2_coarse(lanes x)
{
    x = lanes_max(x, lanes_set(-126.0f));
    lanes n = lanes_round(x), f = lanes_sub(x, n);
    lanes p = lanes_set(5.508868381e-02f);
    p = lanes_fma(p, f, lanes_set(2.426040515e-01f));
    p = lanes_fma(p, f, lanes_set(6.932762417e-01f));
    p = lanes_fma(p, f, lanes_set(9.999289404e-01f));
    return lanes_scale(p, n);
}

/* x * Phi(x), Phi the normal distribution: GELU with the exact erf. Phi(x) - 1/2 is x times a polynomial in x^2 over
 * 0..5.6^2, interpolated at the Chebyshev nodes and written in a variable that runs from -1 to 1, where Horner's
 * scheme is stable; beyond 5.6 Phi is 0 or 1 to within 1e-8. Phi's error is 1e-7, a float's own. */
INLINE lanes lanes_gelu(lanes x)
{
    lanes low = lanes_max(x, lanes_set(-5.6f));
    lanes c = lanes_min(low, lanes_set(5.6f));
    lanes u = lanes_fma(lanes_mul(c, c), lanes_set(2.0f / 31.36f), lanes_set(-1.0f));
    lanes p = lanes_set(-3.843902630e-04f);
    p = lanes_fma(p, u, lanes_set(8.926414592e-04f));
    p = lanes_fma(p, u, lanes_set(-4.450281633e-04f));
    p = lanes_fma(p, u, lanes_set(6.391681585e-04f));
    p = lanes_fma(p, u, lanes_set(-3.112498436e-03f));
    p = lanes_fma(p, u, lanes_set(5.543248378e-03f));
    p = lanes_fma(p, u, lanes_set(-7.373374639e-03f));
    p = lanes_fma(p, u, lanes_set(1.084918033e-02f));
    p = lanes_fma(p, u, lanes_set(-1.581422250e-02f));
    p = lanes_fma(p, u, lanes_set(2.098567909e-02f));
    p = lanes_fma(p, u, lanes_set(-2.630116222e-02f));
    p = lanes_fma(p, u, lanes_set(3.196322987e-02f));
    p = lanes_fma(p, u, lanes_set(-3.834633499e-02f));
    p = lanes_fma(p, u, lanes_set(4.698125206e-02f));
    p = lanes_fma(p, u, lanes_set(-6.305127059e-02f));
    p = lanes_fma(p, u, lanes_set(1.262595914e-01f));
    return lanes_mul(low, lanes_fma(p, c, lanes_set(0.5f)));
}

/* The same to within 1e-4 (1.1e-5 between -2 and 2), or 2.4e-5 of its own size where that is more, with half the terms:
 * for what becomes bytes afterwards. */
INLINE lanes lanes_gelu_coarse(lanes x)
{
    lanes low = lanes_max(x, lanes_set(-4.0f));
    lanes c = lanes_min(low, lanes_set(4.0f));
    lanes u = lanes_fma(lanes_mul(c, c), lanes_set(0.125f), lanes_set(-1.0f));
    lanes p = lanes_set(1.605170928e-03f);
    p = lanes_fma(p, u, lanes_set(-3.991263335e-03f));
    p = lanes_fma(p, u, lanes_set(5.828486749e-03f));
    p = lanes_fma(p, u, lanes_set(-1.154668287e-02f));
    p = lanes_fma(p, u, lanes_set(2.266773498e-02f));
    p = lanes_fma(p, u, lanes_set(-3.713346277e-02f));
    p = lanes_fma(p, u, lanes_set(5.591522291e-02f));
    p = lanes_fma(p, u, lanes_set(-8.430131655e-02f));
    p = lanes_fma(p, u, lanes_set(1.759501642e-01f));
    return lanes_mul(low, lanes_fma(p, c, lanes_set(0.5f)));
}

/* Four rows of sixteen bytes, column after column: out[4 i + r] = row r, byte i, with the bits `flip` turned. */
INLINE void bytes_interleave(const uint8_t *a, const uint8_t *b, const uint8_t *c, const uint8_t *d, int flip,
                             void *out)
{
#ifdef LANES_SSE2
    __m128i x = _mm_loadu_si128((const __m128i *)a), y = _mm_loadu_si128((const __m128i *)b);
    __m128i z = _mm_loadu_si128((const __m128i *)c), w = _mm_loadu_si128((const __m128i *)d);
    __m128i low = _mm_unpacklo_epi8(x, y), next = _mm_unpacklo_epi8(z, w), bits = _mm_set1_epi8((char)flip);
    _mm_storeu_si128((__m128i *)out, _mm_xor_si128(_mm_unpacklo_epi16(low, next), bits));
    _mm_storeu_si128((__m128i *)out + 1, _mm_xor_si128(_mm_unpackhi_epi16(low, next), bits));
    low = _mm_unpackhi_epi8(x, y), next = _mm_unpackhi_epi8(z, w);
    _mm_storeu_si128((__m128i *)out + 2, _mm_xor_si128(_mm_unpacklo_epi16(low, next), bits));
    _mm_storeu_si128((__m128i *)out + 3, _mm_xor_si128(_mm_unpackhi_epi16(low, next), bits));
#elif defined(KINO_LANES_NEON)
    const uint8x16_t bits = vdupq_n_u8((uint8_t)flip);
    const uint8x16x4_t rows = {{veorq_u8(vld1q_u8(a), bits), veorq_u8(vld1q_u8(b), bits), veorq_u8(vld1q_u8(c), bits),
                                veorq_u8(vld1q_u8(d), bits)}};
    vst4q_u8(out, rows);
#else
    uint8_t *o = out;
    for (int i = 0; i < 16; i++, o += 4)
        o[0] = a[i] ^ flip, o[1] = b[i] ^ flip, o[2] = c[i] ^ flip, o[3] = d[i] ^ flip;
#endif
}

/* The sum of 32 bytes. */
INLINE uint32_t bytes_sum(const uint8_t *p)
{
#ifdef LANES_SSE2
    __m128i none = _mm_setzero_si128();
    __m128i s = _mm_add_epi64(_mm_sad_epu8(_mm_loadu_si128((const __m128i *)p), none),
                              _mm_sad_epu8(_mm_loadu_si128((const __m128i *)p + 1), none));
    return (uint32_t)_mm_cvtsi128_si32(s) + (uint32_t)_mm_extract_epi16(s, 4);
#elif defined(KINO_LANES_NEON)
    return vaddlvq_u16(vaddq_u16(vpaddlq_u8(vld1q_u8(p)), vpaddlq_u8(vld1q_u8(p + 16))));
#else
    uint32_t sum = 0;
    for (int i = 0; i < 32; i++)
        sum += p[i];
    return sum;
#endif
}

#endif
