/* words_table.h - the arrays of a words index: built in words_build.c, read in words_find.c and words_likeness.c. */
#ifndef KINO_INDEX_WORDS_TABLE_H
#define KINO_INDEX_WORDS_TABLE_H

#include "index/words.h"

/* What a term is in the vocabulary. One more row closes it: a text ends where the next begins. */
typedef struct kino_words_entry {
    uint32_t text;     /* offset in the pool */
    uint32_t films;    /* how many have it in any field: the length of its postings */
    uint32_t in_texts; /* how many have it in keywords, tagline, overview or genres */
} kino_words_entry;

_Static_assert(sizeof(kino_words_entry) == 12, "an entry is u32[3] in a file");

/* The greatest impact, tf growing without end, is k1 + 1; it is kept as 255. */
#define KINO_WORDS_K1 1.5f
#define KINO_WORDS_STEP ((KINO_WORDS_K1 + 1) / 255)

enum { KINO_WORDS_NUMBERS = UINT16_MAX + 1 }; /* that vectors can have */

struct kino_words {
    size_t films, term_count, pool_size, postings_size, number_count, kept;
    const char *pool;                /* the stems, sorted, one behind another */
    const kino_words_entry *entries; /* [term_count + 1] */
    const uint64_t *postings_at;     /* [term_count + 1] */
    const uint8_t *postings;         /* of a film: its row less the one before, counted from 1, in LEB128; its impact */
    const float *averages;           /* [KINO_WORDS_FIELDS]: words of a field where it is not empty; 0: nowhere */
    const uint32_t *numbers;         /* [number_count]: the terms of vectors, ascending; a tail has none of its own */
    const uint32_t *vector_at;       /* [films + 1] */
    const uint16_t *vector_numbers;  /* [kept] */
    const uint8_t *vector_weights;   /* [kept] */
    bool lent;                       /* the arrays belong to a container */
    const uint64_t *hidden;
    const kino_words *tail;
};

/* The text of a term, "" when the file is damaged. */
const char *kino_words_text(const kino_words *w, uint32_t term, size_t *n);
/* The first term that is not before the text; term_count when there is none. */
uint32_t kino_words_lower(const kino_words *w, const char *text, size_t n);
/* The term of a stem, KINO_WORDS_ABSENT for none. */
uint32_t kino_words_find(const kino_words *w, const char *stem, size_t n);

#endif
