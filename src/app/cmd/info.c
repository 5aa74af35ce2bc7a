/* info.c - kino info: what the catalogue holds. */
#include <inttypes.h>

#include "app/cmd/commands.h"

static void put_line(kino_buffer *b, const app_screen *s, const char *label, const char *text)
{
    char padded[16];
    snprintf(padded, sizeof padded, "%-12s", label);
    app_put_styled(b, s, APP_DIM, padded);
    app_put_safe(b, text);
    kino_buffer_byte(b, '\n');
}

static void put_count(kino_buffer *b, const app_screen *s, const char *label, uint64_t n)
{
    char number[APP_NUMBER];
    put_line(b, s, label, app_count_text(number, n));
}

static void put_fingerprint(kino_buffer *b, const app_screen *s, const char *label, uint64_t fingerprint)
{
    char text[32];
    snprintf(text, sizeof text, "%016" PRIx64, fingerprint);
    put_line(b, s, label, fingerprint ? text : "unknown");
}

static void print_info(app *a, const kino_info *i, bool key)
{
    const app_screen *s = &a->out;
    kino_buffer b = {0};
    char text[64];
    put_line(&b, s, "Catalogue", i->data_dir);
    snprintf(text, sizeof text, "%.1f MB", (double)i->bytes / 1e6);
    put_line(&b, s, "Size", text);
    put_count(&b, s, "Films", i->films);
    put_count(&b, s, "With plot", i->with_plot);
    put_count(&b, s, "Genres", i->genres);
    put_count(&b, s, "Keywords", i->keywords);
    put_count(&b, s, "People", i->people);
    put_line(&b, s, "Recipe", i->recipe);
    put_line(&b, s, "Scores", i->tuned ? "tuned to ratings; kino tune --undo takes that back" : "as they come");
    put_count(&b, s, "Generation", i->generation);
    put_line(&b, s, "Index", i->index);
    if (!i->snapshot_films)
        snprintf(text, sizeof text, "none");
    else if (i->snapshot_behind)
        snprintf(text, sizeof text, "%zu changes behind", i->snapshot_behind);
    else
        snprintf(text, sizeof text, "up to date");
    put_line(&b, s, "Snapshot", text);
    put_line(&b, s, "Weights", *i->weights ? i->weights : "none found; --weights or $KINO_WEIGHTS names them");
    put_line(&b, s, "Processor", i->isa);
    put_line(&b, s, "Network",
             !i->network ? "not built in"
             : key       ? "TMDB, with your key"
                         : "TMDB, once there is a key: $TMDB_API_KEY or ~/.config/kino/tmdb.key");
    put_count(&b, s, "Threads", (uint64_t)i->threads);
    if (a->args.general.verbose) {
        put_fingerprint(&b, s, "Schema id", i->schema_fingerprint);
        put_fingerprint(&b, s, "Encoder id", i->encoder_fingerprint);
        put_fingerprint(&b, s, "Weights id", i->weights_fingerprint);
    }
    app_flush(&b, s);
}

static void print_json(app *a, const kino_info *i, bool key)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "schema", 1);
    kino_tree_text(root, "version", KINO_VERSION);
    kino_tree_text(root, "data", i->data_dir);
    kino_tree_whole(root, "bytes", (int64_t)i->bytes);
    kino_tree_whole(root, "films", (int64_t)i->films);
    kino_tree_whole(root, "with_plot", (int64_t)i->with_plot);
    kino_tree_whole(root, "genres", (int64_t)i->genres);
    kino_tree_whole(root, "keywords", (int64_t)i->keywords);
    kino_tree_whole(root, "people", (int64_t)i->people);
    kino_tree_text(root, "recipe", i->recipe);
    kino_tree_bool(root, "tuned", i->tuned);
    kino_tree_whole(root, "generation", (int64_t)i->generation);
    kino_tree_text(root, "index", i->index);
    kino_tree_whole(root, "snapshot_films", (int64_t)i->snapshot_films);
    kino_tree_whole(root, "snapshot_behind", (int64_t)i->snapshot_behind);
    kino_tree_bool(root, "network", i->network);
    kino_tree_bool(root, "key", key);
    kino_tree_known(root, "weights", i->weights);
    kino_tree_text(root, "isa", i->isa);
    kino_tree_whole(root, "threads", i->threads);
    kino_tree_hex(root, "schema_fingerprint", i->schema_fingerprint);
    kino_tree_hex(root, "encoder_fingerprint", i->encoder_fingerprint);
    kino_tree_hex(root, "weights_fingerprint", i->weights_fingerprint);
    app_print_json(root, &a->out, false);
}

kino_status app_info(app *a, kino_error *err)
{
    kino *k = NULL;
    kino_info info;
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_get_info(k, &info, err);
    if (!st) {
        const bool key = !kino_online(k, NULL); /* of TMDB, to which nothing is sent */
        app_progress_clear(&a->progress);
        if (a->args.output.json)
            print_json(a, &info, key);
        else
            print_info(a, &info, key);
    }
    kino_close(k);
    return st;
}
