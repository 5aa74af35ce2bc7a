/* minilm.c - MiniLM's weights: opened, validated, laid out for the kernels. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "model/minilm_parts.h"

typedef struct pool {
    pthread_mutex_t lock;
    minilm_scratch *free;
} pool;

/* Half of the file, of which a short text needs a few rows: these are checked when they are used, each by its own
 * checksum, so that a question is answered before the whole file could have been read. */
#define WORDS "embed.word"

struct kino_minilm {
    kino_container container;
    kino_wordpiece wordpiece;
    minilm_network network;
    pool *pool; /* behind a pointer, so that a const handle can lend scratch */
};

/* ---- open ---- */

static const void *find(const kino_container *c, const char *name, kino_type type, uint32_t rank, const uint64_t *dims,
                        kino_error *err)
{
    const kino_section *s = kino_container_find(c, name, type, rank, dims, err);
    return s ? s->data : NULL;
}

/* How each precision is stored: its type in the file, and how many inputs of a panel stand together. */
static const struct precision {
    const char *name;
    kino_type type;
    size_t group;
} precisions[] = {
    [MINILM_F32] = {"f32", KINO_F32, 1},
    [MINILM_F16] = {"f16", KINO_F16, 1},
    [MINILM_BF16] = {"bf16", KINO_BF16, 2},
    [MINILM_I8] = {"int8", KINO_I8, 4},
};

/* A vector or norm of a layer. */
static bool find_floats(const kino_container *c, int layer, const char *name, const char *part, uint32_t rank,
                        const uint64_t *dims, const float **out, kino_error *err)
{
    char section[KINO_SECTION_NAME];
    snprintf(section, sizeof section, "layer.%d.%s.%s", layer, name, part);
    *out = find(c, section, KINO_F32, rank, dims, err);
    return *out;
}

static bool find_matrix(const kino_container *c, minilm_precision precision, int layer, const char *name, size_t n,
                        size_t k, kino_matrix *m, kino_error *err)
{
    char section[KINO_SECTION_NAME];
    const uint64_t one[1] = {n};
    m->n = n;
    m->k = k;
    if (!find_floats(c, layer, name, "bias", 1, one, &m->bias, err))
        return false;
    snprintf(section, sizeof section, "layer.%d.%s.weight", layer, name);
    const size_t group = precisions[precision].group;
    m->weight = find(c, section, precisions[precision].type, group == 1 ? 3 : 4,
                     (uint64_t[]){n / KINO_PANEL, k / group, KINO_PANEL, group}, err);
    if (precision != MINILM_I8 || !m->weight)
        return m->weight;
    if (!find_floats(c, layer, name, "scale", 1, one, &m->scale, err))
        return false;
    snprintf(section, sizeof section, "layer.%d.%s.sum", layer, name);
    m->sum = find(c, section, KINO_I32, 1, one, err);
    return m->sum;
}

static bool find_layer(const kino_container *c, minilm_precision p, int i, minilm_layer *l, kino_error *err)
{
    const uint64_t norm[2] = {2, MINILM_DIM}, inner[1] = {MINILM_INNER};
    if (!find_matrix(c, p, i, "qkv", 3 * MINILM_DIM, MINILM_DIM, &l->qkv, err) ||
        !find_matrix(c, p, i, "attn", MINILM_DIM, MINILM_DIM, &l->attn, err) ||
        !find_matrix(c, p, i, "up", MINILM_INNER, MINILM_DIM, &l->up, err) ||
        !find_matrix(c, p, i, "down", MINILM_DIM, MINILM_INNER, &l->down, err) ||
        !find_floats(c, i, "attn", "norm", 2, norm, &l->attn_norm, err) ||
        !find_floats(c, i, "down", "norm", 2, norm, &l->down_norm, err))
        return false;
    return p != MINILM_I8 || (find_floats(c, i, "qkv", "input", 2, norm, &l->qkv_input, err) &&
                              find_floats(c, i, "up", "input", 2, norm, &l->up_input, err) &&
                              find_floats(c, i, "down", "input", 1, inner, &l->down_input, err));
}

/* The type of the word embeddings tells the precision of the file. */
static kino_status find_network(const kino_container *c, uint64_t words, minilm_network *n, kino_error *err)
{
    const kino_section *word = kino_container_get(c, WORDS);
    const uint64_t shape[2] = {words, MINILM_DIM};
    for (minilm_precision p = MINILM_F32; word && p <= MINILM_I8; p++)
        if (word->type == precisions[p].type)
            n->precision = p;
    n->word = find(c, WORDS, precisions[n->precision].type, 2, shape, err);
    n->word_bytes = MINILM_DIM * kino_type_size(precisions[n->precision].type);
    if (!n->word)
        return KINO_DAMAGED;
    n->word_check = find(c, "embed.check", KINO_U32, 1, shape, err);
    if (!n->word_check)
        return KINO_DAMAGED;
    if (n->precision == MINILM_I8) {
        n->word_scale = find(c, "embed.scale", KINO_F32, 1, shape, err);
        if (!n->word_scale)
            return KINO_DAMAGED;
    }
    n->position = find(c, "embed.position", KINO_F32, 2, (uint64_t[]){KINO_MAX_TOKENS, MINILM_DIM}, err);
    if (!n->position)
        return KINO_DAMAGED;
    n->norm = find(c, "embed.norm", KINO_F32, 2, (uint64_t[]){2, MINILM_DIM}, err);
    if (!n->norm)
        return KINO_DAMAGED;
    for (int i = 0; i < MINILM_LAYERS; i++)
        if (!find_layer(c, n->precision, i, &n->layers[i], err))
            return KINO_DAMAGED;
    return KINO_OK;
}

