#include <math.h>
#include <stdlib.h>

#include "base/container.h"
#include "base/status.h"
#include "handle/handle.h"

void kino_encoder_bytes(const kino_encoder *e, kino_buffer *out)
{
    kino_container_writer w = {0};
    kino_schema_save(e->schema, &w);
    kino_autoencoder_save(e->autoencoder, &w);
    kino_container_bytes(&w, KINO_KIND_ENCODER, out);
    kino_container_writer_free(&w);
}

kino_status kino_encoder_load(const char *name, const void *bytes, size_t size, kino_encoder *out, kino_error *err)
{
    kino_container c = {0};
    kino_encoder e = {0};
    kino_status st = kino_container_view(name, bytes, size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, err);
    if (st)
        return st;
    e.fingerprint = c.fingerprint;
    st = kino_schema_load(&c, &e.schema, err);
    if (!st)
        st = kino_autoencoder_load(&c, &e.autoencoder, err);
    kino_container_close(&c);
    if (!st && kino_schema_columns(e.schema) != kino_autoencoder_columns(e.autoencoder))
        st = kino_fail(err, KINO_DAMAGED, "%s: the schema has %zu columns, the autoencoder %zu; build again", name,
                       kino_schema_columns(e.schema), kino_autoencoder_columns(e.autoencoder));
    if (st)
        kino_encoder_free(&e);
    else
        *out = e;
    return st;
}

void kino_encoder_free(kino_encoder *e)
{
    kino_schema_free(e->schema);
    kino_autoencoder_free(e->autoencoder);
    *e = (kino_encoder){0};
}

void kino_encoder_profiles(const kino_encoder *e, const kino_sparse *rows, int threads, float *out)
{
    kino_autoencoder_encode(e->autoencoder, rows, threads, out);
    for (size_t i = 0; i < rows->rows; i++) {
        const bool known = kino_sparse_at(rows, i).count > 0;
        float *code = out + i * KINO_PROFILE_DIM, sum = 0;
        for (int j = 0; j < KINO_PROFILE_DIM; j++)
            sum += code[j] * code[j];
        for (int j = 0; j < KINO_PROFILE_DIM; j++)
            code[j] = known && sum > 0 ? code[j] / sqrtf(sum) : 0;
    }
}
