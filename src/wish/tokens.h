/* tokens.h - the words of a question, with where each stands in it. */
#ifndef KINO_WISH_TOKENS_H
#define KINO_WISH_TOKENS_H

#include "wish/wish.h"

typedef struct kino_span {
    const char *text;
    size_t n;
} kino_span;

/* What stands before a word, blanks aside. */
enum {
    KINO_GAP_ANY = 1, /* something does */
    KINO_GAP_COMMA = 2,
    KINO_GAP_STOP = 4,   /* ; or . */
    KINO_GAP_DASH = 8,   /* a dash right before the word, alone */
    KINO_GAP_MINUS = 16, /* the same behind a blank or at the start, as in "comedy -romance" */
    KINO_GAP_PLUS = 32,
    KINO_GAP_QUOTE = 64,
    KINO_GAP_LESS = 128,
    KINO_GAP_MORE = 256,
    KINO_GAP_APART = 512, /* a sign that sets words apart: ( [ / | : , ; - + alone */
    KINO_GAP_LINK = 1024, /* nothing but ' - or / : what follows belongs to it */
    KINO_GAP_POINT = 2048 /* one . or , without a blank: "1.5" */
};

typedef struct kino_word {
    kino_span text;  /* folded, without "'s", mended */
    kino_span title; /* folded as titles are, "pan's" -> "pans" */
    size_t from, to; /* in the question, in bytes */
    unsigned gap;
    bool possessive, capitals, known, mended;
} kino_word;

/* The words of a text as read; texts lie in the arena, are zero-terminated and never empty. The gap behind the last
 * word goes to *tail. Returns the words, of which there are *count. */
kino_word *kino_tokens(kino_arena *memory, const char *text, size_t n, size_t *count, unsigned *tail);

#endif
