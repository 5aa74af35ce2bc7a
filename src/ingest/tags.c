/* tags.c - counts tags film by film. */
#include "ingest/tags.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ingest/columns.h"
#include "ingest/links.h"
#include "ingest/lists.h"

static bool is_named(kino_field f, const char *name)
{
    char plain[KINO_COLUMN_NAME];
    kino_columns_plain(f, plain);
    return !strcmp(plain, name);
}

static size_t column(const kino_field *f, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && !is_named(f[i], name))
        i++;
    return i;
}

kino_beside kino_beside_kind(const char *path)
{
    const kino_field *f;
    size_t count = 0;
    kino_csv *csv = NULL;
    kino_beside kind = KINO_BESIDE_NOTHING;
    if (!strcmp(path, "-") || kino_csv_open(path, &csv, NULL))
        return kind;
    if (!kino_csv_next(csv, &f, &count, NULL) && column(f, count, "movieid") < count) {
        if (column(f, count, "tag") < count)
            kind = KINO_BESIDE_TAGS;
        else if (column(f, count, "imdbid") < count && column(f, count, "title") == count)
            kind = KINO_BESIDE_LINKS;
    }
    kino_csv_close(csv);
    return kind;
}

typedef struct tag {
    uint32_t film;
    size_t at; /* its first line */
    size_t count;
    const char *text, *folded;
} tag;

static int by_text(const void *a, const void *b)
{
    const tag *x = a, *y = b;
    if (x->film != y->film)
        return x->film < y->film ? -1 : 1;
    const int order = strcmp(x->folded, y->folded);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int by_count(const void *a, const void *b)
{
    const tag *x = a, *y = b;
    if (x->film != y->film)
        return x->film < y->film ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* One of each tag of a film, with how often it was given. */
static size_t count_same(tag *tags, size_t count)
{
    size_t left = 0;
    if (count)
        qsort(tags, count, sizeof *tags, by_text);
    for (size_t i = 0; i < count; i++)
        if (left && tags[left - 1].film == tags[i].film && !strcmp(tags[left - 1].folded, tags[i].folded))
            tags[left - 1].count++;
        else
            tags[left++] = tags[i];
    if (left)
        qsort(tags, left, sizeof *tags, by_count);
    return left;
}

static void give(const tag *tags, size_t count, kino_movies *movies)
{
    kino_names names = {0};
    for (size_t i = 0, end; i < count; i = end) {
        kino_movie *m = &movies->items[tags[i].film];
        kino_names_add_all(&names, m->keywords);
        for (end = i; end < count && tags[end].film == tags[i].film; end++)
            if (end - i < KINO_TAGS)
                kino_names_add(&names, 0, tags[end].text);
        m->keywords = kino_names_finish(&names, &movies->arena);
    }
    free(names.items);
}

static const char *fold(kino_arena *a, const char *text)
{
    kino_buffer b = {0};
    kino_fold(&b, text, strlen(text));
    const char *out = kino_arena_strndup(a, b.size ? b.data : "", b.size);
    free(b.data);
    return out;
}

kino_status kino_join_tags(const char *path, const kino_idmap *places, kino_movies *movies, kino_error *err)
{
    kino_movielens links = {0};
    kino_arena folded = {0};
    kino_faults faults = {0};
    kino_cleaner cleaner = {.arena = &movies->arena, .faults = &faults};
    kino_csv *csv = NULL;
    tag *tags = NULL;
    size_t count = 0, capacity = 0, columns = 0;
    const kino_field *f;
    kino_status st = kino_movielens_read(path, NULL, &links, err);
    if (!st)
        st = kino_csv_open(path, &csv, err);
    if (!st)
        st = kino_csv_next(csv, &f, &columns, err);
    const size_t movie = st ? 0 : column(f, columns, "movieid"), text = st ? 0 : column(f, columns, "tag");
    while (!st) {
        size_t n;
        int64_t id;
        st = kino_csv_next(csv, &f, &n, err);
        if (st || !n)
            break;
        const kino_link *link =
            movie < n && text < n && kino_parse_id(f[movie], &id) ? kino_movielens_get(&links, id) : NULL;
        const uint32_t film = link && link->tmdb ? kino_idmap_get(places, link->tmdb) : UINT32_MAX;
        const char *clean = film == UINT32_MAX ? "" : kino_clean_line(&cleaner, f[text]);
        if (!*clean)
            continue;
        if (count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            tags = kino_resize_array(tags, capacity, sizeof *tags);
        }
        tags[count] = (tag){film, count, 1, clean, fold(&folded, clean)};
        count++;
    }
    if (!st)
        give(tags, count_same(tags, count), movies);
    kino_csv_close(csv);
    kino_movielens_free(&links);
    kino_arena_free(&folded);
    free(cleaner.buffer.data);
    free(cleaner.plain.data);
    free(tags);
    return st;
}
