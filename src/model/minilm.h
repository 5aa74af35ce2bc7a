/* minilm.h - all-MiniLM-L6-v2: texts to unit vectors of 384 numbers.
 *
 *     kino_minilm *m;
 *     if (kino_minilm_open("minilm-l6-v2.f32.kino", &m, err)) ...
 *     float v[2][KINO_PLOT_DIM];
 *     kino_minilm_embed(m, 2, (const char *[]){"a quiet film", "a loud film"}, NULL, 2, v[0], NULL, NULL, NULL, err);
 *     kino_minilm_close(m);
 *
 * The vectors are those of sentence-transformers: tokens as wordpiece.h says, six layers, mean over all tokens, length
 * 1. A text's vector is the same to the last bit whatever else is in the call, in whatever order, on however many
 * threads. The precision is that of the file's weights.
 *
 * A handle may be used by many threads at once; scratch memory comes from a pool in it, 4 MB for each thread that ever
 * worked at the same time. Weights stay in the mapped file. */
#ifndef KINO_MODEL_MINILM_H
#define KINO_MODEL_MINILM_H

#include <signal.h>

#include "kern/kern.h"
#include "kino.h"

typedef struct kino_minilm kino_minilm;

/* KINO_NOT_FOUND without a file; KINO_DAMAGED when it is not sound MiniLM weights. Every checksum is verified. Each
 * word embedding has its own, which is verified when the word is used, so kino_minilm_embed may find damage too. */
kino_status kino_minilm_open(const char *path, kino_minilm **out, kino_error *err);
void kino_minilm_close(kino_minilm *m); /* NULL is fine */

/* The fingerprint of the weights; files of another precision or model have another one. */
uint64_t kino_minilm_fingerprint(const kino_minilm *m);
/* "f32", ... */
const char *kino_minilm_precision(const kino_minilm *m);

/* Ids of a text, [CLS] and [SEP] included, cut at KINO_MAX_TOKENS; returns how many. */
size_t kino_minilm_tokenize(const kino_minilm *m, const char *text, size_t length, int32_t ids[KINO_MAX_TOKENS]);

/* Vectors of `count` texts into out[count][KINO_PLOT_DIM]. lengths: bytes of each, NULL for zero-terminated texts.
 * threads: 0 for one per core. progress, if not NULL, is called from the calling thread with the number of texts done.
 * cancel, if not NULL: once it is not zero the call ends with KINO_INTERRUPTED and out must not be used. */
kino_status kino_minilm_embed(const kino_minilm *m, int threads, const char *const *texts, const size_t *lengths,
                              size_t count, float *out, void (*progress)(void *ctx, size_t done), void *ctx,
                              const volatile sig_atomic_t *cancel, kino_error *err);

/* ---- for tests ---- */

/* Uses these kernels instead of the machine's best; they must outlive the handle. Not while another call runs. */
void kino_minilm_use(kino_minilm *m, const kino_kernels *kernels);

/* One text into out[KINO_PLOT_DIM]; tap is called after the embedding (layer 0) and each layer (1 to 6) with
 * hidden[tokens][KINO_PLOT_DIM]. */
typedef void kino_minilm_tap(void *ctx, int layer, size_t tokens, const float *hidden);
kino_status kino_minilm_trace(const kino_minilm *m, const char *text, size_t length, kino_minilm_tap *tap, void *ctx,
                              float *out, kino_error *err);

#endif
