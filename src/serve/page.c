/* page.c - the templates of src/page, {{slots}} filled in. */
#include "serve/page.h"

#include <stdlib.h>
#include <string.h>

#include "serve/write.h"

/* ---- what is said ---- */

static void put_seeds(kino_buffer *b, const kino_page *p, bool not, const char *before, bool styled)
{
    size_t said = 0;
    for (size_t i = 0; i < p->seed_count; i++) {
        if (p->seeds[i].disliked != not )
            continue;
        kino_put_raw(b, said++ ? ", " : before);
        kino_put_raw(b, styled ? "<em>" : "");
        if (styled)
            kino_put_film_name(b, p->seeds[i].title);
        else
            kino_put_html(b, p->seeds[i].title);
        kino_put_raw(b, styled ? "</em>" : "");
    }
}

static void put_words(kino_buffer *b, const char *before, const char *words, bool styled)
{
    kino_put_raw(b, before);
    kino_put_raw(b, styled ? "<em><bdi>" : "");
    kino_put_html(b, words);
    kino_put_raw(b, styled ? "</bdi></em>" : "");
}

/* "Like Alien, not like Shrek, about grief, together with who likes Grease" */
static void put_question(kino_buffer *b, const kino_page *p, bool styled)
{
    const char *about = kino_page_value(p, "about"), *together = kino_page_value(p, "together");
    const size_t start = b->size;
    put_seeds(b, p, false, "Like ", styled);
    put_seeds(b, p, true, b->size > start ? ", not like " : "Not like ", styled);
    if (*about)
        put_words(b, b->size > start ? ", about " : "About ", about, styled);
    if (*together)
        put_words(b, b->size > start ? ", together with who likes " : "For who likes ", together, styled);
    if (b->size == start && p->results)
        kino_put_raw(b, "The best of those that pass");
}

static bool is_asked(const kino_page *p)
{
    return p->seed_count || p->error || p->candidates || p->results || *kino_page_value(p, "about") ||
           *kino_page_value(p, "together") || *kino_page_value(p, "q");
}

static void put_title(kino_buffer *b, const kino_page *p)
{
    const size_t start = b->size;
    put_question(b, p, false);
    kino_put_raw(b, b->size > start ? " · kino" : "kino: what should I watch next?");
}

static void put_status(kino_buffer *b, const kino_page *p)
{
    if (p->error)
        kino_put_html(b, p->error->text);
    else if (p->results)
        kino_buffer_print(b, "%zu %s", p->results->count, p->results->count == 1 ? "film" : "films");
}

/* ---- the answer ---- */

static void put_tries(kino_buffer *b)
{
    static const char *const tries[][2] = {
        {"?q=Spirited+Away", "like Spirited Away"},
        {"?q=Blade+Runner", "like Blade Runner"},
        {"?about=a+quiet+film+about+grief", "a quiet film about grief"},
        {"?about=robots+that+want+to+be+human", "robots that want to be human"},
        {"?about=a+heist+that+goes+wrong", "a heist that goes wrong"},
    };
    kino_put_raw(b, "<div class=\"start\"><p class=\"note\">For example</p><p class=\"tries\">");
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        kino_buffer_print(b, "<a href=\"%s\">%s</a> ", tries[i][0], tries[i][1]);
    kino_put_raw(b, "</p></div>");
}

/* Where main.js asks TMDB for a title when it is told to. */
static void put_lookup(kino_buffer *b, const kino_page *p, const char *title)
{
    if (!p->may_add || p->elsewhere || !*title)
        return;
    kino_put_raw(b, "<div id=\"elsewhere\" data-title=\"");
    kino_put_html(b, title);
    kino_put_raw(b, "\"></div>");
}

static void put_fault(kino_buffer *b, const kino_page *p)
{
    const bool which = p->candidates && p->candidates->count;
    kino_put_raw(b, which ? "<h2>Which film is meant?</h2>" : "<h2>No answer to that</h2>");
    kino_put_raw(b, "<p class=\"note fault\" dir=\"auto\">");
    kino_put_html(b, p->error->text);
    kino_put_raw(b, "</p>");
    if (which)
        kino_put_candidates(b, p);
    kino_put_elsewhere(b, p);
    if (p->error->status == KINO_NOT_FOUND)
        put_lookup(b, p, kino_page_value(p, "q"));
}

