/* lists.c - cells that hold lists, written as Python or as names between commas. */
#include "ingest/lists.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/number.h"
#include "ingest/columns.h"
#include "ingest/values.h"

void kino_names_add(kino_names *list, int64_t id, const char *name)
{
    if (list->count == KINO_LIMIT_LIST)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (id ? list->items[i].id == id : !strcmp(list->items[i].name, name))
            return;
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 32;
        list->items = kino_resize_array(list->items, list->capacity, sizeof *list->items);
    }
    list->items[list->count++] = (kino_named){id, name};
}

void kino_names_add_all(kino_names *list, kino_list more)
{
    for (size_t i = 0; i < more.count; i++)
        kino_names_add(list, more.items[i].id, more.items[i].name);
}

kino_list kino_names_finish(kino_names *list, kino_arena *arena)
{
    kino_list out = {NULL, list->count};
    if (list->count) {
        kino_named *copy = kino_arena_alloc(arena, list->count * sizeof *copy);
        memcpy(copy, list->items, list->count * sizeof *copy);
        out.items = copy;
    }
    list->count = 0;
    return out;
}

/* A whole, positive number as an id, else 0. */
static int64_t id_of(const kino_literal *v)
{
    bool whole = v && v->type == KINO_LITERAL_NUMBER && v->number >= 1 && v->number <= KINO_LIMIT_ID &&
                 v->number == floor(v->number);
    return whole ? (int64_t)v->number : 0;
}

/* A member of the dict nodes[i] as a line; "" without one. */
static const char *member_of(kino_cleaner *c, const kino_literals *tree, size_t i, const char *key)
{
    const kino_literal *text = kino_literal_get(tree, i, key);
    if (!text || text->type != KINO_LITERAL_STRING)
        return "";
    return kino_clean_line(c, (kino_field){text->text, text->size});
}

/* The name of nodes[i], a dict or a plain string; "" without one. */
static const char *name_of(kino_cleaner *c, const kino_literals *tree, size_t i)
{
    const kino_literal *own = &tree->nodes[i];
    return own->type == KINO_LITERAL_STRING ? kino_clean_line(c, (kino_field){own->text, own->size})
                                            : member_of(c, tree, i, "name");
}

