/* build.c - kino build and retrain: makes the catalogue, or its encoder; a report for people on standard error, as JSON for programs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/commands.h"
#include "app/cmd/plot.h"
#include "base/status.h"

static void json_counts(kino_tree *root, const char *name, const kino_count *counts, size_t count)
{
    kino_tree *list = kino_tree_array(root, name);
    for (size_t i = 0; i < count; i++) {
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "what", counts[i].what);
        kino_tree_whole(one, "count", (int64_t)counts[i].count);
    }
}

static void json_losses(kino_tree *root, const char *name, const float *losses, int count)
{
    kino_tree *list = kino_tree_array(root, name);
    for (int i = 0; i < count; i++)
        kino_tree_float(list, NULL, losses[i]);
}

static void print_json(app *a, const kino_build_report *r, const kino_info *info)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "schema", 1);
    kino_tree_known(root, "data", info ? info->data_dir : "");
    kino_tree_text(root, "recipe", a->args.build.recipe == KINO_RECIPE_CLASSIC ? "classic" : "default");
    kino_tree_whole(root, "rows", (int64_t)r->rows);
    kino_tree_whole(root, "films", (int64_t)r->films);
    kino_tree_whole(root, "columns", (int64_t)r->columns);
    json_counts(root, "faults", r->faults, r->faults_count);
    json_counts(root, "ladder", r->ladder, r->ladder_count);
    kino_tree_bool(root, "trained", r->trained);
    kino_tree_whole(root, "epochs", r->epochs);
    kino_tree_whole(root, "best_epoch", r->best_epoch);
    json_losses(root, "loss", r->loss, r->epochs);
    json_losses(root, "val_loss", r->val_loss, r->epochs);
    kino_tree_whole(root, "embedded", (int64_t)r->embedded);
    kino_tree_whole(root, "reused", (int64_t)r->reused);
    kino_tree *seconds = kino_tree_object(root, "seconds");
    kino_tree_number(seconds, "read", r->seconds_read);
    kino_tree_number(seconds, "train", r->seconds_train);
    kino_tree_number(seconds, "embed", r->seconds_embed);
    kino_tree_number(seconds, "save", r->seconds_save);
    kino_tree_number(seconds, "total", r->seconds_total);
    app_print_json(root, &a->out, false);
}

/* "Read       45,466 rows" */
static void put_stage(kino_buffer *b, const app_screen *s, const char *stage)
{
    char padded[16];
    snprintf(padded, sizeof padded, "%-9s", stage);
    app_put_styled(b, s, APP_STRONG, padded);
}

/* Ends a line with the time it took. */
static void put_seconds(kino_buffer *b, const app_screen *s, double seconds)
{
    char text[APP_NUMBER];
    kino_buffer_print(b, "  ");
    app_put_styled(b, s, APP_DIM, app_seconds_text(text, seconds));
    kino_buffer_byte(b, '\n');
}

static void put_counts(kino_buffer *b, const kino_count *counts, size_t count)
{
    char number[APP_NUMBER];
    for (size_t i = 0; i < count; i++) {
        kino_buffer_print(b, "  %13s  ", app_count_text(number, counts[i].count));
        app_put_safe(b, counts[i].what);
        kino_buffer_byte(b, '\n');
    }
}

