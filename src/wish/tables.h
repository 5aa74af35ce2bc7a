/* tables.h - the words that the reader knows: genres, nations, decades, moods and so on, and lists of words that only
 * direct it.
 *
 * Everything here is constant; lexicon.h finds in it. */
#ifndef KINO_WISH_TABLES_H
#define KINO_WISH_TABLES_H

#include "wish/wish.h"

/* The tables and lists in which a phrase can be. */
enum {
    IN_GENRES,
    IN_THEMES,
    IN_NATIONS, /* adjectives and names of languages: "french" */
    IN_PLACES,  /* "france" */
    IN_COMBOS,
    IN_RANKS,
    IN_DECADES,
    IN_OLD,
    IN_MOODS, /* by the singular of each word */
    IN_FIRST_LIST,
    IN_FOREIGN = IN_FIRST_LIST,
    IN_AUDIENCE,
    IN_RECENT,
    IN_SEED,
    IN_NOT,
    IN_NOT_MUCH,
    IN_SPEAK,
    IN_OPENER,
    IN_NOUN,
    IN_TALE,
    IN_BOUNDARY,
    IN_FILLER,
    IN_THEME_PLACE,
    IN_NUMBER,
    KINO_WISH_TABLES,
    KINO_WISH_LISTS = KINO_WISH_TABLES - IN_FIRST_LIST
};

/* How sure a word of a genre is. */
typedef enum kino_wish_sureness {
    KINO_WISH_CERTAIN, /* wherever it stands */
    KINO_WISH_PLACED,  /* where a genre would stand */
    KINO_WISH_PLURAL,  /* such a word, made certain by its form */
    KINO_WISH_LAST     /* the last word is the genre, those before it stay words */
} kino_wish_sureness;

typedef struct kino_wish_genre_words {
    const char *phrases, *genres;
    kino_wish_sureness sure;
} kino_wish_genre_words;

typedef struct kino_wish_theme_words {
    const char *phrases, *genres, *expand; /* genres: "Crime 1, Thriller .5" */
    bool named;
} kino_wish_theme_words;

typedef struct kino_wish_nation_words {
    const char *phrases, *places, *languages, *countries;
    bool own;
} kino_wish_nation_words;

typedef struct kino_wish_combo_words {
    const char *phrases, *genre, *language;
    bool keep; /* its words are matched too */
} kino_wish_combo_words;

typedef struct kino_wish_rank_words {
    const char *phrases, *rank;
    bool placed;
} kino_wish_rank_words;

typedef struct kino_wish_year_words {
    const char *phrases;
    int low, high; /* 0: open */
    bool wish;
} kino_wish_year_words;

typedef struct kino_wish_mood_words {
    const char *phrases, *genres, *expand;
} kino_wish_mood_words;

extern const char *const kino_wish_genre_names[KINO_WISH_GENRES];
extern const kino_wish_genre_words kino_wish_genre_table[];
extern const kino_wish_theme_words kino_wish_theme_table[];
extern const kino_wish_nation_words kino_wish_nation_table[];
extern const kino_wish_combo_words kino_wish_combo_table[];
extern const kino_wish_rank_words kino_wish_rank_table[];
extern const kino_wish_year_words kino_wish_decade_table[];
extern const kino_wish_year_words kino_wish_old_table[];
extern const kino_wish_mood_words kino_wish_mood_table[];
extern const size_t kino_wish_genre_count, kino_wish_theme_count, kino_wish_nation_count, kino_wish_combo_count,
    kino_wish_rank_count, kino_wish_decade_count, kino_wish_old_count, kino_wish_mood_count;
extern const char *const kino_wish_lists[KINO_WISH_LISTS];

#endif
