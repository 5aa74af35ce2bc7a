/* people.c - a person -> the films, by the postings of the base and the lists of the tail. */
#include "rows/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "base/utf8.h"

double kino_person_share(kino_role role, size_t place, int64_t votes)
{
    if (votes <= 0)
        return 0;
    return role == KINO_ROLE_CAST ? (double)votes / (1 + (double)place / 3) : (double)votes;
}

/* ---- terms of one name ---- */

typedef struct same {
    kino_keyed_run run;
    const kino_segment *s;
    kino_buffer folded, other;
} same;

/* The references to names that may be this one. */
static same of_name(const kino_segment *s, const char *written)
{
    same out = {.s = s};
    kino_buffer plain = {0};
    kino_fold(&out.folded, written, strlen(written));
    if (out.folded.size)
        kino_title_plain(&plain, out.folded.data, out.folded.size);
    if (plain.size)
        out.run = kino_called(&s->naming, KINO_CALLED_NAME, s, plain.data, plain.size);
    free(plain.data);
    return out;
}

static void free_same(same *a)
{
    free(a->folded.data);
    free(a->other.data);
}

/* The term of the reference number i, or UINT32_MAX when its name is another. */
static uint32_t term_at(same *a, size_t i)
{
    const uint32_t ref = a->run.refs[i];
    if (ref & ((1 << KINO_NAME_BITS) - 1))
        return UINT32_MAX;
    a->other.size = 0;
    kino_called_text(a->s, KINO_CALLED_NAME, ref, &a->other);
    const bool equal = a->other.size == a->folded.size && !memcmp(a->other.data, a->folded.data, a->folded.size);
    return equal ? ref >> KINO_NAME_BITS : UINT32_MAX;
}

static uint32_t first_term(const kino_segment *s, const char *written)
{
    same a = of_name(s, written);
    uint32_t term = UINT32_MAX;
    for (size_t i = 0; i < a.run.count && term == UINT32_MAX; i++)
        term = term_at(&a, i);
    free_same(&a);
    return term;
}

/* ---- persons ---- */

const char *kino_person_name(const kino_rows *r, uint32_t person)
{
    const size_t base = r->base->term_count;
    if (person < base)
        return kino_segment_term(r->base, person);
    return r->tail ? kino_segment_term(r->tail, person - (uint32_t)base) : "";
}

uint32_t kino_person_of(const kino_rows *r, const kino_segment *segment, uint32_t term)
{
    const char *written = kino_segment_term(segment, term);
    uint32_t first = first_term(r->base, written);
    if (first == UINT32_MAX && r->tail) {
        first = first_term(r->tail, written);
        return first == UINT32_MAX ? first : (uint32_t)r->base->term_count + first;
    }
    return first;
}

/* ---- credits ---- */

typedef struct credits {
    const kino_rows *r;
    kino_credit *items;
    size_t count, capacity;
} credits;

static void add(credits *c, size_t row, kino_role role, size_t place)
{
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? 2 * c->capacity : 16;
        c->items = kino_resize_array(c->items, c->capacity, sizeof *c->items);
    }
    const int64_t votes = kino_rows_votes(c->r, row);
    c->items[c->count++] =
        (kino_credit){(uint32_t)row, role, kino_person_share(role, place, votes), votes > 0 ? votes : 0};
}

static void add_of_base(credits *c, uint32_t term)
{
    const kino_segment *s = c->r->base;
    const kino_posting_list films = kino_postings_of(&s->have, term);
    for (size_t i = 0; i < films.count; i++) {
        const uint32_t row = kino_have_row(films.rows[i]);
        const kino_role role = kino_have_role(films.rows[i]);
        size_t count, place = 0;
        if (row >= s->count || (role != KINO_ROLE_DIRECTORS && role != KINO_ROLE_CAST) ||
            !kino_rows_is_visible(c->r, row))
            continue;
        const uint32_t *terms = kino_segment_terms(s, role, row, &count);
        while (place < count && terms[place] != term)
            place++;
        add(c, row, role, place);
    }
}

/* A tail has no postings: it is small. `wanted`: terms of it. */
static void add_of_tail(credits *c, const uint32_t *wanted, size_t wanted_count)
{
    const kino_segment *s = c->r->tail;
    for (size_t row = 0; wanted_count && row < s->count; row++)
        for (int role = KINO_ROLE_DIRECTORS; role <= KINO_ROLE_CAST; role++) {
            size_t count;
            const uint32_t *terms = kino_segment_terms(s, (kino_role)role, row, &count);
            for (size_t place = 0; place < count; place++)
                for (size_t w = 0; w < wanted_count; w++)
                    if (terms[place] == wanted[w])
                        add(c, c->r->base->count + row, (kino_role)role, place);
        }
}

static int by_fame(const void *a, const void *b)
{
    const kino_credit *x = a, *y = b;
    if (x->role != y->role)
        return x->role < y->role ? -1 : 1;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

kino_credit *kino_person_credits(const kino_rows *r, uint32_t person, size_t *count)
{
    credits c = {.r = r};
    const char *written = kino_person_name(r, person);
    same a = of_name(r->base, written);
    for (size_t i = 0; i < a.run.count; i++)
        add_of_base(&c, term_at(&a, i));
    free_same(&a);
    if (r->tail) {
        a = of_name(r->tail, written);
        uint32_t *terms = kino_alloc_array(a.run.count + 1, sizeof *terms);
        size_t found = 0;
        for (size_t i = 0; i < a.run.count; i++) {
            terms[found] = term_at(&a, i);
            found += terms[found] != UINT32_MAX;
        }
        add_of_tail(&c, terms, found);
        free(terms);
        free_same(&a);
    }
    if (c.count)
        qsort(c.items, c.count, sizeof *c.items, by_fame);
    *count = c.count;
    return c.items;
}
