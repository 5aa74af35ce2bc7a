/* history.c - which kind of history a file is, and the simplest: a list of ids and titles. */
#include "ingest/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/status.h"
#include "base/utf8.h"
#include "ingest/clean.h"

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

static kino_status read_lines(const char *bytes, size_t size, kino_entries *out)
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
        kino_buffer clean = {0};
        kino_utf8_clean(&clean, f.text, f.size);
        one->title = kino_arena_strdup(&out->memory, clean.data);
        one->typed = true;
        free(clean.data);
    }
    return KINO_OK;
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

kino_status kino_entries_parse(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, kino_error *err)
{
    bool table = false;
    if (size >= 2 && (!memcmp(bytes, "\xFF\xFE", 2) || !memcmp(bytes, "\xFE\xFF", 2)))
        return kino_fail(err, KINO_DAMAGED, "%s: line 1: the text is UTF-16; save it as UTF-8", path);
    if (size >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) {
        bytes += 3;
        size -= 3;
    }
    if (size >= 2 && !memcmp(bytes, "PK", 2))
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive; unpack it and name one of its files", path);
    if (looks_like_json(bytes, bytes + size))
        return kino_entries_json(path, bytes, size, out, err);
    kino_status st = kino_entries_table(path, bytes, size, links, user, out, &table, err);
    return st || table ? st : read_lines(bytes, size, out);
}

static kino_status read_file(const char *path, kino_buffer *out, kino_error *err)
{
    enum { CHUNK = 1 << 16 };
    kino_status st = KINO_OK;
    const bool standard = !strcmp(path, "-");
    const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    char *chunk = kino_alloc(CHUNK);
    ssize_t n = 1;
    kino_buffer_put(out, "", 0);
    if (fd < 0)
        st = kino_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? KINO_NOT_FOUND : KINO_FAILED, "%s: cannot open",
                             path);
    while (!st && n) {
        n = read(fd, chunk, CHUNK);
        if (n < 0)
            st = kino_fail_errno(err, errno == EINTR ? KINO_INTERRUPTED : KINO_FAILED, "%s: cannot read", path);
        else if (out->size + (size_t)n > KINO_LIMIT_HISTORY)
            st = kino_fail(err, KINO_DAMAGED, "%s: more than %zu MB, which no history of films has", path,
                           KINO_LIMIT_HISTORY >> 20);
        else
            kino_buffer_put(out, chunk, (size_t)n);
    }
    if (fd >= 0 && !standard)
        close(fd);
    free(chunk);
    return st;
}

kino_status kino_entries_read(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err)
{
    kino_buffer bytes = {0};
    kino_status st = read_file(path, &bytes, err);
    if (!st)
        st = kino_entries_parse(strcmp(path, "-") ? path : "standard input", bytes.data, bytes.size, links, user, out,
                                err);
    free(bytes.data);
    return st;
}
