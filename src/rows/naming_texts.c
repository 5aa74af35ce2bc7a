/* naming_texts.c - the texts by which films and people are called, made of the columns of a segment. */
#include "rows/naming.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/stem.h"
#include "base/titletext.h"
#include "base/utf8.h"
#include "base/wordtext.h"
#include "rows/segment.h"

enum { NAME_WORDS = 8 };

_Static_assert(NAME_WORDS <= 1 << KINO_WORD_BITS, "a place for each word of a name");
_Static_assert(2 + KINO_TITLE_PARTS <= 1 << KINO_LOOSE_BITS, "a form for each part of a title");

/* ---- words of a text ---- */

typedef struct word {
    const char *text;
    size_t n;
} word;

/* The word that begins at *at, which goes on to the next; false behind the last. */
static bool next_word(const char *text, size_t n, size_t *at, word *out)
{
    if (*at >= n)
        return false;
    const char *space = memchr(text + *at, ' ', n - *at);
    *out = (word){text + *at, space ? (size_t)(space - text) - *at : n - *at};
    *at += out->n + 1;
    return true;
}

static void put_word(kino_buffer *out, size_t start, word w)
{
    if (out->size > start)
        kino_buffer_byte(out, ' ');
    kino_buffer_put(out, w.text, w.n);
}

