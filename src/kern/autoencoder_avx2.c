/* autoencoder_avx2.c - the trained network's kernels for AVX2: tiles of four rows by sixteen lanes. */
#include <immintrin.h>
#include <stddef.h>

#define KINO_LANES_AVX2
#define TILE_ROWS 4 /* by one pair of ymm: eight sums, as many as two units of latency four keep busy */
#define TILE_WIDE 1

/* Eight rows by eight columns: pairs, pairs of pairs, halves. */
static inline void transpose8(const float *in, size_t in_stride, float *out, size_t out_stride)
{
    __m256 a[8], b[8];
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; i++)
        a[i] = _mm256_loadu_ps(in + i * in_stride);
#pragma GCC unroll 4
    for (size_t i = 0; i < 8; i += 2) {
        b[i] = _mm256_unpacklo_ps(a[i], a[i + 1]);
        b[i + 1] = _mm256_unpackhi_ps(a[i], a[i + 1]);
    }
#pragma GCC unroll 2
    for (size_t i = 0; i < 8; i += 4) {
        a[i] = _mm256_shuffle_ps(b[i], b[i + 2], 0x44);
        a[i + 1] = _mm256_shuffle_ps(b[i], b[i + 2], 0xee);
        a[i + 2] = _mm256_shuffle_ps(b[i + 1], b[i + 3], 0x44);
        a[i + 3] = _mm256_shuffle_ps(b[i + 1], b[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; i++) {
        _mm256_storeu_ps(out + i * out_stride, _mm256_permute2f128_ps(a[i], a[i + 4], 0x20));
        _mm256_storeu_ps(out + (i + 4) * out_stride, _mm256_permute2f128_ps(a[i], a[i + 4], 0x31));
    }
}

static void transpose16(const float *in, size_t in_stride, float *out, size_t out_stride)
{
    for (size_t r = 0; r < 16; r += 8)
        for (size_t c = 0; c < 16; c += 8)
            transpose8(in + r * in_stride + c, in_stride, out + c * out_stride + r, out_stride);
}

#define AUTOENCODER_FILL kino_autoencoder_fill_avx2
#include "kern/autoencoder_body.h"
