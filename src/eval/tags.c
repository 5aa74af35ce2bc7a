/* tags.c - what viewers said of films, as unit vectors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "eval/likeness.h"
#include "eval/sheet.h"

/* A line of the file, and later a tag of a film. */
typedef struct entry {
    const char *tag;
    uint32_t row;
    int64_t user; /* 0 in a table */
    double weight;
} entry;

typedef struct entries {
    entry *items;
    size_t count, room;
    kino_arena texts;
} entries;

/* ---- reading ---- */

static const char *tag_name(kino_arena *texts, const kino_field *f)
{
    static const char blanks[] = " \t\r\n";
    const char *from = f->text + strspn(f->text, blanks);
    size_t n = strlen(from);
    while (n > 0 && strchr(blanks, from[n - 1]))
        n--;
    char *out = kino_arena_strndup(texts, from, n);
    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p += 'a' - 'A';
    return out;
}

static void put(entries *e, const entry *one)
{
    if (!*one->tag || one->row == UINT32_MAX)
        return;
    if (e->count == e->room)
        e->items = kino_resize_array(e->items, e->room = e->room ? 2 * e->room : 1024, sizeof *e->items);
    e->items[e->count++] = *one;
}

enum { TABLE, MOVIELENS };

static kino_status read_line(const kino_sheet *s, const kino_rows *r, const kino_idmap *films, const char *path,
                             entries *e, kino_error *err)
{
    entry one = {.row = UINT32_MAX};
    const double first = kino_sheet_number(s, 0), second = kino_sheet_number(s, s->shape == TABLE ? 2 : 1);
    if (isnan(first + second) || (s->shape == TABLE && second < 0))
        return kino_fail(err, KINO_DAMAGED, "%s:%zu: %s", path, kino_csv_line(s->csv),
                         s->shape == TABLE ? "tmdbId and weight are numbers, the weight from 0 on"
                                           : "userId and movieId are numbers");
    if (s->shape == TABLE) {
        const size_t row = kino_rows_find(r, (int64_t)first);
        one.tag = tag_name(&e->texts, &s->cells[1]);
        one.row = row < r->count ? (uint32_t)row : UINT32_MAX;
        one.weight = second;
    } else {
        one.tag = tag_name(&e->texts, &s->cells[2]);
        one.row = second >= 1 ? kino_idmap_get(films, (int64_t)second) : UINT32_MAX;
        one.user = (int64_t)first;
    }
    put(e, &one);
    return KINO_OK;
}

static kino_status read_entries(const kino_rows *r, const char *path, const char *links, entries *out, bool *table,
                                kino_error *err)
{
    static const kino_shape shapes[] = {{"tmdbId", "tag", "weight"}, {"userId", "movieId", "tag"}};
    kino_idmap films = {0};
    kino_sheet s = {0};
    kino_status st = kino_sheet_open(path, shapes, 2, &s, err);
    *table = s.shape == TABLE;
    if (!st && s.shape == MOVIELENS && !links)
        st = kino_fail(err, KINO_USAGE, "%s has MovieLens' numbers of films: --links FILE is needed", path);
    if (!st && s.shape == MOVIELENS)
        st = kino_links_read(r, links, &films, err);
    while (!st && !(st = kino_sheet_next(&s, err)) && s.more)
        st = read_line(&s, r, &films, path, out, err);
    kino_sheet_close(&s);
    kino_idmap_free(&films);
    return st;
}

/* ---- lines -> tags of films ---- */

