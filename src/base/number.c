/* number.c - numbers as text and back, without the C library's locale. */
#include "base/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t kino_number_scan(const char *p, size_t n, double *out)
{
    static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { EXACT = 22, ENOUGH = 5000 };
    size_t i = 0, digits = 0;
    bool negative = false;
    uint64_t mantissa = 0;
    int exponent = 0;
    if (i < n && (p[i] == '+' || p[i] == '-'))
        negative = p[i++] == '-';
    for (bool point = false; i < n; i++) {
        if (p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(p[i]))
            break;
        digits++;
        if (mantissa < UINT64_MAX / 10 - 1) {
            mantissa = mantissa * 10 + (uint64_t)(p[i] - '0');
            exponent -= point;
        } else {
            exponent += !point && exponent < ENOUGH; /* a digit beyond what counts */
        }
    }
    if (!digits)
        return 0;
    if (i < n && (p[i] == 'e' || p[i] == 'E')) {
        size_t j = i + 1;
        bool minus = false;
        int e = 0;
        if (j < n && (p[j] == '+' || p[j] == '-'))
            minus = p[j++] == '-';
        if (j < n && is_digit(p[j])) {
            for (; j < n && is_digit(p[j]); j++)
                e = e < ENOUGH ? e * 10 + (p[j] - '0') : e;
            exponent += minus ? -e : e;
            i = j;
        }
    }
    double value;
    if (mantissa <= (UINT64_C(1) << 53) && exponent >= -EXACT && exponent <= EXACT) /* one rounding: exact */
        value = exponent < 0 ? (double)mantissa / ten[-exponent] : (double)mantissa * ten[exponent];
    else
        value = mantissa ? (double)((long double)mantissa * powl(10.0L, exponent)) : 0;
    *out = negative ? -value : value;
    return i;
}

bool kino_number_parse(const char *p, size_t n, double *out)
{
    while (n && (*p == ' ' || (*p >= '\t' && *p <= '\r'))) {
        p++;
        n--;
    }
    while (n && (p[n - 1] == ' ' || (p[n - 1] >= '\t' && p[n - 1] <= '\r')))
        n--;
    double value;
    if (!n || kino_number_scan(p, n, &value) != n || !isfinite(value))
        return false;
    *out = value;
    return true;
}

/* ---- writing ---- */

static size_t print_slowly(double x, char out[KINO_NUMBER_ROOM])
{
    int n = 0;
    for (int precision = 15; precision <= 17; precision++) {
        n = snprintf(out, KINO_NUMBER_ROOM, "%.*g", precision, x);
        if (strtod(out, NULL) == x)
            break;
    }
    return (size_t)n;
}

/* An answer has a hundred numbers, and printf with strtod takes a microsecond for each. Where "%g" has no exponent,
 * x = m / 2^shift with m < 2^53, and m times a power of ten of up to 20 digits fits into 128 bits: the digits, and what
 * they are off by, come out exactly. They read back as x when that is less than half its last place, which is
 * 1 / 2^(shift + 1), or is that and m is even; below a power of two the next number is nearer. */
__extension__ typedef unsigned __int128 wide;

static size_t write_digits(bool negative, uint64_t digits, int places, char out[KINO_NUMBER_ROOM])
{
    char text[KINO_NUMBER_ROOM], *end = text + sizeof text, *p = end;
    for (; places > 0 && digits % 10 == 0; places--)
        digits /= 10;
    for (int i = 0; i < places; i++, digits /= 10)
        *--p = (char)('0' + digits % 10);
    if (places > 0)
        *--p = '.';
    do
        *--p = (char)('0' + digits % 10);
    while (digits /= 10);
    if (negative)
        *--p = '-';
    const size_t n = (size_t)(end - p);
    memcpy(out, p, n);
    out[n] = 0;
    return n;
}

size_t kino_number_print(double x, char out[KINO_NUMBER_ROOM])
{
    /* Those below 1 are a little above what they stand for, so that comparing a double with them decides. */
    static const double ten[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,  1e3,  1e4, 1e5,
                                 1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14};
    const double a = fabs(x);
    int exponent, leading = -4; /* of two, of ten */
    if (!(a >= 1e-4 && a < 1e14))
        return print_slowly(x, out);
    const uint64_t m = (uint64_t)ldexp(frexp(a, &exponent), 53);
    const int shift = 53 - exponent;
    while (a >= ten[leading + 5])
        leading++;
    for (int precision = 15; precision <= 17; precision++) {
        const int places = precision - 1 - leading;
        wide scale = 1;
        for (int i = 0; i < places; i++)
            scale *= 10;
        const wide product = m * scale, one = (wide)1 << shift, rest = product & (one - 1);
        uint64_t digits = (uint64_t)(product >> shift);
        const bool up = rest > one / 2 || (rest == one / 2 && digits % 2);
        const wide off = up ? one - rest : rest;
        digits += up;
        if (m == UINT64_C(1) << 52 && off && 4 * off >= scale)
            break;
        if (2 * off < scale || (2 * off == scale && m % 2 == 0) || precision == 17)
            return write_digits(x < 0, digits, places, out);
    }
    return print_slowly(x, out);
}