kino_status kino_minilm_open(const char *path, kino_minilm **out, kino_error *err)
{
    kino_minilm *m = kino_alloc(sizeof *m);
    kino_status st = kino_container_open(path, KINO_KIND_MINILM, KINO_VERIFY_STRUCTURE, &m->container, err);
    if (!st)
        st = kino_container_check(&m->container, WORDS, err);
    if (!st)
        st = kino_container_finite(&m->container, WORDS, err); /* words: each when it is used, like their checksums */
    if (!st)
        st = kino_wordpiece_view(&m->container, &m->wordpiece, err);
    if (!st)
        st = find_network(&m->container, m->wordpiece.count, &m->network, err);
    if (st) {
        kino_container_close(&m->container);
        free(m);
        return st;
    }
    m->network.kernels = kino_kernels_get();
    m->pool = kino_alloc(sizeof *m->pool);
    pthread_mutex_init(&m->pool->lock, NULL);
    *out = m;
    return KINO_OK;
}

void kino_minilm_close(kino_minilm *m)
{
    if (!m)
        return;
    while (m->pool->free) {
        minilm_scratch *next = m->pool->free->next;
        kino_minilm_scratch_free(m->pool->free);
        m->pool->free = next;
    }
    pthread_mutex_destroy(&m->pool->lock);
    free(m->pool);
    kino_container_close(&m->container);
    free(m);
}

uint64_t kino_minilm_fingerprint(const kino_minilm *m)
{
    return m->container.fingerprint;
}

const char *kino_minilm_precision(const kino_minilm *m)
{
    return precisions[m->network.precision].name;
}

void kino_minilm_use(kino_minilm *m, const kino_kernels *kernels)
{
    m->network.kernels = kernels;
}

size_t kino_minilm_tokenize(const kino_minilm *m, const char *text, size_t length, int32_t ids[KINO_MAX_TOKENS])
{
    return kino_wordpiece_encode(&m->wordpiece, text, length, ids);
}

/* ---- scratch ---- */

static minilm_scratch *borrow(const kino_minilm *m)
{
    pthread_mutex_lock(&m->pool->lock);
    minilm_scratch *s = m->pool->free;
    if (s)
        m->pool->free = s->next;
    pthread_mutex_unlock(&m->pool->lock);
    return s ? s : kino_minilm_scratch_new();
}

static void give_back(const kino_minilm *m, minilm_scratch *s)
{
    pthread_mutex_lock(&m->pool->lock);
    s->next = m->pool->free;
    m->pool->free = s;
    pthread_mutex_unlock(&m->pool->lock);
}

/* ---- embed ---- */

/* Texts are taken in chunks, so that memory is bounded: a chunk is tokenised, sorted by length, cut into passes of
 * about MINILM_PASS tokens, and each pass is one task. */
enum { CHUNK = 1024 };

typedef struct chunk {
    const kino_minilm *m;
    const char *const *texts;
    const size_t *lengths; /* NULL: zero-terminated */
    float *out;
    size_t count;
    uint16_t (*ids)[KINO_MAX_TOKENS]; /* [CHUNK] */
    minilm_text *sorted;              /* [CHUNK], longest first */
    size_t *passes;                   /* [CHUNK + 1]: pass i is sorted[passes[i]] to before sorted[passes[i + 1]] */
    size_t pass_count;
    size_t done_before; /* texts of earlier chunks */
    atomic_size_t done;
    atomic_int damaged; /* a word whose row is not what was written; 0: none */
    void (*progress)(void *ctx, size_t done);
    void *ctx;
    const volatile sig_atomic_t *cancel;
} chunk;

static bool intact(const minilm_network *n, size_t id)
{
    const unsigned char *row = (const unsigned char *)n->word + id * n->word_bytes;
    return kino_crc32c(0, row, n->word_bytes) == n->word_check[id] &&
           kino_all_finite(precisions[n->precision].type, row, MINILM_DIM);
}

static kino_status damaged(const kino_minilm *m, int word, kino_error *err)
{
    return kino_fail(err, KINO_DAMAGED,
                     "%s: damaged file: row %d of section %s has another checksum, or holds what is no number; "
                     "restore it",
                     m->container.path, word, WORDS);
}

