/* utf8.c - UTF-8: cleaned, decoded, folded, measured. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/alloc.h"

size_t kino_utf8_next(const char *text, size_t n, int32_t *out)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned c = p[0], low = 0x80, high = 0xBF;
    size_t need;
    *out = 0xFFFD;
    if (c < 0x80) {
        *out = (int32_t)c;
        return 1;
    }
    if (c >= 0xC2 && c <= 0xDF) {
        need = 1;
        c &= 0x1F;
    } else if (c >= 0xE0 && c <= 0xEF) {
        need = 2;
        if (c == 0xE0)
            low = 0xA0; /* shorter forms exist */
        if (c == 0xED)
            high = 0x9F; /* surrogates */
        c &= 0x0F;
    } else if (c >= 0xF0 && c <= 0xF4) {
        need = 3;
        if (c == 0xF0)
            low = 0x90;
        if (c == 0xF4)
            high = 0x8F; /* above U+10FFFF */
        c &= 0x07;
    } else {
        return 1;
    }
    for (size_t i = 1; i <= need; i++) {
        if (i >= n || p[i] < low || p[i] > high)
            return i;
        c = c << 6 | (p[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *out = (int32_t)c;
    return need + 1;
}

void kino_utf8_put(kino_buffer *b, int32_t code_point)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(code_point, bytes);
    kino_buffer_put(b, bytes, (size_t)n);
}

void kino_utf8_clean(kino_buffer *b, const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        int32_t c;
        size_t step = kino_utf8_next(text + i, n - i, &c);
        if (c == 0xFFFD)
            kino_utf8_put(b, c);
        else
            kino_buffer_put(b, text + i, step);
        i += step;
    }
}

static bool is_word(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

/* What is typed for a Latin letter that Unicode does not take apart; NULL for any other. Case is folded before. */
static const char *plain_letters(int32_t c)
{
    static const struct {
        int32_t letter;
        const char *plain;
    } letters[] = {{0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},  {0xfe, "th"},  {0x111, "d"},
                   {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == c)
            return letters[i].plain;
    return NULL;
}

void kino_fold(kino_buffer *b, const char *text, size_t n)
{
    enum { EXPANSION = 32 }; /* the longest decomposition has 18 code points */
    bool gap = false, any = false;
    for (size_t i = 0; i < n;) {
        int32_t c, folded[EXPANSION];
        i += kino_utf8_next(text + i, n - i, &c);
        if (c == '\'' || c == 0x2019 || c == 0x02BC)
            continue;
        if (c < 0x80) { /* the common case without the tables */
            bool upper = c >= 'A' && c <= 'Z';
            if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                if (gap && any)
                    kino_buffer_byte(b, ' ');
                kino_buffer_byte(b, (char)(upper ? c + 32 : c));
                gap = false;
                any = true;
            } else if (c == '&') {
                kino_buffer_print(b, any ? " and" : "and");
                gap = any = true;
            } else {
                gap = true;
            }
            continue;
        }
        int boundary = 0;
        utf8proc_ssize_t count = utf8proc_decompose_char(
            c, folded, EXPANSION, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK,
            &boundary);
        if (count < 0 || count > EXPANSION)
            count = 0;
        if (count == 0 && !utf8proc_charwidth(c))
            continue; /* a mark that was stripped: no gap */
        for (utf8proc_ssize_t j = 0; j < count; j++) {
            if (!is_word(folded[j])) {
                gap = true;
                continue;
            }
            if (gap && any)
                kino_buffer_byte(b, ' ');
            const char *plain = plain_letters(folded[j]);
            if (plain)
                kino_buffer_put(b, plain, strlen(plain));
            else
                kino_utf8_put(b, folded[j]);
            gap = false;
            any = true;
        }
        if (count == 0)
            gap = true;
    }
}

size_t kino_utf8_width(const char *text, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n;) {
        int32_t c;
        i += kino_utf8_next(text + i, n - i, &c);
        int w = utf8proc_charwidth(c);
        width += w > 0 ? (size_t)w : 0;
    }
    return width;
}
