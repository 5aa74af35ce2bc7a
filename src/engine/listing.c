/* listing.c - the names of genres, languages, countries and people that films have, by their beginnings. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"
#include "handle/handle.h"
#include "rows/people.h"
#include "wish/names.h"

typedef struct owned_listing {
    kino_listing names; /* first: the caller's pointer */
    kino_arena arena;
} owned_listing;

typedef struct counted {
    const char *name; /* of a segment, or the arena */
    double weight;
} counted;

typedef struct tally {
    counted *items;
    size_t count, capacity;
    kino_buffer wanted, folded;
} tally;

static kino_role role_of(kino_name_kind kind)
{
    static const kino_role roles[] = {[KINO_NAME_GENRE] = KINO_ROLE_GENRES,
                                      [KINO_NAME_LANGUAGE] = KINO_ROLE_LANGUAGE,
                                      [KINO_NAME_COUNTRY] = KINO_ROLE_COUNTRIES,
                                      [KINO_NAME_DIRECTOR] = KINO_ROLE_DIRECTORS,
                                      [KINO_NAME_CAST] = KINO_ROLE_CAST};
    return roles[kind];
}

/* What one film adds to the weight of a name. A film without votes makes nobody known, but its people are there. */
static double share(kino_name_kind kind, kino_role role, size_t place, int64_t votes)
{
    const bool person = kind == KINO_NAME_DIRECTOR || kind == KINO_NAME_CAST;
    return person ? kino_person_share(role, place, votes) + 1e-3 : 1;
}

/* Whether a word of a name begins as it is wanted. */
static bool begins(tally *t, const char *name)
{
    const size_t n = t->wanted.size;
    if (!n)
        return true;
    t->folded.size = 0;
    kino_fold(&t->folded, name, strlen(name));
    for (size_t i = 0; i + n <= t->folded.size; i++)
        if ((!i || t->folded.data[i - 1] == ' ') && !memcmp(t->folded.data + i, t->wanted.data, n))
            return true;
    return false;
}

static void add(tally *t, const char *name, double weight)
{
    if (!*name || !begins(t, name))
        return;
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 64;
        t->items = kino_resize_array(t->items, t->capacity, sizeof *t->items);
    }
    t->items[t->count++] = (counted){name, weight};
}

/* The names of one segment: the weights of its terms first, so that each is folded once. */
static void add_segment(tally *t, const kino_rows *r, const kino_segment *s, size_t first_row, kino_name_kind kind,
                        kino_arena *arena)
{
    const kino_role role = role_of(kind);
    double *weights = kino_alloc_array(s->term_count + 1, sizeof *weights);
    for (size_t row = 0; row < s->count; row++) {
        size_t count = 0;
        const uint32_t *terms = kino_segment_terms(s, role, row, &count);
        if (!kino_rows_is_visible(r, first_row + row))
            continue;
        for (size_t i = 0; i < count; i++)
            if (terms[i] < s->term_count)
                weights[terms[i]] += share(kind, role, i, kino_rows_votes(r, first_row + row));
    }
    for (size_t term = 0; term < s->term_count; term++) {
        const char *name = weights[term] > 0 ? kino_segment_term(s, (uint32_t)term) : "";
        kino_buffer language = {0};
        add(t, name, weights[term]);
        if (kind == KINO_NAME_LANGUAGE && *name)
            kino_wish_put_language(&language, name);
        if (language.size)
            add(t, kino_arena_strdup(arena, language.data), weights[term]);
        free(language.data);
    }
    free(weights);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const counted *)a)->name, ((const counted *)b)->name);
}

static int by_weight(const void *a, const void *b)
{
    const counted *x = a, *y = b;
    return x->weight != y->weight ? (x->weight < y->weight ? 1 : -1) : strcmp(x->name, y->name);
}

/* Terms of one name, in both segments or of two people, are one. */
static void join(tally *t)
{
    size_t kept = 0;
    if (!t->count)
        return;
    qsort(t->items, t->count, sizeof *t->items, by_name);
    for (size_t i = 0; i < t->count; i++)
        if (kept && !strcmp(t->items[kept - 1].name, t->items[i].name))
            t->items[kept - 1].weight += t->items[i].weight;
        else
            t->items[kept++] = t->items[i];
    t->count = kept;
    qsort(t->items, t->count, sizeof *t->items, by_weight);
}

kino_status kino_list_names(kino *k, kino_name_kind kind, const char *beginning, size_t limit, kino_listing **out,
                            kino_error *err)
{
    tally t = {0};
    if ((unsigned)kind > KINO_NAME_CAST || !limit)
        return kino_fail(err, KINO_USAGE, "names of no kind, or none of them, cannot be asked for");
    const kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    const kino_rows *r = &k->films->rows;
    owned_listing *n = kino_alloc(sizeof *n);
    kino_fold(&t.wanted, beginning, strlen(beginning));
    add_segment(&t, r, r->base, 0, kind, &n->arena);
    if (r->tail)
        add_segment(&t, r, r->tail, r->base->count, kind, &n->arena);
    join(&t);
    const size_t count = t.count < limit ? t.count : limit;
    const char **items = kino_arena_alloc(&n->arena, (count + 1) * sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = kino_arena_strdup(&n->arena, t.items[i].name);
    n->names = (kino_listing){items, count};
    free(t.items);
    free(t.wanted.data);
    free(t.folded.data);
    *out = &n->names;
    return KINO_OK;
}

void kino_listing_free(kino_listing *names)
{
    if (!names)
        return;
    owned_listing *n = (owned_listing *)names;
    kino_arena_free(&n->arena);
    free(n);
}
