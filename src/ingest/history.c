/* history.c - which kind of history a file is, and the simplest: a list of ids and titles. */
#include "ingest/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "ingest/clean.h"
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
            out->skipped++;
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

/* Closes the source. *rated: it is the table of ratings in an archive. */
static kino_status parse(kino_source *source, const char *links, int64_t user, kino_entries *out, bool *rated,
                         kino_error *err)
{
    kino_buffer bytes = {0};
    bool table = false;
    const char *name = kino_source_name(source);
    kino_status st = kino_source_rest(source, KINO_LIMIT_HISTORY, &bytes, err);
    if (st)
        goto done;
    if (looks_like_json(bytes.data, bytes.data + bytes.size)) {
        st = kino_entries_json(name, bytes.data, bytes.size, out, err);
        goto done;
    }
    st = kino_entries_table(name, bytes.data, bytes.size, links, user, out, &table, err);
    if (!st && !table)
        read_lines(bytes.data, bytes.size, out);
    if (!st && strcmp(kino_source_encoding(source), "UTF-8"))
        kino_entries_remark(out, 0, "the text is %s", kino_source_encoding(source));
    if (!st && *kino_source_member(source))
        kino_entries_remark(out, 0, "%s of the archive was read", kino_source_member(source));
    *rated = !strcmp(kino_source_member(source), "ratings.csv");
done:
    free(bytes.data);
    kino_source_close(source);
    return st;
}

kino_status kino_entries_parse(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, kino_error *err)
{
    bool rated = false;
    return parse(kino_source_from_bytes(bytes, size, path), links, user, out, &rated, err);
}

kino_status kino_entries_read(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err)
{
    kino_source *source = NULL;
    bool more = false;
    kino_status st = kino_source_open(path, &source, err);
    if (!st)
        st = parse(source, links, user, out, &more, err);
    if (st || !more || !strcmp(path, "-"))
        return st;
    kino_error none; /* Letterboxd's archive has what was seen beside what was rated, others have not */
    st = kino_source_open(path, &source, err);
    if (st)
        return st;
    kino_source_choose(source, "watched.csv");
    const char *kind = out->kind;
    if (!parse(source, links, user, out, &more, &none))
        out->kind = kind;
    return KINO_OK;
}