/* Twice as many, as long as there may be more. */
static void put_further(kino_buffer *b, const kino_page *p)
{
    const size_t count = p->results->count;
    if (count < KINO_PAGE_FILMS || count >= KINO_PAGE_MOST || count < strtoul(kino_page_value(p, "k"), NULL, 10))
        return;
    kino_put_raw(b, "<p class=\"further\"><a id=\"further\" href=\"");
    kino_put_link(b, p, KINO_STEP_MORE, (int64_t)(2 * count < KINO_PAGE_MOST ? 2 * count : KINO_PAGE_MOST));
    kino_put_raw(b, "\">More films</a></p>");
}

/* What the words were taken for, each of which can be taken off, and how else they may be read. */
static void put_understood(kino_buffer *b, const kino_page *p)
{
    const kino_results *r = p->results;
    if (p->or_words) {
        kino_put_raw(b, "<p class=\"note\">Or <a href=\"");
        kino_put_words_link(b, p->or_words);
        kino_put_raw(b, "\">films about these words</a>?</p>");
    }
    if (!r->understood_count && !r->other)
        return;
    kino_put_raw(b, "<ul class=\"chips read\" aria-label=\"What was understood\">");
    for (size_t i = 0; i < r->understood_count; i++) {
        const kino_understood *u = &r->understood[i];
        kino_buffer_print(b, "<li class=\"chip%s\"><span><small>%s</small> ",
                          u->dropped || !strncmp(u->as, "no", 2) ? " not" : "", u->as);
        kino_put_film_name(b, u->value);
        kino_put_raw(b, u->dropped ? " <small>left out: no film is all of it</small>" : "");
        kino_put_raw(b, "</span><a class=\"drop\" href=\"");
        kino_put_link_without(b, p, u->from, u->to, NULL);
        kino_put_raw(b, "\"><span aria-hidden=\"true\">×</span><span class=\"away\">Take out ");
        kino_put_html(b, u->text);
        kino_put_raw(b, "</span></a></li>");
    }
    kino_put_raw(b, "</ul>");
    if (!r->other)
        return;
    kino_put_raw(b, "<p class=\"note\">Or <a href=\"");
    kino_put_link_without(b, p, 0, 0, r->other);
    kino_put_raw(b, "\">");
    if (r->other_title)
        kino_put_film_name(b, r->other_title);
    else
        kino_put_raw(b, "films about these words");
    kino_put_raw(b, "</a>?</p>");
}

static void put_answer(kino_buffer *b, const kino_page *p)
{
    if (p->error) {
        put_fault(b, p);
    } else if (p->results) {
        kino_put_raw(b, "<h2>");
        put_question(b, p, true);
        kino_put_raw(b, "</h2>");
        put_understood(b, p);
        put_lookup(b, p, p->unknown ? p->unknown : "");
        if (p->results->count) {
            kino_buffer_print(b, "<p class=\"note\">%zu %s in %.1f ms</p>", p->results->count,
                              p->results->count == 1 ? "film" : "films", p->results->took_ms);
            kino_put_cards(b, p);
            put_further(b, p);
        } else {
            kino_put_raw(b, "<p class=\"note fault\">No film passes these filters. Loosen one.</p>");
        }
    } else if (p->seed_count) {
        kino_put_raw(b, "<h2>Not like these</h2><p class=\"note fault\">Name a film you do like, or say what it should "
                        "be about.</p>");
    } else {
        put_tries(b);
    }
}

/* ---- the form ---- */

