/* cmd_batch.c - kino batch: a question a line in, an answer a line out, in order, on all cores.
 *
 * A line's members are options of the one table, so a question is read as the command line's own would be. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/lines.h"
#include "app/question.h"
#include "base/jsonread.h"
#include "base/status.h"
#include "base/thread.h"
#include "serve/answer.h"

/* ---- a line -> arguments ---- */

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

static kino_status give(app_args *args, const char *name, const kino_json *v, kino_arena *memory, kino_error *err)
{
    const char *text = "";
    const bool film = !strcmp(name, "like") || !strcmp(name, "not");
    kino_status st = v->kind == KINO_JSON_TRUE && !film ? KINO_OK : to_text(v, film, memory, &text, err);
    return st ? st : app_give(args, name, text, err);
}

/* {"plot":2,"profile":1} as "plot=2,profile=1" */
static kino_status give_object(app_args *args, const kino_json *v, kino_arena *memory, kino_error *err)
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
    return st ? st : app_give(args, v->name, text, err);
}

static bool is_unseen(const kino_json *v)
{
    return !strcmp(v->name, "unseen");
}

static kino_status give_member(app_args *args, const kino_json *v, kino_arena *memory, kino_error *err)
{
    kino_status st = KINO_OK;
    if (v->kind == KINO_JSON_NULL || v->kind == KINO_JSON_FALSE || is_unseen(v))
        return KINO_OK;
    if (v->kind == KINO_JSON_OBJECT)
        return give_object(args, v, memory, err);
    if (v->kind != KINO_JSON_ARRAY)
        return give(args, v->name, v, memory, err);
    for (const kino_json *one = v->first; one && !st; one = one->next)
        st = give(args, v->name, one, memory, err);
    return st;
}

/* What the line says, on top of what holds for every line. Messages name the member. */
static kino_status read_args(const kino_json *root, app_args *args, kino_arena *memory, kino_error *err)
{
    kino_status st = KINO_OK;
    if (root->kind != KINO_JSON_OBJECT)
        return kino_fail(err, KINO_USAGE, "a question is an object: {\"like\":[862]}");
    for (const kino_json *v = root->first; v && !st; v = v->next) {
        kino_error why = {0};
        st = give_member(args, v, memory, &why);
        if (st)
            kino_fail(err, st, strstr(why.text, v->name) ? "%.0s%s" : "%.40s: %s", v->name, why.text);
    }
    if (!st && !args->words.count && !args->about)
        st = kino_fail(err, KINO_USAGE, "nothing to go by: \"like\" or \"about\" is missing");
    return st;
}

/* ---- a line -> an answer ---- */

typedef struct batch {
    app *a;
    kino *k;
    const app_seen *seen; /* of --unseen */
    app_args args;        /* what holds for every line */
    const char *name;
    app_lines *lines;
    size_t before; /* lines before these */
    kino_buffer out[APP_LINES];
    kino_status status[APP_LINES];
} batch;

/* --unseen and the line's own. */
static kino_status add_unseen(const batch *b, const kino_json *own, app_question *q, kino_error *err)
{
    const size_t count = own && own->kind == KINO_JSON_ARRAY ? own->count : 0;
    if (own && own->kind != KINO_JSON_ARRAY && own->kind != KINO_JSON_NULL)
        return kino_fail(err, KINO_USAGE, "unseen takes a list of ids");
    q->seen.unseen = kino_alloc_array(b->seen->unseen_count + count + 1, sizeof *q->seen.unseen);
    for (size_t i = 0; i < b->seen->unseen_count; i++)
        q->seen.unseen[q->seen.unseen_count++] = b->seen->unseen[i];
    for (const kino_json *one = count ? own->first : NULL; one; one = one->next)
        if (!kino_json_whole(one, 1, INT64_C(1) << 53, &q->seen.unseen[q->seen.unseen_count++]))
            return kino_fail(err, KINO_USAGE, "unseen takes a list of ids");
    q->query.unseen = q->seen.unseen;
    q->query.unseen_count = q->seen.unseen_count;
    return KINO_OK;
}

static kino_tree *answer_line(const batch *b, size_t i, kino_status *status)
{
    const size_t line = b->before + i + 1;
    app_args args = app_args_copy(&b->args);
    app_question *q = kino_alloc(sizeof *q);
    kino_arena memory = {0};
    kino_matches *candidates = NULL;
    kino_results *results = NULL;
    kino_error err = {0};
    const kino_json *root = NULL;
    kino_status st = kino_json_read(b->name, b->lines->texts[i], b->lines->lengths[i], line, &memory, &root, &err);
    if (!st)
        st = read_args(root, &args, &memory, &err);
    if (!st)
        st = app_question_read(&(app_asking){b->a, b->k, &args, &candidates}, q, &err);
    if (!st)
        st = add_unseen(b, kino_json_member(root, "unseen"), q, &err);
    if (!st)
        st = kino_recommend(b->k, &q->query, &results, &err);
    kino_tree *answer = st ? app_json_error(&err, candidates)
                           : kino_answer_recommend(&(kino_asked){&q->query, q->like, q->dislike}, results);
    kino_tree_whole(answer, "line", (int64_t)line);
    *status = st;
    kino_results_free(results);
    kino_matches_free(candidates);
    app_question_free(q);
    app_args_free(&args);
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
    kino_status st;
    while (!(st = app_lines_next(b->lines, err)) && b->lines->count) {
        kino_parallel(threads, b->lines->count, answer_task, b);
        st = write_answers(b, &t, err);
        if (!st && *b->a->cancel)
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
        if (st)
            break;
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
    b->seen = &seen;
    b->name = standard ? "standard input" : path;
    b->args = app_args_copy(&a->args);
    app_catch_signals();
    if (!st)
        st = answer_all(b, err);
    app_progress_clear(&a->progress);
    app_args_free(&b->args);
    app_seen_free(&seen);
    kino_close(b->k);
    app_lines_free(b->lines);
    if (file >= 0 && !standard)
        close(file);
    free(b->lines);
    free(b);
    return st;
}
