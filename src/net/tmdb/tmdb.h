/* tmdb.h - the films of The Movie Database (TMDB), version 3 of its API.
 *
 *     kino_tmdb_options opt = {0};                              // key from $TMDB_API_KEY or the config file
 *     kino_tmdb *t = NULL;
 *     kino_tmdb_candidates *found = NULL;
 *     kino_tmdb_films *films = NULL;
 *     if (!kino_tmdb_open(&opt, &t, err) && !kino_tmdb_search(t, "Until Dawn", 2025, &found, err)) {
 *         kino_tmdb_choice c = kino_tmdb_choose("Until Dawn", 2025, found->items, found->count);
 *         if (c.verdict == KINO_TMDB_UNIQUE && !kino_tmdb_details(t, &found->items[c.best].id, 1, &films, err))
 *             puts(films->items[0].movie.overview);
 *     }
 *     kino_tmdb_films_free(films);
 *     kino_tmdb_candidates_free(found);
 *     kino_tmdb_close(t);
 *
 * Calls wait until they have their answer; inside, up to max_in_flight requests are under way at once. A handle keeps
 * its connections between calls and belongs to one thread at a time.
 *
 * Passing failures are tried again with growing pauses: a lost connection, a time-out, a broken body, 5xx, 429 (all
 * requests then wait for Retry-After). If an address cannot be reached, the other one is used at once.
 *
 * Errors. KINO_NETWORK for everything about the network, the key and the service; KINO_NOT_FOUND for a film that TMDB
 * says it does not have; KINO_INTERRUPTED when *cancel became non-zero; KINO_USAGE for an argument. The key is in no
 * message. Answers are strangers' input: text comes out as UTF-8 without control characters, every field that is
 * missing or of a wrong type is unknown as kino_movie has it.
 *
 * TMDB's terms demand that its notice is shown, and that what was fetched is deleted or fetched again within six
 * months. */
#ifndef KINO_NET_TMDB_H
#define KINO_NET_TMDB_H

#include "kino.h"

#define KINO_TMDB_URL "https://api.themoviedb.org/3"
#define KINO_TMDB_IMAGES_URL "https://image.tmdb.org/t/p"
#define KINO_TMDB_FALLBACK_URL "https://api.tmdb.org/3" /* the same service; some providers block the first */

/* Whether this kino was built with the network. Without it kino_tmdb_open fails and says so; calls that need no handle
 * still work. */
bool kino_tmdb_available(void);

/* ---- the key ---- */

#define KINO_TMDB_KEY_SIZE 2048

typedef enum kino_tmdb_key_kind {
    KINO_TMDB_NO_KEY,
    KINO_TMDB_KEY_V3, /* 32 hexadecimal digits, which go into the address */
    KINO_TMDB_KEY_V4, /* a read access token, three parts with dots between, which goes into a header */
} kino_tmdb_key_kind;

kino_tmdb_key_kind kino_tmdb_key_kind_of(const char *key); /* by its shape */

/* The key: from the file `path` if not NULL, else $TMDB_API_KEY, else the config file, $XDG_CONFIG_HOME/kino/tmdb.key
 * or ~/.config/kino/tmdb.key. A file must be open to its owner alone (mode 0600). Of several words that are keys a
 * v4 token is taken before a v3 key. KINO_NETWORK when there is none, KINO_NOT_FOUND for a `path` without a file,
 * KINO_USAGE for what is no key, KINO_FAILED for a file that others may read. */
kino_status kino_tmdb_credential(const char *path, char out[KINO_TMDB_KEY_SIZE], kino_error *err);

/* ---- the handle ---- */

/* Zero is the default of every member. */
typedef struct kino_tmdb_options {
    const char *credential; /* NULL: what kino_tmdb_credential(key_file) finds */
    const char *key_file;
    const char *base_url;        /* NULL: $KINO_TMDB_URL, else KINO_TMDB_URL. https, or http to this machine */
    const char *fallback_url;    /* NULL: KINO_TMDB_FALLBACK_URL where the base is KINO_TMDB_URL; "": none */
    const char *images_url;      /* NULL: $KINO_TMDB_IMAGES_URL, else KINO_TMDB_IMAGES_URL; as the base */
    const char *language;        /* of titles, plots and names; NULL: "en-US" */
    const char *second_language; /* where there is no plot in the first; "": none. NULL: "en-US", or where that is
                                     the first, the film's own */
    int max_in_flight;           /* 1 to 8; 0: 8 */
    double rate;                 /* requests a second; 0: 20 */
    int connect_ms, total_ms;    /* of one try; 0: 10 s and 30 s */
    int tries;                   /* of one request; 0: 4 */
    int pause_ms;                /* before the second try, about twice as long before each next one; 0: 1 s */
    int longest_pause_ms;        /* 0: 30 s. TMDB asking for more by Retry-After fails the call */
    const volatile sig_atomic_t *cancel; /* looked at ten times a second; may be NULL */
} kino_tmdb_options;

typedef struct kino_tmdb kino_tmdb;

/* Nothing is sent yet. The options are copied, `cancel` is lent. */
kino_status kino_tmdb_open(const kino_tmdb_options *opt, kino_tmdb **out, kino_error *err);
void kino_tmdb_close(kino_tmdb *t); /* NULL is fine */