static void put_chips(kino_buffer *b, const kino_page *p)
{
    if (!p->seed_count)
        return;
    kino_put_raw(b, "<ul class=\"chips\" aria-label=\"Films of the question\">");
    for (size_t i = 0; i < p->seed_count; i++) {
        const kino_page_seed *s = &p->seeds[i];
        kino_buffer_print(b,
                          "<li class=\"chip%s\" id=\"chip%lld\">"
                          "<input type=\"hidden\" name=\"%s\" value=\"%lld\"><span>",
                          s->disliked ? " not" : "", (long long)s->id, s->disliked ? "not" : "like", (long long)s->id);
        kino_put_film_name(b, s->title);
        if (s->year)
            kino_buffer_print(b, " <small>%d</small>", s->year);
        kino_put_raw(b, "</span><a class=\"side\" href=\"");
        kino_put_link(b, p, s->disliked ? KINO_STEP_LIKE : KINO_STEP_NOT, s->id);
        kino_buffer_print(b,
                          "\" title=\"Change to %s\">%s<span class=\"away\">: change to %s </span></a>"
                          "<a class=\"drop\" href=\"",
                          s->disliked ? "like" : "not like", s->disliked ? "not like" : "like",
                          s->disliked ? "like" : "not like");
        kino_put_link(b, p, KINO_STEP_DROP, s->id);
        kino_put_raw(b, "\"><span aria-hidden=\"true\">×</span><span class=\"away\">Take out ");
        kino_put_film_name(b, s->title);
        kino_put_raw(b, "</span></a></li>");
    }
    kino_put_raw(b, "</ul>");
}

static bool has_dials(const kino_page *p)
{
    static const char *const dials[] = {"genre",      "no_genre",  "year",   "lang",      "runtime",
                                        "min_rating", "min_votes", "weight", "diversity", "popularity"};
    for (size_t i = 0; i < sizeof dials / sizeof *dials; i++) {
        const char *value = kino_page_value(p, dials[i]);
        if (*value && !(!strcmp(dials[i], "diversity") && !strcmp(value, KINO_PAGE_DIVERSITY)) &&
            !(!strcmp(dials[i], "popularity") && !strcmp(value, "0")))
            return true;
    }
    return false;
}

/* ---- slots ---- */

static void put_value(kino_buffer *b, const kino_page *p, const char *name, const char *usual)
{
    const char *value = kino_page_value(p, name);
    kino_put_html(b, *value ? value : usual);
}

/* The films of the question, for the way between list and map. */
static void put_same_films(kino_buffer *b, const kino_page *p)
{
    if (p->seed_count)
        kino_put_link(b, p, KINO_STEP_NONE, 0);
}

static void put_neighbours(kino_buffer *b, const kino_page *p)
{
    if (!p->seed_count) {
        kino_put_raw(b, "<p class=\"note\">Begin with <a href=\"./\">a film</a>; its neighbours are then listed "
                        "here and lit on the map.</p>");
        return;
    }
    kino_put_raw(b, "<p class=\"note\">Each leads to its own neighbours.</p><ol class=\"list\">");
    for (size_t i = 0; i < p->seed_count; i++) {
        kino_buffer_print(b, "<li><a href=\"./?like=%lld\" data-here data-film=\"%lld\" data-title=\"",
                          (long long)p->seeds[i].id, (long long)p->seeds[i].id);
        kino_put_html(b, p->seeds[i].title);
        kino_put_raw(b, "\"><strong>");
        kino_put_film_name(b, p->seeds[i].title);
        kino_put_raw(b, "</strong>");
        if (p->seeds[i].year)
            kino_buffer_print(b, " <small>%d</small>", p->seeds[i].year);
        kino_put_raw(b, "<small>its films as cards</small></a></li>");
    }
    for (size_t i = 0; p->results && i < p->results->count; i++) {
        const kino_movie *m = p->results->items[i].movie;
        kino_buffer_print(b, "<li><a href=\"map?like=%lld\" data-film=\"%lld\" data-title=\"", (long long)m->id,
                          (long long)m->id);
        kino_put_html(b, m->title);
        kino_put_raw(b, "\">");
        kino_put_film_name(b, m->title);
        if (m->year)
            kino_buffer_print(b, " <small>%d</small>", m->year);
        if (m->genres.count) {
            kino_put_raw(b, " <small>");
            kino_put_html(b, m->genres.items[0].name);
            kino_put_raw(b, "</small>");
        }
        kino_put_raw(b, "</a></li>");
    }
    kino_put_raw(b, "</ol>");
}

