/* screen.c - how kino pick looks, by ncursesw, which sends what has changed and no more. */
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/pick/view.h"

enum {
    PLOT = 3, /* rows of what the selected film tells, where there is room for them but not for a panel */
    ROOM_FOR_PLOT = 16,
    ROOM_FOR_PANEL = 90, /* columns */
    PANEL_MOST = 60,
};

typedef enum tone { PLAIN, STRONG, LIKED, NOT_LIKED } tone;

void view_colors(view *v)
{
    v->color = v->color && has_colors() && start_color() == OK && use_default_colors() == OK;
    if (!v->color)
        return;
    init_pair(STRONG, COLOR_CYAN, -1);
    init_pair(LIKED, COLOR_GREEN, -1);
    init_pair(NOT_LIKED, COLOR_RED, -1);
}

static attr_t toned(const view *v, tone t)
{
    return v->color ? COLOR_PAIR(t) : A_NORMAL;
}

/* ---- where things are ---- */

/* Columns of the panel beside the list; 0: there is none. */
static int panel(const view *v)
{
    const int width = v->columns * 2 / 5;
    return v->columns < ROOM_FOR_PANEL || v->rows < ROOM_FOR_PLOT ? 0 : width < PANEL_MOST ? width : PANEL_MOST;
}

static bool has_plot(const view *v)
{
    return !panel(v) && v->rows >= ROOM_FOR_PLOT;
}

size_t view_page(const view *v)
{
    const int room = v->rows - VIEW_TOP - 1 - (has_plot(v) ? PLOT + 1 : 0);
    return room > 0 ? (size_t)room : 1;
}

/* ---- text ---- */

/* Safe text from a column on, cut to a width; returns the columns it took. */
static int put(const view *v, int row, int column, int width, attr_t style, const char *text)
{
    kino_buffer safe = {0}, cut = {0};
    if (width <= 0 || row >= v->rows)
        return 0;
    app_put_safe(&safe, text);
    kino_buffer_put(&cut, "", 0);
    const size_t used = app_put_cut(&cut, safe.data ? safe.data : "", (size_t)width, v->ascii);
    size_t kept = 0;
    for (size_t i = 0; v->ascii && i < cut.size; i++) /* a ? for each letter that is not ASCII */
        if (((unsigned char)cut.data[i] & 0xC0) != 0x80)
            cut.data[kept++] = (unsigned char)cut.data[i] >= 0x80 ? '?' : cut.data[i];
    if (v->ascii)
        cut.data[kept] = 0;
    attrset(style);
    mvaddstr(row, column, cut.data);
    attrset(A_NORMAL);
    free(safe.data);
    free(cut.data);
    return (int)used;
}

/* "Liked: Alien (1979)   Not: Heat (1995)   Wish: slow, 90s" */
static void draw_said(const view *v)
{
    int column = 0;
    const pick_said *said = &v->p.said;
    for (int liked = 1; liked >= 0; liked--) {
        kino_buffer b = {0};
        for (size_t i = 0; i < said->mark_count; i++)
            if (said->marks[i].liked == liked)
                kino_buffer_print(&b, "%s%s", b.size ? ", " : liked ? "Liked: " : "Not: ", said->marks[i].name);
        if (b.size)
            column += 3 + put(v, 1, column, v->columns - column, toned(v, liked ? LIKED : NOT_LIKED), b.data);
        free(b.data);
    }
    if (*said->wish) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "Wish: %s", said->wish);
        put(v, 1, column, v->columns - column, toned(v, STRONG), b.data);
        free(b.data);
    }
}

