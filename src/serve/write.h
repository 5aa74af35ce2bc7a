/* write.h - how the files of the page write HTML; see page.h. */
#ifndef KINO_SERVE_WRITE_H
#define KINO_SERVE_WRITE_H

#include "serve/page.h"

/* The usual diversity as the form has it: "0.15". */
#define KINO_PAGE_TEXT(number) #number
#define KINO_PAGE_TEXT_OF(macro) KINO_PAGE_TEXT(macro)
#define KINO_PAGE_DIVERSITY KINO_PAGE_TEXT_OF(KINO_DIVERSITY)

void kino_put_html(kino_buffer *b, const char *text); /* text and attribute values */
void kino_put_raw(kino_buffer *b, const char *html);
void kino_put_film_name(kino_buffer *b, const char *title); /* isolated: its direction is its own */

const char *kino_page_value(const kino_page *p, const char *name); /* of the first parameter of that name, or "" */

/* What a link does to the question: a film is added, changes sides, is removed or is the only one left. */
typedef enum kino_page_step {
    KINO_STEP_NONE,
    KINO_STEP_LIKE,
    KINO_STEP_NOT,
    KINO_STEP_DROP,
    KINO_STEP_ONLY,
    KINO_STEP_MORE /* the same films, and `id` is how many of them */
} kino_page_step;
/* "?like=862&amp;..." for an href, "./" when nothing is asked any more. */
void kino_put_link(kino_buffer *b, const kino_page *p, kino_page_step step, int64_t id);
/* The same question without a piece of its words, or read otherwise ("words", "title"; NULL: as it is). */
void kino_put_link_without(kino_buffer *b, const kino_page *p, size_t from, size_t to, const char *as);
void kino_put_encoded(kino_buffer *b, const char *text); /* a part of an address */
/* The pages of a film and of a person, and the films of a question with one parameter. */
void kino_put_film_link(kino_buffer *b, const kino_page *p, int64_t id);
void kino_put_person_link(kino_buffer *b, const kino_page *p, const char *name);
void kino_put_question_link(kino_buffer *b, const kino_page *p, const char *name, const char *value);
/* A question of these words alone, of which nothing is a title. */
void kino_put_words_link(kino_buffer *b, const char *words);

/* A template with its slots filled. */
void kino_fill_page(const char *name, const kino_page *p, const void *ctx,
                    void (*slot)(kino_buffer *, const kino_page *, const void *ctx, const char *), kino_buffer *out);
/* The drawing of a film, and over it the poster when there is one and it comes. */
void kino_put_poster(kino_buffer *b, const kino_page *p, const kino_movie *m);
void kino_put_facts(kino_buffer *b, const kino_movie *m);

/* The lists of films: cards with posters and reasons, and the films that a title could mean. */
void kino_put_cards(kino_buffer *b, const kino_page *p);
void kino_put_candidates(kino_buffer *b, const kino_page *p);
void kino_put_elsewhere(kino_buffer *b, const kino_page *p);

/* The controls of the form, with what was chosen. */
void kino_put_genres(kino_buffer *b, const kino_page *p);
void kino_put_choice(kino_buffer *b, const kino_page *p, const char *name); /* the options of a select */

#endif
