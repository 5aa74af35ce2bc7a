/* kern.h - the numeric kernels: one table of functions, filled once for the machine.
 *
 * A family of kernels (distance, matmul, ...) has one file for each instruction set, FAMILY_ISA.c, whose only external
 * function is its fill: it puts its kernels over those of the level below. The scalar level is portable. It shares its
 * bodies with the others, so that all agree. Whether they are right is tested against tests/naive.h, which has every
 * kernel once more, written from this header.
 *
 * Kernels trust their arguments; loaders check at the door. Float sums have a fixed order within an instruction set,
 * so that a result never depends on the thread count or on what else is in the batch. */
#ifndef KINO_KERN_H
#define KINO_KERN_H

#include <stddef.h>
#include <stdint.h>

#include "kern/autoencoder.h"

/* In the order in which they are put on top of each other. */
typedef enum kino_isa {
    KINO_ISA_SCALAR,
    KINO_ISA_SSE2,
    KINO_ISA_NEON,
    KINO_ISA_NEONDOT, /* NEON with SDOT, of ARMv8.2 */
    KINO_ISA_AVX2,    /* AVX2, FMA, F16C */
    KINO_ISA_AVXVNNI,
    KINO_ISA_AVX512, /* F, BW, DQ, VL */
    KINO_ISA_AVX512VNNI,
    KINO_ISA_AVX512BF16,
    KINO_ISA_COUNT,
} kino_isa;

/* y[n] = W x[k] + b of bytes, packed: w ~ scale * weight */
typedef struct kino_matrix {
    size_t n, k;        /* multiples of 32 and of 4 */
    const void *weight; /* int8 [n / 32][k / 4][32][4] */
    const float *bias;  /* [n] */
    const float *scale; /* [n] */
    const int32_t *sum; /* [n]: of a row's weights */
} kino_matrix;

/* Rows as bytes: x ~ scale * (code - zero), each row with its own scale and zero. */
typedef struct kino_codes {
    uint8_t *code;       /* [rows][k] */
    float *scale, *zero; /* [rows] */
} kino_codes;

typedef struct kino_kernels {
    kino_isa isa;

    /* ---- distance ---- */

    /* sum a[i] * b[i], i < n; the same on every level (distance_lanes.h) */
    float (*dot_f32)(const float *a, const float *b, size_t n);
    /* the same of signed bytes, exact; n < 2^17 */
    int32_t (*dot_i8)(const int8_t *a, const int8_t *b, size_t n);
    /* Scores of quantised rows. A row is `stride` bytes, a multiple of 64: codes (value + 128) and, in the last four,
     * the float scale; the query has zeros wherever a row has no codes. With bias = 128 sum_j query[j], out[i] =
     * scale_i * (sum_j row_i[j] query[j] - bias): an integer that fits 32 bits, one rounding to float, one product,
     * the same on every level. */
    /* of the rows base + ids[i] * stride, i < count; what ids name is prefetched by the caller */
    void (*score_u8)(const uint8_t *base, size_t stride, const uint32_t *ids, size_t count, const int8_t *query,
                     int32_t bias, float *out);
    /* of count <= 64 rows that follow each other; returns a bit for each row with out[i] >= threshold */
    uint64_t (*scan_u8)(const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias,
                        float threshold, float *out);
    /* The same for many queries: count <= 64 rows are laid out as this level likes them, block: [64][stride], once,
     * then asked by queries that follow each other, [asked][stride], with zeros from `dim` on. out: [asked][64], of
     * which those from `count` on are undefined; above: [asked] */
    void (*block_u8)(const uint8_t *rows, size_t stride, size_t count, uint8_t *block);
    void (*scan_block_u8)(const uint8_t *block, size_t stride, size_t dim, size_t count, const int8_t *queries,
                          size_t asked, const int32_t *bias, const float *threshold, float *out, uint64_t *above);
    /* ---- matmul ---- */

    /* out[rows][n] = a[rows][k] W' + bias[n], then GELU if asked; rows of out are `stride` apart. w: [n / 32][k][32],
     * panels of 32 outputs. Each sum runs over k in order, whatever the number of rows. */
    void (*matmul_f32)(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias, int gelu,
                       float *out, size_t stride);
    /* The same of bf16, the upper halves of floats: a: [rows][k], w: [n / 32][k / 2][32][2], sums in f32 with subnormal
     * numbers taken as 0 and GELU as coarse as in matmul_i8. NULL where the machine cannot: then widen the weights. */
    void (*matmul_bf16)(size_t rows, size_t n, size_t k, const uint16_t *a, const uint16_t *w, const float *bias,
                        int gelu, float *out);
    void (*to_bf16)(size_t n, const float *x, uint16_t *out); /* ties to even; n a multiple of 16; with matmul_bf16 */
    /* A panel of weights of 16 bits as floats [k][32]: bf16 out of [k / 2][32][2], f16 out of [k][32]. */
    void (*widen_bf16)(size_t k, const uint16_t *w, float *out);
    void (*widen_f16)(size_t k, const uint16_t *w, float *out);
    /* out[rows][n] = W in + b, sums of integers; with `after`, [n], the result is gelu(W in + b) * after, GELU to
     * within 1e-4, or 2.4e-5 of its own size where that is more. */
    void (*matmul_i8)(const kino_matrix *w, size_t rows, const kino_codes *in, const float *after, float *out);

    /* ---- transformer: n is a multiple of 16 ---- */

    /* x[n] = x Phi(x), the GELU of the exact erf */
    void (*gelu)(float *x, size_t n);
    /* out[rows][n] = layer norm of x + residual (NULL: of x); gain: [2][n], factors and then offsets. out may be x or
     * residual. */
    void (*layernorm)(size_t rows, size_t n, const float *x, const float *residual, const float *gain, float *out);
    /* x[rows][n] as bytes: the range of a row, zero included, is cut into 255 steps. With `mixed` the row goes through
     * Hadamard's matrix first, in place: in each KINO_MIX numbers the eight that stand 16 apart become their sums with
     * signs, which evens out single large ones and so makes the steps smaller. */
    void (*quantise)(size_t rows, size_t n, float *x, int mixed, kino_codes *out);
    /* layernorm into x, after `add` was added if it is not NULL; and the same with the gain `gain_codes`, mixed, as
     * bytes. n is a multiple of KINO_MIX up to KINO_MAX_NORM. */
    void (*layernorm_codes)(size_t rows, size_t n, float *x, const float *add, const float *gain,
                            const float *gain_codes, kino_codes *out);
    /* Self-attention of one text: out[tokens][heads][32] of qkv[tokens][3][heads][32], in which the queries are scaled
     * already, log2(e) included: weights are powers of two. scratch: KINO_ATTENTION_SCRATCH(tokens) floats. */
    void (*attention)(size_t tokens, size_t heads, const float *qkv, float *scratch, float *out);
    /* x[rows][n] as bytes, each KINO_HEAD numbers with their own scale: x ~ scale * (code - 128), codes 1 to 255;
     * scale: [rows][n / KINO_HEAD]. */
    void (*quantise_heads)(size_t rows, size_t n, const float *x, uint8_t *code, float *scale);
    /* attention of a text of at most KINO_MAX_TOKENS as quantise_heads leaves it, code [tokens][3][heads][32] and scale
     * [tokens][3][heads]; the same on every level */
    void (*attention_i8)(size_t tokens, size_t heads, const uint8_t *qkv, const float *scale, float *scratch,
                         float *out);
    /* out[n] = mean of x[tokens][n], scaled to length 1 */
    void (*pool)(size_t tokens, size_t n, const float *x, float *out);

    kino_autoencoder_kernels dense; /* autoencoder.h */
} kino_kernels;

