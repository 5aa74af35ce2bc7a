/* filmpage.c - the page of a film and that of a person: everything that is known, as links into lists of films. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsontree.h"
#include "serve/write.h"

/* ---- what is known ---- */

/* "<dt>Directed by</dt><dd>...": begins a fact. */
static void begin_fact(kino_buffer *b, const char *label)
{
    kino_buffer_print(b, "<dt>%s</dt><dd>", label);
}

static void put_link(kino_buffer *b, const char *text)
{
    kino_put_raw(b, "\">");
    kino_put_film_name(b, text);
    kino_put_raw(b, "</a>");
}

static void put_people(kino_buffer *b, const kino_page *p, const char *label, const kino_list *people,
                       const kino_list *characters)
{
    if (!people->count)
        return;
    begin_fact(b, label);
    for (size_t i = 0; i < people->count; i++) {
        kino_put_raw(b, i ? ", <a href=\"" : "<a href=\"");
        kino_put_person_link(b, p, people->items[i].name);
        put_link(b, people->items[i].name);
        if (characters && characters->count == people->count && *characters->items[i].name) {
            kino_put_raw(b, " <small>");
            kino_put_html(b, characters->items[i].name);
            kino_put_raw(b, "</small>");
        }
    }
    kino_put_raw(b, "</dd>");
}

/* Names that lead to the films that have them too. */
static void put_names(kino_buffer *b, const kino_page *p, const char *label, const kino_list *names,
                      const char *parameter)
{
    if (!names->count)
        return;
    begin_fact(b, label);
    for (size_t i = 0; i < names->count; i++) {
        kino_put_raw(b, i ? ", <a href=\"" : "<a href=\"");
        kino_put_question_link(b, p, parameter, names->items[i].name);
        put_link(b, names->items[i].name);
    }
    kino_put_raw(b, "</dd>");
}

static void put_text(kino_buffer *b, const char *label, const char *text)
{
    if (!*text)
        return;
    begin_fact(b, label);
    kino_put_html(b, text);
    kino_put_raw(b, "</dd>");
}

static void put_elsewhere(kino_buffer *b, const kino_movie *m)
{
    begin_fact(b, "Elsewhere");
    if (*m->imdb_id) {
        kino_put_raw(b, "<a rel=\"noreferrer\" href=\"https://www.imdb.com/title/");
        kino_put_html(b, m->imdb_id);
        kino_put_raw(b, "/\">IMDb</a>, ");
    }
    kino_buffer_print(b,
                      "<a rel=\"noreferrer\" href=\"https://www.themoviedb.org/movie/%lld\">TMDB</a>, "
                      "<a rel=\"noreferrer\" href=\"https://letterboxd.com/tmdb/%lld/\">Letterboxd</a>, "
                      "<a rel=\"noreferrer\" href=\"https://www.justwatch.com/us/search?q=",
                      (long long)m->id, (long long)m->id);
    kino_put_encoded(b, m->title);
    kino_put_raw(b, "\">where to watch</a></dd>");
}

static void put_film_list(kino_buffer *b, const kino_page *p, const kino_movie *const *films, size_t count)
{
    kino_put_raw(b, "<ol class=\"list\">");
    for (size_t i = 0; i < count; i++) {
        kino_put_raw(b, "<li><a href=\"");
        kino_put_film_link(b, p, films[i]->id);
        kino_put_raw(b, "\">");
        kino_put_film_name(b, films[i]->title);
        if (films[i]->year)
            kino_buffer_print(b, " <small>%d</small>", films[i]->year);
        kino_put_raw(b, "</a></li>");
    }
    kino_put_raw(b, "</ol>");
}

typedef struct film_page {
    const kino_movie *m;
    const kino_movie *const *series;
    size_t series_count;
} film_page;

static void put_about(kino_buffer *b, const kino_page *p, const film_page *f)
{
    const kino_movie *m = f->m;
    kino_put_raw(b, "<article class=\"film\">");
    kino_put_poster(b, p, m);
    kino_put_raw(b, "<div><h1>");
    kino_put_film_name(b, m->title);
    if (m->year)
        kino_buffer_print(b, " <small>%d</small>", m->year);
    kino_put_raw(b, "</h1>");
    if (*m->original_title && strcmp(m->title, m->original_title) != 0) {
        kino_put_raw(b, "<p class=\"note\">");
        kino_put_film_name(b, m->original_title);
        kino_put_raw(b, "</p>");
    }
    kino_put_facts(b, m);
    if (*m->tagline) {
        kino_put_raw(b, "<p class=\"tagline\" dir=\"auto\">");
        kino_put_html(b, m->tagline);
        kino_put_raw(b, "</p>");
    }
    kino_put_raw(b, "<p dir=\"auto\">");
    kino_put_html(b, m->overview);
    kino_put_raw(b, "</p><p class=\"acts\"><a class=\"more\" href=\"");
    kino_put_link(b, p, KINO_STEP_ONLY, m->id);
    kino_put_raw(b, "\">Films like it</a></p><dl class=\"known\">");
    put_people(b, p, "Directed by", &m->directors, NULL);
    put_people(b, p, "Written by", &m->writers, NULL);
    put_people(b, p, "With", &m->cast, &m->characters);
    put_names(b, p, "Genres", &m->genres, "genre");
    put_names(b, p, "Themes", &m->keywords, "about");
    put_names(b, p, "Countries", &m->countries, "country");
    put_text(b, "Language", m->language);
    put_text(b, "Released", m->date);
    put_elsewhere(b, m);
    kino_put_raw(b, "</dl>");
    if (f->series_count) {
        kino_put_raw(b, "<h2>");
        kino_put_html(b, *m->collection.name ? m->collection.name : "The series");
        kino_put_raw(b, "</h2>");
        put_film_list(b, p, f->series, f->series_count);
    }
    kino_put_raw(b, "</div></article>");
}

