/* page.c - the page as HTML, with its answer in place: it works without a script, which only makes it quicker. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "serve/request.h"

#define POSTERS "https://image.tmdb.org/t/p/w342"

/* Every title is a stranger's: nothing of it is markup. */
static void put_text(kino_buffer *b, const char *text)
{
    kino_buffer clean = {0};
    kino_utf8_clean(&clean, text, strlen(text));
    for (const char *p = clean.data ? clean.data : ""; *p; p++)
        switch (*p) {
        case '&':
            kino_buffer_print(b, "&amp;");
            break;
        case '<':
            kino_buffer_print(b, "&lt;");
            break;
        case '>':
            kino_buffer_print(b, "&gt;");
            break;
        case '"':
            kino_buffer_print(b, "&quot;");
            break;
        case '\'':
            kino_buffer_print(b, "&#39;");
            break;
        default:
            kino_buffer_byte(b, *p);
        }
    free(clean.data);
}

static void put_escaped(kino_buffer *b, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (strchr("-_.~", *p) || (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
            kino_buffer_byte(b, (char)*p);
        else
            kino_buffer_print(b, "%%%02X", *p);
}

static void put_title(kino_buffer *b, const char *title, int year)
{
    kino_buffer_print(b, "<bdi>");
    put_text(b, *title ? title : "(untitled)");
    kino_buffer_print(b, "</bdi>");
    if (year)
        kino_buffer_print(b, " <span class=\"year\">%d</span>", year);
}

/* The address of the same question with another film in or out of it. `change` 0: only `without` is left out. */
static void put_link(kino_buffer *b, const kino_request *r, const kino_question *q, const char *name, int64_t add,
                     int64_t without)
{
    const char *mark = "?";
    const struct { const char *name; const int64_t *ids; size_t count; } films[] = {
        {"like", q->like_ids, q->query.like_count}, {"not", q->dislike_ids, q->query.dislike_count}};
    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; i < films[f].count; i++)
            if (films[f].ids[i] != without && films[f].ids[i] != add) {
                kino_buffer_print(b, "%s%s=%lld", mark, films[f].name, (long long)films[f].ids[i]);
                mark = "&amp;";
            }
    if (add) {
        kino_buffer_print(b, "%s%s=%lld", mark, name, (long long)add);
        mark = "&amp;";
    }
    for (size_t i = 0; i < r->param_count; i++) {
        const kino_param *p = &r->params[i];
        if (!strcmp(p->name, "like") || !strcmp(p->name, "not") || !*p->value)
            continue;
        kino_buffer_print(b, "%s", mark);
        put_escaped(b, p->name);
        kino_buffer_byte(b, '=');
        put_escaped(b, p->value);
        mark = "&amp;";
    }
    if (*mark == '?')
        kino_buffer_print(b, "./");
}

/* ---- the form ---- */

static void put_chips(kino_buffer *b, const kino_request *r, const kino_question *q)
{
    const struct { const char *name, *sign, *other, *to_other; kino_movie *const *films; size_t count; } kinds[] = {
        {"like", "Like", "not", "Turn into: not like", q->like, q->query.like_count},
        {"not", "Not like", "like", "Turn into: like", q->dislike, q->query.dislike_count}};
    kino_buffer_print(b, "<ul id=\"chips\" class=\"chips\" aria-label=\"Films of the question\">");
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < kinds[k].count; i++) {
            const kino_movie *m = kinds[k].films[i];
            kino_buffer_print(b, "<li class=\"chip %s\"><input type=\"hidden\" name=\"%s\" value=\"%lld\">", kinds[k].name,
                              kinds[k].name, (long long)m->id);
            kino_buffer_print(b, "<a class=\"turn\" title=\"%s\" href=\"", kinds[k].to_other);
            put_link(b, r, q, kinds[k].other, m->id, 0);
            kino_buffer_print(b, "\">%s</a> ", kinds[k].sign);
            put_title(b, m->title, m->year);
            kino_buffer_print(b, " <a class=\"drop\" aria-label=\"Remove ");
            put_text(b, m->title);
            kino_buffer_print(b, "\" href=\"");
            put_link(b, r, q, "", 0, m->id);
            kino_buffer_print(b, "\">×</a></li>");
        }
    kino_buffer_print(b, "</ul>");
}

static void put_input(kino_buffer *b, const kino_request *r, const char *name, const char *label, const char *attributes,
                      const char *otherwise)
{
    const char *value = kino_param_get(r, name);
    kino_buffer_print(b, "<label>%s <input name=\"%s\" %s value=\"", label, name, attributes);
    put_text(b, value ? value : otherwise);
    kino_buffer_print(b, "\"></label>");
}

