/* facts.c - a few bytes a film: what they mean, and how they are kept. */
#include "rows/facts.h"

#include <math.h>
#include <stdlib.h>

#include "base/status.h"

/* ---- bytes ---- */

double kino_fact_year(uint8_t byte)
{
    return byte ? KINO_FACT_FIRST_YEAR - 1 + (double)byte : NAN;
}

double kino_fact_fame(uint8_t byte)
{
    return byte ? (byte - 1) / KINO_FACT_FAME_STEPS : NAN;
}

double kino_fact_rating(uint8_t byte)
{
    return byte ? (byte - 1) / KINO_FACT_RATING_STEPS : NAN;
}

void kino_facts_free(kino_facts *f)
{
    if (f->owned) {
        free((void *)f->bytes);
        free((void *)f->profiles);
        free((void *)f->genres);
        free((void *)f->sets);
        free((void *)f->genre);
        free((void *)f->languages);
    }
    *f = (kino_facts){0};
}

/* ---- saved ---- */

void kino_facts_save(const kino_facts *f, size_t count, kino_container_writer *w)
{
    kino_container_add(w, "facts.bytes", KINO_U8, 2, (uint64_t[]){count, KINO_FACT_BYTES}, f->bytes);
    kino_container_add(w, "facts.profiles", KINO_I8, 2, (uint64_t[]){count, KINO_PROFILE_DIM}, f->profiles);
    kino_container_add(w, "facts.genres", KINO_U16, 1, (uint64_t[]){count}, f->genres);
    kino_container_add(w, "facts.sets", KINO_U64, 1, (uint64_t[]){f->set_count}, f->sets);
    kino_container_add(w, "facts.genre", KINO_U32, 1, (uint64_t[]){f->genre_count}, f->genre);
    kino_container_add(w, "facts.languages", KINO_U32, 1, (uint64_t[]){f->language_count}, f->languages);
}

static const void *column(const kino_container *c, const char *name, kino_type type, uint64_t rows, uint64_t width,
                          size_t *size, kino_status *st, kino_error *err)
{
    const kino_section *s =
        *st ? NULL : kino_container_find(c, name, type, width ? 2 : 1, (uint64_t[]){rows, width}, err);
    if (!s) {
        *st = KINO_DAMAGED;
        return NULL;
    }
    if (size)
        *size = s->dims[0];
    return s->data;
}

kino_status kino_facts_view(const kino_container *c, size_t count, kino_facts *out, kino_error *err)
{
    kino_facts f = {0};
    kino_status st = KINO_OK;
    f.bytes = column(c, "facts.bytes", KINO_U8, count, KINO_FACT_BYTES, NULL, &st, err);
    f.profiles = column(c, "facts.profiles", KINO_I8, count, KINO_PROFILE_DIM, NULL, &st, err);
    f.genres = column(c, "facts.genres", KINO_U16, count, 0, NULL, &st, err);
    f.sets = column(c, "facts.sets", KINO_U64, KINO_ANY, 0, &f.set_count, &st, err);
    f.genre = column(c, "facts.genre", KINO_U32, KINO_ANY, 0, &f.genre_count, &st, err);
    f.languages = column(c, "facts.languages", KINO_U32, KINO_ANY, 0, &f.language_count, &st, err);
    if (!st && (f.set_count < 1 || f.set_count > KINO_FACTS_SETS || f.genre_count > KINO_FACTS_GENRES ||
                f.language_count > KINO_FACTS_LANGUAGES))
        st = kino_fail(err, KINO_DAMAGED, "%s: sections facts.* do not fit", c->path);
    if (!st)
        *out = f;
    return st;
}
