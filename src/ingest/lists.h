/* lists.h - turns the list columns of a film table into named things. */
#ifndef KINO_INGEST_LISTS_H
#define KINO_INGEST_LISTS_H

#include "ingest/clean.h"
#include "ingest/literal.h"

/* A list that grows, without repetition: things with an id are told apart by it, others by name. Zero-initialise;
 * names live in the arena of the cleaner. */
typedef struct kino_names {
    kino_named *items; /* free() */
    size_t count, capacity;
} kino_names;

void kino_names_add(kino_names *list, int64_t id, const char *name); /* the name is lent; KINO_LIMIT_LIST at most */
void kino_names_add_all(kino_names *list, kino_list more);
kino_list kino_names_finish(kino_names *list, kino_arena *arena); /* a copy; the list is empty again */

/* Whose words a list of plain names has. Genres are written in many ways ("Sci-Fi", "Dramas") and become TMDB's; a slash
 * is between them and no part of one. */
typedef enum kino_vocable { KINO_VOCABLE_ANY, KINO_VOCABLE_GENRES } kino_vocable;

/* A cell that holds a list of {id, name} (Python or JSON), or names with a bar, a semicolon or a comma between them,
 * added to the list. False when it is unreadable. An empty cell is an empty list. */
bool kino_read_names(kino_cleaner *c, kino_literals *tree, kino_field cell, kino_vocable words, kino_names *list);

/* A cell that holds one {id, name}; id 0 when empty or without either. False when it is unreadable. */
bool kino_read_named(kino_cleaner *c, kino_literals *tree, kino_field cell, kino_named *out);

#define KINO_DIRECTS "Director"
#define KINO_WRITES "Writer|Screenplay|Author"
/* A list of people, also plain names where no job is asked for: the first `most` by their `order`; with `jobs`, those who
 * did one of these, which have | between them. Ids and names. */
bool kino_read_people(kino_cleaner *c, kino_literals *tree, kino_field cell, const char *jobs, size_t most,
                      kino_names *list);
/* Whom the people of a cast play, one name each, "" where the cell does not tell; empty when it tells of nobody. */
kino_list kino_read_characters(kino_cleaner *c, kino_literals *tree, kino_field cell, const kino_list *cast);

#endif
