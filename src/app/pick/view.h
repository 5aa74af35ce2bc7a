/* view.h - kino pick on a terminal: what screen.c, keys.c and command.c share. curses.h stands before it. */
#ifndef KINO_APP_PICK_VIEW_H
#define KINO_APP_PICK_VIEW_H

#include <signal.h>

#include "app/pick/pick.h"

typedef struct view {
    pick p;
    int fd; /* of the terminal, to read from */
    bool ascii, color;
    bool print; /* Enter takes a film and ends */
    bool help;  /* the keys are shown, until the next one */
    bool interrupted, taken;
    int rows, columns;
    sigset_t waiting; /* the signals that are blocked while it waits for a key, as they were before */
} view;

/* ---- screen.c ---- */

enum { VIEW_TOP = 3 }; /* rows above the list: what is typed, what was said, what the list is */

/* Begins to use colours, where it may. */
void view_colors(view *v);
size_t view_page(const view *v); /* films that the window shows */
void view_draw(view *v);

/* ---- keys.c ---- */

/* Asks for the mouse. */
void view_mouse(void);
/* A key as get_wch gives it; false: it ends. */
bool view_key(view *v, bool is_code, wint_t key);

#endif
