/* kino.h - a hybrid movie recommender: the one public header of libkino.
 *
 * kino turns a film into two unit vectors, its plot (384 numbers: MiniLM, of all that is told of the film) and its
 * profile (32 numbers: an autoencoder over the words of that), keeps films and vectors in a catalogue on disk, and
 * answers "what should I watch next" with reasons.
 *
 *     kino_error err = {0};
 *     kino_options opt = {.data_dir = "catalogue"};
 *     kino *k = NULL;
 *     kino_results *list = NULL;
 *     int64_t seed = 862;                                   // Toy Story, by its TMDB id
 *     kino_query q = {.like = &seed, .like_count = 1, .k = 10};
 *     if (kino_open(&opt, &k, &err) || kino_recommend(k, &q, &list, &err))
 *         fprintf(stderr, "%s\n", err.text);
 *     else
 *         for (size_t i = 0; i < list->count; i++)
 *             printf("%.2f %s\n", list->items[i].score, list->items[i].movie->title);
 *     kino_results_free(list);
 *     kino_close(k);
 *
 * Conventions. Every call that can fail returns a kino_status, 0 being success, and describes a failure in the
 * caller's kino_error (may be NULL). Results come through trailing pointers, which are untouched on failure unless
 * said otherwise. What a call hands out as a non-const pointer is freed with the function named beside it; const
 * pointers inside it live as long as the object. Strings are UTF-8, zero-terminated, never NULL ("" is unknown).
 * Out of memory ends the process with one line on stderr, unless kino_on_out_of_memory says otherwise; what comes from
 * outside is compared with a bound before memory is asked for it. A file that is mapped, the snapshot or the weights, and
 * is cut by another program while it is read, raises SIGBUS.
 *
 * Threads. A `kino` or `kino_embedder` handle may be used by many threads at once for everything but what changes the
 * catalogue (kino_add, kino_remove, kino_reindex_if_stale, all under "TMDB") and kino_close; those need the handle to
 * themselves. Several handles, in one program or in many, may change one catalogue at the same time. */
#ifndef KINO_H
#define KINO_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- version ---- */

#define KINO_VERSION "0.2.0"
#define KINO_VERSION_NUMBER 0x000200 /* major << 16 | minor << 8 | patch: a later version is a greater number */

/* Those two of the library that the program is linked with; they differ from the macros above when the program was
 * compiled with the header of another version. */
int kino_version_number(void);
const char *kino_version(void);

#define KINO_PLOT_DIM 384   /* numbers of a plot vector (all-MiniLM-L6-v2) */
#define KINO_PROFILE_DIM 32 /* numbers of a profile vector (the autoencoder's code) */
#define KINO_VECTOR_DIM (KINO_PLOT_DIM + KINO_PROFILE_DIM)

/* ---- status and errors ---- */

typedef enum kino_status {
    KINO_OK = 0,
    KINO_FAILED,      /* a system call, a full disk, a busy database */
    KINO_USAGE,       /* an argument out of its range, an option that contradicts another */
    KINO_NOT_FOUND,   /* no such film, file or catalogue */
    KINO_AMBIGUOUS,   /* several films bear that title */
    KINO_NETWORK,     /* the network, or the service behind it */
    KINO_DAMAGED,     /* a file that is truncated, altered, foreign or of an unknown version */
    KINO_INTERRUPTED, /* *options.cancel became non-zero */
} kino_status;

typedef struct kino_error {
    kino_status status;
    char text[512]; /* one line: what, where, and what to do; no newline */
} kino_error;

/* The process exit code that the command line uses for a status: 0, 1, 2, 3, 4, 5 or 130. */
int kino_exit_code(kino_status status);

/* For a program that embeds the library: called by the thread that could not have `bytes` of memory, in place of the
 * line on stderr. It may free what is its own and end the process, or its thread; if it returns, the process is aborted, since
 * no call of the library can go on without. NULL: as usual. One for the whole process, any thread. */
void kino_on_out_of_memory(void (*call)(size_t bytes));

/* ---- films ---- */

/* Ids from here on are none of TMDB's: kino made them for films of tables without, from IMDb's id or title and year. */
#define KINO_OWN_IDS INT64_C(100000000000)

typedef struct kino_named {
    int64_t id; /* TMDB's id of the genre, keyword or person; 0 when the source gives none */
    const char *name;
} kino_named;

typedef struct kino_list {
    const kino_named *items;
    size_t count;
} kino_list;

/* What a film is. Unknown: "" for text, 0 for year, NaN for runtime, rating and popularity, -1 for votes. */
typedef struct kino_movie {
    int64_t id;          /* TMDB id: the identity of a film */
    const char *imdb_id; /* "tt0114709" */
    const char *title;
    const char *original_title;
    const char *language; /* ISO 639-1, or TMDB's "cn" (Cantonese) and "xx" (none) */
    const char *date;     /* release, "YYYY-MM-DD" */
    int year;
    double runtime; /* minutes */
    double rating;  /* 0 to 10 */
    int64_t votes;
    double popularity; /* on the scale of the data set; what comes from TMDB is put on it by rank */
    const char *overview;
    const char *tagline;
    const char *status;      /* "Released", "Post Production", ... */
    const char *poster_path; /* "/x.jpg", to be put behind TMDB's image address */
    kino_named collection;   /* id 0: none */
    kino_list genres, keywords, directors, cast, countries;
    kino_list writers;
    kino_list characters; /* of the cast, one each, whose names may be ""; or none at all */
} kino_movie;

/* ---- progress and options ---- */

typedef struct kino_progress {
    const char *stage;     /* "read", "train", "embed", "save" */
    size_t done, total;    /* total 0: not known */
    double loss, val_loss; /* stage "train": of the epoch that just ended, else NaN */
} kino_progress;

typedef enum kino_index_kind { KINO_INDEX_AUTO = 0, KINO_INDEX_EXACT, KINO_INDEX_HNSW } kino_index_kind;

