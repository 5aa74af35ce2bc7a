/* fuzz_json.c - any text as JSON, as objects one behind another, and as the table that they become. */
#include "base/jsonread.h"
#include "fuzz.h"
#include "ingest/movies.h"
#include "ingest/objects.h"

static size_t count_values(const kino_json *v)
{
    size_t n = 1, inside = 0;
    for (const kino_json *m = v->first; m; m = m->next, inside++)
        n += count_values(m);
    must(inside == v->count, "an array has another number of values than it says");
    return n;
}

static kino_status count_object(void *ctx, kino_field object, const kino_json *tree, size_t line, kino_error *err)
{
    size_t *count = ctx;
    (void)err;
    must(object.size > 0 && line > 0, "an object is nowhere");
    *count += tree ? count_values(tree) : 1;
    return KINO_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_arena arena = {0};
    const kino_json *root = NULL;
    kino_buffer csv = {0};
    kino_movies films = {0};
    size_t count = 0;
    const char *text = (const char *)bytes;
    if (!kino_json_read("x", text, size, 1, &arena, &root, NULL))
        count_values(root);
    kino_objects_each(text, size, count_object, &count, NULL);
    if (!kino_objects_table("x", text, size, &csv, NULL) && csv.size)
        kino_ingest_table(kino_csv_from_bytes(csv.data, csv.size, "x"), NULL, &films, NULL, NULL, NULL);
    kino_movies_free(&films);
    kino_arena_free(&arena);
    free(csv.data);
    return 0;
}

FUZZ_MAIN("json", 40, 100)
