/* snapshot.h - the films of a catalogue as columns of a container, in a mapped file or in memory; derived, disposable.
 *
 * snapshot.c        a container -> films, by row          snapshot_draft.c  catalogue -> columns -> container
 * snapshot_file.c   snapshot.kino beside the catalogue: opened, judged, written
 *
 * Opening checks header, directory and the shape of every section; nothing is computed for each film, and no page is
 * read that is not needed. What the columns say is checked where it is used: a damaged file can give no or wrong
 * answers, never reach outside. `kino_container_check` over the file finds every flipped bit. */
#ifndef KINO_ENGINE_SNAPSHOT_H
#define KINO_ENGINE_SNAPSHOT_H

#include "base/alloc.h"
#include "base/container.h"
#include "index/index.h"
#include "index/titles.h"
#include "kino.h"
#include "store/catalogue.h"

/* The lists of a film; a language and a collection are lists of at most one. */
typedef enum kino_role {
    KINO_ROLE_LANGUAGE, KINO_ROLE_GENRES, KINO_ROLE_KEYWORDS, KINO_ROLE_DIRECTORS, KINO_ROLE_CAST, KINO_ROLE_COUNTRIES,
    KINO_ROLE_COLLECTION, KINO_ROLES
} kino_role;

/* "snapshot.stamp": what the snapshot was made of. */
typedef struct kino_stamp {
    uint64_t layout;                       /* KINO_SNAPSHOT_LAYOUT */
    uint64_t films;
    uint64_t generation, lineage;          /* of the catalogue; see kino_catalogue_stamp */
    uint64_t recipe;
    uint64_t encoder, weights;             /* fingerprints of what made the vectors */
    uint64_t seal[KINO_CATALOGUE_SEAL];    /* of the catalogue's file; zeros: none */
} kino_stamp;

/* What the catalogue says of itself, without its seal. */
kino_status kino_stamp_read(kino_catalogue *c, kino_stamp *out, kino_error *err);

enum { KINO_SNAPSHOT_LAYOUT = 3 };  /* 2: weights of terms; 3: lists by film, profiles */

typedef struct kino_snapshot {
    kino_container c;
    kino_stamp stamp;
    size_t count;
    const int64_t *ids;                    /* [count] ascending */
    const int64_t *counts;                 /* [count][2]: year, votes */
    const double *numbers;                 /* [count][3]: runtime, rating, popularity */
    const uint64_t *text_at;               /* [count + 1] */
    const char *texts;
    size_t text_bytes;
    const uint32_t *list_at;               /* [count * KINO_ROLES + 1]: lists of one film, then of the next */
    const uint32_t *list_terms;
    size_t list_size;
    const int64_t *term_ids;               /* [term_count] */
    const uint32_t *term_at;               /* [term_count + 1] */
    const char *term_names;
    const float *term_weights;             /* [term_count]: log(films / films that have it) */
    size_t term_count, term_bytes;
    kino_titles *titles;
    const float *joined;                   /* [count][KINO_VECTOR_DIM]; NULL without vectors */
    const float *profiles;                 /* [count][KINO_PROFILE_DIM]: of `joined`, for those who need no more */
    kino_vectors *vectors;
    kino_hnsw *graph;                      /* NULL: none */
    const float *places;                   /* [count][2]: of the map; NULL: none */
    const double *part_weights;            /* [KINO_PART_COUNT]: what `kino tune` found; NULL: nothing */
} kino_snapshot;

/* ---- reading ---- */

/* Views a container, which belongs to the snapshot from then on, also after a failure. Vectors may be missing. */
kino_status kino_snapshot_view(kino_container *c, kino_snapshot **out, kino_error *err);
void kino_snapshot_close(kino_snapshot *s);  /* NULL is fine */

/* The row of a film, or count. */
size_t kino_snapshot_row(const kino_snapshot *s, int64_t id);
/* The whole film, copied into the arena. False when its record is damaged. */
bool kino_snapshot_film(const kino_snapshot *s, size_t row, kino_arena *arena, kino_movie *out);
/* The terms of a list of a film, *count of them; each is to be compared with term_count before use. */
const uint32_t *kino_snapshot_terms(const kino_snapshot *s, kino_role role, size_t row, size_t *count);
/* The name of a term, "" when it is damaged. */
const char *kino_snapshot_term(const kino_snapshot *s, uint32_t term);

/* ---- making ---- */

typedef struct kino_draft kino_draft;

/* The graph is built for the search that recommendations begin with: a tenth plot, nine tenths profile (score.c). */
extern const kino_hnsw_params kino_graph_params;

/* Films that are in no catalogue, in a draft beside those that are. Zero-initialise; ids ascend. */
typedef struct kino_guests {
    kino_movie *movies;                    /* [count], everything in the arena */
    float *vectors;                        /* [count][KINO_VECTOR_DIM] */
    size_t count;
    kino_arena arena;
} kino_guests;

/* Films, lists and titles changed since a generation (0: all) and those of `guests`, which may be NULL; then, if
 * wanted, their vectors and, when the index is to be one, the graph. */
kino_status kino_draft_new(kino_catalogue *c, uint64_t since, const kino_guests *guests, int threads, kino_draft **out,
                           kino_error *err);
kino_status kino_draft_vectors(kino_draft *d, kino_catalogue *c, kino_index_kind index, kino_error *err);
/* The places of the films on the map, of their vectors. */
void kino_draft_places(kino_draft *d);
void kino_draft_free(kino_draft *d);  /* NULL is fine */
size_t kino_draft_count(const kino_draft *d);
/* The draft as it is, viewed; the draft has to outlive it. */
kino_status kino_draft_view(kino_draft *d, kino_snapshot **out, kino_error *err);
/* The vectors and the graph become those of a snapshot that was viewed without. */
void kino_draft_give_vectors(kino_draft *d, kino_snapshot *s);
kino_status kino_draft_write(kino_draft *d, const kino_stamp *stamp, const double *part_weights, const char *path,
                             kino_error *err);

/* ---- the file ---- */

char *kino_snapshot_path(const char *data_dir);  /* freed by the caller */
/* Maps and views; layout and stamp checked. KINO_NOT_FOUND or KINO_DAMAGED. */
kino_status kino_snapshot_open(const char *path, kino_snapshot **out, kino_error *err);
/* The catalogue's file has not been touched since: there is nothing newer. */
bool kino_snapshot_is_sealed(const kino_snapshot *s, const char *catalogue_path);
/* Derives a snapshot from the catalogue and replaces the file with it: whatever happens there is the old one or the
 * new one, whole. */
kino_status kino_snapshot_write(const char *catalogue_path, const char *path, int threads, kino_error *err);

#endif
