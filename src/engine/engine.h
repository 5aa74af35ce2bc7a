/* engine.h - what a `kino` handle holds; shared by the files of this layer, which together implement kino.h.
 *
 * locate.c  where the catalogue and the weights are      text.c       plots to vectors, the kino_embedder
 * build.c   data set -> catalogue                         rows.c       films and vectors: snapshot, tail, what is hidden
 * open.c    open, close, info, one film                   find.c       titles -> films
 * change.c  save, add, remove, refresh                    recommend.c  seeds and text -> ranked films
 * encoder.c schema and autoencoder as one blob            filter.c     which rows may be in an answer
 * rank.c    rows -> candidates, scored                    score.c      what makes two films alike
 * choose.c  of scored films, those to answer with         tuned.c      weights of the parts of this catalogue's own
 * check.c   is everything sound?                          online.c     TMDB, and what it was asked already
 * learn.c   an unknown film from TMDB into the catalogue  grow.c       many films from an export or a file
 * history.c lines of a history -> films                   taste.c      a history -> its tastes -> an answer
 * heal.c    what is missing of films (fields.c)           renew.c      what came from TMDB asked again, or deleted
 * map*.c    films as points of a plane: map.h              remote*.c   an index of a search cluster: remote.h
 * snapshot*.c  the mapped copy of the films: snapshot.h */
#ifndef KINO_ENGINE_H
#define KINO_ENGINE_H

#include <pthread.h>

#include "base/alloc.h"
#include "engine/snapshot.h"
#include "index/index.h"
#include "index/titles.h"
#include "ingest/features.h"
#include "ingest/idmap.h"
#include "kino.h"
#include "model/autoencoder.h"
#include "model/minilm.h"
#include "net/tmdb.h"
#include "store/answers.h"
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

/* The text of a film that is embedded: overview (else tagline), keywords and title; for
 * the classic recipe the overview alone. Appended. */
void kino_plot_text(kino_recipe recipe, const kino_movie *m, kino_buffer *out);

/* ---- rows: the films of the catalogue, where they lie ---- */

/* Rows [0, base->count) are those of the snapshot, some of them hidden: removed, or replaced by one of the tail, whose
 * rows follow. In each part rows ascend by id. Without a usable snapshot the base is made in memory. */
typedef struct kino_rows {
    kino_snapshot *base, *tail;         /* tail NULL: nothing was added since */
    kino_draft *base_draft, *tail_draft;/* what is in memory of them; base_draft NULL: the base is the handle's snapshot */
    uint32_t *tail_terms;               /* [tail->term_count]: the numbers of its terms, in the base or beyond */
    uint64_t *hidden;                   /* a bit for each row of the base; NULL: none */
    size_t count;                       /* of both */
    kino_hnsw *own_graph;               /* made because the snapshot has none */
    float *own_places;                  /* of the map, likewise; guarded by the handle's map_lock */
    const kino_hnsw *graph;             /* over the base; NULL: exact scan */
    double part_weights[KINO_MAX_PARTS];/* of score.h, or what `kino tune` found */
    bool vectors;                       /* they are there */
    uint64_t generation, lineage;       /* of the catalogue, when they were read */
    double rarest;                      /* the weight of a term that no film of the base has */
    struct kino_facets *facets;         /* [count], of kino_warm; or NULL */
    kino_idmap *numbers;                /* of terms by kino_term_key, of kino_use_term_numbers; or NULL */
} kino_rows;

struct kino {
    kino_options opt;        /* strings not kept: use the fields below */
    char *data_dir, *weights;
    char *path;              /* of the catalogue */
    char *backend;           /* "URL,URL/NAME"; NULL: answers come from the rows */
    kino_recipe recipe;
    kino_snapshot *snapshot; /* the mapped file, if it can be used */
    bool sealed;             /* and was up to date when opened, which needed no look into the catalogue */
    kino_error fault;        /* else why not; told when it matters, once */
    pthread_mutex_t map_lock; /* held while a map is laid out, which takes seconds: nothing else waits for it */
    pthread_mutex_t lock;    /* guards what follows while it is loaded */
    kino_catalogue *catalogue;
    kino_minilm *minilm;
    kino_encoder encoder;
    kino_rows *rows;
    struct kino_remote *remote; /* of `backend`; remote.h */
    /* used by calls that have the handle to themselves */
    char *key_file, *tmdb_url;
    kino_tmdb *tmdb;
    kino_answers *answers;
    kino_guests guests;      /* films that could not be saved: they are there for this handle alone */
};