static void put_form(kino_buffer *b, const kino_request *r, const kino_question *q)
{
    static const char *const filters[] = {"genre", "year", "lang", "runtime", "min_rating", "diversity", "popularity"};
    bool filtered = false;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        filtered = filtered || kino_param_get(r, filters[i]);
    kino_buffer_print(b, "<form id=\"ask\" action=\"./\" method=\"get\" role=\"search\">");
    put_chips(b, r, q);
    kino_buffer_print(b, "<div class=\"row\"><div class=\"combo\"><label for=\"film\">A film that you like</label>"
                      "<input id=\"film\" name=\"like\" type=\"text\" autocomplete=\"off\" spellcheck=\"false\" "
                      "placeholder=\"Toy Story\" role=\"combobox\" aria-expanded=\"false\" aria-autocomplete=\"list\" "
                      "aria-controls=\"films\"><ul id=\"films\" role=\"listbox\" aria-label=\"Films\" hidden></ul></div>"
                      "<div class=\"words\"><label for=\"about\">or what it should be about</label><input id=\"about\" "
                      "name=\"about\" type=\"text\" placeholder=\"a heist that goes wrong\" value=\"");
    put_text(b, q->query.about ? q->query.about : "");
    kino_buffer_print(b, "\"></div><button class=\"go\">Recommend</button></div>");
    kino_buffer_print(b, "<details class=\"filters\"%s><summary>Filters and dials</summary><div class=\"grid\">",
                      filtered ? " open" : "");
    put_input(b, r, "genre", "Genre", "type=\"text\" placeholder=\"Drama, Comedy\"", "");
    put_input(b, r, "year", "Year", "type=\"text\" inputmode=\"numeric\" placeholder=\"1990-1999\"", "");
    put_input(b, r, "lang", "Language", "type=\"text\" placeholder=\"en, fr\"", "");
    put_input(b, r, "runtime", "Minutes", "type=\"text\" placeholder=\"-120\"", "");
    put_input(b, r, "min_rating", "Rated at least", "type=\"number\" min=\"0\" max=\"10\" step=\"0.1\"", "");
    put_input(b, r, "diversity", "Alike ↔ diverse", "type=\"range\" min=\"0\" max=\"1\" step=\"0.05\"", "0.25");
    put_input(b, r, "popularity", "Obscure ↔ popular", "type=\"range\" min=\"-1\" max=\"1\" step=\"0.1\"", "0");
    kino_buffer_print(b, "</div></details></form>");
}

/* ---- the answer ---- */

static void put_poster(kino_buffer *b, const kino_movie *m)
{
    kino_buffer_print(b, "<div class=\"poster\" aria-hidden=\"true\"><span>");
    put_text(b, m->title);
    kino_buffer_print(b, "</span>");
    if (*m->poster_path == '/') {
        kino_buffer_print(b, "<img src=\"" POSTERS);
        put_text(b, m->poster_path);
        kino_buffer_print(b, "\" width=\"342\" height=\"513\" loading=\"lazy\" decoding=\"async\" alt=\"\">");
    }
    kino_buffer_print(b, "</div>");
}

/* "●●●●○", with the number for those who cannot see it. */
static void put_stars(kino_buffer *b, double rating)
{
    if (!isfinite(rating))
        return;
    const int full = (int)lround(rating / 2);
    kino_buffer_print(b, "<span class=\"stars\" role=\"img\" aria-label=\"rated %.1f of 10\">", rating);
    for (int i = 0; i < 5; i++)
        kino_buffer_print(b, "%s", i < full ? "★" : "☆");
    kino_buffer_print(b, "</span>");
}

static void put_why(kino_buffer *b, const kino_result *r)
{
    double most = 0.01;
    for (size_t i = 0; i < r->part_count; i++)
        most = fmax(most, fabs(r->parts[i].value));
    kino_buffer_print(b, "<details class=\"why\"><summary>Why? <span class=\"score\">%.2f</span></summary><dl>", r->score);
    for (size_t i = 0; i < r->part_count; i++) {
        const double v = r->parts[i].value;
        if (v == 0)
            continue;
        kino_buffer_print(b, "<div><dt>%s</dt><dd><meter min=\"0\" max=\"%.3f\" value=\"%.3f\"></meter> "
                          "<span>%s%.3f</span></dd></div>", r->parts[i].name, most, fmax(v, 0), v < 0 ? "−" : "", fabs(v));
    }
    kino_buffer_print(b, "</dl></details>");
}