static int by_tag(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    const int order = strcmp(x->tag, y->tag);
    if (order)
        return order;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

/* One entry a tag of a film. In a table the weights of one pair are added; of users each counts once. */
static void merge(entries *e, bool table)
{
    size_t kept = 0;
    if (e->count)
        qsort(e->items, e->count, sizeof *e->items, by_tag);
    for (size_t i = 0; i < e->count;) {
        entry one = e->items[i];
        size_t users = 0;
        one.weight = 0;
        for (const size_t begin = i; i < e->count && e->items[i].row == one.row && !strcmp(e->items[i].tag, one.tag);
             i++) {
            users += i == begin || e->items[i].user != e->items[i - 1].user;
            one.weight += e->items[i].weight;
        }
        if (!table)
            one.weight = log1p((double)users);
        if (one.weight > 0)
            e->items[kept++] = one;
    }
    e->count = kept;
}

static void find_candidates(entries *e, size_t films, kino_candidates *out)
{
    uint32_t *tags = kino_alloc_array(films + 1, sizeof *tags);
    size_t kept = 0;
    out->rows = kino_alloc_array(films + 1, sizeof *out->rows);
    out->at = kino_alloc_array(films + 1, sizeof *out->at);
    for (size_t i = 0; i < e->count; i++)
        tags[e->items[i].row]++;
    for (size_t row = 0; row < films; row++) {
        out->at[row] = tags[row] >= KINO_TAGS_LEAST ? (uint32_t)out->count : UINT32_MAX;
        if (tags[row] >= KINO_TAGS_LEAST)
            out->rows[out->count++] = (uint32_t)row;
    }
    for (size_t i = 0; i < e->count; i++)
        if (out->at[e->items[i].row] != UINT32_MAX)
            e->items[kept++] = e->items[i];
    e->count = kept;
    free(tags);
}

/* By tag first, as the entries are. */
static void weigh(const entries *e, kino_tags *t)
{
    double *norm = kino_alloc_array(t->films.count + 1, sizeof *norm);
    t->of_tags = kino_alloc_array(e->count + 1, sizeof *t->of_tags);
    t->tag_at = kino_alloc_array(e->count + 2, sizeof *t->tag_at);
    for (size_t i = 0; i < e->count;) {
        size_t end = i + 1;
        while (end < e->count && !strcmp(e->items[end].tag, e->items[i].tag))
            end++;
        const double rarity = log((double)t->films.count / (double)(end - i));
        for (; i < end; i++) {
            t->of_tags[i] = (kino_tag_share){t->films.at[e->items[i].row], e->items[i].weight * rarity};
            norm[t->of_tags[i].other] += t->of_tags[i].share * t->of_tags[i].share;
        }
        t->tag_at[++t->tag_count] = end;
    }
    for (size_t i = 0; i < e->count; i++)
        if (norm[t->of_tags[i].other] > 0)
            t->of_tags[i].share /= sqrt(norm[t->of_tags[i].other]);
    free(norm);
}

static void turn(kino_tags *t)
{
    const size_t all = t->tag_at[t->tag_count];
    t->of_films = kino_alloc_array(all + 1, sizeof *t->of_films);
    t->film_at = kino_alloc_array(t->films.count + 2, sizeof *t->film_at);
    for (size_t i = 0; i < all; i++)
        t->film_at[t->of_tags[i].other + 2]++;
    for (size_t f = 0; f < t->films.count; f++)
        t->film_at[f + 2] += t->film_at[f + 1];
    for (size_t tag = 0; tag < t->tag_count; tag++)
        for (size_t i = t->tag_at[tag]; i < t->tag_at[tag + 1]; i++)
            t->of_films[t->film_at[t->of_tags[i].other + 1]++] = (kino_tag_share){(uint32_t)tag, t->of_tags[i].share};
}

kino_status kino_tags_read(const kino_rows *r, const char *path, const char *links, kino_tags *out, kino_error *err)
{
    entries e = {0};
    bool table = false;
    *out = (kino_tags){0};
    kino_status st = read_entries(r, path, links, &e, &table, err);
    if (!st) {
        merge(&e, table);
        find_candidates(&e, r->count, &out->films);
        weigh(&e, out);
        turn(out);
    }
    free(e.items);
    kino_arena_free(&e.texts);
    return st;
}

void kino_tags_gains(const kino_tags *t, size_t seed, double *gain)
{
    memset(gain, 0, t->films.count * sizeof *gain);
    for (size_t i = t->film_at[seed]; i < t->film_at[seed + 1]; i++) {
        const kino_tag_share own = t->of_films[i];
        for (size_t j = t->tag_at[own.other]; j < t->tag_at[own.other + 1]; j++)
            gain[t->of_tags[j].other] += own.share * t->of_tags[j].share;
    }
}

void kino_tags_free(kino_tags *t)
{
    free(t->films.rows);
    free(t->films.at);
    free(t->film_at);
    free(t->tag_at);
    free(t->of_films);
    free(t->of_tags);
    *t = (kino_tags){0};
}
