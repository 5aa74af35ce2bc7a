/* wishes.c - the reader of questions over the films of a handle, made on first use. */
#include <stdlib.h>

#include "handle/handle.h"
#include "wish/vocabulary.h"

struct kino_named_things {
    kino_arena memory;
    kino_movie *films;
    kino_wish_vocabulary *vocabulary;
    kino_wish_reader *reader;
};

static kino_status make(kino *k, kino_named_things *n, kino_error *err)
{
    const kino_rows *r = &k->films->rows;
    n->films = kino_alloc_array(r->count + 1, sizeof *n->films);
    for (size_t row = 0; row < r->count; row++) {
        const kino_status st = kino_row_film(k, row, &n->memory, &n->films[row], err);
        if (st)
            return st;
    }
    n->vocabulary = kino_wish_vocabulary_make(n->films, r->count, r->base->words, k->opt.threads);
    n->reader = kino_wish_reader_open(kino_wish_vocabulary_lookups(n->vocabulary));
    return KINO_OK;
}

kino_status kino_use_reader(kino *k, const kino_wish_reader **reader, const kino_wish_lookups **look, kino_error *err)
{
    kino_status st = KINO_OK;
    pthread_mutex_lock(&k->lock);
    if (!k->films->named) {
        kino_named_things *made = kino_alloc(sizeof *made);
        st = make(k, made, err);
        if (st)
            kino_named_things_free(made);
        else
            k->films->named = made;
    }
    if (!st) {
        *reader = k->films->named->reader;
        *look = kino_wish_vocabulary_lookups(k->films->named->vocabulary);
    }
    pthread_mutex_unlock(&k->lock);
    return st;
}

void kino_named_things_free(kino_named_things *n)
{
    if (!n)
        return;
    kino_wish_reader_close(n->reader);
    kino_wish_vocabulary_free(n->vocabulary);
    free(n->films);
    kino_arena_free(&n->memory);
    free(n);
}
