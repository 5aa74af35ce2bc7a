/* length.c - how long a film may be: "under 90 minutes", "2h30 or less", "short", "not too long". */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "wish/reading.h"

/* "2h30", "90min": a number and its unit in one word. */
static double joined(kino_span w)
{
    int value = 0, more = 0;
    size_t at = 0, behind;
    for (; at < w.n && at < 3 && isdigit((unsigned char)w.text[at]); at++)
        value = 10 * value + w.text[at] - '0';
    if (!at || at == w.n)
        return 0;
    const kino_span unit = {w.text + at, w.n - at};
    for (size_t i = 0; i < 2; i++) {
        static const char *const minutes[] = {"min", "mins"};
        if (unit.n == strlen(minutes[i]) && !memcmp(unit.text, minutes[i], unit.n))
            return value;
    }
    if ((unit.n == 7 && !memcmp(unit.text, "minutes", 7)) || (unit.n == 1 && *unit.text == 'm'))
        return value;
    if ((unit.n == 2 && !memcmp(unit.text, "hr", 2)) || (unit.n == 3 && !memcmp(unit.text, "hrs", 3)) ||
        (unit.n == 5 && !memcmp(unit.text, "hours", 5)))
        return 60.0 * value;
    if (*unit.text != 'h' || at > 2)
        return 0;
    for (behind = 1; behind < unit.n && behind < 3 && isdigit((unsigned char)unit.text[behind]); behind++)
        more = 10 * more + unit.text[behind] - '0';
    const kino_span end = {unit.text + behind, unit.n - behind};
    const bool fits =
        !end.n || (behind > 1 && ((end.n == 1 && *end.text == 'm') || (end.n == 3 && !memcmp(end.text, "min", 3))));
    return fits ? 60.0 * value + more : 0;
}

static double number_word(const kino_reading *r, size_t i)
{
    static const char *const words[] = {"one",   "two",     "three",  "four",   "five",   "six",
                                        "seven", "eight",   "nine",   "ten",    "thirty", "forty",
                                        "sixty", "seventy", "eighty", "ninety", "hundred"};
    static const int values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 40, 60, 70, 80, 90, 100};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
        if (kino_is_word(r, i, words[k]))
            return values[k];
    return -1;
}

/* A duration at i. */
static size_t minutes_at(const kino_reading *r, size_t i, double *minutes)
{
    static const struct {
        const char *words;
        int minutes;
    } spelled[] = {{"an hour and a half|hour and a half|one and a half hours", 90},
                   {"two and a half hours", 150},
                   {"three and a half hours", 210},
                   {"half an hour", 30},
                   {"an hour", 60}};
    if (i >= r->count)
        return 0;
    for (size_t k = 0; k < sizeof spelled / sizeof *spelled; k++) {
        const size_t words = kino_says(r, i, spelled[k].words);
        if (words) {
            *minutes = spelled[k].minutes;
            return words;
        }
    }
    *minutes = joined(r->words[i].text);
    if (*minutes > 0)
        return 1;
    size_t u = i + 1;
    double value = kino_whole_number(r, i, 1, 3);
    const int tenth = u < r->count && r->words[u].gap & KINO_GAP_POINT ? kino_whole_number(r, u, 1, 1) : -1;
    if (value >= 0 && tenth >= 0) {
        value += tenth / 10.0;
        u++;
    } else if (value < 0) {
        value = number_word(r, i);
    }
    if (value < 0)
        return 0;
    *minutes = value;
    if (kino_is_word(r, u, "minutes|minute|min|mins"))
        return u + 1 - i;
    *minutes = 60 * value;
    if (!kino_is_word(r, u, "hours|hour|hrs|hr|h"))
        return 0;
    if (kino_says(r, u + 1, "and a half")) {
        *minutes += 30;
        return u + 4 - i;
    }
    if (kino_whole_number(r, u + 1, 1, 2) >= 0 && kino_is_word(r, u + 2, "minutes|minute|min|mins")) {
        *minutes += kino_whole_number(r, u + 1, 1, 2);
        return u + 3 - i;
    }
    return u + 1 - i;
}