/* Strings are copied by the calls that take options: they may be freed or changed when kino_open has returned. What is
 * pointed to by `cancel` and by the contexts has to outlive the handle. */
typedef struct kino_options {
    const char *data_dir;  /* the catalogue's folder; NULL: $KINO_HOME, else $XDG_DATA_HOME/kino, else
                                 ~/.local/share/kino */
    const char *weights;   /* MiniLM container; NULL: $KINO_WEIGHTS, else the installed one, else the one in
                                 weights/ beside or above the program */
    const char *precision; /* "int8", "bf16", "f16" or "f32": of the weights that are looked for; NULL: the first of
                                 these that is there */
    int threads;           /* 0: one per core */
    kino_index_kind index;
    void (*progress)(void *ctx, const kino_progress *p); /* called from the calling thread; may be NULL */
    void *progress_ctx;
    void (*note)(void *ctx, const char *text); /* told in one line that something is not as it should be, though the
                                                   call goes on; may be NULL */
    void *note_ctx;
    const volatile sig_atomic_t *cancel; /* non-zero asks a long call to stop and keep what is done; may be NULL */
    bool offline;                        /* the network is not touched */
    const char *api_key_file;            /* of the key for TMDB; NULL: $TMDB_API_KEY, else ~/.config/kino/tmdb.key */
    const char *tmdb_url;                /* where its API is; NULL: $KINO_TMDB_URL, else TMDB's own address */
    int learn_ms;           /* milliseconds that TMDB may take for a film that the catalogue has not; 0: ten seconds */
    const char *backend;    /* "URL,URL/INDEX": kino_recommend finds films in this index of a search cluster, which
                                 kino_push made; NULL: in the catalogue */
    const char *backend_ca; /* certificates of the cluster's hosts; NULL: $KINO_BACKEND_CA, else the system's */
    const char *backend_auth; /* a file of one line, "user:password" or an API key; NULL: $KINO_BACKEND_USER and
                                 $KINO_BACKEND_PASSWORD, or $KINO_BACKEND_API_KEY, if any */
    bool allow_partial;       /* answers although shards of the index are missing, with a note */
} kino_options;

/* ---- build: CSV -> catalogue ---- */

typedef enum kino_recipe {
    KINO_RECIPE_DEFAULT = 0, /* everything a user could ask for, keyed by TMDB id, continuous columns */
    KINO_RECIPE_CLASSIC,     /* the older cleaning and its 106 columns, reproduced exactly, faults included */
} kino_recipe;

typedef struct kino_build_request {
    const char *csv; /* a table of films, or JSON; data/SOURCES.md tells what is read */
    const char *const
        *more; /* [more_count] further ones: of a film that several have, the richer of what they say; also
                                  MovieLens' tags.csv. Not for recipe classic */
    size_t more_count;
    int64_t min_votes;      /* only films with as many; 0: all */
    size_t top;             /* only so many, those with the most votes; 0: all */
    const char *keywords;   /* keywords.csv, or NULL */
    const char *credits;    /* credits.csv or tmdb_5000_credits.csv, or NULL */
    const char *const *map; /* [map_count] "overview=Plot": what columns mean, whatever their names say; or NULL */
    size_t map_count;
    kino_recipe recipe;
    const char *encoder; /* an autoencoder trained elsewhere (.kino) that takes the place of training, or NULL */
    const char *vectors; /* plots that were embedded elsewhere, by `kino embed --records` from `texts`: its NDJSON or
                                 NumPy's file; "-" is standard input; NULL: none. What does not fit is embedded here */
    const char *texts;   /* a file for the texts to be embedded, {"id":862,"text":"..."} a line; "-" is standard
                                 output. Nothing else is done then. NULL: none */
    int epochs;          /* of the autoencoder; 0: the recipe's own */
    uint64_t seed;       /* 0 is as good as any */
} kino_build_request;

#define KINO_SAMPLE 40

typedef struct kino_count {
    const char *what; /* static text, such as "duplicate id" */
    size_t count;
    size_t line;              /* of the first, where the reason is a value that cannot be read, else 0 */
    char sample[KINO_SAMPLE]; /* the beginning of that value */
} kino_count;

#define KINO_REPORT_COUNTS 48
#define KINO_REPORT_REMARKS 16
#define KINO_REMARK 512
#define KINO_MAX_EPOCHS 1000

typedef struct kino_build_report {
    size_t rows;  /* records read from the CSV */
    size_t films; /* films in the catalogue afterwards */
    size_t faults_count, ladder_count;
    kino_count faults[KINO_REPORT_COUNTS]; /* what was wrong with the data, and how often */
    kino_count ladder[KINO_REPORT_COUNTS]; /* films left after each step of the recipe */
    char remarks[KINO_REPORT_REMARKS]
                [KINO_REMARK]; /* how the table was read: its encoding, columns that mean nothing */
    size_t remark_count;
    bool unproved_ids;       /* nothing proves that the ids are TMDB's */
    size_t columns;          /* of the feature matrix */
    size_t embedded, reused; /* plots embedded now, and taken over from an earlier build */
    size_t given;            /* plots of `vectors`; those that fit are among the reused */
    bool trained;            /* false: the encoder of an earlier build still fits */
    int epochs, best_epoch;  /* run, and the one whose weights were kept (from 1) */
    float loss[KINO_MAX_EPOCHS], val_loss[KINO_MAX_EPOCHS];
    double seconds_read, seconds_train, seconds_embed, seconds_save, seconds_total;
} kino_build_report;

/* Reads a data set, fits the feature schema, trains the autoencoder, embeds the plots and commits a catalogue.
 * Films, vectors and encoder are replaced as a whole by the last transaction; plots embedded so far are kept when
 * the call is interrupted and are not embedded again. Replaces an earlier catalogue in the same folder. */
