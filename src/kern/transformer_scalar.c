/* transformer_scalar.c - the reference of the neural kernels. */
#define KINO_LANES_SCALAR
#define TRANSFORMER_FILL kino_transformer_fill_scalar
#include "kern/transformer_body.h"
