/* vocabulary_parts.h - what a vocabulary is made of: filled by vocabulary*.c, each of which answers its own lookups. */
#ifndef KINO_WISH_VOCABULARY_PARTS_H
#define KINO_WISH_VOCABULARY_PARTS_H

#include "base/wordset.h"
#include "index/titles.h"
#include "wish/vocabulary.h"

/* What a word is known as. */
enum { KINO_KNOWN_TITLE = 1, KINO_KNOWN_NAME = 2, KINO_KNOWN_KEYWORD = 4 /* its stem */, KINO_KNOWN_FIRST = 8 };

typedef struct kino_known {
    kino_wordset words;
    uint8_t *as; /* [capacity] */
    size_t capacity;
} kino_known;

/* Texts that are looked up as titles are, and what each stands for. */
typedef struct kino_name_table {
    kino_titles *titles;
    kino_title_entry *entries; /* [count] */
    uint32_t *items;           /* [count] films or people */
    size_t count, capacity;
} kino_name_table;

enum {
    KINO_TABLE_TITLES,
    KINO_TABLE_LOOSE,   /* without small words */
    KINO_TABLE_SPELLED, /* digits inside words as the letters they look like */
    KINO_TABLE_NAMES,   /* full names */
    KINO_TABLE_NAMES_KNOWN,
    KINO_TABLE_FAMILIES,
    KINO_TABLE_FAMILIES_FAMOUS,
    KINO_NAME_TABLES
};

typedef struct kino_person_facts {
    double fame;
    size_t directed, played, films;
} kino_person_facts;

struct kino_wish_vocabulary {
    kino_wish_lookups look;
    kino_arena memory;
    const kino_movie *films;
    size_t film_count;
    const kino_words *words;
    kino_known known;
    kino_wordset keywords, genres;
    uint32_t *keyword_films; /* [keywords.capacity] */
    kino_name_table tables[KINO_NAME_TABLES];
    kino_buffer plain; /* the plain titles, one behind another */
    size_t *plain_at;  /* [film_count + 1] */
    kino_wordset title_words;
    uint32_t *title_word_at;    /* [title_words.count + 1] */
    uint32_t *title_word_films; /* films of each word */
    kino_wordset names;         /* folded: a person is its number */
    kino_person_facts *people;  /* [names.count] */
    const char **written;       /* [names.count] the name as it is written; lent by the films */
    uint32_t *person_at;        /* [names.count + 1] */
    uint32_t *person_films;     /* the films directed, then those played in, the best known first in each */
};

void kino_known_put(kino_known *k, const char *word, size_t n, int as);

/* One more text of a table; strings are lent. */
void kino_name_table_add(kino_name_table *t, uint32_t item, const char *text, const char *other, int year,
                         int64_t votes, const char *imdb);

/* Fill their part, and the lookups that it answers. */
void kino_vocabulary_titles(kino_wish_vocabulary *v, int threads);
void kino_vocabulary_people(kino_wish_vocabulary *v, int threads);

#endif
