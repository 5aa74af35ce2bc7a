/* facts.h - what a pass over all films compares, in a few bytes a film: columns that lie side by side.
 *
 *     kino_facts f = {0};
 *     kino_facts_build(segment, &f);         // of its other columns, the profiles among them
 *     kino_facts_save(&f, &writer);          // as sections "facts.*"
 *     kino_facts_free(&f);
 *
 * The bytes are rounded, so that a score which is made of them finds candidates and decides nothing. */
#ifndef KINO_ROWS_FACTS_H
#define KINO_ROWS_FACTS_H

#include "base/container.h"
#include "kino.h"

enum {
    KINO_FACTS_GENRES = 64,     /* that have a bit: the most frequent ones; the others are left out */
    KINO_FACTS_SETS = 65535,    /* of genres that have a number: likewise */
    KINO_FACTS_LANGUAGES = 254, /* that have a number, from 1; the others share 255 */
    KINO_FACTS_OTHER = 255,
};

/* Which lists of a film are not empty. */
enum { KINO_TOLD_KEYWORDS = 1, KINO_TOLD_DIRECTORS = 2, KINO_TOLD_CAST = 4 };

/* What the bytes of numbers count from 1 on: years from this one, parts of log(1 + votes) and of a star. */
#define KINO_FACT_FIRST_YEAR 1870
#define KINO_FACT_FAME_STEPS 16.0
#define KINO_FACT_RATING_STEPS 25.0

/* The bytes of a film; 0 is unknown, but for what is told. */
typedef enum kino_fact {
    KINO_FACT_YEAR,
    KINO_FACT_FAME,
    KINO_FACT_RATING,
    KINO_FACT_LANGUAGE,
    KINO_FACT_TOLD,
    KINO_FACT_BYTES
} kino_fact;

typedef struct kino_facts {
    const uint8_t *bytes;      /* [count][KINO_FACT_BYTES] */
    const int8_t *profiles;    /* [count][KINO_PROFILE_DIM]: 127 times the unit vector */
    const uint16_t *genres;    /* [count]: the number of the film's set of genres */
    const uint64_t *sets;      /* [set_count]: a bit for each genre */
    const uint32_t *genre;     /* [genre_count]: the term of each bit */
    const uint32_t *languages; /* [language_count]: the terms, from number 1 on */
    size_t set_count, genre_count, language_count;
    bool owned; /* else the arrays belong to a container */
} kino_facts;

struct kino_segment;
/* In facts_build.c, which reads the segment. */
void kino_facts_build(const struct kino_segment *s, kino_facts *out);
void kino_facts_free(kino_facts *f);
void kino_facts_save(const kino_facts *f, size_t count, kino_container_writer *w);
/* Shapes are checked here, numbers of sets where they are used. */
kino_status kino_facts_view(const kino_container *c, size_t count, kino_facts *out, kino_error *err);

/* What a byte stands for; NaN for 0. */
double kino_fact_year(uint8_t byte);
double kino_fact_fame(uint8_t byte); /* log(1 + votes) */
double kino_fact_rating(uint8_t byte);

#endif
