/* matmul_scalar.c - the reference matrix products. */
#define KINO_LANES_SCALAR
#include "kern/kern.h"
#include "kern/lanes.h"

static void matmul_f32(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out, size_t stride)
{
    for (size_t r = 0; r < rows; r++, a += k, out += stride)
        for (size_t c = 0; c < n; c += KINO_PANEL) {
            const float *panel = w + c * k;
            float sum[KINO_PANEL] = {0};
            for (size_t i = 0; i < k; i++)
                for (size_t j = 0; j < KINO_PANEL; j++)
                    sum[j] += a[i] * panel[i * KINO_PANEL + j];
            for (size_t j = 0; j < KINO_PANEL; j += LANES) {
                lanes v = lanes_add(lanes_load(sum + j), lanes_load(bias + c + j));
                lanes_store(out + c + j, gelu ? lanes_gelu(v) : v);
            }
        }
}

static void widen_bf16(size_t k, const uint16_t *w, float *out)
{
    for (size_t i = 0; i < k; i += 2, w += 2 * KINO_PANEL, out += 2 * KINO_PANEL)
        for (size_t j = 0; j < KINO_PANEL; j++) {
            uint32_t even = (uint32_t)w[2 * j] << 16, odd = (uint32_t)w[2 * j + 1] << 16;
            memcpy(out + j, &even, sizeof even);
            memcpy(out + KINO_PANEL + j, &odd, sizeof odd);
        }
}

/* The exponent of f16 moves by 112; its subnormal numbers are multiples of 2^-24. */
static float from_f16(uint16_t h)
{
    const uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = h & 0x7fff;
    uint32_t bits = rest >= 0x7c00 ? 0x7f800000 | (rest & 0x3ff) << 13 : (rest << 13) + ((uint32_t)112 << 23);
    float x;
    memcpy(&x, &bits, sizeof x);
    if (rest < 0x400)
        x = (float)rest * 0x1p-24f;
    memcpy(&bits, &x, sizeof x);
    bits |= sign;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void widen_f16(size_t k, const uint16_t *w, float *out)
{
    for (size_t i = 0; i < k * KINO_PANEL; i++)
        out[i] = from_f16(w[i]);
}

/* ---- bytes ---- */

typedef struct acc {
    int32_t v[LANES];
} acc;
typedef const uint8_t *codes;
typedef const int8_t *weights;

#define ACC_CLEAR ((acc){{0}})
#define BYTE_ROWS 1
#define BYTE_COLUMNS 2
#define BYTE_SUMS 0
#define BYTE_TAILS(each) each(1)

INLINE codes codes_load(const uint8_t *p)
{
    return p;
}

INLINE weights weights_load(const int8_t *p)
{
    return p;
}

INLINE acc acc_dot(acc sum, codes c, weights w)
{
    for (size_t i = 0; i < LANES; i++)
        for (size_t j = 0; j < 4; j++)
            sum.v[i] += c[j] * w[4 * i + j];
    return sum;
}

INLINE void acc_store(void *p, acc a)
{
    memcpy(p, a.v, sizeof a.v);
}

INLINE acc acc_finish(const int32_t *p, const int32_t *wsum)
{
    acc a;
    (void)wsum;
    memcpy(a.v, p, sizeof a.v);
    return a;
}

INLINE lanes acc_lanes(acc a)
{
    return lanes_from_ints(a.v);
}

#include "kern/matmul_i8_body.h"
#include "kern/attention_i8_body.h"

void kino_matmul_fill_scalar(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
    k->matmul_f32 = matmul_f32;
    k->widen_bf16 = widen_bf16;
    k->widen_f16 = widen_f16;
}
