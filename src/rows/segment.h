/* segment.h - films as columns of a container, in a mapped file or in memory.
 *
 * Opening checks header, directory and the shape of every section; nothing is computed for each film, and no page is
 * read that is not needed. What the columns say is checked where it is used: a damaged file can give no or wrong
 * answers, never reach outside. `kino_container_check` over the file finds every flipped bit. */
#ifndef KINO_ROWS_SEGMENT_H
#define KINO_ROWS_SEGMENT_H

#include "base/alloc.h"
#include "base/container.h"
#include "index/index.h"
#include "index/phrases.h"
#include "index/titles.h"
#include "index/words.h"
#include "kino.h"
#include "rows/esteem.h"
#include "rows/facts.h"
#include "rows/postings.h"
#include "rows/statistics.h"
#include "rows/naming.h"

/* The lists of a film; a language and a collection are lists of at most one. */
typedef enum kino_role {
    KINO_ROLE_LANGUAGE,
    KINO_ROLE_GENRES,
    KINO_ROLE_KEYWORDS,
    KINO_ROLE_DIRECTORS,
    KINO_ROLE_CAST,
    KINO_ROLE_COUNTRIES,
    KINO_ROLE_COLLECTION,
    KINO_ROLES
} kino_role;

/* The strings of a film, zero-terminated, in the order in which a segment keeps them. */
typedef enum kino_text {
    KINO_TEXT_TITLE,
    KINO_TEXT_ORIGINAL_TITLE,
    KINO_TEXT_IMDB_ID,
    KINO_TEXT_POSTER_PATH,
    KINO_TEXT_DATE,
    KINO_TEXT_STATUS,
    KINO_TEXT_TAGLINE,
    KINO_TEXT_OVERVIEW,
    KINO_TEXTS
} kino_text;

/* Where a kino_movie has each of them: offsets, for the reader and the writer of segments alike. */
extern const size_t kino_text_offsets[KINO_TEXTS];

typedef struct kino_segment {
    kino_container c;
    size_t count;
    const int64_t *ids;      /* [count] ascending */
    const int64_t *counts;   /* [count][2]: year, votes */
    const double *numbers;   /* [count][3]: runtime, rating, popularity */
    const uint64_t *text_at; /* [count + 1] */
    const char *texts;
    size_t text_bytes;
    const uint32_t *list_at; /* [count * KINO_ROLES + 1]: lists of one film, then of the next */
    const uint32_t *list_terms;
    size_t list_size;
    const int64_t *term_ids; /* [term_count] */
    const uint32_t *term_at; /* [term_count + 1] */
    const char *term_names;
    const float *term_weights; /* [term_count]: log(films / films that have it, in whichever roles) */
    size_t term_count, term_bytes;
    kino_titles *titles;
    const float *joined;   /* [count][KINO_VECTOR_DIM]; NULL without vectors */
    const float *profiles; /* [count][KINO_PROFILE_DIM]: of `joined`, for those who need no more */
    kino_vectors *vectors;
    kino_hnsw *graph;    /* NULL: none */
    const float *places; /* [count][2]: of the map; NULL: none */
    /* with vectors: */
    kino_statistics statistics;
    const float *plot_mean; /* [count]: products of the plots with the mean of all */
    kino_words *words;      /* of the texts */
    /* likewise, but empty in a tail, all of whose films are compared: */
    kino_facts facts;
    kino_postings speak; /* films by the numbers of their strongest words */
    kino_postings have;  /* films by the terms of their keywords, directors and cast; a row as kino_have_row takes it */
    kino_esteem esteem;  /* of all films; zeros in a tail */
    const float *acclaim, *fame;   /* [count], by it; NULL in a tail */
    kino_phrases *keywords;        /* those that have vectors; NULL: none do */
    const uint32_t *keyword_terms; /* [keyword_term_count][2]: a term and its phrase among these, ascending by term */
    size_t keyword_term_count;
    kino_naming naming; /* with vectors, in a tail too */
} kino_segment;

/* So much of a film is compared with others: more of each adds nothing, or noise. The weights of postings are the shares of
 * a term in the unit vector that these make, in 255ths. */
enum {
    KINO_LIKE_WORDS = 32,
    KINO_LIKE_KEYWORDS = 48,
    KINO_LIKE_DIRECTORS = 6,
    KINO_LIKE_CAST = 10,
    KINO_LIKE_GENRES = 12
};

/* A row of `have` and the role in which the film has the term: keywords, directors or cast. */
enum { KINO_HAVE_ROLE = 30 }; /* the bit from which on the role stands, less KINO_ROLE_KEYWORDS */
static inline uint32_t kino_have_row(uint32_t posting)
{
    return posting & ((UINT32_C(1) << KINO_HAVE_ROLE) - 1);
}
static inline kino_role kino_have_role(uint32_t posting)
{
    return (kino_role)(KINO_ROLE_KEYWORDS + (posting >> KINO_HAVE_ROLE));
}

/* Views a container, which belongs to the segment from then on, also after a failure. Vectors may be missing. */
kino_status kino_segment_view(kino_container *c, kino_segment **out, kino_error *err);
void kino_segment_close(kino_segment *s); /* NULL is fine */

/* The row of a film, or count. */
size_t kino_segment_row(const kino_segment *s, int64_t id);
/* One text of a film, "" when the record is damaged. */
const char *kino_segment_text(const kino_segment *s, size_t row, kino_text which);
/* The whole film, copied into the arena. False when its record is damaged. */
bool kino_segment_film(const kino_segment *s, size_t row, kino_arena *arena, kino_movie *out);
/* The terms of a list of a film, *count of them; each is to be compared with term_count before use. */
const uint32_t *kino_segment_terms(const kino_segment *s, kino_role role, size_t row, size_t *count);
/* The name of a term, "" when it is damaged. */
const char *kino_segment_term(const kino_segment *s, uint32_t term);

#endif
