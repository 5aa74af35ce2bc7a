/* history_json.c - histories that are JSON: Trakt, Simkl, Radarr, Jellyfin and Emby, Kodi, TMDB's lists, plain lists.
 *
 *   [{"rated_at":"2014-09-01T09:10:11.000Z","rating":10,"type":"movie",
 *     "movie":{"title":"TRON: Legacy","year":2010,"ids":{"trakt":1,"imdb":"tt1104001","tmdb":20526}}}]
 *
 * Members are found by their names, letters and digits of which count, in the item, in its "movie" and in its ids. A
 * value may be a number or a text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonread.h"
#include "base/status.h"
#include "ingest/columns.h"
#include "ingest/entries.h"
#include "ingest/values.h"

enum { ROOM = 32 };

typedef const char *const names[8]; /* ended by NULL */

/* The first member of these names that says something; names are given as letters and digits. */
static const kino_json *member(const kino_json *object, const char *const *wanted)
{
    for (; *wanted; wanted++)
        for (const kino_json *m = object && object->kind == KINO_JSON_OBJECT ? object->first : NULL; m; m = m->next) {
            char plain[KINO_COLUMN_NAME];
            kino_columns_plain((kino_field){m->name, strlen(m->name)}, plain);
            if (m->kind != KINO_JSON_NULL && !strcmp(plain, *wanted))
                return m;
        }
    return NULL;
}

/* A text or a number as a cell; empty for anything else. */
static kino_field cell_of(const kino_json *value, char room[ROOM])
{
    if (value && value->kind == KINO_JSON_TEXT)
        return (kino_field){value->text, strlen(value->text)};
    if (!value || value->kind != KINO_JSON_NUMBER)
        return (kino_field){"", 0};
    return (kino_field){room, (size_t)snprintf(room, ROOM, "%.15g", value->number)};
}

static int64_t day_of(const kino_json *item)
{
    static names dates = {"ratedat",  "lastwatchedat", "watchedat",     "collectedat",
                          "listedat", "dateadded",     "lastplayeddate"};
    const char *text = kino_json_text(member(item, dates), "");
    return kino_entry_day(text, strnlen(text, 10)); /* the day of "2014-09-01T09:10:11.000Z" */
}

static bool names_film(const kino_json *movie)
{
    static names any = {"ids", "title", "name", "providerids", "tmdbid", "imdbid"};
    return member(movie, any) != NULL;
}

/* Series, seasons, episodes and shows, by what they are called or by what only they have. */
static bool is_no_film(const kino_json *item)
{
    static names types = {"type", "mediatype", "titletype"},
                 marks = {"show", "seasons", "episode", "firstairdate", "seriesname", "numberofseasons", "tvdbid"};
    const char *type = kino_json_text(member(item, types), "");
    const kino_work kind = kino_value_kind((kino_field){type, strlen(type)});
    return kind == KINO_WORK_OTHER || (kind == KINO_WORK_UNSAID && member(item, marks));
}

/* "id" is TMDB's in what TMDB itself writes, which these members show. */
static bool is_of_tmdb(const kino_json *movie)
{
    static names proof = {"mediatype", "posterpath", "voteaverage", "backdroppath", "genreids"};
    return member(movie, proof) != NULL;
}

static void read_ids(const kino_json *movie, kino_entry *one)
{
    static names inside = {"ids", "providerids", "uniqueid", "uniqueids", "externalids"},
                 tmdb = {"tmdb", "tmdbid", "themoviedb"}, imdb = {"imdb", "imdbid"}, own = {"id", NULL},
                 links = {"guid", "url", "link", "uri"};
    const kino_json *ids = member(movie, inside);
    char room[ROOM];
    const kino_json *places[] = {ids && ids->kind == KINO_JSON_OBJECT ? ids : NULL, movie};
    for (size_t i = 0; i < 2; i++) {
        if (!one->tmdb)
            kino_parse_id(cell_of(member(places[i], tmdb), room), &one->tmdb);
        if (!*one->imdb && !kino_parse_imdb(cell_of(member(places[i], imdb), room), one->imdb))
            one->imdb[0] = 0;
    }
    if (!one->tmdb && !*one->imdb && is_of_tmdb(movie))
        kino_parse_id(cell_of(member(movie, own), room), &one->tmdb);
    kino_entry_link(one, kino_json_text(member(movie, links), ""));
}

