/* transformer_avx512.c - what a transformer does between its products, for AVX-512. */
#define KINO_LANES_AVX512
#define TRANSFORMER_FILL kino_transformer_fill_avx512
#include "kern/transformer_body.h"
