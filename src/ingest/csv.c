/* csv.c - records of CSV, one at a time. */
#include "ingest/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/status.h"
#include "ingest/source.h"

enum { CHUNK = 256 * 1024 };

typedef enum csv_state { FIELD_START, UNQUOTED, QUOTED, QUOTE_SEEN } csv_state;

struct kino_csv {
    kino_source *source;
    bool ended, begun, skip_newline;
    char separator;
    bool quotes;          /* IMDb's tables have none: a quote there is a letter */
    unsigned char *chunk; /* [CHUNK], read up to `at` */
    size_t at, end;
    char *record; /* the fields so far, each with a zero behind it */
    size_t size, capacity;
    size_t start[KINO_LIMIT_COLUMNS + 1];
    kino_field fields[KINO_LIMIT_COLUMNS + 1];
    size_t count;
    size_t line, record_line, field_line, stray;
    kino_error failed; /* the error that ended the reading */
};

static kino_csv *make(kino_source *source)
{
    kino_csv *csv = kino_alloc(sizeof *csv);
    csv->source = source;
    csv->line = csv->record_line = 1;
    csv->separator = ',';
    csv->quotes = true;
    csv->chunk = kino_alloc(CHUNK);
    return csv;
}

kino_csv *kino_csv_from_fd(int fd, const char *name)
{
    return make(kino_source_from_fd(fd, name));
}

kino_csv *kino_csv_from_bytes(const void *bytes, size_t size, const char *name)
{
    return make(kino_source_from_bytes(bytes, size, name));
}

kino_csv *kino_csv_from_source(kino_source *source)
{
    return make(source);
}

void kino_csv_begin_at(kino_csv *csv, size_t line)
{
    csv->line = csv->record_line = line;
}

kino_status kino_csv_open(const char *path, kino_csv **out, kino_error *err)
{
    kino_source *source = NULL;
    kino_status st = kino_source_open(path, &source, err);
    if (!st)
        *out = make(source);
    return st;
}

void kino_csv_close(kino_csv *csv)
{
    if (!csv)
        return;
    kino_source_close(csv->source);
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
    return kino_source_name(csv->source);
}

size_t kino_csv_stray_quotes(const kino_csv *csv)
{
    return csv->stray;
}

char kino_csv_separator(const kino_csv *csv)
{
    return csv->separator;
}

const kino_source *kino_csv_source(const kino_csv *csv)
{
    return csv->source;
}

/* More bytes behind those not read yet, or `ended`. */
static kino_status refill(kino_csv *csv)
{
    size_t n;
    if (csv->at == csv->end)
        csv->at = csv->end = 0;
    kino_status st = kino_source_read(csv->source, (char *)csv->chunk + csv->end, CHUNK - csv->end, &n, &csv->failed);
    csv->end += st ? 0 : n;
    csv->ended = !st && n == 0;
    return st;
}

/* ---- what stands between the fields ---- */

/* The end of the line at p, outside of quotes, or NULL; what can be a separator is counted. */
static const unsigned char *look_at_line(const unsigned char *p, const unsigned char *end, const char *marks,
                                         size_t *count)
{
    bool quoted = false;
    for (; p < end; p++) {
        const char *mark = *p ? strchr(marks, *p) : NULL;
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && (*p == '\n' || *p == '\r'))
            return p;
        else if (!quoted && mark)
            count[mark - marks]++;
    }
    return NULL;
}

/* The commonest mark of the first line that has any; a comma wins a draw. */
static void find_separator(kino_csv *csv)
{
    static const char marks[] = ",;\t|";
    enum { LINES = 8 };
    const unsigned char *p = csv->chunk + csv->at, *end = csv->chunk + csv->end;
    if (end - p > 5 && !memcmp(p, "sep=", 4) && strchr(marks, p[4]) && p[4] && (p[5] == '\n' || p[5] == '\r')) {
        csv->separator = (char)p[4]; /* a line that spreadsheets write in front */
        csv->at += 5;
        return;
    }
    for (int line = 0; p && p < end && line < LINES; line++) {
        size_t count[sizeof marks] = {0}, best = 0;
        const unsigned char *next = look_at_line(p, end, marks, count);
        for (size_t i = 1; i + 1 < sizeof marks; i++)
            if (count[i] > count[best])
                best = i;
        if (count[best]) {
            csv->separator = marks[best];
            csv->quotes = marks[best] != '\t' || end - p < 6 || !memchr("tn", *p, 2) ||
                          (memcmp(p + 1, "const", 5) && memcmp(p, "titleId", 6));
            return;
        }
        p = next ? next + 1 : NULL;
    }
}

/* The first lines have to be there; a pipe may bring its bytes one by one. */
static kino_status begin(kino_csv *csv)
{
    enum { HEAD = 4096 };
    while (!csv->ended && csv->end < HEAD) {
        kino_status st = refill(csv);
        if (st)
            return st;
    }
    find_separator(csv);
    csv->begun = true;
    return KINO_OK;
}

static kino_status append(kino_csv *csv, const void *bytes, size_t n)
{
    if (csv->size - csv->start[csv->count] + n > KINO_LIMIT_FIELD)
        return kino_fail(&csv->failed, KINO_DAMAGED,
                         "%s: line %zu: a field of more than %zu bytes; is a quote there never closed?",
                         kino_csv_name(csv), csv->field_line, KINO_LIMIT_FIELD);
    if (csv->size + n > KINO_CSV_RECORD)
        return kino_fail(&csv->failed, KINO_DAMAGED, "%s: line %zu: a record of more than %zu bytes",
                         kino_csv_name(csv), csv->record_line, KINO_CSV_RECORD);
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
        return kino_fail(&csv->failed, KINO_DAMAGED, "%s: line %zu: a record of more than %d fields",
                         kino_csv_name(csv), csv->record_line, KINO_LIMIT_COLUMNS);
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
    const unsigned char sep = (unsigned char)csv->separator;
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
                                 kino_csv_name(csv), csv->field_line);
            return state == FIELD_START && !csv->count ? KINO_OK : end_field(csv);
        }
        const unsigned char *p = csv->chunk + csv->at, *end = csv->chunk + csv->end, *q = p;
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
            if (*p == '"' && csv->quotes) {
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
            csv->stray += *p != sep && *p != '\n' && *p != '\r';
            state = UNQUOTED;
            break;
        case UNQUOTED:
            break;
        }
        while (q < end && *q != sep && *q != '\n' && *q != '\r')
            q++;
        st = append(csv, p, (size_t)(q - p));
        csv->at += (size_t)(q - p);
        if (st || q == end)
            continue;
        csv->at++;
        if (*q == sep) {
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
