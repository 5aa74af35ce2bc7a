/* lists.c - the lists of kino pick: what the catalogue answers to what is typed, chosen, marked and wished for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/pick/pick.h"
#include "app/shared/question.h"
#include "ask/reasons.h"
#include "base/status.h"

enum {
    TITLES = 20,   /* films of that name: who means another one types on */
    ANSWERED = 50, /* films of a list: two screens of a usual terminal */
};

/* ---- entries ---- */

static bool has(const pick_list *l, int64_t id)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i].id == id)
            return true;
    return false;
}

/* Texts of an entry go into the list; the buffer is freed. */
static const char *kept(pick_list *l, kino_buffer *b)
{
    const char *text = kino_arena_strdup(&l->memory, b->data ? b->data : "");
    free(b->data);
    *b = (kino_buffer){0};
    return text;
}

static const char *genres_of(pick_list *l, const kino_movie *m)
{
    kino_buffer b = {0};
    for (size_t g = 0; g < m->genres.count; g++)
        kino_buffer_print(&b, "%s%s", g ? ", " : "", m->genres.items[g].name);
    return kept(l, &b);
}

static const char *parts_of(pick_list *l, const kino_result *r)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < r->part_count; i++)
        if (r->parts[i].value != 0)
            kino_buffer_print(&b, "%s%s %.3f", b.size ? ", " : "", r->parts[i].name, r->parts[i].value);
    return kept(l, &b);
}

/* Films of a title; misspelt ones, or the others. */
static void put_matches(pick_list *l, const kino_matches *m, bool misspelt)
{
    char number[APP_NUMBER];
    for (size_t i = 0; m && i < m->count; i++) {
        const kino_match *one = &m->items[i];
        kino_buffer b = {0};
        if (!strcmp(one->match, "typo") != misspelt || has(l, one->id))
            continue;
        if (one->votes >= 0)
            kino_buffer_print(&b, "%s votes", app_count_text(number, (uint64_t)one->votes));
        l->items[l->count++] = (pick_entry){.id = one->id,
                                            .title = kino_arena_strdup(&l->memory, one->title),
                                            .detail = kept(l, &b),
                                            .reasons = "",
                                            .parts = "",
                                            .year = one->year,
                                            .score = NAN};
    }
}

static void put_results(pick_list *l, const kino_results *r)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < r->count; i++) {
        const kino_movie *m = r->items[i].movie;
        if (has(l, m->id))
            continue;
        kino_reasons_put(&b, &r->items[i]);
        l->items[l->count++] = (pick_entry){.id = m->id,
                                            .title = kino_arena_strdup(&l->memory, m->title),
                                            .detail = genres_of(l, m),
                                            .reasons = kept(l, &b),
                                            .parts = parts_of(l, &r->items[i]),
                                            .year = m->year,
                                            .score = r->items[i].score};
    }
}

/* ---- questions ---- */

/* Asks for films, with the filters of the command line, and puts them behind what is in the list. */
static void ask(pick *p, kino_query q, const char *about, pick_list *l)
{
    kino_results *r = NULL;
    kino_buffer read = {0};
    q.about = *about ? about : NULL;
    q.k = ANSWERED;
    q.filter = p->base->filter;
    q.unseen = p->base->unseen;
    q.unseen_count = p->base->unseen_count;
    if (!l->items)
        l->items = kino_arena_alloc(&l->memory, (ANSWERED + 1) * sizeof *l->items);
    if (kino_recommend(p->k, &q, &r, &p->problem))
        return;
    put_results(l, r);
    app_put_understood(&read, r);
    l->read = read.data;
    kino_results_free(r);
}

static bool has_letters(const char *text)
{
    return text[strspn(text, " ")];
}

/* Films of that name, then those about it; misspelt names where the words say nothing else. */
void pick_find(pick *p, pick_list *l)
{
    kino_matches *m = NULL;
    kino_buffer about = {0};
    const char *wish = p->said.wish;
    l->kind = PICK_FOUND;
    if (!has_letters(p->text) && !has_letters(wish))
        return;
    l->items = kino_arena_alloc(&l->memory, (ANSWERED + TITLES + 1) * sizeof *l->items);
    if (has_letters(p->text) && !p->bound && !kino_find(p->k, p->text, TITLES, &m, &p->problem))
        put_matches(l, m, false);
    const bool named = l->count;
    kino_buffer_print(&about, "%s%s%s", p->text, has_letters(p->text) && *wish ? ", " : "", wish);
    ask(p, (kino_query){.reading = named ? KINO_READ_AS_WORDS : KINO_READ_AS_SEEN}, about.data, l);
    put_matches(l, m, true);
    l->heading = kino_strdup(named                   ? "Films of that name"
                             : !l->count             ? "No film of that name, and none about it"
                             : !has_letters(p->text) ? "What you wish for"
                                                     : "Films about it");
    free(about.data);
    kino_matches_free(m);
}

void pick_ask_near(pick *p, const pick_entry *of, pick_list *l)
{
    int64_t dislike[KINO_MAX_SEEDS];
    kino_buffer b = {0};
    l->kind = PICK_NEAR;
    l->of = of->id;
    kino_buffer_print(&b, "Like ");
    app_put_title(&b, of->title, of->year);
    l->heading = b.data;
    ask(p,
        (kino_query){.like = &of->id,
                     .like_count = 1,
                     .dislike = dislike,
                     .dislike_count = pick_marks(p, false, of->id, dislike)},
        p->said.wish, l);
}

void pick_ask_taste(pick *p, pick_list *l)
{
    int64_t like[KINO_MAX_SEEDS], dislike[KINO_MAX_SEEDS];
    const size_t liked = pick_marks(p, true, 0, like);
    l->kind = PICK_TASTE;
    l->heading = kino_strdup("For what you like");
    if (liked)
        ask(p,
            (kino_query){.like = like,
                         .like_count = liked,
                         .dislike = dislike,
                         .dislike_count = pick_marks(p, false, 0, dislike)},
            p->said.wish, l);
    else
        kino_fail(&p->problem, KINO_USAGE, "Nothing is liked yet: + on a film");
}