static void tell(app *a, const kino_build_report *r, const kino_info *info)
{
    const app_screen *s = &a->err;
    const char *dash = s->ascii ? "-" : "–";
    kino_buffer b = {0};
    char number[APP_NUMBER];

    put_stage(&b, s, "Read");
    app_put_counted(&b, r->rows, "row", "rows");
    put_seconds(&b, s, r->seconds_read);
    if (r->faults_count)
        put_counts(&b, r->faults, r->faults_count);
    else
        kino_buffer_print(&b, "  %13s  nothing was wrong with the data\n", dash);
    if (r->ladder_count) {
        put_stage(&b, s, "Cleaned");
        kino_buffer_print(&b, "films left after each step\n");
        put_counts(&b, r->ladder, r->ladder_count);
    }

    put_stage(&b, s, r->trained ? "Trained" : "Encoder");
    app_put_counted(&b, r->columns, "column", "columns");
    if (r->trained) {
        kino_buffer_print(&b, ", ");
        app_put_counted(&b, (uint64_t)r->epochs, "epoch", "epochs");
        if (r->best_epoch >= 1 && r->best_epoch <= r->epochs)
            kino_buffer_print(&b, ", best %d: loss %.5f, val_loss %.5f", r->best_epoch, r->loss[r->best_epoch - 1],
                              r->val_loss[r->best_epoch - 1]);
    } else {
        kino_buffer_print(&b, ", %s",
                          a->args.build.encoder ? "trained elsewhere" : "the one of the last build still fits");
    }
    put_seconds(&b, s, r->seconds_train);

    put_stage(&b, s, "Embedded");
    app_put_counted(&b, r->embedded, "plot", "plots");
    if (r->reused)
        kino_buffer_print(&b, ", %s known already", app_count_text(number, r->reused));
    put_seconds(&b, s, r->seconds_embed);

    put_stage(&b, s, "Saved");
    app_put_counted(&b, r->films, "film", "films");
    if (info) {
        kino_buffer_print(&b, ", %.1f MB in ", (double)info->bytes / 1e6);
        app_put_safe(&b, info->data_dir);
    }
    put_seconds(&b, s, r->seconds_save);
    if (info && !info->people)
        kino_buffer_print(
            &b, "  %13s  who made the films is not known; --credits FILE tells, and finds them by people\n", dash);

    put_stage(&b, s, "Done");
    kino_buffer_print(&b, "in %s", app_seconds_text(number, r->seconds_total));
    kino_buffer_print(&b, "; now ask: kino recommend TITLE, or kino search TEXT\n");
    app_flush(&b, s);
}

kino_status app_retrain(app *a, kino_error *err)
{
    kino_build_report *r = kino_alloc(sizeof *r);
    char number[APP_NUMBER];
    app_catch_signals();
    kino_status st = kino_retrain(&a->options, (int)a->args.build.epochs, a->args.build.seed, r, err);
    app_progress_clear(&a->progress);
    if (!st && a->args.build.plot && r->epochs > 0)
        st = app_plot_write(a->args.build.plot, r, err);
    if (!st && a->args.output.json) {
        print_json(a, r, NULL);
    } else if (!st && !a->args.general.quiet) {
        kino_buffer b = {0};
        app_put_counted(&b, r->films, "film", "films");
        kino_buffer_print(&b, ", %zu columns: %s, in %s\n", r->columns,
                          r->trained ? "the encoder is trained anew" : "the encoder still fits",
                          app_seconds_text(number, r->seconds_total));
        app_flush(&b, &a->err);
    }
    free(r);
    return st;
}

kino_status app_build(app *a, kino_error *err)
{
    const app_args *args = &a->args;
    kino_build_request request = {
        .csv = args->words.items[0],
        .keywords = args->build.keywords,
        .credits = args->build.credits,
        .recipe = (kino_recipe)args->build.recipe,
        .encoder = args->build.encoder,
        .vectors = args->build.vectors,
        .texts = args->build.texts,
        .epochs = (int)args->build.epochs,
        .seed = args->build.seed,
    };
    kino *k = NULL;
    kino_info info, *known = NULL;
    kino_build_report *report = kino_alloc(sizeof *report);
    app_catch_signals();
    kino_status st = kino_build(&a->options, &request, report, err);
    app_progress_clear(&a->progress);
    if (!st && args->build.texts && !args->general.quiet)
        fprintf(stderr, "%zu texts\n", report->films);
    if (st || args->build.texts)
        goto done;
    if (!kino_open(&a->options, &k, NULL) && !kino_get_info(k, &info, NULL))
        known = &info; /* where it is and how large; the build is no worse without */
    if (!args->general.quiet)
        tell(a, report, known);
    if (args->build.plot && report->epochs > 0)
        st = app_plot_write(args->build.plot, report, err);
    else if (args->build.plot)
        fprintf(stderr, "kino: nothing was trained, so there is no loss curve to draw; another --seed trains anew\n");
    if (args->output.json && !st)
        print_json(a, report, known);
done:
    kino_close(k);
    free(report);
    return st;
}
