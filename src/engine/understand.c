/* understand.c - the words of a query -> films to be like, bounds on the others, and words to compare them with. */
#include "engine/understand.h"

#include <stdlib.h>
#include <string.h>

#include "engine/people.h"

/* ---- what the words name ---- */

static bool is_there(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static void add_film(int64_t *ids, double *weights, size_t *count, int64_t id)
{
    if (*count == KINO_MAX_SEEDS || is_there(ids, *count, id))
        return;
    ids[*count] = id;
    weights[(*count)++] = 1;
}

/* The films of a chip, to be like or unlike. Several of one person's weigh as much as one that is named. */
static void add_seeds(const kino_rows *r, const kino_wish_chip *c, kino_understanding *u)
{
    int64_t *ids = c->no ? u->dislike : u->like;
    double *weights = c->no ? u->dislike_weight : u->like_weight;
    size_t *count = c->no ? &u->query.dislike_count : &u->query.like_count;
    const size_t before = *count;
    for (size_t i = 0; i < c->count; i++)
        add_film(ids, weights, count, kino_rows_id(r, c->items[i]));
    for (size_t i = before; i < *count; i++)
        weights[i] = 1.0 / (double)(*count - before);
}

static void copy_films(const int64_t *ids, const double *weights, size_t count, int64_t *out, double *out_weights)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = ids[i];
        out_weights[i] = weights ? weights[i] : 1;
    }
}

/* Whether there is more than films to be like: something that scores are to be made of. */
static bool says_more(const kino_wish *w)
{
    bool more = *w->match || *w->expand || w->language;
    for (size_t g = 0; g < KINO_WISH_GENRES; g++)
        more |= w->genres[g] != 0;
    for (size_t i = 0; i < w->count; i++)
        more |= w->chips[i].kind == KINO_WISH_RANK || w->chips[i].kind == KINO_WISH_NOT || w->chips[i].wish;
    return more;
}

static kino_wish_mode mode_of(const kino_query *q)
{
    if (q->like_count || q->reading == KINO_READ_AS_WORDS)
        return KINO_WISH_AS_WORDS;
    return q->reading == KINO_READ_AS_TITLE ? KINO_WISH_AS_TITLE : KINO_WISH_AS_SEEN;
}

/* The parts of "Romance+Comedy", copied. */
static size_t split(const char *value, const char *signs, kino_arena *memory, const char *out[KINO_MAX_FILTER])
{
    size_t count = 0;
    for (const char *p = value; *p && count < KINO_MAX_FILTER;) {
        const size_t n = strcspn(p, signs);
        out[count++] = kino_arena_strndup(memory, p, n);
        p += n + (p[n] != 0);
    }
    return count;
}

/* A cluster is told of bounds by its query's filter, as far as that has them, and compares plots with what is left of the
 * words. */
static void tell_cluster(kino_understanding *u)
{
    kino_filter *f = &u->query.filter;
    kino_arena *memory = &u->wish.memory;
    u->query.about = *u->wish.match ? u->wish.match : NULL;
    for (size_t i = 0; i < u->wish.count; i++) {
        const kino_wish_chip *c = &u->wish.chips[i];
        if (c->wish)
            continue;
        if (c->kind == KINO_WISH_GENRE && !f->genre_count && !c->no)
            f->genre_count = split(c->value, "+", memory, f->genres);
        if (c->kind == KINO_WISH_GENRE && !f->no_genre_count && c->no)
            f->no_genre_count = split(c->value, "+", memory, f->no_genres);
        if (c->kind == KINO_WISH_LANGUAGE && !f->language_count && !c->no)
            f->language_count = split(c->value, ",", memory, f->languages);
        if (c->kind == KINO_WISH_YEAR && !f->year_min && !f->year_max && !c->no) {
            f->year_min = c->low;
            f->year_max = c->high;
        }
        if (c->kind == KINO_WISH_RUNTIME && !f->runtime_min && !f->runtime_max && !c->no) {
            f->runtime_min = c->low;
            f->runtime_max = c->high;
        }
    }
}

kino_status kino_understand(kino *k, const kino_query *q, kino_understanding *u, kino_error *err)
{
    *u = (kino_understanding){.query = *q};
    if (!q->about || !*q->about || q->reading == KINO_READ_PLAINLY || q->like_person ||
        k->recipe == KINO_RECIPE_CLASSIC)
        return KINO_OK;
    const kino_status st = kino_use_wishes(k, err);
    if (st)
        return st;
    u->look = kino_wish_catalogue_lookups(k->films->wishes);
    const kino_rows *r = &k->films->rows;
    kino_wish_read(k->films->reader, q->about, strlen(q->about), mode_of(q), &u->wish);
    u->read = true;
    copy_films(q->like, q->like_weight, q->like_count, u->like, u->like_weight);
    copy_films(q->dislike, q->dislike_weight, q->dislike_count, u->dislike, u->dislike_weight);
    u->query.like = u->like;
    u->query.like_weight = u->like_weight;
    u->query.dislike = u->dislike;
    u->query.dislike_weight = u->dislike_weight;
    for (size_t i = 0; i < u->wish.count; i++) {
        const kino_wish_chip *c = &u->wish.chips[i];
        if (c->kind == KINO_WISH_LIKE)
            add_seeds(r, c, u);
        if (c->kind == KINO_WISH_TITLE && c->count) {
            u->titled = true;
            u->title = c->items[0];
        }
    }
    if (u->titled && !u->wish.first_then_words)
        add_film(u->like, u->like_weight, &u->query.like_count, kino_rows_id(r, u->title));
    u->more = says_more(&u->wish);
    u->query.about = NULL;
    if (k->backend)
        tell_cluster(u);
    return KINO_OK;
}

