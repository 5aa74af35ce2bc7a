/* seeds.c - films and people that answers are to be like: "like Heat", "in the style of hitchcock", "alien meets
 * jaws". */
#include <string.h>

#include "base/titletext.h"
#include "wish/reading.h"

/* ---- one seed ---- */

static void add_film(kino_reading *r, size_t i, size_t to, bool no, uint32_t film)
{
    const char *name = kino_film_name(r, film);
    kino_add_items(r, kino_add_chip(r, i, to, KINO_WISH_LIKE, no, name, strlen(name)), &film, 1);
}

static void add_person(kino_reading *r, size_t i, size_t to, bool no, uint32_t person)
{
    enum { BEST_KNOWN = 3 };
    kino_wish_person p;
    uint32_t films[BEST_KNOWN];
    r->look->person(r->look->ctx, person, &p);
    kino_wish_chip *chip = kino_add_chip(r, i, to, KINO_WISH_LIKE, no, p.name, strlen(p.name));
    kino_add_items(r, chip, films, r->look->films_of(r->look->ctx, person, BEST_KNOWN, films));
}

/* A title of one word must end there: "like nothing else" is no film. */
static bool goes_on(const kino_reading *r, size_t i)
{
    return i < r->count && !kino_in(r, i, IN_BOUNDARY) && !(r->words[i].gap & KINO_GAP_ANY) &&
           !kino_in(r, i, IN_NOUN) && !kino_is_word(r, i, "or|and|meets|x|plus|only|please|pls|too|again");
}

/* The title or person at i becomes a seed; returns the word behind it, or i when there is none. */
static size_t seed_at(kino_reading *r, size_t i, bool no, bool strong)
{
    size_t s = i;
    if (strong && s + 1 < r->count && kino_is_word(r, s, "movie|film"))
        s++;
    while (strong && s + 1 < r->count && kino_is_word(r, s, "movies|films|stuff"))
        s++;
    if (s >= r->count)
        return i;
    const kino_named_person p = kino_person_at(r, s, true);
    const kino_named_film f = kino_title_at(r, s, strong);
    if (p.words) {
        kino_wish_person who;
        r->look->person(r->look->ctx, p.people[0], &who);
        if (p.words > f.words || (p.words == f.words && who.fame > 5 * (double)f.votes)) {
            add_person(r, s, s + p.words, no, p.people[0]);
            return s + p.words;
        }
    }
    if (!f.words || (f.words == 1 && goes_on(r, s + 1)))
        return i;
    add_film(r, s, s + f.words, no, f.film);
    return s + f.words;
}

/* ---- in quotes ---- */

static void quoted_at(kino_reading *r, size_t i)
{
    for (size_t end = i + 1; end <= r->count && end <= i + 12; end++) {
        if (!((end < r->count ? r->words[end].gap : r->tail) & KINO_GAP_QUOTE))
            continue;
        const kino_named_film f = kino_title_exact(r, i, end - i, 0, 0);
        if (!f.words)
            return;
        add_film(r, i, end, i && kino_is_word(r, i - 1, "not|without|except"), f.film);
        if (i && kino_is_word(r, i - 1, "like|similar|to|as|of|not"))
            kino_take_free(r, i - 1, i, KINO_TRIGGER);
        if (i > 1 && kino_is_word(r, i - 2, "similar|like"))
            kino_take_free(r, i - 2, i - 1, KINO_TRIGGER);
        return;
    }
}

/* A question that is nothing but a quoted title asks for that film, and is decided as such later. */
void kino_read_quoted(kino_reading *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->words[i].gap & KINO_GAP_QUOTE && !r->used[i])
            quoted_at(r, i);
}

/* ---- behind a trigger ---- */

/* "like" alone means a film where it begins a question or stands behind what it can refer to. */
static bool is_strong(const kino_reading *r, size_t i, size_t words, bool no)
{
    static const char sure[] = "liked|loved|enjoyed|just like|such as|feels like|feel like|looks like";
    if (words == kino_says(r, i, sure))
        return true;
    return kino_is_word(r, i, "like") &&
           (!i || no || kino_in(r, i - 1, IN_NOUN) || kino_in(r, i - 1, IN_GENRES) || kino_in(r, i - 1, IN_THEMES) ||
            kino_is_word(r, i - 1, "something|anything|ones|more|stuff|style|feel|vibe|much|exactly|is|are"));
}

/* A weak trigger needs a title that is certain. */
static bool is_certain(const kino_reading *r, size_t i, size_t s)
{
    const kino_named_film f = kino_title_at(r, s, false);
    size_t content = 0, entry;
    kino_span phrase;
    for (size_t k = s; k < s + f.words; k++)
        content += !kino_is_stop(r, k) && !kino_title_is_small(r->words[k].text.text, r->words[k].text.n);
    if (!f.words || (content < 2 && f.votes < KINO_WISH_FAMOUS))
        return false;
    if (kino_is_word(r, i, "than"))
        return i && kino_mood_of(r, i - 1, &entry, &phrase);
    if (kino_is_word(r, i, "between"))
        return kino_is_word(r, s + f.words, "and") && s + f.words + 1 < r->count &&
               kino_title_at(r, s + f.words + 1, false).words;
    return true;
}

