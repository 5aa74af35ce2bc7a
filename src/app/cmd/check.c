/* check.c - kino check: a line for each part that answers are made of. */
#include "app/cmd/commands.h"

static void print_report(app *a, const kino_check_report *r)
{
    const app_screen *s = &a->out;
    kino_buffer b = {0};
    for (size_t i = 0; i < r->count; i++) {
        const kino_check_item *item = &r->items[i];
        char label[16];
        snprintf(label, sizeof label, "%-11s", item->what);
        app_put_styled(&b, s, item->status ? APP_WARN : APP_DIM, item->status ? "fault " : "sound ");
        app_put_styled(&b, s, APP_DIM, label);
        app_put_safe(&b, item->text);
        kino_buffer_byte(&b, '\n');
    }
    app_flush(&b, s);
}

static void print_json(app *a, const kino_check_report *r)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list;
    kino_tree_whole(root, "schema", 1);
    list = kino_tree_array(root, "checks");
    for (size_t i = 0; i < r->count; i++) {
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "what", r->items[i].what);
        kino_tree_bool(one, "sound", !r->items[i].status);
        kino_tree_text(one, "text", r->items[i].text);
    }
    app_print_json(root, &a->out, false);
}

/* Something is wrong with what is derived from the catalogue, and the catalogue itself is sound. */
static bool can_be_mended(const kino_check_report *r)
{
    const size_t derived = 3; /* behind catalogue, encoder, weights: snapshot, graph, recall */
    bool faulty = false;
    if (r->count <= derived || r->items[0].status)
        return false;
    for (size_t i = derived; i < r->count; i++)
        faulty = faulty || r->items[i].status;
    return faulty;
}

kino_status app_check(app *a, kino_error *err)
{
    kino_check_report report;
    kino_status st = kino_check(&a->options, &report, err);
    if (!report.count)
        return st;
    err->text[0] = 0; /* it is told in the report */
    if (a->args.check.repair && can_be_mended(&report)) {
        st = kino_reindex(&a->options, err);
        if (!st)
            st = kino_check(&a->options, &report, &(kino_error){0});
    }
    app_progress_clear(&a->progress);
    if (a->args.output.json)
        print_json(a, &report);
    else
        print_report(a, &report);
    return st;
}
