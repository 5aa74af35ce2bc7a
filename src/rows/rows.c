/* rows.c - the two segments of films as one: rows, terms, and what is hidden. */
#include "rows/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

/* ---- films ---- */

bool kino_rows_is_hidden(const kino_rows *r, size_t row)
{
    return r->hidden && r->hidden[row / 64] >> row % 64 & 1;
}

bool kino_rows_is_visible(const kino_rows *r, size_t row)
{
    return row >= r->base->count || !kino_rows_is_hidden(r, row);
}

void kino_rows_hide(kino_rows *r, int64_t id)
{
    size_t row = kino_segment_row(r->base, id);
    if (row < r->base->count)
        r->hidden[row / 64] |= UINT64_C(1) << row % 64;
}

size_t kino_rows_find(const kino_rows *r, int64_t id)
{
    size_t row = kino_segment_row(r->base, id);
    if (row < r->base->count && !kino_rows_is_hidden(r, row))
        return row;
    return r->tail ? r->base->count + kino_segment_row(r->tail, id) : r->count;
}

const kino_segment *kino_rows_segment(const kino_rows *r, size_t row, size_t *own)
{
    bool base = row < r->base->count;
    *own = base ? row : row - r->base->count;
    return base ? r->base : r->tail;
}

int64_t kino_rows_id(const kino_rows *r, size_t row)
{
    const kino_segment *segment = kino_rows_segment(r, row, &row);
    return segment->ids[row];
}

int64_t kino_rows_votes(const kino_rows *r, size_t row)
{
    const kino_segment *segment = kino_rows_segment(r, row, &row);
    return segment->counts[2 * row + 1];
}

const float *kino_rows_vector(const kino_rows *r, size_t row)
{
    const kino_segment *segment = kino_rows_segment(r, row, &row);
    return segment->joined + row * KINO_VECTOR_DIM;
}

/* ---- terms ---- */

uint32_t kino_rows_term(const kino_rows *r, const kino_segment *segment, uint32_t term)
{
    if (segment == r->base)
        return term;
    return term < segment->term_count ? r->tail_terms[term] : UINT32_MAX;
}

double kino_rows_term_weight(const kino_rows *r, uint32_t term)
{
    if (term >= r->base->term_count)
        return r->rarest;
    double w = r->base->term_weights[term];
    return w >= 0 && w < 64 ? w : 0;
}

static void name_language(kino_rows *r, const kino_segment *segment, uint32_t term)
{
    const char *name = kino_segment_term(segment, term);
    if (!strcmp(name, "cn"))
        r->cantonese = kino_rows_term(r, segment, term);
    else if (!strcmp(name, "zh"))
        r->chinese = kino_rows_term(r, segment, term);
}

/* The base has its languages among its facts; a tail has few terms. */
static void name_languages(kino_rows *r)
{
    r->cantonese = r->chinese = UINT32_MAX;
    for (size_t i = 0; i < r->base->facts.language_count; i++)
        name_language(r, r->base, r->base->facts.languages[i]);
    for (uint32_t t = 0; r->tail && t < r->tail->term_count; t++)
        if (!r->tail->term_ids[t])
            name_language(r, r->tail, t);
}

void kino_rows_init(kino_rows *r)
{
    r->count = r->base->count + (r->tail ? r->tail->count : 0);
    r->rarest = log((double)r->count);
    name_languages(r);
}

uint32_t kino_rows_language(const kino_rows *r, uint32_t term)
{
    return term == r->cantonese && r->chinese != UINT32_MAX ? r->chinese : term;
}

/* A hash of id and name; those of a million terms hardly ever meet, and where they do, two keywords are one. */
int64_t kino_term_key(int64_t id, const char *name)
{
    return (int64_t)(kino_mix(kino_hash(kino_hash(KINO_HASH_START, &id, sizeof id), name, strlen(name))) | 1);
}

static int64_t term_key(const kino_segment *s, uint32_t term)
{
    return kino_term_key(s->term_ids[term], kino_segment_term(s, term));
}

void kino_rows_match_terms(kino_rows *r)
{
    const kino_segment *base = r->base, *tail = r->tail;
    kino_idmap own = {0};
    r->tail_terms = kino_alloc_array(tail->term_count, sizeof *r->tail_terms);
    for (uint32_t t = 0; t < tail->term_count; t++) {
        r->tail_terms[t] = (uint32_t)base->term_count + t;
        *kino_idmap_at(&own, term_key(tail, t)) = t;
    }
    for (uint32_t t = 0; t < base->term_count; t++) {
        uint32_t same = kino_idmap_get(&own, term_key(base, t));
        if (same != UINT32_MAX)
            r->tail_terms[same] = t;
    }
    kino_idmap_free(&own);
}

void kino_rows_number_terms(kino_rows *r)
{
    kino_idmap *numbers = kino_alloc(sizeof *numbers);
    for (uint32_t t = 0; t < r->base->term_count; t++)
        *kino_idmap_at(numbers, term_key(r->base, t)) = t;
    for (uint32_t t = 0; r->tail && t < r->tail->term_count; t++)
        *kino_idmap_at(numbers, term_key(r->tail, t)) = r->tail_terms[t];
    r->numbers = numbers;
}

/* A term that is in no row gets a number beyond theirs, by its key: two films that share it do so. */
uint32_t kino_rows_term_number(const kino_rows *r, const kino_named *term)
{
    const int64_t key = kino_term_key(term->id, term->name);
    const uint32_t known = kino_idmap_get(r->numbers, key);
    const uint32_t first = (uint32_t)(r->base->term_count + (r->tail ? r->tail->term_count : 0));
    return known != UINT32_MAX ? known : first + (uint32_t)((uint64_t)key % (UINT32_MAX - first));
}
