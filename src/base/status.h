/* status.h - failing with a message. */
#ifndef KINO_BASE_STATUS_H
#define KINO_BASE_STATUS_H

#include "kino.h"

/* Fills *err (which may be NULL) with the status and a formatted one-line text, and returns the status, so that
 * `return kino_fail(err, KINO_DAMAGED, "%s: ...", path);` is one statement. Control characters are made visible. */
kino_status kino_fail(kino_error *err, kino_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the text of errno behind it: "PATH: cannot open: No such file or directory". */
kino_status kino_fail_errno(kino_error *err, kino_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
