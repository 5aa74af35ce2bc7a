/* lists.c - what kino answers to every film, asked as any program would ask it, and methods beside it. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "eval/likeness.h"
#include "kern/kern.h"

enum { CHUNK = 256 }; /* questions between two looks at the caller */

/* ---- the table ---- */

static const kino_part story[] = {{"all", 0}, {"story", 1}}, facts[] = {{"all", 0}, {"facts", 1}},
                       people[] = {{"all", 0}, {"people", 1}};

const kino_lister kino_listers[] = {
    {.name = "kino"},
    {.name = "story alone", .query = {.weights = story, .weight_count = 2}},
    {.name = "people alone", .query = {.weights = people, .weight_count = 2}},
    {.name = "facts alone", .query = {.weights = facts, .weight_count = 2}},
    {.name = "plot vectors alone", .vectors = true},
};
const size_t kino_lister_count = sizeof kino_listers / sizeof *kino_listers;

/* ---- a question ---- */

typedef struct run {
    const kino_bench *b;
    const kino_lister *m;
    const uint32_t *seeds;
    bool sequels;
    size_t begin; /* of the chunk */
    kino_lists *out;
    kino_status status[CHUNK];
    kino_error errors[CHUNK];
} run;

typedef struct neighbour {
    float cosine;
    uint32_t row;
} neighbour;

static int nearest(const void *a, const void *b)
{
    const neighbour *x = a, *y = b;
    return x->cosine != y->cosine ? (x->cosine < y->cosine ? 1 : -1) : (x->row > y->row) - (x->row < y->row);
}

static void list_vectors(const kino_bench *b, uint32_t seed, uint32_t *rows, size_t length)
{
    const kino_kernels *kern = kino_kernels_get();
    const float *own = kino_rows_vector(b->rows, seed);
    neighbour *all = kino_alloc_array(b->films, sizeof *all);
    size_t count = 0;
    for (uint32_t i = 0; i < b->films; i++)
        if (i != seed)
            all[count++] = (neighbour){kern->dot_f32(own, kino_rows_vector(b->rows, i), KINO_PLOT_DIM), i};
    qsort(all, count, sizeof *all, nearest);
    for (size_t i = 0; i < length && i < count; i++)
        rows[i] = all[i].row;
    free(all);
}

static kino_status list_query(const run *r, uint32_t seed, uint32_t *rows, kino_error *err)
{
    const int64_t id = kino_rows_id(r->b->rows, seed);
    kino_query q = r->m->query;
    kino_results *list = NULL;
    q.like = &id;
    q.like_count = 1;
    q.k = r->out->length;
    q.sequels = r->sequels;
    kino_status st = kino_recommend(r->b->k, &q, &list, err);
    for (size_t i = 0; !st && i < list->count; i++)
        rows[i] = (uint32_t)kino_rows_find(r->b->rows, list->items[i].movie->id);
    kino_results_free(list);
    return st;
}

static void ask_one(void *ctx, size_t i, int worker)
{
    run *r = ctx;
    const uint32_t seed = r->seeds[r->begin + i];
    uint32_t *rows = r->out->rows + (r->begin + i) * r->out->length;
    (void)worker;
    memset(rows, 0xff, r->out->length * sizeof *rows);
    if (r->m->vectors)
        list_vectors(r->b, seed, rows, r->out->length);
    else
        r->status[i] = list_query(r, seed, rows, &r->errors[i]);
}

kino_status kino_lists_ask(const kino_bench *b, const kino_lister *m, const uint32_t *seeds, size_t count,
                           size_t length, bool sequels, size_t done, size_t total, kino_lists *out, kino_error *err)
{
    run *r = kino_alloc(sizeof *r);
    kino_status st = KINO_OK;
    *out = (kino_lists){kino_alloc_array(count * length + 1, sizeof *out->rows), length, count};
    *r = (run){.b = b, .m = m, .seeds = seeds, .sequels = sequels, .out = out};
    for (; !st && r->begin < count; r->begin += CHUNK) {
        const size_t some = count - r->begin < CHUNK ? count - r->begin : CHUNK;
        kino_report(&b->k->opt, "ask", done + r->begin, total);
        kino_parallel(kino_thread_count(b->k->opt.threads), some, ask_one, r);
        for (size_t i = 0; !st && i < some; i++)
            if (r->status[i])
                st = kino_fail(err, r->status[i], "%s", r->errors[i].text);
        if (!st && kino_cancelled(&b->k->opt))
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    free(r);
    return st;
}

void kino_list_candidates(const kino_candidates *c, size_t seed, const uint32_t *rows, size_t length,
                          uint32_t top[KINO_EVAL_TOP])
{
    size_t count = 0;
    memset(top, 0xff, KINO_EVAL_TOP * sizeof *top);
    for (size_t i = 0; i < length && rows[i] != UINT32_MAX && count < KINO_EVAL_TOP; i++)
        if (c->at[rows[i]] != UINT32_MAX && c->at[rows[i]] != seed)
            top[count++] = c->at[rows[i]];
}
