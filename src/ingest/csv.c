#include "ingest/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"

void kino_csv_init(kino_csv *csv, FILE *file, const char *name)
{
    memset(csv, 0, sizeof *csv);
    csv->file = file;
    csv->name = name;
    csv->next_line = 1;
}

void kino_csv_free(kino_csv *csv)
{
    free(csv->bytes.data);
    csv->bytes = (kino_buffer){0};
}

/* Fields are cut while their bytes may still move: offsets first, pointers when the record is whole. */
static void end_field(kino_csv *csv, size_t start)
{
    csv->fields[csv->count++] = (kino_field){(const char *)start, csv->bytes.size - start};
    kino_buffer_byte(&csv->bytes, 0);
}

static int next_byte(kino_csv *csv)
{
    int c;
    do
        c = getc_unlocked(csv->file);
    while (c == 0);
    return c;
}

static void skip_bom(kino_csv *csv)
{
    static const int bom[3] = {0xEF, 0xBB, 0xBF};
    int got[3], n = 0;
    while (n < 3 && (got[n] = getc_unlocked(csv->file)) == bom[n])
        n++;
    if (n < 3) {  /* not a BOM: give back what was read; the standard promises one byte, so keep the others */
        if (got[n] != EOF)
            ungetc(got[n], csv->file);
        for (int i = 0; i < n; i++)
            kino_buffer_byte(&csv->bytes, (char)got[i]);
    }
}

kino_status kino_csv_next(kino_csv *csv, kino_error *err)
{
    bool quoted = false, was_quoted = false, any = false;
    csv->bytes.size = 0;
    csv->count = 0;
    csv->line = csv->next_line;
    if (!csv->started) {
        csv->started = true;
        skip_bom(csv);
        any = csv->bytes.size > 0;
    }
    size_t start = 0, quote_line = csv->line;
    for (;;) {
        int c = next_byte(csv);
        if (c == EOF) {
            if (ferror(csv->file))
                return kino_fail_errno(err, KINO_FAILED, "%s: cannot read", csv->name);
            if (quoted)
                return kino_fail(err, KINO_DAMAGED, "%s, line %zu: a quote opens here and is never closed; is the file "
                                 "cut short?", csv->name, quote_line);
            if (!any && !csv->count)
                return KINO_OK;
            break;
        }
        any = true;
        if (csv->bytes.size - start > KINO_LIMIT_FIELD)
            return kino_fail(err, KINO_DAMAGED, "%s, line %zu: a field of more than %zu bytes", csv->name, csv->line,
                             KINO_LIMIT_FIELD);
        if (c == '\n')
            csv->next_line++;
        if (quoted) {
            if (c != '"') {
                kino_buffer_byte(&csv->bytes, (char)c);
                continue;
            }
            c = next_byte(csv);
            if (c == '"') {
                kino_buffer_byte(&csv->bytes, '"');
            } else {
                quoted = false;
                was_quoted = true;
                if (c != EOF)
                    ungetc(c, csv->file);
            }
            continue;
        }
        if (c == '"' && csv->bytes.size == start && !was_quoted) {
            quoted = true;
            quote_line = csv->next_line;
        } else if (c == ',') {
            if (csv->count == KINO_LIMIT_COLUMNS - 1)
                return kino_fail(err, KINO_DAMAGED, "%s, line %zu: more than %d fields", csv->name, csv->line,
                                 KINO_LIMIT_COLUMNS);
            end_field(csv, start);
            start = csv->bytes.size;
            was_quoted = false;
        } else if (c == '\r') {
            int after = next_byte(csv);
            if (after != EOF)
                ungetc(after, csv->file);
            if (after != '\n' && after != EOF)
                kino_buffer_byte(&csv->bytes, '\r');
        } else if (c == '\n') {
            if (!csv->count && csv->bytes.size == start && !was_quoted) {  /* an empty line is no record */
                csv->line = csv->next_line;
                any = false;
                continue;
            }
            break;
        } else {
            kino_buffer_byte(&csv->bytes, (char)c);
        }
    }
    end_field(csv, start);
    for (size_t i = 0; i < csv->count; i++)
        csv->fields[i].text = csv->bytes.data + (size_t)csv->fields[i].text;
    return KINO_OK;
}
