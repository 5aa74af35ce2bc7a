/* segment_builder.h - the films of a catalogue, or those changed since, as a segment: viewed in memory or written to a file.
 *
 *     kino_segment_builder *b = NULL;
 *     kino_segment *s = NULL;
 *     st = kino_segment_builder_new(catalogue, 0, NULL, threads, &b, err);
 *     if (!st)
 *         st = kino_segment_builder_vectors(b, catalogue, KINO_INDEX_AUTO, err);
 *     if (!st)
 *         st = kino_segment_builder_view(b, &s, err);
 *     ...
 *     kino_segment_close(s);
 *     kino_segment_builder_free(b);  // after the view, which lends from it */
#ifndef KINO_ROWS_SEGMENT_BUILDER_H
#define KINO_ROWS_SEGMENT_BUILDER_H

#include "rows/segment.h"
#include "store/catalogue.h"

typedef struct kino_segment_builder kino_segment_builder;

/* The graph links films by their plots: words are searched by it. */
extern const kino_hnsw_params kino_graph_params;

/* Films that could not be saved: they are in no catalogue, but stand beside those that are. Zero-initialise; ids
 * ascend. */
typedef struct kino_unsaved {
    kino_movie *movies; /* [count], everything in the arena */
    float *vectors;     /* [count][KINO_VECTOR_DIM] */
    size_t count;
    kino_arena arena;
} kino_unsaved;

/* Films, lists and titles changed since a generation (0: all) and those of `unsaved`, which may be NULL; then, if
 * wanted, their vectors and, when the index is to be one, the graph. */
kino_status kino_segment_builder_new(kino_catalogue *c, uint64_t since, const kino_unsaved *unsaved, int threads,
                                     kino_segment_builder **out, kino_error *err);
/* `base`: the segment that this one is the tail of, whose statistics and words it shares; NULL: it is none. `statistics`:
 * of the catalogue; NULL: the mean is that of these films, and spreads are not measured. */
kino_status kino_segment_builder_vectors(kino_segment_builder *b, kino_catalogue *c, kino_index_kind index,
                                         const kino_segment *base, const kino_statistics *statistics, kino_error *err);
/* The places of the films on the map, of their vectors. */
void kino_segment_builder_places(kino_segment_builder *b);
void kino_segment_builder_free(kino_segment_builder *b); /* NULL is fine */
size_t kino_segment_builder_count(const kino_segment_builder *b);
/* What was built so far as a segment; the builder has to outlive it. */
kino_status kino_segment_builder_view(kino_segment_builder *b, kino_segment **out, kino_error *err);
/* The vectors and the graph become those of a segment that was viewed without. */
void kino_segment_builder_give_vectors(kino_segment_builder *b, kino_segment *s);
/* The sections, for a file that has more of them; the builder has to outlive what is written. */
kino_container_writer *kino_segment_builder_sections(kino_segment_builder *b);

#endif
