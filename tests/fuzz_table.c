/* fuzz_table.c - any bytes as a table of films, packed or not: what is read is sound, and written and read again it is the
 * same to the byte. */
#include <math.h>

#include "fuzz.h"
#include "ingest/export.h"
#include "ingest/movies.h"

static void check_list(const kino_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        check_text(l->items[i].name);
        must(*l->items[i].name && l->items[i].id >= 0, "an item of a list has no name or a wrong id");
    }
}

static void check_film(const kino_movie *m)
{
    const char *const texts[] = {m->imdb_id,  m->title,   m->original_title, m->language,    m->date,
                                 m->overview, m->tagline, m->status,         m->poster_path, m->collection.name};
    const kino_list *const lists[] = {&m->genres, &m->keywords, &m->directors, &m->cast, &m->countries};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        check_list(lists[i]);
    must(m->id > 0 && m->id < INT64_C(1) << 53, "an id is none");
    must(*m->title != 0, "a film has no title");
    must(!m->year || (m->year >= 1800 && m->year <= 9999), "a year is none");
    must(isnan(m->runtime) || (m->runtime > 0 && m->runtime <= 60000), "a runtime is none");
    must(isnan(m->rating) || (m->rating > 0 && m->rating <= 10), "a rating is none");
    must(m->votes >= -1, "votes are below none");
}

static bool read_table(const void *bytes, size_t size, kino_movies *out)
{
    return !kino_ingest_table(kino_csv_from_bytes(bytes, size, "x"), NULL, out, NULL, NULL, NULL);
}

static void write_table(const kino_movies *films, kino_buffer *out)
{
    kino_export_header(KINO_EXPORT_CSV, out);
    for (size_t i = 0; i < films->count; i++)
        kino_export_film(KINO_EXPORT_CSV, &films->items[i], out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_movies films = {0}, again = {0};
    kino_buffer first = {0}, second = {0};
    if (!read_table(bytes, size, &films))
        return 0;
    for (size_t i = 0; i < films.count; i++)
        check_film(&films.items[i]);
    write_table(&films, &first);
    must(read_table(first.data, first.size, &again), "what was written cannot be read");
    must(again.count == films.count, "what was written has other films");
    write_table(&again, &second);
    must(first.size == second.size && !memcmp(first.data, second.data, first.size), "written again it is not the same");
    kino_movies_free(&films);
    kino_movies_free(&again);
    free(first.data);
    free(second.data);
    return 0;
}

FUZZ_MAIN("table", 40, 100)
