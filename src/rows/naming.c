/* naming.c - the tables of what films and people are called, as sections of a container. */
#include "rows/naming.h"

#include <string.h>

static const char *const called_names[KINO_CALLED_TABLES] = {
    "called.loose", "called.spelled", "called.inside", "called.name", "called.family", "called.word", "called.keyword"};
static const char *const misspelt_names[KINO_MISSPELT_TABLES] = {"misspelt.name", "misspelt.family"};

_Static_assert(offsetof(kino_naming, with_countries) == offsetof(kino_naming, newest_year) + sizeof(uint32_t),
               "called.survey is u32[2]");

void kino_naming_save(const kino_naming *v, kino_container_writer *w)
{
    for (size_t t = 0; t < KINO_CALLED_TABLES; t++)
        kino_keyed_save(&v->called[t], called_names[t], w);
    for (size_t t = 0; t < KINO_MISSPELT_TABLES; t++)
        kino_spelling_save(&v->misspelt[t], misspelt_names[t], w);
    kino_container_add(w, "called.survey", KINO_U32, 1, (uint64_t[]){2}, &v->newest_year);
}

kino_status kino_naming_view(const kino_container *c, kino_naming *out, kino_error *err)
{
    const kino_section *survey = kino_container_find(c, "called.survey", KINO_U32, 1, (uint64_t[]){2}, err);
    kino_status st = survey ? KINO_OK : KINO_DAMAGED;
    if (!st)
        memcpy(&out->newest_year, survey->data, 2 * sizeof out->newest_year);
    for (size_t t = 0; !st && t < KINO_CALLED_TABLES; t++)
        st = kino_keyed_view(c, called_names[t], &out->called[t], err);
    for (size_t t = 0; !st && t < KINO_MISSPELT_TABLES; t++)
        st = kino_spelling_view(c, misspelt_names[t], &out->misspelt[t], err);
    return st;
}

void kino_naming_free(kino_naming *v)
{
    for (size_t t = 0; t < KINO_CALLED_TABLES; t++)
        kino_keyed_free(&v->called[t]);
    for (size_t t = 0; t < KINO_MISSPELT_TABLES; t++)
        kino_spelling_free(&v->misspelt[t]);
}
