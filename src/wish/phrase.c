/* phrase.c - what stands beside a word: lists, facts, places in a phrase; and taking words. */
#include <ctype.h>
#include <string.h>

#include "base/wordtext.h"
#include "wish/reading.h"

kino_span kino_span_of(const kino_joined *j, size_t i, size_t words)
{
    return (kino_span){j->text + j->at[i], j->at[i + words] - j->at[i] - 1};
}

/* ---- lists ---- */

bool kino_is_word(const kino_reading *r, size_t i, const char *list)
{
    if (i >= r->count)
        return false;
    const kino_span w = r->words[i].text;
    for (const char *p = list; *p;) {
        const size_t n = strcspn(p, "|");
        if (n == w.n && !memcmp(p, w.text, n))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

size_t kino_says(const kino_reading *r, size_t i, const char *list)
{
    size_t longest = 0;
    for (const char *p = list; i < r->count && *p;) {
        const size_t n = strcspn(p, "|");
        size_t words = 1;
        for (size_t k = 0; k < n; k++)
            words += p[k] == ' ';
        if (words > longest && i + words <= r->count) {
            const kino_span said = kino_span_of(&r->text, i, words);
            if (said.n == n && !memcmp(said.text, p, n))
                longest = words;
        }
        p += n + (p[n] == '|');
    }
    return longest;
}

bool kino_in(const kino_reading *r, size_t i, int table)
{
    return i < r->count && r->in[i][1][table];
}

bool kino_any_used(const kino_reading *r, size_t i, size_t words)
{
    for (size_t k = i; k < i + words; k++)
        if (r->used[k])
            return true;
    return false;
}

size_t kino_phrase(const kino_reading *r, size_t i, int table, size_t *entry)
{
    for (size_t words = KINO_WISH_PHRASE; words; words--)
        if (i + words <= r->count && r->in[i][words][table] && !kino_any_used(r, i, words)) {
            *entry = r->in[i][words][table] - 1u;
            return words;
        }
    return 0;
}

bool kino_is_stop(const kino_reading *r, size_t i)
{
    return kino_word_is_stop(r->words[i].text.text, r->words[i].text.n);
}

/* ---- numbers ---- */

bool kino_is_digits(const kino_reading *r, size_t i)
{
    const kino_span w = r->words[i].text;
    for (size_t k = 0; k < w.n; k++)
        if (!isdigit((unsigned char)w.text[k]))
            return false;
    return true;
}

bool kino_is_letters(const kino_reading *r, size_t i)
{
    const kino_span w = r->words[i].text;
    for (size_t k = 0; k < w.n; k++)
        if (w.text[k] < 'a' || w.text[k] > 'z')
            return false;
    return true;
}

int kino_whole_number(const kino_reading *r, size_t i, size_t least, size_t most)
{
    int value = 0;
    if (i >= r->count || r->words[i].text.n < least || r->words[i].text.n > most || !kino_is_digits(r, i))
        return -1;
    for (size_t k = 0; k < r->words[i].text.n; k++)
        value = 10 * value + r->words[i].text.text[k] - '0';
    return value;
}

int kino_decade(const kino_reading *r, size_t i)
{
    if (i >= r->count)
        return 0;
    if (r->in[i][1][IN_DECADES])
        return kino_wish_decade_table[r->in[i][1][IN_DECADES] - 1].low;
    const kino_span w = r->words[i].text;
    size_t digits = 0;
    int value = 0;
    for (; digits < w.n && digits < 5 && isdigit((unsigned char)w.text[digits]); digits++)
        value = 10 * value + w.text[digits] - '0';
    const kino_span end = {w.text + digits, w.n - digits};
    const bool plural = (end.n == 1 && *end.text == 's') || (end.n == 2 && !memcmp(end.text, "er", 2)) ||
                        (end.n == 3 && !memcmp(end.text, "ies", 3));
    if (!plural || value % 10)
        return 0;
    if (digits == 4)
        return value >= 1800 && value < 2100 ? value : 0;
    return digits == 2 ? value + (value >= 20 ? 1900 : 2000) : 0;
}

int kino_year(const kino_reading *r, size_t i)
{
    const int value = kino_whole_number(r, i, 4, 4);
    return value >= 1880 && value < 2050 ? value : 0;
}

/* ---- moods ---- */

bool kino_is_mood(const kino_reading *r, size_t i, size_t words)
{
    return i + words <= r->count && words <= KINO_WISH_PHRASE && r->in[i][words][IN_MOODS];
}

static bool find_mood(const kino_reading *r, const char *word, size_t n, size_t *entry, kino_span *phrase)
{
    uint16_t entries[KINO_WISH_TABLES];
    if (!kino_lexicon_find(r->lexicon, word, n, entries) || !entries[IN_MOODS])
        return false;
    *entry = entries[IN_MOODS] - 1u;
    phrase->text = kino_lexicon_mood(r->lexicon, word, n, &phrase->n);
    return true;
}

/* Tries what the word is compared from: "scarier" -> "scary", "wildest" -> "wilde", "wild". */
bool kino_mood_of(const kino_reading *r, size_t i, size_t *entry, kino_span *phrase)
{
    const kino_span w = kino_span_of(&r->singular, i, 1);
    if (find_mood(r, w.text, w.n, entry, phrase))
        return true;
    const size_t ending = w.n > 5 && !memcmp(w.text + w.n - 3, "est", 3)  ? 3
                          : w.n > 4 && !memcmp(w.text + w.n - 2, "er", 2) ? 2
                                                                          : 0;
    if (!ending || w.n > KINO_WISH_WORD_MOST)
        return false;
    char base[KINO_WISH_WORD_MOST];
    const size_t n = w.n - ending;
    memcpy(base, w.text, n);
    if (base[n - 1] == 'i') {
        base[n - 1] = 'y';
        return find_mood(r, base, n, entry, phrase);
    }
    if (find_mood(r, base, n, entry, phrase))
        return true;
    if (n > 2 && base[n - 1] == base[n - 2] && find_mood(r, base, n - 1, entry, phrase))
        return true;
    base[n] = 'e';
    return find_mood(r, base, n + 1, entry, phrase);
}

/* ---- what the catalogue says ---- */

uint32_t kino_texts_of(const kino_reading *r, size_t i)
{
    return r->look->texts(r->look->ctx, r->words[i].text.text, r->words[i].text.n);
}

uint32_t kino_keyword_of(const kino_reading *r, size_t i, size_t words)
{
    const kino_span stems = kino_span_of(&r->stems, i, words);
    return r->look->keyword(r->look->ctx, stems.text, stems.n);
}

uint32_t kino_keyword_near(const kino_reading *r)
{
    return r->look->films > 20000 ? (uint32_t)(r->look->films / 4000) : 5;
}

/* ---- facts and their places ---- */

bool kino_is_fact(const kino_reading *r, size_t i)
{
    static const int tables[] = {IN_GENRES, IN_COMBOS, IN_RANKS, IN_THEMES, IN_NATIONS};
    if (i >= r->count || r->block[i])
        return false;
    for (size_t words = 1; words <= 3 && i + words <= r->count; words++)
        for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
            if (r->in[i][words][tables[t]])
                return true;
    return r->in[i][1][IN_MOODS] || kino_decade(r, i) || kino_year(r, i) || r->used[i] >= KINO_CHIP;
}

bool kino_position_ok(const kino_reading *r, size_t i)
{
    if (i >= r->count)
        return true;
    if (r->words[i].gap & KINO_GAP_ANY && !(r->words[i].gap & KINO_GAP_LINK))
        return true;
    return kino_in(r, i, IN_NOUN) || kino_in(r, i, IN_BOUNDARY) || kino_is_fact(r, i) || kino_is_word(r, i, "ones");
}

static bool is_head(const kino_reading *r, size_t i)
{
    if (kino_in(r, i, IN_NOUN) || kino_in(r, i, IN_COMBOS) || kino_is_word(r, i, "stories|tales|story|tale|classics"))
        return !kino_is_word(r, i, "motion");
    if (r->in[i][1][IN_GENRES])
        return kino_wish_genre_table[r->in[i][1][IN_GENRES] - 1].sure == KINO_WISH_CERTAIN ||
               kino_position_ok(r, i + 1);
    return r->in[i][1][IN_THEMES] && kino_position_ok(r, i + 1);
}

bool kino_heads_phrase(const kino_reading *r, size_t i)
{
    for (size_t k = i; k < r->count && k < i + 5; k++) {
        if (is_head(r, k))
            return true;
        if ((kino_in(r, k, IN_BOUNDARY) && !kino_is_word(r, k, "and")) ||
            (k > i && r->words[k].gap & (KINO_GAP_COMMA | KINO_GAP_STOP)))
            return false;
    }
    return false;
}

/* ---- taking words ---- */

void kino_take(kino_reading *r, size_t i, size_t to, int by)
{
    for (; i < to; i++)
        r->used[i] = (uint8_t)by;
}

void kino_take_free(kino_reading *r, size_t i, size_t to, int by)
{
    for (; i < to; i++)
        if (!r->used[i])
            r->used[i] = (uint8_t)by;
}

kino_wish_chip *kino_add_chip(kino_reading *r, size_t i, size_t to, kino_wish_kind kind, bool no, const char *value,
                              size_t n)
{
    for (size_t k = i; k < to; k++)
        if (r->used[k] >= KINO_CHIP)
            return NULL;
    kino_take(r, i, to, KINO_TAKEN(kind, no));
    if (r->chip_count == KINO_WISH_CHIPS)
        return NULL;
    r->first_word[r->chip_count] = (uint8_t)i;
    kino_wish_chip *chip = &r->chips[r->chip_count++];
    *chip = (kino_wish_chip){.kind = kind,
                             .no = no,
                             .from = r->words[i].from,
                             .to = r->words[to - 1].to,
                             .value = kino_arena_strndup(&r->out->memory, value, n)};
    return chip;
}

void kino_add_items(kino_reading *r, kino_wish_chip *chip, const uint32_t *items, size_t count)
{
    if (!chip || !count)
        return;
    uint32_t *copy = kino_arena_alloc(&r->out->memory, count * sizeof *copy);
    memcpy(copy, items, count * sizeof *copy);
    chip->items = copy;
    chip->count = count;
}

/* `most`: of a wish that is there already the greater holds; else they add up. */
void kino_wish_for(kino_reading *r, const float genres[KINO_WISH_GENRES], float times, bool most)
{
    for (size_t g = 0; g < KINO_WISH_GENRES; g++) {
        const float wish = times * genres[g];
        if (!most)
            r->out->genres[g] += wish;
        else if (wish > r->out->genres[g])
            r->out->genres[g] = wish;
    }
}

void kino_put_words(kino_buffer *b, const char *text, size_t n)
{
    if (!n)
        return;
    if (b->size)
        kino_buffer_byte(b, ' ');
    kino_buffer_put(b, text, n);
}
