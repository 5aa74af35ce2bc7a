#define KINO_LANES_AVX512
#define TRANSFORMER_FILL kino_transformer_fill_avx512
#include "kern/transformer_body.h"
