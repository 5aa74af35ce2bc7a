/* words_file.c - the words index as sections of a container. */
#include "base/alloc.h"
#include "base/status.h"
#include "index/words_table.h"

void kino_words_save(const kino_words *w, kino_container_writer *to)
{
    const uint64_t terms = w->term_count + 1, films = w->films + 1;
    kino_container_add(to, "words.pool", KINO_U8, 1, (uint64_t[]){w->pool_size}, w->pool);
    kino_container_add(to, "words.entries", KINO_U32, 2, (uint64_t[]){terms, 3}, w->entries);
    kino_container_add(to, "words.postings_at", KINO_U64, 1, (uint64_t[]){terms}, w->postings_at);
    kino_container_add(to, "words.postings", KINO_U8, 1, (uint64_t[]){w->postings_size}, w->postings);
    kino_container_add(to, "words.averages", KINO_F32, 1, (uint64_t[]){KINO_WORDS_FIELDS}, w->averages);
    kino_container_add(to, "words.numbers", KINO_U32, 1, (uint64_t[]){w->number_count}, w->numbers);
    kino_container_add(to, "words.vector_at", KINO_U32, 1, (uint64_t[]){films}, w->vector_at);
    kino_container_add(to, "words.vector_numbers", KINO_U16, 1, (uint64_t[]){w->kept}, w->vector_numbers);
    kino_container_add(to, "words.vector_weights", KINO_U8, 1, (uint64_t[]){w->kept}, w->vector_weights);
}

/* A section of `rows`, or of any number when `size` is there to take it. Nothing is looked for after a failure. */
static const void *section(const kino_container *c, const char *name, kino_type type, uint32_t rank, uint64_t rows,
                           size_t *size, kino_status *st, kino_error *err)
{
    const uint64_t dims[] = {size ? KINO_ANY : rows, 3};
    const kino_section *s = *st ? NULL : kino_container_find(c, name, type, rank, dims, err);
    if (!s) {
        *st = KINO_DAMAGED;
        return NULL;
    }
    if (size)
        *size = s->dims[0];
    return s->data;
}

kino_status kino_words_view(const kino_container *c, size_t films, kino_words **out, kino_error *err)
{
    kino_words w = {.films = films, .lent = true};
    kino_status st = KINO_OK;
    size_t terms = 0;
    w.pool = section(c, "words.pool", KINO_U8, 1, 0, &w.pool_size, &st, err);
    w.entries = section(c, "words.entries", KINO_U32, 2, 0, &terms, &st, err);
    w.postings_at = section(c, "words.postings_at", KINO_U64, 1, terms, NULL, &st, err);
    w.postings = section(c, "words.postings", KINO_U8, 1, 0, &w.postings_size, &st, err);
    w.averages = section(c, "words.averages", KINO_F32, 1, KINO_WORDS_FIELDS, NULL, &st, err);
    w.numbers = section(c, "words.numbers", KINO_U32, 1, 0, &w.number_count, &st, err);
    w.vector_at = section(c, "words.vector_at", KINO_U32, 1, films + 1, NULL, &st, err);
    w.vector_numbers = section(c, "words.vector_numbers", KINO_U16, 1, 0, &w.kept, &st, err);
    w.vector_weights = section(c, "words.vector_weights", KINO_U8, 1, w.kept, NULL, &st, err);
    if (st)
        return st;
    if (!terms || terms > KINO_WORDS_ABSENT || films >= UINT32_MAX || w.number_count > KINO_WORDS_NUMBERS)
        return kino_fail(err, KINO_DAMAGED, "%s: words.entries or words.numbers is out of range", c->path);
    w.term_count = terms - 1;
    *out = kino_alloc(sizeof **out);
    **out = w;
    return KINO_OK;
}