kino_status kino_build(const kino_options *opt, const kino_build_request *req, kino_build_report *report,
                       kino_error *err);

/* Fits the feature schema to the films that the catalogue has now and trains the encoder on them; nothing changes
 * before the last transaction. Films and plots stay as they are. KINO_FAILED when the catalogue changed meanwhile. */
kino_status kino_retrain(const kino_options *opt, int epochs, uint64_t seed, kino_build_report *report,
                         kino_error *err);

/* ---- the catalogue ---- */

typedef struct kino kino;

/* Opens an existing catalogue. The weights are loaded on the first call that needs them. */
kino_status kino_open(const kino_options *opt, kino **out, kino_error *err);
void kino_close(kino *k); /* NULL is fine */
/* For a handle that will be asked often: what each question would compute of the films anew is computed once and kept,
 * half a kilobyte a film. Before other threads use the handle; good until the catalogue is changed through it. */
kino_status kino_warm(kino *k, kino_error *err);

typedef struct kino_info {
    const char *data_dir, *weights; /* weights "" when none was found */
    const char *isa;                /* instruction set in use: "scalar", "avx2", "avx512" */
    const char *recipe, *index;
    uint64_t generation; /* raised by every change */
    uint64_t lineage;    /* of the catalogue: no other one has it, nor this one after another build; 0: an old one */
    size_t films, with_plot, genres, keywords, people;
    uint64_t bytes; /* of the catalogue file */
    uint64_t schema_fingerprint, encoder_fingerprint, weights_fingerprint;
    bool tuned;                             /* has weights of kino_tune */
    size_t snapshot_films, snapshot_behind; /* films of the index snapshot (0: none), changes that it has not */
    bool network;                           /* this kino can ask TMDB, given a key */
    int threads;
} kino_info;

/* Strings live as long as the handle. */
kino_status kino_get_info(kino *k, kino_info *out, kino_error *err);

/* The ids of all films, ascending, into *ids, which the caller frees with free(). */
kino_status kino_ids(kino *k, int64_t **ids, size_t *count, kino_error *err);

/* The film with this id, or KINO_NOT_FOUND. Freed by kino_movie_free. Its writers and characters, which nothing is made
 * of, come with kino_movie_get_all alone: from the catalogue itself, which has to be opened for them. */
kino_status kino_movie_get(kino *k, int64_t id, kino_movie **out, kino_error *err);
kino_status kino_movie_get_all(kino *k, int64_t id, kino_movie **out, kino_error *err);
void kino_movie_free(kino_movie *m);

/* Adds films, or replaces those with the same id, with their vectors, in one transaction. */
kino_status kino_add(kino *k, const kino_movie *const *movies, size_t count, kino_error *err);
/* Removes films; ids not in the catalogue are counted out. */
kino_status kino_remove(kino *k, const int64_t *ids, size_t count, size_t *removed, kino_error *err);

/* Makes the index snapshot anew where it is missing, damaged or far behind the catalogue, else does nothing. Answers
 * are right without it, and slower. To be called when there is time, after an answer. */
void kino_reindex_if_stale(kino *k);

/* ---- TMDB: films that the catalogue does not have, and what it does not know of those it has ----
 *
 * Needs a key ($TMDB_API_KEY), libcurl and cJSON; KINO_NETWORK without them, or when the service fails, and nothing
 * is changed then. TMDB's terms want this notice where its data is shown: */
#define KINO_TMDB_NOTICE "This product uses the TMDB API but is not endorsed or certified by TMDB."

/* Whether TMDB can be asked: a key, the libraries, not offline. Nothing is sent. */
kino_status kino_online(kino *k, kino_error *err);

/* Which film: by id, by IMDb id, or by its title, which may end with a year in brackets. */
typedef struct kino_wanted {
    int64_t id;          /* 0: not by id */
    const char *imdb_id; /* NULL: not by IMDb id */
    const char *title;
    int year;   /* 0: any */
    bool first; /* of several that fit, take the likeliest */
} kino_wanted;

typedef struct kino_matches kino_matches;

typedef struct kino_learned {
    int64_t id;
    bool known;     /* it was in the catalogue; nothing was changed */
    bool saved;     /* false: the film is there for this handle alone, `note` says why */
    char note[512]; /* "" or one line of what the user should know about the film's record */
    double network_ms, total_ms;
} kino_learned;

/* Fetches a film, computes its vectors and saves it, in one transaction that is on disk when this returns: from then on
 * it is found, recommended and recommended from. KINO_NOT_FOUND: TMDB has none of that title; KINO_AMBIGUOUS: several,
 * which *candidates, if not NULL, gets (to be freed with kino_matches_free; never NULL then). That there is none is
 * remembered for a day. However many requests it takes, they end after options.learn_ms, with KINO_NETWORK. */
kino_status kino_learn(kino *k, const kino_wanted *w, kino_learned *out, kino_matches **candidates, kino_error *err);

typedef struct kino_grow_request {
    const char *file;      /* TMDB's daily export of ids, a line each, with or without gzip; "-" is standard input */
    double min_popularity; /* of today's scale */
    size_t limit;          /* at most so many films of the export, most popular first; 0: all */
} kino_grow_request;

typedef struct kino_grow_report {
    size_t listed, wanted;      /* lines of the export that are films; those that pass the bounds */
    size_t known;               /* of the wanted, in the catalogue before */
    size_t added, gone, failed; /* fetched now; unknown to TMDB by now; not to be had this time */
    double seconds;
} kino_grow_report;

/* Adds the films of an export that the catalogue has not, at the rate that TMDB allows, a few dozen in each
 * transaction: what was added stays whatever happens, and the same call goes on from there. Progress: stage "fetch". */
kino_status kino_grow(kino *k, const kino_grow_request *req, kino_grow_report *report, kino_error *err);

