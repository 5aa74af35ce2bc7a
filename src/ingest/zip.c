/* zip.c - finds the member of a zip archive that is a list of films. */
#include "ingest/zip.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/status.h"

static uint32_t little(const unsigned char *p, int bytes)
{
    uint32_t n = 0;
    for (int i = bytes; i-- > 0;)
        n = n << 8 | p[i];
    return n;
}

typedef struct archive {
    const unsigned char *in; /* [size] */
    size_t size;
} archive;

typedef struct member {
    const char *name;
    size_t name_size, packed, size, offset;
    int method, flags;
} member;

/* By its name, also below one folder, but not that of what was deleted, as Letterboxd has it. */
static int is_chosen(const member *m, const char *chosen)
{
    const size_t n = strlen(chosen);
    if (m->name_size < n || memcmp(m->name + m->name_size - n, chosen, n))
        return 0;
    const size_t folder = m->name_size - n;
    if (!folder)
        return 2;
    return m->name[folder - 1] == '/' && !memchr(m->name, '/', folder - 1) && memcmp(m->name, "deleted/", 8) &&
           memcmp(m->name, "orphaned/", 9);
}

/* How much a member looks like a list of films; 0: it cannot be one. */
static int wanted(const member *m, const char *chosen)
{
    static const char *const best[] = {"movies_metadata.csv", "tmdb_5000_movies.csv", "ratings.csv", "watched.csv",
                                       "movies.csv"};
    static const char *const endings[] = {".csv", ".tsv", ".json", ".ndjson", ".txt"};
    const char *slash = NULL;
    if (chosen)
        return is_chosen(m, chosen);
    for (size_t i = 0; i < m->name_size; i++)
        if (m->name[i] == '/')
            slash = m->name + i;
    const char *base = slash ? slash + 1 : m->name;
    const size_t n = m->name_size - (size_t)(base - m->name);
    if (!n || *base == '.' || (m->name_size > 8 && !memcmp(m->name, "__MACOSX", 8)))
        return 0;
    for (int i = 0; i < (int)(sizeof best / sizeof *best); i++)
        if (n == strlen(best[i]) && !strncasecmp(base, best[i], n))
            return (slash ? 50 : 100) - i;
    for (int i = 0; i < (int)(sizeof endings / sizeof *endings); i++) {
        const size_t e = strlen(endings[i]);
        if (n > e && !strncasecmp(base + n - e, endings[i], e))
            return 10 - i;
    }
    return 0;
}

/* The place of the record that ends the archive; SIZE_MAX when it is not there. */
static size_t end_record(const archive *s)
{
    for (size_t i = s->size; i-- > 0 && s->size - i < 66000;)
        if (s->size - i >= 22 && !memcmp(s->in + i, "PK\5\6", 4))
            return i;
    return SIZE_MAX;
}

static bool next_member(const archive *s, size_t *at, member *m)
{
    const unsigned char *p = s->in + *at;
    if (s->size - *at < 46 || memcmp(p, "PK\1\2", 4))
        return false;
    *m = (member){.flags = (int)little(p + 8, 2),
                  .method = (int)little(p + 10, 2),
                  .packed = little(p + 20, 4),
                  .size = little(p + 24, 4),
                  .name_size = little(p + 28, 2),
                  .offset = little(p + 42, 4),
                  .name = (const char *)p + 46};
    const size_t whole = 46 + m->name_size + little(p + 30, 2) + little(p + 32, 2);
    if (whole > s->size - *at)
        return false;
    *at += whole;
    return true;
}

/* Where the content of a member begins, and that it is all there. */
static kino_status locate(const archive *s, const member *m, const char *name, kino_zip_member *out, kino_error *err)
{
    if (m->flags & 1 || (m->method != 0 && m->method != 8) || m->packed == UINT32_MAX || m->offset == UINT32_MAX)
        return kino_fail(err, KINO_DAMAGED, "%s: %.*s in it is encrypted or packed in another way; unpack it", name,
                         (int)m->name_size, m->name);
    const unsigned char *head = s->in + m->offset;
    if (m->offset > s->size || s->size - m->offset < 30 || memcmp(head, "PK\3\4", 4))
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive that is damaged; fetch it again", name);
    const size_t start = m->offset + 30 + little(head + 26, 2) + little(head + 28, 2);
    if (start > s->size || m->packed > s->size - start)
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive that is cut off; fetch it again", name);
    *out = (kino_zip_member){m->name, m->name_size, start, m->packed, m->method == 8};
    return KINO_OK;
}

kino_status kino_zip_find(const unsigned char *bytes, size_t size, const char *chosen, const char *name,
                          kino_zip_member *out, kino_error *err)
{
    const archive s = {bytes, size};
    const size_t end = end_record(&s);
    member best = {0}, m;
    bool excel = false;
    if (end == SIZE_MAX || little(s.in + end + 16, 4) > end)
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive that is cut off or damaged; fetch it again", name);
    for (size_t at = little(s.in + end + 16, 4); next_member(&s, &at, &m);) {
        excel = excel || (m.name_size > 3 && !memcmp(m.name, "xl/", 3));
        if (wanted(&m, chosen) > (best.name ? wanted(&best, chosen) : 0) ||
            (best.name && wanted(&m, chosen) == wanted(&best, chosen) && m.size > best.size))
            best = m;
    }
    if (excel)
        return kino_fail(err, KINO_DAMAGED,
                         "%s: this is no list of films that can be read but an Excel workbook; save it as CSV", name);
    if (!best.name && chosen)
        return kino_fail(err, KINO_NOT_FOUND, "%s: there is no %s in it", name, chosen);
    if (!best.name)
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive with no list of films in it", name);
    return locate(&s, &best, name, out, err);
}
