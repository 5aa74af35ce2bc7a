/* people.c - names of people, whole, as a family name or misspelt, and what they did. */
#include <stdlib.h>
#include <string.h>

#include "wish/reading.h"

enum { MOST = 4 };

static size_t find(const kino_reading *r, kino_wish_name_way way, kino_span name, uint32_t out[MOST])
{
    kino_wish_hit hits[MOST];
    const size_t n = r->look->people(r->look->ctx, way, name.text, name.n, MOST, hits);
    for (size_t i = 0; i < n; i++)
        out[i] = hits[i].item;
    return n;
}

static kino_wish_person person(const kino_reading *r, uint32_t p)
{
    kino_wish_person out;
    r->look->person(r->look->ctx, p, &out);
    return out;
}

/* Everything but the words [i, to) only asks. */
static bool is_whole(const kino_reading *r, size_t i, size_t to)
{
    for (size_t k = 0; k < r->count; k++)
        if ((k < i || k >= to) && !kino_in(r, k, IN_FILLER) && !kino_in(r, k, IN_NOUN))
            return false;
    return true;
}

static bool noun_follows(const kino_reading *r, size_t i)
{
    return (kino_in(r, i, IN_NOUN) && !kino_in(r, i, IN_TALE)) ||
           kino_is_word(r, i, "filmography|comedy|comedies|thriller|thrillers|western|westerns");
}

/* ---- roles ---- */

typedef enum role { NO_ROLE, DIRECTS, PLAYS, BY, WITH, AND } role;

static role role_before(const kino_reading *r, size_t i)
{
    size_t j = i;
    while (j && kino_is_word(r, j - 1, "the|great|director|actor|actress|legendary"))
        j--;
    for (size_t k = i > 2 ? i - 2 : 0; k < i; k++) {
        if (kino_is_word(r, k, "director"))
            return DIRECTS;
        if (kino_is_word(r, k, "actor|actress"))
            return PLAYS;
    }
    if (!j)
        return NO_ROLE;
    if (kino_is_word(r, j - 1, "dir|directed|filmmaker") || (j > 1 && kino_says(r, j - 2, "directed by")))
        return DIRECTS;
    if (kino_is_word(r, j - 1, "starring|stars|featuring") || (j > 1 && kino_says(r, j - 2, "played by|cast with")))
        return PLAYS;
    if (kino_is_word(r, j - 1, "by"))
        return BY;
    if (kino_is_word(r, j - 1, "with"))
        return WITH;
    if (j > 1 && kino_is_word(r, j - 1, "and|or")) {
        const int before = r->used[j - 2];
        if (before == KINO_TAKEN(KINO_WISH_DIRECTOR, false))
            return DIRECTS;
        if (before == KINO_TAKEN(KINO_WISH_WITH, false))
            return PLAYS;
        return before == KINO_TAKEN(KINO_WISH_PERSON, false) ? AND : NO_ROLE;
    }
    return NO_ROLE;
}

/* ---- full names ---- */

static kino_named_person full_name(const kino_reading *r, size_t i, size_t most)
{
    kino_named_person out = {0};
    for (size_t words = most; words > 1; words--) {
        bool joined = false;
        for (size_t k = i; k < i + words; k++)
            joined |= kino_is_word(r, k, "movies|films|movie|film|and|with|by");
        if (!joined && !kino_is_word(r, i, "a|an|the") &&
            find(r, KINO_WISH_NAME, kino_span_of(&r->text, i, words), out.people)) {
            out.words = words;
            out.count = 1;
            return out;
        }
    }
    if (r->words[i].text.n >= 8 && !r->words[i].known && find(r, KINO_WISH_NAME, r->words[i].text, out.people))
        out.words = out.count = 1; /* "kathrynbigelow" */
    return out;
}

static bool share_films(const kino_reading *r, uint32_t a, uint32_t b)
{
    enum { FILMS = 64 };
    uint32_t x[FILMS], y[FILMS];
    const size_t n = r->look->films_of(r->look->ctx, a, FILMS, x), m = r->look->films_of(r->look->ctx, b, FILMS, y);
    size_t shared = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++)
            shared += x[i] == y[j];
    return shared >= 2;
}

/* "coen brothers": all of the name who share films. */
static kino_named_person siblings(const kino_reading *r, size_t i)
{
    kino_named_person out = {0};
    uint32_t of[MOST];
    if (!kino_is_word(r, i + 1, "brothers|bros|brother|sisters|siblings"))
        return out;
    const size_t n = find(r, KINO_WISH_FAMILY, r->words[i].text, of);
    for (size_t a = 0; a < n; a++) {
        bool shares = false;
        for (size_t b = 0; b < n; b++)
            shares |= b != a && share_films(r, of[a], of[b]);
        if (shares)
            out.people[out.count++] = of[a];
    }
    out.words = out.count >= 2 ? 2 : 0;
    return out;
}

