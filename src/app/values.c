/* values.c - what stands behind an option: numbers, ranges, weights, one of several words. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "base/editdistance.h"
#include "base/status.h"

/* strtoll and strtod skip white space and read "0x1f", "inf" and "nan": a stricter look comes first. */
static bool only(const char *text, const char *allowed)
{
    return *text && !text[strspn(text, allowed)];
}

kino_status app_parse_whole(const char *option, const char *text, int64_t low, int64_t high, int64_t *out,
                            kino_error *err)
{
    errno = 0;
    char *end = NULL;
    long long value = only(text, "-0123456789") ? strtoll(text, &end, 10) : 0;
    if (!end || *end || errno || value < low || value > high) {
        if (high == INT64_MAX)
            return kino_fail(err, KINO_USAGE, "%s takes a whole number from %lld, not \"%s\"", option, (long long)low,
                             text);
        return kino_fail(err, KINO_USAGE, "%s takes a whole number from %lld to %lld, not \"%s\"", option,
                         (long long)low, (long long)high, text);
    }
    *out = value;
    return KINO_OK;
}

kino_status app_parse_seed(const char *option, const char *text, uint64_t *out, kino_error *err)
{
    errno = 0;
    unsigned long long value = only(text, "0123456789") ? strtoull(text, NULL, 10) : (errno = EINVAL, 0);
    if (errno)
        return kino_fail(err, KINO_USAGE, "%s takes a whole number below 2^64, not \"%s\"", option, text);
    *out = value;
    return KINO_OK;
}

kino_status app_parse_real(const char *option, const char *text, double low, double high, double *out, kino_error *err)
{
    char *end = NULL;
    double value = only(text, "+-.0123456789eE") ? strtod(text, &end) : 0;
    if (!end || end == text || *end || !(value >= low && value <= high))
        return kino_fail(err, KINO_USAGE, "%s takes a number from %g to %g, not \"%s\"", option, low, high, text);
    *out = value;
    return KINO_OK;
}

kino_status app_parse_range(const char *option, const char *text, int low, int high, app_range *out, kino_error *err)
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
                         option, low, high, text);
    if (from && to && from > to)
        return kino_fail(err, KINO_USAGE, "%s: %s ends before it begins", option, text);
    *out = (app_range){(int)from, (int)to};
    return KINO_OK;
}

kino_status app_parse_age(const char *option, const char *text, int64_t *out, kino_error *err)
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
    return kino_fail(err, KINO_USAGE, "%s takes a number with d, h or m behind it (150d, 36h), not \"%s\"", option,
                     text);
}

kino_status app_parse_weights(const char *option, const char *text, app_weights *out, kino_error *err)
{
    app_weights w = {true, 1, 1};
    for (const char *p = text;; p++) {
        char item[64], name[80];
        size_t n = strcspn(p, ",");
        char *equals = NULL;
        if (n > 0 && n < sizeof item) {
            memcpy(item, p, n);
            item[n] = 0;
            equals = strchr(item, '=');
        }
        if (!equals)
            return kino_fail(err, KINO_USAGE, "%s takes plot=NUMBER,profile=NUMBER, not \"%s\"", option, text);
        *equals = 0;
        double *place = !strcmp(item, "plot") ? &w.plot : !strcmp(item, "profile") ? &w.profile : NULL;
        if (!place)
            return kino_fail(err, KINO_USAGE, "%s: nothing is called \"%s\"; there are plot and profile", option, item);
        strcat(strcat(strcpy(name, option), " "), item);
        kino_status st = app_parse_real(name, equals + 1, 0, 1e6, place, err);
        if (st)
            return st;
        p += n;
        if (!*p)
            break;
    }
    if (!(w.plot + w.profile > 0))
        return kino_fail(err, KINO_USAGE, "%s: not all weights can be 0", option);
    *out = w;
    return KINO_OK;
}

kino_status app_parse_choice(const char *option, const char *text, const char *choices, int *out, kino_error *err)
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
    return kino_fail(err, KINO_USAGE, "%s takes one of %s, not \"%s\"", option, choices, text);
}

size_t app_edits(const char *a, const char *b)
{
    kino_edit_pattern p;
    const size_t n = strlen(a);
    if (n > KINO_EDIT_LETTERS)
        return n;
    kino_edit_prepare(&p, (const uint8_t *)a, n);
    return (size_t)kino_edit_distance(&p, (const uint8_t *)b, strlen(b));
}

bool app_near(const char *typed, const char *known)
{
    size_t n = strlen(typed);
    /* A beginning of three letters counts, however much is missing behind it. */
    return app_edits(typed, known) <= (n < 3 ? 0 : n < 6 ? 1 : n / 3) || (n >= 3 && !strncmp(typed, known, n));
}
