/* cards.c - films as cards with a poster and the reasons; films that a title could mean. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/reasons.h"
#include "base/bytes.h"
#include "serve/write.h"

enum { COLOURS = 10, DRAWINGS = 6 };
#define LEAST_SHOWN 0.005 /* of a part: what is less would read +0.00 */

#define POSTERS "https://image.tmdb.org/t/p/w342"

/* "/name.jpg" of letters that need no escape; anything else would be somebody's trick. */
static bool is_poster(const char *path)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    if (*path != '/')
        return false;
    const char *end = path + 1 + strspn(path + 1, letters);
    return end > path + 1 && (!strcmp(end, ".jpg") || !strcmp(end, ".png"));
}

/* A drawing with the title, and over it the poster when there is one and it comes. */
void kino_put_poster(kino_buffer *b, const kino_page *p, const kino_movie *m)
{
    const uint64_t r = kino_random(5, 5, (uint64_t)m->id);
    kino_buffer_print(b, "<a class=\"poster c%d\" href=\"", (int)(r % COLOURS));
    kino_put_film_link(b, p, m->id);
    kino_buffer_print(b,
                      "\" tabindex=\"-1\" aria-hidden=\"true\">"
                      "<svg viewBox=\"0 0 200 300\" preserveAspectRatio=\"none\"><use href=\"#a%d\"/></svg><span>",
                      (int)(r / COLOURS % DRAWINGS));
    kino_put_film_name(b, m->title);
    kino_put_raw(b, "</span>");
    if (m->year)
        kino_buffer_print(b, "<small>%d</small>", m->year);
    if (is_poster(m->poster_path)) {
        kino_put_raw(b, "<img src=\"" POSTERS);
        kino_put_html(b, m->poster_path);
        kino_put_raw(b, "\" alt=\"\" width=\"342\" height=\"513\" loading=\"lazy\" decoding=\"async\" "
                        "referrerpolicy=\"no-referrer\">");
    }
    kino_put_raw(b, "</a>");
}

static void put_thousands(kino_buffer *b, int64_t n)
{
    if (n >= 1000) {
        put_thousands(b, n / 1000);
        kino_buffer_print(b, ",%03d", (int)(n % 1000));
    } else {
        kino_buffer_print(b, "%d", (int)n);
    }
}

void kino_put_facts(kino_buffer *b, const kino_movie *m)
{
    kino_put_raw(b, "<p class=\"facts\">");
    if (m->rating >= 0 && m->rating <= 10) {
        kino_buffer_print(b, "<svg class=\"stars\" viewBox=\"0 0 100 20\" role=\"img\" aria-label=\"Rated %.1f of 10",
                          m->rating);
        if (m->votes >= 0) {
            kino_put_raw(b, ", ");
            put_thousands(b, m->votes);
            kino_put_raw(b, m->votes == 1 ? " vote" : " votes");
        }
        kino_buffer_print(b,
                          "\"><use href=\"#stars\" width=\"100\" height=\"20\"/><svg width=\"%.0f\" height=\"20\">"
                          "<use href=\"#stars\" width=\"100\" height=\"20\"/></svg></svg> "
                          "<span aria-hidden=\"true\">%.1f</span><br>",
                          m->rating * 10, m->rating);
    }
    for (size_t i = 0; i < m->genres.count && i < 3; i++) {
        kino_put_raw(b, i ? ", " : "");
        kino_put_html(b, m->genres.items[i].name);
    }
    if (m->runtime > 0 && m->runtime < 10000)
        kino_buffer_print(b, "%s%.0f\u00a0min", m->genres.count ? " · " : "", m->runtime);
    kino_put_raw(b, "</p>");
}

/* ---- reasons ---- */

/* Why it is in the answer, as a sentence. */
static void put_reason(kino_buffer *b, const kino_result *r)
{
    kino_buffer text = {0};
    kino_reasons_put(&text, r);
    if (text.size) {
        kino_put_raw(b, "<p dir=\"auto\">");
        kino_put_html(b, text.data);
        kino_put_raw(b, ".</p>");
    }
    free(text.data);
}

static void put_why(kino_buffer *b, const kino_result *r)
{
    double most = 1e-9;
    for (size_t i = 0; i < r->part_count; i++)
        most = fmax(most, fabs(r->parts[i].value));
    kino_buffer_print(b, "<details class=\"why\"><summary>Why <span class=\"away\">");
    kino_put_film_name(b, r->movie->title);
    kino_buffer_print(b, "? Score </span>%.2f</summary>", r->score);
    put_reason(b, r);
    kino_put_raw(b, "<dl>");
    for (size_t i = 0; i < r->part_count; i++) {
        const double value = r->parts[i].value;
        if (fabs(value) < LEAST_SHOWN)
            continue;
        kino_put_raw(b, "<dt><span title=\"");
        kino_put_html(b, kino_reasons_meaning(r->parts[i].name));
        kino_put_raw(b, "\">");
        kino_put_html(b, kino_reasons_name(r->parts[i].name));
        kino_buffer_print(b,
                          "</span></dt><dd><svg%s viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
                          "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"8\"/></svg>"
                          "<span class=\"n\">%+.2f</span></dd>",
                          value < 0 ? " class=\"less\"" : "", fabs(value) / most * 100, value);
    }
    kino_put_raw(b, "</dl>");
    if (*r->movie->overview) {
        kino_put_raw(b, "<p dir=\"auto\">");
        kino_put_html(b, r->movie->overview);
        kino_put_raw(b, "</p>");
    }
    kino_put_raw(b, "</details>");
}

