/* keywords.c - the catalogue's blob of the vectors of keywords. */
#include "rows/keywords.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/status.h"

#define BLOB "keywords"
#define MAKER "keywords.maker"

/* Whether the bytes hold phrases. */
static bool view(kino_keywords *k, size_t size)
{
    if (kino_container_view("the catalogue's keywords", k->bytes, size, KINO_KIND_KEYWORDS, KINO_VERIFY_ALL, &k->c,
                            NULL))
        return false;
    const kino_section *maker = kino_container_find(&k->c, MAKER, KINO_U64, 1, (uint64_t[]){1}, NULL);
    if (!maker || kino_phrases_view(&k->c, BLOB, KINO_PLOT_DIM, &k->phrases, NULL))
        return false;
    k->maker = *(const uint64_t *)maker->data;
    return true;
}

kino_status kino_keywords_read(kino_catalogue *c, kino_keywords *out, kino_error *err)
{
    size_t size = 0;
    kino_error why = {0};
    *out = (kino_keywords){0};
    kino_status st = kino_catalogue_get_blob(c, BLOB, &out->bytes, &size, &why);
    if (st == KINO_NOT_FOUND)
        return KINO_OK;
    if (st)
        return kino_fail(err, st, "%s", why.text);
    if (!view(out, size))
        kino_keywords_free(out);
    return KINO_OK;
}

kino_status kino_keywords_put(kino_catalogue *c, const kino_phrases *p, uint64_t maker, kino_error *err)
{
    kino_container_writer w = {0};
    kino_buffer bytes = {0};
    kino_phrases_save(p, BLOB, &w);
    kino_container_add(&w, MAKER, KINO_U64, 1, (uint64_t[]){1}, &maker);
    kino_container_bytes(&w, KINO_KIND_KEYWORDS, &bytes);
    kino_status st = kino_catalogue_put_blob(c, BLOB, bytes.data, bytes.size, err);
    kino_container_writer_free(&w);
    free(bytes.data);
    return st;
}

void kino_keywords_free(kino_keywords *k)
{
    kino_phrases_free(k->phrases);
    kino_container_close(&k->c);
    free(k->bytes);
    *k = (kino_keywords){0};
}
