#include "base/bytes.h"

#define CRC32C UINT32_C(0x82F63B78) /* Castagnoli's polynomial, reflected */

#if defined(__x86_64__)
#include <immintrin.h>

/* Product of two polynomials modulo CRC32C; bit 31 is x^0. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
    uint32_t product = 0;
    for (uint32_t bit = UINT32_C(1) << 31; bit; bit >>= 1) {
        product ^= b & -(uint32_t) !!(a & bit);
        b = (b >> 1) ^ (CRC32C & -(b & 1));
    }
    return product;
}

/* x^(8 n): what a register is multiplied by when n zero bytes follow. */
static uint32_t power(size_t n)
{
    uint32_t result = UINT32_C(1) << 31, square = UINT32_C(1) << 23;
    for (; n; n >>= 1) {
        if (n & 1)
            result = multiply(result, square);
        square = multiply(square, square);
    }
    return result;
}

/* The instruction takes three cycles but one can begin in each, so three thirds are summed side by side. */
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const unsigned char *p, size_t n)
{
    uint64_t c = (uint32_t)~crc;
    if (n >= 4096) {
        const size_t third = n / 24 * 8;
        uint64_t c1 = 0, c2 = 0;
        for (const unsigned char *end = p + third; p < end; p += 8) {
            c = _mm_crc32_u64(c, kino_u64(p));
            c1 = _mm_crc32_u64(c1, kino_u64(p + third));
            c2 = _mm_crc32_u64(c2, kino_u64(p + 2 * third));
        }
        const uint32_t shift = power(third);
        c = multiply(multiply((uint32_t)c, shift) ^ (uint32_t)c1, shift) ^ (uint32_t)c2;
        p += 2 * third;
        n -= 3 * third;
    }
    for (; n >= 8; n -= 8, p += 8)
        c = _mm_crc32_u64(c, kino_u64(p));
    for (; n; n--)
        c = _mm_crc32_u8((uint32_t)c, *p++);
    return ~(uint32_t)c;
}
#endif

static uint32_t crc32c_portable(uint32_t crc, const unsigned char *p, size_t n)
{
    crc = ~crc;
    while (n--) {
        crc ^= *p++;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (CRC32C & -(crc & 1));
    }
    return ~crc;
}

uint32_t kino_crc32c(uint32_t crc, const void *bytes, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return crc32c_sse42(crc, bytes, n);
#endif
    return crc32c_portable(crc, bytes, n);
}

uint64_t kino_hash(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    while (n--)
        h = (h ^ *p++) * UINT64_C(0x100000001b3);
    return h;
}

void kino_wipe(void *bytes, size_t size)
{
    for (volatile char *p = bytes; size--;)
        *p++ = 0;
}
