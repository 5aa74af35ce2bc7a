/* matmul_avx512.c - the product of floats for AVX-512. */
#define KINO_LANES_AVX512
#include "kern/kern.h"
#include "kern/lanes.h"

/* 24 sums, two registers of weights, one of input. */
#define FLOAT_ROWS 12
#define FLOAT_COLUMNS 2
#define FLOAT_TAILS(each)                                                                                              \
    each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11) each(12)

#include "kern/matmul_f32_body.h"

void kino_matmul_fill_avx512(kino_kernels *k)
{
    k->matmul_f32 = matmul_f32;
}
