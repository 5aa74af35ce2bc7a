#define KINO_LANES_AVX512
#include "kern/kern.h"
#include "kern/lanes.h"

/* Twelve rows by a panel of 32 columns: 24 accumulators, two of weights, one of input. */
#define TILE 12

INLINE void tile(size_t rows, size_t k, const float *a, const float *w, const float *bias, int gelu, float *out,
                 size_t n)
{
    lanes low[TILE], high[TILE];
#pragma GCC unroll 12
    for (size_t r = 0; r < rows; r++)
        low[r] = high[r] = lanes_set(0);
    for (size_t i = 0; i < k; i++) {
        lanes left = lanes_load(w + i * KINO_PANEL), right = lanes_load(w + i * KINO_PANEL + LANES);
#pragma GCC unroll 12
        for (size_t r = 0; r < rows; r++) {
            lanes x = lanes_set(a[r * k + i]);
            low[r] = lanes_fma(x, left, low[r]);
            high[r] = lanes_fma(x, right, high[r]);
        }
    }
    lanes left = lanes_load(bias), right = lanes_load(bias + LANES);
#pragma GCC unroll 12
    for (size_t r = 0; r < rows; r++) {
        lanes x = lanes_add(low[r], left), y = lanes_add(high[r], right);
        lanes_store(out + r * n, gelu ? lanes_gelu(x) : x);
        lanes_store(out + r * n + LANES, gelu ? lanes_gelu(y) : y);
    }
}

#define TAIL(rows)                                                                                                    \
    case rows:                                                                                                        \
        tile(rows, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);                                          \
        break

static void matmul_f32(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out)
{
    for (size_t c = 0; c < n; c += KINO_PANEL) {
        const float *panel = w + c * k;
        size_t r = 0;
        for (; r + TILE <= rows; r += TILE)
            tile(TILE, k, a + r * k, panel, bias + c, gelu, out + r * n + c, n);
        switch (rows - r) {
            TAIL(11); TAIL(10); TAIL(9); TAIL(8); TAIL(7); TAIL(6); TAIL(5); TAIL(4); TAIL(3); TAIL(2); TAIL(1);
        }
    }
}

void kino_matmul_fill_avx512(kino_kernels *k)
{
    k->matmul_f32 = matmul_f32;
}
