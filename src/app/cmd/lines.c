/* lines.c - cuts standard input into lines and hands them out in batches. */
#include "app/cmd/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/status.h"

enum {
    CHUNK = 256 * 1024,
    BATCH_BYTES = 4 << 20, /* kept text after which a batch is full */
};

void app_lines_init(app_lines *l, int file, const volatile sig_atomic_t *cancel)
{
    *l = (app_lines){.file = file, .cancel = cancel, .chunk = kino_alloc(CHUNK)};
}

void app_lines_free(app_lines *l)
{
    free(l->chunk);
    free(l->text.data);
}

static void keep(app_lines *l, const char *bytes, size_t n)
{
    size_t room = KINO_LIMIT_TEXT - l->length;
    if (n > room)
        n = room;
    if (n)
        kino_buffer_put(&l->text, bytes, n);
    l->length += n;
}

static void begin(app_lines *l)
{
    l->started = true;
    l->length = 0;
    l->starts[l->count] = l->text.size;
}

static void finish(app_lines *l)
{
    l->lengths[l->count++] = l->length;
    l->started = l->held_return = false;
}

/* Takes lines out of the chunk until it is used up or the batch is full. */
static void split(app_lines *l)
{
    while (l->at < l->end && l->count < APP_LINES && l->text.size < BATCH_BYTES) {
        const char *p = l->chunk + l->at, *newline = memchr(p, '\n', l->end - l->at);
        size_t n = newline ? (size_t)(newline - p) : l->end - l->at, body = n;
        if (!l->started)
            begin(l);
        if (l->held_return && n)
            keep(l, "\r", 1); /* it stood inside the line */
        if (n)
            l->held_return = false;
        if (body && p[body - 1] == '\r') {
            body--;
            l->held_return = true;
        }
        keep(l, p, body);
        l->at += n;
        if (newline) {
            l->at++;
            finish(l);
        }
    }
}

static bool more_is_there(const app_lines *l)
{
    struct pollfd p = {.fd = l->file, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

kino_status app_lines_next(app_lines *l, kino_error *err)
{
    if (l->started) { /* the line in work moves to the front */
        size_t start = l->starts[l->count];
        memmove(l->text.data, l->text.data + start, l->length);
        l->text.size = l->length;
        l->starts[0] = 0;
    } else {
        l->text.size = 0;
    }
    l->count = 0;
    for (;;) {
        split(l);
        if (l->count == APP_LINES || (l->count && (l->text.size >= BATCH_BYTES || l->ended || !more_is_there(l))))
            break;
        if (l->ended) {
            if (l->started && (l->length || l->held_return)) {
                if (l->held_return)
                    keep(l, "\r", 1); /* no \n follows it */
                finish(l);
            }
            break;
        }
        ssize_t n = read(l->file, l->chunk, CHUNK);
        if (*l->cancel)
            return kino_fail(err, KINO_INTERRUPTED, "interrupted");
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return kino_fail_errno(err, KINO_FAILED, "cannot read standard input");
        l->at = 0;
        l->end = (size_t)n;
        l->ended = n == 0;
    }
    for (size_t i = 0; i < l->count; i++)
        l->texts[i] = l->text.data ? l->text.data + l->starts[i] : "";
    return KINO_OK;
}
