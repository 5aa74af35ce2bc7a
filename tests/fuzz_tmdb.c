/* fuzz_tmdb.c - the reader of TMDB's answers against anything at all: no input may crash it, leak, or yield a value
 * that is none. */
#include <math.h>

#include "fuzz.h"
#include "net/tmdb/read.h"
#include "net/tmdb/reply.h"

static void check_list(kino_list l)
{
    for (size_t i = 0; i < l.count; i++) {
        check_text(l.items[i].name);
        must(*l.items[i].name && l.items[i].id >= 0, "an item of a list has no name or a wrong id");
    }
}

static void check_film(const kino_tmdb_film *f)
{
    const kino_movie *m = &f->movie;
    const char *const texts[] = {m->imdb_id,  m->title,   m->original_title, m->language,    m->date,
                                 m->overview, m->tagline, m->status,         m->poster_path, m->collection.name};
    const kino_list lists[] = {m->genres, m->keywords, m->directors, m->cast, m->countries, f->alternative_titles};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        check_list(lists[i]);
    must(isnan(m->runtime) || m->runtime > 0, "a runtime is none");
    must(isnan(m->rating) || (m->rating > 0 && m->rating <= 10), "a rating is none");
    must(isnan(m->popularity) || (m->popularity >= 0 && isfinite(m->popularity)), "a popularity is none");
    must(m->votes >= -1 && m->year >= 0 && m->year < 2200 && m->cast.count <= KINO_TMDB_CAST, "a number is none");
    must(!*m->date == !m->year, "a date has no year");
}

/* The first byte chooses the HTTP status. Every reader gets the answer, whatever it was meant for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 200, 200, 200, 200, 400, 401, 404, 422, 429, 500, 503};
    kino_reply r;
    kino_arena a = {0};
    kino_tmdb_candidates found = {0};
    kino_tmdb_film film = {.id = 550};
    kino_tmdb_films *kept = NULL;
    kino_tmdb_export exported;
    int64_t id = 0;
    if (!size)
        return 0;
    char *body = malloc(size); /* of the exact size: a byte too many is seen by the sanitizer */
    memcpy(body, data + 1, size - 1);
    kino_reply_read(&r, statuses[*data % (sizeof statuses / sizeof *statuses)], body, size - 1);
    must((r.json != NULL) == (r.kind == KINO_REPLY_FILM) && strlen(r.problem) < sizeof r.problem, "a wrong reply");
    kino_read_candidates(r.json, &a, &found);
    for (size_t i = 0; i < found.count; i++) {
        const kino_tmdb_candidate *c = &found.items[i];
        check_text(c->title), check_text(c->original_title), check_text(c->date), check_text(c->language);
        must(c->id > 0 && *c->title && c->votes >= -1 && c->year >= 0, "a candidate is none");
    }
    if (!kino_tmdb_read_details(body, size - 1, &kept, NULL))
        check_film(&kept->items[0]);
    kino_tmdb_films_free(kept);
    kino_tmdb_read_export(body, size - 1, &exported);
    kino_tmdb_choose("Lantern Bay", 0, found.items, found.count);
    kino_read_found(r.json, &id);
    must(id >= 0, "an id is none");
    check_list(kino_read_alternatives(r.json, &a));
    check_text(kino_read_overview(r.json, &a));
    if (kino_read_film(r.json, &a, &film))
        check_film(&film);
    free(found.items);
    kino_arena_free(&a);
    kino_json_free(r.json);
    free(body);
    return 0;
}

FUZZ_MAIN("tmdb", 40, 3000)
