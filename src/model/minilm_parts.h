/* minilm_parts.h - the network inside a kino_minilm; between minilm.c (file, threads) and minilm_forward.c (layers). */
#ifndef KINO_MODEL_MINILM_PARTS_H
#define KINO_MODEL_MINILM_PARTS_H

#include "base/container.h"
#include "kern/kern.h"
#include "model/minilm.h"
#include "model/wordpiece.h"

enum {
    MINILM_LAYERS = 6,
    MINILM_DIM = KINO_PLOT_DIM,
    MINILM_HEADS = MINILM_DIM / KINO_HEAD,
    MINILM_INNER = 4 * MINILM_DIM,
    /* Tokens of one pass: enough to use each weight often while it is in the cache, few enough for what the layers
     * hand on to stay there too. One text alone may have more, up to KINO_MAX_TOKENS. */
    MINILM_PASS = 192,
    /* Rows of the inner layer that are made and turned into bytes at a time, int8: they stay in the cache. */
    MINILM_BLOCK = 72,
};

/* The precisions a file of weights can have. */
typedef enum minilm_precision { MINILM_F32, MINILM_F16, MINILM_BF16, MINILM_I8 } minilm_precision;

typedef struct minilm_layer {
    kino_matrix qkv;                    /* 3 DIM x DIM */
    kino_matrix attn;                   /* DIM x DIM */
    kino_matrix up, down;               /* INNER x DIM, DIM x INNER */
    const float *attn_norm, *down_norm; /* [2][DIM]: factors, offsets */
    /* int8 only: the norm before qkv and that before up as these see it, [2][DIM]; factors of what down sees, [INNER] */
    const float *qkv_input, *up_input, *down_input;
} minilm_layer;

typedef struct minilm_network {
    minilm_precision precision;
    const void *word;           /* [words][DIM], of the precision */
    size_t word_bytes;          /* of one row of it */
    const uint32_t *word_check; /* [words]: CRC-32C of each row */
    const float *word_scale;    /* [words], int8 only */
    const float *position;      /* [KINO_MAX_TOKENS][DIM], the type embedding added */
    const float *norm;          /* [2][DIM] */
    minilm_layer layers[MINILM_LAYERS];
    const kino_kernels *kernels;
} minilm_network;

/* What one worker needs for a pass; from the handle's pool. */
typedef struct minilm_scratch {
    float *x;             /* [KINO_MAX_TOKENS][DIM]: the stream through the layers */
    float *qkv;           /* [KINO_MAX_TOKENS][3 DIM] */
    float *context, *sum; /* [KINO_MAX_TOKENS][DIM] each */
    float *inner;         /* [KINO_MAX_TOKENS][INNER]; int8: [MINILM_BLOCK] rows are used */
    float *attention;     /* KINO_ATTENTION_SCRATCH(KINO_MAX_TOKENS) */
    kino_codes codes;     /* [KINO_MAX_TOKENS][INNER] */
    uint16_t *halves;     /* bf16: a matrix's input, [KINO_MAX_TOKENS][INNER] */
    float *panel;         /* f16, and bf16 on a machine without its instruction: [INNER][KINO_PANEL] */
    uint8_t *heads;       /* int8: qkv as bytes, and a scale for each head, [KINO_MAX_TOKENS][3 HEADS] */
    float *head_scale;
    struct minilm_scratch *next;
} minilm_scratch;

/* One pass: texts whose tokens follow each other in x, without padding. */
typedef struct minilm_text {
    const uint16_t *ids;
    size_t tokens;
    float *out; /* [DIM] */
} minilm_text;

minilm_scratch *kino_minilm_scratch_new(void);
void kino_minilm_scratch_free(minilm_scratch *s);
/* The tokens of all texts together are at most KINO_MAX_TOKENS. tap may be NULL. */
void kino_minilm_forward(const minilm_network *n, minilm_scratch *s, const minilm_text *texts, size_t count,
                         kino_minilm_tap *tap, void *ctx);

#endif
