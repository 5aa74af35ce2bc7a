/* handle.h - one catalogue as a program has it open: what it has loaded, and what it saves.
 *
 *   handle.c   open, close                              use.c      catalogue and models, loaded on first use
 *   load.c     films and vectors: snapshot, tail, what is hidden
 *   locate.c   where the catalogue and the weights are  derive.c   the snapshot made anew
 *   encoder.c  schema and autoencoder as one blob       change.c   films saved and removed
 *   text.c     plots to vectors, the kino_embedder      tuned.c    weights of the parts of this catalogue's own
 *   statistics.c  what scores rest on, measured and kept
 *   host.c     progress, notes, interruption
 *
 * The rooms above it (learn, remote) attach what they need to a handle, so that it can close them without knowing
 * them. */
#ifndef KINO_HANDLE_H
#define KINO_HANDLE_H

#include <pthread.h>

#include "base/alloc.h"
#include "handle/host.h"
#include "ingest/features.h"
#include "kino.h"
#include "model/autoencoder.h"
#include "model/minilm.h"
#include "rank/score.h"
#include "rows/rows.h"
#include "rows/snapshot.h"
#include "store/catalogue.h"
#include "wish/catalogue.h"

/* ---- locate ---- */

/* The catalogue's folder and the weights, as the options, the environment and the defaults say. The caller frees both.
 * The weights are NULL if there are none anywhere. */
kino_status kino_locate_data(const kino_options *opt, char **out, kino_error *err);
char *kino_locate_weights(const kino_options *opt);
kino_status kino_weights_missing(const kino_options *opt, kino_error *err); /* fails and says where they were sought */
char *kino_catalogue_path(const char *data_dir);

/* ---- encoder: feature schema and autoencoder, saved as one container ---- */

typedef struct kino_encoder {
    kino_schema *schema;
    kino_autoencoder *autoencoder;
    uint64_t fingerprint; /* of the container */
} kino_encoder;

void kino_encoder_bytes(const kino_encoder *e, kino_buffer *out); /* the container; free(out->data) */
kino_status kino_encoder_load(const char *name, const void *bytes, size_t size, kino_encoder *out, kino_error *err);
void kino_encoder_free(kino_encoder *e);
/* Unit profile vectors of films, by their rows of features, into out[rows][KINO_PROFILE_DIM]. A film of which nothing is
 * known, or whose code is zero, has a zero vector: it is like no other. */
void kino_encoder_profiles(const kino_encoder *e, const kino_sparse *rows, int threads, float *out);

/* ---- text ---- */

/* Appends the text of a film that is embedded: genres, tagline, keywords, title with its year, overview, each ending
 * like a sentence. The classic recipe has the overview alone. */
void kino_plot_text(kino_recipe recipe, const kino_movie *m, kino_buffer *out);

/* ---- the handle ---- */

/* The films of a catalogue as a handle has loaded them. They are valid until it changes something. */
typedef struct kino_films {
    kino_rows rows;
    kino_scorer scorer;                                /* of these rows, once there are vectors */
    double weights[KINO_PART_COUNT];                   /* of the parts: the program's, or those of kino tune */
    kino_segment_builder *base_builder, *tail_builder; /* of what is in memory; base_builder NULL: the base is the
                                                           snapshot's */
    kino_hnsw *own_graph;                              /* made because the snapshot has none */
    float *own_places;                                 /* of the map, likewise; guarded by the handle's map_lock */
    bool vectors;                                      /* they are there */
    uint64_t generation, lineage;                      /* of the catalogue, when they were read */
    kino_facets *facets;                               /* [rows.count], of kino_warm; or NULL */
    kino_wish_catalogue *wishes;                       /* of kino_use_wishes; or NULL */
    kino_wish_reader *reader;                          /* over them, likewise */
} kino_films;

/* What a room above has attached to a handle. Zero: nothing. */
typedef struct kino_attached {
    void *what;
    void (*close)(void *what);
} kino_attached;

