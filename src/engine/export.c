/* export.c - the films of a catalogue into a file. */
#include "ingest/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "handle/handle.h"

enum { CHUNK = 1 << 18 };

typedef struct writing {
    int fd;
    kino_export_form form;
    size_t count;
    int fault; /* errno of the first write that failed */
    kino_buffer out;
} writing;

static void flush(writing *w)
{
    for (size_t at = 0; at < w->out.size && !w->fault;) {
        const ssize_t n = write(w->fd, w->out.data + at, w->out.size - at);
        if (n < 0 && errno != EINTR)
            w->fault = errno;
        at += n > 0 ? (size_t)n : 0;
    }
    w->out.size = 0;
}

static void put(void *ctx, const kino_movie *m)
{
    writing *w = ctx;
    if (w->fault)
        return;
    kino_export_film(w->form, m, &w->out);
    w->count++;
    if (w->out.size >= CHUNK)
        flush(w);
}

kino_status kino_export(kino *k, const char *path, kino_export_form form, size_t *count, kino_error *err)
{
    const bool named = strcmp(path, "-") != 0;
    writing w = {.fd = STDOUT_FILENO, .form = form};
    kino_status st = kino_use_catalogue(k, err);
    if (st)
        return st;
    if (named)
        w.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (w.fd < 0)
        return kino_fail_errno(err, KINO_FAILED, "%s: cannot write", path);
    kino_export_header(form, &w.out);
    st = kino_catalogue_films(k->catalogue, 0, put, &w, err);
    flush(&w);
    if (named && close(w.fd) && !w.fault)
        w.fault = errno;
    errno = w.fault;
    if (!st && w.fault)
        st = kino_fail_errno(err, KINO_FAILED, "%s: not all films are written", named ? path : "standard output");
    *count = w.count;
    free(w.out.data);
    return st;
}