typedef struct kino_add_request {
    const char *path; /* a table as for kino_build, or TMDB's details as JSON: one after another, in an array, in the
                               pages of its lists; compressed or not; "-" is standard input */
    const char *const *map; /* as of kino_build_request */
    size_t map_count;
    bool replace; /* a film of the file takes the place of the one with its number, whatever that is */
    bool dry_run; /* tell what would be done, change nothing */
} kino_add_request;

#define KINO_ADD_REFUSALS 8

typedef struct kino_add_report {
    size_t added, changed, unchanged;
    unsigned changed_fields;                       /* of all that were changed, for kino_movie_field_names */
    size_t refused, no_films;                      /* another film has the number here; series and the like */
    char refusals[KINO_ADD_REFUSALS][KINO_REMARK]; /* "603 is The Matrix (1999) here, not Paper Sky (1996)" */
    kino_build_report reading;                     /* of a table: rows, faults, ladder, remarks */
} kino_add_report;

/* Adds the films of a file, and changes those that are there: what a row leaves out is kept, and a number that another
 * film has here is refused. Nothing of a file that is damaged is added. `report` may be NULL. */
kino_status kino_add_file(kino *k, const kino_add_request *req, kino_add_report *report, kino_error *err);

/* "rating, votes": the names of fields, at most `room` bytes with the zero. */
void kino_movie_field_names(unsigned fields, char *out, size_t room);

typedef struct kino_repair { /* one field of one film */
    int64_t id;
    const char *title;
    const char *field;                   /* "poster", "overview", "rating", "votes", "runtime", "year", "genres" */
    const char *before, *after, *source; /* "" unknown; "tmdb:603" */
} kino_repair;

typedef struct kino_heal_request {
    const int64_t *ids; /* NULL: every film that lacks something and was not asked for within a week */
    size_t count;
    int budget_ms; /* the time that may be taken for the network and all; 0: no bound */
    bool posters;  /* ask whether posters are still there, once for each */
    bool dry_run;  /* change nothing, tell what would be */
} kino_heal_request;

typedef struct kino_heal_report {
    kino_repair *items;
    size_t count;
    size_t asked, healed, unmatched; /* films that lacked something; got something; are not known to TMDB for sure */
    kino_status status;              /* of the network: KINO_OK, or why not all were asked; `problem` says it */
    char problem[512];
} kino_heal_report;

/* Fills in what films lack, or have wrong beyond doubt, from TMDB: by id, if title or IMDb id agree, else by IMDb id,
 * else by title and year. What is there is never overwritten. A failing network is told in the report, and what was
 * healed before it failed is saved. Freed by kino_heal_report_free. */
kino_status kino_heal(kino *k, const kino_heal_request *req, kino_heal_report **out, kino_error *err);
void kino_heal_report_free(kino_heal_report *r);

/* TMDB's terms: what came from it is asked again or deleted within six months. */
typedef struct kino_refresh_report {
    size_t asked, renewed, gone, failed;
} kino_refresh_report;

/* Asks again for records, and fields filled in, that are older. */
kino_status kino_refresh(kino *k, int64_t older_than_seconds, kino_refresh_report *report, kino_error *err);
/* Deletes them: films that came from TMDB, and single fields of other films. */
kino_status kino_purge(kino *k, int64_t older_than_seconds, size_t *films, size_t *fields, kino_error *err);

/* ---- push: the catalogue into an index of a search cluster (OpenSearch) ---- */

typedef enum kino_push_type { KINO_PUSH_AS_IS = 0, KINO_PUSH_F32, KINO_PUSH_INT8 } kino_push_type;

typedef struct kino_push_request {
    const char *urls;      /* of the cluster's hosts, separated by commas */
    const char *index;     /* its name; it is made where there is none */
    kino_push_type type;   /* of its vectors; AS_IS: as the index has them, f32 in a new one */
    const uint64_t *since; /* what was changed after this generation; NULL: what the index has not */
    bool rebuild;          /* a new index, which takes the place of the old one when it is complete */
    int shards;            /* of a new index; 0: 1 */
    int replicas;          /* likewise; -1: 1 */
} kino_push_request;

typedef struct kino_push_report {
    size_t films;                    /* of the catalogue */
    size_t sent, unchanged, removed; /* documents: new ones, those that were there already, those taken out */
    uint64_t generation;             /* of the catalogue, that the index has now */
    double seconds;
} kino_push_report;

/* Sends films, vectors and what is shown of them. What was acknowledged stays; after a failure or an interruption the
 * same call goes on where it was. Progress: stage "push". KINO_NETWORK, with host, index and reason, when the cluster
 * cannot be reached or refuses; also for an index of another catalogue, encoder or other weights. */
kino_status kino_push(kino *k, const kino_push_request *req, kino_push_report *report, kino_error *err);

/* ---- check ---- */

typedef struct kino_check_item {
    const char *what;   /* "catalogue", "encoder", "weights", "snapshot", "graph", "recall" */
    kino_status status; /* KINO_OK: sound */
    char text[256];     /* what was found, and what to do */
} kino_check_item;

#define KINO_CHECKS 6

typedef struct kino_check_report {
    kino_check_item items[KINO_CHECKS];
    size_t count;
} kino_check_report;

/* Reads everything a catalogue stands on and compares it: SQLite's own check, every checksum, the fingerprints of what
 * made the vectors, the links of the graph, what the graph finds beside the exact scan. Needs no open handle. Returns
 * the first fault's status, with its message in *err; what comes after it is looked at all the same. */
kino_status kino_check(const kino_options *opt, kino_check_report *out, kino_error *err);

/* Makes the index snapshot anew, whatever became of the old one. The catalogue is only read. */
kino_status kino_reindex(const kino_options *opt, kino_error *err);

/* ---- find ---- */

