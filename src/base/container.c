/* container.c - the container format: validation of what is read, layout of what is written. */
#include "base/container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"

/* Offsets in the 64-byte header and the 128-byte directory entry. */
enum {
    HEADER = 64,
    H_VERSION = 8,
    H_KIND = 12,
    H_LENGTH = 16,
    H_DIRECTORY = 24,
    H_COUNT = 32,
    H_DIRECTORY_CRC = 36,
    H_RESERVED = 40,
    H_CRC = 60,
    ENTRY = 128,
    E_TYPE = 48,
    E_RANK = 52,
    E_DIMS = 56,
    E_OFFSET = 88,
    E_LENGTH = 96,
    E_CRC = 104,
    E_RESERVED = 108,
    ALIGN = 64,
};

static const unsigned char magic[8] = {'K', 'I', 'N', 'O', '\r', '\n', 0x1a, '\n'}; /* shows text-mode transfers */

size_t kino_type_size(kino_type type)
{
    switch (type) {
    case KINO_U8:
    case KINO_I8:
        return 1;
    case KINO_U16:
    case KINO_I16:
    case KINO_F16:
    case KINO_BF16:
        return 2;
    case KINO_U32:
    case KINO_I32:
    case KINO_F32:
        return 4;
    case KINO_U64:
    case KINO_I64:
    case KINO_F64:
        return 8;
    }
    return 0;
}

static const char *kind_name(uint32_t kind)
{
    switch (kind) {
    case KINO_KIND_MINILM:
        return "MiniLM weights";
    case KINO_KIND_ENCODER:
        return "a trained encoder";
    case KINO_KIND_SNAPSHOT:
        return "an index snapshot";
    case KINO_KIND_KEYWORDS:
        return "vectors of keywords";
    }
    return "something unknown";
}

static bool all_zero(const unsigned char *p, size_t n)
{
    while (n--)
        if (*p++)
            return false;
    return true;
}

static kino_status damaged(const kino_container *c, kino_error *err, const char *what)
{
    return kino_fail(err, KINO_DAMAGED, "%s: damaged file: %s; restore or rebuild it", c->path, what);
}

/* One directory entry into *s, every field checked; `end` is where the section before it ended. */
static kino_status read_entry(const kino_container *c, const unsigned char *e, uint64_t *end, kino_section *s,
                              kino_error *err)
{
    const uint64_t size = c->map.size;
    if (!memchr(e, 0, KINO_SECTION_NAME) || !e[0])
        return damaged(c, err, "a section without a proper name");
    memcpy(s->name, e, KINO_SECTION_NAME);
    if (!all_zero(e + strlen(s->name), KINO_SECTION_NAME - strlen(s->name)))
        return damaged(c, err, "a section without a proper name");
    s->type = (kino_type)kino_u32(e + E_TYPE);
    s->rank = kino_u32(e + E_RANK);
    s->crc = kino_u32(e + E_CRC);
    uint64_t offset = kino_u64(e + E_OFFSET), length = kino_u64(e + E_LENGTH);
    uint64_t bytes = kino_type_size(s->type);
    if (!bytes || s->rank < 1 || s->rank > KINO_SECTION_RANK || !all_zero(e + E_RESERVED, ENTRY - E_RESERVED))
        return damaged(c, err, "a section of unknown type or rank");
    for (uint32_t i = 0; i < KINO_SECTION_RANK; i++) {
        s->dims[i] = kino_u64(e + E_DIMS + 8 * i);
        if (i >= s->rank && s->dims[i])
            return damaged(c, err, "a section with too many dimensions");
        if (i < s->rank && __builtin_mul_overflow(bytes, s->dims[i], &bytes))
            return damaged(c, err, "a section too large to be true");
    }
    if (bytes != length || offset % ALIGN || offset > size || length > size - offset)
        return damaged(c, err, "a section outside the file");
    if (offset < *end || offset - *end >= ALIGN)
        return damaged(c, err, "sections that overlap or leave a hole");
    if (!all_zero(c->map.bytes + *end, offset - *end))
        return damaged(c, err, "padding that is not zero");
    *end = offset + length;
    s->data = c->map.bytes + offset;
    s->bytes = length;
    return KINO_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const kino_section *)a)->name, ((const kino_section *)b)->name);
}

