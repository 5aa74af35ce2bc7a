/* fields.h - the fields of a film that are filled in from another record of it, and asked again in time. */
#ifndef KINO_ENGINE_FIELDS_H
#define KINO_ENGINE_FIELDS_H

#include "base/alloc.h"
#include "kino.h"

typedef enum kino_film_field {
    KINO_FIELD_POSTER,
    KINO_FIELD_OVERVIEW,
    KINO_FIELD_RATING,
    KINO_FIELD_VOTES,
    KINO_FIELD_RUNTIME,
    KINO_FIELD_YEAR,
    KINO_FIELD_GENRES,
    KINO_FIELDS
} kino_film_field;

extern const char *const kino_field_names[KINO_FIELDS]; /* "poster", ... */
kino_film_field kino_field_of(const char *name);        /* KINO_FIELDS: none */

/* Whether the field is unknown or impossible. */
bool kino_field_lacks(const kino_movie *m, kino_film_field f);
/* Sets the field to that of `from`, whose strings it shares, or to unknown if `from` is NULL. */
void kino_field_take(kino_movie *m, const kino_movie *from, kino_film_field f);
/* The field as text for people, in the arena; "" if it is unknown. */
const char *kino_field_text(kino_arena *a, const kino_movie *m, kino_film_field f);

#endif