typedef struct kino_match {
    int64_t id;
    const char *title, *original_title;
    int year;
    int64_t votes;
    const char *match; /* "id", "exact", "folded", "alias", "inside", "prefix" or "typo"; "tmdb": of kino_learn */
    int distance;      /* edits, for "typo" */
} kino_match;

struct kino_matches {
    kino_match *items;
    size_t count;
};

/* Films that may be meant by a title, "Title (1996)", words from inside a title, a TMDB id, an IMDb id or the address of a
 * film at IMDb, TMDB or Letterboxd, best first. Nothing found is success
 * with count 0. Freed by kino_matches_free. */
kino_status kino_find(kino *k, const char *text, size_t limit, kino_matches **out, kino_error *err);
void kino_matches_free(kino_matches *m);

/* The one film that is meant. KINO_AMBIGUOUS or KINO_NOT_FOUND: *candidates, if not NULL, gets the films that could
 * be meant (to be freed; never NULL then). With `first` the best candidate is taken instead of KINO_AMBIGUOUS. */
kino_status kino_resolve(kino *k, const char *text, bool first, int64_t *id, kino_matches **candidates,
                         kino_error *err);

/* ---- people ---- */

typedef struct kino_person {
    const char *name;
    const int64_t *directed, *played; /* ids of the films, the best known first */
    size_t directed_count, played_count;
} kino_person;

typedef struct kino_people {
    kino_person *items;
    size_t count;
} kino_people;

/* Who may be meant by a name, the likeliest first: by the full name with or without initials, else by the family name, else
 * by a name that is few letters off. Nobody found is success with count 0; limit is from 1 to 50. Two people of one name
 * count as one. Freed by kino_people_free. */
kino_status kino_people_find(kino *k, const char *text, size_t limit, kino_people **out, kino_error *err);
void kino_people_free(kino_people *p);

/* ---- names ---- */

typedef enum kino_name_kind {
    KINO_NAME_GENRE,
    KINO_NAME_LANGUAGE,
    KINO_NAME_COUNTRY,
    KINO_NAME_DIRECTOR,
    KINO_NAME_CAST
} kino_name_kind;

typedef struct kino_listing {
    const char *const *items;
    size_t count;
} kino_listing;

/* The names that films of the catalogue have, as a filter takes them, of which a word begins so ("" is all): people by the
 * votes of their films, the others by how many films have them, each once. Of a language both "german" and "de" are names.
 * For completion: misspellings find nothing. Freed by kino_listing_free. */
kino_status kino_list_names(kino *k, kino_name_kind kind, const char *beginning, size_t limit, kino_listing **out,
                            kino_error *err);
void kino_listing_free(kino_listing *l);

/* ---- map ---- */

typedef struct kino_place {
    int64_t id;
    float x, y; /* in the circle of radius 1; what is alike is near */
    int genre;  /* the film's first, as an index of kino_places.genres; -1: none */
    int decade; /* 1990; 0: unknown */
} kino_place;

typedef struct kino_places {
    kino_place *items; /* ascending by id; titles: kino_movie_get */
    size_t count;
    const char *const *genres; /* those that are the first of a film, the most frequent one first */
    size_t genre_count;
} kino_places;

/* All films as points of a plane, as the build laid them out; a film added since is put among its nearest. Where the
 * snapshot has no map it is made now, once for the handle, which takes seconds. Freed by kino_places_free. */
kino_status kino_map_get(kino *k, kino_places **out, kino_error *err);
void kino_places_free(kino_places *p);

/* ---- recommend ---- */

#define KINO_MAX_FILTER 32 /* names in one list of a filter */
#define KINO_MAX_K 1000
#define KINO_MAX_SEEDS 256
#define KINO_MAX_PEOPLE 8
#define KINO_DIVERSITY 0.15

/* Which films may be in the answer; zero-initialised it admits all. A film whose year, runtime, rating or votes are
 * unknown does not pass a bound on them. */
typedef struct kino_filter {
    const char *genres[KINO_MAX_FILTER];    /* all of these, by name, case-blind */
    const char *no_genres[KINO_MAX_FILTER]; /* none of these */
    const char *languages[KINO_MAX_FILTER]; /* one of these codes */
    const char *countries[KINO_MAX_FILTER]; /* one of these codes */
    const char *with[KINO_MAX_FILTER];      /* all of these people in the cast: names as kino_people_find takes them */
    const char *directors[KINO_MAX_FILTER]; /* by all of these */
    size_t genre_count, no_genre_count, language_count, country_count, with_count, director_count;
    int year_min, year_max;       /* 0: open */
    int runtime_min, runtime_max; /* minutes; 0: open */
    double min_rating;
    int64_t min_votes;
} kino_filter;

/* How kino_query.about is read. */
typedef enum kino_reading_mode {
    KINO_READ_AS_SEEN = 0, /* what it names (films, people, years, genres, ...) is taken for that; the rest are words */
    KINO_READ_AS_WORDS,    /* likewise, but as a whole it is no title */
    KINO_READ_AS_TITLE,    /* likewise, and it is one where there is such a film */
    KINO_READ_PLAINLY      /* words and nothing else */
} kino_reading_mode;

/* In which order the films of an answer stand; which films these are does not depend on it. */
typedef enum kino_sort {
    KINO_SORT_SCORE = 0,
    KINO_SORT_YEAR,   /* the latest first */
    KINO_SORT_RATING, /* the best first */
    KINO_SORT_VOTES,  /* the most first */
    KINO_SORT_TITLE
} kino_sort;

