/* export.c - kino export: the films of the catalogue as a table or as JSON, a film a line. */
#include <string.h>

#include "app/cmd/commands.h"

static bool ends_with(const char *path, const char *end)
{
    const size_t n = strlen(path), e = strlen(end);
    return n > e && !strcmp(path + n - e, end);
}

kino_status app_export(app *a, kino_error *err)
{
    const char *path = a->args.words.count ? a->args.words.items[0] : "-";
    const bool json = a->args.output.ndjson || ends_with(path, ".ndjson") || ends_with(path, ".jsonl");
    kino *k = NULL;
    size_t count = 0;
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_export(k, path, json ? KINO_EXPORT_NDJSON : KINO_EXPORT_CSV, &count, err);
    if (!st && !a->args.general.quiet) {
        kino_buffer b = {0};
        app_put_counted(&b, count, "film", "films");
        kino_buffer_print(&b, " written\n");
        app_flush(&b, &a->err);
    }
    kino_close(k);
    return st;
}
