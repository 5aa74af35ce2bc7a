/* heal.c - kino heal, refresh and purge: what came, or is to come, from TMDB. */
#include <stdlib.h>
#include <string.h>

#include "app/cmd/commands.h"
#include "base/status.h"

/* ---- heal ---- */

static void print_json(app *a, const kino_heal_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "schema", 1);
    kino_tree_bool(root, "dry_run", a->args.tmdb.dry_run);
    kino_tree_whole(root, "asked", (int64_t)r->asked);
    kino_tree_whole(root, "healed", (int64_t)r->healed);
    kino_tree_whole(root, "unmatched", (int64_t)r->unmatched);
    kino_tree *list = kino_tree_array(root, "fields");
    for (size_t i = 0; i < r->count; i++) {
        const kino_repair *one = &r->items[i];
        kino_tree *field = kino_tree_object(list, NULL);
        kino_tree_whole(field, "id", one->id);
        kino_tree_text(field, "title", one->title);
        kino_tree_text(field, "field", one->field);
        kino_tree_known(field, "before", one->before);
        kino_tree_known(field, "after", one->after);
        kino_tree_text(field, "source", one->source);
    }
    kino_tree_known(root, "problem", r->problem);
    app_print_json(root, &a->out, false);
}

static void print_table(app *a, const kino_heal_report *r)
{
    app_table t = {0};
    char id[32];
    app_table_column(&t, "id", 0, true);
    app_table_column(&t, "Film", 9, false);
    app_table_column(&t, "Field", 0, false);
    app_table_column(&t, "Before", 5, false);
    app_table_column(&t, "After", 9, false);
    app_table_column(&t, "Source", 0, false);
    for (size_t i = 0; i < r->count; i++) {
        const kino_repair *one = &r->items[i];
        snprintf(id, sizeof id, "%lld", (long long)one->id);
        const char *const cells[] = {id, one->title, one->field, one->before, one->after, one->source};
        app_table_row(&t);
        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
            if (c)
                app_table_next(&t);
            app_table_put(&t, c == 1 || c == 3 || c == 4 ? APP_CUT : APP_KEEP, c == 1 ? APP_BOLD : APP_PLAIN, cells[c]);
        }
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
}

static void tell(app *a, const kino_heal_report *r)
{
    kino_buffer b = {0};
    app_put_counted(&b, r->healed, "film", "films");
    kino_buffer_print(&b, a->args.tmdb.dry_run ? " would be healed" : " healed");
    kino_buffer_print(&b, " of ");
    app_put_counted(&b, r->asked, "film", "films");
    kino_buffer_print(&b, " that lacked something");
    if (r->unmatched)
        kino_buffer_print(&b, "; %zu not known to TMDB for sure", r->unmatched);
    kino_buffer_byte(&b, '\n');
    app_flush(&b, &a->err);
}

kino_status app_heal(app *a, kino_error *err)
{
    const kino_words *words = &a->args.words;
    kino *k = NULL;
    kino_heal_report *report = NULL;
    int64_t *ids = kino_alloc_array(words->count + 1, sizeof *ids);
    app_catch_signals();
    kino_status st = kino_open(&a->options, &k, err);
    for (size_t i = 0; !st && i < words->count; i++)
        st = app_resolve(a, k, words->items[i], &ids[i], err);
    const kino_heal_request req = {.ids = words->count ? ids : NULL,
                                   .count = words->count,
                                   .posters = words->count != 0,
                                   .dry_run = a->args.tmdb.dry_run};
    if (!st)
        st = kino_heal(k, &req, &report, err);
    if (st)
        goto done;
    app_progress_clear(&a->progress);
    if (a->args.output.json)
        print_json(a, report);
    else if (report->count)
        print_table(a, report);
    if (!a->args.general.quiet && !a->args.output.json)
        tell(a, report);
    if (report->status)
        st = kino_fail(err, report->status, "%s", report->problem);
done:
    kino_heal_report_free(report);
    kino_close(k);
    free(ids);
    return st;
}

/* ---- refresh and purge ---- */

kino_status app_refresh(app *a, kino_error *err)
{
    enum { A_DAY = 86400 };
    const bool purge = a->args.command == APP_PURGE;
    const int64_t age = a->args.tmdb.older_than >= 0 ? a->args.tmdb.older_than : (purge ? 180 : 150) * (int64_t)A_DAY;
    kino *k = NULL;
    kino_refresh_report r = {0};
    size_t films = 0, fields = 0;
    app_catch_signals();
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = purge ? kino_purge(k, age, &films, &fields, err) : kino_refresh(k, age, &r, err);
    app_progress_clear(&a->progress);
    if (a->args.output.json && !st) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        kino_tree_whole(root, "schema", 1);
        kino_tree_whole(root, purge ? "films" : "asked", (int64_t)(purge ? films : r.asked));
        kino_tree_whole(root, purge ? "fields" : "renewed", (int64_t)(purge ? fields : r.renewed));
        if (!purge) {
            kino_tree_whole(root, "gone", (int64_t)r.gone);
            kino_tree_whole(root, "failed", (int64_t)r.failed);
        }
        app_print_json(root, &a->out, false);
    } else if (!a->args.general.quiet) {
        kino_buffer b = {0};
        if (purge) {
            app_put_counted(&b, films, "film", "films");
            kino_buffer_print(&b, " removed, ");
            app_put_counted(&b, fields, "field", "fields");
            kino_buffer_print(&b, " of others emptied\n");
        } else {
            kino_buffer_print(&b, "%zu renewed of ", r.renewed);
            app_put_counted(&b, r.asked, "film", "films");
            if (r.gone)
                kino_buffer_print(&b, "; %zu no longer at TMDB, which kino purge removes in time", r.gone);
            if (r.failed)
                kino_buffer_print(&b, "; %zu not to be had this time", r.failed);
            kino_buffer_byte(&b, '\n');
        }
        app_flush(&b, &a->err);
    }
    kino_close(k);
    return st;
}
