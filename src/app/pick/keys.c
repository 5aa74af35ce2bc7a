/* keys.c - kino pick: what keys and the mouse do. */
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "app/pick/view.h"

enum { FAR = 1000000 };

/* The film under the mouse is chosen; once more, and films like it are shown. */
static void click(view *v, int row)
{
    const pick_list *l = pick_shown(&v->p);
    const size_t which = l->top + (size_t)(row - VIEW_TOP);
    if (row < VIEW_TOP || (size_t)(row - VIEW_TOP) >= view_page(v) || which >= l->count)
        return;
    if (which == l->selected)
        pick_near(&v->p);
    else
        pick_choose(&v->p, which);
}

static void do_mouse(view *v)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return;
    if (event.bstate & BUTTON1_PRESSED)
        click(v, event.y);
    else if (event.bstate & BUTTON4_PRESSED)
        pick_move(&v->p, -3);
    else if (event.bstate & BUTTON5_PRESSED)
        pick_move(&v->p, 3);
}

void view_mouse(void)
{
    mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    mouseinterval(0); /* a click is told when it begins, not after the time of a second one */
}

/* Enter: false where it takes the film and ends. */
static bool enter(view *v)
{
    if (!v->print) {
        pick_near(&v->p);
        return true;
    }
    v->taken = pick_selected(&v->p) != NULL;
    return !v->taken;
}

static bool do_code(view *v, wint_t key)
{
    const long page = (long)view_page(v);
    switch (key) {
    case KEY_UP:
        pick_move(&v->p, -1);
        break;
    case KEY_DOWN:
        pick_move(&v->p, 1);
        break;
    case KEY_PPAGE:
        pick_move(&v->p, -page);
        break;
    case KEY_NPAGE:
        pick_move(&v->p, page);
        break;
    case KEY_HOME:
        pick_move(&v->p, -FAR);
        break;
    case KEY_END:
        pick_move(&v->p, FAR);
        break;
    case KEY_RIGHT:
        pick_near(&v->p);
        break;
    case KEY_ENTER:
        return enter(v);
    case KEY_LEFT:
        pick_back(&v->p);
        break;
    case KEY_BACKSPACE:
        pick_erase(&v->p);
        break;
    case KEY_MOUSE:
        do_mouse(v);
        break;
    case KEY_RESIZE:
        getmaxyx(stdscr, v->rows, v->columns);
        clear();
        break;
    default:
        break;
    }
    return true;
}

/* Back, else the text goes, else it ends. */
static bool escape(view *v)
{
    if (pick_back(&v->p))
        return true;
    if (!v->p.length)
        return false;
    pick_clear(&v->p);
    return true;
}

static bool do_letter(view *v, wint_t c)
{
    enum {
        CTRL_C = 3,
        CTRL_D = 4,
        BACKSPACE = 8,
        CTRL_N = 14,
        CTRL_P = 16,
        CTRL_U = 21,
        CTRL_W = 23,
        CTRL_Z = 26,
        ESCAPE = 27,
        DELETE = 127
    };
    switch (c) {
    case CTRL_C:
        v->interrupted = true;
        return false;
    case CTRL_D:
        return false;
    case ESCAPE:
        return escape(v);
    case BACKSPACE:
    case DELETE:
        pick_erase(&v->p);
        break;
    case CTRL_U:
        pick_clear(&v->p);
        break;
    case CTRL_N:
        pick_move(&v->p, 1);
        break;
    case CTRL_P:
        pick_move(&v->p, -1);
        break;
    case CTRL_W:
        pick_wish(&v->p);
        break;
    case CTRL_Z:
        pick_undo(&v->p);
        break;
    case '\t':
        pick_taste(&v->p);
        break;
    case '\r':
    case '\n':
        return enter(v);
    case '+':
        pick_toggle(&v->p, true);
        break;
    case '-':
        pick_toggle(&v->p, false);
        break;
    case '?':
        v->help = true;
        break;
    default:
        if (c >= ' ')
            pick_type(&v->p, (int32_t)c);
    }
    return true;
}

bool view_key(view *v, bool is_code, wint_t key)
{
    enum { CTRL_L = 12, ESCAPE = 27 };
    const bool was_help = v->help;
    if (!is_code && key == CTRL_L) { /* the same once more, whatever became of it */
        clearok(stdscr, true);
        return true;
    }
    v->help = false;
    v->p.problem = (kino_error){0};
    if (was_help && (is_code ? key != KEY_RESIZE : key == '?' || key == ESCAPE))
        return true; /* it only takes the help away */
    return is_code ? do_code(v, key) : do_letter(v, key);
}
