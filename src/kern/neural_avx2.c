#define KINO_LANES_AVX2
#define NEURAL_FILL kino_neural_fill_avx2
#include "kern/neural_body.h"