void kino_understanding_free(kino_understanding *u)
{
    kino_wish_free(&u->wish);
}

/* ---- bounds ---- */

/* In the order in which they are dropped. */
typedef enum bound_kind { RUNTIME, AUDIENCE, YEAR, NATION, GENRE, PEOPLE, BOUND_KINDS } bound_kind;

static bound_kind bound_of(const kino_wish_chip *c)
{
    static const bound_kind kinds[KINO_WISH_KINDS] = {
        [KINO_WISH_TITLE] = BOUND_KINDS, [KINO_WISH_LIKE] = BOUND_KINDS,  [KINO_WISH_PERSON] = PEOPLE,
        [KINO_WISH_DIRECTOR] = PEOPLE,   [KINO_WISH_WITH] = PEOPLE,       [KINO_WISH_YEAR] = YEAR,
        [KINO_WISH_LANGUAGE] = NATION,   [KINO_WISH_COUNTRY] = NATION,    [KINO_WISH_GENRE] = GENRE,
        [KINO_WISH_RUNTIME] = RUNTIME,   [KINO_WISH_AUDIENCE] = AUDIENCE, [KINO_WISH_RANK] = BOUND_KINDS,
        [KINO_WISH_THEME] = BOUND_KINDS, [KINO_WISH_MOOD] = BOUND_KINDS,  [KINO_WISH_NOT] = BOUND_KINDS,
    };
    return c->wish ? BOUND_KINDS : kinds[c->kind];
}

static void admit_people(const kino_rows *r, const kino_wish_chip *c, kino_allowed *out)
{
    const kino_role role = c->kind == KINO_WISH_DIRECTOR ? KINO_ROLE_DIRECTORS
                           : c->kind == KINO_WISH_WITH   ? KINO_ROLE_CAST
                                                         : KINO_ROLES;
    for (size_t i = 0; i < c->count; i++)
        kino_credits_admit(r, c->items[i], role, out);
}

/* The films that tell their language, alone. */
static void keep_spoken(const kino_rows *r, kino_allowed *out)
{
    for (size_t row = 0; row < r->count; row++) {
        size_t own, count = 0;
        const kino_segment *segment = kino_rows_segment(r, row, &own);
        kino_segment_terms(segment, KINO_ROLE_LANGUAGE, own, &count);
        if (!count)
            kino_allowed_clear(r, row, out);
    }
}

/* The films that a chip alone admits. */
static void admit(const kino_rows *r, const kino_wish_chip *c, kino_allowed *out)
{
    kino_arena memory = {0};
    kino_filter f = {0};
    switch (c->kind) {
    case KINO_WISH_YEAR:
        f.year_min = c->low;
        f.year_max = c->high;
        break;
    case KINO_WISH_RUNTIME:
        f.runtime_min = c->low;
        f.runtime_max = c->high;
        break;
    case KINO_WISH_LANGUAGE:
        f.language_count = split(c->value, ",", &memory, f.languages);
        break;
    case KINO_WISH_COUNTRY:
        f.country_count = split(c->value, ",", &memory, f.countries);
        break;
    case KINO_WISH_AUDIENCE:
        f.genres[f.genre_count++] = "Family";
        f.no_genres[f.no_genre_count++] = "Horror";
        break;
    default:
        f.genre_count = split(c->value, "+", &memory, f.genres);
    }
    if (bound_of(c) == PEOPLE) {
        kino_allowed_none(r, out);
        admit_people(r, c, out);
    } else {
        kino_allowed_init(r, &f, out);
    }
    if (c->no) {
        kino_allowed_invert(r, out);
        if (c->kind == KINO_WISH_LANGUAGE)
            keep_spoken(r, out);
    }
    kino_arena_free(&memory);
}

