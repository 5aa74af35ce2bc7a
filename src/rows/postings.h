/* postings.h - for each term the rows that have it: lists of films, turned round.
 *
 *     kino_postings p = {0};
 *     kino_postings_build(rows, terms, count, term_count, NULL, &p);    // parallel arrays, rows ascending
 *     kino_posting_list l = kino_postings_of(&p, term);
 *     for (size_t i = 0; i < l.count; i++) ... l.rows[i] ...
 *     kino_postings_free(&p);
 *
 * Read-only once made. Built by counting, so that the same lists give the same bytes. */
#ifndef KINO_ROWS_POSTINGS_H
#define KINO_ROWS_POSTINGS_H

#include "base/container.h"
#include "kino.h"

typedef struct kino_postings {
    const uint32_t *at;     /* [terms + 1] */
    const uint32_t *rows;   /* [count], ascending within a term */
    const uint8_t *weights; /* [count]; NULL: there are none */
    size_t terms, count;
    bool owned; /* else the arrays belong to a container */
} kino_postings;

typedef struct kino_posting_list {
    const uint32_t *rows;
    const uint8_t *weights;
    size_t count;
} kino_posting_list;

/* From pairs of a row and a term: rows[count] ascending, terms[count] below term_count, weights[count] or NULL. */
void kino_postings_build(const uint32_t *rows, const uint32_t *terms, const uint8_t *weights, size_t count,
                         size_t term_count, kino_postings *out);
void kino_postings_free(kino_postings *p);

/* As sections NAME.at, NAME.rows and, with weights, NAME.weights, lent to the writer; and back from a container, lent by
 * it. Shapes are checked; a list is checked when it is asked for, a row by its reader. */
void kino_postings_save(const kino_postings *p, const char *name, kino_container_writer *w);
kino_status kino_postings_view(const kino_container *c, const char *name, bool weighted, kino_postings *out,
                               kino_error *err);

/* The rows of a term; empty for a term out of range or a list that a damaged file leads outside. */
kino_posting_list kino_postings_of(const kino_postings *p, uint32_t term);

#endif
