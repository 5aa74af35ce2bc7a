/* vocabulary.h - the words of a one-hot or multi-hot group of columns: counted, chosen, sorted, looked up. */
#ifndef KINO_INGEST_VOCABULARY_H
#define KINO_INGEST_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

/* Counts words. Zero-initialise; the words are lent. Open addressing, for a file may hold a million different ones. */
typedef struct kino_word_count {
    const char *word;
    size_t films;
} kino_word_count;

typedef struct kino_word_counts {
    kino_word_count *slots; /* [capacity] */
    size_t count, capacity;
} kino_word_counts;

void kino_word_counts_add(kino_word_counts *c, const char *word);
void kino_word_counts_free(kino_word_counts *c);

/* Words in ascending byte order, saved as zero-terminated texts one after the other. */
typedef struct kino_vocabulary {
    char *text; /* [bytes] */
    size_t bytes;
    const char **words; /* [count] */
    size_t count;
} kino_vocabulary;

/* The words of at least `least` films, at most `most` of them (the most frequent). */
void kino_vocabulary_choose(const kino_word_counts *c, size_t least, size_t most, kino_vocabulary *out);
/* Drops the first word. */
void kino_vocabulary_drop_first(kino_vocabulary *v);
/* From saved bytes; false when they are no ascending, zero-terminated, non-empty words, at most `most`. */
bool kino_vocabulary_read(const void *text, size_t bytes, size_t most, kino_vocabulary *out);
/* The position of a word, or count. */
size_t kino_vocabulary_find(const kino_vocabulary *v, const char *word);
void kino_vocabulary_free(kino_vocabulary *v);

#endif
