/* bytes.h - little-endian access, checksums and fingerprints. */
#ifndef KINO_BASE_BYTES_H
#define KINO_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "kino maps its little-endian files as they are: a big-endian machine would need converting readers"
#endif

static inline uint32_t kino_u32(const void *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t kino_u64(const void *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of n bytes, continued from crc; begin with 0. */
uint32_t kino_crc32c(uint32_t crc, const void *bytes, size_t n);
/* The same without the processor's instruction for it, which some processors lack. */
uint32_t kino_crc32c_portable(uint32_t crc, const void *bytes, size_t n);

/* FNV-1a, 64 bits, continued from h; begin with KINO_HASH_START. For fingerprints, not against an adversary. */
#define KINO_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t kino_hash(uint64_t h, const void *bytes, size_t n);

/* A well-mixed 64-bit value from another (the finaliser of SplitMix64): the base of all counter-based random
 * numbers, keyed by (seed, purpose, index), which are the same whatever the order and the thread. */
static inline uint64_t kino_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline uint64_t kino_random(uint64_t seed, uint64_t purpose, uint64_t index)
{
    return kino_mix(kino_mix(kino_mix(seed) ^ purpose) ^ index);
}

/* The same as a number in [0, 1) with 24 bits. */
static inline float kino_random_unit(uint64_t seed, uint64_t purpose, uint64_t index)
{
    return (float)(kino_random(seed, purpose, index) >> 40) * 0x1p-24f;
}

/* Overwrites a secret that is no longer needed, in a way that no compiler optimises away. */
void kino_wipe(void *bytes, size_t size);

#endif
