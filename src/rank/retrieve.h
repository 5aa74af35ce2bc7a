/* retrieve.h - the films that a wish in words is about: words and meaning together, and what else was asked for.
 *
 *     kino_sought w = {.about = {&terms, vector}};
 *     kino_found *found;
 *     size_t count = kino_retrieve(rows, &w, &allowed, 10, &found);      // best first; free(found)
 *
 * Each part is a number that every film has, in spreads from the mean of all films, times what the part counts:
 *   plot       cosine of the words' vector and the plot's, as it is and not less the mean of all plots
 *   words      BM25F of the words (index/words.h), as a share of the best film's: a rare word stands out by more spreads
 *              than everything else together, and by the more the more films there are
 *   keywords   the nearest of the film's keywords to the words' vector
 *   genres     how much the film's genres are those that words of the wish stand for
 *   likeness   to films that were named, in spreads; the caller's
 *   era, language   whether they are those that are wished for
 *   acclaim, fame   by themselves, and as "best", "classic", "hidden" and so on bend them
 *   away       less what was asked to be left out
 *   title      whether the words are its title, which puts it before all others
 * A score is the sum of the parts. Of a film that fits in every way it is about 1.
 *
 * Whether filters admit a film is the caller's; the scores of all others do not depend on them. */
#ifndef KINO_RANK_RETRIEVE_H
#define KINO_RANK_RETRIEVE_H

#include "rank/allowed.h"

typedef enum kino_found_part {
    KINO_FOUND_PLOT,
    KINO_FOUND_WORDS,
    KINO_FOUND_KEYWORDS,
    KINO_FOUND_GENRES,
    KINO_FOUND_LIKENESS,
    KINO_FOUND_ERA,
    KINO_FOUND_LANGUAGE,
    KINO_FOUND_ACCLAIM,
    KINO_FOUND_FAME,
    KINO_FOUND_AWAY,
    KINO_FOUND_TITLE,
    KINO_FOUND_PARTS
} kino_found_part;

/* "plot", ...: where likeness has such a part, it is called the same. */
const char *kino_found_part_name(kino_found_part part);

/* Words as an index knows them, and what they mean; either may be NULL. */
typedef struct kino_about {
    const kino_words_terms *terms; /* with what stands for moods and themes among them, for less */
    const float *meaning;          /* [KINO_PLOT_DIM], of length 1 */
} kino_about;

typedef struct kino_genre_wish {
    const char *name; /* case-blind */
    double weight;
} kino_genre_wish;

/* Bits of kino_sought.ranks. */
enum {
    KINO_RANK_BEST = 1,
    KINO_RANK_WORST = 2,
    KINO_RANK_POPULAR = 4,
    KINO_RANK_CLASSIC = 8,
    KINO_RANK_OVERRATED = 16,
    KINO_RANK_HIDDEN = 32, /* good, and little known */
    KINO_RANK_OBSCURE = 64,
    KINO_RANK_CULT = 128,
};

/* What is asked for. Zero is nothing: the best known and liked come first. Everything is lent for the call. */
typedef struct kino_sought {
    kino_about about;
    bool mood;                     /* it is nothing but a mood, for which genres say more than its very words */
    const kino_genre_wish *genres; /* what moods and themes of the wish stand for; a genre may be there several times */
    size_t genre_count;
    const kino_about *without; /* what films are not to be about */
    size_t without_count;
    const float *likeness;        /* [rows->count]: to the liked films, in spreads; NULL: none are named */
    const float *dislike;         /* [rows->count]: likewise, to the disliked ones */
    int year_min, year_max;       /* films of these years are wished for; 0: open, both 0: there is no such wish */
    bool decade;                  /* and that is the whole of it: a bare "80s" */
    const char *const *languages; /* films of one of these are wished for */
    size_t language_count;
    unsigned ranks;
    size_t title;        /* 1 + the row of the film whose title the words are; 0: none's */
    double popularity;   /* -1 to 1: towards the obscure or the well known */
    const double *times; /* [KINO_FOUND_PARTS]: what the question multiplies each part by; NULL: 1 */
} kino_sought;

typedef struct kino_found {
    size_t row;
    int64_t id;
    double score, parts[KINO_FOUND_PARTS]; /* multiples of 2^-20: the parts add up to the score in any order */
} kino_found;

/* The `most` best of the allowed rows, which have vectors, best first, equal ones by id; returns how many there are.
 * *out is freed by the caller. */
size_t kino_retrieve(const kino_rows *r, const kino_sought *w, const kino_allowed *allowed, size_t most,
                     kino_found **out);

/* The plots of all rows less the mean of all, beside that of one row: out[rows->count], in spreads. */
void kino_plots_beside(const kino_rows *r, size_t row, float *out);

#endif
