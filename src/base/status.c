/* status.c - the one form of a failure: a status and a message of one line. */
#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_text(kino_error *err, kino_status status, const char *format, va_list ap)
{
    err->status = status;
    vsnprintf(err->text, sizeof err->text, format, ap);
    for (char *p = err->text; *p; p++) /* a file name or a cell may hold anything; a message is one line */
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
}

kino_status kino_fail(kino_error *err, kino_status status, const char *format, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, format);
        set_text(err, status, format, ap);
        va_end(ap);
    }
    return status;
}

kino_status kino_fail_errno(kino_error *err, kino_status status, const char *format, ...)
{
    if (err) {
        const char *reason = strerror(errno);
        va_list ap;
        va_start(ap, format);
        set_text(err, status, format, ap);
        va_end(ap);
        size_t n = strlen(err->text);
        snprintf(err->text + n, sizeof err->text - n, ": %s", reason);
    }
    return status;
}

int kino_exit_code(kino_status status)
{
    switch (status) {
    case KINO_OK:
        return 0;
    case KINO_FAILED:
        return 1;
    case KINO_USAGE:
        return 2;
    case KINO_NOT_FOUND:
    case KINO_AMBIGUOUS:
        return 3;
    case KINO_NETWORK:
        return 4;
    case KINO_DAMAGED:
        return 5;
    case KINO_INTERRUPTED:
        return 130;
    }
    return 1;
}