/* Whether a person's job is one of "Writer|Screenplay". */
static bool is_job(const kino_literal *job, const char *jobs)
{
    for (const char *p = jobs; job && job->type == KINO_LITERAL_STRING && *p;) {
        const size_t n = strcspn(p, "|");
        if (strlen(job->text) == n && !memcmp(job->text, p, n))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

/* Genres as other sources write them, by letters and digits alone, and TMDB's word for them. */
static const struct {
    const char *plain, *name, *second; /* second: NULL, or what it is as well */
} genres[] = {
    {"scifi", "Science Fiction", NULL},
    {"sciencefiction", "Science Fiction", NULL},
    {"scififantasy", "Science Fiction", "Fantasy"},
    {"actionadventure", "Action", "Adventure"},
    {"dramas", "Drama", NULL},
    {"comedies", "Comedy", NULL},
    {"thrillers", "Thriller", NULL},
    {"documentaries", "Documentary", NULL},
    {"horrormovies", "Horror", NULL},
    {"romanticmovies", "Romance", NULL},
    {"childrenfamilymovies", "Family", NULL},
    {"children", "Family", NULL},
    {"childrens", "Family", NULL},
    {"musicmusicals", "Music", NULL},
    {"musical", "Music", NULL},
    {"nogenreslisted", NULL, NULL},
};

static void add_genre(kino_names *list, const char *name)
{
    char plain[KINO_COLUMN_NAME];
    kino_columns_plain((kino_field){name, strlen(name)}, plain);
    for (size_t i = 0; i < sizeof genres / sizeof *genres; i++)
        if (!strcmp(plain, genres[i].plain)) {
            if (genres[i].name)
                kino_names_add(list, 0, genres[i].name);
            if (genres[i].second)
                kino_names_add(list, 0, genres[i].second);
            return;
        }
    kino_names_add(list, 0, name);
}

/* What stands between the names of a cell: what people write by hand, the rarest in a name first. */
static char mark_between(kino_field cell, kino_vocable words)
{
    static const char marks[] = "|;,/";
    const size_t count = words == KINO_VOCABLE_GENRES ? 4 : 3;
    for (size_t i = 0; i < count; i++)
        if (memchr(cell.text, marks[i], cell.size))
            return marks[i];
    return ',';
}

static void split_plain(kino_cleaner *c, kino_field cell, kino_vocable words, kino_names *list)
{
    const char mark = mark_between(cell, words);
    for (size_t i = 0; i < cell.size;) {
        const char *stop = memchr(cell.text + i, mark, cell.size - i);
        size_t end = stop ? (size_t)(stop - cell.text) : cell.size;
        const char *name = kino_clean_line(c, (kino_field){cell.text + i, end - i});
        if (*name && words == KINO_VOCABLE_GENRES)
            add_genre(list, name);
        else if (*name)
            kino_names_add(list, 0, name);
        i = end + 1;
    }
}

bool kino_read_names(kino_cleaner *c, kino_literals *tree, kino_field cell, kino_vocable words, kino_names *list)
{
    cell = kino_trim(cell);
    if (kino_value_absent(cell))
        return true;
    if (!memchr("[({", cell.text[0], 3)) {
        double number;
        if (memchr("\"'", cell.text[0], 2) || kino_number_parse(cell.text, cell.size, &number))
            return false;
        split_plain(c, cell, words, list);
        return true;
    }
    if (kino_literal_parse(tree, cell.text, cell.size, NULL) || tree->nodes[0].type != KINO_LITERAL_LIST)
        return false;
    for (size_t i = 1; i < tree->nodes[0].end; i = tree->nodes[i].end) {
        const char *name = name_of(c, tree, i);
        if (*name && words == KINO_VOCABLE_GENRES && tree->nodes[i].type == KINO_LITERAL_STRING)
            add_genre(list, name);
        else if (*name)
            kino_names_add(list, id_of(kino_literal_get(tree, i, "id")), name);
        else
            c->faults->n[KINO_FAULT_NAMELESS]++;
    }
    return true;
}

bool kino_read_named(kino_cleaner *c, kino_literals *tree, kino_field cell, kino_named *out)
{
    *out = (kino_named){0, ""};
    cell = kino_trim(cell);
    if (!cell.size || kino_is_na(cell))
        return true;
    if (kino_literal_parse(tree, cell.text, cell.size, NULL))
        return false;
    const kino_literal *whole = &tree->nodes[0];
    if (whole->type == KINO_LITERAL_NULL || whole->end == 1) /* None, {}, [] */
        return whole->type == KINO_LITERAL_NULL || whole->type >= KINO_LITERAL_LIST;
    if (whole->type != KINO_LITERAL_DICT)
        return false;
    int64_t id = id_of(kino_literal_get(tree, 0, "id"));
    const char *name = name_of(c, tree, 0);
    if (id && *name)
        *out = (kino_named){id, name};
    return true;
}

typedef struct person {
    double order;
    size_t node;
} person;

static int by_order(const void *a, const void *b)
{
    const person *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node; /* keeps the order of the file */
}

bool kino_read_people(kino_cleaner *c, kino_literals *tree, kino_field cell, const char *jobs, size_t most,
                      kino_names *list)
{
    cell = kino_trim(cell);
    if (kino_value_absent(cell))
        return true;
    if (!jobs && !memchr("[({\"'", cell.text[0], 5)) {
        double number;
        if (kino_number_parse(cell.text, cell.size, &number))
            return false;
        split_plain(c, cell, KINO_VOCABLE_ANY, list);
        return true;
    }
    if (kino_literal_parse(tree, cell.text, cell.size, NULL) || tree->nodes[0].type != KINO_LITERAL_LIST)
        return false;
    person *people = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 1; i < tree->nodes[0].end; i = tree->nodes[i].end) {
        const kino_literal *done = kino_literal_get(tree, i, "job"), *order = kino_literal_get(tree, i, "order");
        if (jobs && !is_job(done, jobs))
            continue;
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            people = kino_resize_array(people, capacity, sizeof *people);
        }
        people[count++] = (person){order && order->type == KINO_LITERAL_NUMBER ? order->number : 1e9, i};
    }
    if (count)
        qsort(people, count, sizeof *people, by_order);
    for (size_t i = 0; i < count && list->count < most; i++) {
        const char *name = name_of(c, tree, people[i].node);
        if (*name)
            kino_names_add(list, id_of(kino_literal_get(tree, people[i].node, "id")), name);
        else
            c->faults->n[KINO_FAULT_NAMELESS]++;
    }
    free(people);
    return true;
}

static const char *character_of(kino_cleaner *c, const kino_literals *tree, const kino_named *who)
{
    for (size_t i = 1; i < tree->nodes[0].end; i = tree->nodes[i].end) {
        const int64_t id = id_of(kino_literal_get(tree, i, "id"));
        if (who->id ? id == who->id : !strcmp(name_of(c, tree, i), who->name))
            return member_of(c, tree, i, "character");
    }
    return "";
}

kino_list kino_read_characters(kino_cleaner *c, kino_literals *tree, kino_field cell, const kino_list *cast)
{
    bool any = false;
    cell = kino_trim(cell);
    if (!cast->count || !cell.size || kino_literal_parse(tree, cell.text, cell.size, NULL) ||
        tree->nodes[0].type != KINO_LITERAL_LIST)
        return (kino_list){0};
    kino_named *out = kino_arena_alloc(c->arena, cast->count * sizeof *out);
    for (size_t i = 0; i < cast->count; i++) {
        out[i] = (kino_named){0, character_of(c, tree, &cast->items[i])};
        any |= *out[i].name != 0;
    }
    return any ? (kino_list){out, cast->count} : (kino_list){0};
}
