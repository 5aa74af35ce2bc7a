/* history_json.c - histories that are JSON: Trakt, Simkl, Plex, Tautulli, Jellyfin and Emby, Kodi, Radarr, StevenLu's
 * lists, TMDB's lists, plain lists.
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
#include "base/limits.h"
#include "base/status.h"
#include "ingest/columns.h"
#include "ingest/entries.h"
#include "ingest/objects.h"
#include "ingest/values.h"

enum { ROOM = 32 };

typedef const char *const names[8]; /* ended by NULL */

static bool is_named(const kino_json *m, const char *const *wanted)
{
    char plain[KINO_COLUMN_NAME];
    kino_columns_plain((kino_field){m->name, strlen(m->name)}, plain);
    while (*wanted && strcmp(plain, *wanted))
        wanted++;
    return *wanted;
}

/* The first member of these names that says something; names are given as letters and digits. */
static const kino_json *member(const kino_json *object, const char *const *wanted)
{
    for (; *wanted; wanted++)
        for (const kino_json *m = object && object->kind == KINO_JSON_OBJECT ? object->first : NULL; m; m = m->next) {
            const char *const one[] = {*wanted, NULL};
            if (m->kind != KINO_JSON_NULL && is_named(m, one))
                return m;
        }
    return NULL;
}

/* A text, a number or a flag as a cell; empty for anything else. */
static kino_field cell_of(const kino_json *value, char room[ROOM])
{
    if (value && value->kind == KINO_JSON_TEXT)
        return (kino_field){value->text, strlen(value->text)};
    if (value && (value->kind == KINO_JSON_TRUE || value->kind == KINO_JSON_FALSE))
        return value->kind == KINO_JSON_TRUE ? (kino_field){"true", 4} : (kino_field){"false", 5};
    if (!value || value->kind != KINO_JSON_NUMBER)
        return (kino_field){"", 0};
    return (kino_field){room, (size_t)snprintf(room, ROOM, "%.15g", value->number)};
}

static int64_t day_of(const kino_json *item)
{
    static const char *const dates[] = {"ratedat",     "lastwatchedat", "watchedat", "lastviewedat",
                                        "collectedat", "listedat",      "dateadded", "lastplayeddate",
                                        "lastplayed",  "stopped",       "date",      NULL};
    char room[ROOM];
    const kino_field f = cell_of(member(item, dates), room);
    return kino_entry_day(f.text, f.size == 10 || f.size < 11 ? f.size : 10); /* of "2014-09-01T09:10:11.000Z" */
}

/* What Jellyfin, Emby and others tell apart of the film: how it was watched and rated by this person. */
static const kino_json *own_of(const kino_json *item)
{
    static names inside = {"userdata", NULL};
    const kino_json *own = member(item, inside);
    return own && own->kind == KINO_JSON_OBJECT ? own : item;
}

/* Whether it says that it was not seen yet. */
static bool is_waiting(const kino_json *item)
{
    static names states = {"played", "watched", "playcount", "viewcount", "plays", "status"};
    char room[ROOM];
    const kino_json *own = own_of(item);
    const kino_field f = cell_of(member(own, states), room);
    return kino_value_is_waiting(f);
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
    for (const kino_json *m = movie->first; m; m = m->next) /* Plex: "Guid":[{"id":"imdb://tt0133093"}] */
        for (const kino_json *id = m->kind == KINO_JSON_ARRAY && !strcmp(m->name, "Guid") ? m->first : NULL; id;
             id = id->next)
            kino_entry_link(one, kino_json_text(member(id, own), ""));
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
        kino_entries_remark(out, one->line, kino_no_year, "\"%.40s\" is no year", year.text);
        one->year_unread = true;
    }
    const char *text = kino_json_text(member(movie, dates), "");
    if (kino_value_date((kino_field){text, strnlen(text, 10)}, date, &one->year) <= KINO_DATE_BAD)
        one->year = 0;
}

static void read_rating(const kino_json *item, const kino_json *movie, kino_entries *out, kino_marks *marks)
{
    static names own = {"userrating", "yourrating", "myrating", "rating", "rating10"}, heart = {"isfavorite", "liked"};
    const kino_json *mine = own_of(item), *value = member(mine, own), *liked = member(mine, heart);
    char room[ROOM];
    if (!value && movie != item)
        value = member(movie, (names){"userrating", "yourrating"});
    const kino_field f = cell_of(value, room);
    if (f.size && (f.size != 1 || *f.text != '0')) /* 0 is nobody's rating, in all of these */
        kino_marks_read(marks, out, f.text, f.size);
    else if (liked && liked->kind == KINO_JSON_TRUE)
        out->items[out->count - 1].rating = 1;
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
    one->day = day_of(own_of(item)) ? day_of(own_of(item)) : day_of(item);
    one->waiting = is_waiting(item);
    read_rating(item, movie, out, marks);
    return true;
}

