/* pick.h - kino pick: what is on the screen and what keys do to it. The screen itself is screen.c. */
#ifndef KINO_APP_PICK_PICK_H
#define KINO_APP_PICK_PICK_H

#include "app/shared/app.h"

typedef enum pick_kind {
    PICK_FOUND, /* films of a title */
    PICK_NEAR,  /* films like one */
    PICK_TASTE, /* films like those that were marked */
} pick_kind;

typedef struct pick_entry {
    int64_t id;
    const char *title, *detail; /* detail: genres, or how many votes */
    int year;
    double score; /* NaN: none */
} pick_entry;

typedef struct pick_list {
    pick_kind kind;
    int64_t of;    /* PICK_NEAR: the film */
    char *heading; /* owned */
    pick_entry *items;
    size_t count, selected, top;
    kino_arena memory;
} pick_list;

#define PICK_DEPTH 16
#define PICK_TEXT 256 /* bytes that can be typed */

typedef struct pick_mark {
    int64_t id;
    bool liked;
    char *name; /* "Alien (1979)"; owned */
} pick_mark;

typedef struct pick {
    kino *k;
    char text[PICK_TEXT];
    size_t length;
    pick_list lists[PICK_DEPTH]; /* [depth], each came from the one before; the last is shown */
    size_t depth;
    pick_mark marks[KINO_MAX_SEEDS];
    size_t mark_count;
    kino_error problem; /* of the last key; told until the next */
} pick;

void pick_init(pick *p, kino *k);
void pick_free(pick *p);

pick_list *pick_shown(pick *p);
const pick_entry *pick_selected(pick *p); /* NULL: the list is empty */
/* Whether a film is liked (1), not (-1) or neither (0). */
int pick_marked(const pick *p, int64_t id);

void pick_type(pick *p, int32_t code_point);
void pick_say(pick *p, const char *words); /* behind what is typed, with a space before them */
void pick_erase(pick *p);                  /* the last letter */
void pick_clear(pick *p);                  /* all of the text */
void pick_move(pick *p, long by);
void pick_near(pick *p);  /* films like the selected one */
void pick_taste(pick *p); /* films like the marked ones */
void pick_toggle(pick *p, bool liked);
bool pick_back(pick *p); /* to the list before; false: there is none */

/* The command. */
kino_status app_pick(app *a, kino_error *err);

#endif
