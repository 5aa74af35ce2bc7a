/* distance_neon.c - distance kernels for the NEON that every 64-bit ARM has. */
#include "kern/distance_lanes.h"
#include "kern/distance_neon_body.h"

static float dot_f32(const float *a, const float *b, size_t n)
{
    float32x4_t s[DOT_LANES / 4];
    float lane[DOT_LANES];
    size_t i = 0;
    for (size_t v = 0; v < DOT_LANES / 4; v++)
        s[v] = vdupq_n_f32(0);
    for (; i + DOT_LANES <= n; i += DOT_LANES)
        for (size_t v = 0; v < DOT_LANES / 4; v++)
            s[v] = vaddq_f32(s[v], vmulq_f32(vld1q_f32(a + i + 4 * v), vld1q_f32(b + i + 4 * v)));
    for (size_t v = 0; v < DOT_LANES / 4; v++)
        vst1q_f32(lane + 4 * v, s[v]);
    return dot_end(a, b, i, n, lane);
}

void kino_distance_fill_neon(kino_kernels *k)
{
    k->dot_f32 = dot_f32;
    fill_bytes(k);
}
