/* history.c - which kind of history a file is, and the simplest: a list of ids and titles. */
#include "ingest/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/status.h"
#include "ingest/clean.h"
#include "ingest/library.h"
#include "ingest/nfo.h"
#include "ingest/source.h"

/* ---- a list ---- */

static bool all_numbers(const char *p, const char *end)
{
    bool any = false;
    for (; p < end; p++) {
        if (!strchr("0123456789 \t\r\n", *p) || !*p)
            return false;
        any = any || (*p >= '0' && *p <= '9');
    }
    return any;
}

static void read_lines(const char *bytes, size_t size, kino_entries *out)
{
    const char *end = bytes + size;
    const bool numbers = all_numbers(bytes, end); /* then 1917 is an id; among titles it is what is found */
    size_t line = 1;
    out->kind = "list";
    for (const char *p = bytes; p < end; line++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        kino_field f = kino_trim((kino_field){p, (size_t)((newline ? newline : end) - p)});
        p = newline ? newline + 1 : end;
        if (!f.size || (f.text[0] == '#' && (f.size == 1 || f.text[1] == ' ')))
            continue;
        kino_entry *one = kino_entries_add(out, line);
        if (numbers && kino_parse_id(f, &one->tmdb))
            continue;
        one->title = kino_entries_text(out, f.text, f.size);
        one->typed = true;
        if (!kino_entry_link(one, one->title)) {
            out->count--;
            kino_entries_skip(out, line);
        }
    }
}

/* ---- any ---- */

/* "[{", "[1", "[]" or "{" begin JSON; "[REC]" is a film. */
static bool looks_like_json(const char *p, const char *end)
{
    static const char space[] = " \t\r\n";
    while (p < end && *p && strchr(space, *p))
        p++;
    if (p == end || (*p != '[' && *p != '{'))
        return false;
    if (*p++ == '{')
        return true;
    while (p < end && *p && strchr(space, *p))
        p++;
    return p < end && *p && strchr("{]\"0123456789", *p);
}

/* Closes the source. `member` is set to the one of the archive that was read, "" where it is none. */
static kino_status parse(kino_source *source, const char *links, int64_t user, kino_entries *out, kino_buffer *member,
                         kino_error *err)
{
    kino_buffer bytes = {0};
    bool table = false;
    const char *name = kino_source_name(source), *read;
    kino_status st = kino_source_rest(source, KINO_LIMIT_HISTORY, &bytes, err);
    if (st)
        goto done;
    if (looks_like_json(bytes.data, bytes.data + bytes.size)) {
        st = kino_entries_json(name, bytes.data, bytes.size, out, err);
        goto done;
    }
    if (kino_nfo_looks_like(bytes.data, bytes.size)) {
        kino_marks marks = {0};
        out->kind = "Kodi";
        kino_nfo_read(bytes.data, bytes.size, out, &marks);
        kino_marks_scale(&marks, out, 10);
        goto done;
    }
    st = kino_entries_table(name, bytes.data, bytes.size, links, user, out, &table, err);
    if (!st && !table)
        read_lines(bytes.data, bytes.size, out);
    if (!st && strcmp(kino_source_encoding(source), "UTF-8"))
        kino_entries_remark(out, 0, "", "the text is %s", kino_source_encoding(source));
    read = kino_source_member(source);
    if (!st && *read)
        kino_entries_remark(out, 0, "", "%s of the archive was read", read);
    if (member)
        kino_buffer_print(member, "%s", read);
done:
    free(bytes.data);
    kino_source_close(source);
    return st;
}

kino_status kino_entries_parse(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, kino_error *err)
{
    return parse(kino_source_from_bytes(bytes, size, path), links, user, out, NULL, err);
}

/* ---- Letterboxd's archive: each member for what it says ---- */

/* A film that has a heart is liked as much as can be, where it has no rating; the day of the heart says nothing. */
static void are_liked(kino_entries *w, size_t first)
{
    for (size_t i = first; i < w->count; i++) {
        w->items[i].rating = 1;
        w->items[i].day = 0;
    }
}

/* KINO_NOT_FOUND where it has no such member: the person has none, or did not export it. */
static kino_status read_member(const char *path, const char *name, kino_entries *out, kino_error *err)
{
    kino_source *source = NULL;
    const size_t before = out->count;
    kino_status st = kino_source_open(path, &source, err);
    if (st)
        return st;
    kino_source_choose(source, name);
    st = parse(source, NULL, 0, out, NULL, err);
    if (!st && strstr(name, "likes/"))
        are_liked(out, before);
    for (size_t i = before; i < out->count; i++)
        out->items[i].again = before > 0;
    return st;
}

static bool ends_with(const kino_buffer *b, const char *end)
{
    const size_t n = strlen(end);
    return b->size >= n && !strcmp(b->data + b->size - n, end);
}

kino_status kino_entries_read(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err)
{
    static const char *const members[] = {"ratings.csv", "watched.csv", "diary.csv", "likes/films.csv"};
    kino_source *source = NULL;
    kino_buffer first = {0};
    kino_error why = {0};
    kino_status st = kino_source_open(path, &source, err);
    if (!st)
        st = parse(source, links, user, out, &first, err);
    const bool archive = !st && first.size && !strcmp(out->kind, "Letterboxd") && strcmp(path, "-");
    const char *kind = out->kind;
    for (size_t i = 0; !st && archive && i < sizeof members / sizeof *members; i++) {
        if (ends_with(&first, members[i]))
            continue;
        st = read_member(path, members[i], out, &why);
        if (st == KINO_NOT_FOUND)
            st = KINO_OK;
        else if (st)
            kino_fail(err, st, "%s", why.text);
    }
    out->kind = kind;
    free(first.data);
    return st;
}

kino_status kino_entries_among(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err)
{
    kino_error why = {0};
    kino_source *source = NULL;
    if (kino_library_is(path))
        return kino_library_read(path, out, err);
    kino_status st = strcmp(path, "-") ? read_member(path, "watchlist.csv", out, &why) : KINO_NOT_FOUND;
    if (st && st != KINO_NOT_FOUND && st != KINO_USAGE)
        return kino_fail(err, st, "%s", why.text);
    if (!st)
        return KINO_OK;
    kino_entries_free(out);
    st = kino_source_open(path, &source, err);
    return st ? st : parse(source, links, user, out, NULL, err);
}
