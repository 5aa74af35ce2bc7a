/* companions.c - keywords and credits, joined to films. */
#include "ingest/companions.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/status.h"
#include "ingest/table.h"

typedef struct companion {
    const kino_cell *needed;
    size_t needed_count;
    kino_fault no_id, again, alien;
    void (*merge)(kino_table *t, kino_movie *m);
} companion;

/* Merges one cell into a list of the film that may have been filled by an earlier row. */
static void merge_list(kino_table *t, kino_cell cell, const char *job, size_t most, kino_fault bad, kino_list *list)
{
    kino_field f = kino_table_cell(t, cell);
    t->names.count = 0;
    kino_names_add_all(&t->names, *list);
    bool ok = bad == KINO_FAULT_BAD_KEYWORDS ? kino_read_names(&t->cleaner, &t->tree, f, KINO_VOCABLE_ANY, &t->names)
                                             : kino_read_people(&t->cleaner, &t->tree, f, job, most, &t->names);
    if (!ok)
        t->cleaner.faults->n[bad]++;
    if (t->names.count > list->count)
        *list = kino_names_finish(&t->names, t->cleaner.arena);
}

static void merge_keywords(kino_table *t, kino_movie *m)
{
    merge_list(t, KINO_CELL_KEYWORDS, NULL, KINO_LIMIT_LIST, KINO_FAULT_BAD_KEYWORDS, &m->keywords);
}

static void merge_credits(kino_table *t, kino_movie *m)
{
    merge_list(t, KINO_CELL_CAST, NULL, KINO_CAST, KINO_FAULT_BAD_CREDITS, &m->cast);
    merge_list(t, KINO_CELL_CREW, KINO_DIRECTS, KINO_LIMIT_LIST, KINO_FAULT_BAD_CREDITS, &m->directors);
    merge_list(t, KINO_CELL_CREW, KINO_WRITES, KINO_LIMIT_LIST, KINO_FAULT_BAD_CREDITS, &m->writers);
    const kino_list played = kino_read_characters(&t->cleaner, &t->tree, kino_table_cell(t, KINO_CELL_CAST), &m->cast);
    if (played.count)
        m->characters = played;
    else if (m->characters.count != m->cast.count)
        m->characters = (kino_list){0};
}

static kino_status join(const char *path, const companion *kind, const kino_idmap *places, kino_movies *movies,
                        kino_faults *faults, const volatile sig_atomic_t *cancel, kino_error *err)
{
    enum { PAUSE = 1024 };
    kino_csv *csv;
    kino_table t;
    bool more = true;
    kino_status st = kino_csv_open(path, &csv, err);
    if (st)
        return st;
    bool *seen = kino_alloc_array(movies->count, sizeof *seen);
    st = kino_table_open(csv, kind->needed, kind->needed_count, NULL, 0, &movies->arena, faults, &t, err);
    while (!st) {
        st = kino_table_next(&t, &more, err);
        if (st || !more)
            break;
        int64_t id;
        if (cancel && t.records % PAUSE == 0 && *cancel) {
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
            break;
        }
        if (!kino_parse_id(kino_table_cell(&t, KINO_CELL_ID), &id)) {
            faults->n[kind->no_id]++;
            continue;
        }
        uint32_t place = kino_idmap_get(places, id);
        if (place == UINT32_MAX) {
            faults->n[kind->alien]++;
            continue;
        }
        faults->n[kind->again] += seen[place];
        seen[place] = true;
        kind->merge(&t, &movies->items[place]);
        faults->n[KINO_FAULT_NOT_UTF8] += t.cleaner.not_utf8;
        faults->n[KINO_FAULT_CONTROL] += t.cleaner.control;
    }
    faults->n[KINO_FAULT_STRAY_QUOTE] += kino_csv_stray_quotes(csv);
    kino_table_close(&t);
    free(seen);
    return st;
}

kino_status kino_join_keywords(const char *path, const kino_idmap *places, kino_movies *movies, kino_faults *faults,
                               const volatile sig_atomic_t *cancel, kino_error *err)
{
    static const kino_cell needed[] = {KINO_CELL_ID, KINO_CELL_KEYWORDS};
    static const companion kind = {
        needed, 2, KINO_FAULT_KEYWORDS_NO_ID, KINO_FAULT_KEYWORDS_AGAIN, KINO_FAULT_KEYWORDS_ALIEN, merge_keywords};
    return join(path, &kind, places, movies, faults, cancel, err);
}

kino_status kino_join_credits(const char *path, const kino_idmap *places, kino_movies *movies, kino_faults *faults,
                              const volatile sig_atomic_t *cancel, kino_error *err)
{
    static const kino_cell needed[] = {KINO_CELL_ID, KINO_CELL_CAST, KINO_CELL_CREW};
    static const companion kind = {
        needed, 3, KINO_FAULT_CREDITS_NO_ID, KINO_FAULT_CREDITS_AGAIN, KINO_FAULT_CREDITS_ALIEN, merge_credits};
    return join(path, &kind, places, movies, faults, cancel, err);
}
