/* read.c - the order of the steps, and whether a question that is a title is meant as one. */
#include <stdlib.h>
#include <string.h>

#include "base/stem.h"
#include "base/utf8.h"
#include "wish/reading.h"

struct kino_wish_reader {
    const kino_wish_lookups *look;
    kino_lexicon *lexicon;
};

kino_wish_reader *kino_wish_reader_open(const kino_wish_lookups *lookups)
{
    kino_wish_reader *r = kino_alloc(sizeof *r);
    r->look = lookups;
    r->lexicon = kino_lexicon_make();
    return r;
}

void kino_wish_reader_close(kino_wish_reader *r)
{
    if (!r)
        return;
    kino_lexicon_free(r->lexicon);
    free(r);
}

void kino_wish_free(kino_wish *w)
{
    kino_arena_free(&w->memory);
    *w = (kino_wish){0};
}

const char *kino_wish_genre_name(size_t genre)
{
    return genre < KINO_WISH_GENRES ? kino_wish_genre_names[genre] : NULL;
}

const char *kino_wish_as(const kino_wish_chip *chip)
{
    static const char *const names[KINO_WISH_KINDS][2] = {
        {"title", "title"},          {"like", "not-like"},      {"person", "no-person"},
        {"director", "no-director"}, {"with", "no-with"},       {"year", "no-year"},
        {"language", "no-language"}, {"country", "no-country"}, {"genre", "no-genre"},
        {"runtime", "runtime"},      {"audience", "audience"},  {"rank", "rank"},
        {"theme", "theme"},          {"mood", "mood"},          {"not", "not"},
    };
    return names[chip->kind][chip->no];
}

/* ---- the words, joined ---- */

static void join_word(kino_joined *j, size_t i, const char *text, size_t n)
{
    memcpy(j->text + j->at[i], text, n);
    j->text[j->at[i] + n] = ' ';
    j->at[i + 1] = j->at[i] + n + 1;
}

static void join(kino_reading *r)
{
    size_t room = 1;
    for (size_t i = 0; i < r->count; i++)
        room += r->words[i].title.n + r->words[i].text.n + 1;
    kino_joined *const forms[] = {&r->text, &r->title, &r->stems, &r->singular};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        forms[f]->text = kino_arena_alloc(&r->out->memory, room);
        forms[f]->at[0] = 0;
    }
    for (size_t i = 0; i < r->count; i++) {
        const kino_word *w = &r->words[i];
        join_word(&r->text, i, w->text.text, w->text.n);
        join_word(&r->title, i, w->title.text, w->title.n);
        join_word(&r->stems, i, w->text.text, w->text.n);
        join_word(&r->singular, i, w->text.text, w->text.n);
        kino_joined *s = &r->stems;
        s->at[i + 1] = s->at[i] + kino_stem(s->text + s->at[i], w->text.n) + 1;
        s->text[s->at[i + 1] - 1] = ' ';
        s = &r->singular;
        s->at[i + 1] = s->at[i] + kino_wish_singular(s->text + s->at[i], w->text.n) + 1;
        s->text[s->at[i + 1] - 1] = ' ';
    }
}

static void find_phrases(kino_reading *r)
{
    for (size_t i = 0; i < r->count; i++)
        for (size_t words = 1; words <= KINO_WISH_PHRASE && i + words <= r->count; words++) {
            const kino_span said = kino_span_of(&r->text, i, words), one = kino_span_of(&r->singular, i, words);
            uint16_t moods[KINO_WISH_TABLES];
            kino_lexicon_find(r->lexicon, said.text, said.n, r->in[i][words]);
            kino_lexicon_find(r->lexicon, one.text, one.n, moods);
            r->in[i][words][IN_MOODS] = moods[IN_MOODS];
        }
}

/* ---- addresses ---- */

