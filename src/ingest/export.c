/* export.c - a film as a row of a table. */
#include "ingest/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "ingest/values.h"

/* ---- texts ---- */

/* The text as one that kino_html_text makes it of. */
static void put_plain(kino_buffer *b, const char *text)
{
    kino_buffer plain = {0}, escaped = {0};
    kino_html_text(&plain, text, strlen(text));
    if (!strcmp(plain.data, text)) {
        kino_buffer_print(b, "%s", text);
    } else {
        for (const char *p = text; *p; p++)
            if (*p == '&')
                kino_buffer_print(&escaped, "&amp;");
            else if (*p == '<')
                kino_buffer_print(&escaped, "&lt;");
            else
                kino_buffer_byte(&escaped, *p);
        kino_buffer_put(b, escaped.data, escaped.size);
    }
    free(plain.data);
    free(escaped.data);
}

/* "..." that JSON, Python and kino read alike. */
static void put_quoted(kino_buffer *b, const char *text)
{
    kino_buffer plain = {0};
    put_plain(&plain, text);
    kino_buffer_byte(b, '"');
    for (size_t i = 0; i < plain.size; i++) {
        const unsigned char c = (unsigned char)plain.data[i];
        if (c == '"' || c == '\\')
            kino_buffer_print(b, "\\%c", c);
        else if (c == '\n')
            kino_buffer_print(b, "\\n");
        else if (c < 0x20)
            kino_buffer_print(b, "\\u%04x", c);
        else
            kino_buffer_byte(b, (char)c);
    }
    kino_buffer_byte(b, '"');
    free(plain.data);
}

/* ---- what a column holds, as JSON; nothing where the film does not tell ---- */

static void put_text(kino_buffer *b, const char *text)
{
    if (*text)
        put_quoted(b, text);
}

/* A word for nothing, such as "N/A", says nothing when it is read. */
static void put_words(kino_buffer *b, const char *text)
{
    if (!kino_value_absent((kino_field){text, strlen(text)}))
        put_quoted(b, text);
}

/* One title for another that says nothing, such as a database's "\N". */
static void put_title(kino_buffer *b, const char *title, const char *other)
{
    const bool told = *title && strcmp(title, "\\N");
    if (told || strcmp(other, "\\N"))
        put_text(b, told ? title : other);
}

static void put_number(kino_buffer *b, double x)
{
    char number[KINO_NUMBER_ROOM];
    if (isfinite(x))
        kino_buffer_put(b, number, kino_number_print(x, number));
}

/* `job`, `character`: NULL or "": not said. */
static void put_named(kino_buffer *b, const kino_named *n, const char *job, const char *character)
{
    kino_buffer_byte(b, '{');
    if (character && *character) {
        kino_buffer_print(b, "\"character\": ");
        put_quoted(b, character);
        kino_buffer_print(b, ", ");
    }
    if (n->id)
        kino_buffer_print(b, "\"id\": %lld, ", (long long)n->id);
    if (job)
        kino_buffer_print(b, "\"job\": \"%s\", ", job);
    kino_buffer_print(b, "\"name\": ");
    put_quoted(b, n->name);
    kino_buffer_byte(b, '}');
}

static void put_items(kino_buffer *b, const kino_list *list, const char *job, const kino_list *characters, bool first)
{
    for (size_t i = 0; i < list->count; i++) {
        kino_buffer_print(b, "%s", first && !i ? "" : ", ");
        put_named(b, &list->items[i], job,
                  characters && characters->count == list->count ? characters->items[i].name : NULL);
    }
}

static void put_list(kino_buffer *b, const kino_list *list, const kino_list *characters)
{
    kino_buffer_byte(b, '[');
    put_items(b, list, NULL, characters, true);
    kino_buffer_byte(b, ']');
}

static void put_crew(kino_buffer *b, const kino_movie *m)
{
    kino_buffer_byte(b, '[');
    put_items(b, &m->directors, "Director", NULL, true);
    put_items(b, &m->writers, "Writer", NULL, !m->directors.count);
    kino_buffer_byte(b, ']');
}

typedef enum column {
    COLLECTION,
    GENRES,
    ID,
    IMDB,
    LANGUAGE,
    ORIGINAL_TITLE,
    OVERVIEW,
    POPULARITY,
    POSTER,
    COUNTRIES,
    DATE,
    RUNTIME,
    STATUS,
    TAGLINE,
    TITLE,
    RATING,
    VOTES,
    YEAR,
    KEYWORDS,
    CAST,
    CREW,
    COLUMNS
} column;

