/* release.c - title, year and ids out of the names of files and folders. */
#include "ingest/release.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ingest/values.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(const char *text, size_t size, const char *const *words)
{
    for (; *words; words++)
        if (size == strlen(*words) && !strncasecmp(text, *words, size))
            return true;
    return false;
}

bool kino_release_is_video(const char *name, size_t *length)
{
    static const char *const endings[] = {"mkv", "mp4",  "avi", "m4v",  "mov", "wmv", "iso", "ts",   "m2ts", "webm",
                                          "mpg", "mpeg", "flv", "divx", "vob", "ogm", "img", "strm", NULL};
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name || !is_one_of(dot + 1, strlen(dot + 1), endings))
        return false;
    *length = (size_t)(dot - name);
    return true;
}

bool kino_release_is_extra(const char *name, bool folder)
{
    static const char *const folders[] = {
        "extras",  "extra",     "featurettes", "behind the scenes", "deleted scenes", "interviews", "scenes",
        "samples", "sample",    "shorts",      "trailers",          "trailer",        "other",      "clips",
        "subs",    "subtitles", "backdrops",   "theme-music",       "@eadir",         "bonus",      NULL};
    static const char *const files[] = {"sample", "trailer", "movie-trailer", NULL};
    static const char *const tails[] = {"trailer",    "sample",    "behindthescenes", "deleted", "deletedscene",
                                        "featurette", "interview", "scene",           "short",   "other",
                                        "clip",       "extra",     "extras",          NULL};
    const size_t n = strlen(name);
    if (*name == '.' || (folder && is_one_of(name, n, folders)))
        return true;
    if (folder)
        return false;
    size_t i = n;
    while (i && !strchr("-._ ", name[i - 1]))
        i--;
    /* "Heat-trailer", "heat.sample"; "The Big Short" is a film */
    return is_one_of(name, n, files) || (i && (name[i - 1] == '-' || (name[i - 1] == '.' && !strchr(name, ' '))) &&
                                         is_one_of(name + i, n - i, tails));
}

/* ---- words of a name ---- */

/* What says of the file how it was made. A title may have words such as "extended" in it: they count behind a year alone. */
static bool is_tag(const char *word, size_t size)
{
    static const char *const tags[] = {"480p",   "576p",    "720p",  "1080p", "1080i",  "2160p",   "4k",     "uhd",
                                       "bluray", "blu-ray", "bdrip", "brrip", "webrip", "bdremux", "web-dl", "webdl",
                                       "hdtv",   "dvdrip",  "dvd5",  "dvd9",  "dvdr",   "hdrip",   "x264",   "x265",
                                       "h264",   "h265",    "hevc",  "xvid",  "divx",   "remux",   "ac3",    "dts",
                                       "aac",    "hdr10",   "10bit", "8bit",  NULL};
    return is_one_of(word, size, tags);
}

typedef struct word {
    const char *text;
    size_t size;
    bool bracketed; /* in ( ) */
} word;

/* A year of a film, standing alone. */
static int year_of(const word *w)
{
    enum { FIRST = 1888, LAST = 2039 };
    if (w->size != 4)
        return 0;
    int year = 0;
    for (size_t i = 0; i < 4; i++) {
        if (!is_digit(w->text[i]))
            return 0;
        year = 10 * year + (w->text[i] - '0');
    }
    return year >= FIRST && year <= LAST ? year : 0;
}

enum { MOST_WORDS = 64 };

/* Words between blanks, or between dots and underlines where there are no blanks; what is in [ ] and { } is left out. */
static size_t split(const char *name, word out[MOST_WORDS])
{
    const char *marks = strchr(name, ' ') ? " " : "._ ";
    size_t count = 0;
    bool bracketed = false;
    for (const char *p = name; *p && count < MOST_WORDS;) {
        if (*p == '[' || *p == '{') {
            const char *end = strchr(p, *p == '[' ? ']' : '}');
            p = end ? end + 1 : p + strlen(p);
            continue;
        }
        if (*p == '(' || *p == ')') {
            bracketed = *p++ == '(';
            continue;
        }
        if (strchr(marks, *p)) {
            p++;
            continue;
        }
        const char *end = p;
        while (*end && !strchr(marks, *end) && !strchr("()[]{}", *end))
            end++;
        out[count++] = (word){p, (size_t)(end - p), bracketed};
        p = end;
    }
    return count;
}

/* Where the title ends: at a year in brackets, else at the last year before what is said of the file, else at that. */
static size_t title_end(const word *words, size_t count, int *year)
{
    size_t tag = 1, at = 0;
    *year = 0;
    while (tag < count && !is_tag(words[tag].text, words[tag].size))
        tag++;
    for (size_t i = 1; i < count; i++)
        if (words[i].bracketed && year_of(&words[i])) {
            *year = year_of(&words[i]);
            return i;
        }
    for (size_t i = 1; i < tag && i < count; i++)
        if (year_of(&words[i]))
            at = i;
    if (!at)
        return tag < count ? tag : count;
    *year = year_of(&words[at]);
    return at;
}

/* The length of a name without "-cd1", ".disc2", "-part1" and the like at its end. */
static size_t without_part(const char *name)
{
    static const char *const parts[] = {"-cd",   ".cd",   " cd",   "-disc", ".disc",
                                        " disc", "-disk", "-part", "-pt",   "-dvd"};
    const size_t n = strlen(name);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const size_t p = strlen(parts[i]);
        if (n > p + 1 && is_digit(name[n - 1]) && !strncasecmp(name + n - 1 - p, parts[i], p))
            return n - 1 - p;
    }
    return n;
}

void kino_release_read(const char *name, kino_release *out)
{
    word words[MOST_WORDS];
    char whole[2 * KINO_RELEASE_TITLE];
    bool other;
    size_t n = 0;
    *out = (kino_release){.year = 0};
    kino_value_link(name, &out->tmdb, out->imdb, &other);
    snprintf(whole, sizeof whole, "%.*s", (int)without_part(name), name);
    const size_t count = split(whole, words), end = title_end(words, count, &out->year);
    for (size_t i = 0; i < end && n + words[i].size + 2 < sizeof out->title; i++) {
        if (words[i].size == 1 && *words[i].text == '-' && i + 1 == end)
            break;
        n += (size_t)snprintf(out->title + n, sizeof out->title - n, "%s%.*s", n ? " " : "", (int)words[i].size,
                              words[i].text);
    }
}
