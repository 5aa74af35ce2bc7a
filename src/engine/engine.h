/* engine.h - what a `kino` handle holds; shared by the files of this layer, which together implement kino.h.
 *
 * locate.c  where the catalogue and the weights are      text.c       plots to vectors, the kino_embedder
 * build.c   data set -> catalogue                         rows.c       the films and vectors in memory
 * open.c    open, close, info, one film                   find.c       titles -> films
 * change.c  add, remove                                   recommend.c  seeds and text -> ranked films
 * encoder.c schema and autoencoder as one blob */
#ifndef KINO_ENGINE_H
#define KINO_ENGINE_H

#include <pthread.h>

#include "base/alloc.h"
#include "index/index.h"
#include "index/titles.h"
#include "ingest/features.h"
#include "kino.h"
#include "model/autoencoder.h"
#include "model/minilm.h"
#include "store/catalogue.h"

/* ---- locate ---- */

/* The catalogue's folder and the weights as the options, the environment and the defaults say; freed by the caller.
 * The weights are NULL when there are none anywhere. */
kino_status kino_locate_data(const kino_options *opt, char **out, kino_error *err);
char *kino_locate_weights(const kino_options *opt);
kino_status kino_weights_missing(const kino_options *opt, kino_error *err);  /* the message that says where they were sought */
char *kino_catalogue_path(const char *data_dir);

/* ---- encoder: feature schema and autoencoder, saved as one container ---- */

typedef struct kino_encoder {
    kino_schema *schema;
    kino_autoencoder *autoencoder;
    uint64_t fingerprint;  /* of the container */
} kino_encoder;

void kino_encoder_bytes(const kino_encoder *e, kino_buffer *out);  /* the container; free(out->data) */
kino_status kino_encoder_load(const char *name, const void *bytes, size_t size, kino_encoder *out, kino_error *err);
void kino_encoder_free(kino_encoder *e);
/* Unit profile vectors of films into out[count][KINO_PROFILE_DIM]; a film whose code is zero keeps a zero vector. */
void kino_encoder_profiles(const kino_encoder *e, const float *features, size_t count, int threads, float *out);

/* ---- text ---- */

/* The text of a film that is embedded: overview, keywords and title; for the classic recipe the overview alone. Appended. */
void kino_plot_text(kino_recipe recipe, const kino_movie *m, kino_buffer *out);

/* ---- rows: the catalogue's films and vectors in memory, row = position by ascending id ---- */

typedef struct kino_rows {
    kino_arena arena;
    kino_movie *films;       /* [count], the fields that kino_catalogue_list sets */
    size_t count;
    float *joined;           /* [count][KINO_VECTOR_DIM]: plot, profile; NULL until they are wanted */
    kino_vectors *vectors;   /* likewise */
    kino_hnsw *graph;        /* NULL: exact scan */
    kino_titles *titles;
} kino_rows;

struct kino {
    kino_options opt;        /* strings not kept: use the fields below */
    char *data_dir, *weights;
    kino_catalogue *catalogue;
    kino_recipe recipe;
    pthread_mutex_t lock;    /* guards the three below while they are loaded */
    kino_minilm *minilm;
    kino_encoder encoder;
    kino_rows *rows;
};

/* Each loads on first use, from any thread; the result lives until the next change or close. */
kino_status kino_use_minilm(kino *k, kino_error *err);
kino_status kino_use_encoder(kino *k, kino_error *err);
kino_status kino_use_rows(kino *k, bool vectors, kino_error *err);  /* vectors: those too, not only films, titles */
void kino_rows_free(kino_rows *r);

/* The row of a film, or count when it is not there. */
size_t kino_row_of(const kino_rows *r, int64_t id);

/* Reports progress when the options want it. */
void kino_report(const kino_options *opt, const char *stage, size_t done, size_t total);
bool kino_cancelled(const kino_options *opt);
double kino_now_ms(void);

#endif
