#define KINO_LANES_AVX512
#include "kern/kern.h"
#include "kern/lanes.h"

/* Twelve rows by a panel of 32 columns: 24 accumulators, two of weights, one of input. */
#define TILE 12

/* They are separate variables and not an array, which GCC 12 would keep in memory; those beyond `rows`, a constant
 * wherever this is inlined, vanish. */
#define ROWS(each)                                                                                                    \
    each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11)
#define CLEAR(r) lanes l##r = lanes_set(0), h##r = l##r;
#define STEP(r)                                                                                                       \
    if (r < rows) {                                                                                                   \
        lanes x = lanes_set(a[r * k + i]);                                                                            \
        l##r = lanes_fma(x, left, l##r);                                                                              \
        h##r = lanes_fma(x, right, h##r);                                                                             \
    }
#define FINISH(r)                                                                                                     \
    if (r < rows) {                                                                                                   \
        lanes x = lanes_add(l##r, lanes_load(bias)), y = lanes_add(h##r, lanes_load(bias + LANES));                    \
        lanes_store(out + r * n, gelu ? lanes_gelu(x) : x);                                                           \
        lanes_store(out + r * n + LANES, gelu ? lanes_gelu(y) : y);                                                   \
    }

INLINE void tile(size_t rows, size_t k, const float *a, const float *w, const float *bias, int gelu, float *out,
                 size_t n)
{
    ROWS(CLEAR)
    for (size_t i = 0; i < k; i++) {
        lanes left = lanes_load(w + i * KINO_PANEL), right = lanes_load(w + i * KINO_PANEL + LANES);
        ROWS(STEP)
    }
    ROWS(FINISH)
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
