/* matmul_scalar.c - the reference matrix products. */
#define KINO_LANES_SCALAR
#include "kern/kern.h"
#include "kern/lanes.h"

static void matmul_f32(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out)
{
    for (size_t r = 0; r < rows; r++, a += k, out += n)
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

/* ---- bytes ---- */

typedef struct ints {
    int32_t v[LANES];
} ints;
typedef const uint8_t *codes;
typedef const int8_t *weights;

#define INTS_CLEAR ((ints){{0}})
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

INLINE ints ints_dot(ints sum, codes c, weights w)
{
    for (size_t i = 0; i < LANES; i++)
        for (size_t j = 0; j < 4; j++)
            sum.v[i] += c[j] * w[4 * i + j];
    return sum;
}

INLINE void ints_store(int32_t *p, ints a)
{
    memcpy(p, a.v, sizeof a.v);
}

INLINE ints ints_finish(const int32_t *p, const int32_t *wsum)
{
    ints a;
    (void)wsum;
    memcpy(a.v, p, sizeof a.v);
    return a;
}

INLINE lanes ints_lanes(ints a)
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
}
