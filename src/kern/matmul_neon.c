/* matmul_neon.c - matrix products for NEON. */
#define KINO_LANES_NEON
#include <math.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

/* Twenty sums, four registers of weights, up to five of inputs: with a sixth row GCC 12 keeps some sums in memory. */
#define FLOAT_ROWS 5
#define FLOAT_COLUMNS 1
#define FLOAT_TAILS(each) each(1) each(2) each(3) each(4) each(5)

#include "kern/matmul_f32_body.h"

static void widen_f16(size_t k, const uint16_t *w, float *out)
{
    for (size_t i = 0; i < k * KINO_PANEL; i += 4)
        vst1q_f32(out + i, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(w + i))));
}

/* Fewer rows than with SDOT: what lies between product and sum needs registers too. */
#define BYTE_ROWS 2
#define BYTE_TAILS(each) each(1) each(2)

#include "kern/matmul_i8_neon_body.h"

void kino_matmul_fill_neon(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
    k->matmul_f32 = matmul_f32;
    k->widen_f16 = widen_f16;
}
