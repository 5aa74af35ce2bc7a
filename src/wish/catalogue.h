/* catalogue.h - the lookups of a reader over the films of a catalogue as it is open.
 *
 *     kino_wish_catalogue *c = kino_wish_catalogue_open(rows);       // rows with vectors, lent until it is closed
 *     kino_wish_reader *reader = kino_wish_reader_open(kino_wish_catalogue_lookups(c));
 *
 * Nothing is read or made when it is opened. What is asked is looked up in the base and in the tail, without what is
 * hidden. A film is known by its row, a person as kino_person_of says (rows/people.h).
 *
 * Any number of threads may ask one. */
#ifndef KINO_WISH_CATALOGUE_H
#define KINO_WISH_CATALOGUE_H

#include "rows/rows.h"
#include "wish/wish.h"

typedef struct kino_wish_catalogue kino_wish_catalogue;

kino_wish_catalogue *kino_wish_catalogue_open(const kino_rows *rows);
void kino_wish_catalogue_close(kino_wish_catalogue *c); /* NULL is fine */

/* Lent until the catalogue is closed. */
const kino_wish_lookups *kino_wish_catalogue_lookups(const kino_wish_catalogue *c);

/* ---- in catalogue_titles.c and catalogue_people.c; ctx is the rows ---- */

size_t kino_catalogue_titles(const void *ctx, kino_wish_title_way way, const char *text, size_t n, size_t most,
                             kino_wish_hit *out);
void kino_catalogue_film(const void *ctx, uint32_t row, kino_wish_film *out);
size_t kino_catalogue_people(const void *ctx, kino_wish_name_way way, const char *text, size_t n, size_t most,
                             kino_wish_hit *out);
void kino_catalogue_person(const void *ctx, uint32_t person, kino_wish_person *out);
size_t kino_catalogue_films_of(const void *ctx, uint32_t person, size_t most, uint32_t *out);

#endif
