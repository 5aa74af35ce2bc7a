/* textfile.c - lines of a file that may be compressed. */
#include "base/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/limits.h"
#include "base/status.h"

enum { PIECE = 1 << 16 };

struct kino_textfile {
    gzFile file;
    char *name;
    kino_buffer line;
    size_t number;
};

kino_status kino_textfile_open(const char *path, kino_textfile **out, kino_error *err)
{
    const bool standard = !strcmp(path, "-");
    int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kino_fail_errno(err, errno == ENOENT ? KINO_NOT_FOUND : KINO_FAILED, "%s", path);
    kino_textfile *t = kino_alloc(sizeof *t);
    t->name = kino_strdup(standard ? "standard input" : path);
    t->file = gzdopen(fd, "rb");
    if (!t->file) {
        close(fd);
        kino_textfile_close(t);
        return kino_fail(err, KINO_FAILED, "%s: cannot be read", path);
    }
    *out = t;
    return KINO_OK;
}

void kino_textfile_close(kino_textfile *t)
{
    if (!t)
        return;
    if (t->file)
        gzclose(t->file);
    free(t->name);
    free(t->line.data);
    free(t);
}

static kino_status failed(const kino_textfile *t, kino_error *err)
{
    int code = Z_OK;
    const char *text = gzerror(t->file, &code);
    if (code == Z_ERRNO)
        return kino_fail_errno(err, KINO_FAILED, "%s: cannot be read", t->name);
    return kino_fail(err, KINO_DAMAGED, "%s: line %zu: the gzip stream is damaged or cut (%s); fetch the file again",
                     t->name, t->number + 1, text);
}

int kino_textfile_peek(kino_textfile *t)
{
    int c;
    do
        c = gzgetc(t->file);
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t');
    return c < 0 ? -1 : gzungetc(c, t->file);
}

/* Whether the stream ended as it should; zlib tells of one that is cut only when asked. */
static bool is_whole(const kino_textfile *t)
{
    int code = Z_OK;
    gzerror(t->file, &code);
    return code == Z_OK || code == Z_STREAM_END;
}

kino_status kino_textfile_line(kino_textfile *t, char **line, size_t *n, kino_error *err)
{
    char piece[PIECE];
    bool ended = false;
    *line = NULL;
    t->line.size = 0;
    for (z_off_t from = gztell(t->file); !ended && gzgets(t->file, piece, sizeof piece);) {
        const size_t got = strlen(piece), taken = (size_t)(gztell(t->file) - from);
        from += (z_off_t)taken;
        kino_buffer_put(&t->line, piece, got);
        ended = got && piece[got - 1] == '\n';
        if (got < taken || t->line.size > KINO_LIMIT_FIELD)
            return kino_fail(err, KINO_DAMAGED, "%s: line %zu: %s", t->name, t->number + 1,
                             got < taken ? "a NUL byte; this is not text" : "too long");
    }
    if (!ended && !is_whole(t))
        return failed(t, err);
    if (!ended && !t->line.size)
        return KINO_OK;
    t->number++;
    while (t->line.size && (t->line.data[t->line.size - 1] == '\n' || t->line.data[t->line.size - 1] == '\r'))
        t->line.data[--t->line.size] = 0;
    *line = t->line.data;
    *n = t->line.size;
    return KINO_OK;
}

kino_status kino_textfile_rest(kino_textfile *t, size_t most, kino_buffer *out, kino_error *err)
{
    char piece[PIECE];
    int got;
    for (got = gzread(t->file, piece, sizeof piece); got > 0; got = gzread(t->file, piece, sizeof piece)) {
        kino_buffer_put(out, piece, (size_t)got);
        if (out->size > most)
            return kino_fail(err, KINO_DAMAGED, "%s: more than %zu bytes", t->name, most);
    }
    return got < 0 || !is_whole(t) ? failed(t, err) : KINO_OK;
}

size_t kino_textfile_number(const kino_textfile *t)
{
    return t->number;
}

const char *kino_textfile_name(const kino_textfile *t)
{
    return t->name;
}