/* Each loads on first use, from any thread; the result lives until the next change or close. */
kino_status kino_use_catalogue(kino *k, kino_error *err);
kino_status kino_use_minilm(kino *k, kino_error *err);
kino_status kino_use_encoder(kino *k, kino_error *err);
kino_status kino_use_rows(kino *k, bool vectors, kino_error *err);  /* vectors: those too, not only films, titles */
void kino_rows_free(kino_rows *r);

/* Opens the snapshot beside the catalogue, or notes why not; again after a change, when rows are dropped too. */
void kino_reopen_snapshot(kino *k);
/* After a change: makes the snapshot anew if it is missing, unusable or far behind. That it could not be is told as a
 * note that begins with `saved`, since the catalogue, which is the truth, has the change. */
void kino_refresh_snapshot(kino *k, const char *saved);
void kino_remake_snapshot(kino *k, const char *saved);  /* whatever the old one is like */

/* The row of a film, or count when it is not there. */
size_t kino_row_of(const kino_rows *r, int64_t id);
/* The part of a row and, in *own, its row there. */
const kino_snapshot *kino_part_of(const kino_rows *r, size_t row, size_t *own);
const float *kino_row_vector(const kino_rows *r, size_t row);  /* [KINO_VECTOR_DIM] */
/* The number of a part's term that holds for all films, and how much it tells of one: log(films / films that have
 * it). A number out of range weighs nothing. */
uint32_t kino_rows_term(const kino_rows *r, const kino_snapshot *part, uint32_t term);
double kino_rows_term_weight(const kino_rows *r, uint32_t term);
/* From a term's id and name to a key, and from that to its number in the rows; a term that they do not have gets one
 * that no other has. */
int64_t kino_term_key(int64_t id, const char *name);
kino_status kino_use_term_numbers(kino *k, kino_error *err);
/* The whole film of a row, in the arena; from the catalogue when the snapshot's record of it is damaged. */
kino_status kino_row_film(kino *k, size_t row, kino_arena *arena, kino_movie *out, kino_error *err);

/* ---- change ---- */

/* What is computed of films on their way into the catalogue. Zero-initialise. */
typedef struct kino_computed {
    float *vectors;                     /* [count][KINO_VECTOR_DIM] */
    uint64_t *text_hashes;              /* [count] */
} kino_computed;

kino_status kino_compute(kino *k, const kino_movie *const *movies, size_t count, kino_computed *out, kino_error *err);
void kino_computed_free(kino_computed *c);

/* Whether a film is still to be put; called in the transaction, where it may write too. */
typedef kino_status (*kino_before_put)(void *ctx, kino_catalogue *c, size_t i, bool *put, kino_error *err);

/* Puts films with their vectors in one transaction, which is on disk when this returns. `source` as of
 * kino_catalogue_put; `before` may be NULL. The rows of the handle are those from before until they are read anew. */
kino_status kino_save(kino *k, const kino_movie *const *movies, const kino_computed *computed, size_t count,
                      const char *source, kino_before_put before, void *ctx, kino_error *err);

/* ---- TMDB ---- */

/* Opens the client on first use; KINO_NETWORK where it must not or cannot be. */
kino_status kino_use_tmdb(kino *k, kino_error *err);
/* What was asked before; NULL when nothing can be remembered. */
kino_answers *kino_use_answers(kino *k);
/* A film as TMDB has it, made ready for this catalogue: its popularity is put on the catalogue's scale. */
kino_status kino_adapt(kino *k, kino_movie *m, kino_error *err);

/* Everything of a film into the arena. */
void kino_movie_copy(const kino_movie *m, kino_arena *arena, kino_movie *out);

/* ---- recommend ---- */

/* Results and all that they point to. */
typedef struct kino_owned_results {
    kino_results results;  /* first: the caller's pointer */
    kino_arena arena;
} kino_owned_results;

/* ---- filter ---- */

/* Sets in bits[count / 64 + 1] the rows of a part that pass; `hidden` as in kino_rows. */
void kino_filter_rows(const kino_filter *f, const kino_snapshot *part, const uint64_t *hidden, uint64_t *bits);

void kino_note(const kino_options *opt, const char *text);  /* if the options want it */
/* Reports progress when the options want it. */
void kino_report(const kino_options *opt, const char *stage, size_t done, size_t total);
bool kino_cancelled(const kino_options *opt);
double kino_now_ms(void);

/* Matches for a caller, with the arena for what they point to; freed by kino_matches_free. */
kino_matches *kino_matches_new(size_t count, kino_arena **arena);

#endif