static bool is_seed(const kino_reading *r, size_t i, size_t words, bool no)
{
    static const char weak[] =
        "than|like|between|liked|loved|enjoyed|close to|such as|just like|feel like|feels like|looks like|spirit of";
    const size_t s = i + words;
    if (words != kino_says(r, i, weak))
        return true;
    if (words == 1 && kino_is_word(r, i, "like")) {
        if (i && kino_is_word(r, i - 1, "id|would|people|they|you|who|to|dont|do"))
            return false;
        if (kino_is_word(r, s, "a|an|that|this|these|to") && !kino_title_at(r, s, false).words)
            return false;
    }
    return is_strong(r, i, words, no) || is_certain(r, i, s);
}

static bool is_joiner(const kino_reading *r, size_t i)
{
    return kino_is_word(r, i, "and|or|meets|plus|x|with|crossed");
}

/* Whether a further title at i is one and no fact. */
static bool is_further(const kino_reading *r, size_t i)
{
    const kino_named_film f = kino_title_at(r, i, false);
    bool content = false, fact = true;
    for (size_t k = i; k < i + f.words; k++) {
        content |= !kino_is_stop(r, k);
        fact &= kino_in(r, k, IN_GENRES) || kino_in(r, k, IN_NATIONS) || kino_is_stop(r, k) || kino_is_mood(r, k, 1);
    }
    return f.words && f.votes >= KINO_WISH_KNOWN && f.as != KINO_AS_LOOSE && content && !fact;
}

static size_t further_seeds(kino_reading *r, size_t end, bool no)
{
    while (end < r->count && (is_joiner(r, end) || r->words[end].gap & (KINO_GAP_COMMA | KINO_GAP_PLUS))) {
        size_t s = end + is_joiner(r, end);
        s += kino_is_word(r, s, "with");
        s += kino_is_word(r, s, "like");
        if (s >= r->count || r->used[s] || !is_further(r, s))
            break;
        const size_t next = seed_at(r, s, no, false);
        if (next == s)
            break;
        kino_take_free(r, end, s, KINO_TRIGGER);
        end = next;
    }
    return end;
}

void kino_read_seeds(kino_reading *r)
{
    for (size_t i = 0; i < r->count;) {
        size_t entry, words = r->used[i] ? 0 : kino_phrase(r, i, IN_SEED, &entry);
        if (!words || i + words >= r->count) {
            i++;
            continue;
        }
        const bool no = i && kino_is_word(r, i - 1, "not|nothing|un|dont|no|unlike");
        const size_t s = i + words, end = is_seed(r, i, words, no) ? seed_at(r, s, no, true) : s;
        if (end == s) {
            i += words;
            continue;
        }
        kino_take_free(r, i, s, KINO_TRIGGER);
        if (no)
            kino_take_free(r, i - 1, i, KINO_TRIGGER);
        i = further_seeds(r, end, no);
    }
}

/* ---- at the front ---- */

static bool is_all_facts(const kino_reading *r, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (!kino_in(r, i, IN_GENRES) && !kino_in(r, i, IN_NATIONS) && !kino_in(r, i, IN_RANKS) &&
            !kino_in(r, i, IN_NOUN) && !kino_is_stop(r, i))
            return false;
    return true;
}

static kino_named_film leading(const kino_reading *r, size_t words)
{
    const bool joins = kino_is_word(r, words, "but|meets");
    if (!joins && !kino_is_word(r, words, "minus") && !(words >= 2 && kino_is_word(r, words, "only|except")) &&
        !(r->words[words].gap & KINO_GAP_PLUS))
        return (kino_named_film){0};
    kino_named_film f = kino_title_exact(r, 0, words, 0, 0);
    for (size_t i = 0; !f.words && joins && i < words; i++)
        if (!r->words[i].known)
            f = kino_title_misspelt(r, 0, words);
    return f;
}

/* "inception but funny", "alien meets jaws" */
void kino_read_leading(kino_reading *r)
{
    if (!r->count || r->used[0])
        return;
    for (size_t i = 0; i < r->chip_count; i++)
        if (r->chips[i].kind == KINO_WISH_LIKE && !r->chips[i].no)
            return;
    for (size_t words = r->count - 1 < 10 ? r->count - 1 : 10; words; words--) {
        if (kino_any_used(r, 0, words))
            continue;
        const kino_named_film f = leading(r, words);
        if (!f.words || f.as == KINO_AS_LOOSE || f.votes < KINO_WISH_KNOWN || is_all_facts(r, words))
            continue;
        add_film(r, 0, words, false, f.film);
        if (kino_is_word(r, words, "but"))
            kino_take_free(r, words, words + 1, KINO_TRIGGER);
        else if (kino_is_word(r, words, "meets") && words + 1 < r->count && !r->used[words + 1]) {
            const kino_named_film other = kino_title_at(r, words + 1, true);
            if (other.words) {
                add_film(r, words + 1, words + 1 + other.words, false, other.film);
                kino_take_free(r, words, words + 1, KINO_TRIGGER);
            }
        }
        return;
    }
}
