/* autoencoder_scalar.c - the reference of the trained network's kernels. */
#include <stddef.h>

#define KINO_LANES_SCALAR
#define TILE_ROWS 4
#define TILE_WIDE 1

static void transpose16(const float *in, size_t in_stride, float *out, size_t out_stride)
{
    for (size_t r = 0; r < 16; r++)
        for (size_t c = 0; c < 16; c++)
            out[c * out_stride + r] = in[r * in_stride + c];
}

#define AUTOENCODER_FILL kino_autoencoder_fill_scalar
#include "kern/autoencoder_body.h"