struct kino {
    kino_options opt; /* strings not kept: use the fields below */
    char *data_dir, *weights;
    char *path;                                /* of the catalogue */
    char *backend, *backend_ca, *backend_auth; /* backend "URL,URL/NAME"; NULL: answers come from the rows */
    char *key_file, *tmdb_url;
    kino_recipe recipe;
    kino_snapshot *snapshot;  /* the mapped file, if it can be used */
    bool sealed;              /* and was up to date when opened, which needed no look into the catalogue */
    bool alone;               /* the catalogue cannot be read: the snapshot is all there is */
    kino_error fault;         /* else why not; told when it matters, once */
    pthread_mutex_t map_lock; /* held while a map is laid out, which takes seconds: nothing else waits for it */
    pthread_mutex_t lock;     /* guards what follows while it is loaded */
    kino_catalogue *catalogue;
    kino_minilm *minilm;
    kino_encoder encoder;
    kino_films *films;
    kino_attached remote; /* of remote/ */
    /* used by calls that have the handle to themselves */
    kino_attached online; /* of learn/ */
    kino_unsaved unsaved; /* films that could not be saved: they are there for this handle alone */
    /* Called for each film that was just saved as of this generation; NULL: by nobody. */
    void (*saved)(kino *k, const kino_movie *m, const float *vector, uint64_t generation);
};

/* kino_open without what the rooms above attach. */
kino_status kino_handle_open(const kino_options *opt, kino **out, kino_error *err);

/* Each loads on first use, from any thread; the result lives until the next change or close. */
kino_status kino_use_catalogue(kino *k, kino_error *err);
kino_status kino_use_minilm(kino *k, kino_error *err);
kino_status kino_use_encoder(kino *k, kino_error *err);
kino_status kino_use_films(kino *k, bool vectors, kino_error *err); /* vectors: those too, not only films, titles */
kino_status kino_use_term_numbers(kino *k, kino_error *err);        /* of k->films->rows */
kino_status kino_use_wishes(kino *k, kino_error *err); /* films with vectors, and k->films->reader over them */
void kino_films_free(kino_films *f);                   /* NULL is fine */

/* The whole film of a row, in the arena; from the catalogue when the snapshot's record of it is damaged. */
kino_status kino_row_film(kino *k, size_t row, kino_arena *arena, kino_movie *out, kino_error *err);

/* ---- the snapshot ---- */

/* Opens the snapshot beside the catalogue, or notes why not; again after a change, when films are dropped too. */
void kino_reopen_snapshot(kino *k);
/* Derives a snapshot from the catalogue and replaces the file with it. Whatever happens, there is the old file or the
 * new one, whole. */
kino_status kino_derive_snapshot(const char *catalogue_path, const char *path, int threads, kino_error *err);
/* After a change: makes the snapshot anew if it is missing, unusable or far behind. If that fails, a note says so. It
 * begins with `saved`, since the catalogue, which is the truth, has the change. */
void kino_update_snapshot(kino *k, const char *saved);
void kino_remake_snapshot(kino *k, const char *saved); /* whatever the old one is like */

/* ---- statistics that scores rest on ---- */

/* Those of the catalogue; *found is false for one of an older version, which has none. */
kino_status kino_statistics_read(kino_catalogue *c, kino_statistics *out, bool *found, kino_error *err);
/* Measures them of all films as they are in the transaction that was begun, and puts them. */
kino_status kino_statistics_measure(kino_catalogue *c, kino_recipe recipe, int threads, kino_error *err);

/* ---- tuned weights of the parts ---- */

#define KINO_TUNED_BLOB "part_weights" /* their name in the catalogue */
/* Reads and saves those that `kino tune` found for this catalogue; NULL saves none. They are on disk when this
 * returns. */
kino_status kino_tuned_read(kino_catalogue *c, double *weights, bool *found, kino_error *err);
kino_status kino_tuned_save(kino *k, const double *weights, kino_error *err);

/* ---- change ---- */

/* What is computed from films on their way into the catalogue. Zero-initialise. */
typedef struct kino_computed {
    float *vectors;        /* [count][KINO_VECTOR_DIM] */
    uint64_t *text_hashes; /* [count] */
} kino_computed;

kino_status kino_compute(kino *k, const kino_movie *const *movies, size_t count, kino_computed *out, kino_error *err);
void kino_computed_free(kino_computed *c);

/* Tells whether a film is still to be put. It is called in the transaction and may write there. */
typedef kino_status (*kino_before_put)(void *ctx, kino_catalogue *c, size_t i, bool *put, kino_error *err);

/* Puts films with their vectors in one transaction, which is on disk when this returns. `source` as of
 * kino_catalogue_put; `before` may be NULL. The rows of the handle are those from before until they are read anew. */
kino_status kino_save(kino *k, const kino_movie *const *movies, const kino_computed *computed, size_t count,
                      const char *source, kino_before_put before, void *ctx, kino_error *err);

#endif
