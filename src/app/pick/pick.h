/* pick.h - kino pick: what is on the screen and what keys do to it. Nothing here knows a terminal.
 *
 *   pick.c     what is typed, the lists, what keys do     said.c     likes, dislikes and the wish; undo
 *   lists.c    what the catalogue answers                 screen.c   how it looks
 *   keys.c     keys and mouse                             command.c  begin and end */
#ifndef KINO_APP_PICK_PICK_H
#define KINO_APP_PICK_PICK_H

#include "app/shared/app.h"

typedef enum pick_kind {
    PICK_FOUND, /* films of a title, or about what is typed, or wished for */
    PICK_NEAR,  /* films like one */
    PICK_TASTE, /* films like those that were marked */
} pick_kind;

typedef struct pick_entry {
    int64_t id;
    const char *title, *detail; /* detail: genres, or how many votes */
    const char *reasons;        /* a sentence of what it has in common with what is liked, or "" */
    const char *parts;          /* "plot 1.204, director 0.810": what the score is made of, or "" */
    int year;
    double score; /* NaN: none */
} pick_entry;

typedef struct pick_list {
    pick_kind kind;
    int64_t of;    /* PICK_NEAR: the film */
    char *heading; /* owned */
    char *read;    /* what was understood of the words, owned; NULL: nothing */
    pick_entry *items;
    size_t count, selected, top;
    kino_arena memory;
} pick_list;

#define PICK_DEPTH 16
#define PICK_TEXT 256 /* bytes that can be typed */
#define PICK_UNDO 64

typedef struct pick_mark {
    int64_t id;
    bool liked;
    char *name; /* "Alien (1979)"; owned */
} pick_mark;

/* What somebody has said: it is asked with every question, and can be taken back. */
typedef struct pick_said {
    pick_mark *marks; /* [KINO_MAX_SEEDS] */
    size_t mark_count;
    char wish[PICK_TEXT]; /* in words: "slow, 90s, not horror"; "": none */
} pick_said;

typedef struct pick {
    kino *k;
    const kino_query *base; /* filters and the like, for every question */
    bool bound;             /* there are filters, which titles alone do not know */
    char text[PICK_TEXT];
    size_t length;
    bool stale;                  /* the list of what is typed is to be asked for when it is looked at */
    pick_list lists[PICK_DEPTH]; /* [depth], each came from the one before; the last is shown */
    size_t depth;
    pick_said said, before[PICK_UNDO];
    size_t before_count;
    kino_error problem; /* of the last key; told until the next */
} pick;

/* `base` is lent until pick_free; `bound`: it has filters. */
void pick_init(pick *p, kino *k, const kino_query *base, bool bound);
void pick_free(pick *p);

pick_list *pick_shown(pick *p);
const pick_entry *pick_selected(pick *p); /* NULL: the list is empty */

/* ---- said.c ---- */

void pick_said_free(pick_said *s);
/* Keeps what is said now for pick_undo. */
void pick_remember(pick *p);
void pick_undo(pick *p); /* takes back the last toggle or wish */
/* The mark of a film, or mark_count. */
size_t pick_mark_of(const pick *p, int64_t id);
/* Whether a film is liked (1), not (-1) or neither (0). */
int pick_marked(const pick *p, int64_t id);
/* The ids of what is liked, or not, but for one film; returns how many. */
size_t pick_marks(const pick *p, bool liked, int64_t but, int64_t ids[KINO_MAX_SEEDS]);

/* ---- pick.c again ---- */

void pick_type(pick *p, int32_t code_point);
void pick_say(pick *p, const char *words); /* behind what is typed, with a space before them */
void pick_erase(pick *p);                  /* the last letter */
void pick_clear(pick *p);                  /* all of the text */
void pick_move(pick *p, long by);
void pick_choose(pick *p, size_t which); /* a film of the list by its place */
void pick_near(pick *p);                 /* films like the selected one */
void pick_taste(pick *p);                /* films like the marked ones */
void pick_toggle(pick *p, bool liked);
void pick_wish(pick *p); /* makes what is typed the wish; nothing typed: there is none any more */
bool pick_back(pick *p); /* to the list before; false: there is none */

/* ---- lists.c: each fills a zeroed list, or tells p->problem and leaves it empty ---- */

void pick_find(pick *p, pick_list *l);
void pick_ask_near(pick *p, const pick_entry *of, pick_list *l);
void pick_ask_taste(pick *p, pick_list *l);

/* The command. */
kino_status app_pick(app *a, kino_error *err);

#endif
