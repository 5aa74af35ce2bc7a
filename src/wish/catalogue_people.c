/* catalogue_people.c - people of the films: their fame, their films, and the names under which they are found. */
#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "rows/people.h"
#include "wish/catalogue.h"

enum { HITS = 16 };

/* ---- persons ---- */

/* Credits come as a director first; a film that a person directed and played in is one. */
static kino_wish_person sum_up(const kino_credit *credits, size_t count)
{
    kino_wish_person p = {.films = count};
    for (size_t i = 0; i < count; i++) {
        p.fame += credits[i].share;
        p.directed += credits[i].role == KINO_ROLE_DIRECTORS;
    }
    p.played = count - p.directed;
    for (size_t i = 0; i < p.directed; i++)
        for (size_t k = p.directed; k < count; k++)
            p.films -= credits[i].row == credits[k].row;
    return p;
}

void kino_catalogue_person(const void *ctx, uint32_t person, kino_wish_person *out)
{
    size_t count;
    kino_credit *credits = kino_person_credits(ctx, person, &count);
    *out = sum_up(credits, count);
    out->name = kino_person_name(ctx, person);
    free(credits);
}

size_t kino_catalogue_films_of(const void *ctx, uint32_t person, size_t most, uint32_t *out)
{
    size_t count, n = 0;
    kino_credit *credits = kino_person_credits(ctx, person, &count);
    for (size_t i = 0; i < count && n < most && credits[i].role == credits[0].role; i++)
        out[n++] = credits[i].row;
    free(credits);
    return n;
}

/* ---- names ---- */

typedef struct bearers {
    const kino_rows *r;
    kino_wish_hit items[HITS];
    double fame[HITS], least; /* below `least` nobody is taken */
    int distance[HITS];
    size_t count;
} bearers;

/* Puts a person into the list, the nearest first and of these the most famous, unless he is there nearer. */
static void put_bearer(bearers *b, uint32_t person, int distance)
{
    kino_wish_person p;
    size_t at = 0;
    if (person == UINT32_MAX)
        return;
    while (at < b->count && b->items[at].item != person)
        at++;
    if (at < b->count && b->distance[at] <= distance)
        return;
    if (at < b->count) {
        const size_t behind = --b->count - at;
        memmove(b->items + at, b->items + at + 1, behind * sizeof *b->items);
        memmove(b->fame + at, b->fame + at + 1, behind * sizeof *b->fame);
        memmove(b->distance + at, b->distance + at + 1, behind * sizeof *b->distance);
    }
    kino_catalogue_person(b->r, person, &p);
    if (p.fame <= 0 || p.fame < b->least)
        return;
    for (at = b->count;
         at && (distance < b->distance[at - 1] || (distance == b->distance[at - 1] && p.fame > b->fame[at - 1])); at--)
        ;
    if (at == HITS)
        return;
    b->count += b->count < HITS;
    for (size_t i = b->count - 1; i > at; i--) {
        b->items[i] = b->items[i - 1];
        b->fame[i] = b->fame[i - 1];
        b->distance[i] = b->distance[i - 1];
    }
    b->items[at] = (kino_wish_hit){person, distance > 0};
    b->fame[at] = p.fame;
    b->distance[at] = distance;
}

/* The people of a name in either segment. In the tables the most famous come first, so that of many no more are looked
 * at than can be among the hits; the tail adds little to anybody's fame. */
static void put_bearers(bearers *b, kino_called_as as, const char *folded, size_t n, int distance)
{
    kino_buffer plain = {0};
    kino_title_plain(&plain, folded, n);
    for (const kino_segment *s = b->r->base; plain.size && s; s = s == b->r->base ? b->r->tail : NULL) {
        const kino_keyed_run run = kino_called(&s->naming, as, s, plain.data, plain.size);
        for (size_t i = 0; i < run.count && i < 2 * HITS; i++)
            put_bearer(b, kino_person_of(b->r, s, run.refs[i] >> KINO_NAME_BITS), distance);
    }
    free(plain.data);
}

/* ---- misspellings ---- */

/* A slip leaves one of the first two letters as it is, and of a family name the first; and one in a short family name
 * is one edit. */
typedef struct slips {
    bearers *b;
    const kino_segment *s;
    const char *text;
    size_t n;
    bool family;
} slips;

static void take_slip(void *to, uint32_t ref, int distance, const char *found, size_t n)
{
    enum { LONG_FAMILY = 9 };
    const slips *t = to;
    const bool same = found[0] == t->text[0] || (!t->family && n > 1 && found[1] == t->text[1]);
    if (!same || (t->family && t->n < LONG_FAMILY && distance > 1))
        return;
    if (t->family)
        put_bearers(t->b, KINO_CALLED_FAMILY, found, n, distance);
    else
        put_bearer(t->b, kino_person_of(t->b->r, t->s, ref >> KINO_NAME_BITS), distance);
}

static void put_misspelt(bearers *b, bool family, const char *text, size_t n)
{
    for (const kino_segment *s = b->r->base; n >= 2 && s; s = s == b->r->base ? b->r->tail : NULL)
        kino_misspelt(&s->naming, family ? KINO_MISSPELT_FAMILY : KINO_MISSPELT_NAME, s, text, n, take_slip,
                      &(slips){b, s, text, n, family});
}

size_t kino_catalogue_people(const void *ctx, kino_wish_name_way way, const char *text, size_t n, size_t most,
                             kino_wish_hit *out)
{
    bearers b = {.r = ctx};
    switch (way) {
    case KINO_WISH_NAME:
        put_bearers(&b, KINO_CALLED_NAME, text, n, 0);
        break;
    case KINO_WISH_FAMILY:
        put_bearers(&b, KINO_CALLED_FAMILY, text, n, 0);
        break;
    case KINO_WISH_NAME_MISSPELT:
        put_misspelt(&b, false, text, n);
        break;
    case KINO_WISH_FAMILY_MISSPELT:
        b.least = KINO_PERSON_FAMOUS;
        put_misspelt(&b, true, text, n);
        break;
    }
    const size_t count = b.count < most ? b.count : most;
    memcpy(out, b.items, count * sizeof *out);
    return count;
}
