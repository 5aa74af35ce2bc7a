/* csv.c - records of CSV, one at a time. */
#include "ingest/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/status.h"

enum { CHUNK = 256 * 1024 };

typedef enum csv_state { FIELD_START, UNQUOTED, QUOTED, QUOTE_SEEN } csv_state;

struct kino_csv {
    char *name;
    int fd; /* -1: the bytes are all there */
    bool owns_fd, ended, begun, skip_newline;
    const unsigned char *in; /* [end], read up to `at` */
    size_t at, end;
    unsigned char *chunk; /* [CHUNK], what `in` is when a descriptor is read */
    char *record;         /* the fields so far, each with a zero behind it */
    size_t size, capacity;
    size_t start[KINO_LIMIT_COLUMNS + 1];
    kino_field fields[KINO_LIMIT_COLUMNS + 1];
    size_t count;
    size_t line, record_line, field_line, stray;
    kino_error failed; /* the error that ended the reading */
};

static kino_csv *make(int fd, const char *name)
{
    kino_csv *csv = kino_alloc(sizeof *csv);
    csv->name = kino_strdup(name);
    csv->fd = fd;
    csv->line = csv->record_line = 1;
    if (fd >= 0)
        csv->in = csv->chunk = kino_alloc(CHUNK);
    return csv;
}

kino_csv *kino_csv_from_fd(int fd, const char *name)
{
    return make(fd, name);
}

kino_csv *kino_csv_from_bytes(const void *bytes, size_t size, const char *name)
{
    kino_csv *csv = make(-1, name);
    csv->in = bytes;
    csv->end = size;
    return csv;
}

kino_status kino_csv_open(const char *path, kino_csv **out, kino_error *err)
{
    if (!strcmp(path, "-")) {
        *out = make(STDIN_FILENO, "standard input");
        return KINO_OK;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kino_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? KINO_NOT_FOUND : KINO_FAILED,
                               "%s: cannot open", path);
#ifdef POSIX_FADV_SEQUENTIAL
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    *out = make(fd, path);
    (*out)->owns_fd = true;
    return KINO_OK;
}

void kino_csv_close(kino_csv *csv)
{
    if (!csv)
        return;
    if (csv->owns_fd)
        close(csv->fd);
    free(csv->name);
    free(csv->chunk);
    free(csv->record);
    free(csv);
}

size_t kino_csv_line(const kino_csv *csv)
{
    return csv->record_line;
}

const char *kino_csv_name(const kino_csv *csv)
{
    return csv->name;
}

size_t kino_csv_stray_quotes(const kino_csv *csv)
{
    return csv->stray;
}

/* More bytes behind those not read yet, or `ended`. */
static kino_status refill(kino_csv *csv)
{
    if (csv->fd < 0) {
        csv->ended = true;
        return KINO_OK;
    }
    if (csv->at == csv->end)
        csv->at = csv->end = 0;
    ssize_t n = read(csv->fd, csv->chunk + csv->end, CHUNK - csv->end);
    if (n < 0 && errno == EINTR) /* only a handler meant to interrupt does this: a pipe may be silent for ever */
        return kino_fail(&csv->failed, KINO_INTERRUPTED, "%s: interrupted", csv->name);
    if (n < 0)
        return kino_fail_errno(&csv->failed, KINO_FAILED, "%s: cannot read", csv->name);
    csv->end += (size_t)n;
    csv->ended = n == 0;
    return KINO_OK;
}

/* The byte order mark; a pipe may bring its bytes one by one. */
static kino_status begin(kino_csv *csv)
{
    while (!csv->ended && csv->end < 3) {
        kino_status st = refill(csv);
        if (st)
            return st;
    }
    const unsigned char *p = csv->in;
    if (csv->end >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF)))
        return kino_fail(&csv->failed, KINO_DAMAGED, "%s: line 1: the text is UTF-16; save it as UTF-8", csv->name);
    if (csv->end >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3))
        csv->at = 3;
    csv->ended = csv->fd < 0 && csv->at == csv->end;
    csv->begun = true;
    return KINO_OK;
}

