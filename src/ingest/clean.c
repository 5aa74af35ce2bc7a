/* clean.c - one cell of a table to one value. */
#include "ingest/clean.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/utf8.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

kino_field kino_trim(kino_field f)
{
    while (f.size && is_space(*f.text)) {
        f.text++;
        f.size--;
    }
    while (f.size && is_space(f.text[f.size - 1]))
        f.size--;
    return f;
}

bool kino_field_is(kino_field f, const char *text)
{
    return f.size == strlen(text) && !strncasecmp(f.text, text, f.size);
}

bool kino_is_na(kino_field f)
{
    static const char *const names[] = {
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
        "<NA>", "N/A",      "NA",  "NULL",    "NaN",      "None", "n/a",  "nan",    "null",
    };
    if (!f.size)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (f.size == strlen(names[i]) && !memcmp(f.text, names[i], f.size))
            return true;
    return false;
}

/* White space and invisible characters that texts from the web end in. */
static bool is_wide_space(int32_t c)
{
    return (c < 0x80 && is_space((char)c)) || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x3000 || c == 0xFEFF;
}

static const char *clean(kino_cleaner *c, kino_field f, bool lines)
{
    kino_buffer *b = &c->buffer;
    size_t i = 0;
    if (memchr(f.text, '&', f.size) || memchr(f.text, '<', f.size)) {
        c->plain.size = 0;
        kino_html_text(&c->plain, f.text, f.size);
        f = (kino_field){c->plain.data, c->plain.size};
    }
    f = kino_trim(f);
    while (i < f.size && (unsigned char)f.text[i] >= 0x20 && (unsigned char)f.text[i] < 0x7F)
        i++;
    if (i == f.size) /* the common case: nothing to do */
        return f.size ? kino_arena_strndup(c->arena, f.text, f.size) : "";
    b->size = 0;
    size_t last = 0; /* behind the last visible character */
    for (i = 0; i < f.size;) {
        int32_t ch;
        size_t step = kino_utf8_next(f.text + i, f.size - i, &ch);
        if (ch == 0xFFFD && !(step == 3 && !memcmp(f.text + i, "\xEF\xBF\xBD", 3)))
            c->not_utf8 = true;
        i += step;
        if (ch == '\r' && i < f.size && f.text[i] == '\n')
            continue;
        if (ch == '\r' || ch == '\n' || ch == 0x2028 || ch == 0x2029)
            ch = lines ? '\n' : ' ';
        else if (ch == '\t')
            ch = ' ';
        if (ch < 0x20 ? ch != '\n' : ch >= 0x7F && ch < 0xA0) {
            c->control = true;
            continue;
        }
        if (is_wide_space(ch) && !last)
            continue;
        kino_utf8_put(b, ch);
        if (!is_wide_space(ch))
            last = b->size;
    }
    return last ? kino_arena_strndup(c->arena, b->data, last) : "";
}

const char *kino_clean_line(kino_cleaner *c, kino_field f)
{
    return clean(c, f, false);
}

const char *kino_clean_text(kino_cleaner *c, kino_field f)
{
    return clean(c, f, true);
}

bool kino_is_placeholder(kino_cleaner *c, const char *overview)
{
    /* As kino_fold leaves them. */
    static const char *const known[] = {
        "",
        "no overview",
        "no overview found",
        "no overview available",
        "no overview yet",
        "none",
        "n a",
        "na",
        "nan",
        "null",
        "no plot",
        "no description",
        "no description found",
        "no synopsis",
        "no description available",
        "no summary",
        "plot unknown",
        "plot unknown yet",
        "no synopsis available",
        "no plot available",
        "tba",
        "tbd",
        "to be announced",
        "unknown",
        "no movie overview available",
        "overview",
        "not available",
        "description",
        "no overview added",
        "no overview available yet",
    };
    size_t n = strlen(overview);
    if (n > 64)
        return false;
    c->buffer.size = 0;
    kino_fold(&c->buffer, overview, n);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (c->buffer.size == strlen(known[i]) && (!*known[i] || !memcmp(c->buffer.data, known[i], c->buffer.size)))
            return true;
    return false;
}

