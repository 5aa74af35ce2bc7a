/* pick.c - the state of kino pick: its lists, its fields, and what each key changes. */
#include "app/pick/pick.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

enum { FOUND = 50, ANSWERED = 50 }; /* films of a list: two screens of a usual terminal */

/* ---- lists ---- */

static void list_free(pick_list *l)
{
    free(l->heading);
    kino_arena_free(&l->memory);
    *l = (pick_list){0};
}

void pick_init(pick *p, kino *k)
{
    *p = (pick){.k = k, .depth = 1};
}

void pick_free(pick *p)
{
    for (size_t i = 0; i < p->depth; i++)
        list_free(&p->lists[i]);
    for (size_t i = 0; i < p->mark_count; i++)
        free(p->marks[i].name);
}

pick_list *pick_shown(pick *p)
{
    return &p->lists[p->depth - 1];
}

const pick_entry *pick_selected(pick *p)
{
    pick_list *l = pick_shown(p);
    return l->count ? &l->items[l->selected] : NULL;
}

/* A list of films that were found; on a failure it is empty. */
static void find(pick *p, pick_list *l)
{
    kino_matches *m = NULL;
    char number[APP_NUMBER];
    l->kind = PICK_FOUND;
    if (!p->text[strspn(p->text, " ")] || kino_find(p->k, p->text, FOUND, &m, &p->problem))
        return;
    l->items = kino_arena_alloc(&l->memory, (m->count + 1) * sizeof *l->items);
    for (size_t i = 0; i < m->count; i++) {
        const kino_match *one = &m->items[i];
        kino_buffer b = {0};
        kino_buffer_put(&b, "", 0);
        if (one->votes >= 0)
            kino_buffer_print(&b, "%s votes", app_count_text(number, (uint64_t)one->votes));
        l->items[l->count++] = (pick_entry){one->id, kino_arena_strdup(&l->memory, one->title),
                                            kino_arena_strdup(&l->memory, b.data), one->year, NAN};
        free(b.data);
    }
    kino_matches_free(m);
}

static void ask(pick *p, const kino_query *q, pick_list *l)
{
    kino_results *r = NULL;
    if (kino_recommend(p->k, q, &r, &p->problem))
        return;
    l->items = kino_arena_alloc(&l->memory, (r->count + 1) * sizeof *l->items);
    for (size_t i = 0; i < r->count; i++) {
        const kino_movie *m = r->items[i].movie;
        kino_buffer b = {0};
        kino_buffer_put(&b, "", 0);
        for (size_t g = 0; g < m->genres.count; g++)
            kino_buffer_print(&b, "%s%s", g ? ", " : "", m->genres.items[g].name);
        l->items[l->count++] = (pick_entry){m->id, kino_arena_strdup(&l->memory, m->title),
                                            kino_arena_strdup(&l->memory, b.data), m->year, r->items[i].score};
        free(b.data);
    }
    kino_results_free(r);
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

static void find_anew(pick *p)
{
    while (p->depth > 1)
        list_free(&p->lists[--p->depth]);
    list_free(&p->lists[0]);
    find(p, &p->lists[0]);
}

/* ---- marks ---- */

static size_t mark_of(const pick *p, int64_t id)
{
    size_t i = 0;
    while (i < p->mark_count && p->marks[i].id != id)
        i++;
    return i;
}

int pick_marked(const pick *p, int64_t id)
{
    const size_t i = mark_of(p, id);
    return i == p->mark_count ? 0 : p->marks[i].liked ? 1 : -1;
}

/* The ids of one kind, but for one film; returns how many. */
static size_t marked_ids(const pick *p, bool liked, int64_t but, int64_t ids[KINO_MAX_SEEDS])
{
    size_t n = 0;
    for (size_t i = 0; i < p->mark_count && n < KINO_MAX_SEEDS; i++)
        if (p->marks[i].liked == liked && p->marks[i].id != but)
            ids[n++] = p->marks[i].id;
    return n;
}

static void fill_taste(pick *p, pick_list *l)
{
    int64_t like[KINO_MAX_SEEDS], dislike[KINO_MAX_SEEDS];
    const kino_query q = {.like = like,
                          .like_count = marked_ids(p, true, 0, like),
                          .dislike = dislike,
                          .dislike_count = marked_ids(p, false, 0, dislike),
                          .k = ANSWERED};
    l->kind = PICK_TASTE;
    l->heading = kino_strdup("For what you like");
    if (q.like_count)
        ask(p, &q, l);
    else
        kino_fail(&p->problem, KINO_USAGE, "Nothing is liked yet: + on a film");
}

/* ---- keys ---- */

void pick_type(pick *p, int32_t code_point)
{
    kino_buffer b = {0};
    kino_utf8_put(&b, code_point);
    if (p->length + b.size < PICK_TEXT) {
        memcpy(p->text + p->length, b.data, b.size + 1);
        p->length += b.size;
        find_anew(p);
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
    p->text[p->length] = 0;
    find_anew(p);
}

void pick_clear(pick *p)
{
    p->length = 0;
    p->text[0] = 0;
    find_anew(p);
}

void pick_move(pick *p, long by)
{
    pick_list *l = pick_shown(p);
    const long to = (long)l->selected + by;
    if (l->count)
        l->selected = to < 0 ? 0 : to >= (long)l->count ? l->count - 1 : (size_t)to;
}

void pick_near(pick *p)
{
    const pick_entry *e = pick_selected(p);
    int64_t dislike[KINO_MAX_SEEDS];
    if (!e)
        return;
    const int64_t id = e->id;
    const kino_query q = {.like = &id,
                          .like_count = 1,
                          .dislike = dislike,
                          .dislike_count = marked_ids(p, false, id, dislike),
                          .k = ANSWERED};
    kino_buffer b = {0};
    kino_buffer_print(&b, "Like ");
    app_put_title(&b, e->title, e->year);
    pick_list *l = push(p);
    l->kind = PICK_NEAR;
    l->of = id;
    l->heading = b.data;
    ask(p, &q, l);
}

void pick_taste(pick *p)
{
    pick_list *l = pick_shown(p);
    if (l->kind == PICK_TASTE)
        list_free(l);
    else
        l = push(p);
    fill_taste(p, l);
}

void pick_toggle(pick *p, bool liked)
{
    const pick_entry *e = pick_selected(p);
    if (!e)
        return;
    const size_t i = mark_of(p, e->id);
    if (i < p->mark_count && p->marks[i].liked == liked) {
        free(p->marks[i].name);
        memmove(&p->marks[i], &p->marks[i + 1], (--p->mark_count - i) * sizeof *p->marks);
    } else if (i < p->mark_count) {
        p->marks[i].liked = liked;
    } else if (p->mark_count == KINO_MAX_SEEDS) {
        kino_fail(&p->problem, KINO_USAGE, "At most %d films can be marked", KINO_MAX_SEEDS);
    } else {
        kino_buffer b = {0};
        app_put_title(&b, e->title, e->year);
        p->marks[p->mark_count++] = (pick_mark){e->id, liked, b.data};
    }
}

bool pick_back(pick *p)
{
    if (p->depth == 1)
        return false;
    list_free(&p->lists[--p->depth]);
    return true;
}
