/* options.h - the command line's one table: commands, options, their help. It drives parsing, `kino help`, the man
 * page and, by its value kinds, shell completion. parse.c reads by it.
 *
 *     app_args args = {0};
 *     kino_status st = app_parse(argc, argv, &args, &err);   // KINO_USAGE: err says what, and where to read more
 *     ...
 *     app_args_free(&args);
 *
 * Options may stand anywhere, even before the command; "--" ends them. "--name VALUE", "--name=VALUE", "-k 5", "-k5"
 * and joined flags ("-qv") are understood. If an option is given twice, the last one counts, unless it is a list. */
#ifndef KINO_APP_OPT_OPTIONS_H
#define KINO_APP_OPT_OPTIONS_H

#include "ask/question.h"
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
    APP_EXPORT,
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

typedef enum app_format { APP_NDJSON, APP_F32, APP_NPY } app_format;

/* What was asked for, grouped by the part of the program that uses it. Strings point into argv or the memory of
 * `ask`. */
typedef struct app_args {
    app_command command;
    kino_words words; /* the arguments behind the command */
    struct {
        const char *data, *weights;
        int64_t threads;
        int index; /* kino_index_kind */
        bool quiet, verbose, no_color, help, version;
    } general;
    struct {
        bool json, ndjson, explain, titles, man, print;
        int names; /* kino_name_kind; -1: not given */
    } output;
    kino_ask ask;
    struct {
        kino_words unseen, files, among; /* --unseen, --history, --among */
        const char *links;
        int64_t user;
        bool allow_empty;
    } history;
    struct {
        const char *keywords, *credits, *encoder, *plot, *vectors, *texts;
        int recipe; /* kino_recipe */
        int64_t epochs, top;
        uint64_t seed;
        kino_words map;
    } build;
    struct {
        const char *url, *key_file, *imdb, *export;
        int64_t id, limit, heal_budget, timeout;
        double min_popularity;
        int64_t older_than; /* seconds; -1: not given */
        bool offline, no_heal, dry_run, replace;
    } tmdb;
    struct {
        const char *ratings, *tags, *topics, *qrels, *run;
        int pool; /* position in "judged|all" */
        bool tuning, quick, likeness, undo;
    } eval;
    struct {
        bool repair;
    } check;
    struct {
        int format;    /* app_format */
        int precision; /* 0: as it comes; else position in "auto|int8|bf16|f16|f32" */
        bool records;
    } text;
    struct {
        const char *bind, *base_path, *socket;
        kino_words hosts, proxies;
        int64_t port, cache, timeout;
        bool allow_writes;
    } serve;
    struct {
        const char *backend, *ca, *auth;
        const char *to, *index;          /* of push */
        int64_t since, shards, replicas; /* since, replicas: -1: not given */
        int type;                        /* kino_push_type */
        bool rebuild, allow_partial;
    } cluster;
} app_args;

typedef struct app_option {
    const char *group; /* heading in the help */
    char letter;       /* 0: none */
    const char *name;  /* without dashes; NULL: only the letter. Two of one name are of different commands */
    const char *value; /* what stands for the value in the help, and the choices; NULL for a flag */
    kino_value_kind kind;
    size_t offset;     /* of the field in app_args */
    double low, high;  /* bounds of a number */
    unsigned commands; /* bit 1 << app_command for each command that takes it */
    const char *help;
} app_option;

typedef struct app_example {
    const char *line, *what;
} app_example;

#define APP_EXAMPLES 9

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

#endif