static void draw_entry(const view *v, int row, int width, const pick_entry *e, bool selected)
{
    const int marked = pick_marked(&v->p, e->id);
    const attr_t back = selected ? A_REVERSE : A_NORMAL;
    kino_buffer title = {0};
    char score[16] = "";
    int column = 2;
    app_put_title(&title, e->title, e->year);
    mvhline(row, 0, (chtype)' ' | back, width);
    put(v, row, 0, 1, back | A_BOLD | toned(v, marked > 0 ? LIKED : NOT_LIKED),
        marked > 0   ? "+"
        : marked < 0 ? "-"
                     : " ");
    if (isfinite(e->score))
        snprintf(score, sizeof score, "%5.2f", e->score);
    const int end = width - (*score ? 6 : 0);
    column += put(v, row, column, end - column, back | (marked > 0 ? A_BOLD : A_NORMAL), title.data);
    if (end - column > 12)
        put(v, row, column + 2, end - column - 3, back | A_DIM, e->detail);
    put(v, row, end, 6, back | (selected ? A_NORMAL : toned(v, STRONG)), score);
    free(title.data);
}

/* ---- the selected film ---- */

static void put_list(kino_buffer *b, const char *label, const kino_list *list)
{
    enum { MOST = 8 };
    for (size_t i = 0; i < list->count && i < MOST; i++)
        kino_buffer_print(b, "%s%s", i ? ", " : label, list->items[i].name);
    kino_buffer_print(b, "%s", list->count ? "\n" : "");
}

static void put_line(kino_buffer *b, const char *before, const char *text, const char *after)
{
    if (*text)
        kino_buffer_print(b, "%s%s%s\n", before, text, after);
}

/* "117 min, rated 8.1 by 11,104, en" */
static void put_facts(kino_buffer *b, const kino_movie *m)
{
    char number[APP_NUMBER];
    const size_t before = b->size;
    if (isfinite(m->runtime))
        kino_buffer_print(b, "%.0f min", m->runtime);
    if (isfinite(m->rating))
        kino_buffer_print(b, "%srated %.1f", b->size > before ? ", " : "", m->rating);
    if (m->votes >= 0)
        kino_buffer_print(b, "%s%s",
                          isfinite(m->rating) ? " by "
                          : b->size > before  ? ", votes "
                                              : "votes ",
                          app_count_text(number, (uint64_t)m->votes));
    if (*m->language)
        kino_buffer_print(b, "%s%s", b->size > before ? ", " : "", m->language);
    kino_buffer_print(b, "%s", b->size > before ? "\n" : "");
}

/* Paragraphs, each of its line: what is known of the film, and why it is there. */
static void tell(kino_buffer *b, const kino_movie *m, const pick_entry *e)
{
    app_put_title(b, m->title, m->year);
    kino_buffer_byte(b, '\n');
    if (strcmp(m->title, m->original_title))
        put_line(b, "", m->original_title, "");
    put_list(b, "", &m->genres);
    put_facts(b, m);
    if (*e->reasons || *e->parts)
        kino_buffer_byte(b, '\n');
    put_line(b, "", e->reasons, ".");
    put_line(b, "Score: ", e->parts, "");
    kino_buffer_byte(b, '\n');
    put_line(b, "", m->overview, "");
    kino_buffer_byte(b, '\n');
    put_list(b, "Directed by ", &m->directors);
    put_list(b, "With ", &m->cast);
    put_list(b, "Themes: ", &m->keywords);
    put_line(b, "Series: ", m->collection.name, "");
}

/* Lines of text into a box, the first paragraph in a style; paragraphs are broken at its width. */
static void draw_lines(const view *v, int row, int rows, int column, int width, attr_t style, const char *text)
{
    for (; *text && rows > 0; style = A_NORMAL) {
        const size_t n = strcspn(text, "\n");
        kino_buffer paragraph = {0}, lines = {0};
        kino_buffer_put(&paragraph, text, n);
        app_put_wrapped(&lines, n ? paragraph.data : "", (size_t)width, 0, true);
        for (char *line = lines.data; *line && rows > 0; rows--, row++) {
            char *end = strchr(line, '\n');
            *end = 0;
            put(v, row, column, width, style, line);
            line = end + 1;
        }
        free(paragraph.data);
        free(lines.data);
        text += n + (text[n] == '\n');
    }
}

