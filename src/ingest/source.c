/* source.c - what a file is, and its bytes as UTF-8. */
#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <zlib.h>

#include "base/status.h"
#include "base/utf8.h"

enum { CHUNK = 128 * 1024 };
#define MOST_ZIP ((size_t)2 << 30) /* an archive is held whole: its list of members is at the end */

typedef enum encoding { UNDECIDED, UTF8, WINDOWS, UTF16_LE, UTF16_BE } encoding;

struct kino_source {
    char *name, *member;
    const char *chosen; /* the only member that is wanted, or NULL */
    int fd;             /* -1: the bytes are all there */
    bool owns_fd, begun, raw_ended, ended, inflating;
    const unsigned char *in; /* [size], compressed or not, read up to `at` */
    size_t at, size;
    unsigned char *chunk;   /* [CHUNK] what `in` is when a descriptor is read */
    unsigned char *archive; /* a whole zip archive */
    z_stream z;
    unsigned char *plain; /* [CHUNK] not decoded yet, from `first` to `last` */
    size_t first, last;
    encoding encoding;
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
    if (s->inflating)
        inflateEnd(&s->z);
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
    return s->encoding == WINDOWS ? "Windows-1252" : s->encoding >= UTF16_LE ? "UTF-16" : "UTF-8";
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

/* ---- zip: the list of members is at the end of the file ---- */

static uint32_t little(const unsigned char *p, int bytes)
{
    uint32_t n = 0;
    for (int i = bytes; i-- > 0;)
        n = n << 8 | p[i];
    return n;
}

typedef struct member {
    const char *name;
    size_t name_size, packed, size, offset;
    int method, flags;
} member;

/* By its name, also below one folder, but not that of what was deleted, as Letterboxd has it. */
static int is_chosen(const member *m, const char *chosen)
{
    const size_t n = strlen(chosen);
    if (m->name_size < n || memcmp(m->name + m->name_size - n, chosen, n))
        return 0;
    const size_t folder = m->name_size - n;
    if (!folder)
        return 2;
    return m->name[folder - 1] == '/' && !memchr(m->name, '/', folder - 1) && memcmp(m->name, "deleted/", 8) &&
           memcmp(m->name, "orphaned/", 9);
}

/* How much a member looks like a list of films; 0: it cannot be one. */
static int wanted(const member *m, const char *chosen)
{
    static const char *const best[] = {"movies_metadata.csv", "tmdb_5000_movies.csv", "ratings.csv", "watched.csv",
                                       "movies.csv"};
    static const char *const endings[] = {".csv", ".tsv", ".json", ".ndjson", ".txt"};
    const char *slash = NULL;
    if (chosen)
        return is_chosen(m, chosen);
    for (size_t i = 0; i < m->name_size; i++)
        if (m->name[i] == '/')
            slash = m->name + i;
    const char *base = slash ? slash + 1 : m->name;
    const size_t n = m->name_size - (size_t)(base - m->name);
    if (!n || *base == '.' || (m->name_size > 8 && !memcmp(m->name, "__MACOSX", 8)))
        return 0;
    for (int i = 0; i < (int)(sizeof best / sizeof *best); i++)
        if (n == strlen(best[i]) && !strncasecmp(base, best[i], n))
            return (slash ? 50 : 100) - i;
    for (int i = 0; i < (int)(sizeof endings / sizeof *endings); i++) {
        const size_t e = strlen(endings[i]);
        if (n > e && !strncasecmp(base + n - e, endings[i], e))
            return 10 - i;
    }
    return 0;
}

/* The place of the record that ends the archive; SIZE_MAX when it is not there. */
static size_t end_record(const kino_source *s)
{
    for (size_t i = s->size; i-- > 0 && s->size - i < 66000;)
        if (s->size - i >= 22 && !memcmp(s->in + i, "PK\5\6", 4))
            return i;
    return SIZE_MAX;
}

static bool next_member(const kino_source *s, size_t *at, member *m)
{
    const unsigned char *p = s->in + *at;
    if (s->size - *at < 46 || memcmp(p, "PK\1\2", 4))
        return false;
    *m = (member){.flags = (int)little(p + 8, 2),
                  .method = (int)little(p + 10, 2),
                  .packed = little(p + 20, 4),
                  .size = little(p + 24, 4),
                  .name_size = little(p + 28, 2),
                  .offset = little(p + 42, 4),
                  .name = (const char *)p + 46};
    const size_t whole = 46 + m->name_size + little(p + 30, 2) + little(p + 32, 2);
    if (whole > s->size - *at)
        return false;
    *at += whole;
    return true;
}

static kino_status choose_member(kino_source *s, kino_error *err)
{
    const size_t end = end_record(s);
    member best = {0}, m;
    bool excel = false;
    if (end == SIZE_MAX || little(s->in + end + 16, 4) > end)
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive that is cut off or damaged; fetch it again", s->name);
    for (size_t at = little(s->in + end + 16, 4); next_member(s, &at, &m);) {
        excel = excel || (m.name_size > 3 && !memcmp(m.name, "xl/", 3));
        if (wanted(&m, s->chosen) > (best.name ? wanted(&best, s->chosen) : 0) ||
            (best.name && wanted(&m, s->chosen) == wanted(&best, s->chosen) && m.size > best.size))
            best = m;
    }
    if (excel)
        return kino_fail(err, KINO_DAMAGED,
                         "%s: this is no list of films that can be read but an Excel workbook; save it as CSV",
                         s->name);
    if (!best.name && s->chosen)
        return kino_fail(err, KINO_NOT_FOUND, "%s: there is no %s in it", s->name, s->chosen);
    if (!best.name)
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive with no list of films in it", s->name);
    if (best.flags & 1 || (best.method != 0 && best.method != 8) || best.packed == UINT32_MAX ||
        best.offset == UINT32_MAX)
        return kino_fail(err, KINO_DAMAGED, "%s: %.*s in it is encrypted or packed in another way; unpack it", s->name,
                         (int)best.name_size, best.name);
    const unsigned char *head = s->in + best.offset;
    if (best.offset > s->size || s->size - best.offset < 30 || memcmp(head, "PK\3\4", 4))
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive that is damaged; fetch it again", s->name);
    const size_t start = best.offset + 30 + little(head + 26, 2) + little(head + 28, 2);
    if (start > s->size || best.packed > s->size - start)
        return kino_fail(err, KINO_DAMAGED, "%s: a zip archive that is cut off; fetch it again", s->name);
    free(s->member);
    s->member = kino_alloc(best.name_size + 1);
    memcpy(s->member, best.name, best.name_size);
    s->at = start;
    s->size = start + best.packed;
    s->raw_ended = true;
    s->inflating = best.method == 8;
    if (s->inflating)
        inflateInit2(&s->z, -MAX_WBITS);
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
    const size_t room = CHUNK - s->last, left = s->size - s->at;
    if (!s->inflating) {
        const size_t n = left < room ? left : room;
        memcpy(s->plain + s->last, s->in + s->at, n);
        s->at += n;
        s->last += n;
        s->ended = s->raw_ended && s->at == s->size;
        return KINO_OK;
    }
    s->z.next_in = (unsigned char *)s->in + s->at;
    s->z.avail_in = (unsigned)(left < CHUNK ? left : CHUNK);
    s->z.next_out = s->plain + s->last;
    s->z.avail_out = (unsigned)room;
    const unsigned given = s->z.avail_in;
    const int code = inflate(&s->z, Z_NO_FLUSH);
    s->at += given - s->z.avail_in;
    s->last = CHUNK - s->z.avail_out;
    if (code == Z_STREAM_END) {
        /* gzip streams may follow one another */
        if (!*s->member && s->size - s->at > 1 && s->in[s->at] == 0x1F && inflateReset(&s->z) == Z_OK)
            return KINO_OK;
        s->ended = true;
        return KINO_OK;
    }
    if (code != Z_OK && code != Z_BUF_ERROR)
        return kino_fail(err, KINO_DAMAGED, "%s: the compressed data is damaged; fetch the file again", s->name);
    if (s->raw_ended && s->at == s->size && s->z.avail_out)
        return kino_fail(err, KINO_DAMAGED, "%s: the compressed data is cut off; fetch the file again", s->name);
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
        {"\xFD"
         "7zXZ",
         5, "packed with xz; unpack it"},
        {"\x28\xB5\x2F\xFD", 4, "packed with zstd; unpack it"},
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

/* UTF-16 has a mark in front, or every other byte of its first text is zero. */
static void look_for_utf16(kino_source *s)
{
    const unsigned char *p = s->plain + s->first;
    size_t n = s->last - s->first, zeros[2] = {0};
    if (n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF))) {
        s->encoding = p[0] == 0xFF ? UTF16_LE : UTF16_BE;
        s->first += 2;
        return;
    }
    n = n < 256 ? n : 256;
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += !p[i];
    if (n >= 16 && zeros[0] + zeros[1] > n / 3 && (!zeros[0] || !zeros[1]))
        s->encoding = zeros[1] ? UTF16_LE : UTF16_BE;
}

