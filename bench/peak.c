/* peak.c - what the machine can do. Its multipliers: independent multiply-adds on registers alone, all cores, for half
 * a second each. Prints "f32|bf16|int8 GIGA-OPERATIONS-PER-SECOND" (a multiply-add is two) for what the machine has.
 * Its memory: "read GIGABYTES-PER-SECOND", one core that loads as many bytes as the bench of the index scans, again and
 * again, and does nothing with them. */
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/thread.h"

enum { CHAINS = 12, SPIN = 20000, ROWS_BYTES = 33000 * 448 };
static const double SECONDS = 0.5;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Twelve accumulators hide the latency of four cycles on two ports. They are twelve variables and not an array, which
 * the compiler would keep in memory; the empty asm keeps it from folding the loop. */
/* clang-format off */
#define LOOP(TYPE, ZERO, STEP)                                                                                         \
    TYPE a = ZERO, b = a, c = a, d = a, e = a, f = a, g = a, h = a, k = a, l = a, m = a, n = a;                        \
    for (int i = 0; i < SPIN; i++) {                                                                                   \
        STEP(a) STEP(b) STEP(c) STEP(d) STEP(e) STEP(f)                                                                \
        STEP(g) STEP(h) STEP(k) STEP(l) STEP(m) STEP(n)                                                                \
        __asm__ volatile("" : "+v"(a), "+v"(b), "+v"(c), "+v"(d), "+v"(e), "+v"(f));                                   \
        __asm__ volatile("" : "+v"(g), "+v"(h), "+v"(k), "+v"(l), "+v"(m), "+v"(n));                                   \
    }
/* clang-format on */

__attribute__((target("avx2,fma"))) static double spin_f32_avx2(void)
{
    __m256 x = _mm256_set1_ps(1e-9f);
#define STEP(s) s = _mm256_fmadd_ps(x, x, s);
    LOOP(__m256, _mm256_setzero_ps(), STEP)
#undef STEP
    return 8.0 * 2 * CHAINS * SPIN;
}

__attribute__((target("avx512f"))) static double spin_f32_avx512(void)
{
    __m512 x = _mm512_set1_ps(1e-9f);
#define STEP(s) s = _mm512_fmadd_ps(x, x, s);
    LOOP(__m512, _mm512_setzero_ps(), STEP)
#undef STEP
    return 16.0 * 2 * CHAINS * SPIN;
}

__attribute__((target("avx512bf16,avx512f,avx512bw,avx512vl"))) static double spin_bf16(void)
{
    __m512bh x = _mm512_cvtne2ps_pbh(_mm512_set1_ps(1e-9f), _mm512_set1_ps(1e-9f));
#define STEP(s) s = _mm512_dpbf16_ps(s, x, x);
    LOOP(__m512, _mm512_setzero_ps(), STEP)
#undef STEP
    return 32.0 * 2 * CHAINS * SPIN;
}

__attribute__((target("avx512vnni,avx512f,avx512bw,avx512vl"))) static double spin_int8(void)
{
    __m512i x = _mm512_set1_epi8(1);
#define STEP(s) s = _mm512_dpbusd_epi32(s, x, x);
    LOOP(__m512i, _mm512_setzero_si512(), STEP)
#undef STEP
    return 64.0 * 2 * CHAINS * SPIN;
}

__attribute__((target("avx2"))) static void load_all(const char *bytes)
{
    __m256i sum = _mm256_setzero_si256();
    for (size_t i = 0; i < ROWS_BYTES; i += 64) {
        __m256i low = _mm256_load_si256((const __m256i *)(bytes + i));
        __m256i high = _mm256_load_si256((const __m256i *)(bytes + i + 32));
        sum = _mm256_xor_si256(sum, _mm256_xor_si256(low, high));
        __asm__ volatile("" : "+x"(sum));
    }
}

static void print_read(void)
{
    char *bytes = kino_alloc_aligned(ROWS_BYTES);
    double start, elapsed, read = 0;
    memset(bytes, 1, ROWS_BYTES);
    start = now();
    do {
        load_all(bytes);
        read += ROWS_BYTES;
        elapsed = now() - start;
    } while (elapsed < SECONDS);
    printf("read %.1f\n", read / elapsed / 1e9);
    free(bytes);
}

typedef struct probe {
    double (*spin)(void);
    double rate[KINO_MAX_THREADS];
} probe;

static void measure(void *ctx, size_t i, int worker)
{
    probe *p = ctx;
    double start = now(), work = 0, elapsed;
    (void)worker;
    do {
        work += p->spin();
        elapsed = now() - start;
    } while (elapsed < SECONDS);
    p->rate[i] = work / elapsed;
}

static void print(const char *name, double (*spin)(void))
{
    probe p = {.spin = spin};
    int cores = kino_thread_count(0);
    double total = 0;
    kino_parallel(cores, (size_t)cores, measure, &p);
    for (int i = 0; i < cores; i++)
        total += p.rate[i];
    printf("%s %.1f\n", name, total / 1e9);
}

int main(void)
{
    if (__builtin_cpu_supports("avx512f"))
        print("f32", spin_f32_avx512);
    else if (__builtin_cpu_supports("avx2"))
        print("f32", spin_f32_avx2);
    if (__builtin_cpu_supports("avx512bf16"))
        print("bf16", spin_bf16);
    if (__builtin_cpu_supports("avx512vnni"))
        print("int8", spin_int8);
    if (__builtin_cpu_supports("avx2"))
        print_read();
    return 0;
}
