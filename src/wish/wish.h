/* wish.h - what a question in plain words asks for.
 *
 *     kino_wish_reader *reader = kino_wish_reader_open(&lookups);    // once; any number of threads may use it
 *     kino_wish wish = {0};
 *     kino_wish_read(reader, text, strlen(text), KINO_WISH_AS_SEEN, &wish);
 *     for (size_t i = 0; i < wish.count; i++)
 *         printf("%s: %s\n", kino_wish_as(&wish.chips[i]), wish.chips[i].value);
 *     ... wish.rest is what no chip took, wish.match what words and vectors are to be compared with ...
 *     kino_wish_free(&wish);
 *
 * "korean revenge thrillers of the 2000s, not horror" is understood as language ko, genre Thriller, year 2000-2009 and
 * no-genre Horror; the rest is "revenge". Each thing that was understood is a chip: the piece of the question that said
 * it, what it is taken as, and a value as the command line writes it.
 *
 * A reading is a fixed order of steps, each of which takes only words that none before it took: addresses, misspelt
 * facts, titles in quotes, films to be like, negations, length, years, people, languages and genres, moods. What
 * several words say together wins over what each of them says, and a keyword of the catalogue ("french revolution")
 * over both. At the end a question that as a whole is the title of a film is decided to be that film or to be words.
 * Which of two near readings won can be seen in `other`, and the other one can be asked for.
 *
 * What is certain is a chip without `wish`: it may filter. What is not is a wish in the score: chips with `wish`, the
 * genres, the language.
 *
 * A reader knows nothing of a catalogue but what its lookups tell: it can be tested with any. It fails for no text:
 * what is no UTF-8 or says nothing is read as no words. Of a text the first KINO_WISH_BYTES are read, and of these the
 * first KINO_WISH_WORDS words for facts; the words behind them are only words.
 *
 *   read.c         the order, and title or words       tables.c      what words are known
 *   tokens.c       a question -> words                 lexicon.c     phrases -> entries of the tables
 *   theme.c        "about ...", keywords               mend.c        misspelt facts
 *   seeds.c        like TITLE                          not.c         not X, without X
 *   titles.c       a text -> a film                    people.c      names and their roles
 *   years.c, length.c                                  nations.c     languages and countries
 *   facts.c        genres, audience, acclaim           moods.c       funny, scary, sad
 *   phrase.c       what stands beside a word           rest.c        what is left
 *   catalogue*.c   lookups over rows */
#ifndef KINO_WISH_H
#define KINO_WISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

enum { KINO_WISH_BYTES = 4096, KINO_WISH_WORDS = 64, KINO_WISH_CHIPS = 96 };

/* ---- what a reader asks a catalogue ---- */

typedef struct kino_wish_film {
    const char *title;
    int year; /* 0: unknown */
    int64_t votes;
} kino_wish_film;

typedef struct kino_wish_person {
    const char *name;
    double fame;                    /* votes of the films, less for a small role */
    size_t directed, played, films; /* how many films; `films` counts each once */
} kino_wish_person;

typedef enum kino_wish_title_way {
    KINO_WISH_EQUAL,    /* the title but for case, accents and articles, a part of it, an original title */
    KINO_WISH_LOOSE,    /* the title without its small words and "Part": "godfather 2", "good bad ugly" */
    KINO_WISH_MISSPELT, /* few edits away */
    KINO_WISH_INSIDE,   /* all words, in this order, stand in the title: "temple of doom" */
    KINO_WISH_ID        /* "id:862", "tt0114709" */
} kino_wish_title_way;

typedef enum kino_wish_name_way {
    KINO_WISH_NAME,            /* the full name, with or without initials and "Jr." */
    KINO_WISH_FAMILY,          /* the family name */
    KINO_WISH_NAME_MISSPELT,   /* of people who are known */
    KINO_WISH_FAMILY_MISSPELT, /* of people who are famous */
} kino_wish_name_way;

typedef struct kino_wish_hit {
    uint32_t item; /* a film or a person, by the number that the catalogue gives it */
    bool alias;    /* EQUAL: the text is not the title itself */
} kino_wish_hit;

/* Texts are folded (kino_fold), stems those of kino_stem. A catalogue without people leaves `people` NULL, and the two
 * behind it. What is returned is valid until the next call of the same function by the same thread. */
