#include <stdlib.h>

#include "model/minilm_parts.h"

minilm_scratch *kino_minilm_scratch_new(void)
{
    minilm_scratch *s = kino_alloc(sizeof *s);
    const size_t t = KINO_MAX_TOKENS;
    s->x = kino_alloc_floats(t * (6 * MINILM_DIM + MINILM_INNER) + KINO_ATTENTION_SCRATCH(t));
    s->qkv = s->x + t * MINILM_DIM;
    s->context = s->qkv + 3 * t * MINILM_DIM;
    s->sum = s->context + t * MINILM_DIM;
    s->inner = s->sum + t * MINILM_DIM;
    s->attention = s->inner + t * MINILM_INNER;
    s->codes.code = kino_alloc_aligned(t * MINILM_INNER);
    s->codes.scale = kino_alloc_floats(2 * t + 3 * t * MINILM_HEADS);
    s->codes.zero = s->codes.scale + t;
    s->head_scale = s->codes.zero + t;
    s->heads = kino_alloc_aligned(3 * t * MINILM_DIM);
    return s;
}

void kino_minilm_scratch_free(minilm_scratch *s)
{
    if (!s)
        return;
    free(s->x);
    free(s->heads);
    free(s->codes.code);
    free(s->codes.scale);
    free(s);
}

/* x[tokens][DIM] = norm(word + position), for int8 as bytes too */
static void embed(const minilm_network *n, const minilm_text *texts, size_t count, size_t tokens, minilm_scratch *s)
{
    float *x = s->x;
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < texts[i].tokens; t++, x += MINILM_DIM) {
            const size_t id = texts[i].ids[t];
            const float *position = n->position + t * MINILM_DIM;
            if (n->precision == MINILM_I8) {
                const int8_t *word = (const int8_t *)n->word + id * MINILM_DIM;
                const float scale = n->word_scale[id];
                for (size_t j = 0; j < MINILM_DIM; j++)
                    x[j] = (float)word[j] * scale + position[j];
            } else {
                const float *word = (const float *)n->word + id * MINILM_DIM;
                for (size_t j = 0; j < MINILM_DIM; j++)
                    x[j] = word[j] + position[j];
            }
        }
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

static void multiply(const kino_kernels *k, const kino_matrix *m, size_t rows, const float *x, int gelu, float *out)
{
    k->matmul_f32(rows, m->n, m->k, x, m->weight, m->bias, gelu, out);
}

static void layer_f32(const minilm_network *n, const minilm_layer *l, const minilm_text *texts, size_t count,
                      size_t tokens, minilm_scratch *s)
{
    const kino_kernels *k = n->kernels;
    multiply(k, &l->qkv, tokens, s->x, 0, s->qkv);
    attend(n, texts, count, s);
    multiply(k, &l->attn, tokens, s->context, 0, s->sum);
    k->layernorm(tokens, MINILM_DIM, s->sum, s->x, l->attn_norm, s->x);
    multiply(k, &l->up, tokens, s->x, 1, s->inner);
    multiply(k, &l->down, tokens, s->inner, 0, s->sum);
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
        if (n->precision == MINILM_F32)
            layer_f32(n, l, texts, count, tokens, s);
        else
            layer_i8(n, l, i + 1 < MINILM_LAYERS ? l[1].qkv_input : NULL, texts, count, tokens, s);
        if (tap)
            tap(ctx, i + 1, tokens, s->x);
    }
    for (size_t i = 0, at = 0; i < count; at += texts[i++].tokens)
        n->kernels->pool(texts[i].tokens, MINILM_DIM, s->x + at * MINILM_DIM, texts[i].out);
}
