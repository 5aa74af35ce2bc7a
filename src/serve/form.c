/* form.c - the controls of the form. What the URL says and no control knows is shown all the same. */
#include <stdlib.h>
#include <string.h>

#include "serve/write.h"

static const char *const genres[] = {
    /* TMDB's */
    "Action",          "Adventure", "Animation", "Comedy", "Crime",   "Documentary", "Drama",
    "Family",          "Fantasy",   "History",   "Horror", "Music",   "Mystery",     "Romance",
    "Science Fiction", "Thriller",  "TV Movie",  "War",    "Western",
};

/* Parameters that repeat, or one with commas. */
static bool is_named(const kino_page *p, const char *name, const char *value)
{
    const size_t n = strlen(value);
    for (size_t i = 0; i < p->query_count; i++) {
        if (strcmp(p->query[i].name, name) != 0)
            continue;
        for (const char *at = p->query[i].value; *at; at += *at == ',') {
            size_t length = strcspn(at, ",");
            if (length == n && !strncmp(at, value, n))
                return true;
            at += length;
        }
    }
    return false;
}

static void put_box(kino_buffer *b, const kino_page *p, const char *name, const char *genre, const char *kind)
{
    kino_buffer_print(b, "<label class=\"%s\"><input type=\"checkbox\" name=\"%s\" value=\"", kind, name);
    kino_put_html(b, genre);
    kino_buffer_print(b, "\"%s>", is_named(p, name, genre) ? " checked" : "");
}

void kino_put_genres(kino_buffer *b, const kino_page *p)
{
    for (size_t i = 0; i < sizeof genres / sizeof *genres; i++) {
        kino_put_raw(b, "<span class=\"genre\">");
        put_box(b, p, "genre", genres[i], "yes");
        kino_put_html(b, genres[i]);
        kino_put_raw(b, "</label>");
        put_box(b, p, "no_genre", genres[i], "no");
        kino_put_raw(b, "<span aria-hidden=\"true\">−</span><span class=\"away\">not ");
        kino_put_html(b, genres[i]);
        kino_put_raw(b, "</span></label></span>");
    }
}

typedef struct choice {
    const char *name, *value, *text;
} choice;

static const choice choices[] = {
    {"lang", "", "any"},
    {"lang", "en", "English"},
    {"lang", "fr", "French"},
    {"lang", "it", "Italian"},
    {"lang", "de", "German"},
    {"lang", "es", "Spanish"},
    {"lang", "ja", "Japanese"},
    {"lang", "ko", "Korean"},
    {"lang", "zh,cn", "Chinese"},
    {"lang", "hi", "Hindi"},
    {"lang", "ru", "Russian"},
    {"lang", "pt", "Portuguese"},
    {"lang", "sv,da,no,fi,is", "Nordic"},
    {"lang", "pl", "Polish"},
    {"lang", "fa", "Persian"},
    {"lang", "tr", "Turkish"},
    {"runtime", "", "any"},
    {"runtime", "-90", "to 1½ hours"},
    {"runtime", "-120", "to 2 hours"},
    {"runtime", "90-120", "1½ to 2 hours"},
    {"runtime", "120-", "over 2 hours"},
    {"min_rating", "", "any"},
    {"min_rating", "6", "6 and better"},
    {"min_rating", "7", "7 and better"},
    {"min_rating", "8", "8 and better"},
    {"min_votes", "", "any"},
    {"min_votes", "10", "10 and more"},
    {"min_votes", "100", "100 and more"},
    {"min_votes", "1000", "1,000 and more"},
    {"weight", "", "story and facts"},
    {"weight", "story=3", "mostly story"},
    {"weight", "facts=0,people=0", "story alone"},
    {"weight", "facts=3", "mostly facts"},
    {"weight", "story=0,people=0", "facts alone"},
    {"weight", "people=4", "mostly people"},
};

static void put_option(kino_buffer *b, const char *value, const char *text, bool chosen)
{
    kino_put_raw(b, "<option value=\"");
    kino_put_html(b, value);
    kino_put_raw(b, chosen ? "\" selected>" : "\">");
    kino_put_html(b, text);
    kino_put_raw(b, "</option>");
}

void kino_put_choice(kino_buffer *b, const kino_page *p, const char *name)
{
    const char *value = kino_page_value(p, name);
    bool known = false;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (!strcmp(choices[i].name, name)) {
            put_option(b, choices[i].value, choices[i].text, !strcmp(choices[i].value, value));
            known = known || !strcmp(choices[i].value, value);
        }
    if (!known)
        put_option(b, value, value, true);
}
