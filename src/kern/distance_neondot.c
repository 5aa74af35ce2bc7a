/* distance_neondot.c - distance kernels of bytes by SDOT. */
#include "kern/distance_neon_body.h"

void kino_distance_fill_neondot(kino_kernels *k)
{
    fill_bytes(k);
}