/* What the chips of each kind admit together; unset where there are none. Of several nations a film is of one. */
static void admit_kinds(const kino_rows *r, kino_understanding *u, kino_allowed kinds[BOUND_KINDS],
                        bool set[BOUND_KINDS])
{
    kino_allowed nations = {{NULL, NULL}};
    for (size_t i = 0; i < u->wish.count; i++) {
        const kino_wish_chip *c = &u->wish.chips[i];
        const bound_kind kind = bound_of(c);
        kino_allowed own;
        if (kind == BOUND_KINDS)
            continue;
        admit(r, c, &own);
        if (kind == NATION && !c->no && nations.bits[0]) {
            kino_allowed_or(r, &nations, &own);
        } else if (kind == NATION && !c->no) {
            nations = own;
            continue;
        } else if (!set[kind]) {
            kinds[kind] = own;
            set[kind] = true;
            continue;
        } else if (c->any) {
            kino_allowed_or(r, &kinds[kind], &own);
        } else {
            kino_allowed_and(r, &kinds[kind], &own);
        }
        kino_allowed_free(&own);
    }
    if (!nations.bits[0])
        return;
    if (set[NATION]) {
        kino_allowed_and(r, &kinds[NATION], &nations);
        kino_allowed_free(&nations);
    } else {
        kinds[NATION] = nations;
        set[NATION] = true;
    }
}

static bool leaves_some(const kino_rows *r, const kino_allowed *allowed, const kino_allowed kinds[BOUND_KINDS],
                        unsigned held)
{
    kino_allowed both;
    kino_allowed_copy(r, allowed, &both);
    for (int kind = 0; kind < BOUND_KINDS; kind++)
        if (held >> kind & 1)
            kino_allowed_and(r, &both, &kinds[kind]);
    const bool some = kino_allowed_any(r, &both);
    kino_allowed_free(&both);
    return some;
}

static int bits_of(unsigned x)
{
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
}

/* The kinds to be held, a bit each: all, or all but the fewest without which something is left. */
static unsigned choose_kinds(const kino_rows *r, const kino_allowed *allowed, const kino_allowed kinds[BOUND_KINDS],
                             unsigned all)
{
    for (int dropped = 0; dropped <= bits_of(all); dropped++)
        for (unsigned without = 0; without <= all; without++)
            if ((without & ~all) == 0 && bits_of(without) == dropped && leaves_some(r, allowed, kinds, all & ~without))
                return all & ~without;
    return all; /* nothing passes the filter of the query itself */
}

void kino_understanding_bound(const kino_rows *r, kino_understanding *u, kino_allowed *allowed)
{
    kino_allowed kinds[BOUND_KINDS];
    bool set[BOUND_KINDS] = {false};
    unsigned all = 0;
    admit_kinds(r, u, kinds, set);
    for (int kind = 0; kind < BOUND_KINDS; kind++)
        all |= set[kind] ? 1u << kind : 0;
    const unsigned held = choose_kinds(r, allowed, kinds, all);
    for (int kind = 0; kind < BOUND_KINDS; kind++) {
        if (held >> kind & 1)
            kino_allowed_and(r, allowed, &kinds[kind]);
        if (set[kind])
            kino_allowed_free(&kinds[kind]);
    }
    for (size_t i = 0; i < u->wish.count; i++) {
        const bound_kind kind = bound_of(&u->wish.chips[i]);
        u->dropped[i] = kind != BOUND_KINDS && !(held >> kind & 1);
    }
}

/* ---- what is told of it ---- */

static int64_t film_of(const kino_rows *r, const kino_wish_chip *c)
{
    const bool film = c->kind == KINO_WISH_TITLE || c->kind == KINO_WISH_LIKE;
    return film && c->count ? kino_rows_id(r, c->items[0]) : 0;
}

void kino_understanding_tell(const kino_rows *r, const kino_understanding *u, const char *question,
                             kino_owned_results *out)
{
    kino_results *list = &out->results;
    kino_wish_film other;
    if (!u->read)
        return;
    kino_understood *told = kino_arena_alloc(&out->arena, (u->wish.count + 1) * sizeof *told);
    for (size_t i = 0; i < u->wish.count; i++) {
        const kino_wish_chip *c = &u->wish.chips[i];
        told[i] = (kino_understood){.as = kino_wish_as(c),
                                    .text = kino_arena_strndup(&out->arena, question + c->from, c->to - c->from),
                                    .value = kino_arena_strdup(&out->arena, c->value),
                                    .from = c->from,
                                    .to = c->to,
                                    .film = film_of(r, c),
                                    .wish = c->wish,
                                    .dropped = u->dropped[i]};
    }
    list->understood = told;
    list->understood_count = u->wish.count;
    list->rest = kino_arena_strdup(&out->arena, u->wish.rest);
    if (u->wish.other == KINO_WISH_OR_WORDS)
        list->other = "words";
    if (u->wish.other != KINO_WISH_OR_TITLE)
        return;
    kino_buffer name = {0};
    u->look->film(u->look->ctx, u->wish.other_film, &other);
    kino_buffer_print(&name, other.year ? "%s (%d)" : "%s", other.title, other.year);
    list->other = "title";
    list->other_title = kino_arena_strdup(&out->arena, name.data);
    free(name.data);
}