static const char *const names[COLUMNS] = {"belongs_to_collection",
                                           "genres",
                                           "id",
                                           "imdb_id",
                                           "original_language",
                                           "original_title",
                                           "overview",
                                           "popularity",
                                           "poster_path",
                                           "production_countries",
                                           "release_date",
                                           "runtime",
                                           "status",
                                           "tagline",
                                           "title",
                                           "vote_average",
                                           "vote_count",
                                           "year",
                                           "keywords",
                                           "cast",
                                           "crew"};

static void put_value(kino_buffer *b, const kino_movie *m, column c)
{
    switch (c) {
    case COLLECTION:
        if (m->collection.id)
            put_named(b, &m->collection, NULL, NULL);
        break;
    case GENRES:
        put_list(b, &m->genres, NULL);
        break;
    case ID:
        kino_buffer_print(b, "%lld", (long long)m->id);
        break;
    case IMDB:
        put_text(b, m->imdb_id);
        break;
    case LANGUAGE:
        put_text(b, m->language);
        break;
    case ORIGINAL_TITLE:
        put_title(b, m->original_title, m->title);
        break;
    case OVERVIEW:
        put_words(b, m->overview);
        break;
    case POPULARITY:
        put_number(b, m->popularity);
        break;
    case POSTER:
        put_text(b, m->poster_path);
        break;
    case COUNTRIES:
        put_list(b, &m->countries, NULL);
        break;
    case DATE:
        put_text(b, m->date);
        break;
    case RUNTIME:
        put_number(b, m->runtime);
        break;
    case STATUS:
        put_words(b, m->status);
        break;
    case TAGLINE:
        put_words(b, m->tagline);
        break;
    case TITLE:
        put_title(b, m->title, m->original_title);
        break;
    case RATING:
        put_number(b, m->votes == 0 ? NAN : m->rating);
        break; /* what nobody voted for is unknown */
    case VOTES:
        put_number(b, m->votes < 0 ? NAN : (double)m->votes);
        break;
    case YEAR:
        put_number(b, m->year ? m->year : NAN);
        break;
    case KEYWORDS:
        put_list(b, &m->keywords, NULL);
        break;
    case CAST:
        put_list(b, &m->cast, &m->characters);
        break;
    case CREW:
        put_crew(b, m);
        break;
    case COLUMNS:
        break;
    }
}

/* ---- the two forms ---- */

void kino_export_header(kino_export_form form, kino_buffer *out)
{
    for (int c = 0; form == KINO_EXPORT_CSV && c < COLUMNS; c++)
        kino_buffer_print(out, "%s%s", c ? "," : "", names[c]);
    if (form == KINO_EXPORT_CSV)
        kino_buffer_byte(out, '\n');
}

static void put_cell(kino_buffer *b, const char *text, size_t n)
{
    if (!memchr(text, '"', n) && !memchr(text, ',', n) && !memchr(text, '\n', n)) {
        kino_buffer_put(b, text, n);
        return;
    }
    kino_buffer_byte(b, '"');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            kino_buffer_byte(b, '"');
        kino_buffer_byte(b, text[i]);
    }
    kino_buffer_byte(b, '"');
}

/* A text stands in a cell without the quotes and escapes of JSON. */
static bool is_text(column c)
{
    return c == IMDB || c == LANGUAGE || c == ORIGINAL_TITLE || c == OVERVIEW || c == POSTER || c == DATE ||
           c == STATUS || c == TAGLINE || c == TITLE;
}

static void unquote(kino_buffer *b)
{
    size_t n = 0;
    for (size_t i = 1; i + 1 < b->size; i++) {
        if (b->data[i] == '\\')
            b->data[n++] = b->data[++i] == 'n' ? '\n' : b->data[i];
        else
            b->data[n++] = b->data[i];
    }
    b->size = n;
}

void kino_export_film(kino_export_form form, const kino_movie *m, kino_buffer *out)
{
    kino_buffer value = {0};
    bool first = true;
    for (int c = 0; c < COLUMNS; c++) {
        value.size = 0;
        kino_buffer_put(&value, "", 0);
        put_value(&value, m, (column)c);
        if (form == KINO_EXPORT_CSV) {
            if (is_text((column)c))
                unquote(&value);
            if (c)
                kino_buffer_byte(out, ',');
            put_cell(out, value.data, value.size);
        } else if (value.size) {
            kino_buffer_print(out, "%s\"%s\": ", first ? "{" : ", ", names[c]);
            kino_buffer_put(out, value.data, value.size);
            first = false;
        }
    }
    kino_buffer_print(out, "%s\n", form == KINO_EXPORT_CSV ? "" : "}");
    free(value.data);
}