/* Two or three words, one of which nothing knows. */
static kino_named_person misspelt_name(const kino_reading *r, size_t i, size_t most)
{
    kino_named_person out = {0};
    for (size_t words = most < 3 ? most : 3; words > 1; words--) {
        bool unknown = false, may = !kino_is_word(r, i, "a|an|the");
        size_t letters = 0;
        for (size_t k = i; k < i + words; k++) {
            unknown |= !r->words[k].known && !r->words[k].mended;
            may &= !kino_is_digits(r, k) && !kino_in(r, k, IN_BOUNDARY) && !kino_in(r, k, IN_NOUN);
            letters += r->words[k].text.n;
        }
        if (unknown && may && letters >= 9 && !r->strange &&
            find(r, KINO_WISH_NAME_MISSPELT, kino_span_of(&r->text, i, words), out.people)) {
            out.words = words;
            out.count = 1;
            return out;
        }
    }
    return out;
}

/* "betty tomas": misspelt into a word that is known, one letter off behind a first name. */
static kino_named_person misspelt_family(const kino_reading *r, size_t i, bool strong)
{
    kino_named_person out = {0};
    if (i + 1 >= r->count || kino_any_used(r, i, 2) || r->words[i + 1].text.n < 5 || !kino_is_letters(r, i) ||
        !kino_is_letters(r, i + 1) || !r->look->first_name(r->look->ctx, r->words[i].text.text, r->words[i].text.n))
        return out;
    if (kino_texts_of(r, i + 1) > 10 || kino_in(r, i + 1, IN_NOUN) || kino_in(r, i + 1, IN_GENRES) ||
        kino_in(r, i + 1, IN_NATIONS) || kino_in(r, i + 1, IN_PLACES))
        return out;
    if (!strong && !noun_follows(r, i + 2) && !is_whole(r, i, i + 2))
        return out;
    const kino_span typed = kino_span_of(&r->text, i, 2);
    kino_span family = r->words[i + 1].text;
    if (!find(r, KINO_WISH_NAME_MISSPELT, typed, out.people))
        return out;
    /* One edit, and none in the first name: then the family name alone is one edit from one of his. */
    uint32_t bearers[MOST];
    const size_t n = find(r, KINO_WISH_FAMILY_MISSPELT, family, bearers);
    for (size_t k = 0; k < n; k++)
        if (bearers[k] == out.people[0]) {
            out.words = 2;
            out.count = 1;
        }
    return out;
}

/* ---- family names ---- */

static bool is_other_word(const kino_reading *r, size_t i)
{
    static const int tables[] = {IN_FILLER, IN_BOUNDARY, IN_NOUN,    IN_GENRES, IN_NATIONS, IN_RANKS,
                                 IN_PLACES, IN_THEMES,   IN_DECADES, IN_OLD,    IN_MOODS};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        if (kino_in(r, i, tables[t]))
            return true;
    if (kino_is_word(r, i, "lang") && ((i && kino_in(r, i - 1, IN_NATIONS)) || kino_in(r, i + 1, IN_NATIONS)))
        return true;
    return kino_is_stop(r, i) || r->words[i].text.n < 3;
}

/* The famous bearer of a family name, who is far better known than the next, unless the word means something else more
 * often. */
static kino_named_person family_name(const kino_reading *r, size_t i, size_t words, kino_span name, bool strong)
{
    kino_named_person out = {0};
    uint32_t of[MOST];
    const size_t n = find(r, KINO_WISH_FAMILY, name, of);
    if (!n)
        return out;
    const kino_wish_person p = person(r, of[0]);
    if (p.fame < KINO_WISH_FAMOUS || (n > 1 && p.fame < 3 * person(r, of[1]).fame))
        return out;
    const uint32_t texts = words == 1 ? kino_texts_of(r, i) : 0, keyword = words == 1 ? kino_keyword_of(r, i, 1) : 0;
    strong = strong || noun_follows(r, i + words) || r->words[i + words - 1].possessive || is_whole(r, i, i + words);
    if (strong ? texts <= 5 * p.films && keyword < 5 : 2 * texts <= p.films && keyword < 2 && name.n >= 4) {
        out.people[0] = of[0];
        out.words = words;
        out.count = 1;
    }
    return out;
}

static kino_named_person family_at(const kino_reading *r, size_t i, bool strong)
{
    kino_named_person out = {0};
    if (i + 1 < r->count && kino_is_word(r, i, "de|di|von|van|del|la|da") && !kino_any_used(r, i, 2) && !r->block[i])
        out = family_name(r, i, 2, kino_span_of(&r->text, i, 2), strong);
    if (out.words || r->block[i] || is_other_word(r, i))
        return out;
    const kino_span name = r->words[i].text;
    out = family_name(r, i, 1, name, strong);
    if (!out.words && name.n > 5 && name.text[name.n - 1] == 's')
        out = family_name(r, i, 1, (kino_span){name.text, name.n - 1}, strong);
    if (!out.words && !r->words[i].known && !r->words[i].mended && name.n >= 6 && !r->strange &&
        find(r, KINO_WISH_FAMILY_MISSPELT, name, out.people))
        out.words = out.count = 1;
    return out;
}

