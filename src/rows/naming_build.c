/* naming_build.c - the columns of a segment -> the tables of what its films and people are called. */
#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "base/utf8.h"
#include "base/wordset.h"
#include "rows/people.h"

/* ---- entries of a table ---- */

typedef struct entries {
    const kino_segment *s;
    kino_called_as as;
    kino_keyed_entry *items;
    size_t count, capacity;
    kino_buffer text, plain;
} entries;

/* Adds a reference, unless it has no text or, within one table, `distinct` has had it. */
static bool put(entries *e, uint32_t ref, kino_wordset *distinct)
{
    bool fresh = true;
    e->text.size = e->plain.size = 0;
    kino_called_text(e->s, e->as, ref, &e->text);
    if (!e->text.size)
        return false;
    const bool name = e->as == KINO_CALLED_NAME || e->as == KINO_CALLED_FAMILY;
    if (name)
        kino_title_plain(&e->plain, e->text.data, e->text.size);
    if (distinct)
        kino_wordset_put(distinct, e->text.data, e->text.size, &fresh);
    if (!fresh)
        return true;
    if (e->count == e->capacity) {
        e->capacity = e->capacity ? 2 * e->capacity : 1024;
        e->items = kino_resize_array(e->items, e->capacity, sizeof *e->items);
    }
    const kino_buffer *key = name ? &e->plain : &e->text;
    e->items[e->count++] = (kino_keyed_entry){kino_title_hash(key->data, key->size), ref, 0};
    return true;
}

static void finish(entries *e, kino_naming *out)
{
    kino_keyed_build(e->items, e->count, &out->called[e->as]);
    free(e->items);
    free(e->text.data);
    free(e->plain.data);
}

/* ---- titles ---- */

typedef struct ranked {
    double most; /* votes of a film, fame of a person */
    uint32_t number;
} ranked;

static int by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->most != y->most)
        return x->most > y->most ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void put_titles(const kino_segment *s, kino_naming *out)
{
    entries loose = {.s = s, .as = KINO_CALLED_LOOSE}, spelled = {.s = s, .as = KINO_CALLED_SPELLED},
            inside = {.s = s, .as = KINO_CALLED_INSIDE};
    ranked *films = kino_alloc_array(s->count + 1, sizeof *films);
    for (size_t row = 0; row < s->count; row++)
        films[row] = (ranked){(double)s->counts[2 * row + 1], (uint32_t)row};
    qsort(films, s->count, sizeof *films, by_rank);
    for (size_t i = 0; i < s->count; i++) {
        const uint32_t row = films[i].number;
        kino_buffer plain = {0};
        for (uint32_t form = 0; form < 2 + KINO_TITLE_PARTS; form++)
            put(&loose, row << KINO_LOOSE_BITS | form, NULL);
        put(&spelled, row, NULL);
        kino_plain_text(&plain, kino_segment_text(s, row, KINO_TEXT_TITLE));
        size_t words = plain.size != 0;
        for (size_t k = 0; k < plain.size; k++)
            words += plain.data[k] == ' ';
        for (uint32_t place = 0; place < words && place < 1u << KINO_PLACE_BITS; place++)
            put(&inside, row << KINO_PLACE_BITS | place, NULL);
        free(plain.data);
    }
    free(films);
    finish(&loose, out);
    finish(&spelled, out);
    finish(&inside, out);
}

/* ---- people ---- */

/* The terms that are people, the most famous first. Two of one folded name share their fame, as they are one person in
 * a question. */
static ranked *rank_people(const kino_segment *s, size_t *count)
{
    kino_wordset names = {0};
    kino_buffer folded = {0};
    uint32_t *person = kino_alloc_array(s->term_count + 1, sizeof *person); /* from 1; 0: none */
    double *fame = NULL;
    size_t capacity = 0;
    for (size_t row = 0; row < s->count; row++)
        for (int role = KINO_ROLE_DIRECTORS; role <= KINO_ROLE_CAST; role++) {
            size_t terms;
            const uint32_t *list = kino_segment_terms(s, (kino_role)role, row, &terms);
            for (size_t i = 0; i < terms; i++) {
                const char *written = kino_segment_term(s, list[i]);
                bool fresh = false;
                folded.size = 0;
                if (!person[list[i]])
                    kino_fold(&folded, written, strlen(written));
                if (folded.size)
                    person[list[i]] = kino_wordset_put(&names, folded.data, folded.size, &fresh) + 1;
                if (!person[list[i]])
                    continue;
                if (capacity < names.capacity) {
                    capacity = names.capacity;
                    fame = kino_resize_array(fame, capacity, sizeof *fame);
                }
                if (fresh)
                    fame[person[list[i]] - 1] = 0;
                fame[person[list[i]] - 1] += kino_person_share((kino_role)role, i, s->counts[2 * row + 1]);
            }
        }
    ranked *people = kino_alloc_array(s->term_count + 1, sizeof *people);
    *count = 0;
    for (uint32_t term = 0; term < s->term_count; term++)
        if (person[term])
            people[(*count)++] = (ranked){fame[person[term] - 1], term};
    qsort(people, *count, sizeof *people, by_rank);
    kino_wordset_free(&names);
    free(folded.data);
    free(person);
    free(fame);
    return people;
}

