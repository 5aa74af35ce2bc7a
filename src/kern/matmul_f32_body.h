/* matmul_f32_body.h - the product of floats over lanes.h; included by each matmul_ISA.c with registers to fill, which
 * defines FLOAT_ROWS and FLOAT_COLUMNS, rows and registers side by side of a tile: as many sums as there are registers
 * for. Each sum runs over k in order. */

/* The sums are separate variables and not an array, which GCC 12 would keep in memory; those beyond `rows`, a constant
 * wherever this is inlined, vanish. For the same reason bias and GELU follow in another function. */
#define ROWS(each) each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11)
#define CLEAR(r) lanes l##r = lanes_set(0), h##r = l##r;
#define STEP(r)                                                                                                        \
    if (r < rows) {                                                                                                    \
        lanes x = lanes_set(a[r * k + i]);                                                                             \
        l##r = lanes_fma(x, left, l##r);                                                                               \
        if (FLOAT_COLUMNS == 2)                                                                                        \
            h##r = lanes_fma(x, right, h##r);                                                                          \
    }
#define STORE(r)                                                                                                       \
    if (r < rows) {                                                                                                    \
        lanes_store(out + r * n, l##r);                                                                                \
        if (FLOAT_COLUMNS == 2)                                                                                        \
            lanes_store(out + r * n + LANES, h##r);                                                                    \
    }

INLINE void float_tile(size_t rows, size_t k, const float *a, const float *w, float *out, size_t n)
{
    ROWS(CLEAR)
    for (size_t i = 0; i < k; i++) {
        lanes left = lanes_load(w + i * KINO_PANEL);
        lanes right = FLOAT_COLUMNS == 2 ? lanes_load(w + i * KINO_PANEL + LANES) : left;
        ROWS(STEP)
    }
    ROWS(STORE)
}

#undef ROWS
#undef CLEAR
#undef STEP
#undef STORE

static void float_finish(size_t rows, const float *bias, int gelu, float *out, size_t n)
{
    for (size_t r = 0; r < rows; r++, out += n)
        for (size_t c = 0; c < FLOAT_COLUMNS; c++) {
            lanes v = lanes_add(lanes_load(out + c * LANES), lanes_load(bias + c * LANES));
            lanes_store(out + c * LANES, gelu ? lanes_gelu(v) : v);
        }
}

/* One function for each number of rows; the network's two sizes of k are constants in them. */
#define FLOAT_TAIL(rows)                                                                                               \
    static __attribute__((noinline)) void float_tile_##rows(size_t k, const float *a, const float *w, float *out,      \
                                                            size_t n)                                                  \
    {                                                                                                                  \
        if (k == 384)                                                                                                  \
            float_tile(rows, 384, a, w, out, n);                                                                       \
        else if (k == 1536)                                                                                            \
            float_tile(rows, 1536, a, w, out, n);                                                                      \
        else                                                                                                           \
            float_tile(rows, k, a, w, out, n);                                                                         \
    }
FLOAT_TAILS(FLOAT_TAIL)
#undef FLOAT_TAIL
#define FLOAT_TAIL(rows) float_tile_##rows,
static void (*const float_tiles[])(size_t, const float *, const float *, float *, size_t) = {FLOAT_TAILS(FLOAT_TAIL)};
#undef FLOAT_TAIL

static void matmul_f32(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out, size_t stride)
{
    for (size_t c = 0; c < n; c += LANES * FLOAT_COLUMNS)
        for (size_t r = 0; r < rows; r += FLOAT_ROWS) {
            size_t some = rows - r < FLOAT_ROWS ? rows - r : FLOAT_ROWS;
            float *o = out + r * stride + c;
            float_tiles[some - 1](k, a + r * k, w + c / KINO_PANEL * KINO_PANEL * k + c % KINO_PANEL, o, stride);
            float_finish(some, bias + c, gelu, o, stride);
        }
}
