/* pick.c - the state of kino pick: its lists, what is typed, and what each key changes. */
#include "app/pick/pick.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

/* ---- lists ---- */

static void list_free(pick_list *l)
{
    free(l->heading);
    free(l->read);
    kino_arena_free(&l->memory);
    *l = (pick_list){0};
}

static void find_anew(pick *p)
{
    while (p->depth > 1)
        list_free(&p->lists[--p->depth]);
    list_free(&p->lists[0]);
    p->stale = false;
    pick_find(p, &p->lists[0]);
}

pick_list *pick_shown(pick *p)
{
    if (p->stale)
        find_anew(p);
    return &p->lists[p->depth - 1];
}

const pick_entry *pick_selected(pick *p)
{
    pick_list *l = pick_shown(p);
    return l->count ? &l->items[l->selected] : NULL;
}

/* A place for one more list; where there are too many, the oldest of them but the first goes. */
static pick_list *push(pick *p)
{
    if (p->depth == PICK_DEPTH) {
        list_free(&p->lists[1]);
        memmove(&p->lists[1], &p->lists[2], (PICK_DEPTH - 2) * sizeof *p->lists);
        p->depth--;
        p->lists[p->depth] = (pick_list){0};
    }
    return &p->lists[p->depth++];
}

/* ---- what was said ---- */

void pick_toggle(pick *p, bool liked)
{
    const pick_entry *e = pick_selected(p);
    pick_said *s = &p->said;
    if (!e)
        return;
    const size_t i = pick_mark_of(p, e->id);
    if (i == KINO_MAX_SEEDS) {
        kino_fail(&p->problem, KINO_USAGE, "At most %d films can be marked", KINO_MAX_SEEDS);
        return;
    }
    pick_remember(p);
    if (i < s->mark_count && s->marks[i].liked == liked) {
        free(s->marks[i].name);
        memmove(&s->marks[i], &s->marks[i + 1], (--s->mark_count - i) * sizeof *s->marks);
    } else if (i < s->mark_count) {
        s->marks[i].liked = liked;
    } else {
        kino_buffer b = {0};
        app_put_title(&b, e->title, e->year);
        s->marks[s->mark_count++] = (pick_mark){e->id, liked, b.data};
    }
}

void pick_wish(pick *p)
{
    if (!p->length && !*p->said.wish) {
        kino_fail(&p->problem, KINO_USAGE, "Type what it should be first: \"slow, from the 90s, not horror\"");
        return;
    }
    pick_remember(p);
    memcpy(p->said.wish, p->text, sizeof p->said.wish);
    pick_clear(p);
}

/* ---- begin and end ---- */

void pick_init(pick *p, kino *k, const kino_query *base, bool bound)
{
    *p = (pick){.k = k, .base = base, .bound = bound, .depth = 1};
    p->said.marks = kino_alloc_array(KINO_MAX_SEEDS, sizeof *p->said.marks);
}

void pick_free(pick *p)
{
    for (size_t i = 0; i < p->depth; i++)
        list_free(&p->lists[i]);
    for (size_t i = 0; i < p->before_count; i++)
        pick_said_free(&p->before[i]);
    pick_said_free(&p->said);
}

/* ---- what keys do ---- */

void pick_type(pick *p, int32_t code_point)
{
    kino_buffer b = {0};
    kino_utf8_put(&b, code_point);
    if (p->length + b.size < PICK_TEXT) {
        memcpy(p->text + p->length, b.data, b.size + 1);
        p->length += b.size;
        p->stale = true;
    }
    free(b.data);
}

void pick_say(pick *p, const char *words)
{
    const size_t n = strlen(words);
    if (p->length)
        pick_type(p, ' ');
    for (size_t i = 0; i < n;) {
        int32_t c;
        i += kino_utf8_next(words + i, n - i, &c);
        if (c >= ' ')
            pick_type(p, c);
    }
}

void pick_erase(pick *p)
{
    while (p->length && ((unsigned char)p->text[--p->length] & 0xC0) == 0x80)
        ;
    memset(p->text + p->length, 0, PICK_TEXT - p->length);
    p->stale = true;
}

void pick_clear(pick *p)
{
    p->length = 0;
    memset(p->text, 0, sizeof p->text);
    p->stale = true;
}

void pick_choose(pick *p, size_t which)
{
    pick_list *l = pick_shown(p);
    if (l->count)
        l->selected = which < l->count ? which : l->count - 1;
}

void pick_move(pick *p, long by)
{
    const pick_list *l = pick_shown(p);
    const long to = (long)l->selected + by;
    pick_choose(p, to > 0 ? (size_t)to : 0);
}

void pick_near(pick *p)
{
    const pick_entry *e = pick_selected(p);
    const pick_list *l = pick_shown(p);
    if (!e || (l->kind == PICK_NEAR && l->of == e->id))
        return;
    const pick_entry of = {.id = e->id, .title = kino_strdup(e->title), .year = e->year};
    pick_ask_near(p, &of, push(p)); /* which may take the list that the film is in */
    free((char *)of.title);
}

void pick_taste(pick *p)
{
    pick_list *l = pick_shown(p);
    if (l->kind == PICK_TASTE)
        list_free(l);
    else
        l = push(p);
    pick_ask_taste(p, l);
}

bool pick_back(pick *p)
{
    if (pick_shown(p) == &p->lists[0])
        return false;
    list_free(&p->lists[--p->depth]);
    return true;
}
