/* values.c - cells as people and services write them. */
#include "ingest/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "base/utf8.h"

enum { ROOM = 64 }; /* bytes of a cell that can be a number, a length or a date */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool kino_value_absent(kino_field f)
{
    static const char *const words[] = {"\\N",  "nan", "none", "null", "n/a", "na",      "#n/a",
                                        "<na>", "-",   "--",   "?",    "nil", "unknown", "not available"};
    f = kino_trim(f);
    if (!f.size || kino_is_na(f))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (kino_field_is(f, words[i]))
            return true;
    return f.size == 3 && (!memcmp(f.text, "\xE2\x80\x94", 3) || !memcmp(f.text, "\xE2\x80\x93", 3));
}

/* ---- numbers ---- */

/* Digits, marks and signs alone, spaces of any width and apostrophes between digits left out. 0: something else. */
static size_t plain_digits(kino_field f, char out[ROOM])
{
    static const char *const gaps[] = {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x99"};
    size_t n = 0;
    for (size_t i = 0; i < f.size;) {
        if (n + 1 == ROOM)
            return 0;
        if (is_digit(f.text[i]) || f.text[i] == '.' || f.text[i] == ',' || (!i && strchr("+-", f.text[i]))) {
            out[n++] = f.text[i++];
            continue;
        }
        size_t step = 0;
        for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
            if (f.size - i > strlen(gaps[g]) && !memcmp(f.text + i, gaps[g], strlen(gaps[g])))
                step = strlen(gaps[g]);
        if (!step || !n || !is_digit(out[n - 1]) || !is_digit(f.text[i + step]))
            return 0;
        i += step;
    }
    out[n] = 0;
    return n;
}

/* Whether the marks stand before groups of three digits. */
static bool are_thousands(const char *text, char mark, const char *end)
{
    for (const char *p = memchr(text, mark, (size_t)(end - text)); p;) {
        const char *next = memchr(p + 1, mark, (size_t)(end - p - 1));
        if ((next ? next : end) - p != 4)
            return false;
        p = next;
    }
    return is_digit(*text) && *text != mark && (*text != '0' || text[1] != mark);
}

static bool separated(char *text, size_t n, double *out)
{
    const char *comma = strrchr(text, ','), *dot = strrchr(text, '.');
    char decimal = 0;
    if (comma && dot)
        decimal = comma > dot ? ',' : '.';
    else if (comma && strchr(text, ',') == comma && !are_thousands(text, ',', text + n))
        decimal = ',';
    else if (dot && strchr(text, '.') == dot)
        decimal = '.';
    const char *end = decimal ? strrchr(text, decimal) : text + n;
    const char thousands = decimal == ',' ? '.' : comma ? ',' : '.';
    if (memchr(text, thousands, (size_t)(end - text)) && !are_thousands(text, thousands, end))
        return false;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (text + i == end)
            text[m++] = '.';
        else if (text[i] != thousands)
            text[m++] = text[i];
    return kino_number_parse(text, m, out);
}

bool kino_value_number(kino_field f, double *out)
{
    char text[ROOM];
    double times = 1;
    f = kino_trim(f);
    if (f.size > 1 && (*f.text == '"' || *f.text == '\'') && f.text[f.size - 1] == *f.text)
        f = kino_trim((kino_field){f.text + 1, f.size - 2});
    if (kino_number_parse(f.text, f.size, out))
        return true;
    if (f.size > 1 && (f.text[f.size - 1] | 0x20) == 'k')
        times = 1e3;
    if (f.size > 1 && (f.text[f.size - 1] | 0x20) == 'm')
        times = 1e6;
    f.size -= times > 1;
    const size_t n = plain_digits(kino_trim(f), text);
    if (!n || !separated(text, n, out))
        return false;
    *out *= times;
    return true;
}

/* ---- marks ---- */

static bool starts(kino_field f, const char *text)
{
    return f.size >= strlen(text) && !memcmp(f.text, text, strlen(text));
}

/* Stars alone, with a half behind them; black ones count and white ones do not. */
static bool read_stars(kino_field f, double *value)
{
    static const struct {
        const char *text;
        double worth;
    } signs[] = {{"\xE2\x98\x85", 1},
                 {"\xE2\x98\x86", 0},
                 {"\xE2\xAD\x90", 1},
                 {"\xEF\xB8\x8F", 0},
                 {"*", 1},
                 {"\xC2\xBD", .5},
                 {" ", 0}};
    *value = 0;
    while (f.size) {
        size_t step = 0;
        for (size_t i = 0; i < sizeof signs / sizeof *signs && !step; i++)
            if (starts(f, signs[i].text)) {
                step = strlen(signs[i].text);
                *value += signs[i].worth;
            }
        if (!step)
            return false;
        f.text += step;
        f.size -= step;
    }
    return true;
}

static bool read_thumb(kino_field f, double *value)
{
    static const char *const up[] = {"thumbs up", "thumb up", "up",    "like",
                                     "liked",     "love",     "loved", "\xF0\x9F\x91\x8D"};
    static const char *const down[] = {"thumbs down", "thumb down", "down", "dislike", "disliked", "\xF0\x9F\x91\x8E"};
    for (size_t i = 0; i < sizeof up / sizeof *up; i++)
        if (kino_field_is(f, up[i]))
            return *value = 1, true;
    for (size_t i = 0; i < sizeof down / sizeof *down; i++)
        if (kino_field_is(f, down[i]))
            return *value = 0, true;
    return false;
}

bool kino_value_mark(kino_field f, double *value, double *of)
{
    f = kino_trim(f);
    *of = 0;
    if (kino_value_number(f, value))
        return true;
    if (!f.size)
        return false;
    if (f.text[f.size - 1] == '%') {
        *of = 100;
        return kino_value_number((kino_field){f.text, f.size - 1}, value);
    }
    static const char *const between[] = {"/", " out of ", " of "};
    for (size_t b = 0; b < sizeof between / sizeof *between; b++)
        for (size_t i = 1, n = strlen(between[b]); i + n < f.size; i++)
            if (!memcmp(f.text + i, between[b], n))
                return kino_value_number((kino_field){f.text, i}, value) &&
                       kino_value_number((kino_field){f.text + i + n, f.size - i - n}, of) && *of > 0;
    if (f.size > 2 && is_digit(*f.text) && !memcmp(f.text + f.size - 2, "\xC2\xBD", 2)) {
        if (!kino_value_number((kino_field){f.text, f.size - 2}, value))
            return false;
        *value += .5;
        return true;
    }
    *of = 5;
    if (read_stars(f, value))
        return true;
    *of = 1;
    return read_thumb(f, value);
}

/* ---- lengths ---- */

/* The minutes that a unit is worth; 0 for a word that is none. */
static double unit(const char *p, size_t n)
{
    static const struct {
        const char *word;
        double minutes;
    } units[] = {{"h", 60},      {"hr", 60},     {"hrs", 60}, {"hour", 60},  {"hours", 60},    {"std", 60},
                 {"m", 1},       {"mn", 1},      {"min", 1},  {"mins", 1},   {"minute", 1},    {"minutes", 1},
                 {"minuten", 1}, {"minutos", 1}, {"s", 1e-9}, {"sec", 1e-9}, {"seconds", 1e-9}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (n == strlen(units[i].word) && !strncasecmp(p, units[i].word, n))
            return units[i].minutes;
    return 0;
}

/* 1:45 is hours and minutes, 1:45:00 has seconds too. */
static bool read_clock(kino_field f, double *out)
{
    int hours, minutes, seconds = 0, used = 0, more = 0;
    if (f.size >= ROOM || sscanf(f.text, "%3d:%2d%n:%2d%n", &hours, &minutes, &used, &seconds, &more) < 2)
        return false;
    *out = hours * 60 + minutes;
    return (size_t)(more ? more : used) == f.size && hours >= 0 && minutes >= 0 && minutes < 60;
}

static bool read_minutes(kino_field f, double *out)
{
    f = kino_trim(f);
    if (kino_value_number(f, out) && f.size && is_digit(f.text[f.size - 1]))
        return true;
    if (f.size >= ROOM)
        return false;
    char text[ROOM];
    memcpy(text, f.text, f.size);
    text[f.size] = 0;
    if (read_clock((kino_field){text, f.size}, out))
        return true;
    const char *p = text + (!strncasecmp(text, "PT", 2) ? 2 : 0);
    double sum = 0, last = 0;
    bool any = false;
    while (*p) {
        double number;
        const size_t taken = kino_number_scan(p, strlen(p), &number);
        if (!taken)
            return false;
        p += taken;
        p += strspn(p, " ");
        const size_t word = strcspn(p, " .,0123456789");
        double worth = unit(p, word);
        if (!word && last == 60) /* "2h15" */
            worth = 1;
        if (worth == 0)
            return false;
        sum += worth < 1 ? 0 : number * worth;
        last = worth;
        any = true;
        p += word;
        p += strspn(p, " .,");
    }
    *out = sum;
    return any;
}

bool kino_value_minutes(kino_field f, double *out)
{
    return read_minutes(f, out) && *out >= 0 && isfinite(*out);
}

/* ---- dates ---- */

bool kino_value_year(kino_field f, int *year)
{
    double number = 0;
    size_t n = 0;
    f = kino_trim(f);
    if (f.size > 2 && *f.text == '(' && f.text[f.size - 1] == ')')
        f = kino_trim((kino_field){f.text + 1, f.size - 2});
    while (n < f.size && is_digit(f.text[n]))
        n++;
    if (n == 4 && f.size > n) { /* "1994-", "1994-1996" */
        kino_field rest = {f.text + n, f.size - n};
        const size_t dash = *rest.text == '-' ? 1 : starts(rest, "\xE2\x80\x93") ? 3 : 0;
        rest = (kino_field){rest.text + dash, rest.size - dash};
        if (dash && (!rest.size || (rest.size == 4 && kino_number_parse(rest.text, 4, &number))))
            f.size = n;
    }
    if (!kino_number_parse(f.text, f.size, &number) || number < 1800 || number > 9999 || number != floor(number))
        return false;
    *year = (int)number;
    return true;
}

/* The number of a month by its word's first letters; 0: it is none. */
static int month_of(const char *p, size_t n)
{
    static const struct {
        const char *start;
        int month;
    } months[] = {
        {"jan", 1},
        {"ene", 1},
        {"gen", 1},
        {"feb", 2},
        {"f\xC3\xA9v", 2},
        {"fev", 2},
        {"mar", 3},
        {"m\xC3\xA4r", 3},
        {"apr", 4},
        {"avr", 4},
        {"abr", 4},
        {"may", 5},
        {"mai", 5},
        {"mag", 5},
        {"jun", 6},
        {"juin", 6},
        {"giu", 6},
        {"jul", 7},
        {"juil", 7},
        {"lug", 7},
        {"aug", 8},
        {"ao\xC3\xBB", 8},
        {"aou", 8},
        {"ago", 8},
        {"sep", 9},
        {"set", 9},
        {"oct", 10},
        {"okt", 10},
        {"ott", 10},
        {"nov", 11},
        {"dec", 12},
        {"d\xC3\xA9"
         "c",
         12},
        {"dez", 12},
        {"dic", 12},
    };
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (n >= strlen(months[i].start) && !strncasecmp(p, months[i].start, strlen(months[i].start)))
            return months[i].month;
    return 0;
}

/* "December 15, 2021", "15 Dec 2021", "15-Dec-99", "Sat Jan  4 00:00:00 2020": a month's word, a day, a year. */
static kino_date_form read_words(kino_field f, char out[11], int *year)
{
    char text[ROOM], numeric[ROOM];
    int month = 0, day = 0, y = -1, digits = 0;
    if (f.size >= ROOM)
        return KINO_DATE_BAD;
    memcpy(text, f.text, f.size);
    text[f.size] = 0;
    for (const char *p = text + strspn(text, " ,.-/"); *p; p += strspn(p, " ,.-/")) {
        const size_t n = strcspn(p, " ,.-/"), number = strspn(p, "0123456789");
        if (memchr(p, ':', n)) /* a time of day */
            ;
        else if (!number && !month)
            month = month_of(p, n);
        else if (number == 4 && y < 0)
            y = atoi(p);
        else if (number && number <= 2 && !day)
            day = atoi(p);
        else if (number == 2 && y < 0)
            y = atoi(p), digits = 2;
        p += n;
    }
    if (!month || y < 0)
        return KINO_DATE_BAD;
    if (!day) { /* "March 1994" */
        *out = 0;
        *year = y;
        return y >= 1800 ? KINO_DATE_OTHER : KINO_DATE_BAD;
    }
    const int n = digits == 2 ? snprintf(numeric, sizeof numeric, "%d/%d/%02d", month, day, y)
                              : snprintf(numeric, sizeof numeric, "%04d/%d/%d", y, month, day);
    return kino_parse_date((kino_field){numeric, (size_t)n}, out, year);
}

kino_date_form kino_value_date(kino_field f, char out[11], int *year)
{
    f = kino_trim(f);
    if (kino_value_absent(f))
        return KINO_DATE_NONE;
    const kino_date_form form = kino_parse_date(f, out, year);
    if (form != KINO_DATE_BAD)
        return form;
    if (kino_value_year(f, year)) {
        *out = 0;
        return KINO_DATE_OTHER;
    }
    return read_words(f, out, year);
}

/* ---- kinds ---- */

kino_work kino_value_kind(kino_field f)
{
    static const char *const other[] = {"serie",      "episod", "seri ", "serial",  "season",  "show",
                                        "dizi",       "game",   "juego", "podcast", "folge",   "music video",
                                        "musicvideo", "person", "album", "book",    "trailer", "teaser"};
    static const char *const film[] = {"movie", "film",        "short",   "special",
                                       "video", "documentary", "feature", "pelicula"};
    kino_buffer b = {0};
    kino_work kind = KINO_WORK_UNSAID;
    if (f.size > ROOM || kino_value_absent(f))
        return kind;
    kino_fold(&b, f.text, f.size);
    kino_buffer_byte(&b, ' ');
    if (!strcmp(b.data, "tv ") || !strcmp(b.data, "anime tv "))
        kind = KINO_WORK_OTHER;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (strstr(b.data, other[i]))
            kind = KINO_WORK_OTHER;
    for (size_t i = 0; !kind && i < sizeof film / sizeof *film; i++)
        if (strstr(b.data, film[i]))
            kind = KINO_WORK_FILM;
    free(b.data);
    return kind;
}

bool kino_value_is_waiting(kino_field f)
{
    static const char *const words[] = {"false",         "no",        "0",         "0.0",        "plantowatch",
                                        "plan to watch", "unwatched", "watchlist", "want to see"};
    f = kino_trim(f);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (kino_field_is(f, words[i]))
            return true;
    return false;
}

bool kino_value_is_episode(const char *title)
{
    static const char *const seasons[] = {": Season ",    ": Series ",          ": Staffel ",  ": Saison ",
                                          ": Temporada ", ": Stagione ",        ": Seizoen ",  ": Sezon ",
                                          ": Sezonul ",   ": Limited Series: ", ": Miniserie", ": Mini-Series"};
    static const char *const episodes[] = {": Episode ", ": Folge ",
                                           ": Episodio "}; /* "Star Wars: Episode V" is a film */
    for (size_t i = 0; i < sizeof seasons / sizeof *seasons; i++)
        if (strstr(title, seasons[i]))
            return true;
    for (size_t i = 0; i < sizeof episodes / sizeof *episodes; i++) {
        const char *p = strstr(title, episodes[i]), *colon = strchr(title, ':');
        if (p && colon < p && is_digit(p[strlen(episodes[i])]))
            return true;
    }
    for (const char *p = title; (p = strpbrk(p, "Ss")); p++) { /* S01E02 */
        const size_t season = strspn(p + 1, "0123456789");
        if (p == title || p[-1] == ' ' || p[-1] == '.' || p[-1] == '(')
            if (season && season <= 2 && (p[1 + season] | 0x20) == 'e' && is_digit(p[2 + season]))
                return true;
    }
    return false;
}

/* ---- links ---- */

static bool number_behind(const char *text, const char *mark, int64_t *out)
{
    const char *p = strstr(text, mark);
    if (!p)
        return false;
    p += strlen(mark);
    const size_t n = strspn(p, "0123456789");
    return n && n < 13 && kino_parse_id((kino_field){p, n}, out);
}

bool kino_value_link(const char *text, int64_t *tmdb, char imdb[16], bool *other)
{
    static const char *const marks[] = {
        "themoviedb.org/movie/", "tmdb://", "themoviedb://", "tmdbid-", "tmdbid=", "{tmdb-", "[tmdb-"};
    static const char *const titles[] = {"imdb.com/", "imdb://", "imdbid-", "imdbid=", "{imdb-", "[imdb-"};
    *tmdb = 0;
    *imdb = 0;
    *other = strstr(text, "themoviedb.org/tv/") || strstr(text, "trakt.tv/shows/");
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !*tmdb; i++)
        if (!number_behind(text, marks[i], tmdb))
            *tmdb = 0;
    for (size_t i = 0; i < sizeof titles / sizeof *titles && !*imdb; i++) {
        const char *p = strstr(text, titles[i]);
        p = p ? strstr(p, "tt") : NULL;
        const size_t n = p ? strspn(p + 2, "0123456789") : 0;
        if (n < 5 || n > 10 || !kino_parse_imdb((kino_field){p, n + 2}, imdb))
            *imdb = 0;
    }
    return *tmdb || *imdb || *other;
}
