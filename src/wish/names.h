/* names.h - a genre, a language or a country by its everyday name, outside a question: "sci-fi", "german", "France".
 *
 * What is returned is constant. */
#ifndef KINO_WISH_NAMES_H
#define KINO_WISH_NAMES_H

#include "base/alloc.h"

/* The genres that a name stands for: "Science Fiction", "Romance+Comedy"; NULL: it is none. */
const char *kino_wish_genre_called(const char *name);
/* The codes of the languages: "de", "sv,da,no"; NULL. */
const char *kino_wish_language_called(const char *name);
/* The first everyday name of a language by its code, "german" of "de", appended; nothing for a code without one. */
void kino_wish_put_language(kino_buffer *out, const char *code);
/* The codes of the countries: "FR", "DE,AT"; NULL. */
const char *kino_wish_country_called(const char *name);

/* The name, as above, that a misspelt one is nearest to; NULL: none is near. */
const char *kino_wish_genre_near(const char *name);
const char *kino_wish_language_near(const char *name);

#endif
