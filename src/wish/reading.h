/* reading.h - one question while it is read: its words, what has taken each, and what was understood so far. */
#ifndef KINO_WISH_READING_H
#define KINO_WISH_READING_H

#include "wish/lexicon.h"
#include "wish/tokens.h"

/* What a word is taken by: nothing, a word that directs the reader, or a chip. */
enum { KINO_FREE, KINO_TRIGGER, KINO_CHIP };
#define KINO_TAKEN(kind, no) (KINO_CHIP + 2 * (kind) + ((no) ? 1 : 0))

/* Whether a word is negated, or a small word on the way there. */
enum { KINO_NEGATED = 1, KINO_NEGATED_SMALL = 2 };

/* Votes from which on a film, and fame from which on a person, is known and famous. */
enum { KINO_WISH_KNOWN = 100, KINO_WISH_FAMOUS = 1000 };

/* All words, one form of each, with a blank between two: a phrase is a piece of it. */
typedef struct kino_joined {
    char *text;
    size_t at[KINO_WISH_WORDS + 1]; /* where each begins; the last: where one more would */
} kino_joined;

typedef struct kino_reading {
    const kino_wish_lookups *look;
    const kino_lexicon *lexicon;
    kino_wish *out;
    const char *question;
    kino_word *words;
    size_t count, all; /* words that are read for facts, and all */
    unsigned tail;     /* the gap behind the last */
    bool strange;      /* so many words are unknown that they are another language, and no slips */
    kino_joined text, title, stems, singular;
    uint16_t in[KINO_WISH_WORDS][KINO_WISH_PHRASE + 1]
               [KINO_WISH_TABLES]; /* of the phrase of so many words that begins there */
    uint8_t used[KINO_WISH_WORDS], negated[KINO_WISH_WORDS];
    uint8_t block[KINO_WISH_WORDS]; /* 1 + the first word of the keyword that it is part of, and its length */
    uint8_t block_words[KINO_WISH_WORDS];
    bool soft[KINO_WISH_WORDS], theme[KINO_WISH_WORDS], clause[KINO_WISH_WORDS];
    bool keep[KINO_WISH_WORDS], mood[KINO_WISH_WORDS], kept[KINO_WISH_WORDS];
    kino_wish_chip chips[KINO_WISH_CHIPS];
    uint8_t strength[KINO_WISH_CHIPS]; /* of a year: what holds when two exclude each other */
    uint8_t first_word[KINO_WISH_CHIPS];
    size_t chip_count;
    double person_fame;
    kino_buffer more, expand; /* words to match, and to expand by */
} kino_reading;

/* ---- phrase.c: what stands where ---- */

kino_span kino_span_of(const kino_joined *j, size_t i, size_t words);
/* Whether word i is one of "from|in|of". */
bool kino_is_word(const kino_reading *r, size_t i, const char *list);
/* How many words from i on are one of "prior to|before", the longest; 0: none is. */
size_t kino_says(const kino_reading *r, size_t i, const char *list);
/* Whether word i alone is in a table. */
bool kino_in(const kino_reading *r, size_t i, int table);
/* The longest phrase of free words from i on that is in the table: its words, and its entry. */
size_t kino_phrase(const kino_reading *r, size_t i, int table, size_t *entry);
/* Whether one of the words from i on is taken. */
bool kino_any_used(const kino_reading *r, size_t i, size_t words);
bool kino_is_stop(const kino_reading *r, size_t i);
bool kino_is_digits(const kino_reading *r, size_t i);
bool kino_is_letters(const kino_reading *r, size_t i);                                           /* ASCII only */
int kino_whole_number(const kino_reading *r, size_t i, size_t digits_least, size_t digits_most); /* -1: none */
int kino_decade(const kino_reading *r, size_t i); /* "90s", "nineties": its first year; 0: none */
int kino_year(const kino_reading *r, size_t i);   /* "1994"; 0: none */
bool kino_is_mood(const kino_reading *r, size_t i, size_t words);
/* The entry of the mood that a word is, also "scarier", with its phrase; false: none. */
bool kino_mood_of(const kino_reading *r, size_t i, size_t *entry, kino_span *phrase);

