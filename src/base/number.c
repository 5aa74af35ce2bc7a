#include "base/number.h"

#include <math.h>
#include <stdint.h>

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
            exponent += !point && exponent < ENOUGH;  /* a digit beyond what counts */
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
    if (mantissa <= (UINT64_C(1) << 53) && exponent >= -EXACT && exponent <= EXACT)  /* one rounding: exact */
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
