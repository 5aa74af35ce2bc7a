/* base64.c - bytes as text and back. */
#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void kino_put_base64(kino_buffer *b, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i += 3) {
        const size_t left = n - i;
        const unsigned group =
            (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
        const char four[] = {digits[group >> 18], digits[group >> 12 & 63], left > 1 ? digits[group >> 6 & 63] : '=',
                             left > 2 ? digits[group & 63] : '='};
        kino_buffer_put(b, four, sizeof four);
    }
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool kino_base64_read(const char *text, void *out, size_t n)
{
    unsigned char *p = out;
    if (strlen(text) != (n + 2) / 3 * 4)
        return false;
    for (size_t i = 0; i < n; i += 3, text += 4) {
        const size_t left = n - i < 3 ? n - i : 3;
        unsigned group = 0;
        for (size_t d = 0; d < 4; d++) {
            const int v = value_of(text[d]);
            if (d <= left ? v < 0 : text[d] != '=')
                return false;
            group = group << 6 | (unsigned)(v < 0 ? 0 : v);
        }
        if (group & ((1u << 8 * (3 - left)) - 1)) /* bits behind the last byte */
            return false;
        for (size_t d = 0; d < left; d++)
            p[i + d] = (unsigned char)(group >> (16 - 8 * d));
    }
    return true;
}
