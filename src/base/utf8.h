/* utf8.h - UTF-8 in and out, and the folded form in which titles and names are compared. */
#ifndef KINO_BASE_UTF8_H
#define KINO_BASE_UTF8_H

#include "base/alloc.h"
#include "kino.h"

/* Decodes one code point from p[0..n), n > 0; returns the bytes taken. An invalid sequence gives U+FFFD and takes the
 * maximal subpart (Unicode 3.9, table 3-8), as Python's errors="replace" and Rust's from_utf8_lossy do. */
size_t kino_utf8_next(const char *p, size_t n, int32_t *out);

/* Appends a code point. */
void kino_utf8_put(kino_buffer *b, int32_t code_point);

/* Appends the text with invalid sequences replaced by U+FFFD. */
void kino_utf8_clean(kino_buffer *b, const char *text, size_t n);

/* Appends the text with HTML's names for characters read ("&amp;", "&#39;", "&eacute;" and the like) and tags of
 * formatting left out ("<i>", "<br>"). Valid UTF-8 stays valid. */
void kino_html_text(kino_buffer *b, const char *text, size_t n);

/* Appends the form in which two titles are equal: compatibility-decomposed, marks removed, case folded, letters and
 * digits kept, "&" read as "and", an apostrophe dropped, every other run of characters one space, none at the ends.
 * Letters such as ø and æ become what is typed for them. "WALL·E" -> "wall e", "Amélie" -> "amelie", "Wałęsa" ->
 * "walesa", "Ocean's Eleven" -> "oceans eleven". */
void kino_fold(kino_buffer *b, const char *text, size_t n);

/* Columns that a terminal needs for the text: wide East Asian characters 2, combining marks 0. */
size_t kino_utf8_width(const char *text, size_t n);

#endif