/* "78 % of the best: Alien · 77 % of the best: Grease", a span for each of several people. */
static void put_people(kino_buffer *b, const kino_page *p, const kino_result *r)
{
    if (!r->person_count)
        return;
    kino_put_raw(b, "<p class=\"people\">");
    for (size_t i = 0; i < r->person_count; i++) {
        kino_buffer_print(b, "%s<span>%.0f\u00a0%%", i ? " · " : "", 100 * r->people[i].share);
        for (size_t f = 0; f < p->like_count; f++)
            if (p->like[f]->id == r->people[i].seed) {
                kino_put_raw(b, " for <em>");
                kino_put_film_name(b, p->like[f]->title);
                kino_put_raw(b, "</em>");
                break;
            }
        kino_put_raw(b, "</span>");
    }
    kino_put_raw(b, "</p>");
}

/* ---- lists ---- */

static void put_act(kino_buffer *b, const kino_page *p, const kino_movie *m, kino_page_step step)
{
    kino_buffer_print(b, "<a class=\"%s\" href=\"", step == KINO_STEP_LIKE ? "more" : "less");
    kino_put_link(b, p, step, m->id);
    kino_buffer_print(b, "\"><span aria-hidden=\"true\">%s </span>%s<span class=\"away\">: ",
                      step == KINO_STEP_LIKE ? "+" : "−", step == KINO_STEP_LIKE ? "Like" : "Not like");
    kino_put_film_name(b, m->title);
    kino_put_raw(b, "</span></a>");
}

void kino_put_cards(kino_buffer *b, const kino_page *p)
{
    kino_put_raw(b, "<ol class=\"cards\">");
    for (size_t i = 0; i < p->results->count; i++) {
        const kino_movie *m = p->results->items[i].movie;
        kino_buffer_print(b, "<li class=\"card\" id=\"f%lld\">", (long long)m->id);
        kino_put_poster(b, p, m);
        kino_put_raw(b, "<h3><a class=\"name\" href=\"");
        kino_put_film_link(b, p, m->id);
        kino_put_raw(b, "\">");
        kino_put_film_name(b, m->title);
        kino_put_raw(b, "</a>");
        if (m->year)
            kino_buffer_print(b, " <span class=\"year\">%d</span>", m->year);
        kino_put_raw(b, "</h3>");
        kino_put_facts(b, m);
        put_people(b, p, &p->results->items[i]);
        put_why(b, &p->results->items[i]);
        kino_put_raw(b, "<p class=\"acts\">");
        put_act(b, p, m, KINO_STEP_LIKE);
        put_act(b, p, m, KINO_STEP_NOT);
        kino_put_raw(b, "</p></li>");
    }
    kino_put_raw(b, "</ol>");
}

static void put_match(kino_buffer *b, const kino_match *m)
{
    kino_put_film_name(b, m->title);
    if (m->year)
        kino_buffer_print(b, " <small>%d</small>", m->year);
    if (*m->original_title && strcmp(m->title, m->original_title) != 0) {
        kino_put_raw(b, " <small>");
        kino_put_film_name(b, m->original_title);
        kino_put_raw(b, "</small>");
    }
    if (m->votes > 0) {
        kino_put_raw(b, " <small>");
        put_thousands(b, m->votes);
        kino_put_raw(b, m->votes == 1 ? " vote</small>" : " votes</small>");
    }
}

void kino_put_candidates(kino_buffer *b, const kino_page *p)
{
    kino_put_raw(b, "<ul class=\"list\">");
    for (size_t i = 0; i < p->candidates->count; i++) {
        kino_put_raw(b, "<li><a href=\"");
        kino_put_link(b, p, KINO_STEP_LIKE, p->candidates->items[i].id);
        kino_put_raw(b, "\">");
        put_match(b, &p->candidates->items[i]);
        kino_put_raw(b, "</a></li>");
    }
    kino_put_raw(b, "</ul>");
}

void kino_put_elsewhere(kino_buffer *b, const kino_page *p)
{
    if (!p->elsewhere || !p->elsewhere->count)
        return;
    kino_put_raw(b, "<h3>TMDB knows</h3><ul class=\"list\">");
    for (size_t i = 0; i < p->elsewhere->count; i++) {
        kino_put_raw(b, "<li><form method=\"post\" action=\"add\">");
        put_match(b, &p->elsewhere->items[i]);
        if (p->may_add)
            kino_buffer_print(b, "<button class=\"press\" name=\"tmdb\" value=\"%lld\">Add and go on</button>",
                              (long long)p->elsewhere->items[i].id);
        kino_put_raw(b, "</form></li>");
    }
    kino_put_raw(b, "</ul>");
}
