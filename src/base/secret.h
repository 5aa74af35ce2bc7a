/* secret.h - memory for keys and passwords: it is in no core dump, in no child process and in no swap, as far as the system
 * allows, and is overwritten when it is given back.
 *
 *     char *key = kino_secret_new(2048);             // zeros
 *     kino_secret_free(key, 2048);
 *
 * What libcurl copies out of it for a request lies in ordinary memory as long as the request lasts; a program of its own
 * asks the system not to be dumped at all (see app/main.c). */
#ifndef KINO_BASE_SECRET_H
#define KINO_BASE_SECRET_H

#include <stddef.h>

void *kino_secret_new(size_t size);               /* never NULL */
void kino_secret_free(void *secret, size_t size); /* NULL is fine */

#endif