/* The part of an address that says which film, as a text that titles are looked up by; empty when it is none. */
static void address(const char *text, size_t n, kino_buffer *out, kino_wish_title_way *way)
{
    static const struct {
        const char *mark, *front, *of;
        kino_wish_title_way way;
    } sites[] = {{"imdb.com/title/tt", "tt", "0123456789", KINO_WISH_ID},
                 {"themoviedb.org/movie/", "id:", "0123456789", KINO_WISH_ID},
                 {"letterboxd.com/film/", "", "abcdefghijklmnopqrstuvwxyz0123456789-", KINO_WISH_EQUAL}};
    for (size_t s = 0; s < sizeof sites / sizeof *sites; s++) {
        const size_t mark = strlen(sites[s].mark);
        for (size_t i = 0; i + mark <= n; i++) {
            if (memcmp(text + i, sites[s].mark, mark))
                continue;
            kino_buffer_put(out, sites[s].front, strlen(sites[s].front));
            for (size_t k = i + mark; k < n && text[k] && strchr(sites[s].of, text[k]); k++)
                kino_buffer_byte(out, (char)(text[k] == '-' ? ' ' : text[k]));
            *way = sites[s].way;
            return;
        }
    }
    while (n && strchr(" \t\r\n", *text))
        text++, n--;
    size_t digits = 0;
    while (n > 2 + digits && strchr("0123456789", text[2 + digits]) && text[2 + digits])
        digits++;
    if (n > 2 && !memcmp(text, "tt", 2) && digits >= 6 && (n == 2 + digits || strchr(" \t\r\n/", text[2 + digits])))
        kino_buffer_put(out, text, 2 + digits);
    *way = KINO_WISH_ID;
}

static void put_title(kino_reading *r, uint32_t film)
{
    const char *name = kino_film_name(r, film);
    kino_take(r, 0, r->count, KINO_FREE);
    kino_add_items(r, kino_add_chip(r, 0, r->count, KINO_WISH_TITLE, false, name, strlen(name)), &film, 1);
}

/* "heat 1995": Letterboxd puts the year behind a title that several films have. */
static bool find_of_year(const kino_reading *r, const kino_buffer *named, uint32_t *film)
{
    enum { BEHIND = 5, MOST = 16 };
    kino_wish_hit hits[MOST];
    const size_t n = named->size > BEHIND ? named->size - BEHIND : 0;
    if (!n || named->data[n] != ' ' || strspn(named->data + n + 1, "0123456789") < BEHIND - 1)
        return false;
    const size_t found = r->look->titles(r->look->ctx, KINO_WISH_EQUAL, named->data, n, MOST, hits);
    for (size_t i = 0; i < found; i++) {
        kino_wish_film f;
        r->look->film(r->look->ctx, hits[i].item, &f);
        if (f.year != atoi(named->data + n + 1))
            continue;
        *film = hits[i].item;
        return true;
    }
    return false;
}

static bool read_address(kino_reading *r, size_t n)
{
    kino_buffer named = {0};
    kino_wish_title_way way;
    kino_wish_hit hit = {0};
    address(r->question, n, &named, &way);
    const bool found = named.size && (r->look->titles(r->look->ctx, way, named.data, named.size, 1, &hit) ||
                                      (way == KINO_WISH_EQUAL && find_of_year(r, &named, &hit.item)));
    if (found)
        put_title(r, hit.item);
    free(named.data);
    return found;
}

/* ---- the steps ---- */

static void read_words(kino_reading *r)
{
    static size_t (*const steps[])(kino_reading *, size_t) = {kino_read_length, kino_read_year, kino_read_person,
                                                              kino_read_fact, kino_read_mood};
    kino_mark_keywords(r);
    kino_mark_themes(r);
    kino_read_quoted(r);
    kino_read_seeds(r);
    kino_read_negations(r);
    kino_read_leading(r);
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
        for (size_t i = 0; i < r->count;) {
            const size_t n = r->used[i] ? 0 : steps[s](r, i);
            i += n ? n : 1;
        }
    kino_read_negated_words(r);
}

