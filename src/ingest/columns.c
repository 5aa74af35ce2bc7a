/* columns.c - the names that columns have, and what they mean. */
#include "ingest/columns.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"

enum { F = KINO_TABLE_FILMS, H = KINO_TABLE_HISTORY, B = F | H };

/* In the order in which columns of one meaning win; the first name of each meaning is its usual one, for messages. */
static const struct {
    const char *name, *plain;
    int kinds;
    kino_cell cell;
} names[] = {
    {"id", "id", F, KINO_CELL_ID},
    {NULL, "tmdbid", B, KINO_CELL_ID},
    {NULL, "tmdb", B, KINO_CELL_ID},
    {NULL, "themoviedbid", B, KINO_CELL_ID},
    {NULL, "idtmdb", B, KINO_CELL_ID},
    {NULL, "tmdbmovieid", B, KINO_CELL_ID},
    {"movie_id", "movieid", B, KINO_CELL_MOVIE_ID},
    {NULL, "filmid", B, KINO_CELL_MOVIE_ID},
    {"imdb_id", "imdbid", B, KINO_CELL_IMDB},
    {NULL, "imdb", B, KINO_CELL_IMDB},
    {NULL, "const", B, KINO_CELL_IMDB},
    {NULL, "tconst", B, KINO_CELL_IMDB},
    {NULL, "imdbtitleid", B, KINO_CELL_IMDB},
    {NULL, "idimdb", B, KINO_CELL_IMDB},
    {NULL, "titleid", B, KINO_CELL_IMDB},
    {"url", "url", B, KINO_CELL_LINK},
    {NULL, "imdburl", B, KINO_CELL_LINK},
    {NULL, "imdblink", B, KINO_CELL_LINK},
    {NULL, "movieimdblink", B, KINO_CELL_LINK},
    {NULL, "tmdburl", B, KINO_CELL_LINK},
    {NULL, "link", B, KINO_CELL_LINK},
    {NULL, "guid", B, KINO_CELL_LINK},
    {"title", "title", B, KINO_CELL_TITLE},
    {NULL, "name", B, KINO_CELL_TITLE},
    {NULL, "primarytitle", B, KINO_CELL_TITLE},
    {NULL, "movietitle", B, KINO_CELL_TITLE},
    {NULL, "filmtitle", B, KINO_CELL_TITLE},
    {NULL, "moviename", B, KINO_CELL_TITLE},
    {NULL, "filmname", B, KINO_CELL_TITLE},
    {NULL, "seriestitle", B, KINO_CELL_TITLE},
    {NULL, "videotitle", B, KINO_CELL_TITLE},
    {NULL, "movie", B, KINO_CELL_TITLE},
    {NULL, "film", B, KINO_CELL_TITLE},
    {NULL, "titel", B, KINO_CELL_TITLE},
    {NULL, "titre", B, KINO_CELL_TITLE},
    {NULL, "titulo", B, KINO_CELL_TITLE},
    {NULL, "titolo", B, KINO_CELL_TITLE},
    {NULL, "tytu", B, KINO_CELL_TITLE}, /* "Tytuł": letters beyond ASCII do not count */
    {NULL, "programtitle", H, KINO_CELL_TITLE},
    {"original_title", "originaltitle", B, KINO_CELL_ORIGINAL_TITLE},
    {NULL, "originalname", B, KINO_CELL_ORIGINAL_TITLE},
    {NULL, "tytuoryginalny", B, KINO_CELL_ORIGINAL_TITLE},
    {"language", "originallanguage", F, KINO_CELL_LANGUAGE},
    {NULL, "language", F, KINO_CELL_LANGUAGE},
    {NULL, "lang", F, KINO_CELL_LANGUAGE},
    {"release_date", "releasedate", B, KINO_CELL_DATE},
    {NULL, "datepublished", B, KINO_CELL_DATE},
    {NULL, "released", B, KINO_CELL_DATE},
    {NULL, "premiered", B, KINO_CELL_DATE},
    {NULL, "releasedatemonthdayyear", B, KINO_CELL_DATE},
    {"year", "year", B, KINO_CELL_YEAR},
    {NULL, "releaseyear", B, KINO_CELL_YEAR},
    {NULL, "releasedyear", B, KINO_CELL_YEAR},
    {NULL, "yearofrelease", B, KINO_CELL_YEAR},
    {NULL, "startyear", B, KINO_CELL_YEAR},
    {NULL, "titleyear", B, KINO_CELL_YEAR},
    {NULL, "productionyear", B, KINO_CELL_YEAR},
    {NULL, "jahr", B, KINO_CELL_YEAR},
    {NULL, "ano", B, KINO_CELL_YEAR},
    {NULL, "anno", B, KINO_CELL_YEAR},
    {NULL, "rok", B, KINO_CELL_YEAR},
    {NULL, "rokprodukcji", B, KINO_CELL_YEAR},
    {"runtime", "runtime", F, KINO_CELL_RUNTIME},
    {NULL, "runtimeminutes", F, KINO_CELL_RUNTIME},
    {NULL, "runtimemins", F, KINO_CELL_RUNTIME},
    {NULL, "runtimemin", F, KINO_CELL_RUNTIME},
    {NULL, "duration", F, KINO_CELL_RUNTIME},
    {NULL, "durationminutes", F, KINO_CELL_RUNTIME},
    {NULL, "length", F, KINO_CELL_RUNTIME},
    {"rating", "voteaverage", F, KINO_CELL_RATING},
    {NULL, "imdbrating", F, KINO_CELL_RATING},
    {NULL, "imdbscore", F, KINO_CELL_RATING},
    {NULL, "averagerating", F, KINO_CELL_RATING},
    {NULL, "avgrating", F, KINO_CELL_RATING},
    {NULL, "avgvote", F, KINO_CELL_RATING},
    {NULL, "tmdbrating", F, KINO_CELL_RATING},
    {NULL, "score", F, KINO_CELL_RATING},
    {NULL, "rating", F, KINO_CELL_RATING},
    {"votes", "votecount", F, KINO_CELL_VOTES},
    {NULL, "numvotes", F, KINO_CELL_VOTES},
    {NULL, "votes", F, KINO_CELL_VOTES},
    {NULL, "noofvotes", F, KINO_CELL_VOTES},
    {NULL, "numberofvotes", F, KINO_CELL_VOTES},
    {NULL, "imdbvotes", F, KINO_CELL_VOTES},
    {NULL, "numvotedusers", F, KINO_CELL_VOTES},
    {"popularity", "popularity", F, KINO_CELL_POPULARITY},
    {"overview", "overview", F, KINO_CELL_OVERVIEW},
    {NULL, "description", F, KINO_CELL_OVERVIEW},
    {NULL, "plot", F, KINO_CELL_OVERVIEW},
    {NULL, "synopsis", F, KINO_CELL_OVERVIEW},
    {NULL, "summary", F, KINO_CELL_OVERVIEW},
    {NULL, "plotsummary", F, KINO_CELL_OVERVIEW},
    {NULL, "storyline", F, KINO_CELL_OVERVIEW},
    {"tagline", "tagline", F, KINO_CELL_TAGLINE},
    {"status", "status", F, KINO_CELL_STATUS},
    {"poster_path", "posterpath", F, KINO_CELL_POSTER},
    {"collection", "belongstocollection", F, KINO_CELL_COLLECTION},
    {"genres", "genres", F, KINO_CELL_GENRES},
    {NULL, "genre", F, KINO_CELL_GENRES},
    {NULL, "listedin", F, KINO_CELL_GENRES},
    {NULL, "categories", F, KINO_CELL_GENRES},
    {"keywords", "keywords", F, KINO_CELL_KEYWORDS},
    {NULL, "plotkeywords", F, KINO_CELL_KEYWORDS},
    {NULL, "tags", F, KINO_CELL_KEYWORDS},
    {"countries", "productioncountries", F, KINO_CELL_COUNTRIES},
    {NULL, "countries", F, KINO_CELL_COUNTRIES},
    {NULL, "country", F, KINO_CELL_COUNTRIES},
    {"adult", "adult", F, KINO_CELL_ADULT},
    {NULL, "isadult", F, KINO_CELL_ADULT},
    {"cast", "cast", F, KINO_CELL_CAST},
    {NULL, "actors", F, KINO_CELL_CAST},
    {NULL, "stars", F, KINO_CELL_CAST},
    {NULL, "star1", F, KINO_CELL_CAST},
    {NULL, "actor1name", F, KINO_CELL_CAST},
    {"star2", "star2", F, KINO_CELL_STAR2},
    {NULL, "actor2name", F, KINO_CELL_STAR2},
    {"star3", "star3", F, KINO_CELL_STAR3},
    {NULL, "actor3name", F, KINO_CELL_STAR3},
    {"star4", "star4", F, KINO_CELL_STAR4},
    {"crew", "crew", F, KINO_CELL_CREW},
    {"director", "director", F, KINO_CELL_DIRECTORS},
    {NULL, "directors", F, KINO_CELL_DIRECTORS},
    {NULL, "directorname", F, KINO_CELL_DIRECTORS},
    {NULL, "directedby", F, KINO_CELL_DIRECTORS},
    {"type", "titletype", B, KINO_CELL_TYPE},
    {NULL, "mediatype", B, KINO_CELL_TYPE},
    {NULL, "contenttype", B, KINO_CELL_TYPE},
    {NULL, "itemtype", B, KINO_CELL_TYPE},
    {NULL, "type", B, KINO_CELL_TYPE},
    {NULL, "supplementalvideotype", H, KINO_CELL_TYPE},
    {"season", "seasonnumber", B, KINO_CELL_SEASON},
    {NULL, "season", B, KINO_CELL_SEASON},
    {NULL, "seasons", B, KINO_CELL_SEASON},
    {NULL, "numberofseasons", B, KINO_CELL_SEASON},
    {NULL, "parentmediaindex", B, KINO_CELL_SEASON},
    {"episode", "episodenumber", B, KINO_CELL_EPISODE},
    {NULL, "episode", B, KINO_CELL_EPISODE},
    {NULL, "episodetitle", B, KINO_CELL_EPISODE},
    {"user", "userid", H, KINO_CELL_USER},
    {"your_rating", "yourrating", H, KINO_CELL_OWN},
    {NULL, "yourated", H, KINO_CELL_OWN},
    {NULL, "myrating", H, KINO_CELL_OWN},
    {NULL, "userrating", H, KINO_CELL_OWN},
    {"rating10", "rating10", H, KINO_CELL_TEN},
    {"mark", "rating", H, KINO_CELL_MARK},
    {NULL, "score", H, KINO_CELL_MARK},
    {NULL, "stars", H, KINO_CELL_MARK},
    {NULL, "thumbs", H, KINO_CELL_MARK},
    {NULL, "ocena", H, KINO_CELL_MARK},
    {NULL, "rate", H, KINO_CELL_MARK},
    {NULL, "note", H, KINO_CELL_MARK},
    {"seen", "watcheddate", H, KINO_CELL_SEEN},
    {NULL, "daterated", H, KINO_CELL_SEEN},
    {NULL, "watchedat", H, KINO_CELL_SEEN},
    {NULL, "lastwatchedat", H, KINO_CELL_SEEN},
    {NULL, "datewatched", H, KINO_CELL_SEEN},
    {NULL, "dateviewed", H, KINO_CELL_SEEN},
    {NULL, "date", H, KINO_CELL_SEEN},
    {NULL, "ratedat", H, KINO_CELL_SEEN},
    {NULL, "timestamp", H, KINO_CELL_SEEN},
    {NULL, "created", H, KINO_CELL_SEEN},
    {NULL, "listedat", H, KINO_CELL_SEEN},
    {NULL, "starttime", H, KINO_CELL_SEEN},
    {NULL, "viewdate", H, KINO_CELL_SEEN},
    {NULL, "lastviewedat", H, KINO_CELL_SEEN},
    {NULL, "lastplayed", H, KINO_CELL_SEEN},
    {NULL, "lastplayeddate", H, KINO_CELL_SEEN},
    {NULL, "playbackstartdatetimeutc", H, KINO_CELL_SEEN},
    {NULL, "data", H, KINO_CELL_SEEN},
    {"state", "watchlist", H, KINO_CELL_STATE},
    {NULL, "watchstatus", H, KINO_CELL_STATE},
    {NULL, "watched", H, KINO_CELL_STATE},
    {NULL, "played", H, KINO_CELL_STATE},
    {NULL, "playcount", H, KINO_CELL_STATE},
    {NULL, "viewcount", H, KINO_CELL_STATE},
};
enum { NAMES = sizeof names / sizeof *names };

