/* objects.c - finds the objects of a JSON file, and makes a table of them. */
#include "ingest/objects.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/status.h"

typedef struct objects {
    const char *text, *end;
    size_t line;
} objects;

/* The next object at the outermost level of what is left, arrays and commas aside; size 0 at the end. */
static kino_field next_object(objects *o)
{
    size_t depth = 0;
    const char *start = NULL;
    bool quoted = false;
    for (; o->text < o->end; o->text++) {
        const char c = *o->text;
        o->line += c == '\n';
        if (quoted) {
            if (c == '\\' && o->text + 1 < o->end)
                o->text++;
            else if (c == '"')
                quoted = false;
            continue;
        }
        quoted = c == '"' && start;
        if (!start && c != '{') {
            if (strchr(" \t\r\n,[]", c) && c)
                continue;
            start = o->text; /* something else: it will be refused */
        }
        if (!start)
            start = o->text;
        depth += c == '{';
        if (c == '}' && depth && --depth == 0) {
            o->text++;
            return (kino_field){start, (size_t)(o->text - start)};
        }
    }
    return (kino_field){start ? start : "", start ? (size_t)(o->end - start) : 0};
}

static const kino_json *list_of(const kino_json *page)
{
    static const char *const names[] = {"results", "items", "movies", "parts"};
    const kino_json *list = NULL;
    for (size_t i = 0; !list && i < sizeof names / sizeof *names; i++)
        list = kino_json_member(page, names[i]);
    return list && list->kind == KINO_JSON_ARRAY && !kino_json_member(page, "title") ? list : NULL;
}

static kino_status each(objects o, bool inside, kino_object_fn fn, void *ctx, kino_error *err)
{
    kino_status st = KINO_OK;
    while (!st) {
        kino_arena memory = {0};
        const kino_json *tree = NULL;
        kino_error why = {0};
        while (o.text < o.end && memchr(" \t\r\n,[]", *o.text, 7))
            o.line += *o.text++ == '\n';
        const size_t line = o.line;
        const kino_field object = next_object(&o);
        if (!object.size)
            break;
        const bool sound = !kino_json_read("", object.text, object.size, line, &memory, &tree, NULL);
        if (sound && !inside && list_of(tree)) {
            const char *list = memchr(object.text, '[', object.size);
            st = each((objects){list, object.text + object.size - 1, line}, true, fn, ctx, err);
        } else {
            st = fn(ctx, object, sound ? tree : NULL, line, &why);
            if (st)
                kino_fail(err, st, "line %zu: %s", line, why.text);
        }
        kino_arena_free(&memory);
    }
    return st;
}

kino_status kino_objects_each(const char *bytes, size_t size, kino_object_fn fn, void *ctx, kino_error *err)
{
    return each((objects){bytes, bytes + size, 1}, false, fn, ctx, err);
}

/* ---- a table ---- */

typedef struct table {
    kino_arena memory;
    const char *names[KINO_LIMIT_COLUMNS];
    size_t count, line;
    kino_buffer *out;
} table;

static kino_status collect(void *ctx, kino_field object, const kino_json *tree, size_t line, kino_error *err)
{
    table *t = ctx;
    (void)object, (void)line;
    if (!tree)
        return kino_fail(err, KINO_DAMAGED, "no JSON, or cut off");
    for (const kino_json *m = tree->first; m; m = m->next) {
        size_t i = 0;
        while (i < t->count && strcmp(t->names[i], m->name))
            i++;
        if (i == t->count && i == KINO_LIMIT_COLUMNS)
            return kino_fail(err, KINO_DAMAGED, "members of more than %d names", KINO_LIMIT_COLUMNS);
        if (i == t->count)
            t->names[t->count++] = kino_arena_strdup(&t->memory, m->name);
    }
    return KINO_OK;
}

static void put_text(kino_buffer *b, const char *text)
{
    kino_buffer_byte(b, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            kino_buffer_print(b, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            kino_buffer_print(b, "\\u%04x", *text);
        else
            kino_buffer_byte(b, *text);
    }
    kino_buffer_byte(b, '"');
}

/* JSON again; it is as deep as what was read, which is bounded. */
static void put_json(kino_buffer *b, const kino_json *v)
{
    char number[KINO_NUMBER_ROOM];
    switch (v->kind) {
    case KINO_JSON_TEXT:
        put_text(b, v->text);
        return;
    case KINO_JSON_NUMBER:
        kino_buffer_put(b, number, kino_number_print(v->number, number));
        return;
    case KINO_JSON_ARRAY:
    case KINO_JSON_OBJECT:
        break;
    default:
        kino_buffer_print(b, "%s", v->kind == KINO_JSON_NULL ? "null" : v->kind == KINO_JSON_TRUE ? "true" : "false");
        return;
    }
    kino_buffer_byte(b, v->kind == KINO_JSON_ARRAY ? '[' : '{');
    for (const kino_json *m = v->first; m; m = m->next) {
        if (m != v->first)
            kino_buffer_byte(b, ',');
        if (v->kind == KINO_JSON_OBJECT) {
            put_text(b, m->name);
            kino_buffer_byte(b, ':');
        }
        put_json(b, m);
    }
    kino_buffer_byte(b, v->kind == KINO_JSON_ARRAY ? ']' : '}');
}

/* A quoted cell; a line break in it is Unicode's, so that lines are still those of the file. */
static void put_cell(kino_buffer *out, const char *text)
{
    kino_buffer_byte(out, '"');
    for (; *text; text++) {
        if (*text == '\n')
            kino_buffer_print(out, "\xE2\x80\xA8");
        else if (*text != '\r')
            kino_buffer_print(out, *text == '"' ? "\"\"" : "%c", *text);
    }
    kino_buffer_byte(out, '"');
}

static kino_status put_row(void *ctx, kino_field object, const kino_json *tree, size_t line, kino_error *err)
{
    table *t = ctx;
    (void)object, (void)err;
    for (; t->line < line; t->line++)
        kino_buffer_byte(t->out, '\n');
    for (size_t i = 0; i < t->count; i++) {
        const kino_json *v = kino_json_member(tree, t->names[i]);
        kino_buffer cell = {0};
        kino_buffer_put(&cell, "", 0);
        if (v && v->kind == KINO_JSON_TEXT)
            kino_buffer_print(&cell, "%s", v->text);
        else if (v && v->kind != KINO_JSON_NULL)
            put_json(&cell, v);
        if (i)
            kino_buffer_byte(t->out, ',');
        put_cell(t->out, cell.data);
        free(cell.data);
    }
    kino_buffer_byte(t->out, '\n');
    t->line++;
    return KINO_OK;
}

kino_status kino_objects_table(const char *name, const char *bytes, size_t size, kino_buffer *csv, kino_error *err)
{
    table t = {.line = 1, .out = csv};
    kino_error why = {0};
    kino_status st = kino_objects_each(bytes, size, collect, &t, &why);
    if (!st && !t.count)
        st = kino_fail(&why, KINO_DAMAGED, "JSON, but no objects in it");
    for (size_t i = 0; !st && i < t.count; i++) {
        if (i)
            kino_buffer_byte(csv, ',');
        put_cell(csv, t.names[i]);
    }
    if (!st) {
        kino_buffer_byte(csv, '\n');
        st = kino_objects_each(bytes, size, put_row, &t, &why);
    }
    if (st)
        kino_fail(err, st, "%s: %s", name, why.text);
    kino_arena_free(&t.memory);
    return st;
}