/* Films whose text has the word, or a keyword that is these words. */
uint32_t kino_texts_of(const kino_reading *r, size_t i);
uint32_t kino_keyword_of(const kino_reading *r, size_t i, size_t words);
/* A keyword of so many films is a theme, whatever film is called so: "haunted house". */
uint32_t kino_keyword_near(const kino_reading *r);

bool kino_is_fact(const kino_reading *r, size_t i);
/* Whether what stands at i ends a phrase or goes on with facts, so that the word before it may be a fact. */
bool kino_position_ok(const kino_reading *r, size_t i);
/* Whether a genre or a film noun stands further on in this phrase: "korean revenge thrillers". */
bool kino_heads_phrase(const kino_reading *r, size_t i);

/* ---- taking words ---- */

void kino_take(kino_reading *r, size_t i, size_t to, int by);      /* [i, to) */
void kino_take_free(kino_reading *r, size_t i, size_t to, int by); /* those that are free */
/* A chip of the words [i, to), which it takes; the value is copied. NULL when there are too many, or one
 * of the words is another's. */
kino_wish_chip *kino_add_chip(kino_reading *r, size_t i, size_t to, kino_wish_kind kind, bool no, const char *value,
                              size_t n);
void kino_add_items(kino_reading *r, kino_wish_chip *chip, const uint32_t *items, size_t count);
void kino_wish_for(kino_reading *r, const float genres[KINO_WISH_GENRES], float times, bool most);
void kino_put_words(kino_buffer *b, const char *text, size_t n); /* behind a blank */

/* ---- titles.c ---- */

typedef enum kino_title_as {
    KINO_AS_FOLDED,
    KINO_AS_ALIAS,
    KINO_AS_LOOSE,
    KINO_AS_YEAR,
    KINO_AS_MISSPELT,
    KINO_AS_INSIDE
} kino_title_as;

typedef struct kino_named_film {
    size_t words; /* 0: none */
    uint32_t film;
    kino_title_as as;
    int64_t votes;
    int year;
} kino_named_film;

/* Small words are left out of titles: "of", "part". */
kino_named_film kino_title_exact(const kino_reading *r, size_t i, size_t words, int year, int tolerance);
kino_named_film kino_title_misspelt(const kino_reading *r, size_t i, size_t words);
/* The longest title that begins at i. */
kino_named_film kino_title_at(const kino_reading *r, size_t i, bool strong);
/* The film that the whole question may be; a misspelt title, which is dear to look for, if asked for. */
kino_named_film kino_title_whole(const kino_reading *r, bool misspelt);
/* "Heat (1995)" */
const char *kino_film_name(kino_reading *r, uint32_t film);

/* ---- the steps, in their order; each tells how many words it took at i, or does all ---- */

void kino_mend(kino_reading *r);          /* mend.c */
void kino_mark_keywords(kino_reading *r); /* theme.c */
void kino_mark_themes(kino_reading *r);
void kino_read_quoted(kino_reading *r); /* seeds.c */
void kino_read_seeds(kino_reading *r);
void kino_read_leading(kino_reading *r);
void kino_read_negations(kino_reading *r); /* not.c */
void kino_read_negated_words(kino_reading *r);
size_t kino_read_length(kino_reading *r, size_t i); /* length.c */
size_t kino_read_year(kino_reading *r, size_t i);   /* years.c */
size_t kino_one_year(const kino_reading *r, size_t i, int *low, int *high);
size_t kino_read_person(kino_reading *r, size_t i); /* people.c */
size_t kino_read_fact(kino_reading *r, size_t i);   /* facts.c */
size_t kino_read_nation(kino_reading *r, size_t i); /* nations.c */
size_t kino_read_mood(kino_reading *r, size_t i);   /* moods.c */
void kino_read_rest(kino_reading *r);               /* rest.c */

/* ---- people.c ---- */

typedef struct kino_named_person {
    size_t words, count; /* 0: none; several are brothers */
    uint32_t people[4];
} kino_named_person;

kino_named_person kino_person_at(const kino_reading *r, size_t i, bool strong);

#endif
