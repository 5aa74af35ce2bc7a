/* eval.c - kino eval: how good the recommendations are, as a table or JSON. */
#include "app/cmd/commands.h"
#include "base/status.h"

#include <math.h>
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

/* ---- likeness ---- */

/* Why a measure is not there; NULL: it is. */
static const char *why_no_tags(const app_args *a, const kino_eval_report *r)
{
    if (r->tag_seeds)
        return NULL;
    return a->eval.tags ? "no two films of the catalogue have five tags and share one" : "no --tags FILE";
}

static const char *why_no_colikes(const app_args *a, const kino_eval_report *r)
{
    if (r->colike_seeds)
        return NULL;
    return a->eval.ratings ? "no two films with eight likes are liked together more often than by chance"
                           : "no --ratings FILE and --links FILE";
}

static const char *why_no_series(const kino_eval_report *r)
{
    return r->series_seeds ? NULL : "no two films of the catalogue are of one collection";
}

static void put_measure(kino_buffer *b, const char *name, size_t seeds, const char *why_not)
{
    if (why_not)
        kino_buffer_print(b, "%s: %s\n", name, why_not);
    else
        kino_buffer_print(b, "%s: %zu films\n", name, seeds);
}

static void put_interval_if(app_table *t, const kino_interval *i)
{
    if (isnan(i->value)) {
        app_table_next(t);
        app_table_put(t, APP_KEEP, APP_DIM, "-");
    } else {
        put_interval(t, i);
    }
}

static void print_likeness(app *a, const kino_eval_report *r)
{
    app_table t = {0};
    kino_buffer b = {0};
    put_measure(&b, "tag", r->tag_seeds, why_no_tags(&a->args, r));
    put_measure(&b, "co-like", r->colike_seeds, why_no_colikes(&a->args, r));
    put_measure(&b, "series", r->series_seeds, why_no_series(r));
    kino_buffer_print(&b, "\n");
    app_flush(&b, &a->out);
    app_table_column(&t, "Likeness", 0, false);
    app_table_column(&t, "Tag NDCG@10", 0, true);
    app_table_column(&t, "Co-like NDCG@10", 0, true);
    app_table_column(&t, "Series", 0, true);
    for (size_t i = 0; i < r->likeness_count; i++) {
        const kino_likeness_row *row = &r->likeness[i];
        app_table_row(&t);
        app_table_put(&t, APP_KEEP, APP_PLAIN, row->method);
        put_interval_if(&t, &row->tag);
        put_interval_if(&t, &row->colike);
        put_interval_if(&t, &row->series);
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
}

static void print_guards(app *a, const kino_eval_report *r, bool tagged)
{
    app_table t = {0};
    char head[80];
    snprintf(head, sizeof head, tagged ? "Lists of the %zu with tags" : "Lists of %zu films",
             tagged ? r->likeness[0].tagged.seeds : r->likeness[0].all.seeds);
    app_screen *out = &a->out;
    fputs("\n", out->file);
    app_table_column(&t, head, 0, false);
    app_table_column(&t, "Within 2 years", 0, true);
    app_table_column(&t, "Votes to film's", 0, true);
    app_table_column(&t, "Under a quarter", 0, true);
    app_table_column(&t, "In some list", 0, true);
    app_table_column(&t, "Commonest", 0, true);
    for (size_t i = 0; i < r->likeness_count; i++) {
        const kino_guards *g = tagged ? &r->likeness[i].tagged : &r->likeness[i].all;
        app_table_row(&t);
        app_table_put(&t, APP_KEEP, APP_PLAIN, r->likeness[i].method);
        put_interval_if(&t, &g->near);
        put_interval_if(&t, &g->votes);
        put_interval_if(&t, &g->few);
        app_table_next(&t);
        put_figure(&t, APP_PLAIN, "%.4f", g->shown);
        app_table_next(&t);
        put_figure(&t, APP_PLAIN, "%.4f", g->commonest);
    }
    app_table_print(&t, out);
    app_table_free(&t);
}

/* ---- the next film that was rated ---- */

/* One table a task. */
static void print_transitions(app *a, const kino_eval_report *r)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < r->count;) {
        const kino_eval_row *first = &r->rows[i];
        app_table t = {0};
        kino_buffer_print(&b, "\nThe next film that was rated, %s: %zu questions of %zu users\n", first->task,
                          first->questions, first->users);
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
}

static void print_report(app *a, const kino_eval_report *r)
{
    kino_buffer b = {0};
    print_likeness(a, r);
    if (r->likeness[0].tagged.seeds)
        print_guards(a, r, true);
    print_guards(a, r, false);
    print_transitions(a, r);
    kino_buffer_print(&b, "\n%zu films, ", r->films);
    if (r->count)
        kino_buffer_print(&b, "%zu users of the %s half, ", r->users, a->args.eval.tuning ? "tuning" : "test");
    kino_buffer_print(&b, "%.1f s\n", r->seconds);
    app_flush(&b, &a->out);
}

/* ---- JSON ---- */

static void json_interval(kino_tree *parent, const char *name, const kino_interval *i)
{
    kino_tree *one = kino_tree_object(parent, name);
    kino_tree_number(one, "value", i->value);
    kino_tree_number(one, "low", i->low);
    kino_tree_number(one, "high", i->high);
}

static void json_guards(kino_tree *parent, const char *name, const kino_guards *g)
{
    kino_tree *one = kino_tree_object(parent, name);
    kino_tree_whole(one, "seeds", (int64_t)g->seeds);
    json_interval(one, "near", &g->near);
    json_interval(one, "votes", &g->votes);
    json_interval(one, "few", &g->few);
    kino_tree_number(one, "shown", g->shown);
    kino_tree_number(one, "commonest", g->commonest);
}

