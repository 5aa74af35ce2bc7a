/* plaintext.c - HTML's characters and tags out of a text. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

/* The characters that have names in texts about films; the rest comes as numbers. */
static const struct {
    const char *name;
    int32_t character;
} entities[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},    {"nbsp", ' '},
    {"hellip", 0x2026}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C},
    {"rdquo", 0x201D},  {"laquo", 0xAB},   {"raquo", 0xBB},   {"middot", 0xB7},  {"frac12", 0xBD},  {"deg", 0xB0},
    {"agrave", 0xE0},   {"aacute", 0xE1},  {"acirc", 0xE2},   {"atilde", 0xE3},  {"auml", 0xE4},    {"aring", 0xE5},
    {"aelig", 0xE6},    {"ccedil", 0xE7},  {"egrave", 0xE8},  {"eacute", 0xE9},  {"ecirc", 0xEA},   {"euml", 0xEB},
    {"igrave", 0xEC},   {"iacute", 0xED},  {"icirc", 0xEE},   {"iuml", 0xEF},    {"ntilde", 0xF1},  {"ograve", 0xF2},
    {"oacute", 0xF3},   {"ocirc", 0xF4},   {"otilde", 0xF5},  {"ouml", 0xF6},    {"oslash", 0xF8},  {"ugrave", 0xF9},
    {"uacute", 0xFA},   {"ucirc", 0xFB},   {"uuml", 0xFC},    {"szlig", 0xDF},   {"Auml", 0xC4},    {"Ouml", 0xD6},
    {"Uuml", 0xDC},     {"Eacute", 0xC9},  {"Agrave", 0xC0},  {"Aring", 0xC5},   {"Oslash", 0xD8},  {"Ccedil", 0xC7},
};

/* The character of "&...;" at p, and its bytes; 0 when it is none. */
static size_t entity(const char *p, size_t n, int32_t *out)
{
    enum { LONGEST = 10 };
    const char *end = memchr(p, ';', n < LONGEST ? n : LONGEST);
    if (!end || end - p < 3)
        return 0;
    const size_t size = (size_t)(end - p) - 1;
    if (p[1] == '#') {
        const bool hex = (p[2] | 0x20) == 'x';
        char *stop = NULL;
        const long number = strtol(p + 2 + hex, &stop, hex ? 16 : 10);
        *out = (int32_t)number;
        return stop == end && number >= 0x20 && number < 0x110000 && (number < 0xD800 || number > 0xDFFF) ? size + 2
                                                                                                          : 0;
    }
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (size == strlen(entities[i].name) && !memcmp(p + 1, entities[i].name, size)) {
            *out = entities[i].character;
            return size + 2;
        }
    return 0;
}

/* Whether "</name" follows: a title may have a bare "<b>" in it. */
static bool is_closed(const char *p, size_t n, const char *name, size_t size)
{
    for (; n > size + 2; p++, n--)
        if (p[0] == '<' && p[1] == '/' && !strncasecmp(p + 2, name, size))
            return true;
    return false;
}

/* The bytes of a tag of formatting at p; 0 when it is none. *line: it ends a line. */
static size_t tag(const char *p, size_t n, bool *line)
{
    static const char *const names[] = {"br", "p", "i", "b", "em", "strong", "u", "a", "span", "div"};
    enum { LONGEST = 256, BREAKING = 2 };
    const char *end = memchr(p, '>', n < LONGEST ? n : LONGEST);
    if (!end)
        return 0;
    const char *name = p + 1 + (p[1] == '/');
    const size_t size = strcspn(name, " />");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (size == strlen(names[i]) && name + size <= end && !strncasecmp(name, names[i], size)) {
            *line = i < BREAKING;
            if (!*line && p[1] != '/' && !is_closed(end, n - (size_t)(end - p), name, size))
                return 0;
            return (size_t)(end - p) + 1;
        }
    return 0;
}

void kino_html_text(kino_buffer *b, const char *text, size_t n)
{
    kino_buffer_put(b, "", 0);
    for (size_t i = 0; i < n;) {
        int32_t c;
        bool line = false;
        size_t taken = text[i] == '&' ? entity(text + i, n - i, &c) : 0;
        if (taken) {
            kino_utf8_put(b, c);
            i += taken;
            continue;
        }
        taken = text[i] == '<' ? tag(text + i, n - i, &line) : 0;
        if (taken) {
            if (line)
                kino_buffer_byte(b, '\n');
            i += taken;
            continue;
        }
        kino_buffer_byte(b, text[i++]);
    }
}