static void read_year(const kino_json *movie, kino_entries *out, kino_entry *one)
{
    static names years = {"year", "productionyear", "releaseyear"},
                 dates = {"releasedate", "premieredate", "released", "premiered"};
    char room[ROOM], date[11];
    const kino_field year = cell_of(member(movie, years), room);
    if (kino_value_year(year, &one->year))
        return;
    if (!kino_value_absent(year) && strcmp(year.text, "0")) {
        kino_entries_remark(out, one->line, "\"%.40s\" is no year", year.text);
        one->year_unread = true;
    }
    const char *text = kino_json_text(member(movie, dates), "");
    if (kino_value_date((kino_field){text, strnlen(text, 10)}, date, &one->year) <= KINO_DATE_BAD)
        one->year = 0;
}

static void read_rating(const kino_json *item, const kino_json *movie, kino_entries *out, kino_marks *marks)
{
    static names own = {"userrating", "yourrating", "myrating", "rating", "rating10"};
    const kino_json *value = member(item, own);
    char room[ROOM];
    if (!value && movie != item)
        value = member(movie, (names){"userrating", "yourrating"});
    const kino_field f = cell_of(value, room);
    if (f.size != 1 || *f.text != '0') /* nobody's rating, in all of these */
        kino_marks_read(marks, out, f.text, f.size);
}

/* Whether the item is a film; else it is counted as skipped. */
static bool add_object(const kino_json *item, kino_entries *out, kino_marks *marks)
{
    static names inside = {"movie", "film"}, titles = {"title", "name", "primarytitle"},
                 originals = {"originaltitle", "originalname"};
    const kino_json *movie = member(item, inside);
    if (is_no_film(item))
        return false;
    if (!movie || movie->kind != KINO_JSON_OBJECT)
        movie = item;
    if (!names_film(movie) || is_no_film(movie))
        return false;
    const char *title = kino_json_text(member(movie, titles), ""),
               *original = kino_json_text(member(movie, originals), "");
    kino_entry *one = kino_entries_add(out, item->line);
    read_ids(movie, one);
    one->title = kino_entries_text(out, title, strlen(title));
    one->other = kino_entries_text(out, original, strlen(original));
    read_year(movie, out, one);
    one->day = day_of(item);
    read_rating(item, movie, out, marks);
    return true;
}

static kino_status add(const char *path, const kino_json *item, kino_entries *out, kino_marks *marks, kino_error *err)
{
    if (item->kind == KINO_JSON_OBJECT) {
        out->skipped += !add_object(item, out, marks);
        return KINO_OK;
    }
    kino_entry *one = kino_entries_add(out, item->line);
    if (item->kind == KINO_JSON_TEXT) {
        one->title = kino_arena_strdup(&out->memory, item->text);
        one->typed = true;
    } else if (!kino_json_whole(item, 1, INT64_C(1) << 53, &one->tmdb)) {
        return kino_fail(err, KINO_DAMAGED, "%s: line %zu: neither a film, nor an id, nor a title", path, item->line);
    }
    return KINO_OK;
}

/* The lists of films in an object: of shows and the like the items are counted. */
static bool add_lists(const kino_json *object, kino_entries *out, kino_marks *marks)
{
    static names films = {"movies", "results", "items", "films", "movieresults", "watchlist", "history"};
    static names shows = {"shows", "tvresults", "episodes", "series", "anime", "tv"};
    const kino_json *in = member(object, (names){"result", NULL}), *list;
    bool any = false;
    if (in && in->kind == KINO_JSON_OBJECT) /* Kodi's answers */
        object = in;
    for (const char *const *name = films; *name; name++) {
        list = member(object, (names){*name, NULL});
        any = any || (list && list->kind == KINO_JSON_ARRAY);
        for (const kino_json *item = list && list->kind == KINO_JSON_ARRAY ? list->first : NULL; item;
             item = item->next)
            if (item->kind == KINO_JSON_OBJECT)
                out->skipped += !add_object(item, out, marks);
    }
    for (const char *const *name = shows; *name; name++) {
        list = member(object, (names){*name, NULL});
        out->skipped += list && list->kind == KINO_JSON_ARRAY ? list->count : 0;
    }
    return any;
}

kino_status kino_entries_json(const char *path, const char *bytes, size_t size, kino_entries *out, kino_error *err)
{
    kino_arena memory = {0};
    kino_marks marks = {0};
    const kino_json *root = NULL;
    kino_status st = kino_json_read(path, bytes, size, 1, &memory, &root, err);
    out->kind = "Trakt";
    if (!st && root->kind == KINO_JSON_ARRAY)
        for (const kino_json *item = root->first; item && !st; item = item->next)
            st = add(path, item, out, &marks, err);
    else if (!st && !add_lists(root, out, &marks))
        st = kino_fail(err, KINO_DAMAGED, "%s: line 1: JSON, but no list of films that is known", path);
    kino_marks_scale(&marks, out, 10);
    kino_arena_free(&memory);
    return st;
}
