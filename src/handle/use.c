/* use.c - the catalogue, MiniLM and the encoder of a handle, loaded on first use. */
#include <stdlib.h>

#include "base/status.h"
#include "handle/handle.h"

kino_status kino_use_catalogue(kino *k, kino_error *err)
{
    kino_status st = KINO_OK;
    pthread_mutex_lock(&k->lock);
    if (!k->catalogue)
        st = kino_catalogue_open(k->path, KINO_CATALOGUE_READ, &k->catalogue, err);
    pthread_mutex_unlock(&k->lock);
    return st;
}

kino_status kino_use_minilm(kino *k, kino_error *err)
{
    kino_status st = KINO_OK;
    pthread_mutex_lock(&k->lock);
    if (!k->minilm)
        st = k->weights ? kino_minilm_open(k->weights, &k->minilm, err) : kino_weights_missing(NULL, err);
    pthread_mutex_unlock(&k->lock);
    return st;
}

kino_status kino_use_encoder(kino *k, kino_error *err)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_status st = kino_use_catalogue(k, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->encoder.autoencoder) {
        st = kino_catalogue_get_blob(k->catalogue, "encoder", &bytes, &size, err);
        if (!st)
            st = kino_encoder_load("the catalogue's encoder", bytes, size, &k->encoder, err);
    }
    pthread_mutex_unlock(&k->lock);
    free(bytes);
    return st;
}
