/* main.c - kino: reads the command line, runs the command, turns its status into an exit code. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "app/cmd/commands.h"
#include "app/opt/help.h"
#include "app/pick/pick.h"
#include "ask/answer.h"
#include "base/status.h"

/* Where a parent closed standard input, output or error, the next file opened, the catalogue perhaps, would take its
 * place. These take it in a way that nobody can read or write. */
static void hold_standard_files(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
            _exit(1);
}

/* A file that is mapped, the catalogue, its snapshot or the weights, was cut by another program while it was read:
 * what is behind its new end cannot be had, and there is no call to which the failure could be given. */
static void on_cut_file(int number)
{
    static const char text[] = "kino: a file of the catalogue, or the weights, was cut by another program while it was "
                               "read; see: kino check\n";
    (void)number;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(kino_exit_code(KINO_DAMAGED));
}

/* Whether this process has, or will read, the key of a service. */
static bool has_key(const app_args *args)
{
    static const char *const names[] = {"TMDB_API_KEY", "KINO_BACKEND_PASSWORD", "KINO_BACKEND_API_KEY"};
    bool has = args->tmdb.key_file || args->cluster.auth;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        has = has || getenv(names[i]);
    return has;
}

/* What holds a key is in no core dump, and not for other programs of the same user to read in /proc. A sanitizer looks at
 * its own process as a debugger does, and has to be let. */
static void hide_key(const app_args *args)
{
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    if (has_key(args))
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#else
    (void)has_key(args);
#endif
}

static kino_status run(app *a, kino_error *err)
{
    static kino_status (*const commands[APP_COMMANDS])(app *, kino_error *) = {
        [APP_BUILD] = app_build,      [APP_RECOMMEND] = app_recommend,
        [APP_SEARCH] = app_recommend, [APP_BATCH] = app_batch,
        [APP_PICK] = app_pick,        [APP_FIND] = app_find,
        [APP_SHOW] = app_show,        [APP_WHY] = app_why,
        [APP_WHY_NOT] = app_why,      [APP_ADD] = app_add,
        [APP_GROW] = app_grow,        [APP_HEAL] = app_heal,
        [APP_REFRESH] = app_refresh,  [APP_PURGE] = app_refresh,
        [APP_RETRAIN] = app_retrain,  [APP_REMOVE] = app_remove,
        [APP_EXPORT] = app_export,    [APP_INFO] = app_info,
        [APP_CHECK] = app_check,      [APP_BENCH] = app_bench,
        [APP_EVAL] = app_eval,        [APP_TUNE] = app_tune,
        [APP_SERVE] = app_serve,      [APP_PUSH] = app_push,
        [APP_EMBED] = app_embed,      [APP_TOKENIZE] = app_tokenize,
    };
    const app_args *args = &a->args;
    if (args->general.help)
        return app_help_topic(&a->out, args->command < APP_COMMANDS ? app_commands[args->command].name : NULL, err);
    if (args->general.version || args->command == APP_VERSION)
        return app_help_version(&a->out);
    if (args->command == APP_HELP)
        return args->output.man ? app_help_man(&a->out)
                                : app_help_topic(&a->out, args->words.count ? args->words.items[0] : NULL, err);
    if (args->command == APP_COMPLETIONS)
        return app_completions(&a->out, args->words.items[0], err);
    if (args->command == APP_COMMANDS) {
        app_help_topic(&a->err, NULL, NULL);
        err->text[0] = 0;
        return KINO_USAGE;
    }
    return commands[args->command](a, err);
}

static void tell(app *a, const kino_error *err)
{
    kino_buffer b = {0};
    app_progress_clear(&a->progress);
    if (!err->text[0])
        return;
    app_put_styled(&b, &a->err, APP_WARN, "kino: ");
    app_put_safe(&b, err->text);
    kino_buffer_byte(&b, '\n');
    app_flush(&b, &a->err);
}

/* What the library has to say beside an answer. */
static void note(void *ctx, const char *text)
{
    app *a = ctx;
    kino_buffer b = {0};
    if (a->args.general.quiet)
        return;
    app_progress_clear(&a->progress);
    app_put_styled(&b, &a->err, APP_DIM, "kino: ");
    app_put_safe(&b, text);
    kino_buffer_byte(&b, '\n');
    app_flush(&b, &a->err);
}

/* For programs that asked for JSON: every failure is an object too. Those that were told are there already. */
static void tell_json(app *a, const kino_error *err)
{
    if (!err->text[0] || !(a->args.output.json || a->args.output.ndjson))
        return;
    app_print_json(kino_answer_error(err, NULL), &a->out, a->args.output.ndjson);
}

int main(int argc, char **argv)
{
    app a = {.cancel = app_interrupted()};
    kino_error err = {0};
    hold_standard_files();
    signal(SIGBUS, on_cut_file);
    signal(SIGXFSZ, SIG_IGN); /* the write fails, and says so */
    signal(SIGPIPE, SIG_DFL); /* a closed pipe ends kino without a word, even where the parent ignores the signal */
    kino_status st = app_parse(argc, argv, &a.args, &err);
    hide_key(&a.args);
    app_screen_init(&a.out, stdout, a.args.general.no_color);
    app_screen_init(&a.err, stderr, a.args.general.no_color);
    app_progress_init(&a.progress, &a.err, a.args.general.quiet);
    if (!st) {
        a.options = (kino_options){
            .data_dir = a.args.general.data,
            .weights = a.args.general.weights,
            .precision = (const char *[]){NULL, "int8", "bf16", "f16", "f32"}[a.args.text.precision],
            .threads = (int)a.args.general.threads,
            .index = (kino_index_kind)a.args.general.index,
            .progress = app_progress_report,
            .progress_ctx = &a.progress,
            .note = note,
            .note_ctx = &a,
            .cancel = a.cancel,
            .offline = a.args.tmdb.offline,
            .api_key_file = a.args.tmdb.key_file,
            .tmdb_url = a.args.tmdb.url,
            .learn_ms = (int)(1000 * a.args.tmdb.timeout),
            .backend = a.args.cluster.backend,
            .backend_ca = a.args.cluster.ca,
            .backend_auth = a.args.cluster.auth,
            .allow_partial = a.args.cluster.allow_partial,
        };
        st = run(&a, &err);
    }
    if (st)
        tell_json(&a, &err);
    tell(&a, &err);
    if ((fflush(stdout) || ferror(stdout)) && !st) {
        st = kino_fail_errno(&err, KINO_FAILED, "cannot write to standard output");
        tell(&a, &err);
    }
    app_args_free(&a.args);
    return kino_exit_code(st);
}
