/* vocabulary.h - the words that become columns of the features: counted, chosen, sorted, looked up. */
#ifndef KINO_INGEST_VOCABULARY_H
#define KINO_INGEST_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/container.h"
#include "base/wordset.h"

/* How many films each word is in. Zero-initialise. */
typedef struct kino_word_counts {
    kino_wordset words;
    uint32_t *films; /* [capacity] */
    size_t *last;    /* [capacity] the film that a word was last met in, from 1 */
    size_t capacity;
} kino_word_counts;

/* The number of a word, which is new with no film when it has none yet. */
uint32_t kino_word_counts_number(kino_word_counts *c, const char *word, size_t n);
/* The word is in this film; the films come one after another, and a word counts once for each. */
void kino_word_counts_add(kino_word_counts *c, size_t film, uint32_t word);
void kino_word_counts_free(kino_word_counts *c);

/* Words in ascending byte order, saved as zero-terminated texts one after the other. */
typedef struct kino_vocabulary {
    char *text; /* [bytes] */
    size_t bytes;
    const char **words; /* [count] */
    size_t count;
} kino_vocabulary;

/* The words of at least `least` films, at most `most` of them (the most frequent, equal ones in byte order). `films`
 * may be NULL; else *films becomes an array of the films of each, freed with free(). */
void kino_vocabulary_choose(const kino_word_counts *c, size_t least, size_t most, kino_vocabulary *out,
                            uint32_t **films);
/* Drops the first word. */
void kino_vocabulary_drop_first(kino_vocabulary *v);
/* From saved bytes; false when they are no ascending, zero-terminated, non-empty words, at most `most`. */
bool kino_vocabulary_read(const void *text, size_t bytes, size_t most, kino_vocabulary *out);
/* From such a section (u8); KINO_DAMAGED when it is not there or is no such list. */
kino_status kino_vocabulary_load(const kino_container *c, const char *section, size_t most, kino_vocabulary *out,
                                 kino_error *err);
/* The position of a word, or count. */
size_t kino_vocabulary_find(const kino_vocabulary *v, const char *word);
void kino_vocabulary_free(kino_vocabulary *v);

#endif