static void add_film(const kino_json *item, kino_entries *out, kino_marks *marks)
{
    if (!add_object(item, out, marks))
        kino_entries_skip(out, item->line);
}

static kino_status add(const char *path, const kino_json *item, kino_entries *out, kino_marks *marks, kino_error *err)
{
    if (item->kind == KINO_JSON_OBJECT) {
        add_film(item, out, marks);
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

/* The lists of films in an object, or in an object in it, as in the answers of Kodi, Plex and Tautulli: of shows and the
 * like the items are counted. */
static bool add_lists(const kino_json *object, int depth, kino_entries *out, kino_marks *marks)
{
    static const char *const films[] = {"movies",    "results", "items",    "films", "movieresults",
                                        "watchlist", "history", "metadata", "data",  NULL};
    static const char *const shows[] = {"shows", "tvresults", "episodes", "series", "anime", "tv", NULL};
    bool any = false;
    for (const kino_json *m = object->first; m; m = m->next) {
        if (m->kind == KINO_JSON_OBJECT && depth)
            any = add_lists(m, depth - 1, out, marks) || any;
        const bool film = m->kind == KINO_JSON_ARRAY && is_named(m, films);
        any = any || film;
        for (const kino_json *item = m->kind == KINO_JSON_ARRAY ? m->first : NULL; item; item = item->next) {
            if (film && item->kind == KINO_JSON_OBJECT)
                add_film(item, out, marks);
            else if (is_named(m, shows))
                kino_entries_skip(out, item->line);
        }
    }
    return any;
}

/* Who wrote it, by members that nobody else has. */
static const char *kind_of(const kino_json *root)
{
    static const struct {
        const char *name, *kind;
    } marks[] = {{"MediaContainer", "Plex"}, {"ProviderIds", "Jellyfin"}, {"simkl", "Simkl"},
                 {"trakt", "Trakt"},         {"monitored", "Radarr"},     {"limits", "Kodi"},
                 {"media_type", "TMDB"},     {"poster_path", "TMDB"}};
    const char *kind = NULL;
    if (root->name)
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (!strcmp(root->name, marks[i].name))
                return marks[i].kind;
    const bool nested = root->kind == KINO_JSON_ARRAY || root->kind == KINO_JSON_OBJECT;
    size_t looked = 0;
    for (const kino_json *m = nested ? root->first : NULL; m && !kind && looked++ < 64; m = m->next)
        kind = kind_of(m);
    return kind;
}

static char first_of(const char *bytes, size_t size)
{
    const kino_field f = kino_trim((kino_field){bytes, size});
    return f.size ? *f.text : 0;
}

typedef struct stream {
    kino_entries *out;
    kino_marks *marks;
} stream;

static kino_status add_from_stream(void *ctx, kino_field object, const kino_json *tree, size_t line, kino_error *err)
{
    const stream *s = ctx;
    (void)object;
    (void)line;
    if (!tree)
        return kino_fail(err, KINO_DAMAGED, "this is no JSON");
    add_film(tree, s->out, s->marks);
    return KINO_OK;
}

kino_status kino_entries_json(const char *path, const char *bytes, size_t size, kino_entries *out, kino_error *err)
{
    kino_arena memory = {0};
    kino_marks marks = {0};
    const kino_json *root = NULL;
    kino_error why = {0};
    kino_status st = kino_json_read(path, bytes, size, 1, &memory, &root, err);
    const char *kind = st ? NULL : kind_of(root);
    out->kind = kind ? kind : "list";
    if (st && first_of(bytes, size) == '{' &&
        !kino_objects_each(bytes, size, add_from_stream, &(stream){out, &marks}, &why)) /* one object behind another */
        st = KINO_OK;
    else if (!st && root->kind == KINO_JSON_ARRAY)
        for (const kino_json *item = root->first; item && !st; item = item->next)
            st = add(path, item, out, &marks, err);
    else if (!st && names_film(root))
        add_film(root, out, &marks);
    else if (!st && !add_lists(root, 2, out, &marks))
        st = kino_fail(err, KINO_DAMAGED, "%s: line 1: JSON, but no list of films that is known", path);
    kino_marks_scale(&marks, out, 10);
    kino_arena_free(&memory);
    return st;
}
