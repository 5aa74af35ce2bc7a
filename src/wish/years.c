/* years.c - years, decades and ranges of them, in the forms in which people write them. */
#include <stdio.h>
#include <string.h>

#include "wish/reading.h"

/* How sure a range is, which decides between two that exclude each other. */
enum { WISHED, BARE, SAID };

/* Of a decade the part that "early", "mid" and "late" mean. */
static void cut_decade(const kino_reading *r, size_t part, size_t parts, int decade, int *low, int *high)
{
    *low = decade;
    *high = decade + 9;
    if (!parts)
        return;
    if (kino_is_word(r, part, "early"))
        *high = decade + (parts > 1 ? 6 : 3);
    else if (kino_is_word(r, part, "late"))
        *low = decade + 6;
    else {
        *low = decade + 4;
        *high = decade + (parts > 1 ? 9 : 6);
    }
}

/* A year or a decade at i. */
size_t kino_one_year(const kino_reading *r, size_t i, int *low, int *high)
{
    size_t s = i, part = i, parts = 0;
    if (i >= r->count || r->used[i])
        return 0;
    s += kino_is_word(r, s, "the") && s + 1 < r->count;
    if (kino_is_word(r, s, "early|late|mid|middle") && s + 1 < r->count) {
        part = s++;
        parts = 1;
        if (kino_is_word(r, s, "to") && kino_is_word(r, s + 1, "late|mid")) {
            s += 2;
            parts = 2;
        }
    }
    s += kino_is_word(r, s, "the") && s + 1 < r->count;
    if (s >= r->count || r->used[s])
        return 0;
    size_t words = 2;
    int decade =
        s + 1 < r->count && r->in[s][2][IN_DECADES] ? kino_wish_decade_table[r->in[s][2][IN_DECADES] - 1].low : 0;
    if (!decade) {
        words = 1;
        decade = kino_decade(r, s);
    }
    if (decade) {
        if (decade < 1880 || (r->in[s][1][IN_DECADES] && s && kino_is_word(r, s - 1, "his|her|their|my|your")))
            return 0;
        cut_decade(r, part, parts, decade, low, high);
        return s + words - i;
    }
    const int year = kino_year(r, s);
    if (!year || parts || s > i)
        return 0;
    *low = *high = year;
    return 1;
}

static size_t put_year(kino_reading *r, size_t i, size_t to, int low, int high, int strength)
{
    char value[32];
    bool no = false;
    for (size_t k = i; k < to; k++)
        no |= r->negated[k] == KINO_NEGATED;
    if (low && low == high)
        snprintf(value, sizeof value, "%d", low);
    else
        snprintf(value, sizeof value, low && high ? "%d-%d" : low ? "%d-" : "-%d", low ? low : high, high);
    kino_wish_chip *chip = kino_add_chip(r, i, to, KINO_WISH_YEAR, no, value, strlen(value));
    if (chip) {
        chip->low = low;
        chip->high = high;
        chip->wish = strength == WISHED;
        r->strength[r->chip_count - 1] = (uint8_t)strength;
    }
    return to - i;
}

/* "before 1980", "not older than 1990": i is where the chip begins, s the word. */
static size_t bounded(kino_reading *r, size_t i, size_t s)
{
    static const struct {
        const char *words;
        enum { BEFORE, UNTIL, AFTER, SINCE } bound;
    } bounds[] = {
        {"not older than|no older than|not earlier than|no earlier than", SINCE},
        {"not later than|no later than|not newer than|no newer than", UNTIL},
        {"prior to|older than|earlier than|before|pre|prior", BEFORE},
        {"up to|until|till", UNTIL},
        {"newer than|later than|after|post|beyond|past", AFTER},
        {"since", SINCE},
    };
    for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
        size_t words = kino_says(r, s, bounds[k].words), t = s + words;
        int low, high;
        if (!words)
            continue;
        while (kino_is_word(r, t, "the|year"))
            t++;
        const size_t n = kino_one_year(r, t, &low, &high);
        if (!n || (r->theme[i] && s == i && kino_is_word(r, s, "post")))
            return 0;
        switch (bounds[k].bound) {
        case BEFORE:
            return put_year(r, i, t + n, 0, low - 1, SAID);
        case UNTIL:
            return put_year(r, i, t + n, 0, high, SAID);
        case AFTER:
            return put_year(r, i, t + n, high + 1, 0, SAID);
        case SINCE:
            return put_year(r, i, t + n, low, 0, SAID);
        }
    }
    return 0;
}

