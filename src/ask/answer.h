/* answer.h - answers as JSON, version 1 of the schema: the same from the command line and over HTTP.
 *
 * Each call returns a tree to put or print, and copies what it is made of. With a NULL parent the tree stands alone. */
#ifndef KINO_ASK_ANSWER_H
#define KINO_ASK_ANSWER_H

#include "ask/question.h"
#include "base/jsontree.h"
#include "kino.h"

kino_tree *kino_answer_recommend(const kino_question *q, const kino_results *results);
kino_tree *kino_answer_result(kino_tree *parent, const kino_result *r, size_t rank);
/* people: NULL: nobody */
kino_tree *kino_answer_find(const char *text, const kino_matches *m, const kino_people *people);
kino_tree *kino_answer_match(kino_tree *parent, const kino_match *m);
kino_tree *kino_answer_show(const kino_movie *m);

/* {"schema":1,"error":{"code":...,"message":...},"candidates":[...]}, the last for such failures or where there are
 * any */
kino_tree *kino_answer_error(const kino_error *err, const kino_matches *candidates);

/* {"id":862,"title":"Toy Story","year":1995} */
void kino_answer_film(kino_tree *array, const kino_movie *m);
/* The members of a film that answers are made of: genres, language, ... overview. */
void kino_answer_movie(kino_tree *object, const kino_movie *m);

#endif