bool kino_parse_id(kino_field f, int64_t *id)
{
    double value;
    if (!kino_number_parse(f.text, f.size, &value) || value < 1 || value > KINO_LIMIT_ID || value != floor(value))
        return false;
    *id = (int64_t)value;
    return true;
}

bool kino_parse_imdb(kino_field f, char out[16])
{
    f = kino_trim(f);
    bool prefixed = f.size > 2 && (f.text[0] | 0x20) == 't' && (f.text[1] | 0x20) == 't';
    kino_field digits = prefixed ? (kino_field){f.text + 2, f.size - 2} : f;
    int64_t number;
    for (size_t i = 0; prefixed && i < digits.size; i++)
        if (digits.text[i] < '0' || digits.text[i] > '9')
            return false;
    if (!kino_parse_id(digits, &number) || number > 9999999999)
        return false;
    snprintf(out, 16, "tt%07llu", (unsigned long long)number % 10000000000);
    return true;
}

/* Up to `most` digits at *p; the count. */
static int take_digits(const char **p, const char *end, int most, int *value)
{
    int n = 0;
    for (*value = 0; *p < end && n < most && **p >= '0' && **p <= '9'; n++)
        *value = *value * 10 + (*(*p)++ - '0');
    return n;
}

static bool is_day(int y, int m, int d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (y < 1800 || y > 2199 || m < 1 || m > 12 || d < 1)
        return false;
    bool leap = m == 2 && ((y % 4 == 0 && y % 100) || y % 400 == 0);
    return d <= days[m - 1] + leap;
}

kino_date_form kino_parse_date(kino_field f, char out[11], int *year)
{
    f = kino_trim(f);
    if (!f.size)
        return KINO_DATE_NONE;
    const char *p = f.text, *end = p + f.size;
    int a, b, c, y, m, d;
    int na = take_digits(&p, end, 4, &a);
    char s1 = p < end ? *p++ : 0;
    int nb = take_digits(&p, end, 2, &b);
    char s2 = p < end ? *p++ : 0;
    int nc = take_digits(&p, end, 4, &c);
    bool timed = p < end && (*p == 'T' || *p == ' ');
    if (!na || !nb || !nc || s1 != s2 || (s1 != '-' && s1 != '/' && s1 != '.') || (p < end && !timed))
        return KINO_DATE_BAD;
    kino_date_form form = KINO_DATE_OTHER;
    if (na == 4 && nc <= 2) {
        y = a;
        m = b;
        d = c;
        if (s1 == '-' && nb == 2 && nc == 2 && !timed)
            form = KINO_DATE_ISO;
    } else if (na <= 2 && (nc == 2 || nc == 4)) {
        bool day_first = s1 == '.' || (a > 12 && b <= 12);
        m = day_first ? b : a;
        d = day_first ? a : b;
        y = c;
        if (nc == 2) {
            y += c <= KINO_SHORT_YEAR ? 2000 : 1900;
            form = KINO_DATE_SHORT;
        }
    } else {
        return KINO_DATE_BAD;
    }
    if (!is_day(y, m, d))
        return KINO_DATE_BAD;
    snprintf(out, 11, "%04u-%02u-%02u", (unsigned)y % 10000, (unsigned)m % 100, (unsigned)d % 100);
    *year = y;
    return form;
}

bool kino_parse_flag(kino_field f)
{
    f = kino_trim(f);
    return kino_field_is(f, "true") || kino_field_is(f, "1") || kino_field_is(f, "yes") || kino_field_is(f, "1.0");
}

bool kino_parse_language(kino_field f, char out[4])
{
    f = kino_trim(f);
    if (f.size < 2 || f.size > 3)
        return false;
    memset(out, 0, 4);
    for (size_t i = 0; i < f.size; i++) {
        char c = f.text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c < 'a' || c > 'z')
            return false;
        out[i] = c;
    }
    return true;
}

bool kino_is_poster(kino_field f)
{
    if (f.size < 2 || f.size > 127 || f.text[0] != '/')
        return false;
    for (size_t i = 1; i < f.size; i++) {
        char c = f.text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
              (c == '.' && f.text[i - 1] != '.')))
            return false;
    }
    return true;
}
