/* add.c - kino add and grow: films into the catalogue. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd/commands.h"
#include "base/status.h"

typedef struct counts {
    size_t added, known;
} counts;

static kino_status learn(app *a, kino *k, const kino_wanted *w, counts *n, kino_error *err)
{
    kino_learned learned;
    kino_status st = app_learn(a, k, w, &learned, err);
    if (!st && !learned.saved) /* told by app_learn */
        st = KINO_FAILED;
    if (!st) {
        n->added += !learned.known;
        n->known += learned.known;
    }
    return st;
}

static bool is_id(const char *text)
{
    return *text && !text[strspn(text, "0123456789")] && strlen(text) < 16;
}

/* A file, an id or a title. A title that is the name of a file is asked for with its year. */
static kino_status add_word(app *a, kino *k, const char *word, counts *n, kino_error *err)
{
    if (!strcmp(word, "-") || !access(word, F_OK)) {
        size_t added = 0;
        kino_status st = kino_add_file(k, word, &added, err);
        n->added += added;
        return st;
    }
    kino_wanted w = {.first = a->args.ask.first, .year = a->args.ask.year.low};
    if (is_id(word))
        w.id = strtoll(word, NULL, 10);
    else if (!strncmp(word, "tt", 2) && is_id(word + 2) && strlen(word) >= 9)
        w.imdb_id = word;
    else
        w.title = word;
    if (strchr(word, '/') || strstr(word, ".csv") || strstr(word, ".json"))
        return kino_fail(err, KINO_NOT_FOUND, "%s: there is no such file", word);
    int64_t id;
    if (w.title && !w.year && !kino_resolve(k, word, false, &id, NULL, NULL)) { /* no need to ask */
        w.id = id;
        w.title = NULL;
    }
    return learn(a, k, &w, n, err);
}

kino_status app_add(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    kino *k = NULL;
    counts n = {0};
    app_catch_signals();
    if (!args->words.count && !args->tmdb.id && !args->tmdb.imdb)
        return kino_fail(err, KINO_USAGE, "name a film, an id or a file (see: kino help add)");
    if (args->ask.year.low != args->ask.year.high)
        return kino_fail(err, KINO_USAGE, "--year takes one year here");
    kino_status st = kino_open(&a->options, &k, err);
    if (!st && args->tmdb.id)
        st = learn(a, k, &(kino_wanted){.id = args->tmdb.id}, &n, err);
    if (!st && args->tmdb.imdb)
        st = learn(a, k, &(kino_wanted){.imdb_id = args->tmdb.imdb}, &n, err);
    for (size_t i = 0; !st && i < args->words.count; i++)
        st = add_word(a, k, args->words.items[i], &n, err);
    app_progress_clear(&a->progress);
    if (args->output.json && (!st || n.added)) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        kino_tree_whole(root, "schema", 1);
        kino_tree_whole(root, "added", (int64_t)n.added);
        kino_tree_whole(root, "known", (int64_t)n.known);
        app_print_json(root, &a->out, false);
    } else if (!args->general.quiet && n.added + n.known) {
        kino_buffer b = {0};
        app_put_counted(&b, n.added, "film", "films");
        kino_buffer_print(&b, " added%s\n", n.known ? "; those that were there are as they were" : "");
        app_flush(&b, &a->err);
    }
    if (n.added)
        app_update_index(k);
    kino_close(k);
    return st;
}

kino_status app_grow(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    const kino_grow_request req = {
        .file = args->tmdb.export, .min_popularity = args->tmdb.min_popularity, .limit = (size_t)args->tmdb.limit};
    kino *k = NULL;
    kino_grow_report r = {0};
    app_catch_signals();
    if (!args->tmdb.export)
        return kino_fail(err, KINO_USAGE,
                         "grow needs --export FILE, TMDB's daily export of film ids (see: kino help grow)");
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_grow(k, &req, &r, err);
    app_progress_clear(&a->progress);
    if (args->output.json && !st) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        kino_tree_whole(root, "schema", 1);
        kino_tree_whole(root, "listed", (int64_t)r.listed);
        kino_tree_whole(root, "wanted", (int64_t)r.wanted);
        kino_tree_whole(root, "known", (int64_t)r.known);
        kino_tree_whole(root, "added", (int64_t)r.added);
        kino_tree_whole(root, "gone", (int64_t)r.gone);
        kino_tree_whole(root, "failed", (int64_t)r.failed);
        kino_tree_number(root, "seconds", r.seconds);
        app_print_json(root, &a->out, false);
    } else if (!args->general.quiet && r.wanted) {
        kino_buffer b = {0};
        char number[APP_NUMBER];
        app_put_counted(&b, r.wanted, "film", "films");
        kino_buffer_print(&b, " wanted of %s listed: ", app_count_text(number, r.listed));
        kino_buffer_print(&b, "%s there already, ", app_count_text(number, r.known));
        kino_buffer_print(&b, "%s added", app_count_text(number, r.added));
        if (r.gone)
            kino_buffer_print(&b, ", %s no longer at TMDB", app_count_text(number, r.gone));
        if (r.failed)
            kino_buffer_print(&b, ", %s not to be had this time", app_count_text(number, r.failed));
        kino_buffer_print(&b, ", in %s\n", app_seconds_text(number, r.seconds));
        app_flush(&b, &a->err);
    }
    kino_close(k);
    return st;
}