typedef struct kino_query {
    const int64_t *like, *dislike;              /* TMDB ids */
    const double *like_weight, *dislike_weight; /* of each, above 0; NULL: all the same */
    const size_t *like_person;                  /* who likes each, from 0 to below KINO_MAX_PEOPLE, nobody left out;
                                                   NULL: one person all of them. Of several people the least pleased
                                                   counts; a film that two of them like is there twice */
    size_t like_count, dislike_count;
    const char *about;         /* a question in plain words, or NULL; the first 4096 bytes count */
    kino_reading_mode reading; /* of it */
    double about_weight;       /* of the text beside films, where it is read plainly; 0: 1 */
    size_t k;                  /* 0: 10 */
    /* What a part counts times what it usually does, 0 to 1000000, by its name or that of a group (kino_weight_names); of
     * several the last one counts, and what none names counts once. Not all can be 0. */
    const struct kino_part *weights;
    size_t weight_count;
    double diversity;      /* to 1: how much a film suffers from being like one chosen before it; 0: KINO_DIVERSITY,
                              or none to words alone; below 0: none */
    double popularity;     /* -1 to 1: towards the obscure or the well known and liked; 0: neither */
    bool sequels;          /* more than one film of a collection, and more than two of a director in ten; words alone
                              always admit them */
    const int64_t *unseen; /* never in the answer; ids that the catalogue has not do no harm */
    size_t unseen_count;
    const int64_t *among; /* no other film is in the answer; NULL: any may be */
    size_t among_count;
    kino_filter filter;
    kino_sort sort;
} kino_query;

#define KINO_MAX_PARTS 16

/* The names that weights may have: those of the parts that likeness is made of, and four of groups: "story" (plot, words,
 * keywords), "people" (director, cast), "facts" (the others) and "all". Static. */
const char *const *kino_weight_names(size_t *count);

typedef struct kino_part {
    /* "plot", "words", "profile", "genres", "keywords", "director", "cast", "era", "language", "acclaim", "fame",
     * "popularity"; of recipe classic "plot" and "profile", and "popularity" if it was asked for. Of words alone those of
     * "plot", "words", "keywords", "genres", "likeness", "era", "language", "acclaim", "fame", "away" and "title" that
     * count for any film of the answer */
    const char *name;
    double value; /* of a result: a multiple of 2^-20, so that parts add up to the score in any order */
} kino_part;

typedef struct kino_pleased { /* what a film is to one of several people */
    double share;             /* of the best that could be found for that person alone: 0 to 1 */
    int64_t seed;             /* the film of that person's that brought it */
} kino_pleased;

typedef struct kino_result {
    const kino_movie *movie;
    double score; /* the sum of the parts, exactly; without an upper bound, to be compared within one question */
    kino_part parts[KINO_MAX_PARTS];
    size_t part_count;
    int64_t seed;             /* the liked film that brought it; 0: none was given, or several people's */
    const kino_movie *beside; /* the film of `seed`, or the one of several people's that is pleased most; NULL: none */
    kino_pleased people[KINO_MAX_PEOPLE];
    size_t person_count; /* 0: the question is that of one person */
    bool named;          /* the film that the words name, which comes first, and not one like it */
} kino_result;

/* A piece of a question, and what it was taken for. */
typedef struct kino_understood {
    const char *as; /* "title", "like", "person", "director", "with", "year", "language", "country", "genre", "runtime",
                          "audience", "rank", "theme", "mood" or "not"; "no-genre" and so on: the opposite */
    const char *text;  /* the piece */
    const char *value; /* as the command line writes it: "Heat (1995)", "1990-1999", "fr,be", "Romance+Comedy" */
    size_t from, to;   /* where the piece stands, in bytes */
    int64_t film;      /* of "title", the first of "like" and "not-like"; else 0 */
    bool wish;         /* it counts in the score; else it decides which films may be answered */
    bool dropped;      /* no film would be left: it counts for nothing */
} kino_understood;

typedef struct kino_results {
    kino_result *items; /* best first; equal scores by id */
    size_t count;       /* k whenever k films pass the filter */
    double took_ms;
    /* Of a question in words: */
    const kino_understood *understood; /* in the order of the words */
    size_t understood_count;
    const char *rest;        /* the words that are nothing of these, "" if there are none; NULL: nothing was read */
    const char *other;       /* as what else the whole may be read: "words" or "title"; NULL: nothing */
    const char *other_title; /* the film that it would be: "Heat (1995)"; or NULL */
} kino_results;

/* Films like these, not like those, about this. Of a filter alone the best known and liked that pass. The seeds are never
 * in the answer. Freed by kino_results_free. */
kino_status kino_recommend(kino *k, const kino_query *q, kino_results **out, kino_error *err);
/* What kino_recommend would understand of the words, without films. Freed likewise. */
kino_status kino_read(kino *k, const char *text, kino_reading_mode mode, kino_results **out, kino_error *err);
void kino_results_free(kino_results *r);

/* ---- export ---- */

typedef enum kino_export_form {
    KINO_EXPORT_CSV,   /* the columns of Kaggle's movies_metadata.csv, with keywords, cast, crew and year */
    KINO_EXPORT_NDJSON /* the same as an object a line */
} kino_export_form;

/* Writes every film by id; "-" is standard output. kino_build makes the same films of either. */
kino_status kino_export(kino *k, const char *path, kino_export_form form, size_t *count, kino_error *err);

/* ---- history: what somebody has seen ---- */

#define KINO_CANDIDATES 3

typedef struct kino_seen {
    int64_t id;
    double
        rating; /* 0 to 1; NaN: none was given; below 0: one that cannot be read, so the film is neither liked nor not */
    int64_t day; /* since 1970-01-01; 0: not told */
} kino_seen;

typedef struct kino_unmatched {
    size_t line;
    const char *text; /* what it names: "Heat (1995)", "tt0113277" */
    const char *why;  /* "", or how its ids, title and year contradict each other */
    bool ambiguous;   /* several films fit; else none does, and the candidates are near misses */
    kino_match candidates[KINO_CANDIDATES];
    size_t candidate_count;
} kino_unmatched;

typedef struct kino_remark {
    size_t line;        /* 0: of the whole file */
    const char *reason; /* what several remarks have in common: "no rating", "no year"; "" of the whole file */
    const char *text;   /* "11 is no rating from 0 to 10" */
} kino_remark;

