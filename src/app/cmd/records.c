/* records.c - reads and writes the records of `kino embed --records`. */
#include "app/cmd/records.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/jsontree.h"

static bool is_id(const kino_json *id, bool number)
{
    int64_t n;
    if (id && id->kind == KINO_JSON_TEXT)
        return !number && *id->text;
    return kino_json_whole(id, number ? 1 : -(INT64_C(1) << 53), INT64_C(1) << 53, &n);
}

static void set_aside(app_records *r, uint64_t line, const char *why)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "line", (int64_t)line);
    kino_tree_text(root, "error", why);
    r->fault[r->fault_count].before = r->count;
    r->fault[r->fault_count++].at = r->faults.size;
    kino_tree_put(root, false, &r->faults);
    r->fault[r->fault_count].at = r->faults.size;
}

void app_records_read(app_records *r, const app_lines *lines, uint64_t before, bool numbers)
{
    kino_arena_free(&r->memory);
    r->count = r->fault_count = r->faults.size = 0;
    for (size_t i = 0; i < lines->count; i++) {
        kino_error err = {0};
        const kino_json *root = NULL;
        const uint64_t line = before + i + 1;
        if (kino_json_read("record", lines->texts[i], lines->lengths[i], 1, &r->memory, &root, &err)) {
            set_aside(r, line, err.text);
            continue;
        }
        const kino_json *id = kino_json_member(root, "id"), *text = kino_json_member(root, "text");
        if (!is_id(id, numbers) || !text || text->kind != KINO_JSON_TEXT) {
            set_aside(r, line,
                      numbers ? "a record is an object of \"id\", a whole number above 0, and \"text\", a text"
                              : "a record is an object of \"id\", a whole number or a text, and \"text\", a text");
            continue;
        }
        r->ids[r->count] = id;
        r->texts[r->count] = text->text;
        r->lengths[r->count++] = strlen(text->text);
    }
}

void app_records_free(app_records *r)
{
    kino_arena_free(&r->memory);
    free(r->faults.data);
}

static uint64_t hash_of(const app_records *r, size_t i)
{
    return kino_hash(KINO_HASH_START, r->texts[i], r->lengths[i]);
}

/* What was set aside between the records number i - 1 and i. */
static void put_faults(const app_records *r, size_t i, size_t *next, kino_buffer *out)
{
    for (; *next < r->fault_count && r->fault[*next].before == i; ++*next)
        kino_buffer_put(out, r->faults.data + r->fault[*next].at, r->fault[*next + 1].at - r->fault[*next].at);
}

void app_records_put(const app_records *r, const float *vectors, uint64_t weights, kino_buffer *out)
{
    size_t next = 0;
    for (size_t i = 0; i < r->count; i++) {
        const float *v = vectors + i * KINO_PLOT_DIM;
        kino_tree *root = kino_tree_object(NULL, NULL);
        put_faults(r, i, &next, out);
        if (r->ids[i]->kind == KINO_JSON_TEXT)
            kino_tree_text(root, "id", r->ids[i]->text);
        else
            kino_tree_whole(root, "id", (int64_t)r->ids[i]->number);
        kino_tree_text(root, "hash", "");
        kino_tree_put(root, false, out);
        out->size -= strlen("\"\"}\n");
        kino_buffer_print(out, "\"%016llx\",\"weights\":\"%016llx\",\"v\":", (unsigned long long)hash_of(r, i),
                          (unsigned long long)weights);
        for (size_t d = 0; d < KINO_PLOT_DIM; d++) {
            kino_buffer_byte(out, d ? ',' : '[');
            kino_put_float(out, v[d]);
        }
        kino_buffer_print(out, "]}\n");
    }
    put_faults(r, r->count, &next, out);
}

void app_records_put_rows(const app_records *r, const float *vectors, uint64_t weights, kino_buffer *out)
{
    for (size_t i = 0; i < r->count; i++) {
        app_record_row row = {(int64_t)r->ids[i]->number, hash_of(r, i), weights, {0}};
        memcpy(row.v, vectors + i * KINO_PLOT_DIM, sizeof row.v);
        kino_buffer_put(out, &row, sizeof row);
    }
}