static void draw_film(const view *v, const pick_entry *e)
{
    kino_movie *m = NULL;
    kino_buffer b = {0};
    const int width = panel(v);
    if (kino_movie_get(v->p.k, e->id, &m, NULL))
        return;
    if (width) {
        tell(&b, m, e);
        mvvline(VIEW_TOP, v->columns - width - 1, v->ascii ? '|' : ACS_VLINE, v->rows - VIEW_TOP - 1);
        draw_lines(v, VIEW_TOP, v->rows - VIEW_TOP - 1, v->columns - width + 1, width - 1, A_BOLD, b.data);
    } else {
        put_line(&b, "", e->reasons, ".");
        put_line(&b, "", m->overview, "");
        draw_lines(v, v->rows - 1 - PLOT, PLOT, 1, v->columns - 2, A_NORMAL, b.data ? b.data : "");
    }
    free(b.data);
    kino_movie_free(m);
}

/* ---- the whole ---- */

static void draw_help(const view *v)
{
    static const char *const lines[] = {
        "letters        find titles, people, films about it: \"90s heist, not funny\"",
        "arrows, mouse  choose; Page Up and Down, Home, End",
        "Enter, Right   films like the chosen one (with --print: Enter takes it)",
        "Left, Escape   back; then the text goes, then it ends",
        "+  -           like, not like; once more takes it back",
        "Tab            films for all that you like",
        "Ctrl-W         keeps what is typed as a wish for every list; nothing typed: none",
        "Ctrl-Z         takes the last + - or wish back",
        "Ctrl-U         clears what is typed",
        "Ctrl-L         draws the screen anew",
        "Ctrl-D         ends; Ctrl-C too, without the command at the end",
    };
    put(v, VIEW_TOP - 1, 0, v->columns, A_BOLD, "Keys");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        put(v, VIEW_TOP + (int)i, 2, v->columns - 3, A_NORMAL, lines[i]);
}

static void draw_list(view *v)
{
    pick_list *l = pick_shown(&v->p);
    const size_t page = view_page(v);
    const int width = panel(v) ? v->columns - panel(v) - 2 : v->columns;
    if (l->selected < l->top)
        l->top = l->selected;
    if (l->selected >= l->top + page)
        l->top = l->selected - page + 1;
    const char *heading = l->heading ? l->heading : "Type a title, or what it should be";
    const int used = put(v, 2, 0, v->columns, A_BOLD, heading);
    if (l->read)
        put(v, 2, used + 3, v->columns - used - 3, A_DIM, l->read);
    for (size_t i = l->top; i < l->count && i < l->top + page; i++)
        draw_entry(v, VIEW_TOP + (int)(i - l->top), width, &l->items[i], i == l->selected);
    if (l->count && (panel(v) || has_plot(v)))
        draw_film(v, &l->items[l->selected]);
}

void view_draw(view *v)
{
    static const char prompt[] = "Find: ";
    const char *const keys = v->print ? "Enter takes it  Right films like it  + like  - not  ? keys  Esc end"
                                      : "Enter films like it  + like  - not  Tab for what you like  ? keys  Esc end";
    erase();
    if (v->help)
        draw_help(v);
    else
        draw_list(v);
    put(v, 0, 0, v->columns, A_BOLD | toned(v, STRONG), prompt);
    const int typed = put(v, 0, (int)strlen(prompt), v->columns - (int)strlen(prompt) - 1, A_NORMAL, v->p.text);
    draw_said(v);
    const char *problem = v->p.problem.text;
    put(v, v->rows - 1, 0, v->columns - 1, *problem ? A_BOLD | toned(v, NOT_LIKED) : A_DIM, *problem ? problem : keys);
    move(0, (int)strlen(prompt) + typed);
    refresh();
}