static size_t put_length(kino_reading *r, size_t i, size_t to, double low, double high)
{
    char value[32], from[12] = "", until[12] = "";
    if (r->negated[i] == KINO_NEGATED && (low == 0) != (high == 0)) { /* "not under 2 hours" */
        const double kept = low;
        low = high;
        high = kept;
    }
    if (low > 0)
        snprintf(from, sizeof from, "%d", (int)low);
    if (high > 0)
        snprintf(until, sizeof until, "%d", (int)high);
    snprintf(value, sizeof value, "%s-%s", from, until);
    kino_wish_chip *chip = kino_add_chip(r, i, to, KINO_WISH_RUNTIME, false, value, strlen(value));
    if (chip) {
        chip->low = (int)low;
        chip->high = (int)high;
    }
    return to - i;
}

static size_t bounded(kino_reading *r, size_t i)
{
    enum { ABOUT = 10 };
    double minutes;
    size_t words =
        kino_says(r, i,
                  "less than|shorter than|not longer than|no longer than|no more than|not more than|not over|under|"
                  "below|max|maximum|at most|up to|within|not much longer than");
    size_t n = words ? minutes_at(r, i + words, &minutes) : 0;
    size_t end = i + words + n;
    end += n && kino_is_word(r, end, "long|length|runtime");
    if (n)
        return put_length(r, i, end, 0, minutes);
    words = kino_says(r, i, "more than|longer than|over|above|at least|no less than|not less than|no shorter than");
    n = words ? minutes_at(r, i + words, &minutes) : 0;
    end = i + words + n;
    end += n && kino_is_word(r, end, "long|length|runtime");
    if (n)
        return put_length(r, i, end, minutes, 0);
    words = kino_says(r, i, "around|about|approximately|roughly|circa|exactly");
    n = words ? minutes_at(r, i + words, &minutes) : 0;
    end = i + words + n;
    end += n && kino_is_word(r, end, "long|length|runtime");
    return n ? put_length(r, i, end, minutes > ABOUT ? minutes - ABOUT : 0, minutes + ABOUT) : 0;
}

/* "2h or less", "a 90 minute thriller", "<100 min" */
static size_t bare(kino_reading *r, size_t i)
{
    enum { LEAST = 20, ABOUT = 10 };
    double minutes = 0;
    const size_t n = minutes_at(r, i, &minutes);
    size_t end = i + n;
    if (!n)
        return 0;
    if (r->words[i].gap & KINO_GAP_LESS)
        return put_length(r, i, end, 0, minutes);
    if (r->words[i].gap & KINO_GAP_MORE)
        return put_length(r, i, end, minutes, 0);
    if (minutes < LEAST)
        return 0;
    size_t words = kino_says(r, end, "or less|or shorter|or under|and under|at most|or fewer|max|maximum|tops");
    if (words)
        return put_length(r, i, end + words, 0, minutes);
    words = kino_says(r, end, "or more|or longer|and up|and over|or over");
    if (words)
        return put_length(r, i, end + words, minutes, 0);
    end += kino_is_word(r, end, "long");
    if (end >= r->count || kino_in(r, end, IN_NOUN) || kino_in(r, end, IN_GENRES) || kino_in(r, end, IN_BOUNDARY))
        return put_length(r, i, end, minutes - ABOUT, minutes + ABOUT);
    return 0;
}

static size_t in_words(kino_reading *r, size_t i)
{
    static const struct {
        const char *words;
        int noun, low, high; /* words at the end that are left */
    } lengths[] = {
        {"short film|short films", 1, 0, 40},
        {"short movie|short movies|short ones", 1, 0, 90},
        {"shorts", 0, 0, 40},
        {"feature length", 0, 60, 0},
        {"epic length|epically long", 0, 150, 0},
        {"very long|really long", 0, 150, 0},
        {"extremely long", 0, 180, 0},
        {"not too long|not so long", 0, 0, 120},
        {"not long|not very long", 0, 0, 110},
        {"very short|really short", 0, 0, 75},
    };
    if (r->block[i] || r->theme[i])
        return 0;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        const size_t words = kino_says(r, i, lengths[k].words);
        if (words && !kino_any_used(r, i, words))
            return put_length(r, i, i + words - (size_t)lengths[k].noun, lengths[k].low, lengths[k].high);
    }
    if (!kino_is_word(r, i, "short|long") || !kino_position_ok(r, i + 1) ||
        (i && kino_is_word(r, i - 1, "as|too|not|how")))
        return 0;
    return kino_is_word(r, i, "short") ? put_length(r, i, i + 1, 0, 90) : put_length(r, i, i + 1, 150, 0);
}

size_t kino_read_length(kino_reading *r, size_t i)
{
    size_t n = bounded(r, i);
    if (!n)
        n = bare(r, i);
    return n ? n : in_words(r, i);
}
