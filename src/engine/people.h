/* people.h - names of people -> the films that they made. */
#ifndef KINO_ENGINE_PEOPLE_H
#define KINO_ENGINE_PEOPLE_H

#include "handle/handle.h"
#include "rank/allowed.h"

/* Sets the rows of the films of a person in a role (KINO_ROLES: in any); persons are numbered as in rows/people.h. */
void kino_credits_admit(const kino_rows *r, uint32_t person, kino_role role, kino_allowed *out);
/* Takes out of `allowed` the films that are without the people of a filter. KINO_USAGE for a name that nobody has. */
kino_status kino_people_bound(kino *k, const kino_filter *f, kino_allowed *allowed, kino_error *err);

#endif
