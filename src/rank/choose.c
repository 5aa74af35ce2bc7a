#include "rank/choose.h"

#include <math.h>
#include <stdlib.h>

enum { FEW = 50, FEWFOLD = 5 }; /* films among which those unlike each other are looked for */

static bool repeats_collection(const kino_choice *c, const kino_ranked *film)
{
    for (size_t i = 0; film->collection != UINT32_MAX && i < c->chosen_count; i++)
        if (c->films[c->chosen[i]].collection == film->collection)
            return true;
    return false;
}

static int by_place(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* What is known of a film's likeness to those that were taken. */
typedef struct near {
    kino_facets facets;
    bool there;  /* the facets */
    size_t seen; /* of the taken ones, in their order, */
    double most; /* and the most that the film is like one of these */
} near;

static const kino_facets *facets_of(const kino_choice *c, near *n, size_t i)
{
    if (!n[i].there && c->taste->known) /* whose sets are lent */
        n[i].facets = c->taste->known[c->films[i].row];
    else if (!n[i].there)
        kino_facets_of(c->taste->scorer->rows, c->films[i].row, &n[i].facets);
    n[i].there = true;
    return &n[i].facets;
}

static double value_of(const kino_choice *c, size_t i, double nearest)
{
    return (1 - c->diversity) * c->films[i].score - c->diversity * nearest;
}

/* The film's value; or, as soon as it is clear that this is not above `least`, anything that is not. Taking films only
 * lowers the value of others, so that most films need not be compared with most of those taken. */
static double value_above(const kino_choice *c, near *n, size_t i, double least)
{
    double part[KINO_PART_COUNT];
    while (n[i].seen < c->chosen_count && value_of(c, i, n[i].most) > least) {
        const size_t taken = c->chosen[n[i].seen++];
        double like = 0;
        kino_likeness(c->taste->scorer, facets_of(c, n, taken), facets_of(c, n, i), part);
        for (int p = 0; p < KINO_PART_COUNT; p++)
            like += part[p];
        n[i].most = fmax(n[i].most, like);
    }
    return value_of(c, i, n[i].most);
}

/* Films beyond the first few are only taken when all of those are, so that none is compared with them. */
static void choose(kino_choice *c, size_t few, bool repeat)
{
    bool *taken = kino_alloc_array(c->count + 1, sizeof *taken);
    near *n = c->diversity > 0 ? kino_alloc_array(few + 1, sizeof *n) : NULL;
    c->chosen_count = 0;
    while (c->chosen_count < c->wanted) {
        size_t best = c->count;
        double most = -INFINITY;
        for (size_t i = 0; i < c->count && !(best < c->count && (!n || i >= few)); i++) {
            if (taken[i] || (!repeat && repeats_collection(c, &c->films[i])))
                continue;
            double value = n && i < few ? value_above(c, n, i, most) : value_of(c, i, 0);
            if (value > most) {
                best = i;
                most = value;
            }
        }
        if (best == c->count)
            break;
        taken[best] = true;
        c->chosen[c->chosen_count++] = best;
    }
    qsort(c->chosen, c->chosen_count, sizeof *c->chosen, by_place);
    free(taken);
    free(n);
}

void kino_choose(kino_choice *c, bool repeat)
{
    const size_t few = c->count < FEW + FEWFOLD * c->wanted ? c->count : FEW + FEWFOLD * c->wanted;
    bool rough = false;
    kino_settle(c->taste, c->films, c->count, few);
    choose(c, few, repeat);
    for (size_t i = 0; i < c->chosen_count; i++)
        rough = rough || c->films[c->chosen[i]].rough;
    if (!rough)
        return;
    kino_settle(c->taste, c->films, c->count, c->count);
    choose(c, few, repeat);
}
