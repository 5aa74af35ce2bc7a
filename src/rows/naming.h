/* naming.h - how films, people and keywords of a segment are called in a question, beside the whole titles, which are
 * in its table of titles.
 *
 *     kino_naming v = {0};
 *     kino_naming_build(segment, &v);                            // of its columns
 *     kino_keyed_run run = kino_called(&v, KINO_CALLED_FAMILY, segment, "hitchcock", 9);
 *     kino_naming_free(&v);
 *
 * No text is kept: a reference tells which piece of which title or name of the segment it stands for, and a reader of
 * the table makes the text of it (index/keyed.h). References of equal texts are in the order of votes, or of the fame
 * of their people.
 *
 *   naming.c        the tables in a file        naming_build.c  a segment -> the tables
 *   naming_texts.c  a reference -> its text     people.c        who did what */
#ifndef KINO_ROWS_NAMING_H
#define KINO_ROWS_NAMING_H

#include "base/container.h"
#include "index/keyed.h"
#include "kino.h"

/* What is found under a text, and what its references are. */
typedef enum kino_called {
    KINO_CALLED_LOOSE,   /* titles and their parts without small words: row, form */
    KINO_CALLED_SPELLED, /* titles with digits inside words as the letters they look like: row */
    KINO_CALLED_INSIDE,  /* words of plain titles but small ones: row, place */
    KINO_CALLED_NAME,    /* names, and without initials and "Jr.": term, whether it is the shorter one */
    KINO_CALLED_FAMILY,  /* family names, and with a particle: term, whether it is with one */
    KINO_CALLED_WORD,    /* each word of names once: term, place */
    KINO_CALLED_KEYWORD, /* stems of keywords, joined by blanks: term */
    KINO_CALLED_TABLES
} kino_called_as;

/* Texts that a misspelt one is compared with. */
typedef enum kino_misspelt_as {
    KINO_MISSPELT_NAME,   /* of people who are known, as KINO_CALLED_NAME */
    KINO_MISSPELT_FAMILY, /* of people who are famous, each once, as KINO_CALLED_FAMILY */
    KINO_MISSPELT_TABLES
} kino_misspelt_as;

/* Votes of films, less for a small role, from which on a person is known, and famous. */
enum { KINO_PERSON_KNOWN = 100, KINO_PERSON_FAMOUS = 1000 };

/* The bits of a reference behind its row or term. */
enum { KINO_LOOSE_BITS = 3, KINO_PLACE_BITS = 5, KINO_NAME_BITS = 1, KINO_WORD_BITS = 3 };

typedef struct kino_naming {
    kino_keyed called[KINO_CALLED_TABLES];
    kino_spelling misspelt[KINO_MISSPELT_TABLES];
    uint32_t newest_year, with_countries; /* of the films; how many tell their countries */
} kino_naming;

struct kino_segment;
/* In naming_build.c. */
void kino_naming_build(const struct kino_segment *s, kino_naming *out);
void kino_naming_free(kino_naming *v);
/* As sections "called.*" and "misspelt.*". Shapes are checked when they are viewed. */
void kino_naming_save(const kino_naming *v, kino_container_writer *w);
kino_status kino_naming_view(const kino_container *c, kino_naming *out, kino_error *err);

/* What is called by a text in the form that its table takes: plain for titles, names and families, folded for words. */
kino_keyed_run kino_called(const kino_naming *v, kino_called_as as, const struct kino_segment *s, const char *text,
                           size_t n);
void kino_misspelt(const kino_naming *v, kino_misspelt_as as, const struct kino_segment *s, const char *folded,
                   size_t n, kino_spelling_take take, void *to);

/* Appends the text of a reference, nothing for one that is out of range or has none. */
void kino_called_text(const struct kino_segment *s, kino_called_as as, uint32_t ref, kino_buffer *out);

/* Appends the plain form of a text that is as it was written. */
void kino_plain_text(kino_buffer *out, const char *text);

#endif
