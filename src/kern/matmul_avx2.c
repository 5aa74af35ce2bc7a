#define KINO_LANES_AVX2
#include "kern/kern.h"
#include "kern/lanes.h"

/* Six rows by sixteen columns: twelve accumulators, two of weights, one of input: fifteen of sixteen registers. They
 * are separate variables by way of a constant row count in an inlined function; GCC 12 at -O3 would spill them. */
#define TILE 6

INLINE void tile(size_t rows, size_t k, const float *a, const float *w, const float *bias, int gelu, float *out,
                 size_t n)
{
    lanes sum[TILE];
#pragma GCC unroll 6
    for (size_t r = 0; r < rows; r++)
        sum[r] = lanes_set(0);
    for (size_t i = 0; i < k; i++) {
        lanes column = lanes_load(w + i * KINO_PANEL);
#pragma GCC unroll 6
        for (size_t r = 0; r < rows; r++)
            sum[r] = lanes_fma(lanes_set(a[r * k + i]), column, sum[r]);
    }
#pragma GCC unroll 6
    for (size_t r = 0; r < rows; r++) {
        lanes v = lanes_add(sum[r], lanes_load(bias));
        lanes_store(out + r * n, gelu ? lanes_gelu(v) : v);
    }
}

static void matmul_f32(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out)
{
    for (size_t c = 0; c < n; c += LANES) {
        const float *panel = w + c / KINO_PANEL * KINO_PANEL * k + c % KINO_PANEL;
        size_t r = 0;
        for (; r + TILE <= rows; r += TILE)
            tile(TILE, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
        switch (rows - r) {
        case 5:
            tile(5, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 4:
            tile(4, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 3:
            tile(3, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 2:
            tile(2, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        case 1:
            tile(1, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
            break;
        }
    }
}

void kino_matmul_fill_avx2(kino_kernels *k)
{
    k->matmul_f32 = matmul_f32;
}
