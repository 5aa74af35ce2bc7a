/* read.h - answers of TMDB -> candidates and films.
 *
 * No field is trusted: if one is missing, null, of another type or out of its range, it is unknown in the sense of
 * kino_movie, and the rest is read all the same. Text goes into the arena as valid UTF-8 without control characters. */
#ifndef KINO_NET_READ_H
#define KINO_NET_READ_H

#include "net/tmdb/json.h"

#include "base/alloc.h"
#include "net/tmdb/tmdb.h"

int64_t kino_read_id(const cJSON *film);        /* 0: none */
double kino_read_popularity(const cJSON *film); /* NaN: unknown */

/* Appends the films of a page of a search that are not in the list yet; list->items is freed with free(). False if
 * the answer is no such page. */
bool kino_read_candidates(const cJSON *page, kino_arena *a, kino_tmdb_candidates *list);

/* The first film of an answer to /find, 0 if there is none. False if it is no such answer. */
bool kino_read_found(const cJSON *answer, int64_t *id);

/* The titles of "alternative_titles": `answer` is that object or has it as a member. */
kino_list kino_read_alternatives(const cJSON *answer, kino_arena *a);

/* Details with what was appended to them. False if they belong to another film than film->id. */
bool kino_read_film(const cJSON *details, kino_arena *a, kino_tmdb_film *film);

/* The text of "overview". */
const char *kino_read_overview(const cJSON *details, kino_arena *a);

#endif
