#include "engine/choose.h"

#include <math.h>
#include <stdlib.h>

static bool repeats_collection(const kino_choice *c, const kino_ranked *film)
{
    for (size_t i = 0; film->collection != UINT32_MAX && i < c->chosen_count; i++)
        if (c->films[c->chosen[i]].collection == film->collection)
            return true;
    return false;
}

void kino_choose(kino_choice *c, bool repeat)
{
    const double diversity = c->diversity;
    bool *taken = kino_alloc_array(c->count + 1, sizeof *taken);
    double *nearest = kino_alloc_array(c->count + 1, sizeof *nearest), part[KINO_PART_COUNT];
    kino_facets *facets = diversity > 0 ? kino_alloc_array(c->count + 1, sizeof *facets) : NULL;
    for (size_t i = 0; facets && i < c->count; i++)
        kino_facets_of(c->taste->rows, c->films[i].row, &facets[i]);
    c->chosen_count = 0;
    while (c->chosen_count < c->wanted) {
        size_t best = c->count;
        double most = -INFINITY;
        for (size_t i = 0; i < c->count && !(best < c->count && diversity == 0); i++) {
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
        for (size_t i = 0; facets && i < c->count; i++) {
            double like = 0;
            if (taken[i])
                continue;
            kino_likeness(c->taste->rows, c->taste->recipe, &facets[best], &facets[i], part);
            for (int p = 0; p < KINO_PART_COUNT; p++)
                like += part[p];
            nearest[i] = fmax(nearest[i], like);
        }
    }
    free(taken);
    free(nearest);
    free(facets);
}
