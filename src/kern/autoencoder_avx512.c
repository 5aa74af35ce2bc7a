/* autoencoder_avx512.c - the trained network's kernels for AVX-512: tiles of eight rows. */
#include <immintrin.h>
#include <stddef.h>

#define KINO_LANES_AVX512
#define TILE_ROWS 8
#define TILE_WIDE 2

/* Pairs and pairs of pairs within the quarters of a register, then the quarters, twice. */
static void transpose16(const float *in, size_t in_stride, float *out, size_t out_stride)
{
    __m512 a[16], b[16];
#pragma GCC unroll 16
    for (size_t i = 0; i < 16; i++)
        a[i] = _mm512_loadu_ps(in + i * in_stride);
#pragma GCC unroll 8
    for (size_t i = 0; i < 16; i += 2) {
        b[i] = _mm512_unpacklo_ps(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_ps(a[i], a[i + 1]);
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < 16; i += 4) { /* a[i + c]: column c of each quarter, rows i to i + 3 */
        a[i] = _mm512_shuffle_ps(b[i], b[i + 2], 0x44);
        a[i + 1] = _mm512_shuffle_ps(b[i], b[i + 2], 0xee);
        a[i + 2] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0x44);
        a[i + 3] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (size_t c = 0; c < 4; c++) {
        b[0] = _mm512_shuffle_f32x4(a[c], a[c + 4], 0x88); /* quarters 0 and 2 of rows 0-3, of rows 4-7 */
        b[1] = _mm512_shuffle_f32x4(a[c], a[c + 4], 0xdd); /* 1 and 3 */
        b[2] = _mm512_shuffle_f32x4(a[c + 8], a[c + 12], 0x88);
        b[3] = _mm512_shuffle_f32x4(a[c + 8], a[c + 12], 0xdd);
        _mm512_storeu_ps(out + c * out_stride, _mm512_shuffle_f32x4(b[0], b[2], 0x88));
        _mm512_storeu_ps(out + (c + 4) * out_stride, _mm512_shuffle_f32x4(b[1], b[3], 0x88));
        _mm512_storeu_ps(out + (c + 8) * out_stride, _mm512_shuffle_f32x4(b[0], b[2], 0xdd));
        _mm512_storeu_ps(out + (c + 12) * out_stride, _mm512_shuffle_f32x4(b[1], b[3], 0xdd));
    }
}

#define AUTOENCODER_FILL kino_autoencoder_fill_avx512
#include "kern/autoencoder_body.h"
