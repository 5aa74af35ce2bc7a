/* words_draft.h - the words of a chunk of films as they were heard, before the index knows averages and terms. */
#ifndef KINO_INDEX_WORDS_DRAFT_H
#define KINO_INDEX_WORDS_DRAFT_H

#include "index/words.h"
#include "base/wordset.h"

enum { KINO_WORDS_CHUNK = 4096 }; /* films; each chunk stems a word once */

/* A stem in one field of a film. */
typedef struct kino_words_heard {
    uint32_t code; /* stem of the chunk * KINO_WORDS_FIELDS + field */
    uint32_t count;
} kino_words_heard;

typedef struct kino_words_stem {
    uint32_t last[KINO_WORDS_FIELDS];   /* what was heard last of it, counted from 1, perhaps in an earlier film */
    uint32_t films, in_texts;           /* of the chunk */
    uint32_t film_seen, film_text_seen; /* stamps of films */
    uint32_t term;                      /* in the vocabulary of all chunks */
    uint64_t next;                      /* the place of its next posting */
    float tf;                           /* of the film at hand, and how often its vector's fields have it */
    uint32_t in_vector;
} kino_words_stem;

typedef struct kino_words_chunk {
    kino_wordset words, stems; /* as they stand in texts, and stemmed */
    uint32_t *stem_of;         /* [words.count]: KINO_WORDS_ABSENT for a stop word */
    kino_words_stem *stem;     /* [stems.count] */
    size_t word_capacity, stem_capacity;
    kino_words_heard *heard;
    size_t heard_count, heard_capacity;
    size_t films;
    uint32_t film_end[KINO_WORDS_CHUNK]; /* where each film's end in `heard` */
    uint64_t field_words[KINO_WORDS_FIELDS];
    uint32_t field_films[KINO_WORDS_FIELDS];
    kino_buffer numbers, weights;   /* vectors: u16 and u8 of one film behind another's */
    uint8_t kept[KINO_WORDS_CHUNK]; /* of each film */
} kino_words_chunk;

/* The fields that say what a film is about, and so what a word is worth. */
bool kino_words_is_text(kino_words_field field);

/* Hears rows [first, first + films) into a zeroed chunk. */
void kino_words_hear(kino_words_chunk *c, size_t first, size_t films, kino_words_texts_fn texts, const void *ctx);
void kino_words_chunk_free(kino_words_chunk *c);

#endif
