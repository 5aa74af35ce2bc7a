/* rows.h - the films of a catalogue where they lie: one segment of nearly all, and one of what has changed since.
 *
 *   segment.c          films as columns             segment_builder.c  the catalogue -> a segment
 *   snapshot.c         the file of a segment        filter.c           which rows pass the bounds of a question
 *   rows.c             both segments as one         map_layout.c       films as points of a plane
 *   naming.c           what films and people are    people.c           who did what, in which rows
 *                      called in questions
 *
 * Rows [0, base->count) are those of the base, some of them hidden: removed, or replaced by one of the tail, whose rows
 * follow. In each segment rows ascend by id. Nothing here knows a handle or its options, and nothing is locked: rows are
 * made by one thread and then only read. */
#ifndef KINO_ROWS_H
#define KINO_ROWS_H

#include "base/idmap.h"
#include "rows/segment.h"

typedef struct kino_rows {
    kino_segment *base, *tail;   /* tail NULL: nothing was added since */
    uint32_t *tail_terms;        /* [tail->term_count]: the numbers of its terms, in the base or beyond */
    uint64_t *hidden;            /* a bit for each row of the base; NULL: none */
    size_t count;                /* of both */
    const kino_hnsw *graph;      /* over the base; NULL: exact scan */
    double rarest;               /* the weight of a term that no film of the base has */
    uint32_t cantonese, chinese; /* the terms of these languages, or UINT32_MAX */
    kino_idmap *numbers;         /* of terms by kino_term_key, of kino_rows_number_terms; or NULL */
} kino_rows;

/* What follows from base and tail, whose terms are matched: count, rarest, and, where the base has facts, the languages. */
void kino_rows_init(kino_rows *r);
/* Finds the terms of the tail in the base. Both know a term by its id and name. */
void kino_rows_match_terms(kino_rows *r);
/* Numbers all terms by key, into `numbers`. */
void kino_rows_number_terms(kino_rows *r);
/* Hides a film of the base, if it is there; `hidden` is not NULL. */
void kino_rows_hide(kino_rows *r, int64_t id);
bool kino_rows_is_hidden(const kino_rows *r, size_t row);  /* of the base */
bool kino_rows_is_visible(const kino_rows *r, size_t row); /* of either */

/* The row of a film, or count when it is not there. */
size_t kino_rows_find(const kino_rows *r, int64_t id);
/* The segment of a row and, in *own, its row there. */
const kino_segment *kino_rows_segment(const kino_rows *r, size_t row, size_t *own);
int64_t kino_rows_id(const kino_rows *r, size_t row);
int64_t kino_rows_votes(const kino_rows *r, size_t row);
const float *kino_rows_vector(const kino_rows *r, size_t row); /* [KINO_VECTOR_DIM] */
/* The number of a segment's term that holds for all films, and how much it tells of one: log(films / films that have
 * it). A number out of range weighs nothing. */
uint32_t kino_rows_term(const kino_rows *r, const kino_segment *segment, uint32_t term);
double kino_rows_term_weight(const kino_rows *r, uint32_t term);
/* Cantonese, which TMDB calls "cn", counts as Chinese. */
uint32_t kino_rows_language(const kino_rows *r, uint32_t term);
/* From a term's id and name to a key, and from that to its number in the rows; a term that they do not have gets one
 * that no other has. */
int64_t kino_term_key(int64_t id, const char *name);
uint32_t kino_rows_term_number(const kino_rows *r, const kino_named *term);

#endif