/* A measure's seeds, or why it is not there. */
static void json_measure(kino_tree *parent, const char *name, size_t seeds, const char *why_not)
{
    kino_tree *one = kino_tree_object(parent, name);
    kino_tree_whole(one, "seeds", (int64_t)seeds);
    kino_tree_known(one, "missing", why_not ? why_not : "");
}

static void json_likeness(kino_tree *root, const app_args *args, const kino_eval_report *r)
{
    kino_tree *measures = kino_tree_object(root, "measures"), *list;
    json_measure(measures, "tag", r->tag_seeds, why_no_tags(args, r));
    json_measure(measures, "colike", r->colike_seeds, why_no_colikes(args, r));
    json_measure(measures, "series", r->series_seeds, why_no_series(r));
    list = kino_tree_array(root, "likeness");
    for (size_t i = 0; i < r->likeness_count; i++) {
        const kino_likeness_row *row = &r->likeness[i];
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "method", row->method);
        json_interval(one, "tag", &row->tag);
        json_interval(one, "colike", &row->colike);
        json_interval(one, "series", &row->series);
        json_guards(one, "tagged", &row->tagged);
        json_guards(one, "all", &row->all);
    }
}

static void print_json(app *a, const kino_eval_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list;
    kino_tree_whole(root, "schema", 1);
    kino_tree_whole(root, "films", (int64_t)r->films);
    kino_tree_whole(root, "users", (int64_t)r->users);
    kino_tree_text(root, "half", a->args.eval.tuning ? "tuning" : "test");
    json_likeness(root, &a->args, r);
    list = kino_tree_array(root, "transitions");
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

/* ---- topics ---- */

static void print_topics(app *a, const kino_topics_report *r)
{
    app_table t = {0};
    kino_buffer b = {0};
    app_table_column(&t, "Topics", 0, false);
    app_table_column(&t, "Count", 0, true);
    app_table_column(&t, "NDCG@10", 0, true);
    app_table_column(&t, "MRR", 0, true);
    app_table_column(&t, "Success@10", 0, true);
    for (size_t i = 0; i < r->count; i++) {
        const kino_topics_row *row = &r->rows[i];
        app_table_row(&t);
        app_table_put(&t, APP_KEEP, APP_PLAIN, row->group);
        app_table_next(&t);
        put_figure(&t, APP_PLAIN, "%.0f", (double)row->topics);
        put_interval_if(&t, &row->ndcg);
        put_interval_if(&t, &row->mrr);
        put_interval_if(&t, &row->success);
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
    kino_buffer_print(&b, "\n%zu films are judged", r->judged);
    if (r->absent)
        kino_buffer_print(&b, ", %zu of them are not in the catalogue", r->absent);
    kino_buffer_print(&b, "; %s\n", a->args.eval.pool ? "all others are wrong" : "others are passed over");
    if (r->left_out) {
        app_put_counted(&b, r->left_out, "topic", "topics");
        kino_buffer_print(&b, " left out, for want of a right film: %s%s\n", r->first_left_out,
                          r->left_out > 1 ? ", ..." : "");
    }
    kino_buffer_print(&b, "%.1f s\n", r->seconds);
    app_flush(&b, &a->out);
}

static void json_topics(app *a, const kino_topics_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list;
    kino_tree_whole(root, "schema", 1);
    kino_tree_text(root, "pool", a->args.eval.pool ? "all" : "judged");
    kino_tree_whole(root, "judged", (int64_t)r->judged);
    kino_tree_whole(root, "absent", (int64_t)r->absent);
    kino_tree_whole(root, "left_out", (int64_t)r->left_out);
    list = kino_tree_array(root, "topics");
    for (size_t i = 0; i < r->count; i++) {
        const kino_topics_row *row = &r->rows[i];
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "group", row->group);
        kino_tree_whole(one, "count", (int64_t)row->topics);
        json_interval(one, "ndcg", &row->ndcg);
        json_interval(one, "mrr", &row->mrr);
        json_interval(one, "success", &row->success);
    }
    app_print_json(root, &a->out, false);
}

static kino_status eval_topics(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    const kino_topics_request req = {
        .topics = args->eval.topics, .qrels = args->eval.qrels, .run = args->eval.run, .all = args->eval.pool};
    kino_topics_report report;
    kino *k = NULL;
    if (!req.topics || !req.qrels)
        return kino_fail(err, KINO_USAGE, "--topics and --qrels go together");
    app_catch_signals();
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_eval_topics(k, &req, &report, err);
    if (!st) {
        app_progress_clear(&a->progress);
        if (args->output.json)
            json_topics(a, &report);
        else
            print_topics(a, &report);
    }
    kino_close(k);
    return st;
}

kino_status app_eval(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    if (args->eval.topics || args->eval.qrels || args->eval.run)
        return eval_topics(a, err);
    const kino_eval_request req = {.ratings = args->eval.ratings,
                                   .links = args->history.links,
                                   .tags = args->eval.tags,
                                   .tuning = args->eval.tuning,
                                   .likeness = args->eval.likeness,
                                   .baselines = !args->eval.quick};
    kino_eval_report *report = kino_alloc(sizeof *report);
    kino *k = NULL;
    kino_status st = KINO_OK;
    if (req.ratings && !req.links)
        st = kino_fail(err, KINO_USAGE, "--ratings needs --links: MovieLens' links.csv");
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
            print_report(a, report);
    }
    kino_close(k);
    free(report);
    return st;
}