void kino_columns_plain(kino_field f, char out[KINO_COLUMN_NAME])
{
    size_t n = 0;
    for (size_t i = 0; i < f.size && n + 1 < KINO_COLUMN_NAME; i++)
        if (isalnum((unsigned char)f.text[i]) && (unsigned char)f.text[i] < 0x80)
            out[n++] = (char)tolower((unsigned char)f.text[i]);
    out[n] = 0;
}

const char *kino_columns_name(kino_cell cell)
{
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].cell == cell && names[i].name)
            return names[i].name;
    return "?";
}

/* What a decision says a column means; KINO_CELL_COUNT for nothing that there is. */
static kino_cell meaning(const char *decision)
{
    char wanted[KINO_COLUMN_NAME];
    const char *equals = strchr(decision, '=');
    kino_columns_plain((kino_field){decision, equals ? (size_t)(equals - decision) : 0}, wanted);
    for (size_t i = 0; i < NAMES; i++)
        if (!strcmp(names[i].plain, wanted))
            return names[i].cell;
    return KINO_CELL_COUNT;
}

bool kino_columns_known(const char *decision)
{
    return meaning(decision) != KINO_CELL_COUNT;
}

static bool is_column(kino_field f, const char *name)
{
    char a[KINO_COLUMN_NAME], b[KINO_COLUMN_NAME];
    kino_columns_plain(f, a);
    kino_columns_plain((kino_field){name, strlen(name)}, b);
    return !strcmp(a, b);
}

