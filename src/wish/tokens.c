/* tokens.c - cuts a question into its words.
 *
 * A word is a run of letters, digits and apostrophes between them. Each character is folded as titles are; "&" is the
 * word "and". A mark that folding drops belongs to the word around it. */
#include "wish/tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

typedef enum class { SIGN, LETTER, MARK, APOSTROPHE } class;

/* The class of the character at p and its folded form, which is appended for a letter; *step: its bytes. */
static class read_character(const char *p, size_t n, size_t *step, kino_buffer *folded)
{
    const unsigned char c = (unsigned char)*p;
    *step = 1;
    if (c < 0x80) {
        if (isalnum(c))
            kino_buffer_byte(folded, (char)tolower(c));
        return isalnum(c) ? LETTER : c == '\'' || c == '`' ? APOSTROPHE : SIGN;
    }
    int32_t code;
    *step = kino_utf8_next(p, n, &code);
    if (code == 0x2019 || code == 0x2018 || code == 0x02BC || code == 0xB4)
        return APOSTROPHE;
    kino_buffer around = {0}; /* between two letters a mark leaves nothing, and a sign a gap */
    kino_buffer_byte(&around, 'x');
    kino_buffer_put(&around, p, *step);
    kino_buffer_byte(&around, 'x');
    kino_buffer out = {0};
    kino_fold(&out, around.data, around.size);
    class is = out.size == 2 ? MARK : LETTER;
    bool any = false;
    for (size_t i = 1; is == LETTER && i + 1 < out.size; i++)
        if (out.data[i] != ' ') {
            kino_buffer_byte(folded, out.data[i]);
            any = true;
        }
    free(around.data);
    free(out.data);
    return is == LETTER && !any ? SIGN : is;
}

static bool is_quote(const char *p, size_t n)
{
    static const char *const quotes[] = {"\"", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xC2\xAB", "\xC2\xBB"};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        const size_t length = strlen(quotes[i]);
        if (length <= n && !memcmp(p, quotes[i], length))
            return true;
    }
    return false;
}

static bool is_dash(const char *p, size_t n)
{
    return *p == '-' || (n >= 3 && (!memcmp(p, "\xE2\x80\x93", 3) || !memcmp(p, "\xE2\x80\x94", 3) ||
                                    !memcmp(p, "\xE2\x88\x92", 3)));
}

static unsigned gap_of(const char *p, size_t n, bool first)
{
    size_t from = 0, to = n;
    unsigned gap = 0;
    while (from < to && isspace((unsigned char)p[from]))
        from++;
    while (to > from && isspace((unsigned char)p[to - 1]))
        to--;
    if (from == to)
        return 0;
    gap |= KINO_GAP_ANY;
    for (size_t i = from; i < to; i++) {
        gap |= p[i] == ',' ? KINO_GAP_COMMA : 0u;
        gap |= p[i] == ';' || p[i] == '.' ? KINO_GAP_STOP : 0u;
        gap |= p[i] == '+' ? KINO_GAP_PLUS : 0u;
        gap |= p[i] == '<' ? KINO_GAP_LESS : 0u;
        gap |= p[i] == '>' ? KINO_GAP_MORE : 0u;
        gap |= is_quote(p + i, to - i) ? KINO_GAP_QUOTE : 0u;
    }
    if (is_dash(p + from, to - from) && (to - from == 1 || to - from == 3)) {
        gap |= KINO_GAP_DASH;
        if (to == n && (from || first))
            gap |= KINO_GAP_MINUS;
    }
    if (to - from == 1) {
        gap |= strchr("([/|:,;-+", p[from]) ? KINO_GAP_APART : 0u;
        gap |= strchr("'-/", p[from]) ? KINO_GAP_LINK : 0u;
        gap |= n == 1 && strchr(".,", p[from]) ? KINO_GAP_POINT : 0u;
    }
    return gap;
}

typedef struct cutter {
    kino_arena *memory;
    kino_word *words;
    size_t count, capacity;
} cutter;

static kino_word *add_word(cutter *c)
{
    if (c->count == c->capacity) {
        const size_t capacity = c->capacity ? 2 * c->capacity : 64;
        kino_word *words = kino_arena_alloc(c->memory, capacity * sizeof *words);
        if (c->count)
            memcpy(words, c->words, c->count * sizeof *words);
        c->words = words;
        c->capacity = capacity;
    }
    return &c->words[c->count++];
}

/* The folded text of a word becomes its two forms. `before_s` is the length before an apostrophe and "s" at its end, 0
 * when there is none. */
static void put_word(cutter *c, const kino_buffer *folded, size_t before_s, kino_word w)
{
    w.title = (kino_span){kino_arena_strndup(c->memory, folded->data, folded->size), folded->size};
    w.text = w.title;
    if (before_s) {
        bool digits = true;
        for (size_t i = 0; i < before_s; i++)
            digits &= isdigit((unsigned char)folded->data[i]) != 0;
        w.possessive = !digits; /* "90's" is a decade */
        if (!digits)
            w.text = (kino_span){kino_arena_strndup(c->memory, folded->data, before_s), before_s};
    }
    *add_word(c) = w;
}

kino_word *kino_tokens(kino_arena *memory, const char *text, size_t n, size_t *count, unsigned *tail)
{
    cutter c = {.memory = memory};
    kino_buffer folded = {0};
    size_t last = 0;
    for (size_t at = 0; at < n;) {
        size_t step;
        folded.size = 0;
        if (text[at] == '&') {
            kino_buffer_put(&folded, "and", 3);
            put_word(&c, &folded, 0,
                     (kino_word){.from = at, .to = at + 1, .gap = gap_of(text + last, at - last, !c.count)});
            last = ++at;
            continue;
        }
        if (read_character(text + at, n - at, &step, &folded) != LETTER) {
            at += step;
            continue;
        }
        kino_word w = {.from = at, .gap = gap_of(text + last, at - last, !c.count), .capitals = true};
        size_t end = at, before_s = 0;
        folded.size = 0;
        while (at < n) {
            const size_t size = folded.size;
            const class is = read_character(text + at, n - at, &step, &folded);
            if (is == SIGN)
                break;
            if (is == APOSTROPHE) {
                size_t next;
                const size_t behind = folded.size;
                if (at + step >= n || read_character(text + at + step, n - at - step, &next, &folded) != LETTER)
                    break;
                folded.size = behind;
                before_s = behind;
            } else if (is == LETTER && before_s && !(size == before_s && folded.data[size] == 's')) {
                before_s = 0; /* more than an s follows */
            }
            w.capitals &= !islower((unsigned char)text[at]);
            at += step;
            end = at;
        }
        w.to = last = end;
        at = end;
        put_word(&c, &folded, before_s, w);
    }
    *tail = gap_of(text + last, n - last, !c.count);
    free(folded.data);
    *count = c.count;
    return c.words;
}
