/* log.c - the access log, and faults that last. */
#include "serve/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"

enum { LONGEST_METHOD = 16, LONGEST_TARGET = 700 };

static void put_safe(kino_buffer *b, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\')
            kino_buffer_print(b, "\\x%02X", c);
        else
            kino_buffer_byte(b, (char)c);
    }
}

void kino_log_request(const char *client, const char *method, const char *target, int status, size_t size)
{
    char when[40];
    kino_buffer b = {0};
    const time_t now = time(NULL);
    struct tm t;
    strftime(when, sizeof when, "%d/%b/%Y:%H:%M:%S +0000", gmtime_r(&now, &t));
    kino_buffer_print(&b, "%s - - [%s] \"", client, when);
    put_safe(&b, method, strnlen(method, LONGEST_METHOD));
    kino_buffer_byte(&b, ' ');
    const size_t path = strcspn(target, "?");
    put_safe(&b, target, path < LONGEST_TARGET ? path : LONGEST_TARGET);
    kino_buffer_print(&b, " HTTP/1.1\" %d %zu \"-\" \"-\"\n", status, size);
    fputs(b.data, stderr);
    free(b.data);
}

void kino_log_catalogue(kino_log_fault *f, const char *text)
{
    if (!strcmp(f->told, text))
        return;
    if (*text)
        fprintf(stderr, "kino: the catalogue was not opened anew: %s\n", text);
    else
        fputs("kino: the catalogue is open again\n", stderr);
    snprintf(f->told, sizeof f->told, "%s", text);
}
