#define KINO_LANES_AVX512
#define NEURAL_FILL kino_neural_fill_avx512
#include "kern/neural_body.h"
