/* catalogue.h - the catalogue: films, their lists and vectors, the trained encoder, in one SQLite file. It is the
 * truth.
 *
 *     kino_catalogue *c = NULL;
 *     kino_catalogue_open("folder/catalogue.db", KINO_CATALOGUE_READ, &c, err);
 *     kino_catalogue_get(c, 862, &arena, &movie, err);
 *     kino_catalogue_close(c);
 *
 * Writing goes between kino_catalogue_begin and kino_catalogue_commit; the commit raises the generation and is on disk
 * (WAL, synchronous=FULL) when it returns. kino_catalogue_rollback after a failure leaves nothing behind. Readers see
 * the last commit and never wait for a writer.
 *
 * Threads: reading calls may come from several threads at once (they take turns on a lock); a transaction belongs to
 * one thread. Errors: KINO_NOT_FOUND without a file, KINO_DAMAGED for a damaged or foreign one, else KINO_FAILED. */
#ifndef KINO_STORE_CATALOGUE_H
#define KINO_STORE_CATALOGUE_H

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_catalogue kino_catalogue;

typedef enum kino_catalogue_mode {
    KINO_CATALOGUE_READ,   /* must exist */
    KINO_CATALOGUE_WRITE,  /* must exist */
    KINO_CATALOGUE_CREATE, /* is made when absent, with its folder */
} kino_catalogue_mode;

kino_status kino_catalogue_open(const char *path, kino_catalogue_mode mode, kino_catalogue **out, kino_error *err);
void kino_catalogue_close(kino_catalogue *c);

/* ---- transactions ---- */

kino_status kino_catalogue_begin(kino_catalogue *c, kino_error *err);
kino_status kino_catalogue_commit(kino_catalogue *c, kino_error *err);
void kino_catalogue_rollback(kino_catalogue *c); /* nothing without a transaction */

/* Raised by every commit. */
kino_status kino_catalogue_generation(kino_catalogue *c, uint64_t *out, kino_error *err);

/* Between these two, what is read belongs to one generation. */
kino_status kino_catalogue_hold(kino_catalogue *c, kino_error *err);
void kino_catalogue_release(kino_catalogue *c);

/* ---- what became of a copy of the films, such as the snapshot ---- */

/* The generation, and the lineage: a number that every kino_catalogue_clear changes, or 0 if the catalogue is of an
 * older version and records no changes. A copy made under the same lineage differs only by the changes since its
 * generation: kino_catalogue_changed calls back with the ids of these films, of which some may be gone. */
kino_status kino_catalogue_stamp(kino_catalogue *c, uint64_t *generation, uint64_t *lineage, kino_error *err);
typedef void (*kino_id_fn)(void *ctx, int64_t id);
kino_status kino_catalogue_changed(kino_catalogue *c, uint64_t since, kino_id_fn fn, void *ctx, kino_error *err);
/* The same with the generation of each film's last change, ascending by id: the first `most` after the id `after`. A
 * film that has not changed since the lineage began is only there if `since` is 0, with 1 as its generation. */
typedef struct kino_change {
    int64_t id;
    uint64_t generation;
} kino_change;
kino_status kino_catalogue_history(kino_catalogue *c, uint64_t since, int64_t after, kino_change *out, size_t most,
                                   size_t *count, kino_error *err);
kino_status kino_catalogue_changes(kino_catalogue *c, uint64_t since, size_t *out, kino_error *err); /* how many */

/* Tells without SQLite that the file at `path` has not changed, by its inode, size and time of last change. False if it
 * is not there or has commits beside it in its WAL; kino_catalogue_settle moves these into the file unless another
 * program is reading. */
enum { KINO_CATALOGUE_SEAL = 3 };
bool kino_catalogue_seal(const char *path, uint64_t out[KINO_CATALOGUE_SEAL]);
void kino_catalogue_settle(kino_catalogue *c);

/* ---- films ---- */

/* Adds or replaces a film with its lists. `source` says where the record comes from: "csv", "added" by the user,
 * "tmdb". NULL says that it is the present record with some fields filled in, which keeps its source and time. */
kino_status kino_catalogue_put(kino_catalogue *c, const kino_movie *m, const char *source, kino_error *err);
kino_status kino_catalogue_remove(kino_catalogue *c, int64_t id, bool *removed, kino_error *err);
kino_status kino_catalogue_clear(kino_catalogue *c, kino_error *err); /* all films; staged plots stay */

/* One film with everything, in the arena. KINO_NOT_FOUND when it is not there. */
kino_status kino_catalogue_get(kino_catalogue *c, int64_t id, kino_arena *arena, kino_movie *out, kino_error *err);