void kino_columns_find(const kino_field *header, size_t count, kino_table_kind kind, const char *const *map,
                       size_t map_count, kino_columns *out)
{
    char plain[KINO_LIMIT_COLUMNS + 1][KINO_COLUMN_NAME];
    out->count = count;
    for (int i = 0; i < KINO_CELL_COUNT; i++)
        out->at[i] = SIZE_MAX;
    for (size_t c = 0; c < count; c++)
        kino_columns_plain(header[c], plain[c]);
    for (size_t m = 0; m < map_count; m++) {
        const kino_cell cell = meaning(map[m]);
        for (size_t c = 0; c < count && cell != KINO_CELL_COUNT; c++)
            if (is_column(header[c], strchr(map[m], '=') + 1)) {
                out->at[cell] = c;
                plain[c][0] = 0;
            }
    }
    for (size_t i = 0; i < NAMES; i++)
        for (size_t c = 0; c < count && out->at[names[i].cell] == SIZE_MAX; c++)
            if (names[i].kinds & (int)kind && !strcmp(plain[c], names[i].plain))
                out->at[names[i].cell] = c;
}

void kino_columns_unused(const kino_columns *c, const kino_field *header, kino_buffer *out)
{
    for (size_t i = 0; i < c->count; i++) {
        bool used = false;
        for (int cell = 0; cell < KINO_CELL_COUNT; cell++)
            used = used || c->at[cell] == i;
        if (used || !header[i].size)
            continue;
        kino_buffer_print(out, "%s", out->size ? ", " : "");
        kino_buffer_put(out, header[i].text, header[i].size < 40 ? header[i].size : 40);
    }
}

void kino_columns_guessed(const kino_columns *c, const kino_field *header, kino_buffer *out)
{
    for (size_t i = 0; i < NAMES; i++) {
        const size_t at = c->at[names[i].cell];
        char plain[KINO_COLUMN_NAME];
        if (!names[i].name || at >= c->count)
            continue;
        kino_columns_plain(header[at], plain);
        if (strcmp(plain, names[i].plain) && strcmp(plain, "tmdbid") && strcmp(plain, "movieid") &&
            !is_column(header[at], names[i].name))
            kino_buffer_print(out, "%s%.40s as %s", out->size ? ", " : "", header[at].text, names[i].name);
    }
}
