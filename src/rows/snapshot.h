/* snapshot.h - the file snapshot.kino beside the catalogue: a segment of all its films, and what it was made of.
 *
 * It is derived and disposable: what is wrong with it costs time, never an answer. */
#ifndef KINO_ROWS_SNAPSHOT_H
#define KINO_ROWS_SNAPSHOT_H

#include "rows/segment_builder.h"

enum { KINO_SNAPSHOT_LAYOUT = 6 }; /* 4: words, facts, postings, statistics; 5: esteem, keywords; 6: names */

/* "snapshot.stamp": what the snapshot was made of. */
typedef struct kino_stamp {
    uint64_t layout; /* KINO_SNAPSHOT_LAYOUT */
    uint64_t films;
    uint64_t generation, lineage; /* of the catalogue; see kino_catalogue_stamp */
    uint64_t recipe;
    uint64_t encoder, weights;          /* fingerprints of what made the vectors */
    uint64_t seal[KINO_CATALOGUE_SEAL]; /* of the catalogue's file; zeros: none */
} kino_stamp;

/* What the catalogue says of itself, without its seal. */
kino_status kino_stamp_read(kino_catalogue *c, kino_stamp *out, kino_error *err);

typedef struct kino_snapshot {
    kino_segment *films;
    kino_stamp stamp;
    const double *tuned; /* [tuned_count]: weights that `kino tune` found; NULL: none. Not checked */
    size_t tuned_count;
} kino_snapshot;

char *kino_snapshot_path(const char *data_dir); /* freed by the caller */
/* Maps and views; layout and stamp checked. KINO_NOT_FOUND or KINO_DAMAGED. */
kino_status kino_snapshot_open(const char *path, kino_snapshot **out, kino_error *err);
void kino_snapshot_close(kino_snapshot *s); /* NULL is fine */
/* The catalogue's file has not been touched since: there is nothing newer. */
bool kino_snapshot_is_sealed(const kino_snapshot *s, const char *catalogue_path);
/* Writes what was built, with vectors and places, in the place of the file, which is the old one or the new one, whole,
 * whatever happens. `tuned` [tuned_count] may be NULL. */
kino_status kino_snapshot_save(kino_segment_builder *b, const kino_stamp *stamp, const double *tuned,
                               size_t tuned_count, const char *path, kino_error *err);

#endif
