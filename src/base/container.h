/* container.h - the one binary format (.kino): MiniLM weights, trained encoder, index snapshot.
 *
 * All numbers are little-endian. weights/README.md describes the format; weights/container.py writes it in
 * Python.
 *
 *     kino_container c = {0};
 *     if (kino_container_open("x.kino", KINO_KIND_MINILM, KINO_VERIFY_ALL, &c, err)) ...
 *     const kino_section *s = kino_container_find(&c, "layer.0.qkv", KINO_F32, 2, (uint64_t[]){384, 1152}, err);
 *     const float *w = s->data;                                  // valid until kino_container_close
 */
#ifndef KINO_BASE_CONTAINER_H
#define KINO_BASE_CONTAINER_H

#include "base/alloc.h"
#include "base/file.h"
#include "kino.h"

#define KINO_CONTAINER_VERSION 1
#define KINO_SECTION_NAME 48 /* bytes of a name with its zero */
#define KINO_SECTION_RANK 4

typedef enum kino_kind {
    KINO_KIND_MINILM = 1,
    KINO_KIND_ENCODER = 2,
    KINO_KIND_SNAPSHOT = 3,
    KINO_KIND_KEYWORDS = 4,
} kino_kind;

typedef enum kino_type {
    KINO_U8 = 1,
    KINO_I8,
    KINO_U16,
    KINO_I16,
    KINO_U32,
    KINO_I32,
    KINO_U64,
    KINO_I64,
    KINO_F16,
    KINO_BF16,
    KINO_F32,
    KINO_F64,
} kino_type;

typedef struct kino_section {
    char name[KINO_SECTION_NAME];
    kino_type type;
    uint32_t rank;                    /* 1 to KINO_SECTION_RANK */
    uint64_t dims[KINO_SECTION_RANK]; /* row-major, unused ones 0 */
    const void *data;                 /* 64-byte aligned, `bytes` long */
    size_t bytes;
    uint32_t crc;
} kino_section;

typedef struct kino_container {
    char path[512];
    kino_map map;
    bool owns_map; /* false: the bytes are lent */
    kino_kind kind;
    uint64_t fingerprint; /* of header and directory, thereby of every checksum */
    kino_section *sections;
    size_t count;
} kino_container;

typedef enum kino_verify {
    KINO_VERIFY_STRUCTURE, /* header, directory, every range: for a file whose checksums were verified before */
    KINO_VERIFY_ALL,       /* every section's checksum too */
} kino_verify;

size_t kino_type_size(kino_type type); /* 0 for an unknown one */

/* Maps and validates. KINO_NOT_FOUND without a file, KINO_DAMAGED for anything that is not a whole, sound container
 * of this kind; the message names the path and the fault. */
kino_status kino_container_open(const char *path, kino_kind kind, kino_verify verify, kino_container *out,
                                kino_error *err);
/* The same over bytes that the caller lends (64-byte aligned) until close; `name` is for messages. */
kino_status kino_container_view(const char *name, const void *bytes, size_t size, kino_kind kind, kino_verify verify,
                                kino_container *out, kino_error *err);
/* Checks every section's checksum but that of the section `skip`, which may be NULL. */
kino_status kino_container_check(const kino_container *c, const char *skip, kino_error *err);
/* Checks that every float of every section but `skip` is a number. */
kino_status kino_container_finite(const kino_container *c, const char *skip, kino_error *err);
void kino_container_close(kino_container *c);

/* Whether n floats of one of the float types are numbers: neither infinite nor NaN. */
bool kino_all_finite(kino_type type, const void *data, size_t n);

/* The section of that name, NULL when absent; for optional ones. */
const kino_section *kino_container_get(const kino_container *c, const char *name);
/* The section of that name, type, rank and dims; a dim of KINO_ANY fits any size. NULL and KINO_DAMAGED in *err
 * otherwise. */
#define KINO_ANY UINT64_MAX
const kino_section *kino_container_find(const kino_container *c, const char *name, kino_type type, uint32_t rank,
                                        const uint64_t *dims, kino_error *err);

/* ---- writing ---- */

/* Zero-initialise. Added data is lent until kino_container_write returns. Names are unique. */
typedef struct kino_container_writer {
    kino_section *sections;
    size_t count, capacity;
} kino_container_writer;

void kino_container_add(kino_container_writer *w, const char *name, kino_type type, uint32_t rank, const uint64_t *dims,
                        const void *data);
/* The file as bytes: in *out, appended to nothing; free(out->data). */
void kino_container_bytes(const kino_container_writer *w, kino_kind kind, kino_buffer *out);
/* The file in the place of `path`, by kino_replace_file; the sections go to the disk from where they lie. */
kino_status kino_container_write(const kino_container_writer *w, kino_kind kind, const char *path, kino_error *err);
void kino_container_writer_free(kino_container_writer *w);

#endif
