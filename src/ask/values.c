/* values.c - strict readers of values: what strtol and strtod would let pass is refused. */
#include "ask/values.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

/* ---- words ---- */

void kino_words_add(kino_words *w, const char *word)
{
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? 2 * w->capacity : 16;
        w->items = kino_resize_array(w->items, w->capacity, sizeof *w->items);
    }
    w->items[w->count++] = word;
}

kino_words kino_words_copy(const kino_words *w)
{
    kino_words copy = {0};
    for (size_t i = 0; i < w->count; i++)
        kino_words_add(&copy, w->items[i]);
    return copy;
}

static kino_status add_list(const char *name, const char *text, size_t most, kino_arena *memory, kino_words *w,
                            kino_error *err)
{
    for (const char *p = text; *p; p += *p == ',') {
        p += strspn(p, " ");
        size_t n = strcspn(p, ","), kept = n;
        while (kept && p[kept - 1] == ' ')
            kept--;
        if (kept && most && w->count == most)
            return kino_fail(err, KINO_USAGE, "%s: at most %zu names", name, most);
        if (kept)
            kino_words_add(w, kino_arena_strndup(memory, p, kept));
        p += n;
    }
    return KINO_OK;
}

/* ---- numbers ---- */

/* strtoll and strtod skip white space and read "0x1f", "inf" and "nan": a stricter look comes first. */
static bool only(const char *text, const char *allowed)
{
    return *text && !text[strspn(text, allowed)];
}

kino_status kino_parse_whole(const char *name, const char *text, int64_t low, int64_t high, int64_t *out,
                             kino_error *err)
{
    errno = 0;
    char *end = NULL;
    long long value = only(text, "-0123456789") ? strtoll(text, &end, 10) : 0;
    if (!end || *end || errno || value < low || value > high) {
        if (high == INT64_MAX)
            return kino_fail(err, KINO_USAGE, "%s takes a whole number from %lld, not \"%s\"", name, (long long)low,
                             text);
        return kino_fail(err, KINO_USAGE, "%s takes a whole number from %lld to %lld, not \"%s\"", name, (long long)low,
                         (long long)high, text);
    }
    *out = value;
    return KINO_OK;
}

kino_status kino_parse_seed(const char *name, const char *text, uint64_t *out, kino_error *err)
{
    errno = 0;
    unsigned long long value = only(text, "0123456789") ? strtoull(text, NULL, 10) : (errno = EINVAL, 0);
    if (errno)
        return kino_fail(err, KINO_USAGE, "%s takes a whole number below 2^64, not \"%s\"", name, text);
    *out = value;
    return KINO_OK;
}

kino_status kino_parse_real(const char *name, const char *text, double low, double high, double *out, kino_error *err)
{
    char *end = NULL;
    double value = only(text, "+-.0123456789eE") ? strtod(text, &end) : 0;
    if (!end || end == text || *end || !(value >= low && value <= high))
        return kino_fail(err, KINO_USAGE, "%s takes a number from %g to %g, not \"%s\"", name, low, high, text);
    *out = value;
    return KINO_OK;
}

kino_status kino_parse_range(const char *name, const char *text, int low, int high, kino_range *out, kino_error *err)
{
    const char *dash = strchr(text, '-'), *second = dash ? dash + 1 : text;
    long from = 0, to = 0;
    bool sound = only(text, "-0123456789") && strlen(text) < 16 && (!dash || !strchr(second, '-')) &&
                 (!dash || dash > text || *second);
    if (sound) {
        if (!dash || dash > text)
            from = strtol(text, NULL, 10);
        if (!dash)
            to = from;
        else if (*second)
            to = strtol(second, NULL, 10);
        bool has_from = !dash || dash > text, has_to = !dash || *second;
        sound = (!has_from || (from >= low && from <= high)) && (!has_to || (to >= low && to <= high));
    }
    if (!sound)
        return kino_fail(err, KINO_USAGE, "%s takes a number or a range from %d to %d (A, A-B, A- or -B), not \"%s\"",
                         name, low, high, text);
    if (from && to && from > to)
        return kino_fail(err, KINO_USAGE, "%s: %s ends before it begins", name, text);
    *out = (kino_range){(int)from, (int)to};
    return KINO_OK;
}

kino_status kino_parse_age(const char *name, const char *text, int64_t *out, kino_error *err)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}};
    const size_t digits = strspn(text, "0123456789");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (digits && digits < 7 && text[digits] == units[i].unit && !text[digits + 1]) {
            *out = strtoll(text, NULL, 10) * units[i].seconds;
            return KINO_OK;
        }
    return kino_fail(err, KINO_USAGE, "%s takes a number with d, h or m behind it (150d, 36h), not \"%s\"", name, text);
}