/* Whether the words before i and it begin alike: "charlie" may be Charles. */
static bool begins_alike(kino_span word, const char *name)
{
    enum { ALIKE = 3 };
    for (size_t k = 0; k < ALIKE; k++)
        if (k >= word.n || (name[k] | 32) != word.text[k])
            return false;
    return true;
}

/* "charlie chaplin" for Charles Chaplin. */
static kino_named_person nickname(const kino_reading *r, size_t i, bool strong)
{
    kino_named_person out = {0};
    if (i + 1 >= r->count || r->used[i + 1] || r->block[i + 1] || is_other_word(r, i) || is_other_word(r, i + 1))
        return out;
    out = family_name(r, i + 1, 1, r->words[i + 1].text, strong);
    if (!out.words || !begins_alike(r->words[i].text, person(r, out.people[0]).name))
        return (kino_named_person){0};
    out.words = 2;
    return out;
}

/* Behind another first name the family name is that of somebody whom the catalogue does not have. */
static bool is_somebody_else(const kino_reading *r, size_t i)
{
    if (!i || r->used[i - 1] || r->words[i].gap & KINO_GAP_ANY || is_other_word(r, i - 1) ||
        !kino_is_letters(r, i - 1) || r->words[i - 1].mended)
        return false;
    const kino_span before = r->words[i - 1].text;
    return !r->words[i - 1].known ||
           (r->look->first_name(r->look->ctx, before.text, before.n) && !kino_texts_of(r, i - 1));
}

kino_named_person kino_person_at(const kino_reading *r, size_t i, bool strong)
{
    kino_named_person p = {0};
    if (!r->look->people || i >= r->count || r->used[i])
        return p;
    size_t most = 0;
    while (most < 4 && i + most < r->count && !r->used[i + most])
        most++;
    strong = strong || role_before(r, i) != NO_ROLE;
    p = full_name(r, i, most);
    if (!p.words)
        p = siblings(r, i);
    if (!p.words)
        p = misspelt_name(r, i, most);
    if (!p.words)
        p = misspelt_family(r, i, strong);
    if (!p.words)
        p = nickname(r, i, strong);
    return p.words || is_somebody_else(r, i) ? p : family_at(r, i, strong);
}

/* ---- the step ---- */

static kino_wish_kind kind_of(const kino_reading *r, size_t end, role as, kino_wish_person p)
{
    if ((as == DIRECTS || as == BY) && p.directed)
        return KINO_WISH_DIRECTOR;
    if ((as == PLAYS || as == WITH) && p.played)
        return KINO_WISH_WITH;
    return kino_is_word(r, end, "directed|directs") ? KINO_WISH_DIRECTOR : KINO_WISH_PERSON;
}

static void put_person(kino_reading *r, size_t i, size_t to, kino_wish_kind kind, const kino_named_person *of)
{
    kino_buffer names = {0};
    r->person_fame = 0;
    for (size_t k = 0; k < of->count; k++) {
        const kino_wish_person p = person(r, of->people[k]);
        if (k)
            kino_buffer_put(&names, " and ", 5);
        kino_buffer_put(&names, p.name, strlen(p.name));
        r->person_fame += p.fame;
    }
    bool before = false;
    for (size_t k = 0; k < r->chip_count; k++)
        before |= r->chips[k].kind >= KINO_WISH_PERSON && r->chips[k].kind <= KINO_WISH_WITH;
    kino_wish_chip *chip = kino_add_chip(r, i, to, kind, r->negated[i] == KINO_NEGATED, names.data, names.size);
    kino_add_items(r, chip, of->people, of->count);
    if (chip && before && i && kino_is_word(r, i - 1, "or"))
        chip->any = true;
    if (i && kino_is_word(r, i - 1, "and|or"))
        kino_take_free(r, i - 1, i, KINO_TRIGGER);
    free(names.data);
}

size_t kino_read_person(kino_reading *r, size_t i)
{
    const role as = role_before(r, i);
    if (r->theme[i] && !r->clause[i] && as != DIRECTS && as != PLAYS)
        return 0;
    const kino_named_person of = kino_person_at(r, i, false);
    if (!of.words || (r->theme[i] && r->clause[i] && of.words < 2))
        return 0;
    const kino_wish_kind kind = kind_of(r, i + of.words, as, person(r, of.people[0]));
    for (size_t j = i;
         j && !r->used[j - 1] &&
         kino_is_word(r, j - 1, "directed|by|starring|with|featuring|director|actor|actress|dir|from|filmmaker|stars");
         j--)
        kino_take(r, j - 1, j, KINO_TRIGGER);
    size_t to = i + of.words;
    to += to < r->count && !r->used[to] && kino_is_word(r, to, "brothers|bros|brother|sisters|siblings");
    put_person(r, i, to, kind, &of);
    return to - i;
}
