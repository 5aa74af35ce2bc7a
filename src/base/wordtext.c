/* wordtext.c - a text -> its words. */
#include "base/wordtext.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* Function words of English, and what people call a film in a question. Sorted. */
static const char *const stop_words[] = {
    "a",        "about",  "after",  "again",  "all",    "also",    "am",    "an",        "and",   "any",
    "anything", "are",    "as",     "at",     "be",     "because", "been",  "before",    "being", "between",
    "both",     "but",    "by",     "can",    "cannot", "could",   "did",   "do",        "does",  "doing",
    "done",     "during", "each",   "either", "else",   "ever",    "every", "few",       "film",  "films",
    "flick",    "for",    "from",   "get",    "gets",   "give",    "had",   "has",       "have",  "having",
    "he",       "her",    "here",   "hers",   "him",    "his",     "how",   "i",         "if",    "in",
    "into",     "is",     "it",     "its",    "itself", "just",    "like",  "looking",   "me",    "more",
    "most",     "movie",  "movies", "much",   "my",     "no",      "nor",   "not",       "of",    "off",
    "on",       "one",    "ones",   "only",   "or",     "other",   "our",   "out",       "over",  "own",
    "please",   "same",   "she",    "should", "show",   "so",      "some",  "something", "such",  "than",
    "that",     "the",    "their",  "them",   "then",   "there",   "these", "they",      "this",  "those",
    "through",  "to",     "too",    "under",  "until",  "up",      "upon",  "us",        "very",  "want",
    "wants",    "was",    "we",     "were",   "what",   "when",    "where", "which",     "while", "who",
    "whom",     "whose",  "why",    "will",   "with",   "within",  "would", "you",       "your",
};

typedef struct slice {
    const char *text;
    size_t n;
} slice;

static int compare_stop(const void *key, const void *item)
{
    const slice *a = key;
    const char *b = *(const char *const *)item;
    int order = strncmp(a->text, b, a->n);
    return order ? order : -(b[a->n] != 0);
}

bool kino_word_is_stop(const char *word, size_t n)
{
    enum { LONGEST = 9 };
    return n <= LONGEST && bsearch(&(slice){word, n}, stop_words, sizeof stop_words / sizeof *stop_words,
                                   sizeof *stop_words, compare_stop);
}

/* ---- folding ---- */

/* The bytes of an apostrophe at text[at], 0 when it is none. */
static size_t apostrophe(const char *text, size_t n, size_t at)
{
    if (text[at] == '\'')
        return 1;
    if (n - at >= 3 && !memcmp(text + at, "\xe2\x80\x99", 3))
        return 3;
    return n - at >= 2 && !memcmp(text + at, "\xca\xbc", 2) ? 2 : 0;
}

static bool goes_on(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0x80;
}

/* The bytes of "'s" at the end of a word, 0 when there is none. */
static size_t possessive(const char *text, size_t n, size_t at)
{
    size_t mark = apostrophe(text, n, at), end = at + mark + 1;
    if (!mark || end > n || (text[end - 1] | 32) != 's' || (end < n && goes_on((unsigned char)text[end])))
        return 0;
    return end - at;
}

void kino_words_fold(kino_buffer *out, const char *text, size_t n)
{
    size_t start = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] != '\'' && text[i] != '\xe2' && text[i] != '\xca')
            continue;
        size_t cut = possessive(text, n, i);
        if (cut) {
            kino_fold(out, text + start, i - start);
            kino_buffer_byte(out, ' ');
            start = i + cut;
        }
    }
    kino_fold(out, text + start, n - start);
}

/* ---- words ---- */

/* Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han. */
static bool is_unspaced(int32_t c)
{
    return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff) ||
           (c >= 0x3005 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
           (c >= 0x20000 && c <= 0x3ffff);
}

/* The bytes of the character at `at` when it is of such a script, else 0. */
static size_t unspaced(const kino_word_reader *r, size_t at)
{
    int32_t c;
    if (at >= r->n || !(r->text[at] & 0x80))
        return 0;
    size_t bytes = kino_utf8_next(r->text + at, r->n - at, &c);
    return is_unspaced(c) ? bytes : 0;
}

/* A pair of characters, or one that stands alone. False when the one that is left was in the last pair; the next
 * character then stands apart from it. */
static bool take_pair(kino_word_reader *r, size_t first)
{
    size_t second = unspaced(r, r->at + first);
    bool taken = second || !r->paired;
    r->word = r->text + r->at;
    r->length = first + second;
    r->at += first;
    r->paired = second != 0;
    return taken;
}

/* A word up to a space or to another script. */
static void take_word(kino_word_reader *r)
{
    size_t end = r->at;
    while (end < r->n && r->text[end] != ' ' && !unspaced(r, end))
        end++;
    r->word = r->text + r->at;
    r->length = end - r->at;
    r->at = end;
    if (r->length > KINO_WORD_LONGEST) {
        r->length = KINO_WORD_LONGEST;
        while (r->length && (r->word[r->length] & 0xc0) == 0x80)
            r->length--;
    }
}

bool kino_word_next(kino_word_reader *r)
{
    for (;;) {
        while (r->at < r->n && r->text[r->at] == ' ')
            r->at++;
        if (r->at >= r->n)
            return false;
        size_t first = unspaced(r, r->at);
        if (!first) {
            take_word(r);
            return true;
        }
        if (take_pair(r, first))
            return true;
    }
}
