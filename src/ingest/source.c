/* source.c - what a file is, and its bytes as UTF-8. */
#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/status.h"
#include "ingest/encoding.h"
#include "ingest/unpack.h"
#include "ingest/zip.h"

enum { CHUNK = 128 * 1024 };
#define MOST_ZIP ((size_t)2 << 30) /* an archive is held whole: its list of members is at the end */

struct kino_source {
    char *name, *member;
    const char *chosen; /* the only member that is wanted, or NULL */
    int fd;             /* -1: the bytes are all there */
    bool owns_fd, begun, raw_ended, ended;
    const unsigned char *in; /* [size], compressed or not, read up to `at` */
    size_t at, size;
    unsigned char *chunk;   /* [CHUNK] what `in` is when a descriptor is read */
    unsigned char *archive; /* a whole zip archive */
    kino_unpack *unpack;    /* NULL: the bytes are plain */
    unsigned char *plain;   /* [CHUNK] not decoded yet, from `first` to `last` */
    size_t first, last;
    kino_encoding encoding;
};

static kino_source *make(int fd, const char *name)
{
    kino_source *s = kino_alloc(sizeof *s);
    s->name = kino_strdup(name);
    s->member = kino_strdup("");
    s->fd = fd;
    s->raw_ended = fd < 0;
    s->plain = kino_alloc(CHUNK);
    if (fd >= 0)
        s->in = s->chunk = kino_alloc(CHUNK);
    return s;
}

kino_source *kino_source_from_fd(int fd, const char *name)
{
    return make(fd, name);
}

kino_source *kino_source_from_bytes(const void *bytes, size_t size, const char *name)
{
    kino_source *s = make(-1, name);
    s->in = bytes;
    s->size = size;
    return s;
}

kino_status kino_source_open(const char *path, kino_source **out, kino_error *err)
{
    if (!strcmp(path, "-")) {
        *out = make(STDIN_FILENO, "standard input");
        return KINO_OK;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kino_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? KINO_NOT_FOUND : KINO_FAILED,
                               "%s: cannot open", path);
#ifdef POSIX_FADV_SEQUENTIAL
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    *out = make(fd, path);
    (*out)->owns_fd = true;
    return KINO_OK;
}

void kino_source_close(kino_source *s)
{
    if (!s)
        return;
    if (s->owns_fd)
        close(s->fd);
    kino_unpack_free(s->unpack);
    free(s->name);
    free(s->member);
    free(s->chunk);
    free(s->archive);
    free(s->plain);
    free(s);
}

const char *kino_source_name(const kino_source *s)
{
    return s->name;
}

const char *kino_source_encoding(const kino_source *s)
{
    return s->encoding == KINO_ENCODING_WINDOWS    ? "Windows-1252"
           : s->encoding >= KINO_ENCODING_UTF16_LE ? "UTF-16"
                                                   : "UTF-8";
}

const char *kino_source_member(const kino_source *s)
{
    return s->member;
}

void kino_source_choose(kino_source *s, const char *member)
{
    s->chosen = member;
}

/* ---- raw bytes ---- */

/* More bytes behind those not read yet, or `raw_ended`. */
static kino_status refill(kino_source *s, kino_error *err)
{
    if (s->raw_ended)
        return KINO_OK;
    if (s->at == s->size)
        s->at = s->size = 0;
    ssize_t n = read(s->fd, s->chunk + s->size, CHUNK - s->size);
    if (n < 0 && errno == EINTR) /* only a handler meant to interrupt does this: a pipe may be silent for ever */
        return kino_fail(err, KINO_INTERRUPTED, "%s: interrupted", s->name);
    if (n < 0)
        return kino_fail_errno(err, KINO_FAILED, "%s: cannot read", s->name);
    s->size += (size_t)n;
    s->raw_ended = n == 0;
    return KINO_OK;
}

/* The rest of the file into memory, for a zip archive. */
static kino_status hold_all(kino_source *s, kino_error *err)
{
    kino_buffer all = {0};
    kino_status st = KINO_OK;
    if (s->fd < 0)
        return KINO_OK;
    while (!st) {
        kino_buffer_put(&all, s->in + s->at, s->size - s->at);
        s->at = s->size;
        if (s->raw_ended)
            break;
        if (all.size > MOST_ZIP)
            st = kino_fail(err, KINO_DAMAGED, "%s: a zip archive of more than %zu MB; unpack it", s->name,
                           MOST_ZIP >> 20);
        else
            st = refill(s, err);
    }
    s->archive = (unsigned char *)all.data;
    s->in = s->archive;
    s->at = 0;
    s->size = all.size;
    return st;
}

/* Of a zip archive the member that is wanted, as if it were the file. */
static kino_status enter_archive(kino_source *s, kino_error *err)
{
    kino_zip_member m;
    kino_status st = hold_all(s, err);
    if (!st)
        st = kino_zip_find(s->in, s->size, s->chosen, s->name, &m, err);
    if (st)
        return st;
    free(s->member);
    s->member = kino_alloc(m.name_size + 1);
    memcpy(s->member, m.name, m.name_size);
    s->at = m.start;
    s->size = m.start + m.size;
    s->raw_ended = true;
    s->unpack = m.packed ? kino_unpack_new(KINO_PACKING_DEFLATE) : NULL;
    return KINO_OK;
}

/* ---- plain bytes ---- */

