/* unpack.c - zlib, liblzma and libzstd behind one call. */
#include "ingest/unpack.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#ifdef KINO_XZ
#include <lzma.h>
#endif
#ifdef KINO_ZSTD
#include <zstd.h>
#endif

#include "base/alloc.h"

struct kino_unpack {
    kino_packing packing;
    z_stream z;
    bool fresh; /* a stream has ended, and another one may follow */
    void *library;
#ifdef KINO_XZ
    lzma_stream xz;
    __typeof__(&lzma_code) code;
    __typeof__(&lzma_end) end;
#endif
#ifdef KINO_ZSTD
    ZSTD_DStream *zstd;
    __typeof__(&ZSTD_decompressStream) decompress;
    __typeof__(&ZSTD_freeDStream) free_zstd;
    __typeof__(&ZSTD_isError) is_error;
#endif
};

kino_packing kino_packing_of(const unsigned char *p, size_t n)
{
    if (n >= 2 && p[0] == 0x1F && p[1] == 0x8B)
        return KINO_PACKING_GZIP;
    if (n >= 5 && *p == 0xFD && !memcmp(p + 1, "7zXZ", 4))
        return KINO_PACKING_XZ;
    if (n >= 4 && !memcmp(p, "\x28\xB5\x2F\xFD", 4))
        return KINO_PACKING_ZSTD;
    return KINO_PACKING_NONE;
}

const char *kino_packing_name(kino_packing packing)
{
    static const char *const names[] = {"", "zip", "gzip", "xz", "zstd"};
    return names[packing];
}

/* ---- the libraries that are loaded ---- */

#if defined KINO_XZ || defined KINO_ZSTD
static bool load(kino_unpack *u, const char *file, const char *const *names, void *calls[], size_t count)
{
    u->library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; u->library && i < count; i++) {
        calls[i] = dlsym(u->library, names[i]);
        if (!calls[i])
            return false;
    }
    return u->library != NULL;
}
#endif

static bool begin_xz(kino_unpack *u)
{
#ifdef KINO_XZ
    static const char *const names[] = {"lzma_code", "lzma_end", "lzma_stream_decoder"};
    static const uint64_t most = UINT64_C(512) << 20; /* of memory, more than any level of xz needs */
    void *calls[3];
    __typeof__(&lzma_stream_decoder) decoder;
    if (!load(u, "liblzma.so.5", names, calls, 3))
        return false;
    memcpy(&u->code, &calls[0], sizeof calls[0]);
    memcpy(&u->end, &calls[1], sizeof calls[1]);
    memcpy(&decoder, &calls[2], sizeof calls[2]);
    return decoder(&u->xz, most, LZMA_CONCATENATED) == LZMA_OK;
#else
    (void)u;
    return false;
#endif
}

static bool begin_zstd(kino_unpack *u)
{
#ifdef KINO_ZSTD
    static const char *const names[] = {"ZSTD_decompressStream", "ZSTD_freeDStream", "ZSTD_isError",
                                        "ZSTD_createDStream"};
    void *calls[4];
    __typeof__(&ZSTD_createDStream) create;
    if (!load(u, "libzstd.so.1", names, calls, 4))
        return false;
    memcpy(&u->decompress, &calls[0], sizeof calls[0]);
    memcpy(&u->free_zstd, &calls[1], sizeof calls[1]);
    memcpy(&u->is_error, &calls[2], sizeof calls[2]);
    memcpy(&create, &calls[3], sizeof calls[3]);
    u->zstd = create();
    u->fresh = true;
    return u->zstd != NULL;
#else
    (void)u;
    return false;
#endif
}

kino_unpack *kino_unpack_new(kino_packing packing)
{
    kino_unpack *u = kino_alloc(sizeof *u);
    u->packing = packing;
    bool there = packing <= KINO_PACKING_GZIP;
    if (there)
        there = inflateInit2(&u->z, packing == KINO_PACKING_GZIP ? 16 + MAX_WBITS : -MAX_WBITS) == Z_OK;
    else
        there = packing == KINO_PACKING_XZ ? begin_xz(u) : begin_zstd(u);
    if (there)
        return u;
    kino_unpack_free(u);
    return NULL;
}

