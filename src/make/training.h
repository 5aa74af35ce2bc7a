/* training.h - films -> the encoder that makes their profiles. */
#ifndef KINO_MAKE_TRAINING_H
#define KINO_MAKE_TRAINING_H

#include "handle/handle.h"

typedef struct kino_training {
    /* given */
    const kino_options *opt;
    const kino_build_request *req; /* recipe, epochs, seed, encoder */
    const kino_movies *movies;
    kino_catalogue *catalogue; /* whose encoder stays when it was made of the same */
    kino_build_report *report;
    /* made */
    kino_encoder encoder;
    uint64_t key;    /* of everything that the encoder depends on; 0 of one that was trained elsewhere */
    float *profiles; /* [movies->count][KINO_PROFILE_DIM] */
} kino_training;

/* Fits the schema, trains or takes over the autoencoder, and computes every film's profile. */
kino_status kino_training_run(kino_training *t, kino_error *err);
void kino_training_free(kino_training *t);

#endif
