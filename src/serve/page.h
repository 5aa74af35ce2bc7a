/* page.h - the page of `kino serve` as HTML: what a person sees before, or without, any script.
 *
 *   GET ./            kino_page_films, for the parameters of the recommendation and q (a title: resolved, it is one more
 *                     film to like); surprise=1 takes any film; without k, KINO_PAGE_FILMS of them, never more than KINO_PAGE_MOST
 *   GET film/ID       kino_page_film, and GET person/NAME kino_page_person: what is known, and the films beside
 *   GET map           kino_page_map, of the films of like and their neighbours
 *   GET api/v1/map    kino_page_map_file                 GET NAME    each of kino_page_files that is no template
 *   POST add          with tmdb=ID: adds, and leads to ./?like=ID; only offered with may_add
 *
 * The scripts also ask api/v1/find?q=&limit= and api/v1/movie/ID. All addresses are relative. Empty parameters are
 * ignored. An error is a page too, with its own status.
 *
 *     kino_page p = {.query = pairs, .query_count = n, .seeds = seeds, .seed_count = 2, .results = list};
 *     kino_buffer html = {0};
 *     kino_page_films(&p, &html);                     // ./  ; kino_page_map(&p, &html) for ./map
 *
 * Every string may come from a stranger: it is escaped here, and bytes that are not UTF-8 become U+FFFD. Nothing is
 * kept, so any thread may call. The browser's side is in src/page. */
#ifndef KINO_SERVE_PAGE_H
#define KINO_SERVE_PAGE_H

#include "base/alloc.h"
#include "kino.h"

#define KINO_PAGE_FILMS 24
#define KINO_PAGE_MOST 120 /* however many are asked for: each card has links that carry the whole question */

/* A parameter of the request, decoded. Names are those of the API; also q, a title that is looked for. */
typedef struct kino_page_pair {
    const char *name, *value;
} kino_page_pair;

typedef struct kino_page_seed {
    int64_t id;
    const char *title;
    int year;
    bool disliked;
} kino_page_seed;

typedef struct kino_page {
    const kino_page_pair *query;
    size_t query_count;
    const kino_page_seed *seeds; /* the films of like and not */
    size_t seed_count;
    kino_movie *const *like; /* those of like, with all that they tell; NULL where no reasons are wanted */
    size_t like_count;
    const kino_results *results;    /* NULL: nothing was asked, or there is an error */
    const kino_error *error;        /* why there is no answer; NULL: there is one */
    const kino_matches *candidates; /* for q, when several or similar films could be meant */
    const char *or_words;           /* words that were taken for a title, and may be words; or NULL */
    const char *unknown;            /* a title that the catalogue has not, though its words are answered; or NULL */
    const kino_matches *elsewhere;  /* what TMDB has under that name and the catalogue has not; NULL: not asked */
    const char *up;                 /* from the page's address to that of the films: "../"; NULL: they are one */
    bool may_add;                   /* they may be added by POST to ./add with tmdb=ID */
} kino_page;

void kino_page_films(const kino_page *p, kino_buffer *out);
void kino_page_map(const kino_page *p, kino_buffer *out); /* results: the neighbours of the first seed */

/* A film with everything (kino_movie_get_all): results are the films like it, `series` the others of its collection. */
void kino_page_film(const kino_page *p, const kino_movie *m, const kino_movie *const *series, size_t series_count,
                    kino_buffer *out);
/* Somebody with the films directed and played in, as many as are wanted. */
typedef struct kino_page_credits {
    const char *name;
    const kino_movie *const *directed, *const *played;
    size_t directed_count, played_count;
} kino_page_credits;
void kino_page_person(const kino_page *p, const kino_page_credits *who, kino_buffer *out);

/* Where a film or a person should be and is not, for the reason of `error`. */
void kino_page_absent(const kino_page *p, kino_buffer *out);

/* The file that src/page/map.js describes. */
void kino_page_map_file(const kino_places *places, kino_buffer *out);

/* The templates of src/page, which are part of the program. */
typedef struct kino_page_file {
    const char *name, *type;
    const char *bytes, *end;
} kino_page_file;

const kino_page_file *kino_page_files(size_t *count);

#endif
