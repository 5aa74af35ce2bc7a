/* encoding.c - UTF-8, UTF-16 and Windows-1252. */
#include "ingest/encoding.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static size_t put(char *out, int32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static size_t from_windows(const unsigned char *p, size_t size, char *out, size_t room, size_t *taken)
{
    /* 0x80 to 0x9F; the five that are not used stay what they are in Latin-1. */
    static const uint16_t high[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                      0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
    size_t n = 0, at = 0;
    while (at < size && n + 4 <= room) {
        const unsigned char c = p[at++];
        n += put(out + n, c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c);
    }
    *taken = at;
    return n;
}

static size_t from_utf16(bool big, const unsigned char *p, size_t size, bool last, char *out, size_t room,
                         size_t *taken)
{
    const int low = big;
    size_t n = 0, at = 0;
    while (size - at >= 2 && n + 4 <= room) {
        const unsigned char *u = p + at;
        int32_t c = u[low] | u[!low] << 8;
        if (c >= 0xD800 && c < 0xDC00) {
            if (size - at < 4 && !last)
                break;
            const int32_t d = size - at >= 4 ? u[2 + low] | u[2 + !low] << 8 : 0;
            const bool pair = d >= 0xDC00 && d < 0xE000;
            c = pair ? 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00) : 0xFFFD;
            at += pair ? 2 : 0;
        } else if (c >= 0xDC00 && c < 0xE000) {
            c = 0xFFFD;
        }
        at += 2;
        n += put(out + n, c);
    }
    if (last && size - at == 1 && n + 4 <= room) { /* half a unit */
        at++;
        n += put(out + n, 0xFFFD);
    }
    *taken = at;
    return n;
}

/* Bytes of a sequence that the end of the piece may have cut: they say nothing yet. */
static size_t cut_off(const unsigned char *p, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        const unsigned char c = p[n - back];
        if (c >= 0xC2 && c < 0xF5)
            return back < (size_t)(c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2) ? back : 0;
        if (c < 0x80 || c >= 0xC0)
            return 0;
    }
    return 0;
}

/* The first bytes beyond ASCII decide: one that is UTF-8 says that all is. */
static kino_encoding decide(const unsigned char *p, size_t n)
{
    const size_t whole = n - cut_off(p, n);
    bool bad = false;
    for (size_t i = 0; i < whole;) {
        int32_t c;
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        const size_t step = kino_utf8_next((const char *)p + i, whole - i, &c);
        if (c != 0xFFFD || (step == 3 && !memcmp(p + i, "\xEF\xBF\xBD", 3)))
            return KINO_ENCODING_UTF8;
        bad = true;
        i += step;
    }
    return bad ? KINO_ENCODING_WINDOWS : KINO_ENCODING_UNDECIDED;
}

kino_encoding kino_encoding_begin(const unsigned char *p, size_t n, size_t *mark)
{
    size_t zeros[2] = {0};
    *mark = 0;
    if (n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF))) {
        *mark = 2;
        return p[0] == 0xFF ? KINO_ENCODING_UTF16_LE : KINO_ENCODING_UTF16_BE;
    }
    if (n >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3)) {
        *mark = 3;
        return KINO_ENCODING_UTF8;
    }
    n = n < 256 ? n : 256;
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += !p[i];
    if (n >= 16 && zeros[0] + zeros[1] > n / 3 && (!zeros[0] || !zeros[1]))
        return zeros[1] ? KINO_ENCODING_UTF16_LE : KINO_ENCODING_UTF16_BE;
    return KINO_ENCODING_UNDECIDED;
}

size_t kino_encoding_decode(kino_encoding *e, const unsigned char *p, size_t n, bool last, char *out, size_t room,
                            size_t *taken)
{
    if (*e == KINO_ENCODING_UNDECIDED)
        *e = decide(p, n);
    if (*e >= KINO_ENCODING_UTF16_LE)
        return from_utf16(*e == KINO_ENCODING_UTF16_BE, p, n, last, out, room, taken);
    if (*e == KINO_ENCODING_WINDOWS)
        return from_windows(p, n, out, room, taken);
    const size_t held = *e == KINO_ENCODING_UNDECIDED && !last ? cut_off(p, n) : 0;
    *taken = n - held < room ? n - held : room;
    memcpy(out, p, *taken);
    return *taken;
}