/* Moves what is left to the front and puts what comes next behind it. */
static kino_status more_plain(kino_source *s, kino_error *err)
{
    if (s->first) {
        memmove(s->plain, s->plain + s->first, s->last - s->first);
        s->last -= s->first;
        s->first = 0;
    }
    if (s->at == s->size && !s->raw_ended) {
        kino_status st = refill(s, err);
        if (st)
            return st;
    }
    const size_t room = CHUNK - s->last;
    size_t left = s->size - s->at, n;
    if (!s->unpack) {
        n = left < room ? left : room;
        memcpy(s->plain + s->last, s->in + s->at, n);
        s->at += n;
        s->last += n;
        s->ended = s->raw_ended && s->at == s->size;
        return KINO_OK;
    }
    const unsigned char *in = s->in + s->at;
    const kino_unpacked step = kino_unpack_step(s->unpack, &in, &left, s->raw_ended, s->plain + s->last, room, &n);
    s->at = s->size - left;
    s->last += n;
    s->ended = step == KINO_UNPACKED_ALL;
    if (step >= KINO_UNPACKED_DAMAGED)
        return kino_fail(err, KINO_DAMAGED, "%s: the compressed data is %s; fetch the file again", s->name,
                         step == KINO_UNPACKED_CUT ? "cut off" : "damaged");
    return KINO_OK;
}

/* ---- what a file is ---- */

static kino_status refuse_what_is_no_text(const kino_source *s, kino_error *err)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *what;
    } kinds[] = {
        {"version https://git-lfs", 23, "a Git LFS pointer; fetch what it points to with git lfs pull"},
        {"PAR1", 4, "a Parquet file; save it as CSV"},
        {"SQLite format 3", 15, "an SQLite database; export a table of it as CSV"},
        {"\xD0\xCF\x11\xE0", 4, "an Excel workbook; save it as CSV"},
        {"%PDF", 4, "a PDF"},
        {"7z\xBC\xAF", 4, "a 7z archive; unpack it"},
        {"Rar!", 4, "a RAR archive; unpack it"},
        {"BZh", 3, "packed with bzip2; unpack it"},
        {"\x89PNG", 4, "a picture"},
        {"\xFF\xD8\xFF", 3, "a picture"},
    };
    const char *p = (const char *)s->plain + s->first;
    const size_t n = s->last - s->first;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= kinds[i].size && !memcmp(p, kinds[i].bytes, kinds[i].size))
            return kino_fail(err, KINO_DAMAGED, "%s: this is no list of films but %s", s->name, kinds[i].what);
    size_t i = n >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (i < n && memchr(" \t\r\n", p[i], 4))
        i++;
    if (n - i > 5 &&
        (!strncasecmp(p + i, "<!doctype html", n - i < 14 ? n - i : 14) || !strncasecmp(p + i, "<html", 5)))
        return kino_fail(err, KINO_DAMAGED,
                         "%s: this is no list of films but a web page; the file has to be fetched while signed in",
                         s->name);
    return KINO_OK;
}

static kino_status begin_unpacking(kino_source *s, kino_packing packing, kino_error *err)
{
    if (packing == KINO_PACKING_NONE)
        return KINO_OK;
    s->unpack = kino_unpack_new(packing);
    if (s->unpack)
        return KINO_OK;
    return kino_fail(err, KINO_DAMAGED, "%s: packed with %s, whose library is not here; unpack it", s->name,
                     kino_packing_name(packing));
}

static kino_status begin(kino_source *s, kino_error *err)
{
    enum { HEAD = 4096, MARK = 6 };
    size_t mark = 0;
    kino_status st = KINO_OK;
    s->begun = true;
    while (!st && !s->raw_ended && s->size < MARK)
        st = refill(s, err);
    if (!st && s->size >= 4 && !memcmp(s->in, "PK\3\4", 4))
        st = enter_archive(s, err);
    else if (!st)
        st = begin_unpacking(s, kino_packing_of(s->in, s->size), err);
    while (!st && !s->ended && s->last < HEAD)
        st = more_plain(s, err);
    if (!st)
        st = refuse_what_is_no_text(s, err);
    if (st)
        return st;
    s->encoding = kino_encoding_begin(s->plain + s->first, s->last - s->first, &mark);
    s->first += mark;
    return KINO_OK;
}

kino_status kino_source_peek(kino_source *s, char *out, kino_error *err)
{
    kino_status st = s->begun ? KINO_OK : begin(s, err);
    size_t i = s->first;
    while (!st && i < s->last && memchr(" \t\r\n", s->plain[i], 5)) /* zeros are those of UTF-16 */
        i++;
    *out = st || i == s->last ? 0 : (char)s->plain[i];
    return st;
}

kino_status kino_source_read(kino_source *s, char *out, size_t room, size_t *n, kino_error *err)
{
    kino_status st = s->begun ? KINO_OK : begin(s, err);
    *n = 0;
    while (!st && !*n) {
        size_t taken;
        *n = kino_encoding_decode(&s->encoding, s->plain + s->first, s->last - s->first, s->ended, out, room, &taken);
        s->first += taken;
        if (*n || s->ended)
            break;
        st = more_plain(s, err);
    }
    return st;
}

kino_status kino_source_rest(kino_source *s, size_t most, kino_buffer *out, kino_error *err)
{
    char *piece = kino_alloc(CHUNK);
    size_t n = 1;
    kino_status st = KINO_OK;
    kino_buffer_put(out, "", 0);
    while (!st && n) {
        st = kino_source_read(s, piece, CHUNK, &n, err);
        if (!st && out->size + n > most)
            st = kino_fail(err, KINO_DAMAGED, "%s: more than %zu MB, which no list of films has", s->name, most >> 20);
        else if (!st)
            kino_buffer_put(out, piece, n);
    }
    free(piece);
    return st;
}
