/* sheet.c - the wanted columns of a CSV file. */
#include "eval/sheet.h"

#include <math.h>
#include <strings.h>

#include "base/number.h"
#include "base/status.h"

/* The places of the columns; the name of one that is not there, or NULL. */
static const char *find_columns(const kino_field *fields, size_t n, const kino_shape shape, kino_sheet *out)
{
    for (out->count = 0; out->count < KINO_SHEET_COLUMNS && shape[out->count]; out->count++) {
        size_t at = 0;
        while (at < n && strcasecmp(fields[at].text, shape[out->count]))
            at++;
        if (at == n)
            return shape[out->count];
        out->column[out->count] = at;
    }
    return NULL;
}

kino_status kino_sheet_open(const char *path, const kino_shape *shapes, size_t shape_count, kino_sheet *out,
                            kino_error *err)
{
    const kino_field *fields;
    size_t n;
    kino_status st = kino_csv_open(path, &out->csv, err);
    if (!st)
        st = kino_csv_next(out->csv, &fields, &n, err);
    if (st)
        return st;
    for (out->shape = 0; out->shape < shape_count; out->shape++)
        if (!find_columns(fields, n, shapes[out->shape], out))
            return KINO_OK;
    return kino_fail(err, KINO_DAMAGED, "%s: has no column %s; is it MovieLens' file?", path,
                     find_columns(fields, n, shapes[0], out));
}

kino_status kino_sheet_next(kino_sheet *s, kino_error *err)
{
    const kino_field *fields;
    size_t n;
    kino_status st = kino_csv_next(s->csv, &fields, &n, err);
    s->more = !st && n;
    for (size_t i = 0; s->more && i < s->count; i++)
        s->cells[i] = s->column[i] < n ? fields[s->column[i]] : (kino_field){"", 0};
    return st;
}

double kino_sheet_number(const kino_sheet *s, size_t column)
{
    double x;
    const bool is_one = kino_number_parse(s->cells[column].text, s->cells[column].size, &x);
    return is_one && fabs(x) <= 0x1p53 ? x : NAN;
}

void kino_sheet_close(kino_sheet *s)
{
    kino_csv_close(s->csv);
    *s = (kino_sheet){0};
}
