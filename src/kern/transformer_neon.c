/* transformer_neon.c - what a transformer does between its products, for NEON. */
#define KINO_LANES_NEON
#define TRANSFORMER_FILL kino_transformer_fill_neon
#include "kern/transformer_body.h"
