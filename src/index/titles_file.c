/* titles_file.c - the title table as sections of a container. */
#include "base/alloc.h"
#include "base/status.h"
#include "index/titles_table.h"

void kino_titles_save(const kino_titles *t, kino_container_writer *w)
{
    kino_container_add(w, "titles.pool", KINO_U8, 1, (uint64_t[]){t->pool_size}, t->pool);
    kino_container_add(w, "titles.keys", KINO_U32, 2, (uint64_t[]){t->key_count, 3}, t->keys);
    kino_container_add(w, "titles.slots", KINO_U32, 1, (uint64_t[]){t->slot_count}, t->slots);
    kino_container_add(w, "titles.by_length", KINO_U32, 1, (uint64_t[]){t->key_count}, t->by_length);
    kino_container_add(w, "titles.masks", KINO_U32, 1, (uint64_t[]){t->key_count}, t->masks);
    kino_container_add(w, "titles.lengths", KINO_U32, 1, (uint64_t[]){KINO_KEY_LONGEST + 2}, t->length_start);
    kino_container_add(w, "titles.imdb", KINO_U64, 1, (uint64_t[]){t->imdb_count}, t->imdb);
}

kino_status kino_titles_view(const kino_container *c, size_t n, kino_title_entry_fn entry, const void *ctx,
                             kino_titles **out, kino_error *err)
{
    const kino_section *pool = kino_container_find(c, "titles.pool", KINO_U8, 1, (uint64_t[]){KINO_ANY}, err);
    const kino_section *keys =
        pool ? kino_container_find(c, "titles.keys", KINO_U32, 2, (uint64_t[]){KINO_ANY, 3}, err) : NULL;
    const kino_section *slots =
        keys ? kino_container_find(c, "titles.slots", KINO_U32, 1, (uint64_t[]){KINO_ANY}, err) : NULL;
    const kino_section *by_length =
        slots ? kino_container_find(c, "titles.by_length", KINO_U32, 1, keys->dims, err) : NULL;
    const kino_section *masks = by_length ? kino_container_find(c, "titles.masks", KINO_U32, 1, keys->dims, err) : NULL;
    const kino_section *lengths =
        masks ? kino_container_find(c, "titles.lengths", KINO_U32, 1, (uint64_t[]){KINO_KEY_LONGEST + 2}, err) : NULL;
    const kino_section *imdb =
        lengths ? kino_container_find(c, "titles.imdb", KINO_U64, 1, (uint64_t[]){KINO_ANY}, err) : NULL;
    if (!imdb)
        return KINO_DAMAGED;
    const uint32_t *start = lengths->data;
    bool fits = slots->dims[0] && !(slots->dims[0] & (slots->dims[0] - 1)) && keys->dims[0] <= UINT32_MAX &&
                start[KINO_KEY_LONGEST + 1] <= keys->dims[0];
    for (size_t i = 0; i <= KINO_KEY_LONGEST; i++)
        fits = fits && start[i] <= start[i + 1];
    if (!fits)
        return kino_fail(err, KINO_DAMAGED, "%s: titles.slots or titles.lengths is out of range", c->path);
    kino_titles *t = kino_alloc(sizeof *t);
    *t = (kino_titles){
        .entry = entry,
        .entries = ctx,
        .entry_count = n,
        .key_count = keys->dims[0],
        .slot_count = slots->dims[0],
        .imdb_count = imdb->dims[0],
        .pool_size = pool->dims[0],
        .pool = pool->data,
        .keys = keys->data,
        .slots = slots->data,
        .by_length = by_length->data,
        .masks = masks->data,
        .length_start = start,
        .imdb = imdb->data,
        .lent = true,
    };
    *out = t;
    return KINO_OK;
}