typedef struct kino_wish_lookups {
    const void *ctx;
    /* Films in whose text, names and titles aside, a word stands in any form. */
    uint32_t (*texts)(const void *ctx, const char *word, size_t n);
    /* Films with a keyword of these stems, joined by blanks. */
    uint32_t (*keyword)(const void *ctx, const char *stems, size_t n);
    /* Whether the word stands in a title, name or keyword, and whether it is a first name. */
    bool (*knows)(const void *ctx, const char *word, size_t n);
    bool (*first_name)(const void *ctx, const char *word, size_t n);
    /* Films that a text names, the likeliest first; at most `most`. */
    size_t (*titles)(const void *ctx, kino_wish_title_way way, const char *text, size_t n, size_t most,
                     kino_wish_hit *out);
    void (*film)(const void *ctx, uint32_t film, kino_wish_film *out);
    /* People of that name, the best known first. */
    size_t (*people)(const void *ctx, kino_wish_name_way way, const char *text, size_t n, size_t most,
                     kino_wish_hit *out);
    void (*person)(const void *ctx, uint32_t person, kino_wish_person *out);
    /* The best-known films that a person directed, or of who directed none, played in. */
    size_t (*films_of)(const void *ctx, uint32_t person, size_t most, uint32_t *out);
    /* Whether a film has this genre. */
    bool (*genre)(const void *ctx, const char *name);
    size_t films;
    int newest_year;
    bool countries; /* most films tell theirs */
} kino_wish_lookups;

/* ---- what was understood ---- */

typedef enum kino_wish_kind {
    KINO_WISH_TITLE,  /* the film that is asked for; no = false */
    KINO_WISH_LIKE,   /* films to be like, or with `no` unlike */
    KINO_WISH_PERSON, /* in any role */
    KINO_WISH_DIRECTOR,
    KINO_WISH_WITH,     /* in the cast */
    KINO_WISH_YEAR,     /* low to high */
    KINO_WISH_LANGUAGE, /* value: one of these, "sv,da" */
    KINO_WISH_COUNTRY,  /* likewise, "FR,BE" */
    KINO_WISH_GENRE,    /* value: all of these, "Romance+Comedy" */
    KINO_WISH_RUNTIME,  /* low to high, in minutes */
    KINO_WISH_AUDIENCE, /* value: "family" */
    KINO_WISH_RANK,     /* value: best, worst, popular, hidden, obscure, overrated, [not ]classic, [not ]cult */
    KINO_WISH_THEME,    /* a word for a kind of film that is no genre: "whodunit" */
    KINO_WISH_MOOD,     /* value: the mood */
    KINO_WISH_NOT,      /* words to be away from */
    KINO_WISH_KINDS
} kino_wish_kind;

typedef struct kino_wish_chip {
    kino_wish_kind kind;
    bool no;         /* what must not be: "no-genre" */
    bool wish;       /* not certain: counts in the score, and filters nothing */
    bool any;        /* a person: this one or the one of the chip before */
    size_t from, to; /* the piece of the question, in bytes */
    const char *value;
    int low, high;         /* of YEAR and RUNTIME, both included; 0: open */
    const uint32_t *items; /* [count] films of TITLE and LIKE, people of PERSON, DIRECTOR and WITH */
    size_t count;
} kino_wish_chip;

enum { KINO_WISH_GENRES = 19 };
const char *kino_wish_genre_name(size_t genre); /* "Action", ...; NULL from KINO_WISH_GENRES on */

typedef enum kino_wish_other {
    KINO_WISH_NO_OTHER,
    KINO_WISH_OR_WORDS, /* it was read as a title, and may be words */
    KINO_WISH_OR_TITLE  /* it was read as words, and may be the title of `other_film` */
} kino_wish_other;

/* Everything in it lives until kino_wish_free, which leaves it ready for another question. Zero-initialise. */
typedef struct kino_wish {
    kino_arena memory;
    kino_wish_chip *chips; /* [count], in the order of the question */
    size_t count;
    const char *rest;               /* the words that no chip took, "" when there are none */
    const char *match;              /* the same and words of chips that films are found by, for words and vectors */
    const char *expand;             /* words that films of such moods and themes bear, for little weight */
    float genres[KINO_WISH_GENRES]; /* the genres wished for, below 0 those to be away from */
    const char *language;           /* a language wished for, as the value of a chip; NULL: none */
    bool mood_only;                 /* all words of `match` are moods */
    bool first_then_words;          /* of a TITLE: the film first, then what the words find, for it may be either */
    kino_wish_other other;
    uint32_t other_film;
} kino_wish;

typedef struct kino_wish_reader kino_wish_reader;

/* The lookups are lent until kino_wish_reader_close. */
kino_wish_reader *kino_wish_reader_open(const kino_wish_lookups *lookups);
void kino_wish_reader_close(kino_wish_reader *r); /* NULL is fine */

typedef enum kino_wish_mode {
    KINO_WISH_AS_SEEN,  /* as a title where it is one, else as words */
    KINO_WISH_AS_WORDS, /* as words, where it was read as a title */
    KINO_WISH_AS_TITLE  /* as a title wherever it is one */
} kino_wish_mode;

/* Reads text[0..n) into *out, which is replaced. */
void kino_wish_read(const kino_wish_reader *r, const char *text, size_t n, kino_wish_mode mode, kino_wish *out);
void kino_wish_free(kino_wish *w);

/* What a chip is taken as: "genre", "no-genre", "like", "not-like", ... */
const char *kino_wish_as(const kino_wish_chip *chip);

#endif
