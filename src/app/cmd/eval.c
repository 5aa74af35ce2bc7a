/* eval.c - kino eval: how good the recommendations are, as a table or JSON. */
#include "app/cmd/commands.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

static void put_figure(app_table *t, app_style style, const char *format, double x)
{
    char text[APP_NUMBER];
    snprintf(text, sizeof text, format, x);
    app_table_put(t, APP_KEEP, style, text);
}

static void put_interval(app_table *t, const kino_interval *i)
{
    app_table_next(t);
    put_figure(t, APP_BOLD, "%.4f", i->value);
    put_figure(t, APP_DIM, " %.3f", i->low);
    put_figure(t, APP_DIM, "-%.3f", i->high);
}

static void put_share(app_table *t, double x)
{
    app_table_next(t);
    put_figure(t, APP_PLAIN, "%.3f", x);
}

/* One table a task. */
static void print_tables(app *a, const kino_eval_report *r)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < r->count;) {
        const kino_eval_row *first = &r->rows[i];
        app_table t = {0};
        kino_buffer_print(&b, "%s%s: %zu questions of %zu users\n", i ? "\n" : "", first->task, first->questions,
                          first->users);
        app_flush(&b, &a->out);
        app_table_column(&t, "Method", 0, false);
        app_table_column(&t, "HR@10", 0, true);
        app_table_column(&t, "NDCG@10", 0, true);
        app_table_column(&t, "MRR", 0, true);
        app_table_column(&t, "Coverage", 0, true);
        app_table_column(&t, "Fame", 0, true);
        app_table_column(&t, "Diverse", 0, true);
        app_table_column(&t, "Sequels", 0, true);
        for (; i < r->count && !strcmp(r->rows[i].task, first->task); i++) {
            const kino_eval_row *row = &r->rows[i];
            app_table_row(&t);
            app_table_put(&t, APP_KEEP, APP_PLAIN, row->method);
            put_interval(&t, &row->hit_rate);
            put_interval(&t, &row->ndcg);
            put_interval(&t, &row->mrr);
            put_share(&t, row->coverage);
            put_share(&t, row->fame);
            put_share(&t, row->diversity);
            put_share(&t, row->sequels);
        }
        app_table_print(&t, &a->out);
        app_table_free(&t);
    }
    kino_buffer_print(&b, "\n%zu films, %zu users of the %s half, %.1f s\n", r->films, r->users,
                      a->args.eval.tuning ? "tuning" : "test", r->seconds);
    app_flush(&b, &a->out);
}

static void json_interval(kino_tree *parent, const char *name, const kino_interval *i)
{
    kino_tree *one = kino_tree_object(parent, name);
    kino_tree_number(one, "value", i->value);
    kino_tree_number(one, "low", i->low);
    kino_tree_number(one, "high", i->high);
}

static void print_json(app *a, const kino_eval_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list;
    kino_tree_whole(root, "schema", 1);
    kino_tree_whole(root, "films", (int64_t)r->films);
    kino_tree_whole(root, "users", (int64_t)r->users);
    kino_tree_text(root, "half", a->args.eval.tuning ? "tuning" : "test");
    list = kino_tree_array(root, "rows");
    for (size_t i = 0; i < r->count; i++) {
        const kino_eval_row *row = &r->rows[i];
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "task", row->task);
        kino_tree_text(one, "method", row->method);
        kino_tree_whole(one, "questions", (int64_t)row->questions);
        kino_tree_whole(one, "users", (int64_t)row->users);
        json_interval(one, "hr", &row->hit_rate);
        json_interval(one, "ndcg", &row->ndcg);
        json_interval(one, "mrr", &row->mrr);
        kino_tree_number(one, "coverage", row->coverage);
        kino_tree_number(one, "fame", row->fame);
        kino_tree_number(one, "diversity", row->diversity);
        kino_tree_number(one, "sequels", row->sequels);
    }
    app_print_json(root, &a->out, false);
}

kino_status app_eval(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    const kino_eval_request req = {args->eval.ratings, args->history.links, args->eval.tuning, !args->eval.quick};
    kino_eval_report *report = kino_alloc(sizeof *report);
    kino *k = NULL;
    kino_status st = KINO_OK;
    if (!req.ratings || !req.links)
        st = kino_fail(err, KINO_USAGE, "eval needs --ratings and --links: MovieLens' ratings.csv and links.csv");
    app_catch_signals();
    if (!st)
        st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_eval(k, &req, report, err);
    if (!st) {
        app_progress_clear(&a->progress);
        if (args->output.json)
            print_json(a, report);
        else
            print_tables(a, report);
    }
    kino_close(k);
    free(report);
    return st;
}
