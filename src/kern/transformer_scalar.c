/* transformer_scalar.c - the portable level of what a transformer does between its products. */
#define KINO_LANES_SCALAR
#define TRANSFORMER_FILL kino_transformer_fill_scalar
#include "kern/transformer_body.h"
