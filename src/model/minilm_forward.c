/* minilm_forward.c - MiniLM's forward pass: token ids to one unit vector. */
#include <stdlib.h>
#include <string.h>

#include "model/minilm_parts.h"

minilm_scratch *kino_minilm_scratch_new(void)
{
    minilm_scratch *s = kino_alloc(sizeof *s);
    const size_t t = KINO_MAX_TOKENS;
    s->x = kino_alloc_scratch((t * (6 * MINILM_DIM + MINILM_INNER) + KINO_ATTENTION_SCRATCH(t)) * sizeof(float));
    s->qkv = s->x + t * MINILM_DIM;
    s->context = s->qkv + 3 * t * MINILM_DIM;
    s->sum = s->context + t * MINILM_DIM;
    s->inner = s->sum + t * MINILM_DIM;
    s->attention = s->inner + t * MINILM_INNER;
    s->codes.code = kino_alloc_scratch(t * MINILM_INNER);
    s->halves = kino_alloc_scratch(t * MINILM_INNER * sizeof *s->halves);
    s->panel = kino_alloc_scratch(MINILM_INNER * KINO_PANEL * sizeof(float));
    s->codes.scale = kino_alloc_scratch((2 * t + 3 * t * MINILM_HEADS) * sizeof(float));
    s->codes.zero = s->codes.scale + t;
    s->head_scale = s->codes.zero + t;
    s->heads = kino_alloc_scratch(3 * t * MINILM_DIM);
    return s;
}

void kino_minilm_scratch_free(minilm_scratch *s)
{
    if (!s)
        return;
    free(s->x);
    free(s->heads);
    free(s->halves);
    free(s->panel);
    free(s->codes.code);
    free(s->codes.scale);
    free(s);
}

/* out[DIM] = word + position */
static void embed_word(const minilm_network *n, size_t id, const float *position, float *out)
{
    const size_t at = id * MINILM_DIM;
    switch (n->precision) {
    case MINILM_F32:
        for (size_t j = 0; j < MINILM_DIM; j++)
            out[j] = ((const float *)n->word)[at + j] + position[j];
        break;
    case MINILM_I8:
        for (size_t j = 0; j < MINILM_DIM; j++)
            out[j] = (float)((const int8_t *)n->word)[at + j] * n->word_scale[id] + position[j];
        break;
    case MINILM_F16: /* a row is twelve "inputs" of a panel */
        n->kernels->widen_f16(MINILM_DIM / KINO_PANEL, (const uint16_t *)n->word + at, out);
        for (size_t j = 0; j < MINILM_DIM; j++)
            out[j] += position[j];
        break;
    case MINILM_BF16:
        for (size_t j = 0; j < MINILM_DIM; j++) {
            const uint32_t bits = (uint32_t)((const uint16_t *)n->word)[at + j] << 16;
            float word;
            memcpy(&word, &bits, sizeof word);
            out[j] = word + position[j];
        }
        break;
    }
}

/* x[tokens][DIM] = norm(word + position), for int8 as bytes too */
static void embed(const minilm_network *n, const minilm_text *texts, size_t count, size_t tokens, minilm_scratch *s)
{
    float *x = s->x;
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < texts[i].tokens; t++, x += MINILM_DIM)
            embed_word(n, texts[i].ids[t], n->position + t * MINILM_DIM, x);
    if (n->precision == MINILM_I8)
        n->kernels->layernorm_codes(tokens, MINILM_DIM, s->x, NULL, n->norm, n->layers[0].qkv_input, &s->codes);
    else
        n->kernels->layernorm(tokens, MINILM_DIM, s->x, NULL, n->norm, s->x);
}

static void attend(const minilm_network *n, const minilm_text *texts, size_t count, minilm_scratch *s)
{
    for (size_t i = 0, at = 0; i < count; at += texts[i++].tokens)
        n->kernels->attention(texts[i].tokens, MINILM_HEADS, s->qkv + at * 3 * MINILM_DIM, s->attention,
                              s->context + at * MINILM_DIM);
}