static void tokenize(chunk *c, size_t i)
{
    int32_t ids[KINO_MAX_TOKENS];
    size_t length = c->lengths ? c->lengths[i] : strlen(c->texts[i]);
    size_t n = kino_wordpiece_encode(&c->m->wordpiece, c->texts[i], length, ids);
    for (size_t t = 0; t < n; t++) {
        c->ids[i][t] = (uint16_t)ids[t]; /* a vocabulary has at most 2^16 - 2 words */
        if (!intact(&c->m->network, c->ids[i][t]))
            atomic_store(&c->damaged, ids[t]);
    }
    c->sorted[i] = (minilm_text){c->ids[i], n, c->out + i * MINILM_DIM};
}

enum { TOKENIZE_AT_ONCE = 16 };

static void tokenize_task(void *ctx, size_t i, int worker)
{
    chunk *c = ctx;
    (void)worker;
    for (size_t t = i * TOKENIZE_AT_ONCE; t < c->count && t < (i + 1) * TOKENIZE_AT_ONCE; t++)
        tokenize(c, t);
}

static int longest_first(const void *a, const void *b)
{
    const minilm_text *x = a, *y = b;
    if (x->tokens != y->tokens)
        return x->tokens < y->tokens ? 1 : -1;
    return (x->ids > y->ids) - (x->ids < y->ids);
}

static void plan(chunk *c)
{
    qsort(c->sorted, c->count, sizeof *c->sorted, longest_first);
    size_t tokens = 0;
    c->pass_count = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (!i || tokens + c->sorted[i].tokens > MINILM_PASS) {
            c->passes[c->pass_count++] = i;
            tokens = 0;
        }
        tokens += c->sorted[i].tokens;
    }
    c->passes[c->pass_count] = c->count;
}

static void pass_task(void *ctx, size_t i, int worker)
{
    chunk *c = ctx;
    if (c->cancel && *c->cancel)
        return;
    minilm_scratch *s = borrow(c->m);
    size_t first = c->passes[i], texts = c->passes[i + 1] - first;
    kino_minilm_forward(&c->m->network, s, c->sorted + first, texts, NULL, NULL);
    give_back(c->m, s);
    size_t done = atomic_fetch_add(&c->done, texts) + texts;
    if (c->progress && !worker)
        c->progress(c->ctx, c->done_before + done);
}

static kino_status embed_one(const kino_minilm *m, const char *text, size_t length, kino_minilm_tap *tap, void *ctx,
                             float *out, kino_error *err)
{
    uint16_t ids[1][KINO_MAX_TOKENS];
    minilm_text t;
    chunk c = {.m = m, .texts = &text, .lengths = &length, .out = out, .ids = ids, .sorted = &t};
    tokenize(&c, 0);
    if (c.damaged)
        return damaged(m, c.damaged, err);
    minilm_scratch *s = borrow(m);
    kino_minilm_forward(&m->network, s, &t, 1, tap, ctx);
    give_back(m, s);
    return KINO_OK;
}

kino_status kino_minilm_trace(const kino_minilm *m, const char *text, size_t length, kino_minilm_tap *tap, void *ctx,
                              float *out, kino_error *err)
{
    return embed_one(m, text, length, tap, ctx, out, err);
}

kino_status kino_minilm_embed(const kino_minilm *m, int threads, const char *const *texts, const size_t *lengths,
                              size_t count, float *out, void (*progress)(void *ctx, size_t done), void *ctx,
                              const volatile sig_atomic_t *cancel, kino_error *err)
{
    if (count == 1 && !(cancel && *cancel)) {
        kino_status st = embed_one(m, texts[0], lengths ? lengths[0] : strlen(texts[0]), NULL, NULL, out, err);
        if (progress && !st)
            progress(ctx, 1);
        return st;
    }
    threads = kino_thread_count(threads);
    chunk c = {.m = m, .progress = progress, .ctx = ctx, .cancel = cancel};
    size_t most = count < CHUNK ? count : CHUNK;
    c.ids = kino_alloc_array(most + !most, sizeof *c.ids);
    c.sorted = kino_alloc_array(most + !most, sizeof *c.sorted);
    c.passes = kino_alloc_array(most + 1, sizeof *c.passes);
    for (size_t at = 0; at < count && !c.damaged && !(cancel && *cancel); at += c.count) {
        c.texts = texts + at;
        c.lengths = lengths ? lengths + at : NULL;
        c.out = out + at * MINILM_DIM;
        c.count = count - at < CHUNK ? count - at : CHUNK;
        c.done_before = at;
        atomic_store(&c.done, 0);
        kino_parallel(threads, (c.count + TOKENIZE_AT_ONCE - 1) / TOKENIZE_AT_ONCE, tokenize_task, &c);
        if (c.damaged)
            break;
        plan(&c);
        kino_parallel(threads, c.pass_count, pass_task, &c);
        if (progress && !(cancel && *cancel))
            progress(ctx, at + c.count);
    }
    free(c.ids);
    free(c.sorted);
    free(c.passes);
    if (c.damaged)
        return damaged(m, c.damaged, err);
    return cancel && *cancel ? kino_fail(err, KINO_INTERRUPTED, "interrupted") : KINO_OK;
}
