/* postings.c - lists of films, turned round by counting. */
#include "rows/postings.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/status.h"

enum { NAME = 32 };

void kino_postings_build(const uint32_t *rows, const uint32_t *terms, const uint8_t *weights, size_t count,
                         size_t term_count, kino_postings *out)
{
    uint32_t *at = kino_alloc_array(term_count + 2, sizeof *at), *lists = kino_alloc_array(count + 1, sizeof *lists);
    uint8_t *kept = weights ? kino_alloc(count + 1) : NULL;
    /* at[t + 1] counts, then points at the next free place of t, and so becomes where t + 1 begins. */
    for (size_t i = 0; i < count; i++)
        at[terms[i] + 2]++;
    for (size_t t = 2; t < term_count + 2; t++)
        at[t] += at[t - 1];
    for (size_t i = 0; i < count; i++) {
        const uint32_t place = at[terms[i] + 1]++;
        lists[place] = rows[i];
        if (kept)
            kept[place] = weights[i];
    }
    *out = (kino_postings){at, lists, kept, term_count, count, true};
}

void kino_postings_free(kino_postings *p)
{
    if (p->owned) {
        free((void *)p->at);
        free((void *)p->rows);
        free((void *)p->weights);
    }
    *p = (kino_postings){0};
}

void kino_postings_save(const kino_postings *p, const char *name, kino_container_writer *w)
{
    char section[NAME];
    snprintf(section, sizeof section, "%s.at", name);
    kino_container_add(w, section, KINO_U32, 1, (uint64_t[]){p->terms + 1}, p->at);
    snprintf(section, sizeof section, "%s.rows", name);
    kino_container_add(w, section, KINO_U32, 1, (uint64_t[]){p->count}, p->rows);
    if (!p->weights)
        return;
    snprintf(section, sizeof section, "%s.weights", name);
    kino_container_add(w, section, KINO_U8, 1, (uint64_t[]){p->count}, p->weights);
}

static const kino_section *find(const kino_container *c, const char *name, const char *part, kino_type type,
                                uint64_t length, kino_error *err)
{
    char section[NAME];
    snprintf(section, sizeof section, "%s.%s", name, part);
    return kino_container_find(c, section, type, 1, (uint64_t[]){length}, err);
}

kino_status kino_postings_view(const kino_container *c, const char *name, bool weighted, kino_postings *out,
                               kino_error *err)
{
    const kino_section *at = find(c, name, "at", KINO_U32, KINO_ANY, err), *rows, *weights = NULL;
    if (!at)
        return KINO_DAMAGED;
    if (!at->dims[0])
        return kino_fail(err, KINO_DAMAGED, "%s: section %s.at is empty", c->path, name);
    rows = find(c, name, "rows", KINO_U32, KINO_ANY, err);
    if (!rows)
        return KINO_DAMAGED;
    if (weighted) {
        weights = find(c, name, "weights", KINO_U8, rows->dims[0], err);
        if (!weights)
            return KINO_DAMAGED;
    }
    *out = (kino_postings){at->data, rows->data, weights ? weights->data : NULL, at->dims[0] - 1, rows->dims[0], false};
    return KINO_OK;
}

kino_posting_list kino_postings_of(const kino_postings *p, uint32_t term)
{
    if (term >= p->terms)
        return (kino_posting_list){0};
    const uint32_t at = p->at[term], end = p->at[term + 1];
    if (at > end || end > p->count)
        return (kino_posting_list){0};
    return (kino_posting_list){p->rows + at, p->weights ? p->weights + at : NULL, end - at};
}
