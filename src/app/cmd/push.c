/* push.c - kino push: the catalogue into an index of a search cluster. */
#include <stdio.h>

#include "app/cmd/commands.h"
#include "base/status.h"

static void print_json(app *a, const kino_push_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "schema", 1);
    kino_tree_text(root, "index", a->args.cluster.index);
    kino_tree_whole(root, "films", (int64_t)r->films);
    kino_tree_whole(root, "sent", (int64_t)r->sent);
    kino_tree_whole(root, "unchanged", (int64_t)r->unchanged);
    kino_tree_whole(root, "removed", (int64_t)r->removed);
    kino_tree_whole(root, "generation", (int64_t)r->generation);
    kino_tree_number(root, "seconds", r->seconds);
    app_print_json(root, &a->out, false);
}

static void print_report(app *a, const kino_push_report *r)
{
    char films[APP_NUMBER], sent[APP_NUMBER];
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s has the %s films of generation %llu: %s sent", a->args.cluster.index,
                      app_count_text(films, r->films), (unsigned long long)r->generation,
                      app_count_text(sent, r->sent));
    if (r->unchanged)
        kino_buffer_print(&b, ", %s there already", app_count_text(sent, r->unchanged));
    if (r->removed)
        kino_buffer_print(&b, ", %s taken out", app_count_text(sent, r->removed));
    kino_buffer_print(&b, ", in %.1f s.\n", r->seconds);
    app_flush(&b, &a->out);
}

kino_status app_push(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    const uint64_t since = args->cluster.since > 0 ? (uint64_t)args->cluster.since : 0;
    const kino_push_request req = {.urls = args->cluster.to,
                                   .index = args->cluster.index,
                                   .type = (kino_push_type)args->cluster.type,
                                   .since = args->cluster.since >= 0 ? &since : NULL,
                                   .rebuild = args->cluster.rebuild,
                                   .shards = (int)args->cluster.shards,
                                   .replicas = (int)args->cluster.replicas};
    kino_push_report report;
    kino *k = NULL;
    if (!req.urls || !req.index)
        return kino_fail(err, KINO_USAGE, "push needs --to URL and --index NAME (see: kino help push)");
    if (req.rebuild && req.since)
        return kino_fail(err, KINO_USAGE, "a new index gets every film: either --rebuild or --since");
    app_catch_signals();
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_push(k, &req, &report, err);
    app_progress_clear(&a->progress);
    if (!st && args->output.json)
        print_json(a, &report);
    else if (!st && !args->general.quiet)
        print_report(a, &report);
    kino_close(k);
    return st;
}
