/* vocabulary_people.c - people of the films: their fame, their films, and the names under which they are found.
 *
 * A person is a folded name: two people of one name count as one, as they do in a question. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "wish/reading.h"
#include "wish/vocabulary_parts.h"

enum { HITS = 16, NAME_WORDS = 8 };

/* ---- who did what ---- */

typedef struct credit {
    uint32_t person, film;
    int64_t votes;
    bool played;
} credit;

typedef struct credits {
    credit *items;
    size_t count, capacity, people;
    kino_buffer folded;
} credits;

static void add_credit(kino_wish_vocabulary *v, credits *c, const char *name, uint32_t film, bool played, double share)
{
    bool fresh;
    c->folded.size = 0;
    kino_fold(&c->folded, name, strlen(name));
    if (!c->folded.size)
        return;
    const uint32_t person = kino_wordset_put(&v->names, c->folded.data, c->folded.size, &fresh);
    if (c->people < v->names.capacity) {
        c->people = v->names.capacity;
        v->people = kino_resize_array(v->people, c->people, sizeof *v->people);
        v->written = kino_resize_array(v->written, c->people, sizeof *v->written);
    }
    if (fresh) {
        v->people[person] = (kino_person_facts){0};
        v->written[person] = name;
    }
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? 2 * c->capacity : 4096;
        c->items = kino_resize_array(c->items, c->capacity, sizeof *c->items);
    }
    const int64_t votes = v->films[film].votes > 0 ? v->films[film].votes : 0;
    c->items[c->count++] = (credit){person, film, votes, played};
    v->people[person].fame += share * (double)votes;
    v->people[person].played += played;
    v->people[person].directed += !played;
}

static int by_person(const void *a, const void *b)
{
    const credit *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->played != y->played)
        return x->played - y->played;
    return x->votes != y->votes ? (x->votes > y->votes ? -1 : 1) : (x->film > y->film) - (x->film < y->film);
}

/* A film that a person directed and played in is one. */
static void count_films(kino_wish_vocabulary *v, size_t person)
{
    kino_person_facts *p = &v->people[person];
    const uint32_t *films = v->person_films + v->person_at[person];
    p->films = p->directed + p->played;
    for (size_t i = 0; i < p->directed; i++)
        for (size_t k = p->directed; k < p->directed + p->played; k++)
            p->films -= films[i] == films[k];
}

static void gather_credits(kino_wish_vocabulary *v)
{
    credits c = {0};
    for (size_t i = 0; i < v->film_count; i++) {
        const kino_movie *m = &v->films[i];
        for (size_t k = 0; k < m->cast.count; k++)
            add_credit(v, &c, m->cast.items[k].name, (uint32_t)i, true, 1 / (1 + (double)k / 3));
        for (size_t k = 0; k < m->directors.count; k++)
            add_credit(v, &c, m->directors.items[k].name, (uint32_t)i, false, 1);
    }
    if (c.count)
        qsort(c.items, c.count, sizeof *c.items, by_person);
    v->person_at = kino_alloc_array(v->names.count + 1, sizeof *v->person_at);
    v->person_films = kino_alloc_array(c.count + 1, sizeof *v->person_films);
    for (size_t i = 0; i < c.count; i++) {
        v->person_films[i] = c.items[i].film;
        v->person_at[c.items[i].person + 1] = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < v->names.count; i++)
        count_films(v, i);
    free(c.items);
    free(c.folded.data);
}

/* ---- names ---- */

typedef struct name {
    kino_span words[NAME_WORDS];
    size_t count, core[NAME_WORDS], core_count; /* the words that are no "Jr." */
} name;

