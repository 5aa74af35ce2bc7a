/* people.c - names of people -> the films that they made. */
#include "engine/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"
#include "handle/owned.h"
#include "rows/people.h"

enum { MOST_PEOPLE = 50 };

/* ---- who is meant ---- */

/* People of a name, the likeliest first: as it is written, by the family name, misspelt. */
static size_t people_of(const kino_wish_lookups *look, const char *text, size_t most, uint32_t *out)
{
    static const kino_wish_name_way ways[] = {KINO_WISH_NAME, KINO_WISH_FAMILY, KINO_WISH_NAME_MISSPELT,
                                              KINO_WISH_FAMILY_MISSPELT};
    kino_wish_hit hits[MOST_PEOPLE];
    kino_buffer folded = {0};
    size_t found = 0;
    kino_fold(&folded, text, strlen(text));
    for (size_t i = 0; look->people && folded.size && !found && i < sizeof ways / sizeof *ways; i++)
        found =
            look->people(look->ctx, ways[i], folded.data, folded.size, most < MOST_PEOPLE ? most : MOST_PEOPLE, hits);
    for (size_t i = 0; i < found; i++)
        out[i] = hits[i].item;
    free(folded.data);
    return found;
}

/* ---- their films ---- */

void kino_credits_admit(const kino_rows *r, uint32_t person, kino_role role, kino_allowed *out)
{
    size_t count;
    kino_credit *all = kino_person_credits(r, person, &count);
    for (size_t i = 0; i < count; i++)
        if (role == KINO_ROLES || all[i].role == role)
            kino_allowed_set(r, all[i].row, out);
    free(all);
}

static kino_status bound_by(const kino_rows *r, const kino_wish_lookups *look, const char *const *names, size_t count,
                            kino_role role, kino_allowed *allowed, kino_error *err)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t person;
        if (!people_of(look, names[i], 1, &person))
            return kino_fail(err, KINO_USAGE,
                             look->people
                                 ? "nobody in the catalogue is called \"%.100s\""
                                 : "the catalogue does not say who made its films, \"%.100s\" or anybody: build it "
                                   "with --credits",
                             names[i]);
        kino_allowed own;
        kino_allowed_none(r, &own);
        kino_credits_admit(r, person, role, &own);
        kino_allowed_and(r, allowed, &own);
        kino_allowed_free(&own);
    }
    return KINO_OK;
}

kino_status kino_people_bound(kino *k, const kino_filter *f, kino_allowed *allowed, kino_error *err)
{
    if (!f->with_count && !f->director_count)
        return KINO_OK;
    kino_status st = kino_use_wishes(k, err);
    if (st)
        return st;
    const kino_wish_lookups *look = kino_wish_catalogue_lookups(k->films->wishes);
    st = bound_by(&k->films->rows, look, f->with, f->with_count, KINO_ROLE_CAST, allowed, err);
    if (!st)
        st = bound_by(&k->films->rows, look, f->directors, f->director_count, KINO_ROLE_DIRECTORS, allowed, err);
    return st;
}

/* ---- for callers ---- */

typedef struct owned_people {
    kino_people people; /* first: the caller's pointer */
    kino_arena arena;
} owned_people;

static const int64_t *ids_of(const kino_rows *r, const kino_credit *credits, size_t n, kino_arena *arena)
{
    int64_t *ids = kino_arena_alloc(arena, (n + 1) * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = kino_rows_id(r, credits[i].row);
    return ids;
}

static void tell_person(const kino_rows *r, uint32_t person, kino_arena *arena, kino_person *out)
{
    size_t count, directed = 0;
    kino_credit *all = kino_person_credits(r, person, &count);
    while (directed < count && all[directed].role == KINO_ROLE_DIRECTORS)
        directed++;
    *out = (kino_person){.name = kino_arena_strdup(arena, kino_person_name(r, person)),
                         .directed = ids_of(r, all, directed, arena),
                         .played = ids_of(r, all + directed, count - directed, arena),
                         .directed_count = directed,
                         .played_count = count - directed};
    free(all);
}

kino_status kino_people_find(kino *k, const char *text, size_t limit, kino_people **out, kino_error *err)
{
    uint32_t found[MOST_PEOPLE];
    if (limit < 1 || limit > MOST_PEOPLE)
        return kino_fail(err, KINO_USAGE, "between 1 and %d people can be asked for", MOST_PEOPLE);
    kino_status st = kino_use_wishes(k, err);
    if (st)
        return st;
    owned_people *p = kino_alloc(sizeof *p);
    p->people.count = people_of(kino_wish_catalogue_lookups(k->films->wishes), text, limit, found);
    p->people.items = kino_arena_alloc(&p->arena, (p->people.count + 1) * sizeof *p->people.items);
    for (size_t i = 0; i < p->people.count; i++)
        tell_person(&k->films->rows, found[i], &p->arena, &p->people.items[i]);
    *out = &p->people;
    return KINO_OK;
}

void kino_people_free(kino_people *people)
{
    if (!people)
        return;
    owned_people *p = (owned_people *)people;
    kino_arena_free(&p->arena);
    free(p);
}
