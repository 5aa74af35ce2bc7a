/* base64.h - bytes as text (RFC 4648, section 4: the usual alphabet, padded). */
#ifndef KINO_BASE_BASE64_H
#define KINO_BASE_BASE64_H

#include "base/alloc.h"
#include "kino.h"

void kino_put_base64(kino_buffer *b, const void *bytes, size_t n);
/* Whether the text is exactly n bytes, which out[n] has then. */
bool kino_base64_read(const char *text, void *out, size_t n);

#endif
