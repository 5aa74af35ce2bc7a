/* encode.h - bodies compressed by gzip, for clients that take them so. */
#ifndef KINO_SERVE_ENCODE_H
#define KINO_SERVE_ENCODE_H

#include <stdbool.h>

#include "base/alloc.h"

/* Whether an Accept-Encoding header admits gzip; a client that sends none is not known to take it. */
bool kino_takes_gzip(const char *accept_encoding);

/* Replaces a body by its compressed form if that saves anything; returns whether it did. */
bool kino_gzip(kino_buffer *body);
/* Appends the original of what the build has compressed, and which is therefore sound. */
void kino_gunzip(const void *bytes, size_t n, kino_buffer *out);

#endif
