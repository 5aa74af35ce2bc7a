/* transformer_avx2.c - what a transformer does between its products, for AVX2. */
#define KINO_LANES_AVX2
#define TRANSFORMER_FILL kino_transformer_fill_avx2
#include "kern/transformer_body.h"
