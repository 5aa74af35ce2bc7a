/* titletext.c - the forms in which one title is written. */
#include "base/titletext.h"

#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"

/* Articles that may be left out at the front. "die" is none: Die Hard. */
static const char *const articles[] = {"the", "a", "an", "le", "la", "les", "el", "los", "il", "der", "das"};

static const char *const words[][2] = {
    {"ii", "2"},       {"iii", "3"},        {"iv", "4"},        {"v", "5"},         {"vi", "6"},
    {"vii", "7"},      {"viii", "8"},       {"ix", "9"},        {"x", "10"},        {"xi", "11"},
    {"xii", "12"},     {"xiii", "13"},      {"xiv", "14"},      {"xv", "15"},       {"xvi", "16"},
    {"xvii", "17"},    {"xviii", "18"},     {"xix", "19"},      {"xx", "20"},       {"zero", "0"},
    {"one", "1"},      {"two", "2"},        {"three", "3"},     {"four", "4"},      {"five", "5"},
    {"six", "6"},      {"seven", "7"},      {"eight", "8"},     {"nine", "9"},      {"ten", "10"},
    {"eleven", "11"},  {"twelve", "12"},    {"thirteen", "13"}, {"fourteen", "14"}, {"fifteen", "15"},
    {"sixteen", "16"}, {"seventeen", "17"}, {"eighteen", "18"}, {"nineteen", "19"}, {"twenty", "20"},
    {"vol", "volume"}, {"pt", "part"},      {"ep", "episode"},  {"vs", "versus"},   {"mr", "mister"},
    {"dr", "doctor"},
};

/* "i" is 1 only behind one of these. */
static const char *const counted[] = {"part", "pt", "chapter", "volume", "vol", "episode", "ep", "book"};

static bool is(const char *word, size_t n, const char *what)
{
    return strlen(what) == n && !memcmp(word, what, n);
}

static bool among(const char *word, size_t n, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is(word, n, list[i]))
            return true;
    return false;
}

#define AMONG(word, n, list) among(word, n, list, sizeof(list) / sizeof *(list))

void kino_title_plain(kino_buffer *out, const char *folded, size_t n)
{
    const char *end = folded + n, *before = NULL;
    size_t before_n = 0, start = out->size;
    for (const char *p = folded; p < end;) {
        const char *space = memchr(p, ' ', (size_t)(end - p));
        size_t length = (size_t)((space ? space : end) - p);
        if (!(p == folded && space && AMONG(p, length, articles))) {
            const char *as = NULL;
            if (length == 1 && *p == 'i' && before && AMONG(before, before_n, counted))
                as = "1";
            for (size_t i = 0; !as && length <= 9 && i < sizeof words / sizeof *words; i++)
                if (*words[i][0] == *p && is(p, length, words[i][0]))
                    as = words[i][1];
            if (out->size > start)
                kino_buffer_byte(out, ' ');
            kino_buffer_put(out, as ? as : p, as ? strlen(as) : length);
        }
        before = p;
        before_n = length;
        p += length + (space != NULL);
    }
}

bool kino_title_is_article(const char *word, size_t n)
{
    return AMONG(word, n, articles);
}

bool kino_title_is_small(const char *word, size_t n)
{
    static const char *const small[] = {"of",  "the", "a",    "an",   "and",    "in",      "on",     "to",
                                        "for", "at",  "from", "with", "is",     "or",      "de",     "la",
                                        "le",  "du",  "des",  "part", "volume", "chapter", "episode"};
    return AMONG(word, n, small);
}

void kino_title_loosen(kino_buffer *out, const char *plain, size_t n)
{
    const size_t start = out->size;
    for (size_t at = 0; at < n;) {
        const char *space = memchr(plain + at, ' ', n - at);
        const size_t length = space ? (size_t)(space - plain) - at : n - at;
        if (!kino_title_is_small(plain + at, length)) {
            if (out->size > start)
                kino_buffer_byte(out, ' ');
            kino_buffer_put(out, plain + at, length);
        }
        at += length + 1;
    }
}