static kino_status begin(kino_source *s, kino_error *err)
{
    enum { HEAD = 4096 };
    kino_status st = KINO_OK;
    s->begun = true;
    while (!st && !s->raw_ended && s->size < 4)
        st = refill(s, err);
    if (!st && s->size >= 4 && !memcmp(s->in, "PK\3\4", 4)) {
        st = hold_all(s, err);
        if (!st)
            st = choose_member(s, err);
    } else if (!st && s->size >= 2 && s->in[0] == 0x1F && s->in[1] == 0x8B) {
        s->inflating = true;
        inflateInit2(&s->z, 16 + MAX_WBITS);
    }
    while (!st && !s->ended && s->last < HEAD)
        st = more_plain(s, err);
    if (!st)
        st = refuse_what_is_no_text(s, err);
    if (st)
        return st;
    look_for_utf16(s);
    if (s->encoding == UNDECIDED && s->last - s->first >= 3 && !memcmp(s->plain + s->first, "\xEF\xBB\xBF", 3)) {
        s->encoding = UTF8;
        s->first += 3;
    }
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

/* ---- decoding ---- */

static size_t put(char *out, int32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static size_t from_windows(kino_source *s, char *out, size_t room)
{
    /* 0x80 to 0x9F; the five that are not used stay what they are in Latin-1. */
    static const uint16_t high[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                      0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
    size_t n = 0;
    while (s->first < s->last && n + 4 <= room) {
        const unsigned char c = s->plain[s->first++];
        n += put(out + n, c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c);
    }
    return n;
}

static size_t from_utf16(kino_source *s, char *out, size_t room)
{
    const int low = s->encoding == UTF16_BE;
    size_t n = 0;
    while (s->last - s->first >= 2 && n + 4 <= room) {
        const unsigned char *p = s->plain + s->first;
        int32_t c = p[low] | p[!low] << 8;
        if (c >= 0xD800 && c < 0xDC00) {
            if (s->last - s->first < 4 && !s->ended)
                break;
            const int32_t d = s->last - s->first >= 4 ? p[2 + low] | p[2 + !low] << 8 : 0;
            const bool pair = d >= 0xDC00 && d < 0xE000;
            c = pair ? 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00) : 0xFFFD;
            s->first += pair ? 2 : 0;
        } else if (c >= 0xDC00 && c < 0xE000) {
            c = 0xFFFD;
        }
        s->first += 2;
        n += put(out + n, c);
    }
    if (s->ended && s->last - s->first == 1 && n + 4 <= room) { /* half a unit */
        s->first++;
        n += put(out + n, 0xFFFD);
    }
    return n;
}

/* Bytes of a sequence that the end of the piece may have cut: they say nothing yet. */
static size_t cut_off(const unsigned char *p, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        const unsigned char c = p[n - back];
        if (c >= 0xC2 && c < 0xF5)
            return back < (size_t)(c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2) ? back : 0;
        if (c < 0x80 || c >= 0xC0)
            return 0;
    }
    return 0;
}

/* The first bytes beyond ASCII decide: one that is UTF-8 says that all is. */
static void decide(kino_source *s)
{
    const unsigned char *p = s->plain + s->first;
    const size_t n = s->last - s->first, whole = n - cut_off(p, n);
    bool good = false, bad = false;
    for (size_t i = 0; i < whole && !good;) {
        int32_t c;
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        const size_t step = kino_utf8_next((const char *)p + i, whole - i, &c);
        const bool invalid = c == 0xFFFD && (step != 3 || memcmp(p + i, "\xEF\xBF\xBD", 3));
        good = good || !invalid;
        bad = bad || invalid;
        i += step;
    }
    if (good)
        s->encoding = UTF8;
    else if (bad)
        s->encoding = WINDOWS;
}

kino_status kino_source_read(kino_source *s, char *out, size_t room, size_t *n, kino_error *err)
{
    kino_status st = s->begun ? KINO_OK : begin(s, err);
    *n = 0;
    while (!st && !*n) {
        if (s->encoding >= UTF16_LE)
            *n = from_utf16(s, out, room);
        else {
            if (s->encoding == UNDECIDED)
                decide(s);
            if (s->encoding == WINDOWS) {
                *n = from_windows(s, out, room);
            } else {
                const size_t left = s->last - s->first;
                const size_t held = s->encoding == UNDECIDED && !s->ended ? cut_off(s->plain + s->first, left) : 0;
                *n = left - held < room ? left - held : room;
                memcpy(out, s->plain + s->first, *n);
                s->first += *n;
            }
        }
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