static kino_status validate(kino_container *c, kino_kind kind, kino_verify verify, kino_error *err)
{
    const unsigned char *h = c->map.bytes;
    const uint64_t size = c->map.size;
    if (size < sizeof magic || memcmp(h, magic, sizeof magic))
        return kino_fail(err, KINO_DAMAGED, "%s: not a kino file", c->path);
    if (size < HEADER)
        return damaged(c, err, "cut short");
    if (kino_u32(h + H_VERSION) != KINO_CONTAINER_VERSION)
        return kino_fail(err, KINO_DAMAGED, "%s: format version %u, this program reads version %d", c->path,
                         kino_u32(h + H_VERSION), KINO_CONTAINER_VERSION);
    if (kino_u32(h + H_CRC) != kino_crc32c(0, h, H_CRC) || !all_zero(h + H_RESERVED, H_CRC - H_RESERVED))
        return damaged(c, err, "the header's checksum does not fit");
    uint64_t length = kino_u64(h + H_LENGTH), directory = kino_u64(h + H_DIRECTORY);
    uint64_t count = kino_u32(h + H_COUNT);
    if (size < length)
        return damaged(c, err, "cut short");
    if (size > length)
        return damaged(c, err, "bytes behind its end");
    if (count < 1 || count > KINO_LIMIT_SECTIONS || directory != HEADER || count * ENTRY > size - HEADER)
        return damaged(c, err, "a directory outside the file");
    if (kino_u32(h + H_DIRECTORY_CRC) != kino_crc32c(0, h + HEADER, count * ENTRY))
        return damaged(c, err, "the directory's checksum does not fit");
    if (kino_u32(h + H_KIND) != (uint32_t)kind)
        return kino_fail(err, KINO_DAMAGED, "%s: holds %s, not %s", c->path, kind_name(kino_u32(h + H_KIND)),
                         kind_name(kind));
    c->kind = kind;
    c->fingerprint = kino_hash(KINO_HASH_START, h, HEADER + count * ENTRY);
    c->sections = kino_alloc_array(count, sizeof *c->sections);
    c->count = count;
    uint64_t end = HEADER + count * ENTRY;
    for (size_t i = 0; i < count; i++) {
        kino_status st = read_entry(c, h + HEADER + i * ENTRY, &end, &c->sections[i], err);
        if (st)
            return st;
    }
    if (end != size)
        return damaged(c, err, "bytes behind its last section");
    qsort(c->sections, count, sizeof *c->sections, by_name);
    for (size_t i = 1; i < count; i++)
        if (!strcmp(c->sections[i - 1].name, c->sections[i].name))
            return damaged(c, err, "two sections of one name");
    return verify == KINO_VERIFY_ALL ? kino_container_check(c, NULL, err) : KINO_OK;
}

static kino_status open_map(const char *name, kino_map map, kino_kind kind, kino_verify verify, kino_container *out,
                            kino_error *err)
{
    kino_container c = {.map = map};
    snprintf(c.path, sizeof c.path, "%s", name);
    kino_status st = validate(&c, kind, verify, err);
    if (st)
        free(c.sections);
    else
        *out = c;
    return st;
}

kino_status kino_container_open(const char *path, kino_kind kind, kino_verify verify, kino_container *out,
                                kino_error *err)
{
    kino_map map = {0};
    kino_status st = kino_map_file(path, &map, err);
    if (st)
        return st;
    st = open_map(path, map, kind, verify, out, err);
    if (st)
        kino_unmap(&map);
    else
        out->owns_map = true;
    return st;
}

kino_status kino_container_view(const char *name, const void *bytes, size_t size, kino_kind kind, kino_verify verify,
                                kino_container *out, kino_error *err)
{
    return open_map(name, (kino_map){bytes, size}, kind, verify, out, err);
}

kino_status kino_container_check(const kino_container *c, const char *skip, kino_error *err)
{
    for (size_t i = 0; i < c->count; i++)
        if ((!skip || strcmp(c->sections[i].name, skip)) &&
            kino_crc32c(0, c->sections[i].data, c->sections[i].bytes) != c->sections[i].crc)
            return kino_fail(err, KINO_DAMAGED,
                             "%s: damaged file: the checksum of section %s does not fit; "
                             "restore or rebuild it",
                             c->path, c->sections[i].name);
    return KINO_OK;
}

/* A float whose exponent has all bits set is none. */
bool kino_all_finite(kino_type type, const void *data, size_t n)
{
    const uint16_t mask = type == KINO_F16 ? 0x7c00 : 0x7f80;
    const uint16_t *halves = data;
    const uint32_t *words = data;
    const uint64_t *doubles = data;
    unsigned bad = 0;
    if (type == KINO_F16 || type == KINO_BF16)
        for (size_t i = 0; i < n; i++)
            bad |= (halves[i] & mask) == mask;
    else if (type == KINO_F32)
        for (size_t i = 0; i < n; i++)
            bad |= (words[i] & UINT32_C(0x7f800000)) == UINT32_C(0x7f800000);
    else if (type == KINO_F64)
        for (size_t i = 0; i < n; i++)
            bad |= (doubles[i] & UINT64_C(0x7ff) << 52) == UINT64_C(0x7ff) << 52;
    return !bad;
}

kino_status kino_container_finite(const kino_container *c, const char *skip, kino_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        const kino_section *s = &c->sections[i];
        if ((!skip || strcmp(s->name, skip)) && !kino_all_finite(s->type, s->data, s->bytes / kino_type_size(s->type)))
            return kino_fail(err, KINO_DAMAGED, "%s: section %s holds what is no number; restore or rebuild it",
                             c->path, s->name);
    }
    return KINO_OK;
}

void kino_container_close(kino_container *c)
{
    if (c->owns_map)
        kino_unmap(&c->map);
    free(c->sections);
    *c = (kino_container){0};
}