typedef struct kino_history {
    const char *kind; /* the service that wrote it, "Letterboxd", "IMDb", "Trakt", as far as it shows; else "list" */
    kino_seen *films; /* by id, each once: with the rating and the day of the last time */
    size_t count;
    kino_unmatched *unmatched; /* by line */
    size_t unmatched_count;
    size_t skipped;       /* lines that are no films: series, episodes, games */
    size_t skipped_line;  /* the first of them */
    size_t waiting;       /* films that the file has and says are not seen yet: they are left out */
    kino_remark *remarks; /* [remark_count]: values that are there and cannot be read, columns that are not used */
    size_t remark_count;
} kino_history;

/* Reads what another service exports, or a list of ids and titles, and finds the films: by TMDB's id, by IMDb's, else
 * by title and year, which may be one off. Of several films of a title and year the one is meant that has twenty times
 * the votes of the others; without such a one the line is unmatched. `links` is MovieLens' links.csv (NULL: the one
 * beside the file), `user` one of its users (0: the only one). "-" is standard input. Nothing leaves the machine.
 * Freed by kino_history_free. */
kino_status kino_history_read(kino *k, const char *path, const char *links, int64_t user, kino_history **out,
                              kino_error *err);
/* The same of what somebody chooses from, for kino_query's `among`: films that are waiting count, of Letterboxd's archive
 * the watchlist is read, and `path` may be a folder of films as media servers keep them. */
kino_status kino_among_read(kino *k, const char *path, const char *links, int64_t user, kino_history **out,
                            kino_error *err);
void kino_history_free(kino_history *h);

#define KINO_MAX_LEANINGS 8
#define KINO_LEANING_FILMS 3

typedef struct kino_leaning {          /* one of the tastes that a history is made of */
    double share;                      /* of the answer; they sum to 1 */
    size_t liked;                      /* films */
    int64_t films[KINO_LEANING_FILMS]; /* the most typical of them, best first; 0: there are fewer */
} kino_leaning;

typedef struct kino_leanings {
    kino_leaning items[KINO_MAX_LEANINGS]; /* the greatest share first */
    size_t count;
} kino_leanings;

/* Films for a whole taste. What was rated above the history's mean, or 7 of 10, counts as liked, the more the higher and
 * the later; the liked films fall into a few groups, each asks for films like its own, and the answer takes from each
 * by its share. `q` may have everything but likes; what is in the history is never in the answer. The order is that of
 * the turns, not of the scores. `leanings` may be NULL. */
kino_status kino_recommend_history(kino *k, const kino_history *h, const kino_query *q, kino_leanings *leanings,
                                   kino_results **out, kino_error *err);

/* Films for 2 to KINO_MAX_PEOPLE people at once, each with a history, of whom the least pleased counts. Nothing that
 * one of them has seen is in the answer. `q` may have everything but likes. */
kino_status kino_recommend_together(kino *k, const kino_history *const *people, size_t count, const kino_query *q,
                                    kino_results **out, kino_error *err);

/* ---- eval: how good are the answers? ---- */

typedef struct kino_eval_request {
    const char *ratings, *links; /* MovieLens: userId, movieId, rating, timestamp; movieId, tmdbId; or NULL */
    const char *tags;            /* tmdbId, tag, weight; or MovieLens' userId, movieId, tag, timestamp, for which links
                                    are needed; or NULL */
    bool tuning;                 /* ask the users that the constants were tuned on, not the other half */
    bool likeness;               /* likeness alone: not the next film that was rated, which takes longest */
    bool baselines;              /* also what kino is compared with: other methods by likeness, and the classic fusion,
                                    which embeds all plots anew */
} kino_eval_request;

typedef struct kino_interval {
    double value, low, high; /* the middle 95 % over sets of users, or of films */
} kino_interval;

/* What lists of ten look like, whatever is in them. */
typedef struct kino_guards {
    size_t seeds;        /* films that were asked for */
    kino_interval near;  /* share of a list that is of the seed's year, two years off at most */
    kino_interval votes; /* median over seeds: the votes of a list's median film by those of the seed */
    kino_interval few;   /* share of seeds for which that is under a quarter */
    double shown;        /* share of all films that stand in some list */
    double commonest;    /* share of the lists that the commonest film stands in */
} kino_guards;

/* How much the answers of a method are like the films asked for. NaN where the request has no file for it. */
typedef struct kino_likeness_row {
    const char *method;   /* static text */
    kino_interval tag;    /* nDCG@10, the gain being the cosine of viewers' tags */
    kino_interval colike; /* nDCG@10, the gain being how much more often than chance both films are liked */
    kino_interval series; /* of the other films of a seed's collection, the share in the first ten, sequels allowed */
    kino_guards all;      /* of every film, or of many of a great catalogue, */
    kino_guards tagged;   /* and of those that have a tag measure */
} kino_likeness_row;

typedef struct kino_eval_row {
    const char *task, *method; /* static text */
    size_t questions, users;
    kino_interval hit_rate, ndcg; /* among ten */
    kino_interval mrr;
    double coverage;  /* share of all films that were in a list of ten */
    double fame;      /* mean share of films with fewer votes than one in a list */
    double diversity; /* 1 - mean cosine of the plots in a list */
    double sequels;   /* share of a list that is of a seed's collection */
} kino_eval_row;

#define KINO_EVAL_ROWS 32
#define KINO_LIKENESS_ROWS 16

typedef struct kino_eval_report {
    size_t films, users;
    kino_likeness_row likeness[KINO_LIKENESS_ROWS];
    size_t likeness_count, tag_seeds, colike_seeds, series_seeds; /* seeds 0: not measured */
    kino_eval_row rows[KINO_EVAL_ROWS];                           /* the next film that was rated */
    size_t count;
    double seconds;
} kino_eval_report;

