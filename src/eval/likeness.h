/* likeness.h - is an answer like the film that was asked for? What says so is no text of a film: viewers' tags, being
 * liked by the same people, and being of one series.
 *
 * tags.c      cosines of viewers' tags                lists.c     what kino answers to every film, and methods beside it
 * colikes.c   likes that are more than chance         worth.c     what one list is worth
 * likeness.c  all lists beside all truths             search.c    weights of the score's parts by those measures
 *
 * The films that a truth knows enough of are its candidates, and each is a seed. The gain of an answer is the truth's
 * number for seed and answer. A list is worth its discounted gains, answers that are no candidates being passed over,
 * by the best that ten candidates could have given: nDCG@10. */
#ifndef KINO_EVAL_LIKENESS_H
#define KINO_EVAL_LIKENESS_H

#include "eval/eval.h"

/* ---- truths ---- */

typedef struct kino_candidates {
    uint32_t *rows; /* [count] */
    uint32_t *at;   /* [films]: the place of a row among them, or UINT32_MAX */
    size_t count;
} kino_candidates;

/* So many tags make a film a candidate. */
enum { KINO_TAGS_LEAST = 5 };

typedef struct kino_tag_share {
    uint32_t other; /* the tag of a film, or the film of a tag */
    double share;   /* of the film's unit vector */
} kino_tag_share;

typedef struct kino_tags {
    kino_candidates films;
    size_t *film_at, *tag_at;           /* [films.count + 1] into `of_films`, [tag_count + 1] into `of_tags` */
    kino_tag_share *of_films, *of_tags; /* the same numbers, by film and by tag */
    size_t tag_count;
} kino_tags;

/* From a table `tmdbId,tag,weight`; or from MovieLens' tags.csv, `userId,movieId,tag,timestamp`, for which `links` are
 * needed, where a tag of a film weighs log(1 + users who gave it). Tags are told apart without their ASCII case and the
 * blanks around them. A film is the vector of its tags' weights times log(candidates / candidates with the tag). */
kino_status kino_tags_read(const kino_rows *r, const char *path, const char *links, kino_tags *out, kino_error *err);
/* The cosines of a candidate to all: gain[films.count]. */
void kino_tags_gains(const kino_tags *t, size_t seed, double *gain);
void kino_tags_free(kino_tags *t);

/* So many likes make a film a candidate; chance is counted within so many years of release, and so many likes are added
 * to what was seen and to what was expected. */
enum { KINO_COLIKES_LEAST = 8, KINO_COLIKES_YEARS = 5, KINO_COLIKES_ADDED = 5 };

typedef struct kino_colikes {
    kino_candidates films; /* by block of years, then row */
    float *likes;          /* [films.count] */
    size_t *block_at;      /* [block_count + 1] into the films */
    size_t block_count;
    size_t users;
    size_t *liker_at, *like_at, *share_at; /* [films.count + 1], [users + 1], [users + 1] into: */
    uint32_t *likers, *liked;              /* users by film, candidates by user */
    struct kino_block_share {
        uint32_t block;
        float share; /* of all likes of the block's films, candidates or not, that are the user's */
    } * shares;
} kino_colikes;

/* From the likes of all users. A user's chance of liking a film is the film's likes times the user's share of the likes
 * in its block, 1 at most. */
void kino_colikes_init(const kino_bench *b, kino_colikes *out);
/* log((seen + 5) / (expected + 5)) of a candidate with all, not below 0: gain[films.count]; `scratch` is twice that. */
void kino_colikes_gains(const kino_colikes *c, size_t seed, float *scratch, double *gain);
/* The ratio whose logarithm that is, in KINO_WORLDS sets of users, the first of which are the users as they are and the
 * others drawn with repetition: ratio[films.count][KINO_WORLDS], for which `expected` is as large a scratch. */
enum { KINO_WORLDS = 128 };
void kino_colikes_worlds(const kino_colikes *c, float *times); /* [users][KINO_WORLDS]: how often each is in each */
void kino_colikes_ratios(const kino_colikes *c, size_t seed, const float *times, float *ratio, float *expected);
void kino_colikes_free(kino_colikes *c);

/* ---- lists ---- */

enum {
    KINO_LONG_LIST = 300, /* answers, of which most are no candidates */
};

/* One way to answer, as an entry of the table. */
typedef struct kino_lister {
    const char *name;
    kino_query query; /* all but the film, the length and whether sequels may be in the list */
    bool vectors;     /* instead, the nearest plots by their vectors, whatever the collection */
} kino_lister;

/* kino as it comes is the first. */
extern const kino_lister kino_listers[];
extern const size_t kino_lister_count;

typedef struct kino_lists {
    uint32_t *rows; /* [count][length], best first, behind the last one UINT32_MAX */
    size_t length, count;
} kino_lists;

/* What a method answers to each of these films, on all threads; `done` questions of `total` were asked before, for the
 * progress. Freed with free(rows). */
kino_status kino_lists_ask(const kino_bench *b, const kino_lister *m, const uint32_t *seeds, size_t count,
                           size_t length, bool sequels, size_t done, size_t total, kino_lists *out, kino_error *err);
/* The first ten candidates of a list, as places; behind the last of them UINT32_MAX. */
void kino_list_candidates(const kino_candidates *c, size_t seed, const uint32_t *rows, size_t length,
                          uint32_t top[KINO_EVAL_TOP]);

/* ---- what they are worth ---- */

/* nDCG@10 of ten places beside the best that the gains allow the seed; NaN if they allow nothing. */
double kino_list_worth(const double *gain, size_t count, size_t seed, const uint32_t top[KINO_EVAL_TOP]);
/* Of more films than `most` those that random numbers by their ids choose, in their order; returns how many remain. */
size_t kino_draw_films(const kino_bench *b, size_t most, uint32_t *rows, size_t count);
/* What a gain in a place of the list, from 0, counts for. */
double kino_discount(size_t place);

/* How many other films of its collection each film has: others[films]. */
void kino_series_others(const kino_bench *b, uint32_t *others);
/* Of the other films of each seed's collection, ten at most, the share in the list: share[count], NaN without others. */
void kino_series_shares(const kino_bench *b, const uint32_t *seeds, const kino_lists *lists, double *share);
/* What the lists of ten look like, of the seeds that are chosen (NULL: all). */
void kino_guards_of(const kino_bench *b, const uint32_t *seeds, const kino_lists *lists, const bool *chosen,
                    kino_guards *out);

/* All of it into the report; `tags` NULL: no such file; without ratings there are no co-likes. */
kino_status kino_likeness_measure(const kino_bench *b, const kino_eval_request *req, kino_eval_report *out,
                                  kino_error *err);

#endif