static void put_card(kino_buffer *b, const kino_request *r, const kino_question *q, const kino_result *result)
{
    const kino_movie *m = result->movie;
    kino_buffer_print(b, "<li><article>");
    put_poster(b, m);
    kino_buffer_print(b, "<div class=\"text\"><h2>");
    put_title(b, m->title, m->year);
    kino_buffer_print(b, "</h2><p class=\"facts\">");
    put_stars(b, m->rating);
    for (size_t i = 0; i < m->genres.count && i < 3; i++) {
        kino_buffer_print(b, "%s", i ? ", " : " ");
        put_text(b, m->genres.items[i].name);
    }
    if (isfinite(m->runtime))
        kino_buffer_print(b, " · %.0f min", m->runtime);
    kino_buffer_print(b, "</p><p class=\"plot\">");
    put_text(b, m->overview);
    kino_buffer_print(b, "</p>");
    put_why(b, result);
    kino_buffer_print(b, "<p class=\"acts\"><a class=\"more\" href=\"");
    put_link(b, r, q, "like", m->id, 0);
    kino_buffer_print(b, "\">More like this</a> <a class=\"less\" href=\"");
    put_link(b, r, q, "not", m->id, 0);
    kino_buffer_print(b, "\">Not like this</a> <a href=\"?like=%lld\">Start from here</a></p></div></article></li>",
                      (long long)m->id);
}

static void put_candidates(kino_buffer *b, const kino_matches *m)
{
    kino_buffer_print(b, "<ul class=\"candidates\">");
    for (size_t i = 0; i < m->count && i < 12; i++) {
        kino_buffer_print(b, "<li><a href=\"?like=%lld\">", (long long)m->items[i].id);
        put_title(b, m->items[i].title, m->items[i].year);
        kino_buffer_print(b, "</a></li>");
    }
    kino_buffer_print(b, "</ul>");
}

static void put_heading(kino_buffer *b, const kino_question *q, const kino_results *results)
{
    kino_buffer_print(b, "%zu %s", results->count, results->count == 1 ? "film" : "films");
    for (size_t i = 0; i < q->query.like_count; i++) {
        kino_buffer_print(b, "%s", i == 0 ? " like " : i + 1 == q->query.like_count ? " and " : ", ");
        put_title(b, q->like[i]->title, q->like[i]->year);
    }
    if (q->query.about) {
        kino_buffer_print(b, " about “");
        put_text(b, q->query.about);
        kino_buffer_print(b, "”");
    }
}

void kino_page(const kino_site *site, const kino_request *r, const kino_question *q, const kino_results *results,
               const kino_matches *candidates, const char *problem, kino_buffer *b)
{
    const char *asked = kino_param_get(r, "like");
    kino_buffer_print(b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
                      "<title>");
    if (q->query.like_count) {
        put_text(b, q->like[0]->title);
        kino_buffer_print(b, " – ");
    }
    kino_buffer_print(b, "kino</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" "
                      "href=\"assets/style.css\"><script type=\"module\" src=\"assets/app.js\"></script></head>"
                      "<body%s><header><a class=\"brand\" href=\"./\">kino</a><p>What should I watch next?</p>"
                      "<a class=\"surprise\" href=\"surprise\">Surprise me</a></header><main>",
                      site->allow_writes ? " data-writes=\"yes\"" : "");
    put_form(b, r, q);
    kino_buffer_print(b, "<p id=\"status\" role=\"status\" aria-live=\"polite\">");
    if (*problem)
        put_text(b, problem);
    else if (results)
        put_heading(b, q, results);
    kino_buffer_print(b, "</p><div id=\"answer\">");
    if (candidates && candidates->count)
        put_candidates(b, candidates);
    if (*problem && site->allow_writes && asked && asked[strspn(asked, "0123456789")]) {
        kino_buffer_print(b, "<p><button id=\"fetch\" type=\"button\" data-title=\"");
        put_text(b, asked);
        kino_buffer_print(b, "\">Look for it at TMDB</button></p>");
    }
    if (results) {
        kino_buffer_print(b, "<ol class=\"cards\">");
        for (size_t i = 0; i < results->count; i++)
            put_card(b, r, q, &results->items[i]);
        kino_buffer_print(b, "</ol>");
    } else if (!*problem) {
        kino_buffer_print(b, "<p class=\"hint\">Name a film, or say what it should be about. Several films may be "
                          "combined, and films to keep away from. <kbd>/</kbd> goes to the search.</p>");
    }
    kino_buffer_print(b, "</div></main><footer><p>" KINO_TMDB_NOTICE " Answers come from the catalogue of this machine."
                      "</p></footer></body></html>\n");
}
