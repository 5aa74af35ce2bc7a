/* kern.h - the numeric kernels: one table of functions, filled once for the machine.
 *
 * A family of kernels (distance, matmul, ...) has one file for each instruction set, FAMILY_ISA.c, whose only external
 * function is its fill: it puts its kernels over those of the level below. The scalar files are the reference: they
 * are portable, kept readable, and every other variant is tested against them.
 *
 * Kernels trust their arguments; loaders check at the door. Float sums have a fixed order within an instruction set,
 * so that a result never depends on the thread count or on what else is in the batch. */
#ifndef KINO_KERN_H
#define KINO_KERN_H

#include <stddef.h>
#include <stdint.h>

/* In the order in which they are put on top of each other. */
typedef enum kino_isa {
    KINO_ISA_SCALAR,
    KINO_ISA_NEON,
    KINO_ISA_AVX2,        /* AVX2, FMA, F16C */
    KINO_ISA_AVXVNNI,
    KINO_ISA_AVX512,      /* F, BW, DQ, VL */
    KINO_ISA_AVX512VNNI,
    KINO_ISA_AVX512BF16,
    KINO_ISA_COUNT,
} kino_isa;

typedef struct kino_kernels {
    kino_isa isa;

    /* ---- distance ---- */

    /* sum a[i] * b[i], i < n */
    float (*dot_f32)(const float *a, const float *b, size_t n);
    /* the same of signed bytes, exact; n < 2^17 */
    int32_t (*dot_i8)(const int8_t *a, const int8_t *b, size_t n);
} kino_kernels;

/* The best table for this machine, or for the level that $KINO_ISA names ("scalar", "avx2", "avx512", ...) if that is
 * lower. Filled at the first call, the same for the whole process. */
const kino_kernels *kino_kernels_get(void);

/* The table for one level; false when the machine has not that instruction set. For tests and benchmarks. */
int kino_kernels_for(kino_isa isa, kino_kernels *out);

const char *kino_isa_name(kino_isa isa);

/* The fills, each in its file; only kern.c calls them. */
void kino_distance_fill_scalar(kino_kernels *k);
void kino_distance_fill_avx2(kino_kernels *k);

#endif