/* Calls back for every film with everything, ascending by id; lent for the call. `since` other than 0: only those that
 * were added or replaced after that generation. The callback must not use the catalogue. */
typedef void (*kino_film_fn)(void *ctx, const kino_movie *m);
kino_status kino_catalogue_films(kino_catalogue *c, uint64_t since, kino_film_fn fn, void *ctx, kino_error *err);

typedef struct kino_catalogue_counts {
    size_t films, with_plot, genres, keywords, people;
    uint64_t bytes;
} kino_catalogue_counts;

kino_status kino_catalogue_count(kino_catalogue *c, kino_catalogue_counts *out, kino_error *err);

/* ---- where a film's record comes from ---- */

typedef struct kino_origin {
    char source[16];    /* as put */
    int64_t fetched_at; /* seconds since 1970 */
} kino_origin;

kino_status kino_catalogue_origin(kino_catalogue *c, int64_t id, kino_origin *out, kino_error *err);

/* Marks a field as filled in from elsewhere, now; calls back with the names of those filled in before a time. A record
 * that is put with a source has no such marks. */
kino_status kino_catalogue_put_healed(kino_catalogue *c, int64_t id, const char *field, const char *source,
                                      kino_error *err);
typedef void (*kino_name_fn)(void *ctx, const char *name);
kino_status kino_catalogue_healed(kino_catalogue *c, int64_t id, int64_t before, kino_name_fn fn, void *ctx,
                                  kino_error *err);
/* Forgets which fields were filled in before a time. */
kino_status kino_catalogue_remove_healed(kino_catalogue *c, int64_t id, int64_t before, kino_error *err);
/* Films whose record, or a field of it, came from TMDB before a time; ascending. */
kino_status kino_catalogue_fetched(kino_catalogue *c, int64_t before, kino_id_fn fn, void *ctx, kino_error *err);

/* ---- vectors ---- */

/* A film's plot vector f32[dim] with the hash of the text and the fingerprint of the weights that made it; its
 * profile vector with that of the encoder. The film need not be there yet. */
kino_status kino_catalogue_put_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                    const float *vector, size_t dim, kino_error *err);
kino_status kino_catalogue_put_profile(kino_catalogue *c, int64_t id, uint64_t maker, const float *vector, size_t dim,
                                       kino_error *err);

/* A plot is staged until a transaction adopts it: it is work of a long build, which an interruption must not lose and a
 * reader must not see. */
kino_status kino_catalogue_stage_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                      const float *vector, size_t dim, kino_error *err);
kino_status kino_catalogue_adopt_staged(kino_catalogue *c, kino_error *err);
/* Forgets what is staged for the film if it comes from another text or other weights. */
kino_status kino_catalogue_drop_staged(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                       kino_error *err);
/* The plot, staged or not, that this text and these weights would give; *found says whether there is one. */
kino_status kino_catalogue_reuse_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker, float *vector,
                                      size_t dim, bool *found, kino_error *err);

/* Calls back for every film that has both vectors, ascending by id; `since` as above. Lent for the call. */
typedef void (*kino_vector_fn)(void *ctx, int64_t id, const float *plot, const float *profile);
kino_status kino_catalogue_vectors(kino_catalogue *c, uint64_t since, size_t plot_dim, size_t profile_dim,
                                   kino_vector_fn fn, void *ctx, kino_error *err);

/* Calls back for every film whose plot these weights made, ascending by id, with the hash of the text that it was of. */
typedef void (*kino_text_hash_fn)(void *ctx, int64_t id, uint64_t hash);
kino_status kino_catalogue_text_hashes(kino_catalogue *c, uint64_t maker, kino_text_hash_fn fn, void *ctx,
                                       kino_error *err);

/* Reads every page: SQLite's own check of the file, that every reference has its row, and that what stands in each row can
 * stand there. KINO_DAMAGED with the first fault, by the film that has it. *without: films that lack a plot made by these weights or a profile made by this encoder. */
kino_status kino_catalogue_check(kino_catalogue *c, uint64_t weights, uint64_t encoder, size_t *without,
                                 kino_error *err);

/* ---- named values and blobs: the encoder's container, the recipe, the weights' fingerprint ---- */

kino_status kino_catalogue_put_blob(kino_catalogue *c, const char *name, const void *bytes, size_t size,
                                    kino_error *err);
/* *bytes is 64-byte aligned, freed by the caller; KINO_NOT_FOUND when there is none. */
kino_status kino_catalogue_get_blob(kino_catalogue *c, const char *name, void **bytes, size_t *size, kino_error *err);

#endif