/* From now on each call ends after this time with KINO_NETWORK, whatever is under way; 0: no such bound. */
void kino_tmdb_set_budget(kino_tmdb *t, int ms);

/* ---- search ---- */

typedef struct kino_tmdb_candidate {
    int64_t id;
    const char *title, *original_title;
    const char *date, *language;
    int year;                        /* 0: unknown */
    int64_t votes;                   /* -1: unknown */
    double popularity;               /* NaN: unknown */
    const char *const *alternatives; /* [alternative_count], further titles as far as they were asked for */
    size_t alternative_count;
} kino_tmdb_candidate;

typedef struct kino_tmdb_candidates {
    kino_tmdb_candidate *items; /* in TMDB's order, those of the year in front */
    size_t count;
} kino_tmdb_candidates;

/* Films that may bear this title. The year may be 0, and may also stand in brackets at the end of the title. With a
 * year, films of that year are asked for, of the neighbouring years if it has none, and of any year. If no candidate
 * resembles the title, the alternative titles of the first few are asked for. Nothing found is success with count 0,
 * which may be remembered; a failure may not. kino_tmdb_candidates_free frees them. */
kino_status kino_tmdb_search(kino_tmdb *t, const char *title, int year, kino_tmdb_candidates **out, kino_error *err);
void kino_tmdb_candidates_free(kino_tmdb_candidates *c);

/* The film with an IMDb id, "tt0133093". KINO_NOT_FOUND when TMDB knows none. */
kino_status kino_tmdb_find_imdb(kino_tmdb *t, const char *imdb_id, int64_t *id, kino_error *err);

/* ---- which candidate is meant ---- */

typedef enum kino_tmdb_verdict {
    KINO_TMDB_NONE,      /* no candidate resembles the title, or none is of the year */
    KINO_TMDB_UNIQUE,    /* `best` is meant */
    KINO_TMDB_AMBIGUOUS, /* `best` is the likeliest, but `second` could be meant, or `best` only begins like this */
} kino_tmdb_verdict;

typedef struct kino_tmdb_choice {
    kino_tmdb_verdict verdict;
    size_t best, second; /* places among the candidates; SIZE_MAX: none */
} kino_tmdb_choice;

/* Compares folded titles: equal, equal but for an article or spaces, the part before or behind a colon or dash, a
 * typing error or a few (never in a number), the beginning. A year (else 0, or in brackets at the end of the text)
 * admits only films of that year, and after them its neighbours. If films fit equally, those with hardly a vote do
 * not make one with thousands ambiguous. Pure; any thread. */
kino_tmdb_choice kino_tmdb_choose(const char *text, int year, const kino_tmdb_candidate *candidates, size_t count);

/* ---- details ---- */

typedef struct kino_tmdb_film {
    int64_t id;                    /* as asked for */
    kino_status status;            /* of this film */
    const char *problem;           /* one line when status is not KINO_OK, else "" */
    kino_movie movie;              /* directors, and KINO_TMDB_CAST of the cast */
    const char *overview_language; /* as it was asked for, "en-US", "fr"; "" without an overview */
    kino_list alternative_titles;  /* ids are 0 */
    bool adult;
} kino_tmdb_film;

#define KINO_TMDB_CAST 10

typedef struct kino_tmdb_films {
    kino_tmdb_film *items; /* [count], in the order of the ids */
    size_t count;
} kino_tmdb_films;

/* Everything about each film, in one request for each and another for those without a plot in the first language. A
 * fault of one film (404, an unreadable answer) is in its own status. A fault that hits all of them (no connection, the
 * key refused, time over, cancelled) fails the call, and the films that it hit have its status. *out is set unless the
 * call fails with KINO_USAGE, and has every film that came. kino_tmdb_films_free frees it. */
kino_status kino_tmdb_details(kino_tmdb *t, const int64_t *ids, size_t count, kino_tmdb_films **out, kino_error *err);
void kino_tmdb_films_free(kino_tmdb_films *f);

/* ---- what was fetched before: works without the network ---- */

/* One film from its details as TMDB answers them, such as a line of NDJSON. KINO_DAMAGED if they are no details. */
kino_status kino_tmdb_read_details(const char *json, size_t n, kino_tmdb_films **out, kino_error *err);

/* A line of TMDB's daily export of ids. False when it is none. */
typedef struct kino_tmdb_export {
    int64_t id;
    double popularity; /* NaN: unknown */
    bool adult, video;
} kino_tmdb_export;

bool kino_tmdb_read_export(const char *line, size_t n, kino_tmdb_export *out);

/* ---- posters ---- */

/* Whether there is a poster at each path ("/x.jpg"): KINO_OK, KINO_NOT_FOUND if it is gone, else why that is not known.
 * The image server is asked for the head of the smallest size alone, without the key. Fails as kino_tmdb_details does;
 * out[count] is set unless it fails with KINO_USAGE. */
kino_status kino_tmdb_posters(kino_tmdb *t, const char *const *paths, size_t count, kino_status *out, kino_error *err);

#endif
