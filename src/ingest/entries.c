/* entries.c - the lines of a history, as every reader of one makes them. */
#include "ingest/entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/clean.h"

kino_entry *kino_entries_add(kino_entries *w, size_t line)
{
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? 2 * w->capacity : 256;
        w->items = kino_resize_array(w->items, w->capacity, sizeof *w->items);
    }
    kino_entry *one = &w->items[w->count++];
    *one = (kino_entry){.line = line, .title = "", .rating = __builtin_nan("")};
    return one;
}

void kino_entries_free(kino_entries *w)
{
    free(w->items);
    kino_arena_free(&w->memory);
    *w = (kino_entries){0};
}

/* Days from 1970-01-01 in the Gregorian calendar; a year begins in March, so that the leap day is its last. */
static int64_t days_of(int y, int m, int d)
{
    const int64_t year = y - (m <= 2), month = (m + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + d - 1 - 719468;
}

int64_t kino_entry_day(const char *text, size_t size)
{
    char date[11];
    int year = 0, month = 0, day = 0;
    const size_t digits = strspn(text, "0123456789");
    if (digits == size && size >= 9 && size <= 11)
        return strtoll(text, NULL, 10) / 86400;
    const kino_date_form form = kino_parse_date((kino_field){text, size}, date, &year);
    if (form == KINO_DATE_NONE || form == KINO_DATE_BAD || sscanf(date, "%d-%d-%d", &year, &month, &day) != 3)
        return 0;
    return days_of(year, month, day);
}