#define KINO_PANEL 32 /* outputs of a panel of packed weights */
#define KINO_MIX 128  /* numbers that are mixed with each other before they become bytes */
#define KINO_MAX_NORM 1536
#define KINO_HEAD 32 /* numbers of an attention head */
#define KINO_ATTENTION_SCRATCH(tokens) ((size_t)(KINO_HEAD + 8) * (((tokens) + 31) / 32 * 32))

/* The best table for this machine, or for the level that $KINO_ISA names ("scalar", "avx2", "neon", ...) if that is
 * lower. Filled at the first call, the same for the whole process. */
const kino_kernels *kino_kernels_get(void);

/* The table for one level; false if the machine lacks that instruction set. For tests and benchmarks. */
int kino_kernels_for(kino_isa isa, kino_kernels *out);

const char *kino_isa_name(kino_isa isa);

/* The fills, each in its file; only kern.c calls them. */
void kino_distance_fill_scalar(kino_kernels *k);
void kino_distance_fill_avx2(kino_kernels *k);
void kino_distance_fill_avx512(kino_kernels *k);
void kino_distance_fill_avx512vnni(kino_kernels *k);
void kino_distance_fill_neon(kino_kernels *k);
void kino_distance_fill_neondot(kino_kernels *k);
void kino_matmul_fill_scalar(kino_kernels *k);
void kino_matmul_fill_sse2(kino_kernels *k);
void kino_matmul_fill_avx2(kino_kernels *k);
void kino_matmul_fill_avx512(kino_kernels *k);
void kino_matmul_fill_avxvnni(kino_kernels *k);
void kino_matmul_fill_avx512vnni(kino_kernels *k);
void kino_matmul_fill_avx512bf16(kino_kernels *k);
void kino_matmul_fill_neon(kino_kernels *k);
void kino_matmul_fill_neondot(kino_kernels *k);
void kino_transformer_fill_scalar(kino_kernels *k);
void kino_transformer_fill_avx2(kino_kernels *k);
void kino_transformer_fill_avx512(kino_kernels *k);
void kino_transformer_fill_neon(kino_kernels *k);
void kino_autoencoder_fill_scalar(kino_kernels *k);
void kino_autoencoder_fill_avx2(kino_kernels *k);
void kino_autoencoder_fill_avx512(kino_kernels *k);
void kino_autoencoder_fill_neon(kino_kernels *k);

#endif
