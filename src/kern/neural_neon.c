#define KINO_LANES_NEON
#define NEURAL_FILL kino_neural_fill_neon
#include "kern/neural_body.h"
