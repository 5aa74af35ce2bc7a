/* said.c - what somebody has said to kino pick: likes, dislikes and a wish, and how it was before. */
#include <stdlib.h>
#include <string.h>

#include "app/pick/pick.h"
#include "base/status.h"

static pick_said copy_said(const pick_said *s)
{
    pick_said out = *s;
    out.marks = kino_alloc_array(KINO_MAX_SEEDS, sizeof *out.marks);
    for (size_t i = 0; i < s->mark_count; i++) {
        out.marks[i] = s->marks[i];
        out.marks[i].name = kino_strdup(s->marks[i].name);
    }
    return out;
}

void pick_said_free(pick_said *s)
{
    for (size_t i = 0; i < s->mark_count; i++)
        free(s->marks[i].name);
    free(s->marks);
    *s = (pick_said){0};
}

void pick_remember(pick *p)
{
    if (p->before_count == PICK_UNDO) {
        pick_said_free(&p->before[0]);
        memmove(p->before, p->before + 1, --p->before_count * sizeof *p->before);
    }
    p->before[p->before_count++] = copy_said(&p->said);
}

void pick_undo(pick *p)
{
    if (!p->before_count) {
        kino_fail(&p->problem, KINO_USAGE, "There is nothing to take back");
        return;
    }
    const bool wish = strcmp(p->said.wish, p->before[p->before_count - 1].wish) != 0;
    pick_said_free(&p->said);
    p->said = p->before[--p->before_count];
    p->stale = p->stale || wish;
}

size_t pick_mark_of(const pick *p, int64_t id)
{
    size_t i = 0;
    while (i < p->said.mark_count && p->said.marks[i].id != id)
        i++;
    return i;
}

int pick_marked(const pick *p, int64_t id)
{
    const size_t i = pick_mark_of(p, id);
    return i == p->said.mark_count ? 0 : p->said.marks[i].liked ? 1 : -1;
}

size_t pick_marks(const pick *p, bool liked, int64_t but, int64_t ids[KINO_MAX_SEEDS])
{
    size_t n = 0;
    for (size_t i = 0; i < p->said.mark_count; i++)
        if (p->said.marks[i].liked == liked && p->said.marks[i].id != but)
            ids[n++] = p->said.marks[i].id;
    return n;
}
