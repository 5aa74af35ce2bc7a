/* entries.c - the lines of a history, as every reader of one makes them. */
#include "ingest/entries.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ingest/values.h"

kino_entry *kino_entries_add(kino_entries *w, size_t line)
{
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? 2 * w->capacity : 256;
        w->items = kino_resize_array(w->items, w->capacity, sizeof *w->items);
    }
    kino_entry *one = &w->items[w->count++];
    *one = (kino_entry){.line = line, .title = "", .other = "", .rating = __builtin_nan("")};
    return one;
}

void kino_entries_free(kino_entries *w)
{
    free(w->items);
    free(w->remarks);
    kino_arena_free(&w->memory);
    *w = (kino_entries){0};
}

const char *kino_entries_text(kino_entries *w, const char *text, size_t size)
{
    kino_buffer clean = {0}, plain = {0};
    const kino_field f = kino_trim((kino_field){text, size});
    kino_utf8_clean(&clean, f.text, f.size);
    kino_html_text(&plain, clean.data, clean.size);
    const char *out = kino_arena_strdup(&w->memory, plain.data);
    free(clean.data);
    free(plain.data);
    return out;
}

bool kino_entry_link(kino_entry *one, const char *text)
{
    char imdb[16];
    int64_t tmdb;
    bool other;
    if (!kino_value_link(text, &tmdb, imdb, &other))
        return true;
    if (tmdb && !one->tmdb)
        one->tmdb = tmdb;
    if (*imdb && !*one->imdb)
        memcpy(one->imdb, imdb, sizeof imdb);
    return !other;
}

const char kino_no_rating[] = "no rating", kino_no_year[] = "no year";

void kino_entries_skip(kino_entries *w, size_t line)
{
    if (!w->skipped++)
        w->skipped_line = line;
}

void kino_entries_remark(kino_entries *w, size_t line, const char *reason, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (w->remark_count == w->remark_capacity) {
        w->remark_capacity = w->remark_capacity ? 2 * w->remark_capacity : 16;
        w->remarks = kino_resize_array(w->remarks, w->remark_capacity, sizeof *w->remarks);
    }
    w->remarks[w->remark_count++] = (kino_remark){line, reason, kino_arena_strdup(&w->memory, text)};
}

/* ---- ratings ---- */

void kino_marks_read(kino_marks *m, kino_entries *w, const char *text, size_t size)
{
    const kino_field f = kino_trim((kino_field){text, size});
    kino_entry *one = &w->items[w->count - 1];
    double value, of;
    if (kino_value_absent(f))
        return;
    if (!kino_value_mark(f, &value, &of) || value < 0 || (of > 0 && value > of)) {
        one->unread = true;
        kino_entries_remark(w, one->line, kino_no_rating, "\"%.*s\" is no rating", f.size < 40 ? (int)f.size : 40,
                            f.text);
        return;
    }
    if (of > 0) {
        one->rating = value / of;
        return;
    }
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? 2 * m->capacity : 256;
        m->items = kino_resize_array(m->items, m->capacity, sizeof *m->items);
    }
    m->items[m->count++] = (struct kino_mark){w->count - 1, value};
}

static size_t count_above(const kino_marks *m, double value)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        n += m->items[i].value > value;
    return n;
}

/* Percent where at least half is beyond ten; else the few beyond ten are no ratings, and one between five and ten says
 * that ten is the best. */
static double scale_of(const kino_marks *m, double most)
{
    const size_t beyond_ten = count_above(m, 10);
    if (beyond_ten && 2 * beyond_ten >= m->count && most != 5)
        return 100;
    if (most > 0)
        return most;
    return count_above(m, 5) > beyond_ten ? 10 : 5;
}

void kino_marks_scale(kino_marks *m, kino_entries *w, double most)
{
    const double best = scale_of(m, most);
    for (size_t i = 0; i < m->count; i++) {
        kino_entry *one = &w->items[m->items[i].entry];
        one->unread = m->items[i].value > best;
        if (!one->unread)
            one->rating = m->items[i].value / best;
        else
            kino_entries_remark(w, one->line, kino_no_rating, "%g is no rating from 0 to %g", m->items[i].value, best);
    }
    free(m->items);
    *m = (kino_marks){0};
}

/* ---- days ---- */

/* Days from 1970-01-01 in the Gregorian calendar; a year begins in March, so that the leap day is its last. */
static int64_t days_of(int y, int m, int d)
{
    const int64_t year = y - (m <= 2), month = (m + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + d - 1 - 719468;
}

int64_t kino_entry_day(const char *text, size_t size)
{
    char date[11] = "";
    int year = 0, month = 0, day = 0;
    const size_t digits = strspn(text, "0123456789");
    if (digits == size && size >= 9 && size <= 11)
        return strtoll(text, NULL, 10) / 86400;
    const kino_date_form form = kino_value_date((kino_field){text, size}, date, &year);
    if (form == KINO_DATE_NONE || form == KINO_DATE_BAD || sscanf(date, "%d-%d-%d", &year, &month, &day) != 3)
        return 0;
    return days_of(year, month, day);
}
