/* bytes.c - checksums and fingerprints. */
#include "base/bytes.h"

#include <stdbool.h>

#define CRC32C UINT32_C(0x82F63B78) /* Castagnoli's polynomial, reflected */

/* What each of sixteen values of a nibble adds to the checksum: a sum without carries of what its bits add. */
#define NIBBLE(a, b, c, d)                                                                                             \
    {                                                                                                                  \
        0, a, b, a ^ b, c, a ^ c, b ^ c, a ^ b ^ c, d, a ^ d, b ^ d, a ^ b ^ d, c ^ d, a ^ c ^ d, b ^ c ^ d,           \
            a ^ b ^ c ^ d                                                                                              \
    }

/* The sixteen nibbles of eight bytes, the first byte's lower one in front. The last bit adds the polynomial; each bit
 * before it adds what one more step of the register makes of that. Slicing by eight with tables of bytes would halve
 * the look-ups and take 8 KB of the first cache where this takes one. */
static const uint32_t slices[16][16] = {
    NIBBLE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da), NIBBLE(0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664),
    NIBBLE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53), NIBBLE(0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4),
    NIBBLE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f), NIBBLE(0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6),
    NIBBLE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91), NIBBLE(0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c),
    NIBBLE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6), NIBBLE(0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f),
    NIBBLE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5), NIBBLE(0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743),
    NIBBLE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8), NIBBLE(0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9),
    NIBBLE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf), NIBBLE(0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78),
};

uint32_t kino_crc32c_portable(uint32_t crc, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    crc = ~crc;
    for (; n >= 8; n -= 8, p += 8) {
        const uint64_t eight = kino_u64(p) ^ crc;
        crc = 0;
        for (int i = 0; i < 16; i++)
            crc ^= slices[i][eight >> 4 * i & 15];
    }
    for (; n; n--) {
        const uint32_t one = (crc ^ *p++) & 255;
        crc = crc >> 8 ^ slices[14][one & 15] ^ slices[15][one >> 4];
    }
    return ~crc;
}

/* ---- by the processor's own instruction ---- */

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_CRC __attribute__((target("sse4.2")))
#define CRC_EIGHT(crc, bytes) (uint32_t) _mm_crc32_u64(crc, bytes)
#define CRC_ONE _mm_crc32_u8

static bool has_crc(void)
{
    return __builtin_cpu_supports("sse4.2");
}
#elif defined(__aarch64__) && defined(__linux__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#define WITH_CRC __attribute__((target("+crc")))
#define CRC_EIGHT __crc32cd
#define CRC_ONE __crc32cb

static bool has_crc(void)
{
    return getauxval(AT_HWCAP) & HWCAP_CRC32;
}
#endif

#if defined(WITH_CRC)
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
WITH_CRC static uint32_t crc32c_fast(uint32_t crc, const unsigned char *p, size_t n)
{
    uint32_t c = ~crc;
    if (n >= 4096) {
        const size_t third = n / 24 * 8;
        uint32_t c1 = 0, c2 = 0;
        for (const unsigned char *end = p + third; p < end; p += 8) {
            c = CRC_EIGHT(c, kino_u64(p));
            c1 = CRC_EIGHT(c1, kino_u64(p + third));
            c2 = CRC_EIGHT(c2, kino_u64(p + 2 * third));
        }
        const uint32_t shift = power(third);
        c = multiply(multiply(c, shift) ^ c1, shift) ^ c2;
        p += 2 * third;
        n -= 3 * third;
    }
    for (; n >= 8; n -= 8, p += 8)
        c = CRC_EIGHT(c, kino_u64(p));
    for (; n; n--)
        c = CRC_ONE(c, *p++);
    return ~c;
}
#endif

uint32_t kino_crc32c(uint32_t crc, const void *bytes, size_t n)
{
#if defined(WITH_CRC)
    if (has_crc())
        return crc32c_fast(crc, bytes, n);
#endif
    return kino_crc32c_portable(crc, bytes, n);
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
