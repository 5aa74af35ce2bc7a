/* batch.c - kino batch: a question a line in, an answer a line out, in order, on all cores.
 *
 * A line's members are put into what the command line says for every line, by the same reader. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd/commands.h"
#include "app/cmd/lines.h"
#include "app/shared/history.h"
#include "ask/answer.h"
#include "base/jsonread.h"
#include "base/status.h"
#include "base/thread.h"

/* ---- a line -> what it says ---- */

/* A value as the command line would have it; `film` where a number is an id. */
static kino_status to_text(const kino_json *v, bool film, kino_arena *memory, const char **out, kino_error *err)
{
    char digits[40];
    int64_t whole;
    if (v->kind == KINO_JSON_TEXT) {
        *out = v->text;
        return KINO_OK;
    }
    if (v->kind != KINO_JSON_NUMBER)
        return kino_fail(err, KINO_USAGE, "a number or a text is wanted");
    if (kino_json_whole(v, -(INT64_C(1) << 53), INT64_C(1) << 53, &whole))
        snprintf(digits, sizeof digits, film ? "id:%lld" : "%lld", (long long)whole);
    else
        snprintf(digits, sizeof digits, "%.17g", v->number);
    *out = kino_arena_strdup(memory, digits);
    return KINO_OK;
}

static kino_status give(kino_ask *ask, const char *name, const kino_json *v, kino_arena *memory, kino_error *err)
{
    const char *text = "";
    const bool film = !strcmp(name, "like") || !strcmp(name, "not");
    kino_status st = v->kind == KINO_JSON_TRUE && !film ? KINO_OK : to_text(v, film, memory, &text, err);
    return st ? st : kino_ask_put(ask, name, text, err);
}

/* {"plot":2,"profile":1} as "plot=2,profile=1" */
static kino_status give_object(kino_ask *ask, const kino_json *v, kino_arena *memory, kino_error *err)
{
    kino_buffer b = {0};
    kino_status st = v->count ? KINO_OK : kino_fail(err, KINO_USAGE, "nothing is in it");
    for (const kino_json *one = v->first; one && !st; one = one->next) {
        const char *text = "";
        st = to_text(one, false, memory, &text, err);
        kino_buffer_print(&b, "%s%s=%s", b.size ? "," : "", one->name, text);
    }
    const char *text = st ? "" : kino_arena_strdup(memory, b.data);
    free(b.data);
    return st ? st : kino_ask_put(ask, v->name, text, err);
}

/* Ids alone are a list in any case. */
static bool is_no_list(const kino_json *v)
{
    return !strcmp(v->name, "unseen") && v->kind != KINO_JSON_ARRAY;
}

static kino_status give_member(kino_ask *ask, const kino_json *v, kino_arena *memory, kino_error *err)
{
    kino_status st = KINO_OK;
    if (v->kind == KINO_JSON_NULL || v->kind == KINO_JSON_FALSE)
        return KINO_OK;
    if (is_no_list(v))
        return kino_fail(err, KINO_USAGE, "unseen takes a list of ids");
    if (v->kind == KINO_JSON_OBJECT)
        return give_object(ask, v, memory, err);
    if (v->kind != KINO_JSON_ARRAY)
        return give(ask, v->name, v, memory, err);
    for (const kino_json *one = v->first; one && !st; one = one->next)
        st = give(ask, v->name, one, memory, err);
    return st;
}

/* What the line says, on top of what holds for every line. Messages name the member. */
static kino_status read_ask(const kino_json *root, kino_ask *ask, kino_arena *memory, kino_error *err)
{
    kino_status st = KINO_OK;
    if (root->kind != KINO_JSON_OBJECT)
        return kino_fail(err, KINO_USAGE, "a question is an object: {\"like\":[862]}");
    for (const kino_json *v = root->first; v && !st; v = v->next) {
        kino_error why = {0};
        st = give_member(ask, v, memory, &why);
        if (st)
            kino_fail(err, st, strstr(why.text, v->name) ? "%.0s%s" : "%.40s: %s", v->name, why.text);
    }
    if (!st && !ask->like.count && !ask->together.count && !ask->about && !kino_ask_filters(ask))
        st = kino_fail(err, KINO_USAGE, "nothing to go by: \"like\" or \"about\" is missing");
    return st;
}

/* ---- a line -> an answer ---- */