/* Asks for films like each film and reports how much the answers are like it, by viewers' tags, by what the same people
 * like, by collections: as far as the request has files for it. With ratings it also asks for each film that a user liked
 * from what the user had liked before, and reports how near the top it was, which tells as much of the order in which a
 * site showed films. The same of simpler methods. The catalogue has to be as it was built. */
kino_status kino_eval(kino *k, const kino_eval_request *req, kino_eval_report *out, kino_error *err);

/* ---- topics: how well words find films, in the formats of TREC ---- */

typedef struct kino_topics_request {
    const char *topics; /* a line a topic: its name, a tab, the words */
    const char *qrels;  /* a line a judgement: topic, anything, TMDB id, grade; above 0 is relevant */
    const char *run;    /* where to write what was answered: topic, Q0, TMDB id, rank, score, kino; or NULL */
    bool all;           /* films that no topic judges count as wrong; otherwise they are passed over */
} kino_topics_request;

typedef struct kino_topics_row {
    char group[16]; /* the letters that the names of topics begin with; "all" is the last row */
    size_t topics;
    kino_interval ndcg;    /* among ten, the gain being the grade */
    kino_interval mrr;     /* among the first KINO_MAX_K */
    kino_interval success; /* one of ten is relevant */
} kino_topics_row;

#define KINO_TOPIC_GROUPS 16

typedef struct kino_topics_report {
    kino_topics_row rows[KINO_TOPIC_GROUPS]; /* topics of further groups count among all */
    size_t count;
    size_t left_out; /* topics without a relevant film */
    char first_left_out[64];
    size_t judged, absent; /* films that are judged, and those of them that are not in the catalogue */
    double seconds;
} kino_topics_report;

/* Asks each topic as words alone (kino_query.about). KINO_DAMAGED for a line that is not of the format. */
kino_status kino_eval_topics(kino *k, const kino_topics_request *req, kino_topics_report *out, kino_error *err);

/* ---- tune: the weights of the parts ---- */

typedef struct kino_tune_request {
    const char *tags;    /* as of kino_eval; or NULL */
    const char *ratings; /* MovieLens' ratings of many people, for which links are needed; or, without links or with a
                            user, what one person rated, as kino_history_read takes it; NULL: tags alone */
    const char *links;
    int64_t user; /* one of MovieLens' users alone; 0: all */
    bool dry_run; /* find and judge the weights, save nothing */
} kino_tune_request;

typedef struct kino_tuned_part {
    const char *name;             /* static text */
    double before, fitted, after; /* weights; fitted NaN: the part says nothing in this catalogue, its weight stays */
} kino_tuned_part;

typedef struct kino_tune_report {
    bool likeness;    /* the measure was likeness, not the next like of one person */
    size_t users;     /* whose ratings were read */
    size_t questions; /* likes, or seeds, that the weights were fitted to, */
    size_t held_out;  /* and those that they are judged by */
    kino_tuned_part parts[KINO_MAX_PARTS];
    size_t part_count;
    double hit_rate[2], ndcg[2], mrr[2]; /* on the likes held out, with the program's weights and with the new ones */
    double tag[2], colike[2];            /* the same of likeness, on the seeds held out; NaN: there is no file for it */
    kino_interval gain;                  /* of MRR; of likeness in tag + 1.5 colike */
    bool saved;                          /* else they are no better, or it was a dry run */
} kino_tune_report;

/* Finds weights of the score's parts. With tags, with ratings of many people, or with both: those by which answers are
 * most like the films asked for, judged by a fifth of the films held out. With one person's ratings: those that fit each
 * like to the like before it, the nearer to the program's the fewer there are, judged by the last fifth. They hold for
 * this catalogue, other handles see them when they are opened next; without a gain nothing is saved. KINO_USAGE when there
 * is too little to learn from. */
kino_status kino_tune(kino *k, const kino_tune_request *req, kino_tune_report *out, kino_error *err);
/* Back to the weights that come with the program. *was may be NULL. */
kino_status kino_untune(kino *k, bool *was, kino_error *err);

/* How a film stands in the answer to a question. */
typedef struct kino_standing {
    size_t rank, among; /* by its score, 1 is the best, among all films that may be answered */
} kino_standing;

/* *out: the film and, behind it, the film of rank q->k (or the last), both with their parts: what the one lacks to be
 * in the list is the difference. kino_recommend may pass over some films before it, for diversity. KINO_NOT_FOUND when
 * the film is not there, KINO_USAGE when the question does not admit it. Looks at every film. */
kino_status kino_stand(kino *k, const kino_query *q, int64_t id, kino_results **out, kino_standing *standing,
                       kino_error *err);

/* ---- text ---- */

typedef struct kino_embedder kino_embedder;

/* Opens the MiniLM weights alone; no catalogue is needed. `opt` gives weights and threads; may be NULL. */
kino_status kino_embedder_open(const kino_options *opt, kino_embedder **out, kino_error *err);
void kino_embedder_close(kino_embedder *e);
/* Of the weights: vectors of two fingerprints are not to be compared. */
uint64_t kino_embedder_fingerprint(const kino_embedder *e);

/* Unit vectors of `count` texts into out[count][KINO_PLOT_DIM]. `lengths` are bytes, NULL for zero-terminated texts.
 * Invalid UTF-8 is read as U+FFFD. The vector of a text does not depend on the others nor on the thread count. */
kino_status kino_embed(kino_embedder *e, const char *const *texts, const size_t *lengths, size_t count, float *out,
                       kino_error *err);

#define KINO_MAX_TOKENS 256

/* WordPiece ids of a text, [CLS] and [SEP] included, truncated at KINO_MAX_TOKENS; returns how many. */
size_t kino_tokenize(const kino_embedder *e, const char *text, size_t length, int32_t ids[KINO_MAX_TOKENS]);

#ifdef __cplusplus
}
#endif
#endif
