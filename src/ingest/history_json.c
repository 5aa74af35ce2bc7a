/* history_json.c - Trakt's answers and exports: a list of things that each have a movie in them.
 *
 *   [{"rated_at":"2014-09-01T09:10:11.000Z","rating":10,"type":"movie",
 *     "movie":{"title":"TRON: Legacy","year":2010,"ids":{"trakt":1,"imdb":"tt1104001","tmdb":20526}}}]
 *
 * A list of plain ids and titles is understood too. */
#include <string.h>

#include "base/jsonread.h"
#include "base/limits.h"
#include "base/status.h"
#include "ingest/clean.h"
#include "ingest/entries.h"

static int64_t day_of(const kino_json *item)
{
    static const char *const names[] = {"rated_at", "last_watched_at", "watched_at", "collected_at", "listed_at"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = kino_json_text(kino_json_member(item, names[i]), "");
        if (*text)
            return kino_entry_day(text, strnlen(text, 10)); /* the day of "2014-09-01T09:10:11.000Z" */
    }
    return 0;
}

static bool names_film(const kino_json *movie)
{
    return kino_json_member(movie, "ids") || kino_json_member(movie, "title");
}

/* Whether the item is a film; else it is counted as skipped. */
static bool add_object(const kino_json *item, kino_entries *out)
{
    const kino_json *movie = kino_json_member(item, "movie"), *rating = kino_json_member(item, "rating");
    if (strcmp(kino_json_text(kino_json_member(item, "type"), "movie"), "movie") || kino_json_member(item, "show"))
        return false;
    if (!movie && names_film(item))
        movie = item;
    if (!movie || !names_film(movie))
        return false;
    const kino_json *ids = kino_json_member(movie, "ids");
    const char *imdb = kino_json_text(kino_json_member(ids, "imdb"), "");
    int64_t year = 0;
    kino_entry *one = kino_entries_add(out, item->line);
    kino_json_whole(kino_json_member(ids, "tmdb"), 1, KINO_LIMIT_ID, &one->tmdb);
    if (!kino_parse_imdb((kino_field){imdb, strlen(imdb)}, one->imdb))
        one->imdb[0] = 0;
    one->title = kino_arena_strdup(&out->memory, kino_json_text(kino_json_member(movie, "title"), ""));
    if (kino_json_whole(kino_json_member(movie, "year"), 1800, 9999, &year))
        one->year = (int)year;
    if (rating && rating->kind == KINO_JSON_NUMBER && rating->number > 0 && rating->number <= 10)
        one->rating = rating->number / 10;
    one->day = day_of(item);
    return true;
}

static kino_status add(const char *path, const kino_json *item, kino_entries *out, kino_error *err)
{
    if (item->kind == KINO_JSON_OBJECT) {
        out->skipped += !add_object(item, out);
        return KINO_OK;
    }
    kino_entry *one = kino_entries_add(out, item->line);
    if (item->kind == KINO_JSON_TEXT) {
        one->title = kino_arena_strdup(&out->memory, item->text);
        one->typed = true;
    } else if (!kino_json_whole(item, 1, KINO_LIMIT_ID, &one->tmdb)) {
        return kino_fail(err, KINO_DAMAGED, "%s: line %zu: neither a film, nor an id, nor a title", path, item->line);
    }
    return KINO_OK;
}

kino_status kino_entries_json(const char *path, const char *bytes, size_t size, kino_entries *out, kino_error *err)
{
    kino_arena memory = {0};
    const kino_json *root = NULL;
    kino_status st = kino_json_read(path, bytes, size, 1, &memory, &root, err);
    const kino_json *list = st || root->kind != KINO_JSON_OBJECT ? root : kino_json_member(root, "movies");
    if (!st && (!list || list->kind != KINO_JSON_ARRAY))
        st = kino_fail(err, KINO_DAMAGED, "%s: line 1: JSON, but no list of films such as Trakt gives", path);
    out->kind = "Trakt";
    for (const kino_json *item = st ? NULL : list->first; item && !st; item = item->next)
        st = add(path, item, out, err);
    kino_arena_free(&memory);
    return st;
}