/* References whose text is looked for behind a misspelling, each text once. */
typedef struct spellings {
    uint32_t *refs;
    size_t count;
    kino_wordset had;
} spellings;

/* The text is the one that was put last. */
static void put_spelling(spellings *p, const entries *e, uint32_t ref)
{
    bool fresh;
    kino_wordset_put(&p->had, e->text.data, e->text.size, &fresh);
    if (fresh)
        p->refs[p->count++] = ref;
}

typedef struct told {
    const kino_segment *s;
    kino_called_as as;
} told;

static void tell(const void *ctx, uint32_t ref, kino_buffer *out)
{
    const told *t = ctx;
    kino_called_text(t->s, t->as, ref, out);
}

static void put_people(const kino_segment *s, kino_naming *out)
{
    entries names = {.s = s, .as = KINO_CALLED_NAME}, families = {.s = s, .as = KINO_CALLED_FAMILY},
            words = {.s = s, .as = KINO_CALLED_WORD};
    kino_wordset distinct = {0};
    size_t count;
    ranked *people = rank_people(s, &count);
    spellings known = {.refs = kino_alloc_array(2 * count + 1, sizeof(uint32_t))},
              famous = {.refs = kino_alloc_array(2 * count + 1, sizeof(uint32_t))};
    for (size_t i = 0; i < count; i++)
        for (uint32_t form = 0; form < 2; form++) {
            const uint32_t ref = people[i].number << KINO_NAME_BITS | form;
            if (put(&names, ref, NULL) && people[i].most >= KINO_PERSON_KNOWN)
                put_spelling(&known, &names, ref);
            if (put(&families, ref, NULL) && people[i].most >= KINO_PERSON_FAMOUS)
                put_spelling(&famous, &families, ref);
        }
    for (uint32_t place = 0; place < 1u << KINO_WORD_BITS; place++) /* what is a first name is so first of all */
        for (size_t i = 0; i < count; i++)
            put(&words, people[i].number << KINO_WORD_BITS | place, &distinct);
    kino_spelling_build(known.refs, known.count, tell, &(told){s, KINO_CALLED_NAME},
                        &out->misspelt[KINO_MISSPELT_NAME]);
    kino_spelling_build(famous.refs, famous.count, tell, &(told){s, KINO_CALLED_FAMILY},
                        &out->misspelt[KINO_MISSPELT_FAMILY]);
    finish(&names, out);
    finish(&families, out);
    finish(&words, out);
    kino_wordset_free(&distinct);
    kino_wordset_free(&known.had);
    kino_wordset_free(&famous.had);
    free(known.refs);
    free(famous.refs);
    free(people);
}

/* ---- keywords, and what is counted ---- */

static void put_keywords(const kino_segment *s, kino_naming *out)
{
    entries keywords = {.s = s, .as = KINO_CALLED_KEYWORD};
    bool *had = kino_alloc(s->term_count + 1);
    for (size_t row = 0; row < s->count; row++) {
        size_t count;
        const uint32_t *list = kino_segment_terms(s, KINO_ROLE_KEYWORDS, row, &count);
        for (size_t i = 0; i < count; i++)
            if (!had[list[i]]) {
                had[list[i]] = true;
                put(&keywords, list[i], NULL);
            }
    }
    free(had);
    finish(&keywords, out);
}

static void survey(const kino_segment *s, kino_naming *out)
{
    for (size_t row = 0; row < s->count; row++) {
        size_t countries;
        kino_segment_terms(s, KINO_ROLE_COUNTRIES, row, &countries);
        out->with_countries += countries != 0;
        if (s->counts[2 * row] > out->newest_year)
            out->newest_year = (uint32_t)s->counts[2 * row];
    }
}

void kino_naming_build(const kino_segment *s, kino_naming *out)
{
    *out = (kino_naming){.newest_year = 0};
    put_titles(s, out);
    put_people(s, out);
    put_keywords(s, out);
    survey(s, out);
}
