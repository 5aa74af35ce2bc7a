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
    return s;
}

void kino_minilm_scratch_free(minilm_scratch *s)
{
    if (s)
        free(s->x);
    free(s);
}

static void multiply(const minilm_network *n, const minilm_matrix *m, size_t rows, const float *x, int gelu,
                     float *out)
{
    n->kernels->matmul_f32(rows, m->n, m->k, x, m->weight, m->bias, gelu, out);
}

/* x[tokens][DIM] = norm(word + position) */
static void embed(const minilm_network *n, const minilm_text *texts, size_t count, minilm_scratch *s)
{
    float *x = s->x;
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < texts[i].tokens; t++, x += MINILM_DIM) {
            const float *word = n->word + texts[i].ids[t] * (size_t)MINILM_DIM;
            n->kernels->layernorm(1, MINILM_DIM, word, n->position + t * MINILM_DIM, n->norm, x);
        }
}

static void layer(const minilm_network *n, const minilm_layer *l, const minilm_text *texts, size_t count,
                  size_t tokens, minilm_scratch *s)
{
    const kino_kernels *k = n->kernels;
    multiply(n, &l->qkv, tokens, s->x, 0, s->qkv);
    for (size_t i = 0, at = 0; i < count; at += texts[i++].tokens)
        k->attention(texts[i].tokens, MINILM_HEADS, s->qkv + at * 3 * MINILM_DIM, s->attention,
                     s->context + at * MINILM_DIM);
    multiply(n, &l->attn, tokens, s->context, 0, s->sum);
    k->layernorm(tokens, MINILM_DIM, s->sum, s->x, l->attn_norm, s->x);
    multiply(n, &l->up, tokens, s->x, 1, s->inner);
    multiply(n, &l->down, tokens, s->inner, 0, s->sum);
    k->layernorm(tokens, MINILM_DIM, s->sum, s->x, l->down_norm, s->x);
}

void kino_minilm_forward(const minilm_network *n, minilm_scratch *s, const minilm_text *texts, size_t count,
                         kino_minilm_tap *tap, void *ctx)
{
    size_t tokens = 0;
    for (size_t i = 0; i < count; i++)
        tokens += texts[i].tokens;
    embed(n, texts, count, s);
    if (tap)
        tap(ctx, 0, tokens, s->x);
    for (int i = 0; i < MINILM_LAYERS; i++) {
        layer(n, &n->layers[i], texts, count, tokens, s);
        if (tap)
            tap(ctx, i + 1, tokens, s->x);
    }
    for (size_t i = 0, at = 0; i < count; at += texts[i++].tokens)
        n->kernels->pool(texts[i].tokens, MINILM_DIM, s->x + at * MINILM_DIM, texts[i].out);
}