void kino_unpack_free(kino_unpack *u)
{
    if (!u)
        return;
    if (u->packing <= KINO_PACKING_GZIP)
        inflateEnd(&u->z);
#ifdef KINO_XZ
    if (u->end)
        u->end(&u->xz);
#endif
#ifdef KINO_ZSTD
    if (u->zstd)
        u->free_zstd(u->zstd);
#endif
#if defined KINO_XZ || defined KINO_ZSTD
    if (u->library)
        dlclose(u->library);
#endif
    free(u);
}

/* ---- a step ---- */

/* Streams of gzip may follow one another. */
static kino_unpacked step_zlib(kino_unpack *u, const unsigned char **in, size_t *left, bool last, unsigned char *out,
                               size_t room, size_t *n)
{
    if (u->fresh) {
        if (!*left)
            return last ? KINO_UNPACKED_ALL : KINO_UNPACKED_SOME;
        if (u->packing != KINO_PACKING_GZIP || **in != 0x1F || inflateReset(&u->z) != Z_OK)
            return KINO_UNPACKED_ALL; /* what is behind it says nothing */
        u->fresh = false;
    }
    u->z.next_in = (unsigned char *)*in;
    u->z.avail_in = (unsigned)(*left < INT_MAX ? *left : INT_MAX);
    u->z.next_out = out;
    u->z.avail_out = (unsigned)(room < INT_MAX ? room : INT_MAX);
    const int code = inflate(&u->z, Z_NO_FLUSH);
    *left -= (size_t)(u->z.next_in - *in);
    *in = u->z.next_in;
    *n = (size_t)(u->z.next_out - out);
    u->fresh = code == Z_STREAM_END;
    if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
        return KINO_UNPACKED_DAMAGED;
    return !u->fresh && last && !*left && u->z.avail_out ? KINO_UNPACKED_CUT : KINO_UNPACKED_SOME;
}

static kino_unpacked step_xz(kino_unpack *u, const unsigned char **in, size_t *left, bool last, unsigned char *out,
                             size_t room, size_t *n)
{
#ifdef KINO_XZ
    u->xz.next_in = *in;
    u->xz.avail_in = *left;
    u->xz.next_out = out;
    u->xz.avail_out = room;
    const lzma_ret code = u->code(&u->xz, last ? LZMA_FINISH : LZMA_RUN);
    *in = u->xz.next_in;
    *left = u->xz.avail_in;
    *n = room - u->xz.avail_out;
    if (code == LZMA_STREAM_END)
        return KINO_UNPACKED_ALL;
    if (code == LZMA_BUF_ERROR)
        return last ? KINO_UNPACKED_CUT : KINO_UNPACKED_SOME;
    return code == LZMA_OK ? KINO_UNPACKED_SOME : KINO_UNPACKED_DAMAGED;
#else
    (void)u, (void)in, (void)left, (void)last, (void)out, (void)room, (void)n;
    return KINO_UNPACKED_DAMAGED;
#endif
}

static kino_unpacked step_zstd(kino_unpack *u, const unsigned char **in, size_t *left, bool last, unsigned char *out,
                               size_t room, size_t *n)
{
#ifdef KINO_ZSTD
    if (u->fresh && last && !*left)
        return KINO_UNPACKED_ALL;
    ZSTD_inBuffer from = {*in, *left, 0};
    ZSTD_outBuffer to = {out, room, 0};
    const size_t code = u->decompress(u->zstd, &to, &from);
    if (u->is_error(code))
        return KINO_UNPACKED_DAMAGED;
    *in += from.pos;
    *left -= from.pos;
    *n = to.pos;
    u->fresh = code == 0;
    return !u->fresh && last && !*left && to.pos < room ? KINO_UNPACKED_CUT : KINO_UNPACKED_SOME;
#else
    (void)u, (void)in, (void)left, (void)last, (void)out, (void)room, (void)n;
    return KINO_UNPACKED_DAMAGED;
#endif
}

kino_unpacked kino_unpack_step(kino_unpack *u, const unsigned char **in, size_t *left, bool last, unsigned char *out,
                               size_t room, size_t *n)
{
    *n = 0;
    if (u->packing == KINO_PACKING_XZ)
        return step_xz(u, in, left, last, out, room, n);
    if (u->packing == KINO_PACKING_ZSTD)
        return step_zstd(u, in, left, last, out, room, n);
    return step_zlib(u, in, left, last, out, room, n);
}