/* ---- for those who link to it ---- */

static void put_meta(kino_buffer *b, const char *property, const char *content)
{
    if (!*content)
        return;
    kino_buffer_print(b, "<meta property=\"og:%s\" content=\"", property);
    kino_put_html(b, content);
    kino_put_raw(b, "\">");
}

static void put_persons(kino_tree *movie, const char *name, const kino_list *people)
{
    kino_tree *array = kino_tree_array(movie, name);
    for (size_t i = 0; i < people->count; i++) {
        kino_tree *one = kino_tree_object(array, NULL);
        kino_tree_text(one, "@type", "Person");
        kino_tree_text(one, "name", people->items[i].name);
    }
}

/* schema.org's Movie. Nothing in it can end the element: "<" is written as an escape. */
static void put_linked_data(kino_buffer *b, const kino_movie *m)
{
    kino_buffer json = {0};
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_text(root, "@context", "https://schema.org");
    kino_tree_text(root, "@type", "Movie");
    kino_tree_text(root, "name", m->title);
    if (*m->date)
        kino_tree_text(root, "datePublished", m->date);
    if (*m->overview)
        kino_tree_text(root, "description", m->overview);
    kino_tree_names(root, "genre", &m->genres);
    put_persons(root, "director", &m->directors);
    put_persons(root, "actor", &m->cast);
    kino_tree_put(root, false, &json);
    kino_put_raw(b, "<script type=\"application/ld+json\">");
    for (size_t i = 0; i < json.size && json.data[i]; i++)
        if (strchr("<>&", json.data[i]))
            kino_buffer_print(b, "\\u%04x", (unsigned)json.data[i]);
        else if (json.data[i] != '\n')
            kino_buffer_byte(b, json.data[i]);
    kino_put_raw(b, "</script>");
    free(json.data);
}

static void fill_film(kino_buffer *b, const kino_page *p, const void *ctx, const char *slot)
{
    const film_page *f = ctx;
    if (!strcmp(slot, "title")) {
        kino_put_html(b, f->m->title);
        if (f->m->year)
            kino_buffer_print(b, " (%d)", f->m->year);
        kino_put_raw(b, " · kino");
    } else if (!strcmp(slot, "meta")) {
        put_meta(b, "type", "video.movie");
        put_meta(b, "title", f->m->title);
        put_meta(b, "description", f->m->overview);
        put_linked_data(b, f->m);
    } else if (!strcmp(slot, "map")) {
        kino_buffer_print(b, "?like=%lld", (long long)f->m->id);
    } else if (!strcmp(slot, "about")) {
        put_about(b, p, f);
    } else if (!strcmp(slot, "films") && p->results) {
        kino_put_raw(b, "<h2>Films like it</h2>");
        kino_put_cards(b, p);
    }
}

void kino_page_film(const kino_page *p, const kino_movie *m, const kino_movie *const *series, size_t series_count,
                    kino_buffer *out)
{
    const film_page f = {m, series, series_count};
    kino_fill_page("film.html", p, &f, fill_film, out);
}

/* ---- a person ---- */

static void put_role(kino_buffer *b, const kino_page *p, const char *role, const kino_movie *const *films, size_t count)
{
    if (!count)
        return;
    kino_buffer_print(b, "<h2>%s</h2>", role);
    put_film_list(b, p, films, count);
}

static void fill_person(kino_buffer *b, const kino_page *p, const void *ctx, const char *slot)
{
    const kino_page_credits *who = ctx;
    if (!strcmp(slot, "title")) {
        kino_put_html(b, who->name);
        kino_put_raw(b, " · kino");
    } else if (!strcmp(slot, "meta")) {
        put_meta(b, "type", "profile");
        put_meta(b, "title", who->name);
    } else if (!strcmp(slot, "about")) {
        kino_put_raw(b, "<h1 class=\"lead\">");
        kino_put_film_name(b, who->name);
        kino_put_raw(b, "</h1>");
    } else if (!strcmp(slot, "films")) {
        put_role(b, p, "Directed", who->directed, who->directed_count);
        put_role(b, p, "Played in", who->played, who->played_count);
    }
}

void kino_page_person(const kino_page *p, const kino_page_credits *who, kino_buffer *out)
{
    kino_fill_page("film.html", p, who, fill_person, out);
}

/* ---- neither ---- */

static void fill_absent(kino_buffer *b, const kino_page *p, const void *ctx, const char *slot)
{
    (void)ctx;
    if (!strcmp(slot, "title")) {
        kino_put_raw(b, "Not found · kino");
    } else if (!strcmp(slot, "films")) {
        kino_put_raw(b, "<h1>There is no such page</h1><p class=\"note fault\" dir=\"auto\">");
        kino_put_html(b, p->error->text);
        kino_put_raw(b, "</p>");
    }
}

void kino_page_absent(const kino_page *p, kino_buffer *out)
{
    kino_fill_page("film.html", p, NULL, fill_absent, out);
}