static bool is(word w, const char *list)
{
    for (const char *p = list; *p;) {
        const size_t n = strcspn(p, "|");
        if (n == w.n && !memcmp(p, w.text, n))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

/* ---- titles ---- */

static void plain_of(kino_buffer *out, const char *text, size_t n)
{
    kino_buffer folded = {0};
    kino_fold(&folded, text, n);
    if (folded.size)
        kino_title_plain(out, folded.data, folded.size);
    free(folded.data);
}

void kino_plain_text(kino_buffer *out, const char *text)
{
    plain_of(out, text, strlen(text));
}

/* Form 0 is the title, 1 the original one where it is another, and then come the parts. */
static void loose_text(const kino_segment *s, uint32_t ref, kino_buffer *out)
{
    const size_t row = ref >> KINO_LOOSE_BITS, form = ref & ((1 << KINO_LOOSE_BITS) - 1);
    const char *title = kino_segment_text(s, row, KINO_TEXT_TITLE);
    const char *original = kino_segment_text(s, row, KINO_TEXT_ORIGINAL_TITLE);
    kino_title_part piece = {title, strlen(title)};
    if (form == 1)
        piece = (kino_title_part){original, strcmp(title, original) ? strlen(original) : 0};
    if (form >= 2) {
        kino_title_part parts[KINO_TITLE_PARTS];
        kino_title_split(title, strlen(title), parts);
        piece = form - 2 < KINO_TITLE_PARTS ? parts[form - 2] : (kino_title_part){title, 0};
    }
    kino_buffer plain = {0};
    const size_t start = out->size;
    plain_of(&plain, piece.text, piece.n);
    if (plain.size)
        kino_title_loosen(out, plain.data, plain.size);
    if (out->size - start == plain.size)
        out->size = start; /* the table of titles has it */
    free(plain.data);
}

/* "Se7en" -> "seven": a digit beside a letter is the letter that it looks like. Nothing when there is none. */
static void spelled_text(const kino_segment *s, uint32_t row, kino_buffer *out)
{
    static const char digits[] = "713045", letters[] = "vieoas";
    const char *title = kino_segment_text(s, row, KINO_TEXT_TITLE);
    kino_buffer spelled = {0};
    bool any = false;
    for (const char *p = title; *p; p++) {
        const char *at = strchr(digits, *p);
        const bool beside = (p > title && isalpha((unsigned char)p[-1])) || isalpha((unsigned char)p[1]);
        any |= at && beside;
        kino_buffer_byte(&spelled, at && beside ? letters[at - digits] : *p);
    }
    if (any)
        plain_of(out, spelled.data, spelled.size);
    free(spelled.data);
}

static void inside_text(const kino_segment *s, uint32_t ref, kino_buffer *out)
{
    kino_buffer plain = {0};
    word w;
    size_t at = 0, place = ref & ((1 << KINO_PLACE_BITS) - 1);
    kino_plain_text(&plain, kino_segment_text(s, ref >> KINO_PLACE_BITS, KINO_TEXT_TITLE));
    while (next_word(plain.data, plain.size, &at, &w))
        if (!place--) {
            if (!kino_title_is_small(w.text, w.n))
                kino_buffer_put(out, w.text, w.n);
            break;
        }
    free(plain.data);
}

/* ---- names ---- */

typedef struct name {
    word words[NAME_WORDS];
    size_t count, core[NAME_WORDS], core_count; /* the words that are no "Jr." */
} name;

static name take_apart(const char *folded, size_t n)
{
    name out = {.count = 0};
    word w;
    for (size_t at = 0; out.count < NAME_WORDS && next_word(folded, n, &at, &w);) {
        if (!is(w, "jr|sr|ii|iii"))
            out.core[out.core_count++] = out.count;
        out.words[out.count++] = w;
    }
    return out;
}

/* "samuel l jackson" -> "samuel jackson", "robert downey jr" -> "robert downey" */
static void put_shorter(const name *of, kino_buffer *out)
{
    const size_t start = out->size;
    for (size_t i = 0; i < of->core_count; i++) {
        const word w = of->words[of->core[i]];
        if (i == 0 || i + 1 == of->core_count || w.n > 1)
            put_word(out, start, w);
    }
}

static void put_family(const name *of, bool with_particle, kino_buffer *out)
{
    const size_t start = out->size, core = of->core_count;
    const word last = of->words[core ? of->core[core - 1] : 0];
    if (with_particle) {
        const word particle = core > 2 ? of->words[of->core[core - 2]] : (word){"", 0};
        if (!is(particle, "de|di|von|van|del|la|le|du|da|st|mc|bin|ter|den"))
            return;
        put_word(out, start, particle);
    }
    put_word(out, start, last);
}

/* Texts of names are folded; kino_called takes their plain form. */
static void name_text(const kino_segment *s, kino_called_as as, uint32_t ref, kino_buffer *out)
{
    const unsigned bits = as == KINO_CALLED_WORD ? KINO_WORD_BITS : KINO_NAME_BITS, which = ref & ((1u << bits) - 1);
    const char *written = kino_segment_term(s, ref >> bits);
    const size_t start = out->size;
    kino_buffer folded = {0};
    kino_fold(&folded, written, strlen(written));
    const name of = take_apart(folded.data ? folded.data : "", folded.size);
    if (as == KINO_CALLED_WORD && which < of.count)
        kino_buffer_put(out, of.words[which].text, of.words[which].n);
    if (as == KINO_CALLED_FAMILY && of.count)
        put_family(&of, which, out);
    if (as == KINO_CALLED_NAME && !which)
        kino_buffer_put(out, folded.data ? folded.data : "", folded.size);
    if (as == KINO_CALLED_NAME && which) {
        put_shorter(&of, out);
        if (out->size - start == folded.size)
            out->size = start; /* there is nothing to leave out */
    }
    free(folded.data);
}

/* ---- keywords ---- */

static void keyword_text(const kino_segment *s, uint32_t term, kino_buffer *out)
{
    const char *written = kino_segment_term(s, term);
    const size_t start = out->size;
    kino_buffer folded = {0};
    word w;
    kino_words_fold(&folded, written, strlen(written));
    for (size_t at = 0; next_word(folded.data, folded.size, &at, &w);) {
        char stem[KINO_WORD_LONGEST];
        if (w.n > sizeof stem)
            continue;
        memcpy(stem, w.text, w.n);
        const size_t n = kino_stem(stem, w.n);
        if (n)
            put_word(out, start, (word){stem, n});
    }
    free(folded.data);
}

/* ---- the tables ---- */

void kino_called_text(const kino_segment *s, kino_called_as as, uint32_t ref, kino_buffer *out)
{
    switch (as) {
    case KINO_CALLED_LOOSE:
        loose_text(s, ref, out);
        break;
    case KINO_CALLED_SPELLED:
        spelled_text(s, ref, out);
        break;
    case KINO_CALLED_INSIDE:
        inside_text(s, ref, out);
        break;
    case KINO_CALLED_KEYWORD:
        keyword_text(s, ref, out);
        break;
    default:
        name_text(s, as, ref, out);
        break;
    }
}

/* What a table's texts are made of; names are compared in their plain form. */
typedef struct teller {
    const kino_segment *s;
    kino_called_as as;
} teller;

static void tell(const void *ctx, uint32_t ref, kino_buffer *out)
{
    const teller *t = ctx;
    if (t->as != KINO_CALLED_NAME && t->as != KINO_CALLED_FAMILY) {
        kino_called_text(t->s, t->as, ref, out);
        return;
    }
    kino_buffer folded = {0};
    kino_called_text(t->s, t->as, ref, &folded);
    if (folded.size)
        kino_title_plain(out, folded.data, folded.size);
    free(folded.data);
}

static void tell_folded(const void *ctx, uint32_t ref, kino_buffer *out)
{
    const teller *t = ctx;
    kino_called_text(t->s, t->as, ref, out);
}

kino_keyed_run kino_called(const kino_naming *v, kino_called_as as, const kino_segment *s, const char *text, size_t n)
{
    const teller t = {s, as};
    return kino_keyed_find(&v->called[as], text, n, tell, &t);
}

void kino_misspelt(const kino_naming *v, kino_misspelt_as as, const kino_segment *s, const char *folded, size_t n,
                   kino_spelling_take take, void *to)
{
    const teller t = {s, as == KINO_MISSPELT_NAME ? KINO_CALLED_NAME : KINO_CALLED_FAMILY};
    kino_spelling_find(&v->misspelt[as], folded, n, tell_folded, &t, take, to);
}
