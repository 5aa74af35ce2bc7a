/* remote.h - the catalogue's films in an index of a search cluster, and answers from there.
 *
 *   remote.c      the handle's index: which, and whether its vectors are comparable with ours
 *   index.c       the index itself: makes it, records how far a push is, puts it in the place of another
 *   document.c    a film and its vector <-> a document
 *   push.c        the catalogue -> the index
 *   candidates.c  a taste -> candidates of the index, scored as those of the catalogue are
 *
 * A document's _id is the film's id; its version is the generation of the catalogue in which the film was changed last,
 * so that what is sent twice, late or out of order cannot replace what is newer. Vectors are joined, not weighted: a
 * query scaled by the weights of the question is compared by one inner product.
 *
 * `NAME` is an alias of NAME-a or NAME-b; a rebuild fills the other one and moves the alias at once. */
#ifndef KINO_REMOTE_H
#define KINO_REMOTE_H

#include <stdatomic.h>

#include "base/jsonread.h"
#include "handle/handle.h"
#include "net/cluster/cluster.h"
#include "rank/rank.h"

enum {
    KINO_REMOTE_LAYOUT = 2,
    KINO_REMOTE_QUERY_MS = 6000,  /* how long a question waits for the cluster */
    KINO_REMOTE_PUSH_MS = 120000, /* and a push, for one window of its documents */
};

/* What the index says of itself, in the _meta of its mapping. */
typedef struct kino_remote_meta {
    char physical[256]; /* the index behind the name; "": there is none */
    bool foreign;       /* it is none of kino's */
    uint64_t lineage, weights, encoder;
    bool bytes;          /* vectors of bytes, not of floats */
    uint64_t generation; /* of the catalogue whose films it has all; 0: none yet */
    uint64_t pushing;    /* a push of this generation was begun */
    int64_t after;       /* and has sent the films up to this id */
} kino_remote_meta;

typedef struct kino_remote {
    kino_cluster *cluster;
    char *index;
    kino_remote_meta meta; /* when it was looked at; guarded by the handle's lock */
    atomic_bool told;      /* that shards are missing */
    atomic_bool weak;      /* the last question could not be answered */
} kino_remote;

/* Opens the cluster of "URL,URL/NAME", or of `urls` and `index`. */
kino_status kino_remote_open(kino *k, const char *urls, const char *index, kino_remote **out, kino_error *err);
void kino_remote_close(kino_remote *r); /* NULL is fine */
/* The index that the options name, opened and looked at on first use, from any thread. KINO_NETWORK if it is not
 * available, not complete or not comparable. */
kino_status kino_use_remote(kino *k, kino_remote **out, kino_remote_meta *meta, kino_error *err);
/* Looks at the index anew after another one has taken its name. */
kino_status kino_remote_look_again(kino *k, kino_remote *r, kino_remote_meta *meta, kino_error *err);

/* One call; KINO_NETWORK, with host, index and reason, for an answer of `fault` (300) or more. */
kino_status kino_remote_call(const kino_remote *r, kino_call *call, long fault, int patience_ms, kino_error *err);
/* Waits; KINO_INTERRUPTED if the program asks for that meanwhile. */
kino_status kino_remote_pause(const kino *k, int ms, kino_error *err);
/* The innermost reason that an answer gives; "" if it gives none. */
const char *kino_remote_reason(const kino_json *error);
kino_status kino_remote_refuse(const kino_remote *r, const kino_call *call, const char *reason, kino_error *err);

kino_status kino_remote_read_meta(const kino_remote *r, const char *index, kino_remote_meta *out, kino_error *err);
/* Whether vectors of this catalogue and of the index may be compared. */
kino_status kino_remote_comparable(const kino_remote *r, const kino_remote_meta *m, const kino_stamp *own,
                                   kino_error *err);

/* Makes m->physical and removes what an interrupted rebuild has left there. `named`: it gets the alias at once. */
kino_status kino_remote_create(const kino_remote *r, const kino_remote_meta *m, const kino_push_request *req,
                               bool named, kino_error *err);
kino_status kino_remote_tell_meta(const kino_remote *r, const kino_remote_meta *m, kino_error *err);
/* Records that it has every film of the generation. In one step the alias leaves the index `old` (unless that is "")
 * and `old` is removed. */
kino_status kino_remote_complete(const kino_remote *r, kino_remote_meta *m, uint64_t generation, const char *old,
                                 kino_error *err);

/* ---- documents ---- */

/* Appends one line. */
void kino_remote_put_film(kino_buffer *b, const kino_movie *m, const float *vector, bool bytes);
/* Appends the vector of a query as the index wants it: "[0.1,...]". */
void kino_remote_put_query(kino_buffer *b, const float *query, bool bytes);
/* The vector of a hit. False when it has none. */
bool kino_remote_read_vector(const kino_json *hit, float *vector);
/* A hit's film into the arena, its vector into vector[KINO_VECTOR_DIM]. False when it is none. */
bool kino_remote_read_film(const kino_json *hit, kino_arena *arena, kino_movie *out, float *vector);

/* ---- candidates ---- */

typedef struct kino_remote_films {
    kino_arena arena;
    kino_movie *movies;
    float *vectors;
    float *said;       /* how well the texts fit the words of the question, as the cluster sees it; 0: not at all */
    kino_words *words; /* of their texts */
    kino_facets *facets;
    kino_ranked *ranked; /* best first; their rows are places in the others */
    size_t count;
} kino_remote_films;

/* About `pool` films that pass the filter, scored; those whose texts have the words of the question (match) are among
 * them, and the better for it. If there are fewer, there are no more in the index. */
kino_status kino_remote_rank(kino *k, const kino_query *q, const kino_taste *t, size_t pool, kino_remote_films *out,
                             kino_error *err);
void kino_remote_films_free(kino_remote_films *f);

/* From now on films that are saved through a handle go to its backend too, if it has one. A film that cannot be sent is
 * only told as a note, because kino_push sends it later. */
void kino_remote_attach(kino *k);

#endif
