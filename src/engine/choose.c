#include "engine/choose.h"

#include <math.h>
#include <stdlib.h>

enum { FEW = 50, FEWFOLD = 5 };  /* films among which those unlike each other are looked for */

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

/* nearest[i]: the most that film i is like one that was taken; updated by the last of them. */
static void draw_near(const kino_choice *c, const kino_facets *facets, size_t count, size_t last, double *nearest)
{
    double part[KINO_PART_COUNT];
    for (size_t i = 0; i < count; i++) {
        double like = 0;
        kino_likeness(c->taste->rows, c->taste->recipe, &facets[last], &facets[i], part);
        for (int p = 0; p < KINO_PART_COUNT; p++)
            like += part[p];
        nearest[i] = fmax(nearest[i], like);
    }
}

void kino_choose(kino_choice *c, bool repeat)
{
    const double diversity = c->diversity;
    const size_t few = c->count < FEW + FEWFOLD * c->wanted ? c->count : FEW + FEWFOLD * c->wanted;
    bool *taken = kino_alloc_array(c->count + 1, sizeof *taken);
    double *nearest = kino_alloc_array(c->count + 1, sizeof *nearest);
    kino_facets *facets = diversity > 0 ? kino_alloc_array(few + 1, sizeof *facets) : NULL;
    for (size_t i = 0; facets && i < few; i++)
        if (c->taste->known)  /* whose sets are lent */
            facets[i] = c->taste->known[c->films[i].row];
        else
            kino_facets_of(c->taste->rows, c->films[i].row, &facets[i]);
    c->chosen_count = 0;
    while (c->chosen_count < c->wanted) {
        size_t best = c->count;
        double most = -INFINITY;
        for (size_t i = 0; i < c->count && !(best < c->count && (!facets || i >= few)); i++) {
            double value = (1 - diversity) * c->films[i].score - diversity * nearest[i];
            if (!taken[i] && value > most && (repeat || !repeats_collection(c, &c->films[i]))) {
                best = i;
                most = value;
            }
        }
        if (best == c->count)
            break;
        taken[best] = true;
        c->chosen[c->chosen_count++] = best;
        if (facets && best < few)
            draw_near(c, facets, few, best, nearest);
    }
    qsort(c->chosen, c->chosen_count, sizeof *c->chosen, by_place);
    free(taken);
    free(nearest);
    free(facets);
}
