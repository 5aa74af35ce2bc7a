/* choose.c - the list, taken film by film. */
#include "rank/choose.h"

#include <math.h>
#include <stdlib.h>

enum {
    FEW = 50, /* films among which those unlike each other are looked for, */
    FEWFOLD = 5,
    OF_A_DIRECTOR = 2, /* in each ten that are wanted */
    TEN = 10,
};

static bool repeats_collection(const kino_choice *c, const kino_ranked *film)
{
    for (size_t i = 0; film->collection != UINT32_MAX && i < c->chosen_count; i++)
        if (c->films[c->chosen[i]].collection == film->collection)
            return true;
    return false;
}

static bool shares_director(const kino_ranked *a, const kino_ranked *b)
{
    for (size_t i = 0; i < a->director_count; i++)
        for (size_t j = 0; j < b->director_count; j++)
            if (a->directors[i] == b->directors[j])
                return true;
    return false;
}

/* Whether as many films as may be of one director are there. */
static bool crowds_director(const kino_choice *c, const kino_ranked *film)
{
    size_t same = 0;
    for (size_t i = 0; film->director_count && i < c->chosen_count; i++)
        same += shares_director(film, &c->films[c->chosen[i]]);
    return same >= OF_A_DIRECTOR * ((c->wanted + TEN - 1) / TEN);
}

static bool may_stand(const kino_choice *c, const kino_ranked *film, bool repeat)
{
    return repeat || !(repeats_collection(c, film) || crowds_director(c, film));
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
static void choose(kino_choice *c, near *n, size_t few, bool repeat)
{
    bool *taken = kino_alloc_array(c->count + 1, sizeof *taken);
    c->chosen_count = 0;
    while (c->chosen_count < c->wanted) {
        size_t best = c->count;
        double most = -INFINITY;
        for (size_t i = 0; i < c->count && !(best < c->count && (c->diversity <= 0 || i >= few)); i++) {
            if (taken[i] || !may_stand(c, &c->films[i], repeat))
                continue;
            double value = c->diversity > 0 && i < few ? value_above(c, n, i, most) : value_of(c, i, 0);
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
    free(taken);
}

/* ---- every liked film is served ---- */

static size_t brought_by(const kino_choice *c, uint32_t seed)
{
    size_t count = 0;
    for (size_t i = 0; i < c->chosen_count; i++)
        count += c->films[c->chosen[i]].seed == seed;
    return count;
}

static bool is_chosen(const kino_choice *c, size_t film)
{
    for (size_t i = 0; i < c->chosen_count; i++)
        if (c->chosen[i] == film)
            return true;
    return false;
}

/* The best film that a seed brought and that may stand in the list, or count. */
static size_t best_of(const kino_choice *c, uint32_t seed, bool repeat)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->films[i].seed == seed && !is_chosen(c, i) && may_stand(c, &c->films[i], repeat))
            return i;
    return c->count;
}

/* The last film of a seed that has brought others too, or chosen_count. */
static size_t last_to_spare(const kino_choice *c)
{
    for (size_t i = c->chosen_count; i-- > 0;)
        if (brought_by(c, c->films[c->chosen[i]].seed) > 1)
            return i;
    return c->chosen_count;
}

static void serve_all(kino_choice *c, bool repeat)
{
    const size_t seeds = c->taste->like.count;
    if (seeds < 2 || seeds > KINO_SERVED || c->chosen_count < seeds)
        return;
    for (uint32_t seed = 0; seed < seeds; seed++) {
        if (brought_by(c, seed))
            continue;
        qsort(c->chosen, c->chosen_count, sizeof *c->chosen, by_place);
        const size_t out = last_to_spare(c), in = best_of(c, seed, repeat);
        if (out < c->chosen_count && in < c->count)
            c->chosen[out] = in;
    }
}

void kino_choose(kino_choice *c, bool repeat)
{
    const size_t few = c->count < FEW + FEWFOLD * c->wanted ? c->count : FEW + FEWFOLD * c->wanted;
    near *n = c->diversity > 0 ? kino_alloc_array(few + 1, sizeof *n) : NULL;
    choose(c, n, few, repeat);
    serve_all(c, repeat);
    qsort(c->chosen, c->chosen_count, sizeof *c->chosen, by_place);
    free(n);
}
