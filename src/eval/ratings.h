/* ratings.h - ratings of many users, joined to the films of a catalogue: MovieLens' ratings.csv and links.csv. */
#ifndef KINO_EVAL_RATINGS_H
#define KINO_EVAL_RATINGS_H

#include "rows/rows.h"

enum { KINO_EVAL_LIKES = 6 }; /* that a user needs to be asked about */
#define KINO_EVAL_LIKED 4.0   /* stars of a like, */
#define KINO_EVAL_STARS 5.0   /* of so many */

typedef struct kino_rating {
    int64_t user, time;
    uint32_t row; /* of the film */
    float stars;
    bool like;
} kino_rating;

typedef struct kino_rater {
    int64_t id;
    size_t begin, end; /* into items */
    size_t likes;
    bool tuning; /* of the half that constants are tuned on and other methods learn from */
} kino_rater;

typedef struct kino_ratings {
    kino_rating *items; /* by user, then time, then row */
    size_t count;
    kino_rater *users; /* those with KINO_EVAL_LIKES likes of films in the catalogue, by id */
    size_t user_count;
} kino_ratings;

/* From MovieLens' numbers to rows; zero-initialise the map. */
kino_status kino_links_read(const kino_rows *r, const char *path, kino_idmap *films, kino_error *err);
/* Ratings of films that are not in the catalogue are left out. Freed by kino_ratings_free. */
kino_status kino_ratings_read(const kino_rows *r, const char *ratings, const char *links, kino_ratings *out,
                              kino_error *err);
/* Those of one person, with days for times. */
void kino_ratings_of(const kino_rows *r, const kino_history *h, kino_ratings *out);
void kino_ratings_free(kino_ratings *r);

#endif
