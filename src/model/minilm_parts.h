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
    MINILM_PASS = 128,
};

/* y[n] = W x[k] + b, packed as the kernels read it */
typedef struct minilm_matrix {
    size_t n, k;
    const void *weight;    /* f32: [n / 32][k][32] */
    const float *bias;     /* [n] */
} minilm_matrix;

typedef struct minilm_layer {
    minilm_matrix qkv;       /* 3 DIM x DIM */
    minilm_matrix attn;      /* DIM x DIM */
    minilm_matrix up, down;  /* INNER x DIM, DIM x INNER */
    const float *attn_norm, *down_norm;  /* [2][DIM]: factors, offsets */
} minilm_layer;

typedef struct minilm_network {
    size_t words;
    const float *word;       /* [words][DIM] */
    const float *position;   /* [KINO_MAX_TOKENS][DIM], the type embedding added */
    const float *norm;       /* [2][DIM] */
    minilm_layer layers[MINILM_LAYERS];
    const kino_kernels *kernels;
} minilm_network;

/* What one worker needs for a pass; from the handle's pool. */
typedef struct minilm_scratch {
    float *x;                /* [KINO_MAX_TOKENS][DIM]: the stream through the layers */
    float *qkv;              /* [KINO_MAX_TOKENS][3 DIM] */
    float *context, *sum;    /* [KINO_MAX_TOKENS][DIM] each */
    float *inner;            /* [KINO_MAX_TOKENS][INNER] */
    float *attention;        /* KINO_ATTENTION_SCRATCH(KINO_MAX_TOKENS) */
    struct minilm_scratch *next;
} minilm_scratch;

/* One pass: texts whose tokens follow each other in x, without padding. */
typedef struct minilm_text {
    const uint16_t *ids;
    size_t tokens;
    float *out;              /* [DIM] */
} minilm_text;

minilm_scratch *kino_minilm_scratch_new(void);
void kino_minilm_scratch_free(minilm_scratch *s);
/* The tokens of all texts together are at most KINO_MAX_TOKENS. tap may be NULL. */
void kino_minilm_forward(const minilm_network *n, minilm_scratch *s, const minilm_text *texts, size_t count,
                         kino_minilm_tap *tap, void *ctx);

#endif