/* The separator at p: its bytes, 0 when there is none. */
static size_t separator(const char *p, size_t left)
{
    if (*p == ':' || *p == '(')
        return 1;
    if (left >= 3 && !memcmp(p, " - ", 3))
        return 3;
    if (left >= 5 && (!memcmp(p, " \xe2\x80\x93 ", 5) || !memcmp(p, " \xe2\x80\x94 ", 5)))
        return 5;
    return 0;
}

void kino_title_split(const char *title, size_t n, kino_title_part parts[KINO_TITLE_PARTS])
{
    memset(parts, 0, KINO_TITLE_PARTS * sizeof *parts);
    for (size_t i = 1; i < n; i++) {
        size_t s = separator(title + i, n - i);
        if (!s)
            continue;
        if (!parts[0].n) {
            parts[0] = (kino_title_part){title, i};
            if (i > 3 && !memcmp(title + i - 3, " or", 3)) /* "Dr. Strangelove or: How I ..." */
                parts[0].n -= 3;
            parts[1] = (kino_title_part){title + i + s, n - i - s};
        } else {
            parts[2] = (kino_title_part){title + i + s, n - i - s};
        }
        i += s - 1;
    }
    if (n > 2 && (title[0] == 'L' || title[0] == 'l')) {
        size_t s = title[1] == '\'' ? 1 : n > 4 && !memcmp(title + 1, "\xe2\x80\x99", 3) ? 3 : 0;
        if (s)
            parts[3] = (kino_title_part){title + 1 + s, n - 1 - s};
    }
}

bool kino_title_swap_article(kino_buffer *out, const char *text, size_t n)
{
    size_t comma = n;
    while (comma > 0 && text[comma - 1] != ',')
        comma--;
    if (comma < 2)
        return false;
    const char *article = text + comma;
    size_t length = n - comma;
    while (length && *article == ' ')
        article++, length--;
    char lower[8];
    if (!length || length >= sizeof lower)
        return false;
    for (size_t i = 0; i < length; i++)
        lower[i] = article[i] >= 'A' && article[i] <= 'Z' ? (char)(article[i] + 32) : article[i];
    if (!AMONG(lower, length, articles) && !is(lower, length, "die"))
        return false;
    kino_buffer_put(out, article, length);
    kino_buffer_byte(out, ' ');
    kino_buffer_put(out, text, comma - 1);
    return true;
}

int kino_title_cut_year(const char *text, size_t *n, bool bare)
{
    size_t end = *n, need = bare ? 4 : 6;
    if (end <= need)
        return 0;
    const char *digits = text + end - (bare ? 4 : 5);
    int year = 0;
    if (!bare && (text[end - 1] != ')' || digits[-1] != '('))
        return 0;
    for (int i = 0; i < 4; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        year = 10 * year + digits[i] - '0';
    }
    end -= need;
    if (year < 1870 || year > 2100 || (bare && text[end - 1] != ' '))
        return 0;
    while (end && text[end - 1] == ' ')
        end--;
    if (!end)
        return 0;
    *n = end;
    return year;
}

uint64_t kino_title_hash(const char *text, size_t n)
{
    uint64_t h = KINO_HASH_START;
    for (size_t i = 0; i < n; i++)
        if (text[i] != ' ')
            h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    return kino_mix(h);
}

bool kino_title_equal(const char *a, size_t a_n, const char *b, size_t b_n)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a_n && a[i] == ' ')
            i++;
        while (j < b_n && b[j] == ' ')
            j++;
        if (i == a_n || j == b_n)
            return i == a_n && j == b_n;
        if (a[i++] != b[j++])
            return false;
    }
}

size_t kino_title_letters(const char *folded, size_t n, uint8_t *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < n && count < most;) {
        int32_t c = (uint8_t)folded[i];
        if (c < 0x80)
            i++;
        else
            i += kino_utf8_next(folded + i, n - i, &c);
        out[count++] = c < 0x80 ? (uint8_t)c : (uint8_t)(128 | ((c ^ c >> 7 ^ c >> 14) & 127));
    }
    return count;
}

uint32_t kino_title_mask(const uint8_t *letters, size_t n)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned c = letters[i];
        unsigned bit = c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? 26 + c % 2 : 28 + c % 4;
        mask |= UINT32_C(1) << (c == ' ' ? 28 : bit);
    }
    return mask;
}
