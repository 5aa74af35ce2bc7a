/* kern.c - which kernels this machine gets. */
#include "kern/kern.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

static const char *const names[KINO_ISA_COUNT] = {"scalar",  "sse2",   "neon",       "neondot",   "avx2",
                                                  "avxvnni", "avx512", "avx512vnni", "avx512bf16"};

const char *kino_isa_name(kino_isa isa)
{
    return names[isa];
}

#if defined(__x86_64__)
/* Two bits of the processor that not every compiler's builtin knows by name (clang 14 refuses them). Both extend AVX2 on
 * the same registers, so whether the system saves those is answered by the builtin for AVX2. */
static int has_f16c(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c >> 29 & 1);
}

static int has_avxvnni(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}
#endif

/* The compiler's builtins ask the processor and whether the system saves the wide registers; on ARM the system tells
 * what it lets programs use. */
static int has(kino_isa isa)
{
    switch (isa) {
    case KINO_ISA_SCALAR:
        return 1;
#if defined(__x86_64__)
    case KINO_ISA_SSE2: /* part of the architecture */
        return 1;
    case KINO_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
    case KINO_ISA_AVXVNNI:
        return has(KINO_ISA_AVX2) && has_avxvnni();
    case KINO_ISA_AVX512:
        return has(KINO_ISA_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    case KINO_ISA_AVX512VNNI:
        return has(KINO_ISA_AVX512) && __builtin_cpu_supports("avx512vnni");
    case KINO_ISA_AVX512BF16:
        return has(KINO_ISA_AVX512VNNI) && __builtin_cpu_supports("avx512bf16");
#elif defined(__aarch64__) && defined(__linux__)
    case KINO_ISA_NEON:
        return (getauxval(AT_HWCAP) & HWCAP_ASIMD) != 0;
    case KINO_ISA_NEONDOT:
        return has(KINO_ISA_NEON) && (getauxval(AT_HWCAP) & HWCAP_ASIMDDP);
#elif defined(__aarch64__)
    case KINO_ISA_NEON: /* part of the architecture's ABI */
        return 1;
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
    kino_transformer_fill_scalar(k);
    kino_autoencoder_fill_scalar(k);
#if defined(__x86_64__)
    if (isa >= KINO_ISA_SSE2)
        kino_matmul_fill_sse2(k);
    if (isa >= KINO_ISA_AVX2) {
        kino_distance_fill_avx2(k);
        kino_matmul_fill_avx2(k);
        kino_transformer_fill_avx2(k);
        kino_autoencoder_fill_avx2(k);
    }
    if (isa == KINO_ISA_AVXVNNI)
        kino_matmul_fill_avxvnni(k);
    if (isa >= KINO_ISA_AVX512) {
        kino_distance_fill_avx512(k);
        kino_matmul_fill_avx512(k);
        kino_transformer_fill_avx512(k);
        kino_autoencoder_fill_avx512(k);
    }
    if (isa >= KINO_ISA_AVX512VNNI) {
        kino_distance_fill_avx512vnni(k);
        kino_matmul_fill_avx512vnni(k);
    }
    if (isa >= KINO_ISA_AVX512BF16)
        kino_matmul_fill_avx512bf16(k);
#elif defined(__aarch64__)
    if (isa >= KINO_ISA_NEON) {
        kino_distance_fill_neon(k);
        kino_matmul_fill_neon(k);
        kino_transformer_fill_neon(k);
        kino_autoencoder_fill_neon(k);
    }
    if (isa >= KINO_ISA_NEONDOT) {
        kino_distance_fill_neondot(k);
        kino_matmul_fill_neondot(k);
    }
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
