/* add.c - kino add and grow: films into the catalogue. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd/commands.h"
#include "app/cmd/reading.h"
#include "base/status.h"

typedef struct counts {
    size_t added, known, changed, unchanged, refused, no_films;
    unsigned fields;          /* that were changed */
    kino_add_report *reports; /* [report_count], of the files */
    size_t report_count;
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

/* "mine.csv: 603 is The Matrix (1999) here, not Paper Sky (1996)", and how the table was read. */
static void tell_of_file(app *a, const char *path, const kino_add_report *r)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < KINO_ADD_REFUSALS && *r->refusals[i]; i++) {
        app_put_safe(&b, path);
        kino_buffer_print(&b, ": ");
        app_put_safe(&b, r->refusals[i]);
        kino_buffer_byte(&b, '\n');
    }
    if (!a->args.general.quiet)
        app_put_unread(&b, &r->reading);
    app_flush(&b, &a->err);
}

static kino_status add_file(app *a, kino *k, const char *path, counts *n, kino_error *err)
{
    const kino_words *map = &a->args.build.map;
    const kino_add_request req = {.path = path,
                                  .map = map->items,
                                  .map_count = map->count,
                                  .replace = a->args.tmdb.replace,
                                  .dry_run = a->args.tmdb.dry_run};
    n->reports = kino_resize_array(n->reports, n->report_count + 1, sizeof *n->reports);
    kino_add_report *r = &n->reports[n->report_count];
    kino_status st = kino_add_file(k, &req, r, err);
    if (st)
        return st;
    n->report_count++;
    app_progress_clear(&a->progress);
    tell_of_file(a, path, r);
    n->added += r->added;
    n->changed += r->changed;
    n->unchanged += r->unchanged;
    n->refused += r->refused;
    n->no_films += r->no_films;
    n->fields |= r->changed_fields;
    if (!r->added && !r->changed && !r->unchanged && !r->refused)
        return kino_fail(err, KINO_FAILED, "%s: no film in it; nothing was added", path);
    return KINO_OK;
}

static void put_counts(kino_buffer *b, const counts *n, bool dry_run)
{
    char fields[256], number[APP_NUMBER];
    app_put_counted(b, n->added, "film", "films");
    kino_buffer_print(b, " %s", dry_run ? "would be added" : "added");
    kino_movie_field_names(n->fields, fields, sizeof fields);
    if (n->changed)
        kino_buffer_print(b, ", %s changed (%s)", app_count_text(number, n->changed), fields);
    if (n->unchanged)
        kino_buffer_print(b, ", %s unchanged", app_count_text(number, n->unchanged));
    if (n->refused)
        kino_buffer_print(b, ", %s refused", app_count_text(number, n->refused));
    if (n->no_films)
        kino_buffer_print(b, ", %s that %s no film", app_count_text(number, n->no_films),
                          n->no_films == 1 ? "is" : "are");
    kino_buffer_print(b, "%s\n", n->known ? "; those that were there are as they were" : "");
}

static void put_json(kino_tree *root, const counts *n)
{
    char fields[256];
    kino_movie_field_names(n->fields, fields, sizeof fields);
    kino_tree_whole(root, "schema", 1);
    kino_tree_whole(root, "added", (int64_t)n->added);
    kino_tree_whole(root, "known", (int64_t)n->known);
    kino_tree_whole(root, "changed", (int64_t)n->changed);
    kino_tree_known(root, "fields", fields);
    kino_tree_whole(root, "unchanged", (int64_t)n->unchanged);
    kino_tree_whole(root, "refused", (int64_t)n->refused);
    kino_tree_whole(root, "no_films", (int64_t)n->no_films);
    kino_tree *files = kino_tree_array(root, "files");
    for (size_t i = 0; i < n->report_count; i++)
        app_json_report(kino_tree_object(files, NULL), &n->reports[i].reading);
}

/* A file, an id or a title. A title that is the name of a file is asked for with its year. */
static kino_status add_word(app *a, kino *k, const char *word, counts *n, kino_error *err)
{
    if (!strcmp(word, "-") || !access(word, F_OK))
        return add_file(a, k, word, n, err);
    if (a->args.tmdb.dry_run)
        return kino_fail(err, KINO_USAGE, "%s: --dry-run tells of files alone", word);
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
    if (args->tmdb.dry_run && (args->tmdb.id || args->tmdb.imdb))
        return kino_fail(err, KINO_USAGE, "--dry-run tells of files alone");
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
    if (args->output.json && (!st || n.added + n.changed)) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        put_json(root, &n);
        app_print_json(root, &a->out, false);
    } else if (!args->general.quiet && n.added + n.known + n.report_count) {
        kino_buffer b = {0};
        put_counts(&b, &n, args->tmdb.dry_run);
        app_flush(&b, &a->err);
    }
    if (!st && n.refused)
        st =
            kino_fail(err, KINO_FAILED, "%zu film%s not taken, for another one has the number here; --replace takes %s",
                      n.refused, n.refused == 1 ? " was" : "s were", n.refused == 1 ? "it" : "them");
    if (n.added + n.changed && !args->tmdb.dry_run)
        app_update_index(k);
    free(n.reports);
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
