/* features.c - the schema of either recipe: its columns, a film's row, its sections. */
#include "ingest/features.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/status.h"
#include "ingest/onehot.h"
#include "ingest/terms.h"

/* By recipe. Version 1 of the default was columns of facts. */
static const uint32_t versions[] = {[KINO_RECIPE_DEFAULT] = 2, [KINO_RECIPE_CLASSIC] = 1};

struct kino_schema {
    uint32_t head[2];  /* version, recipe; as saved */
    kino_terms terms;  /* recipe default */
    kino_onehot facts; /* recipe classic */
    uint64_t fingerprint;
};

static bool is_classic(const kino_schema *s)
{
    return s->head[1] == KINO_RECIPE_CLASSIC;
}

static kino_schema *new_schema(kino_recipe recipe)
{
    kino_schema *s = kino_alloc(sizeof *s);
    s->head[0] = versions[recipe];
    s->head[1] = (uint32_t)recipe;
    return s;
}

static void take_fingerprint(kino_schema *s)
{
    const uint64_t h = kino_hash(KINO_HASH_START, s->head, sizeof s->head);
    s->fingerprint = is_classic(s) ? kino_onehot_hash(&s->facts, h) : kino_terms_hash(&s->terms, h);
}

kino_status kino_schema_fit(kino_recipe recipe, const kino_movies *films, kino_schema **out, kino_error *err)
{
    if (!films->count)
        return kino_fail(err, KINO_USAGE, "there is no film to fit the features to");
    kino_schema *s = new_schema(recipe);
    kino_status st = KINO_OK;
    if (is_classic(s))
        st = kino_onehot_fit(films, &s->facts, err);
    else
        kino_terms_fit(films, &s->terms);
    if (st) {
        kino_schema_free(s);
        return st;
    }
    take_fingerprint(s);
    *out = s;
    return KINO_OK;
}

void kino_schema_free(kino_schema *s)
{
    if (!s)
        return;
    kino_terms_free(&s->terms);
    kino_onehot_free(&s->facts);
    free(s);
}

kino_prior kino_schema_prior(const kino_schema *s)
{
    return (kino_prior){.rating = s->facts.prior[0], .votes = s->facts.prior[1], .runtime = s->facts.prior[2]};
}

size_t kino_schema_columns(const kino_schema *s)
{
    const size_t n = is_classic(s) ? kino_onehot_columns(&s->facts) : s->terms.words.count;
    return n ? n : 1;
}

kino_recipe kino_schema_recipe(const kino_schema *s)
{
    return (kino_recipe)s->head[1];
}

uint64_t kino_schema_fingerprint(const kino_schema *s)
{
    return s->fingerprint;
}

/* Beyond all that a film may be, and small enough for the network's numbers to stay finite. */
#define MOST 1e15

static void facts_rows(const kino_onehot *f, const kino_movie *films, size_t count, kino_sparse *out)
{
    double row[KINO_ONEHOT_COLUMNS];
    for (size_t i = 0; i < count; i++) {
        kino_onehot_row(f, &films[i], row);
        for (size_t c = 0; c < kino_onehot_columns(f); c++)
            kino_sparse_put(out, (uint32_t)c, (float)fmin(fmax(row[c], -MOST), MOST));
        kino_sparse_end(out);
    }
}

void kino_schema_rows(const kino_schema *s, const kino_movie *films, size_t count, kino_sparse *out)
{
    if (is_classic(s))
        facts_rows(&s->facts, films, count, out);
    else
        kino_terms_rows(&s->terms, films, count, out);
}

/* ---- saved ---- */

void kino_schema_save(const kino_schema *s, kino_container_writer *w)
{
    kino_container_add(w, "schema.head", KINO_U32, 1, (uint64_t[]){2}, s->head);
    if (is_classic(s))
        kino_onehot_save(&s->facts, w);
    else
        kino_terms_save(&s->terms, w);
}

kino_status kino_schema_load(const kino_container *c, kino_schema **out, kino_error *err)
{
    const kino_section *head = kino_container_find(c, "schema.head", KINO_U32, 1, (uint64_t[]){2}, err);
    if (!head)
        return KINO_DAMAGED;
    const uint32_t version = kino_u32(head->data), recipe = kino_u32((const char *)head->data + 4);
    if (recipe > KINO_RECIPE_CLASSIC || version > versions[recipe] || !version)
        return kino_fail(err, KINO_DAMAGED,
                         "%s: a feature schema of version %u and recipe %u, which this program does not know", c->path,
                         version, recipe);
    if (version < versions[recipe])
        return kino_fail(err, KINO_DAMAGED, "%s: made by an older kino, which knew no words: run kino retrain",
                         c->path);
    kino_schema *s = new_schema((kino_recipe)recipe);
    kino_status st = is_classic(s) ? kino_onehot_load(c, &s->facts, err) : kino_terms_load(c, &s->terms, err);
    if (st) {
        kino_schema_free(s);
        return st;
    }
    take_fingerprint(s);
    *out = s;
    return KINO_OK;
}
