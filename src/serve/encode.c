/* encode.c - compresses an answer if the client takes gzip and the answer is long enough. */
#include "serve/encode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum {
    LEAST = 1200, /* what fits into a packet with its header gains nothing */
    LEVEL = 5,
    GZIP_WINDOW = 15 + 16,
};

/* One entry, "gzip;q=0.5": its weight if the name is this one, else -1. */
static double weight_of(const char *entry, size_t n, const char *name)
{
    const size_t length = strlen(name);
    if (n < length || strncasecmp(entry, name, length) != 0)
        return -1;
    entry += length;
    n -= length;
    size_t blanks = 0;
    while (blanks < n && (entry[blanks] == ' ' || entry[blanks] == '\t' || entry[blanks] == ';'))
        blanks++;
    if (n && !blanks)
        return -1; /* a longer name */
    return blanks + 2 < n && !strncasecmp(entry + blanks, "q=", 2) ? strtod(entry + blanks + 2, NULL) : 1;
}

bool kino_takes_gzip(const char *accept_encoding)
{
    double gzip = -1, any = -1;
    for (const char *p = accept_encoding; *p;) {
        p += strspn(p, " \t,");
        const size_t n = strcspn(p, ",");
        const double of_gzip = weight_of(p, n, "gzip"), of_any = weight_of(p, n, "*");
        gzip = of_gzip >= 0 ? of_gzip : gzip;
        any = of_any >= 0 ? of_any : any;
        p += n;
    }
    return gzip >= 0 ? gzip > 0 : any > 0;
}

bool kino_gzip(kino_buffer *body)
{
    z_stream z = {0};
    if (body->size < LEAST || deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    const size_t room = body->size - body->size / 8;
    char *packed = kino_alloc_scratch(room);
    z.next_in = (unsigned char *)body->data;
    z.avail_in = (uInt)body->size;
    z.next_out = (unsigned char *)packed;
    z.avail_out = (uInt)room;
    const bool gained = deflate(&z, Z_FINISH) == Z_STREAM_END;
    const size_t size = room - z.avail_out;
    deflateEnd(&z);
    if (gained) {
        free(body->data);
        *body = (kino_buffer){.data = packed, .size = size, .capacity = room};
    } else {
        free(packed);
    }
    return gained;
}

void kino_gunzip(const void *bytes, size_t n, kino_buffer *out)
{
    z_stream z = {0};
    unsigned char piece[8192];
    int st = Z_OK;
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        return;
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    while (st == Z_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        st = inflate(&z, Z_NO_FLUSH);
        kino_buffer_put(out, piece, sizeof piece - z.avail_out);
    }
    inflateEnd(&z);
}
