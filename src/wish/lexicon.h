/* lexicon.h - all phrases of the tables in one hash table, and what is computed of them once.
 *
 * A phrase can be in several tables ("romantic comedy" is genres and a mood), each of which has it in one entry. */
#ifndef KINO_WISH_LEXICON_H
#define KINO_WISH_LEXICON_H

#include "wish/tables.h"

enum {
    KINO_WISH_PHRASE = 6,    /* words of the longest phrase */
    KINO_WISH_WORD_MOST = 64 /* bytes of a word that are looked at where it is taken apart */
};

typedef struct kino_lexicon kino_lexicon;

kino_lexicon *kino_lexicon_make(void);
void kino_lexicon_free(kino_lexicon *l);

/* Whether the phrase is in any table; entries[table] becomes its entry there + 1, or 0. */
bool kino_lexicon_find(const kino_lexicon *l, const char *phrase, size_t n, uint16_t entries[KINO_WISH_TABLES]);

/* The word of a fact that a misspelt word of at least five letters is nearest to; NULL: none is near enough. */
const char *kino_lexicon_nearest(const kino_lexicon *l, const char *word, size_t n);

/* The weights of the genres that an entry of IN_THEMES or IN_MOODS wishes for. */
const float *kino_lexicon_genres(const kino_lexicon *l, int table, size_t entry);

/* The phrase of a mood as its table writes it: "mind-bending". */
const char *kino_lexicon_mood(const kino_lexicon *l, const char *phrase, size_t n, size_t *length);

/* The singular of a word, in place: returns its length. "laughs" -> "laugh", "tragedies" -> "tragedy". */
size_t kino_wish_singular(char *word, size_t n);

#endif
