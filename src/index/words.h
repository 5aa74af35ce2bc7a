/* words.h - which films speak of something, and how alike the texts of two films are.
 *
 *     kino_words *w = kino_words_build(films, texts, ctx, NULL);         // `texts` tells the texts of a film
 *     kino_words_terms asked;
 *     kino_words_query(w, "heist in a casino", 17, &asked);
 *     float best = kino_words_score(w, &asked, scores);                  // scores[row], best: the greatest of them
 *
 * A text is folded (kino_fold) and cut into words; those that say nothing alone are left out and the others stemmed, so
 * that "haunted" finds "haunting". Scripts that are written without spaces are cut into pairs of characters.
 *
 * The score is BM25F: a film's title, keywords, people and so on are one text in which a word counts by its field, and
 * less in a long field than in a short one. All but the rarity of a word is folded into one byte a posting when the
 * index is built, so a question adds up a few lists.
 *
 * Beside the postings stand the strongest words of each film by TF-IDF, as a short vector of bytes. The cosine of two
 * is the likeness of their texts. Sums of bytes are whole numbers, so it does not depend on an order.
 *
 * An index can be saved and viewed where it lies in a mapped file. A second one, of films that came later, can be put
 * behind a first: it is built with the first one's averages and word numbers, and both answer as one.
 *
 * The same films give the same bytes whatever the number of threads is. Any number of threads may read one index. */
#ifndef KINO_INDEX_WORDS_H
#define KINO_INDEX_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/container.h"
#include "base/wordtext.h"
#include "kino.h"

/* ---- building ---- */

typedef enum kino_words_field {
    KINO_WORDS_TITLE,
    KINO_WORDS_ORIGINAL_TITLE, /* when it differs from the title; aliases too */
    KINO_WORDS_KEYWORDS,
    KINO_WORDS_TAGLINE,
    KINO_WORDS_OVERVIEW,
    KINO_WORDS_GENRES,
    KINO_WORDS_PEOPLE,
    KINO_WORDS_COLLECTION,
    KINO_WORDS_FIELDS
} kino_words_field;

/* Takes the texts of one film. A field may be told in pieces (a keyword at a time) and in any order. */
typedef struct kino_words_listener kino_words_listener;
void kino_words_tell(kino_words_listener *l, kino_words_field field, const char *text, size_t n);

/* Tells the texts of the film of a row. It is called once for each row, from several threads at once. */
typedef void (*kino_words_texts_fn)(const void *ctx, size_t row, kino_words_listener *l);

typedef struct kino_words kino_words;

/* Zero is the default of each. */
typedef struct kino_words_options {
    size_t keep;            /* words of a film's vector; 0: 48, at most KINO_WORDS_KEEP_MOST */
    uint32_t least;         /* films that must speak of a word of a vector; 0: 5 */
    const kino_words *base; /* these films come later than its; lent for the call */
    int threads;            /* 0: one per core */
} kino_words_options;
enum { KINO_WORDS_KEEP_MOST = 255 };

kino_words *kino_words_build(size_t films, kino_words_texts_fn texts, const void *ctx, const kino_words_options *opt);
void kino_words_free(kino_words *w); /* NULL is fine */

/* As sections "words.*", lent to the writer until the index goes. */
void kino_words_save(const kino_words *w, kino_container_writer *to);
/* The index of such a container over `films` rows. Its shapes are checked here, what is in it when it is used: a
 * damaged one can cost answers, never memory. */
kino_status kino_words_view(const kino_container *c, size_t films, kino_words **out, kino_error *err);

/* From now on w answers for the films of `tail` (NULL: none) too, which was built with w as its base and whose rows are
 * numbered on from w's. Rows of `hidden` (a bit for each of w's; NULL: none) are never the best. Both are lent. */
void kino_words_extend(kino_words *w, const uint64_t *hidden, const kino_words *tail);

/* ---- vocabulary ---- */

size_t kino_words_films(const kino_words *w); /* with the tail's */

/* In how many films' keywords, tagline, overview or genres a folded word stands, in any of its forms. Titles and people
 * do not count, so that this tells a word from a name. */
uint32_t kino_words_df(const kino_words *w, const char *word, size_t n);

/* The stem that a misspelt folded word is nearest to: the same first letter, one edit away, or two for a word of eight
 * letters and more; of several the nearest, then the one of most films. Words of fewer than five letters and stems of
 * fewer than three films are not looked at. Returns its length, 0 for none; *stem is not zero-terminated. */
size_t kino_words_nearest(const kino_words *w, const char *word, size_t n, const char **stem);

/* ---- questions ---- */

#define KINO_WORDS_ABSENT UINT32_MAX
typedef struct kino_words_term {
    uint32_t base, tail; /* its number in the vocabulary of either, or KINO_WORDS_ABSENT */
    float weight;
} kino_words_term;

/* What is asked for; the terms of the first 256 words of a text. */
enum { KINO_WORDS_TERMS = 256 };
typedef struct kino_words_terms {
    kino_words_term items[KINO_WORDS_TERMS];
    size_t count;
} kino_words_terms;

/* The terms of a question: its words; neighbours that are one word elsewhere ("super hero"); for a word that no film
 * has, the two that it is made of ("spacestation"), else the nearest one, for less. */
void kino_words_query(const kino_words *w, const char *text, size_t n, kino_words_terms *out);
/* Adds the words of another text, each with this weight, unless they are there with as much. */
void kino_words_expand(const kino_words *w, const char *text, size_t n, float weight, kino_words_terms *terms);

/* Scores every row: scores[kino_words_films], 0 for a film without any of the terms. Returns the greatest score of a
 * row that is not hidden. */
float kino_words_score(const kino_words *w, const kino_words_terms *terms, float *scores);

/* ---- likeness ---- */

/* The strongest words of a film: ascending numbers below kino_words_numbers, and their weights up to 255. */
typedef struct kino_words_vector {
    const uint16_t *numbers;
    const uint8_t *weights;
    size_t count;
} kino_words_vector;
kino_words_vector kino_words_of(const kino_words *w, size_t row);
size_t kino_words_numbers(const kino_words *w);

/* Of two vectors, and of one with itself: what a cosine is made of. */
uint32_t kino_words_product(kino_words_vector a, kino_words_vector b);
uint32_t kino_words_squares(kino_words_vector v);

/* The cosine of two films, 0 to 1; 0 when one has no words. */
float kino_words_cosine(const kino_words *w, size_t a, size_t b);

#endif
