/* log.h - what the server says on standard error: a line a request, and what is wrong with the catalogue. */
#ifndef KINO_SERVE_LOG_H
#define KINO_SERVE_LOG_H

#include <stddef.h>

#include "kino.h"

/* One line in the combined format. What a client sent is text of a stranger: quotes, backslashes and all that is not
 * printable ASCII stand as \xHH, so that no request can look like another line or field. The question, behind the path,
 * is left out: what somebody looks for is nobody's business. */
void kino_log_request(const char *client, const char *method, const char *target, int status, size_t size);

/* Tells a fault that may last once, and that it is over. Zero-initialise. */
typedef struct kino_log_fault {
    char told[sizeof(((kino_error *)NULL)->text)];
} kino_log_fault;

/* `text`: what is wrong now; "": nothing. */
void kino_log_catalogue(kino_log_fault *f, const char *text);

#endif