/* "recent", "vintage", "golden age of hollywood" */
static size_t in_words(kino_reading *r, size_t i)
{
    enum { RECENT_YEARS = 4, MODERN = 2000 };
    size_t entry, words = kino_phrase(r, i, IN_RECENT, &entry);
    if (r->theme[i] || r->block[i])
        return 0;
    if (words) {
        const bool modern = kino_is_word(r, i, "modern");
        if (modern && !kino_position_ok(r, i + 1))
            return 0;
        return put_year(r, i, i + words, modern ? MODERN : r->look->newest_year - RECENT_YEARS, 0,
                        modern ? WISHED : BARE);
    }
    words = kino_phrase(r, i, IN_OLD, &entry);
    if (words && (words > 1 || kino_is_word(r, i, "vintage|oldies") || kino_position_ok(r, i + 1))) {
        const kino_wish_year_words *old = &kino_wish_old_table[entry];
        return put_year(r, i, i + words, old->low, old->high, old->wish ? WISHED : BARE);
    }
    if (kino_is_word(r, i, "new") && (kino_in(r, i + 1, IN_NOUN) || kino_in(r, i + 1, IN_GENRES)))
        return put_year(r, i, i + 1, r->look->newest_year - RECENT_YEARS, 0, BARE);
    return 0;
}

/* What follows a year [.., e): the second of a range, or "or later". i: where the chip begins. */
static size_t range(kino_reading *r, size_t i, size_t e, int low, int high, const char *before, bool said)
{
    const bool dash = e < r->count && r->words[e].gap & KINO_GAP_DASH, one = low == high;
    const bool between = !strcmp(before, "between"), and = kino_is_word(r, e, "and");
    if (e >= r->count || !(dash || kino_is_word(r, e, "to|through|until|till|thru|and")))
        return 0;
    const size_t u = dash && !kino_is_word(r, e, "to|and") ? e : e + 1;
    int low2 = 0, high2 = 0;
    size_t n = kino_one_year(r, u, &low2, &high2);
    const int short_year = kino_whole_number(r, u, 2, 2);
    if (!n && one && short_year >= 0 && !r->used[u] && low / 100 * 100 + short_year > low) { /* "1994-96" */
        n = 1;
        low2 = high2 = low / 100 * 100 + short_year;
    }
    if (!n || (and&&!between && one))
        return 0;
    return put_year(r, i, u + n, low < low2 ? low : low2, high > high2 ? high : high2,
                    and&&!between && !said ? BARE : SAID);
}

static size_t open_ended(kino_reading *r, size_t i, size_t e, int low, int high, bool from)
{
    size_t words =
        kino_says(r, e,
                  "or later|and later|and up|or newer|and newer|and after|and onwards|and onward|and on|or after|"
                  "onwards|onward");
    if (!words && from && kino_is_word(r, e, "on"))
        words = 1;
    if (words)
        return put_year(r, i, e + words, low, 0, SAID);
    words = kino_says(r, e, "or earlier|or older|and earlier|and before|or before");
    if (words)
        return put_year(r, i, e + words, 0, high, SAID);
    const unsigned gap = e < r->count ? r->words[e].gap : r->tail;
    return gap & KINO_GAP_PLUS && low == high ? put_year(r, i, e, low, 0, SAID) : 0;
}

size_t kino_read_year(kino_reading *r, size_t i)
{
    static const char prepositions[] = "from|between|in|during|of|around|circa|by";
    size_t s = i, e, n;
    int low, high;
    if (kino_is_word(r, i, "released|made|produced|filmed|shot") &&
        kino_is_word(r, i + 1, "in|during|between|before|after|from|since"))
        s++;
    n = bounded(r, i, s);
    if (n)
        return n;
    size_t t = s;
    if (kino_is_word(r, s, prepositions)) {
        t++;
        while (!kino_is_word(r, s, "between") && kino_is_word(r, t, "the|year|years"))
            t++;
    }
    if (t >= r->count || (kino_is_word(r, s, "in|of") && r->theme[i] && s == i))
        return 0;
    n = kino_one_year(r, t, &low, &high);
    if (!n)
        return in_words(r, i);
    if (r->block[t] && t == s)
        return 0;
    e = t + n;
    const bool said = t > s, from = kino_is_word(r, s, "from"), between = kino_is_word(r, s, "between");
    n = range(r, i, e, low, high, between ? "between" : "", said);
    if (!n)
        n = open_ended(r, i, e, low, high, from);
    if (n)
        return n;
    int low2, high2;
    n = kino_is_word(r, e, "or|and") ? kino_one_year(r, e + 1, &low2, &high2) : 0;
    if (n && low != high && low2 != high2)
        return put_year(r, i, e + 1 + n, low < low2 ? low : low2, high > high2 ? high : high2, said ? SAID : BARE);
    if (kino_is_word(r, s, "around|circa") && low == high)
        return put_year(r, i, e, low - 2, high + 2, SAID);
    if (r->theme[t] && !kino_is_word(r, s, "from|released|made"))
        return 0;
    return put_year(r, i, e, low, high, said ? SAID : BARE);
}
