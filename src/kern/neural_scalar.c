/* neural_scalar.c - the reference of the neural kernels. */
#define KINO_LANES_SCALAR
#define NEURAL_FILL kino_neural_fill_scalar
#include "kern/neural_body.h"