const kino_section *kino_container_get(const kino_container *c, const char *name)
{
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(name, c->sections[mid].name);
        if (!order)
            return &c->sections[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

const kino_section *kino_container_find(const kino_container *c, const char *name, kino_type type, uint32_t rank,
                                        const uint64_t *dims, kino_error *err)
{
    const kino_section *s = kino_container_get(c, name);
    if (!s) {
        kino_fail(err, KINO_DAMAGED, "%s: has no section %s", c->path, name);
        return NULL;
    }
    bool fits = s->type == type && s->rank == rank;
    for (uint32_t i = 0; fits && i < rank; i++)
        fits = dims[i] == KINO_ANY || dims[i] == s->dims[i];
    if (!fits) {
        kino_fail(err, KINO_DAMAGED, "%s: section %s has not the type or shape this program reads", c->path, name);
        return NULL;
    }
    return s;
}

void kino_container_add(kino_container_writer *w, const char *name, kino_type type, uint32_t rank, const uint64_t *dims,
                        const void *data)
{
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? 2 * w->capacity : 32;
        w->sections = kino_resize_array(w->sections, w->capacity, sizeof *w->sections);
    }
    kino_section *s = &w->sections[w->count++];
    *s = (kino_section){.type = type, .rank = rank, .data = data, .bytes = kino_type_size(type)};
    snprintf(s->name, sizeof s->name, "%s", name);
    for (uint32_t i = 0; i < rank; i++) {
        s->dims[i] = dims[i];
        s->bytes *= dims[i];
    }
    s->crc = kino_crc32c(0, data, s->bytes);
}

static void put_u32(unsigned char *p, uint32_t v)
{
    memcpy(p, &v, sizeof v);
}

static void put_u64(unsigned char *p, uint64_t v)
{
    memcpy(p, &v, sizeof v);
}

static uint64_t aligned(uint64_t offset)
{
    return (offset + ALIGN - 1) / ALIGN * ALIGN;
}

/* Header and directory of the file, [HEADER + count * ENTRY]. */
static unsigned char *make_head(const kino_container_writer *w, kino_kind kind)
{
    uint64_t end = HEADER + w->count * ENTRY;
    unsigned char *head = kino_alloc(end);
    for (size_t i = 0; i < w->count; i++) {
        const kino_section *s = &w->sections[i];
        unsigned char *e = head + HEADER + i * ENTRY;
        memcpy(e, s->name, sizeof s->name);
        put_u32(e + E_TYPE, s->type);
        put_u32(e + E_RANK, s->rank);
        for (uint32_t d = 0; d < s->rank; d++)
            put_u64(e + E_DIMS + 8 * d, s->dims[d]);
        put_u64(e + E_OFFSET, aligned(end));
        put_u64(e + E_LENGTH, s->bytes);
        put_u32(e + E_CRC, s->crc);
        end = aligned(end) + s->bytes;
    }
    memcpy(head, magic, sizeof magic);
    put_u32(head + H_VERSION, KINO_CONTAINER_VERSION);
    put_u32(head + H_KIND, kind);
    put_u64(head + H_LENGTH, end);
    put_u64(head + H_DIRECTORY, HEADER);
    put_u32(head + H_COUNT, (uint32_t)w->count);
    put_u32(head + H_DIRECTORY_CRC, kino_crc32c(0, head + HEADER, w->count * ENTRY));
    put_u32(head + H_CRC, kino_crc32c(0, head, H_CRC));
    return head;
}

/* The pieces of the file in their order: the head, then padding and data of each section, which are where the caller
 * has them: nothing is copied, however large the file. */
static struct iovec *make_pieces(const kino_container_writer *w, unsigned char *head)
{
    static const unsigned char zeros[ALIGN];
    struct iovec *pieces = kino_alloc_array(1 + 2 * w->count, sizeof *pieces), *p = pieces;
    uint64_t end = HEADER + w->count * ENTRY;
    *p++ = (struct iovec){head, end};
    for (size_t i = 0; i < w->count; i++) {
        const kino_section *s = &w->sections[i];
        *p++ = (struct iovec){(void *)zeros, aligned(end) - end};
        *p++ = (struct iovec){(void *)s->data, s->bytes};
        end = aligned(end) + s->bytes;
    }
    return pieces;
}

void kino_container_bytes(const kino_container_writer *w, kino_kind kind, kino_buffer *out)
{
    unsigned char *head = make_head(w, kind);
    struct iovec *pieces = make_pieces(w, head);
    for (size_t i = 0; i < 1 + 2 * w->count; i++)
        kino_buffer_put(out, pieces[i].iov_base, pieces[i].iov_len);
    free(pieces);
    free(head);
}

kino_status kino_container_write(const kino_container_writer *w, kino_kind kind, const char *path, kino_error *err)
{
    unsigned char *head = make_head(w, kind);
    struct iovec *pieces = make_pieces(w, head);
    kino_status st = kino_replace_file(path, pieces, 1 + 2 * w->count, err);
    free(pieces);
    free(head);
    return st;
}

void kino_container_writer_free(kino_container_writer *w)
{
    free(w->sections);
    *w = (kino_container_writer){0};
}
