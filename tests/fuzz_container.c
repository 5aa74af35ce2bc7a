/* fuzz_container.c - any bytes as a container: what is refused has a reason, and every section of what is taken lies in
 * it. Each input is tried as it is and with its lengths and checksums made right, so that what is behind them is reached. */
#include "fuzz.h"

#include "base/container.h"
#include "base/status.h"

enum { HEADER = 64, ENTRY = 128 }; /* bytes; the fields are those of weights/README.md */

static uint64_t read_sections(const kino_container *c)
{
    uint64_t hash = KINO_HASH_START;
    for (size_t i = 0; i < c->count; i++) {
        const kino_section *s = &c->sections[i];
        must(s->bytes <= c->map.size && *s->name && !((uintptr_t)s->data % 64), "a section lies nowhere");
        must(kino_container_get(c, s->name) == s, "a section is not found by its name");
        must(kino_container_find(c, s->name, s->type, s->rank, s->dims, NULL) == s, "nor by its shape");
        hash = kino_hash(hash, s->data, s->bytes);
    }
    return hash;
}

static void add_sections(const kino_container *c, kino_container_writer *w)
{
    for (size_t i = 0; i < c->count; i++) {
        const kino_section *s = &c->sections[i];
        kino_container_add(w, s->name, s->type, s->rank, s->dims, s->data);
    }
}

/* Written anew, and again, it is the same. */
static void check_written(const kino_container *c, kino_kind kind)
{
    kino_container_writer w = {0};
    kino_container again = {0};
    kino_buffer out = {0};
    add_sections(c, &w);
    kino_container_bytes(&w, kind, &out);
    void *aligned = kino_alloc_aligned(out.size);
    memcpy(aligned, out.data, out.size);
    must(!kino_container_view("again", aligned, out.size, kind, KINO_VERIFY_ALL, &again, NULL), "it is not read again");
    must(again.count == c->count && read_sections(&again) == read_sections(c), "other sections are read again");
    kino_container_close(&again);
    free(aligned);
    free(out.data);
    kino_container_writer_free(&w);
}

static void try(const void *bytes, size_t size, kino_kind kind, kino_verify verify)
{
    kino_container c = {0};
    kino_error err = {0};
    if (kino_container_view("x", bytes, size, kind, verify, &c, &err)) {
        must(err.status == KINO_DAMAGED && *err.text, "a fault has no reason");
        return;
    }
    must(verify != KINO_VERIFY_ALL || !kino_container_check(&c, NULL, NULL), "what was checked is not sound");
    kino_container_finite(&c, NULL, NULL);
    read_sections(&c);
    if (verify == KINO_VERIFY_ALL)
        check_written(&c, kind);
    kino_container_close(&c);
}

static void put_u32(uint8_t *at, uint32_t v)
{
    memcpy(at, &v, sizeof v);
}

static void mend(uint8_t *bytes, size_t size)
{
    const uint64_t length = size;
    if (size < HEADER)
        return;
    const uint64_t entries = (size - HEADER) / ENTRY, said = kino_u32(bytes + 32);
    const uint64_t count = said < entries ? said : entries;
    for (size_t i = 0; i < count; i++) {
        uint8_t *e = bytes + HEADER + i * ENTRY;
        const uint64_t from = kino_u64(e + 88), n = kino_u64(e + 96);
        if (from <= size && n <= size - from)
            put_u32(e + 104, kino_crc32c(0, bytes + from, n));
    }
    memcpy(bytes + 16, &length, sizeof length);
    put_u32(bytes + 36, kino_crc32c(0, bytes + HEADER, count * ENTRY));
    put_u32(bytes + 60, kino_crc32c(0, bytes, 60));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *aligned = kino_alloc_aligned(size + !size);
    memcpy(aligned, bytes, size);
    for (int mended = 0; mended < 2; mended++) {
        for (int kind = KINO_KIND_MINILM; kind <= KINO_KIND_KEYWORDS; kind++) {
            try(aligned, size, (kino_kind)kind, KINO_VERIFY_STRUCTURE);
            try(aligned, size, (kino_kind)kind, KINO_VERIFY_ALL);
        }
        mend(aligned, size);
    }
    free(aligned);
    return 0;
}

FUZZ_MAIN("container", 200, 2000)
