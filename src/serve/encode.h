/* encode.h - bodies compressed by gzip, for clients that take them so. */
#ifndef KINO_SERVE_ENCODE_H
#define KINO_SERVE_ENCODE_H

#include <stdbool.h>

#include "base/alloc.h"

/* Whether an Accept-Encoding header admits gzip; a client that sends none is not known to take it. */
bool kino_takes_gzip(const char *accept_encoding);

/* Replaces a body by its compressed form where that saves anything; whether it did. */
bool kino_gzip(kino_buffer *body);
/* Appends what was compressed by the build, which is sound, as it was before. */
void kino_gunzip(const void *bytes, size_t n, kino_buffer *out);

#endif
