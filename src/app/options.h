/* options.h - the command line's one table: commands, options, their help. It drives parsing, `kino help`, the man
 * page and, by its value kinds, shell completion. parse.c reads by it.
 *
 *     app_args args = {0};
 *     kino_status st = app_parse(argc, argv, &args, &err);   // KINO_USAGE: err says what, and where to read more
 *     ...
 *     app_args_free(&args);
 *
 * Options may stand anywhere, before the command too; "--" ends them. "--name VALUE", "--name=VALUE", "-k 5", "-k5"
 * and joined flags ("-qv") are understood. The last one counts where an option is given twice, unless it is a list. */
#ifndef KINO_APP_OPTIONS_H
#define KINO_APP_OPTIONS_H

#include "base/alloc.h"
#include "kino.h"

typedef enum app_command {
    APP_BUILD,
    APP_RECOMMEND,
    APP_SEARCH,
    APP_BATCH,
    APP_FIND,
    APP_PICK,
    APP_SHOW,
    APP_WHY,
    APP_WHY_NOT,
    APP_ADD,
    APP_GROW,
    APP_HEAL,
    APP_REFRESH,
    APP_PURGE,
    APP_RETRAIN,
    APP_REMOVE,
    APP_INFO,
    APP_CHECK,
    APP_BENCH,
    APP_EVAL,
    APP_TUNE,
    APP_SERVE,
    APP_PUSH,
    APP_EMBED,
    APP_TOKENIZE,
    APP_COMPLETIONS,
    APP_VERSION,
    APP_HELP,
    APP_COMMANDS, /* how many; also: no command was given */
} app_command;

typedef struct app_words {
    const char **items;
    size_t count, capacity;
} app_words;

typedef struct app_range {
    int low, high; /* both included; 0: open */
} app_range;

typedef struct app_weights {
    bool given;
    double plot, profile;
} app_weights;

typedef enum app_format { APP_NDJSON, APP_F32, APP_NPY } app_format;

/* What was asked for. Strings point into argv or into `memory`. */
typedef struct app_args {
    app_command command;
    app_words words; /* the arguments behind the command */
    /* everywhere */
    const char *data, *weights;
    int64_t threads;
    bool quiet, verbose, no_color, help, version, json, ndjson;
    /* build */
    const char *keywords, *credits, *encoder, *plot, *vectors, *texts;
    int recipe; /* kino_recipe */
    int64_t epochs;
    uint64_t seed;
    /* recommend, search, find */
    app_words dislike;
    const char *about;
    app_words genres, no_genres, languages;
    app_range year, runtime;
    double min_rating;
    int64_t min_votes;
    app_weights weight;
    double diversity, popularity;
    bool sequels;
    int64_t k;
    int index; /* kino_index_kind */
    bool first, explain;
    /* embed, help */
    int format;    /* app_format */
    int precision; /* 0: as it comes; else position in "auto|int8|bf16|f16|f32" */
    bool man, titles, records;
    bool repair; /* check */
    /* TMDB */
    const char *tmdb_url, *api_key_file, *imdb, *export;
    int64_t tmdb, limit, heal_budget;
    double min_popularity;
    int64_t older_than; /* seconds; -1: not given */
    bool offline, no_heal, dry_run;
    app_words unseen; /* recommend, search: files */
    const char *history;
    int64_t user;
    const char *ratings, *links; /* eval; links for histories too */
    bool tuning, quick, undo;
    /* serve */
    const char *bind, *base_path, *socket;
    int64_t port, cache, timeout;
    bool allow_writes;
    /* cluster */
    const char *backend, *backend_ca, *backend_auth;
    const char *to, *into;           /* --to, and --index of push */
    int64_t since, shards, replicas; /* since, replicas: -1: not given */
    int type;                        /* kino_push_type */
    bool rebuild, allow_partial;
    kino_arena memory;
} app_args;

typedef enum app_kind {
    APP_FLAG,    /* bool, no value */
    APP_TEXT,    /* const char * */
    APP_FILE,    /* const char *, a file name */
    APP_FOLDER,  /* const char *, a folder name */
    APP_TEXTS,   /* app_words: one more at each time */
    APP_FILES,   /* app_words of file names: one more at each time */
    APP_LIST,    /* app_words: one more at each time, and separated by commas */
    APP_WHOLE,   /* int64_t from low to high */
    APP_SEED,    /* uint64_t */
    APP_REAL,    /* double from low to high */
    APP_RANGE,   /* app_range of numbers from low to high */
    APP_CHOICE,  /* int: position in the choices "a|b|c", which are `value` */
    APP_WEIGHTS, /* app_weights */
    APP_AGE,     /* int64_t, seconds: "150d", "36h" */
} app_kind;

typedef struct app_option {
    const char *group; /* heading in the help */
    char letter;       /* 0: none */
    const char *name;  /* without dashes; NULL: only the letter. Two of one name are of different commands */
    const char *value; /* what stands for the value in the help; NULL for a flag */
    app_kind kind;
    size_t offset;     /* of the field in app_args */
    double low, high;  /* bounds of a number */
    unsigned commands; /* bit 1 << app_command for each command that takes it */
    const char *help;
} app_option;

typedef struct app_example {
    const char *line, *what;
} app_example;

#define APP_EXAMPLES 6

typedef struct app_command_info {
    const char *name, *arguments, *summary, *text; /* text: paragraphs, separated by \n */
    size_t least, most;                            /* arguments */
    app_example examples[APP_EXAMPLES];
} app_command_info;

extern const app_option app_options[];
extern const size_t app_option_count;
extern const app_command_info app_commands[APP_COMMANDS];

kino_status app_parse(int argc, char **argv, app_args *out, kino_error *err);
void app_args_free(app_args *a);
/* The same once more, without the words; the strings are still those of `a`. */
app_args app_args_copy(const app_args *a);
/* What a member of a batch's question says: "like", or an option's name with _ for -. The text is lent. */
kino_status app_give(app_args *a, const char *name, const char *text, kino_error *err);

/* ---- values (values.c); `option` names the option in messages ---- */

kino_status app_parse_whole(const char *option, const char *text, int64_t low, int64_t high, int64_t *out,
                            kino_error *err);
kino_status app_parse_seed(const char *option, const char *text, uint64_t *out, kino_error *err);
kino_status app_parse_real(const char *option, const char *text, double low, double high, double *out, kino_error *err);
/* "1994", "1990-1999", "1990-", "-1999" */
kino_status app_parse_range(const char *option, const char *text, int low, int high, app_range *out, kino_error *err);
/* "plot=2,profile=1"; a name that is left out weighs 1 */
kino_status app_parse_weights(const char *option, const char *text, app_weights *out, kino_error *err);
/* "150d", "36h", "90m", in seconds */
kino_status app_parse_age(const char *option, const char *text, int64_t *out, kino_error *err);
kino_status app_parse_choice(const char *option, const char *text, const char *choices, int *out, kino_error *err);
/* Edits (one letter inserted, removed, changed, or two neighbours swapped) between two short words. */
size_t app_edits(const char *a, const char *b);
/* Whether a word that was typed may be meant for a known one. */
bool app_near(const char *typed, const char *known);

#endif