/* The static name, or NULL. */
static const char *weight_name(const char *text, size_t n)
{
    size_t count;
    const char *const *names = kino_weight_names(&count);
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == n && !memcmp(names[i], text, n))
            return names[i];
    return NULL;
}

static kino_status no_weight(const char *name, const char *item, size_t n, kino_error *err)
{
    size_t count;
    const char *const *names = kino_weight_names(&count);
    kino_buffer b = {0};
    for (size_t i = 0; i < count; i++)
        kino_buffer_print(&b, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", names[i]);
    kino_status st =
        kino_fail(err, KINO_USAGE, "%s: nothing is called \"%.*s\"; there are %s", name, (int)n, item, b.data);
    free(b.data);
    return st;
}

static kino_status read_weight(const char *name, const char *item, size_t n, kino_weights *w, kino_error *err)
{
    enum { LONGEST = 32 };
    const char *equals = memchr(item, '=', n);
    char both[2 * LONGEST], number[LONGEST];
    if (!equals || n - (size_t)(equals - item) > sizeof number || w->count == KINO_MAX_PARTS)
        return kino_fail(err, KINO_USAGE, "%s takes NAME=NUMBER,..., not \"%.*s\"", name, (int)n, item);
    const char *known = weight_name(item, (size_t)(equals - item));
    if (!known)
        return no_weight(name, item, (size_t)(equals - item), err);
    snprintf(number, sizeof number, "%.*s", (int)(n - (size_t)(equals - item) - 1), equals + 1);
    snprintf(both, sizeof both, "%.30s %s", name, known);
    w->items[w->count].name = known;
    return kino_parse_real(both, number, 0, 1e6, &w->items[w->count++].value, err);
}

kino_status kino_parse_weights(const char *name, const char *text, kino_weights *out, kino_error *err)
{
    kino_weights w = {.count = 0};
    kino_status st = KINO_OK;
    const char *p = text;
    do {
        const size_t n = strcspn(p, ",");
        st = read_weight(name, p, n, &w, err);
        p += n;
    } while (!st && *p++ == ',');
    if (!st)
        *out = w;
    return st;
}

static kino_status parse_choice(const char *name, const char *text, const char *choices, int *out, kino_error *err)
{
    int i = 0;
    for (const char *p = choices; *p; i++) {
        size_t n = strcspn(p, "|");
        if (strlen(text) == n && !memcmp(p, text, n)) {
            *out = i;
            return KINO_OK;
        }
        p += n;
        p += *p == '|';
    }
    return kino_fail(err, KINO_USAGE, "%s takes one of %s, not \"%s\"", name, choices, text);
}

/* ---- a value of any kind ---- */

kino_status kino_value_read(const kino_value_type *type, const char *name, const char *text, kino_arena *memory,
                            void *field, kino_error *err)
{
    switch (type->kind) {
    case KINO_VALUE_FLAG:
        *(bool *)field = true;
        return KINO_OK;
    case KINO_VALUE_TEXT:
    case KINO_VALUE_FILE:
    case KINO_VALUE_FOLDER:
        if (!*text)
            return kino_fail(err, KINO_USAGE, "%s is followed by nothing", name);
        *(const char **)field = text;
        return KINO_OK;
    case KINO_VALUE_TEXTS:
    case KINO_VALUE_FILES:
        kino_words_add(field, text);
        return KINO_OK;
    case KINO_VALUE_LIST:
        return add_list(name, text, (size_t)type->high, memory, field, err);
    case KINO_VALUE_WHOLE:
        return kino_parse_whole(name, text, (int64_t)type->low, (int64_t)type->high, field, err);
    case KINO_VALUE_SEED:
        return kino_parse_seed(name, text, field, err);
    case KINO_VALUE_REAL:
        return kino_parse_real(name, text, type->low, type->high, field, err);
    case KINO_VALUE_RANGE:
        return kino_parse_range(name, text, (int)type->low, (int)type->high, field, err);
    case KINO_VALUE_CHOICE:
        return parse_choice(name, text, type->choices, field, err);
    case KINO_VALUE_WEIGHTS:
        return kino_parse_weights(name, text, field, err);
    case KINO_VALUE_AGE:
        return kino_parse_age(name, text, field, err);
    }
    return KINO_OK;
}
