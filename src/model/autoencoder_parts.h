/* autoencoder_parts.h - what the files of the autoencoder share; nobody else includes it.
 *
 * autoencoder.c        the network as an object: memory, saving, loading, codes
 * autoencoder_step.c   one training step: forward, backward, Adam
 * autoencoder_train.c  epochs: shuffling, validation, early stop
 *
 * Layer l turns INPUTS(l) numbers into WIDTH(l). Units are padded to an odd multiple of 16 by columns of zeros, which
 * stay zero: their inputs, targets and gradients are. Odd, because a walk down the rows of a matrix whose rows are 2^k
 * bytes apart finds them all in the same few lines of the cache. */
#ifndef KINO_MODEL_AUTOENCODER_PARTS_H
#define KINO_MODEL_AUTOENCODER_PARTS_H

#include "kern/kern.h"
#include "model/autoencoder.h"
#include "model/team.h"

enum {
    LAYERS = 6,
    ENCODER = 3, /* the first three */
    CODE = KINO_AUTOENCODER_CODE,
    WIDE = 128,  /* units of layers 0 and 4 */
    NARROW = 64, /* of layers 1 and 3 */
    NORMS = 2,   /* batch norms: behind layer 0 and behind layer 3 */
    MOST_OF_A_NORM = WIDE,
};

#define NORM_EPSILON 1e-3f
#define NORM_MOMENTUM 0.99

/* norm: gamma, beta, moving mean, moving variance, [4][n]. All matrices and vectors lie in one block, `all`, and those
 * that training moves come first, so that moments and copies are blocks of the same shape. */
typedef struct network {
    size_t columns, padded; /* [columns] and the next odd multiple of 16 */
    const uint8_t *sigmoid; /* [padded] */
    float *weight[LAYERS];  /* [inputs][width], the first with `columns` rows, the last with `padded` columns */
    float *bias[LAYERS];    /* [width] */
    float *norm[NORMS];     /* [4][width] */
    float *all;
    size_t count;
} network;

struct kino_autoencoder {
    network n;
    const kino_autoencoder_kernels *kernels;
    kino_kernels table; /* of its own when a test asked for a level */
    uint8_t *sigmoid;   /* [padded] */
    bool decoder;
    float *last;         /* [128][columns]: weight[5] without its padding, as it is saved */
    float *stats[NORMS]; /* [3][width] as norm_forward wants them */
};

/* Units in and out of a layer, the last one padded. */
size_t kino_network_inputs(const network *n, int layer);
size_t kino_network_width(const network *n, int layer);

/* A network of zeros and batch norms that change nothing. */
kino_autoencoder *kino_autoencoder_new(size_t columns, const uint8_t *sigmoid, const kino_kernels *kernels);
/* What is derived from the weights; after they are final. */
void kino_autoencoder_finish(kino_autoencoder *a);

/* The sum over a slice of (y - x)^2; y, by unit, [padded][16], becomes scale (y - x), times the derivative of a sigmoid
 * where there is one, and 0 in lanes from `rows` on. */
double kino_network_error(const network *n, const kino_autoencoder_kernels *k, const kino_sparse_row *x, size_t rows,
                          float scale, float *y);

/* One slice, rows <= 16, through the network in inference mode. x[rows]; scratch: KINO_INFER_SCRATCH floats.
 * By unit: code[32][16], and with y not NULL y[padded][16]. `stats` as in kino_autoencoder. */
#define KINO_INFER_SCRATCH ((size_t)KINO_SLICE * (2 * WIDE + NARROW))
void kino_network_infer(const network *n, const kino_autoencoder_kernels *k, float *const stats[NORMS],
                        const kino_sparse_row *x, size_t rows, float *scratch, float *code, float *y);
/* stats[3][n] of moving statistics, norm[4][n]. */
void kino_norm_moving(size_t n, const float *norm, float *stats);

/* ---- one training step ---- */

typedef struct trainer trainer;

typedef struct step_options {
    int batch, threads;
    float dropout; /* 0: none */
    float learning_rate;
    float less_beta1, less_beta2; /* 1 - beta: .1 and .001 */
    uint64_t seed;
} step_options;

/* The network's weights are moved in place. */
trainer *kino_trainer_new(network *n, const kino_autoencoder_kernels *k, const step_options *o);
/* One step over x[rows], 1 <= rows <= batch. Returns the sum of squared errors over all columns. */
double kino_trainer_step(trainer *t, const kino_sparse_row *x, size_t rows);
void kino_trainer_free(trainer *t);

/* For tests: the first moments, laid out as network.all, which are the gradients after one step with less_beta1 = 1;
 * and the masks, [batch][128] and [batch][64], that the last step drew, or that the next steps are to use. */
const float *kino_trainer_moments(const trainer *t);
float *kino_trainer_mask(trainer *t, int norm);
void kino_trainer_keep_masks(trainer *t);

/* Training with the kernels of one level. */
kino_status kino_autoencoder_train_with(const kino_kernels *kernels, const kino_sparse *rows,
                                        const kino_train_options *o, kino_autoencoder **out, kino_train_report *report,
                                        kino_error *err);

#endif