static kino_status append(kino_csv *csv, const void *bytes, size_t n)
{
    if (csv->size - csv->start[csv->count] + n > KINO_LIMIT_FIELD)
        return kino_fail(&csv->failed, KINO_DAMAGED,
                         "%s: line %zu: a field of more than %zu bytes; is a quote there never closed?", csv->name,
                         csv->field_line, KINO_LIMIT_FIELD);
    if (csv->size + n > KINO_CSV_RECORD)
        return kino_fail(&csv->failed, KINO_DAMAGED, "%s: line %zu: a record of more than %zu bytes", csv->name,
                         csv->record_line, KINO_CSV_RECORD);
    if (csv->capacity - csv->size <= n) { /* room for a zero too */
        size_t capacity = csv->capacity ? csv->capacity : 8192;
        while (capacity - csv->size <= n)
            capacity *= 2;
        csv->record = kino_resize_array(csv->record, capacity, 1);
        csv->capacity = capacity;
    }
    memcpy(csv->record + csv->size, bytes, n);
    csv->size += n;
    return KINO_OK;
}

/* Closes the field that began at start[count]. */
static kino_status end_field(kino_csv *csv)
{
    csv->fields[csv->count].size = csv->size - csv->start[csv->count];
    kino_status st = append(csv, "", 0);
    if (st)
        return st;
    csv->record[csv->size++] = 0;
    if (++csv->count > KINO_LIMIT_COLUMNS)
        return kino_fail(&csv->failed, KINO_DAMAGED, "%s: line %zu: a record of more than %d fields", csv->name,
                         csv->record_line, KINO_LIMIT_COLUMNS);
    csv->start[csv->count] = csv->size;
    return KINO_OK;
}

static size_t count_lines(const unsigned char *p, size_t n)
{
    size_t lines = 0;
    const unsigned char *end = p + n;
    for (p = memchr(p, '\n', n); p; p = memchr(p + 1, '\n', (size_t)(end - p) - 1))
        lines++;
    return lines;
}

static kino_status read_record(kino_csv *csv)
{
    kino_status st = csv->begun ? KINO_OK : begin(csv);
    csv_state state = FIELD_START;
    bool quoted = false; /* any quote in this record */
    csv->count = csv->size = csv->start[0] = 0;
    csv->record_line = csv->line;
    while (!st) {
        if (csv->at == csv->end) {
            if (!csv->ended)
                st = refill(csv);
            if (st || !csv->ended)
                continue;
            if (state == QUOTED)
                return kino_fail(&csv->failed, KINO_DAMAGED,
                                 "%s: line %zu: a quoted field begins here and the file ends before its closing quote",
                                 csv->name, csv->field_line);
            return state == FIELD_START && !csv->count ? KINO_OK : end_field(csv);
        }
        const unsigned char *p = csv->in + csv->at, *end = csv->in + csv->end, *q = p;
        if (csv->skip_newline) {
            csv->skip_newline = false;
            if (*p == '\n') {
                csv->at++;
                continue;
            }
        }
        switch (state) {
        case FIELD_START:
            csv->field_line = csv->line;
            if (*p == '"') {
                csv->at++;
                state = QUOTED;
                quoted = true;
                continue;
            }
            state = UNQUOTED;
            break;
        case QUOTED:
            q = memchr(p, '"', (size_t)(end - p));
            if (!q)
                q = end;
            st = append(csv, p, (size_t)(q - p));
            csv->line += count_lines(p, (size_t)(q - p));
            csv->at += (size_t)(q - p) + (q < end);
            if (q < end)
                state = QUOTE_SEEN;
            continue;
        case QUOTE_SEEN:
            if (*p == '"') {
                st = append(csv, p, 1);
                csv->at++;
                state = QUOTED;
                continue;
            }
            csv->stray += *p != ',' && *p != '\n' && *p != '\r';
            state = UNQUOTED;
            break;
        case UNQUOTED:
            break;
        }
        while (q < end && *q != ',' && *q != '\n' && *q != '\r')
            q++;
        st = append(csv, p, (size_t)(q - p));
        csv->at += (size_t)(q - p);
        if (st || q == end)
            continue;
        csv->at++;
        if (*q == ',') {
            st = end_field(csv);
            state = FIELD_START;
            continue;
        }
        csv->line++;
        csv->skip_newline = *q == '\r';
        /* An empty line is none; one that holds "" is a record of one empty field. */
        if (!csv->count && !csv->size && !quoted) {
            state = FIELD_START;
            csv->record_line = csv->line;
            continue;
        }
        return end_field(csv);
    }
    return st;
}

kino_status kino_csv_next(kino_csv *csv, const kino_field **fields, size_t *count, kino_error *err)
{
    kino_status st = csv->failed.status ? csv->failed.status : read_record(csv);
    if (st) {
        if (err)
            *err = csv->failed;
        return st;
    }
    for (size_t i = 0; i < csv->count; i++)
        csv->fields[i].text = csv->record + csv->start[i];
    *fields = csv->fields;
    *count = csv->count;
    return KINO_OK;
}
