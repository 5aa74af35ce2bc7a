#include "kern/kern.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[KINO_ISA_COUNT] = {"scalar", "neon",       "avx2",      "avxvnni",
                                                  "avx512", "avx512vnni", "avx512bf16"};

const char *kino_isa_name(kino_isa isa)
{
    return names[isa];
}

/* The compiler's builtins ask the processor and whether the system saves the wide registers. */
static int has(kino_isa isa)
{
    switch (isa) {
    case KINO_ISA_SCALAR:
        return 1;
#if defined(__x86_64__)
    case KINO_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    case KINO_ISA_AVXVNNI:
        return has(KINO_ISA_AVX2) && __builtin_cpu_supports("avxvnni");
    case KINO_ISA_AVX512:
        return has(KINO_ISA_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    case KINO_ISA_AVX512VNNI:
        return has(KINO_ISA_AVX512) && __builtin_cpu_supports("avx512vnni");
    case KINO_ISA_AVX512BF16:
        return has(KINO_ISA_AVX512VNNI) && __builtin_cpu_supports("avx512bf16");
#endif
    default:
        return 0;
    }
}

int kino_kernels_for(kino_isa isa, kino_kernels *k)
{
    if (!has(isa))
        return 0;
    memset(k, 0, sizeof *k);
    k->isa = isa;
    kino_distance_fill_scalar(k);
    kino_matmul_fill_scalar(k);
    kino_neural_fill_scalar(k);
    kino_dense_fill_scalar(k);
#if defined(__x86_64__)
    if (isa >= KINO_ISA_AVX2) {
        kino_distance_fill_avx2(k);
        kino_matmul_fill_avx2(k);
        kino_neural_fill_avx2(k);
        kino_dense_fill_avx2(k);
    }
    if (isa == KINO_ISA_AVXVNNI)
        kino_matmul_fill_avxvnni(k);
    if (isa >= KINO_ISA_AVX512) {
        kino_distance_fill_avx512(k);
        kino_matmul_fill_avx512(k);
        kino_neural_fill_avx512(k);
        kino_dense_fill_avx512(k);
    }
    if (isa >= KINO_ISA_AVX512VNNI) {
        kino_distance_fill_avx512vnni(k);
        kino_matmul_fill_avx512vnni(k);
    }
    if (isa >= KINO_ISA_AVX512BF16)
        kino_matmul_fill_avx512bf16(k);
#endif
    return 1;
}

static kino_kernels best;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill_best(void)
{
    const char *wanted = getenv("KINO_ISA");
    int top = KINO_ISA_COUNT - 1;
    for (int i = 0; wanted && i < KINO_ISA_COUNT; i++)
        if (!strcmp(wanted, names[i]))
            top = i;
    while (!kino_kernels_for((kino_isa)top, &best))
        top--;
}

const kino_kernels *kino_kernels_get(void)
{
    pthread_once(&once, fill_best);
    return &best;
}
