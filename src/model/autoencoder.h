/* autoencoder.h - the network that squeezes a film's feature columns into 32 numbers: training, codes, saving.
 *
 *     columns -> 128 relu, batch norm, dropout -> 64 relu -> 32 relu: the code
 *             -> 64 relu, batch norm, dropout -> 128 relu -> columns, each linear or sigmoid
 *
 * trained with Adam on the mean squared error over all columns, in shuffled batches, validated on rows set apart,
 * stopped early and set back to the best epoch. Initialisation and constants are those of Keras. Rows are sparse, in
 * and as what is to come out.
 *
 *     kino_train_options o = {.columns = 106, .sigmoid = where, .seed = 1};
 *     kino_autoencoder *a = NULL;
 *     if (kino_autoencoder_train(&rows, &o, &a, NULL, err)) ...
 *     kino_autoencoder_encode(a, &rows, 0, codes);                        // [rows.rows][32]
 *     kino_autoencoder_free(a);
 *
 * The same rows, options and seed give the same bytes, whatever the thread count. Instruction sets with a fused
 * multiply-add (AVX2, AVX-512) agree with each other to the bit too; the scalar kernels agree with them to rounding.
 * A trained or loaded autoencoder is never changed: any number of threads may use it.
 *
 * Sections of a container (kind ENCODER), all f32, matrices as Keras has them, [inputs][outputs]:
 *
 *     autoencoder.0.weight [columns][128]      autoencoder.0.bias [128]     encoder
 *     autoencoder.1.weight [128][64]           autoencoder.1.bias [64]
 *     autoencoder.2.weight [64][32]            autoencoder.2.bias [32]      -> the code
 *     autoencoder.3.weight [32][64]            autoencoder.3.bias [64]      decoder: 3 to 5 and norm.3, all or none
 *     autoencoder.4.weight [64][128]           autoencoder.4.bias [128]
 *     autoencoder.5.weight [128][columns]      autoencoder.5.bias [columns]
 *     autoencoder.0.norm [4][128]              batch norm behind layer 0: gamma, beta, moving mean, moving variance
 *     autoencoder.3.norm [4][64]               the same behind layer 3
 *     autoencoder.sigmoid [columns] (u8)       decoder: 1 sigmoid, 0 linear output */
#ifndef KINO_MODEL_AUTOENCODER_H
#define KINO_MODEL_AUTOENCODER_H

#include "base/container.h"
#include "base/sparse.h"
#include "kino.h"

#define KINO_AUTOENCODER_CODE 32      /* numbers of a code */
#define KINO_AUTOENCODER_COLUMNS 8192 /* most columns: twice the largest vocabulary */
#define KINO_AUTOENCODER_BATCH 1024   /* largest batch */

typedef struct kino_autoencoder kino_autoencoder;

/* 0 or NULL everywhere but in columns is the default. */
typedef struct kino_train_options {
    size_t columns;         /* 1 to KINO_AUTOENCODER_COLUMNS */
    const uint8_t *sigmoid; /* [columns] non-zero: sigmoid output, for values within 0..1; NULL: all linear */
    int max_epochs;         /* 100; at most KINO_MAX_EPOCHS */
    int patience;           /* 10 epochs without a better validation loss end the training */
    int batch;              /* 32 rows; 2 to KINO_AUTOENCODER_BATCH */
    float learning_rate;    /* 0.001 */
    float dropout;          /* 0.2, the share of dropped units; below 1; negative: none */
    float validation_share; /* 0.2: the last ceil(share * n) rows; below 1; negative: none, and then the training
                                  loss decides. Always leaves one row to train on */
    size_t sample;          /* 0: all rows in their order. Else as many at most, drawn by the seed, in the order in
                                  which they were drawn, so that the last are a fair sample of all */
    uint64_t seed;          /* of the sample, weights, shuffling and dropout */
    int threads;            /* 0: one per core */
    /* after each epoch (from 1), from the calling thread; val_loss is NaN without validation rows */
    void (*epoch)(void *ctx, int epoch, int epochs, float loss, float val_loss);
    void *ctx;
    const volatile sig_atomic_t *cancel; /* non-zero: stop within a few milliseconds */
} kino_train_options;

typedef struct kino_train_report {
    int epochs, best_epoch;          /* run, and the one that was kept, from 1 */
    float loss[KINO_MAX_EPOCHS];     /* [epochs] mean over the epoch, dropout active, as the weights moved */
    float val_loss[KINO_MAX_EPOCHS]; /* [epochs] after the epoch, in inference mode; NaN without validation rows */
} kino_train_report;

/* Trains on rows of finite numbers, at least one. KINO_USAGE for an option out of range, a row that is not finite or
 * has a column beyond the last, or a loss that stopped being a number; KINO_INTERRUPTED by *cancel. *report (may be NULL) is filled in any case with the
 * epochs that were run. Freed by kino_autoencoder_free. */
kino_status kino_autoencoder_train(const kino_sparse *rows, const kino_train_options *o, kino_autoencoder **out,
                                   kino_train_report *report, kino_error *err);
void kino_autoencoder_free(kino_autoencoder *a); /* NULL is fine */

/* Codes of rows into codes[rows][32], by the moving statistics and without dropout. They are raw: not
 * negative, of any length, and all zero for a row that no unit answers to; whoever normalises must expect that. A
 * code does not depend on the other rows. */
void kino_autoencoder_encode(const kino_autoencoder *a, const kino_sparse *rows, int threads, float *codes);
/* What the network makes of rows: out[rows][columns]. False when it was loaded without its decoder. */
bool kino_autoencoder_reconstruct(const kino_autoencoder *a, const kino_sparse *rows, int threads, float *out);

size_t kino_autoencoder_columns(const kino_autoencoder *a);

/* Adds the sections to a container. Their data is lent: free the autoencoder after the container is written. */
void kino_autoencoder_save(const kino_autoencoder *a, kino_container_writer *w);
/* Reads the sections out of a container, which may be closed afterwards. KINO_DAMAGED when one is missing, of another
 * shape, or holds what no network can use (not finite, a negative variance). */
kino_status kino_autoencoder_load(const kino_container *c, kino_autoencoder **out, kino_error *err);

#endif
