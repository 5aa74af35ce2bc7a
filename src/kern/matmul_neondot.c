/* matmul_neondot.c - the products of bytes by SDOT. */
#define KINO_LANES_NEON
#include <math.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

/* As with floats: twenty sums, four registers of weights, up to five of inputs. */
#define BYTE_ROWS 5
#define BYTE_TAILS(each) each(1) each(2) each(3) each(4) each(5)

#include "kern/matmul_i8_neon_body.h"

void kino_matmul_fill_neondot(kino_kernels *k)
{
    k->matmul_i8 = matmul_i8;
    k->attention_i8 = attention_i8;
}
