/* people.h - who did what in the films of a catalogue as it is open.
 *
 * A person is a folded name: two people of one name count as one, as they do in a question. He is known by the number of
 * a term of that name, as kino_rows_term numbers them; of several, by the first that is in the table of names, and so by
 * one of the base where there is one. */
#ifndef KINO_ROWS_PEOPLE_H
#define KINO_ROWS_PEOPLE_H

#include "rows/rows.h"

typedef struct kino_credit {
    uint32_t row;
    kino_role role; /* DIRECTORS or CAST */
    double share;   /* of the film's votes */
    int64_t votes;  /* 0: unknown */
} kino_credit;

/* What a film adds to somebody's fame, by the place in the list: all its votes to a director and to the first of the cast,
 * less to those behind. */
double kino_person_share(kino_role role, size_t place, int64_t votes);

/* All credits of a person in visible films, those as a director first, the film of the most votes first. *count of them;
 * freed by the caller. */
kino_credit *kino_person_credits(const kino_rows *r, uint32_t person, size_t *count);

/* The number of the person whom a segment's term names. */
uint32_t kino_person_of(const kino_rows *r, const kino_segment *segment, uint32_t term);
/* The name as it is written, "" for none. */
const char *kino_person_name(const kino_rows *r, uint32_t person);

#endif
