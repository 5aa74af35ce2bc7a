/* values.h - values as people write them, behind an option, in a line of JSON or in an address: numbers, ranges, weights,
 * lists. What may be one, and the words for what may not, are the same everywhere.
 *
 *     kino_range year = {0};
 *     st = kino_parse_range("year", "1990-1999", 1, 9999, &year, &err);   // {1990, 1999}
 *
 * `name` is what the value is called in messages: "--year", "year". Every failure is KINO_USAGE. */
#ifndef KINO_ASK_VALUES_H
#define KINO_ASK_VALUES_H

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_words {
    const char **items;
    size_t count, capacity;
} kino_words;

typedef struct kino_range {
    int low, high; /* both included; 0: open */
} kino_range;

/* What parts of the score count, by name; see kino_weight_names. */
typedef struct kino_weights {
    kino_part items[KINO_MAX_PARTS];
    size_t count;
} kino_weights;

/* What a value is, and the type of the field that holds it. */
typedef enum kino_value_kind {
    KINO_VALUE_FLAG,    /* bool; the text says nothing */
    KINO_VALUE_TEXT,    /* const char * */
    KINO_VALUE_FILE,    /* const char *, a file name */
    KINO_VALUE_FOLDER,  /* const char *, a folder name */
    KINO_VALUE_TEXTS,   /* kino_words: one more at each time */
    KINO_VALUE_FILES,   /* kino_words of file names: one more at each time */
    KINO_VALUE_LIST,    /* kino_words: more at each time, separated by commas; at most `high`, if that is not 0 */
    KINO_VALUE_WHOLE,   /* int64_t from low to high */
    KINO_VALUE_SEED,    /* uint64_t */
    KINO_VALUE_REAL,    /* double from low to high */
    KINO_VALUE_RANGE,   /* kino_range of numbers from low to high */
    KINO_VALUE_CHOICE,  /* int: the position in the choices "a|b|c" */
    KINO_VALUE_WEIGHTS, /* kino_weights */
    KINO_VALUE_AGE,     /* int64_t, seconds: "150d", "36h" */
} kino_value_kind;

typedef struct kino_value_type {
    kino_value_kind kind;
    double low, high;
    const char *choices; /* of KINO_VALUE_CHOICE */
} kino_value_type;

/* Reads the text into the field. Texts are lent; the parts of lists are copied into `memory`. */
kino_status kino_value_read(const kino_value_type *type, const char *name, const char *text, kino_arena *memory,
                            void *field, kino_error *err);

void kino_words_add(kino_words *w, const char *word); /* lent */
kino_words kino_words_copy(const kino_words *w);      /* the words are still lent; free(copy.items) */

kino_status kino_parse_whole(const char *name, const char *text, int64_t low, int64_t high, int64_t *out,
                             kino_error *err);
kino_status kino_parse_seed(const char *name, const char *text, uint64_t *out, kino_error *err);
kino_status kino_parse_real(const char *name, const char *text, double low, double high, double *out, kino_error *err);
/* "1994", "1990-1999", "1990-", "-1999" */
kino_status kino_parse_range(const char *name, const char *text, int low, int high, kino_range *out, kino_error *err);
/* "plot=2,people=0"; a name that is left out weighs 1 */
kino_status kino_parse_weights(const char *name, const char *text, kino_weights *out, kino_error *err);
/* "150d", "36h", "90m", in seconds */
kino_status kino_parse_age(const char *name, const char *text, int64_t *out, kino_error *err);

#endif
