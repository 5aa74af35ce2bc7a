/* tune.c - kino tune: the weights of the score's parts from tags and ratings, and back. */
#include <math.h>
#include <stdlib.h>

#include "app/cmd/commands.h"
#include "base/status.h"

static void put_weight(app_table *t, app_style style, double x)
{
    char text[APP_NUMBER];
    snprintf(text, sizeof text, "%.3f", x);
    app_table_next(t);
    app_table_put(t, APP_KEEP, style, isnan(x) ? "-" : text);
}

static void put_likes(kino_buffer *b, const kino_tune_report *r)
{
    kino_buffer_print(b, "\nFitted to %zu likes, judged by %zu held out, of %zu %s.\n", r->questions, r->held_out,
                      r->users, r->users == 1 ? "person" : "people");
    kino_buffer_print(b, "HR@10 %.4f -> %.4f, NDCG@10 %.4f -> %.4f, MRR %.4f -> %.4f\n", r->hit_rate[0], r->hit_rate[1],
                      r->ndcg[0], r->ndcg[1], r->mrr[0], r->mrr[1]);
    kino_buffer_print(b, "Gain in MRR %+.4f, likely between %+.4f and %+.4f.\n", r->gain.value, r->gain.low,
                      r->gain.high);
}

static void put_likeness(kino_buffer *b, const kino_tune_report *r)
{
    kino_buffer_print(b, "\nSearched with %zu films, judged by %zu held out.\n", r->questions, r->held_out);
    if (!isnan(r->tag[0]))
        kino_buffer_print(b, "Tag NDCG@10 %.4f -> %.4f\n", r->tag[0], r->tag[1]);
    if (!isnan(r->colike[0]))
        kino_buffer_print(b, "Co-like NDCG@10 %.4f -> %.4f\n", r->colike[0], r->colike[1]);
    kino_buffer_print(b, "Gain in %s %+.4f, likely between %+.4f and %+.4f.\n",
                      isnan(r->tag[0])      ? "co-like"
                      : isnan(r->colike[0]) ? "tag"
                                            : "tag + 1.5 co-like",
                      r->gain.value, r->gain.low, r->gain.high);
}

static void print_report(app *a, const kino_tune_report *r)
{
    app_table t = {0};
    kino_buffer b = {0};
    app_table_column(&t, "Part", 0, false);
    app_table_column(&t, "As it comes", 0, true);
    app_table_column(&t, "Fitted", 0, true);
    app_table_column(&t, "New", 0, true);
    for (size_t i = 0; i < r->part_count; i++) {
        app_table_row(&t);
        app_table_put(&t, APP_KEEP, APP_PLAIN, r->parts[i].name);
        put_weight(&t, APP_PLAIN, r->parts[i].before);
        put_weight(&t, APP_DIM, r->parts[i].fitted);
        put_weight(&t, APP_BOLD, r->parts[i].after);
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
    if (r->likeness)
        put_likeness(&b, r);
    else
        put_likes(&b, r);
    if (r->saved)
        kino_buffer_print(&b, "Saved. `kino tune --undo` takes it back.\n");
    else
        kino_buffer_print(&b, "%s\n",
                          a->args.tmdb.dry_run ? "A dry run: nothing was changed."
                                               : "That is no gain: nothing was changed.");
    app_flush(&b, &a->out);
}

static void put_figures(kino_tree *root, const char *name, const kino_tune_report *r, int after)
{
    kino_tree *one = kino_tree_object(root, name);
    kino_tree_number(one, "hr", r->hit_rate[after]);
    kino_tree_number(one, "ndcg", r->ndcg[after]);
    kino_tree_number(one, "mrr", r->mrr[after]);
    kino_tree_number(one, "tag", r->tag[after]);
    kino_tree_number(one, "colike", r->colike[after]);
}

static void print_json(app *a, const kino_tune_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list, *gain;
    kino_tree_whole(root, "schema", 1);
    kino_tree_text(root, "measure", r->likeness ? "likeness" : "likes");
    kino_tree_whole(root, "users", (int64_t)r->users);
    kino_tree_whole(root, "questions", (int64_t)r->questions);
    kino_tree_whole(root, "held_out", (int64_t)r->held_out);
    list = kino_tree_array(root, "parts");
    for (size_t i = 0; i < r->part_count; i++) {
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "name", r->parts[i].name);
        kino_tree_number(one, "before", r->parts[i].before);
        kino_tree_number(one, "fitted", r->parts[i].fitted);
        kino_tree_number(one, "after", r->parts[i].after);
    }
    put_figures(root, "before", r, 0);
    put_figures(root, "after", r, 1);
    gain = kino_tree_object(root, "gain");
    kino_tree_number(gain, "value", r->gain.value);
    kino_tree_number(gain, "low", r->gain.low);
    kino_tree_number(gain, "high", r->gain.high);
    kino_tree_bool(root, "saved", r->saved);
    app_print_json(root, &a->out, false);
}

static kino_status undo(app *a, kino *k, kino_error *err)
{
    bool was = false;
    kino_status st = kino_untune(k, &was, err);
    if (!st && a->args.output.json) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        kino_tree_whole(root, "schema", 1);
        kino_tree_bool(root, "undone", was);
        app_print_json(root, &a->out, false);
    } else if (!st && !a->args.general.quiet) {
        kino_buffer b = {0};
        kino_buffer_print(
            &b, "%s\n", was ? "The weights are those that come with the program again." : "There was nothing to undo.");
        app_flush(&b, &a->out);
    }
    return st;
}

kino_status app_tune(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    const kino_tune_request req = {.tags = args->eval.tags,
                                   .ratings = args->eval.ratings,
                                   .links = args->history.links,
                                   .user = args->history.user,
                                   .dry_run = args->tmdb.dry_run};
    kino_tune_report report;
    kino *k = NULL;
    if (args->eval.undo == (req.ratings || req.tags))
        return kino_fail(err, KINO_USAGE, "tune needs --ratings FILE, --tags FILE or both; or --undo");
    app_catch_signals();
    kino_status st = kino_open(&a->options, &k, err);
    if (!st && args->eval.undo) {
        st = undo(a, k, err);
    } else if (!st) {
        st = kino_tune(k, &req, &report, err);
        app_progress_clear(&a->progress);
        if (!st && args->output.json)
            print_json(a, &report);
        else if (!st)
            print_report(a, &report);
    }
    kino_close(k);
    return st;
}