static void fill_films(kino_buffer *b, const kino_page *p, const void *ctx, const char *slot)
{
    (void)ctx;
    if (!strcmp(slot, "title"))
        put_title(b, p);
    else if (!strcmp(slot, "here"))
        kino_put_link(b, p, KINO_STEP_NONE, 0);
    else if (!strcmp(slot, "map"))
        put_same_films(b, p);
    else if (!strcmp(slot, "asked"))
        kino_put_raw(b, is_asked(p) ? " asked" : "");
    else if (!strcmp(slot, "label"))
        kino_put_raw(b,
                     p->seed_count ? "Another film you like, or a wish" : "A film you like, or a wish in your words");
    else if (!strcmp(slot, "chips"))
        put_chips(b, p);
    else if (!strcmp(slot, "open"))
        kino_put_raw(b, has_dials(p) ? " open" : "");
    else if (!strcmp(slot, "genres"))
        kino_put_genres(b, p);
    else if (!strcmp(slot, "q"))
        put_value(b, p, p->error || p->candidates ? "q" : "", "");
    else if (!strcmp(slot, "about") || !strcmp(slot, "together") || !strcmp(slot, "year"))
        put_value(b, p, slot, "");
    else if (!strcmp(slot, "diversity"))
        put_value(b, p, slot, KINO_PAGE_DIVERSITY);
    else if (!strcmp(slot, "usual"))
        kino_put_raw(b, KINO_PAGE_DIVERSITY);
    else if (!strcmp(slot, "popularity"))
        put_value(b, p, slot, "0");
    else if (!strcmp(slot, "reset"))
        kino_put_raw(b, is_asked(p) ? "<a href=\"./\">Begin anew</a>" : "");
    else if (!strcmp(slot, "answer"))
        put_answer(b, p);
    else if (!strcmp(slot, "status"))
        put_status(b, p);
    else
        kino_put_choice(b, p, slot);
}

static void fill_map(kino_buffer *b, const kino_page *p, const void *ctx, const char *slot)
{
    (void)ctx;
    if (!strcmp(slot, "title"))
        kino_put_raw(b, "The map of the catalogue · kino");
    else if (!strcmp(slot, "here"))
        put_same_films(b, p);
    else if (!strcmp(slot, "heading"))
        kino_put_raw(b, p->seed_count ? "Nearest films" : "As a list");
    else if (!strcmp(slot, "list"))
        put_neighbours(b, p);
}

/* A template is ours: a slot is a short name between double braces. */
static const kino_page_file *find_file(const char *name)
{
    size_t count = 0;
    const kino_page_file *file = kino_page_files(&count);
    while (strcmp(file->name, name) != 0)
        file++;
    return file;
}

void kino_fill_page(const char *name, const kino_page *p, const void *ctx,
                    void (*slot)(kino_buffer *, const kino_page *, const void *ctx, const char *), kino_buffer *out)
{
    const kino_page_file *file = find_file(name), *drawings = find_file("drawings.html");
    const char *at = file->bytes, *end = file->end;
    while (at < end) {
        const char *brace = memchr(at, '{', (size_t)(end - at));
        if (!brace || end - brace < 4 || brace[1] != '{') {
            const char *stop = brace ? brace + 1 : end;
            kino_buffer_put(out, at, (size_t)(stop - at));
            at = stop;
            continue;
        }
        char what[16] = "";
        kino_buffer_put(out, at, (size_t)(brace - at));
        at = brace + 2;
        for (size_t i = 0; at < end && *at != '}' && i + 1 < sizeof what; i++)
            what[i] = *at++;
        at += 2;
        if (!strcmp(what, "drawings"))
            kino_buffer_put(out, drawings->bytes, (size_t)(drawings->end - drawings->bytes));
        else
            slot(out, p, ctx, what);
    }
}

void kino_page_films(const kino_page *p, kino_buffer *out)
{
    kino_fill_page("index.html", p, NULL, fill_films, out);
}

void kino_page_map(const kino_page *p, kino_buffer *out)
{
    kino_fill_page("map.html", p, NULL, fill_map, out);
}