/* A bare decade is as often when a film is set: "80s" alone is a wish, and a word. */
static void soften_decade(kino_reading *r)
{
    if (r->chip_count != 1 || r->chips[0].kind != KINO_WISH_YEAR || r->chips[0].no || r->strength[0] > 1 ||
        *r->out->rest)
        return;
    const size_t i = r->first_word[0];
    if (!kino_decade(r, i) || r->chips[0].to != r->words[i].to)
        return;
    r->chips[0].wish = true;
    r->out->match = kino_arena_strndup(&r->out->memory, r->words[i].text.text, r->words[i].text.n);
}

/* ---- title or words ---- */

/* How a question that may be a title is read. */
typedef enum decision { WORDS, WORDS_OR_TITLE, TITLE, BOTH } decision;

static bool has_chip(const kino_reading *r, kino_wish_kind first, kino_wish_kind last)
{
    for (size_t i = 0; i < r->chip_count; i++)
        if (r->chips[i].kind >= first && r->chips[i].kind <= last)
            return true;
    return false;
}

static bool all_facts(const kino_reading *r)
{
    bool any = false;
    for (size_t i = 0; i < r->count; i++) {
        any |= r->used[i] != KINO_FREE;
        if (!r->used[i] && !kino_in(r, i, IN_FILLER))
            return false;
    }
    return any;
}

static bool one_person(const kino_reading *r)
{
    size_t people = 0;
    for (size_t i = 0; i < r->chip_count; i++)
        people += r->chips[i].kind >= KINO_WISH_PERSON && r->chips[i].kind <= KINO_WISH_WITH;
    return people == 1 && r->chip_count == 1;
}

static bool any_unknown(const kino_reading *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (!r->words[i].known && !r->words[i].mended)
            return true;
    return false;
}

/* "after 2010" is a title and a year only by the letter. */
static bool only_small_words(const kino_reading *r, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (!kino_in(r, i, IN_BOUNDARY) && !kino_is_stop(r, i))
            return false;
    return true;
}

static decision decide_facts(const kino_reading *r, kino_named_film f)
{
    if (one_person(r))
        return r->person_fame > 5 * (double)f.votes && f.as != KINO_AS_YEAR ? WORDS_OR_TITLE : TITLE;
    if (f.as == KINO_AS_YEAR)
        return only_small_words(r, r->count - 1) ? WORDS : TITLE;
    if (f.as == KINO_AS_FOLDED)
        return f.votes >= KINO_WISH_FAMOUS || (r->count >= 3 && f.votes >= 20) ? TITLE : WORDS_OR_TITLE;
    return f.as == KINO_AS_LOOSE || f.votes < KINO_WISH_FAMOUS ? WORDS_OR_TITLE : TITLE;
}

static decision decide_exact(const kino_reading *r, kino_named_film f)
{
    enum { FREQUENT = 40, LITTLE_KNOWN = 20 };
    const bool one = r->count == 1;
    const uint32_t near = kino_keyword_near(r), texts = one && !kino_is_stop(r, 0) ? kino_texts_of(r, 0) : 0;
    uint32_t keyword = kino_keyword_of(r, 0, r->count);
    if (texts >= FREQUENT && keyword < near)
        keyword = near;
    if (all_facts(r))
        return decide_facts(r, f);
    if ((f.as == KINO_AS_ALIAS || f.as == KINO_AS_LOOSE) && keyword >= near)
        return WORDS_OR_TITLE;
    if (f.votes < KINO_WISH_KNOWN && (f.as == KINO_AS_LOOSE || keyword >= 2 || texts >= 5))
        return WORDS_OR_TITLE;
    if (keyword >= near)
        return BOTH;
    return f.as == KINO_AS_ALIAS && f.votes < LITTLE_KNOWN && one ? WORDS_OR_TITLE : TITLE;
}