typedef struct batch {
    app *a;
    kino *k;
    kino_ask ask; /* what holds for every line, --unseen too */
    const char *name;
    app_lines *lines;
    size_t before; /* lines before these */
    kino_buffer out[APP_LINES];
    kino_status status[APP_LINES];
} batch;

static kino_tree *answer_line(const batch *b, size_t i, kino_status *status)
{
    const size_t line = b->before + i + 1;
    kino_ask ask = kino_ask_copy(&b->ask);
    kino_question *q = kino_question_new();
    kino_arena memory = {0};
    kino_matches *candidates = NULL;
    kino_results *results = NULL;
    kino_error err = {0};
    const kino_json *root = NULL;
    kino_status st = kino_json_read(b->name, b->lines->texts[i], b->lines->lengths[i], line, &memory, &root, &err);
    if (!st)
        st = read_ask(root, &ask, &memory, &err);
    if (!st)
        st = kino_question_read(q, b->k, &ask, NULL, &candidates, &err);
    if (!st)
        st = kino_recommend(b->k, &q->query, &results, &err);
    kino_tree *answer = st ? kino_answer_error(&err, candidates) : kino_answer_recommend(q, results);
    kino_tree_whole(answer, "line", (int64_t)line);
    *status = st;
    kino_results_free(results);
    kino_matches_free(candidates);
    kino_question_free(q);
    kino_ask_free(&ask);
    kino_arena_free(&memory);
    return answer;
}

static void answer_task(void *ctx, size_t i, int worker)
{
    batch *b = ctx;
    const char *text = b->lines->texts[i];
    (void)worker;
    b->status[i] = KINO_OK;
    if (strspn(text, " \t") < b->lines->lengths[i]) /* an empty line asks nothing */
        kino_tree_put(answer_line(b, i, &b->status[i]), false, &b->out[i]);
}

/* ---- all lines ---- */

typedef struct tally {
    size_t asked, failed, first_line;
    kino_status first;
} tally;

static kino_status write_answers(batch *b, tally *t, kino_error *err)
{
    for (size_t i = 0; i < b->lines->count; i++) {
        t->asked += b->out[i].size > 0;
        if (b->status[i] && !t->failed++) {
            t->first = b->status[i];
            t->first_line = b->before + i + 1;
        }
        if (b->out[i].size)
            fwrite(b->out[i].data, 1, b->out[i].size, stdout);
        free(b->out[i].data);
        b->out[i] = (kino_buffer){0};
    }
    b->before += b->lines->count;
    if (fflush(stdout) || ferror(stdout))
        return kino_fail_errno(err, KINO_FAILED, "cannot write to standard output");
    return KINO_OK;
}

static kino_status answer_all(batch *b, kino_error *err)
{
    const int threads = kino_thread_count(b->a->options.threads);
    tally t = {0};
    kino_status st = KINO_OK;
    while (!st) {
        st = app_lines_next(b->lines, err);
        if (st || !b->lines->count)
            break;
        kino_parallel(threads, b->lines->count, answer_task, b);
        st = write_answers(b, &t, err);
        if (!st && *b->a->cancel)
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    if (!st && t.failed)
        st = kino_fail(err, t.first, "%zu of %zu questions could not be answered, the first on line %zu", t.failed,
                       t.asked, t.first_line);
    return st;
}

kino_status app_batch(app *a, kino_error *err)
{
    const char *path = a->args.words.items[0];
    const bool standard = !strcmp(path, "-");
    app_seen seen = {0};
    batch *b = kino_alloc(sizeof *b);
    b->lines = kino_alloc(sizeof *b->lines);
    kino_status st = KINO_OK;
    const int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        st = kino_fail_errno(err, errno == ENOENT ? KINO_NOT_FOUND : KINO_FAILED, "%s: cannot open", path);
    app_lines_init(b->lines, file, a->cancel);
    if (!st)
        st = kino_open(&a->options, &b->k, err);
    if (!st)
        st = app_seen_read(a, b->k, &seen, err);
    b->a = a;
    b->name = standard ? "standard input" : path;
    b->ask = kino_ask_copy(&a->args.ask);
    kino_ask_unseen(&b->ask, seen.unseen, seen.unseen_count);
    app_catch_signals();
    if (!st)
        st = answer_all(b, err);
    app_progress_clear(&a->progress);
    kino_ask_free(&b->ask);
    app_seen_free(&seen);
    kino_close(b->k);
    app_lines_free(b->lines);
    if (file >= 0 && !standard)
        close(file);
    free(b->lines);
    free(b);
    return st;
}