static bool is(kino_span w, const char *list)
{
    for (const char *p = list; *p;) {
        const size_t n = strcspn(p, "|");
        if (n == w.n && !memcmp(p, w.text, n))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

static name take_apart(const char *folded, size_t n)
{
    name out = {.count = 0};
    for (size_t at = 0; at < n && out.count < NAME_WORDS;) {
        const char *space = memchr(folded + at, ' ', n - at);
        const kino_span w = {folded + at, space ? (size_t)(space - folded) - at : n - at};
        if (!is(w, "jr|sr|ii|iii"))
            out.core[out.core_count++] = out.count;
        out.words[out.count++] = w;
        at += w.n + 1;
    }
    return out;
}

/* "samuel l jackson" -> "samuel jackson", "robert downey jr" -> "robert downey" */
static void without_initials(const name *of, kino_buffer *out)
{
    out->size = 0;
    for (size_t i = 0; i < of->core_count; i++) {
        const kino_span w = of->words[of->core[i]];
        if (i == 0 || i + 1 == of->core_count || w.n > 1)
            kino_put_words(out, w.text, w.n);
    }
}

static const char *kept(kino_wish_vocabulary *v, const char *text, size_t n)
{
    return kino_arena_strndup(&v->memory, text, n);
}

static void add_family(kino_wish_vocabulary *v, uint32_t person, const name *of, int64_t fame)
{
    const kino_span last = of->words[of->core_count ? of->core[of->core_count - 1] : 0];
    const char *family = kept(v, last.text, last.n), *other = family;
    if (of->core_count > 2 &&
        is(of->words[of->core[of->core_count - 2]], "de|di|von|van|del|la|le|du|da|st|mc|bin|ter|den")) {
        const kino_span particle = of->words[of->core[of->core_count - 2]];
        kino_buffer both = {0};
        kino_put_words(&both, particle.text, particle.n);
        kino_put_words(&both, last.text, last.n);
        other = kept(v, both.data, both.size);
        free(both.data);
    }
    kino_name_table_add(&v->tables[KINO_TABLE_FAMILIES], person, family, other, 0, fame, NULL);
    if (fame >= KINO_WISH_FAMOUS)
        kino_name_table_add(&v->tables[KINO_TABLE_FAMILIES_FAMOUS], person, family, other, 0, fame, NULL);
}

static void add_names(kino_wish_vocabulary *v)
{
    kino_buffer shorter = {0};
    for (uint32_t p = 0; p < v->names.count; p++) {
        size_t n;
        const char *folded = kino_wordset_text(&v->names, p, &n);
        const name of = take_apart(folded, n);
        const int64_t fame = (int64_t)v->people[p].fame;
        for (size_t i = 0; i < of.count; i++)
            kino_known_put(&v->known, of.words[i].text, of.words[i].n, KINO_KNOWN_NAME | (i ? 0 : KINO_KNOWN_FIRST));
        without_initials(&of, &shorter);
        const char *full = kept(v, folded, n), *other = shorter.size ? kept(v, shorter.data, shorter.size) : full;
        kino_name_table_add(&v->tables[KINO_TABLE_NAMES], p, full, other, 0, fame, NULL);
        if (fame >= KINO_WISH_KNOWN)
            kino_name_table_add(&v->tables[KINO_TABLE_NAMES_KNOWN], p, full, other, 0, fame, NULL);
        add_family(v, p, &of, fame);
    }
    free(shorter.data);
}

/* ---- the lookups ---- */

static void person(const void *ctx, uint32_t number, kino_wish_person *out)
{
    const kino_wish_vocabulary *v = ctx;
    const kino_person_facts *p = &v->people[number];
    *out = (kino_wish_person){v->written[number], p->fame, p->directed, p->played, p->films};
}

static size_t films_of(const void *ctx, uint32_t number, size_t most, uint32_t *out)
{
    const kino_wish_vocabulary *v = ctx;
    const kino_person_facts *p = &v->people[number];
    size_t n = p->directed ? p->directed : p->played;
    n = n < most ? n : most;
    memcpy(out, v->person_films + v->person_at[number], n * sizeof *out);
    return n;
}

static size_t credits_of(const void *ctx, uint32_t number, bool played, size_t most, uint32_t *out)
{
    const kino_wish_vocabulary *v = ctx;
    const kino_person_facts *p = &v->people[number];
    const size_t n = played ? p->played : p->directed;
    const uint32_t *films = v->person_films + v->person_at[number] + (played ? p->directed : 0);
    memcpy(out, films, (n < most ? n : most) * sizeof *out);
    return n;
}

/* Names of the best-known bearers come first in the hits, whatever the letter of the law of titles says of their
 * kind. */
static size_t look(const kino_wish_vocabulary *v, int table, const char *text, size_t n, size_t most,
                   kino_wish_hit *out)
{
    const kino_name_table *t = &v->tables[table];
    kino_title_hit hits[HITS];
    size_t found = kino_titles_equal(t->titles, text, n, HITS, hits), kept_count = 0;
    for (size_t i = 0; i < found; i++) {
        const uint32_t p = t->items[hits[i].entry];
        size_t at = kept_count;
        while (at && v->people[out[at - 1].item].fame < v->people[p].fame)
            at--;
        if (v->people[p].fame <= 0 || at >= most)
            continue;
        kept_count += kept_count < most;
        memmove(out + at + 1, out + at, (kept_count - at - 1) * sizeof *out);
        out[at] = (kino_wish_hit){p, hits[i].kind > KINO_TITLE_FOLDED};
    }
    return kept_count;
}

/* A slip leaves one of the first two letters as it is, and of a family name the first; and one in a short family name
 * is one edit. */
static size_t look_misspelt(const kino_wish_vocabulary *v, bool family, const char *text, size_t n, size_t most,
                            kino_wish_hit *out)
{
    enum { LONG_FAMILY = 9 };
    const kino_name_table *t = &v->tables[family ? KINO_TABLE_FAMILIES_FAMOUS : KINO_TABLE_NAMES_KNOWN];
    kino_title_hit hits[HITS];
    const size_t found = n < 2 ? 0 : kino_titles_misspelt(t->titles, text, n, HITS, hits);
    size_t count = 0;
    for (size_t i = 0; i < found && count < most; i++) {
        const char *found_name = t->entries[hits[i].entry].title;
        const bool same = found_name[0] == text[0] || (!family && found_name[0] && found_name[1] == text[1]);
        if (same && !(family && n < LONG_FAMILY && hits[i].distance > 1))
            out[count++] = (kino_wish_hit){t->items[hits[i].entry], true};
    }
    return count;
}

static size_t people(const void *ctx, kino_wish_name_way way, const char *text, size_t n, size_t most,
                     kino_wish_hit *out)
{
    const kino_wish_vocabulary *v = ctx;
    switch (way) {
    case KINO_WISH_NAME:
        return look(v, KINO_TABLE_NAMES, text, n, most, out);
    case KINO_WISH_FAMILY:
        return look(v, KINO_TABLE_FAMILIES, text, n, most, out);
    case KINO_WISH_NAME_MISSPELT:
    case KINO_WISH_FAMILY_MISSPELT:
        return look_misspelt(v, way == KINO_WISH_FAMILY_MISSPELT, text, n, most, out);
    }
    return 0;
}

void kino_vocabulary_people(kino_wish_vocabulary *v, int threads)
{
    gather_credits(v);
    add_names(v);
    for (size_t t = KINO_TABLE_NAMES; t < KINO_NAME_TABLES; t++)
        v->tables[t].titles = kino_titles_build(v->tables[t].entries, v->tables[t].count, threads);
    v->look.person = person;
    v->look.films_of = films_of;
    v->look.credits = credits_of;
    if (v->names.count)
        v->look.people = people;
}