static decision decide(const kino_reading *r, kino_named_film f)
{
    if (!f.words)
        return WORDS;
    if (r->count == 1 && kino_is_digits(r, 0))
        return f.as == KINO_AS_FOLDED || f.votes >= KINO_WISH_KNOWN ? TITLE : WORDS;
    if (f.as == KINO_AS_MISSPELT)
        return TITLE;
    if (f.as != KINO_AS_INSIDE)
        return decide_exact(r, f);
    if (all_facts(r) || has_chip(r, 0, KINO_WISH_THEME) || has_chip(r, KINO_WISH_NOT, KINO_WISH_NOT) ||
        kino_keyword_of(r, 0, r->count) >= 2)
        return WORDS_OR_TITLE;
    return f.votes < KINO_WISH_FAMOUS ? BOTH : TITLE;
}

/* The reading becomes that of a title. Of BOTH the words are what they were. */
static void read_as_title(kino_reading *r, uint32_t film, bool both)
{
    const kino_span words = kino_span_of(&r->text, 0, r->count);
    kino_wish *out = r->out;
    r->chip_count = 0;
    put_title(r, film);
    memset(out->genres, 0, sizeof out->genres);
    out->language = NULL;
    out->expand = "";
    out->mood_only = false;
    out->first_then_words = both;
    out->rest = out->match = both ? kino_arena_strndup(&out->memory, words.text, words.n) : "";
    out->other = KINO_WISH_OR_WORDS;
}

/* ---- the whole ---- */

static int by_place(const void *a, const void *b)
{
    const kino_wish_chip *x = a, *y = b;
    return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->kind < y->kind) - (x->kind > y->kind);
}

static void finish(kino_reading *r)
{
    if (r->chip_count)
        qsort(r->chips, r->chip_count, sizeof *r->chips, by_place);
    r->out->chips = kino_arena_alloc(&r->out->memory, (r->chip_count + 1) * sizeof *r->chips);
    memcpy(r->out->chips, r->chips, r->chip_count * sizeof *r->chips);
    r->out->count = r->chip_count;
}

static void read_question(kino_reading *r, size_t n, kino_wish_mode mode)
{
    join(r);
    if (!r->count || read_address(r, n))
        return;
    find_phrases(r);
    kino_mend(r);
    join(r);
    find_phrases(r);
    read_words(r);
    kino_read_rest(r);
    const bool understood = has_chip(r, KINO_WISH_LIKE, KINO_WISH_WITH) || (all_facts(r) && !any_unknown(r));
    const kino_named_film f = mode == KINO_WISH_AS_WORDS ? (kino_named_film){0} : kino_title_whole(r, !understood);
    const decision as = mode == KINO_WISH_AS_TITLE && f.words ? TITLE : decide(r, f);
    if (as == TITLE || as == BOTH) {
        read_as_title(r, f.film, as == BOTH);
        return;
    }
    if (as == WORDS_OR_TITLE) {
        r->out->other = KINO_WISH_OR_TITLE;
        r->out->other_film = f.film;
    }
    soften_decade(r);
}

/* The text up to `most` bytes, not ending inside a character. */
static size_t cut(const char *text, size_t n, size_t most)
{
    if (n <= most)
        return n;
    while (most && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

void kino_wish_read(const kino_wish_reader *reader, const char *text, size_t n, kino_wish_mode mode, kino_wish *out)
{
    kino_wish_free(out);
    out->rest = out->match = out->expand = "";
    n = cut(text, n, KINO_WISH_BYTES);
    kino_reading *r = kino_arena_alloc(&out->memory, sizeof *r);
    r->look = reader->look;
    r->lexicon = reader->lexicon;
    r->out = out;
    r->question = text;
    r->words = kino_tokens(&out->memory, text, n, &r->all, &r->tail);
    r->count = r->all < KINO_WISH_WORDS ? r->all : KINO_WISH_WORDS;
    read_question(r, n, mode);
    finish(r);
}
