/* select.c - takes films out of a list, whose order stays. */
#include "ingest/select.h"

#include <stdbool.h>
#include <stdlib.h>

typedef struct standing {
    int64_t votes;
    size_t at;
} standing;

static int by_votes(const void *a, const void *b)
{
    const standing *x = a, *y = b;
    if (x->votes != y->votes)
        return x->votes > y->votes ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void kino_select_voted(kino_movies *m, int64_t least)
{
    size_t left = 0;
    for (size_t i = 0; i < m->count; i++)
        if (m->items[i].votes >= least)
            m->items[left++] = m->items[i];
    m->count = left;
}

void kino_select_top(kino_movies *m, size_t most)
{
    if (m->count <= most)
        return;
    standing *all = kino_alloc_array(m->count, sizeof *all);
    bool *keep = kino_alloc_array(m->count, sizeof *keep);
    for (size_t i = 0; i < m->count; i++)
        all[i] = (standing){m->items[i].votes, i};
    qsort(all, m->count, sizeof *all, by_votes);
    for (size_t i = 0; i < most; i++)
        keep[all[i].at] = true;
    size_t left = 0;
    for (size_t i = 0; i < m->count; i++)
        if (keep[i])
            m->items[left++] = m->items[i];
    m->count = left;
    free(all);
    free(keep);
}