static void multiply(const minilm_network *n, const kino_matrix *m, size_t rows, const float *x, int gelu,
                     minilm_scratch *s, float *out)
{
    const kino_kernels *k = n->kernels;
    if (n->precision == MINILM_F32) {
        k->matmul_f32(rows, m->n, m->k, x, m->weight, m->bias, gelu, out, m->n);
        return;
    }
    if (n->precision == MINILM_BF16 && k->matmul_bf16) {
        k->to_bf16(rows * m->k, x, s->halves);
        k->matmul_bf16(rows, m->n, m->k, s->halves, m->weight, m->bias, gelu, out);
        return;
    }
    for (size_t c = 0; c < m->n; c += KINO_PANEL) {
        (n->precision == MINILM_F16 ? k->widen_f16 : k->widen_bf16)(m->k, (const uint16_t *)m->weight + c * m->k,
                                                                    s->panel);
        k->matmul_f32(rows, KINO_PANEL, m->k, x, s->panel, m->bias + c, gelu, out + c, m->n);
    }
}

static void layer_float(const minilm_network *n, const minilm_layer *l, const minilm_text *texts, size_t count,
                        size_t tokens, minilm_scratch *s)
{
    const kino_kernels *k = n->kernels;
    multiply(n, &l->qkv, tokens, s->x, 0, s, s->qkv);
    attend(n, texts, count, s);
    multiply(n, &l->attn, tokens, s->context, 0, s, s->sum);
    k->layernorm(tokens, MINILM_DIM, s->sum, s->x, l->attn_norm, s->x);
    multiply(n, &l->up, tokens, s->x, 1, s, s->inner);
    multiply(n, &l->down, tokens, s->inner, 0, s, s->sum);
    k->layernorm(tokens, MINILM_DIM, s->sum, s->x, l->down_norm, s->x);
}

/* On entry s->codes holds x as bytes, made by the norm before. `next` is the gain of the norm behind as the layer
 * that follows sees it, NULL behind the last. */
static void layer_i8(const minilm_network *n, const minilm_layer *l, const float *next, const minilm_text *texts,
                     size_t count, size_t tokens, minilm_scratch *s)
{
    const kino_kernels *k = n->kernels;
    k->matmul_i8(&l->qkv, tokens, &s->codes, NULL, s->qkv);
    k->quantise_heads(tokens, 3 * MINILM_DIM, s->qkv, s->heads, s->head_scale);
    for (size_t i = 0, at = 0; i < count; at += texts[i++].tokens)
        k->attention_i8(texts[i].tokens, MINILM_HEADS, s->heads + at * 3 * MINILM_DIM,
                        s->head_scale + at * 3 * MINILM_HEADS, s->attention, s->context + at * MINILM_DIM);
    k->quantise(tokens, MINILM_DIM, s->context, 0, &s->codes);
    k->matmul_i8(&l->attn, tokens, &s->codes, NULL, s->sum);
    for (size_t at = 0; at < tokens; at += MINILM_BLOCK) {
        size_t rows = tokens - at < MINILM_BLOCK ? tokens - at : MINILM_BLOCK;
        float *x = s->x + at * MINILM_DIM, *sum = s->sum + at * MINILM_DIM;
        k->layernorm_codes(rows, MINILM_DIM, x, sum, l->attn_norm, l->up_input, &s->codes);
        k->matmul_i8(&l->up, rows, &s->codes, l->down_input, s->inner);
        k->quantise(rows, MINILM_INNER, s->inner, 1, &s->codes);
        k->matmul_i8(&l->down, rows, &s->codes, NULL, sum);
    }
    if (next)
        k->layernorm_codes(tokens, MINILM_DIM, s->x, s->sum, l->down_norm, next, &s->codes);
    else
        k->layernorm(tokens, MINILM_DIM, s->x, s->sum, l->down_norm, s->x);
}

void kino_minilm_forward(const minilm_network *n, minilm_scratch *s, const minilm_text *texts, size_t count,
                         kino_minilm_tap *tap, void *ctx)
{
    size_t tokens = 0;
    for (size_t i = 0; i < count; i++)
        tokens += texts[i].tokens;
    embed(n, texts, count, tokens, s);
    if (tap)
        tap(ctx, 0, tokens, s->x);
    for (int i = 0; i < MINILM_LAYERS; i++) {
        const minilm_layer *l = &n->layers[i];
        if (n->precision == MINILM_I8)
            layer_i8(n, l, i + 1 < MINILM_LAYERS ? l[1].qkv_input : NULL, texts, count, tokens, s);
        else
            layer_float(n, l, texts, count, tokens, s);
        if (tap)
            tap(ctx, i + 1, tokens, s->x);
    }
    for (size_t i = 0, at = 0; i < count; at += texts[i++].tokens)
        n->kernels->pool(texts[i].tokens, MINILM_DIM, s->x + at * MINILM_DIM, texts[i].out);
}
