/* why.c - kino why and why-not: one film beside the list of another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/commands.h"
#include "base/status.h"
#include "ask/answer.h"
#include "ask/reasons.h"

enum { LIST = 10 };

static void print_json(app *a, const kino_movie *of, const kino_results *r, const kino_standing *s)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list;
    kino_tree_whole(root, "schema", 1);
    list = kino_tree_array(root, "like");
    kino_answer_film(list, of);
    kino_tree_whole(root, "rank", (int64_t)s->rank);
    kino_tree_whole(root, "among", (int64_t)s->among);
    list = kino_tree_array(root, "films"); /* the film, and the last of the list */
    for (size_t i = 0; i < r->count; i++)
        kino_answer_result(list, &r->items[i], i ? (s->among < LIST ? s->among : LIST) : s->rank);
    app_print_json(root, &a->out, false);
}

/* What they have in common, as a line of its own. */
static void put_shared(const app *a, const kino_result *film, kino_buffer *out)
{
    kino_buffer text = {0};
    kino_reasons_put(&text, film);
    if (text.size)
        app_put_wrapped(out, text.data, a->out.width, 0, true);
    free(text.data);
}

static void print_table(app *a, kino_movie *of, const kino_results *r, const kino_standing *s)
{
    const kino_result *film = &r->items[0], *last = &r->items[1];
    const bool outside = s->rank > LIST;
    app_table t = {0};
    kino_buffer line = {0};
    char text[APP_NUMBER];
    app_put_title(&line, film->movie->title, film->movie->year);
    kino_buffer_print(&line, " is number %s", app_count_text(text, s->rank));
    kino_buffer_print(&line, " of %s films like ", app_count_text(text, s->among));
    app_put_title(&line, of->title, of->year);
    if (outside) {
        kino_buffer_print(&line, "; number %d is ", LIST);
        app_put_title(&line, last->movie->title, last->movie->year);
    }
    kino_buffer told = {0};
    app_put_wrapped(&told, line.data, a->out.width, 0, true);
    free(line.data);
    put_shared(a, film, &told);
    app_flush(&told, &a->out);
    app_table_column(&t, "Part", 0, false);
    app_table_column(&t, "Score", 0, true);
    if (outside) {
        app_table_column(&t, "Number 10", 0, true);
        app_table_column(&t, "Lacks", 0, true);
    }
    app_table_optional(&t, "For", 1, false, 1);
    for (size_t i = 0; i <= film->part_count; i++) {
        const bool sum = i == film->part_count;
        const double own = sum ? film->score : film->parts[i].value, other = sum ? last->score : last->parts[i].value;
        if (!sum && own == 0 && (!outside || other == 0))
            continue;
        app_table_row(&t);
        app_table_put(&t, APP_KEEP, sum ? APP_BOLD : APP_PLAIN, sum ? "sum" : film->parts[i].name);
        app_table_next(&t);
        snprintf(text, sizeof text, "%.3f", own);
        app_table_put(&t, APP_KEEP, sum ? APP_BOLD : APP_PLAIN, text);
        app_table_next(&t);
        if (outside) {
            snprintf(text, sizeof text, "%.3f", other);
            app_table_put(&t, APP_KEEP, APP_PLAIN, text);
            app_table_next(&t);
            snprintf(text, sizeof text, "%.3f", other - own);
            app_table_put(&t, APP_KEEP, other > own ? APP_WARN : APP_DIM, other > own ? text : "");
            app_table_next(&t);
        }
        app_table_put(&t, APP_KEEP, APP_DIM, sum ? "" : kino_reasons_meaning(film->parts[i].name));
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
}

kino_status app_why(app *a, kino_error *err)
{
    kino *k = NULL;
    kino_movie *of = NULL;
    kino_results *r = NULL;
    kino_standing standing = {0};
    int64_t ids[2];
    kino_status st = kino_open(&a->options, &k, err);
    for (size_t i = 0; !st && i < 2; i++)
        st = app_resolve(a, k, a->args.words.items[i], &ids[i], err);
    if (!st && ids[0] == ids[1])
        st = kino_fail(err, KINO_USAGE, "these are the same film");
    if (!st)
        st = kino_movie_get(k, ids[0], &of, err);
    if (!st)
        st = kino_stand(k, &(kino_query){.like = ids, .like_count = 1, .k = LIST}, ids[1], &r, &standing, err);
    app_progress_clear(&a->progress);
    if (!st && a->args.output.json)
        print_json(a, of, r, &standing);
    else if (!st)
        print_table(a, of, r, &standing);
    kino_results_free(r);
    kino_movie_free(of);
    kino_close(k);
    return st;
}
