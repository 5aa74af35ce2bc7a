/* answer.c - results, matches, films and failures as JSON. */
#include "ask/answer.h"

#include <stdlib.h>
#include <strings.h>

#include "ask/reasons.h"

static void put_year(kino_tree *object, int year)
{
    if (year)
        kino_tree_whole(object, "year", year);
    else
        kino_tree_null(object, "year");
}

static void put_votes(kino_tree *object, int64_t votes)
{
    if (votes >= 0)
        kino_tree_whole(object, "votes", votes);
    else
        kino_tree_null(object, "votes");
}

void kino_answer_film(kino_tree *array, const kino_movie *m)
{
    kino_tree *film = kino_tree_object(array, NULL);
    kino_tree_whole(film, "id", m->id);
    kino_tree_text(film, "title", m->title);
    put_year(film, m->year);
}

void kino_answer_movie(kino_tree *object, const kino_movie *m)
{
    kino_tree_names(object, "genres", &m->genres);
    kino_tree_known(object, "language", m->language);
    kino_tree_number(object, "runtime", m->runtime);
    kino_tree_number(object, "rating", m->rating);
    put_votes(object, m->votes);
    kino_tree_known(object, "poster_path", m->poster_path);
    kino_tree_known(object, "imdb_id", m->imdb_id);
    kino_tree_known(object, "overview", m->overview);
}

/* [{"pleased":0.93,"because":348}, ...], by the order of the people. */
static void put_people(kino_tree *array, const kino_result *r)
{
    for (size_t p = 0; p < r->person_count; p++) {
        kino_tree *one = kino_tree_object(array, NULL);
        kino_tree_number(one, "pleased", r->people[p].share);
        kino_tree_whole(one, "because", r->people[p].seed);
    }
}

static void put_reason(kino_tree *one, const kino_result *r)
{
    kino_buffer text = {0};
    kino_reasons_put(&text, r);
    kino_tree_known(one, "reason", text.data ? text.data : "");
    free(text.data);
}

kino_tree *kino_answer_result(kino_tree *parent, const kino_result *r, size_t rank)
{
    kino_tree *one = kino_tree_object(parent, NULL);
    kino_tree_whole(one, "rank", (int64_t)rank);
    kino_tree_whole(one, "id", r->movie->id);
    kino_tree_text(one, "title", r->movie->title);
    kino_tree_text(one, "original_title", r->movie->original_title);
    put_year(one, r->movie->year);
    kino_tree_number(one, "score", r->score);
    kino_tree *why = kino_tree_object(one, "why");
    for (size_t i = 0; i < r->part_count; i++)
        kino_tree_number(why, r->parts[i].name, r->parts[i].value);
    if (r->named)
        kino_tree_bool(one, "named", true);
    if (r->seed)
        kino_tree_whole(one, "because", r->seed);
    else
        kino_tree_null(one, "because");
    if (r->person_count)
        put_people(kino_tree_array(one, "people"), r);
    kino_answer_movie(one, r->movie);
    put_reason(one, r);
    return one;
}

/* The films that each person likes, an array a person. */
static void put_company(kino_tree *array, const kino_question *q)
{
    kino_tree *films = NULL;
    for (size_t i = 0; i < q->query.like_count; i++) {
        if (!i || q->like_person[i] != q->like_person[i - 1])
            films = kino_tree_array(kino_tree_object(array, NULL), "like");
        kino_answer_film(films, q->like[i]);
    }
}

static void put_understood(kino_tree *root, const kino_results *r)
{
    if (!r->rest)
        return;
    kino_tree *list = kino_tree_array(root, "understood");
    for (size_t i = 0; i < r->understood_count; i++) {
        const kino_understood *u = &r->understood[i];
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "text", u->text);
        kino_tree_text(one, "as", u->as);
        kino_tree_text(one, "value", u->value);
        kino_tree_whole(one, "from", (int64_t)u->from);
        kino_tree_whole(one, "to", (int64_t)u->to);
        if (u->wish)
            kino_tree_bool(one, "wish", true);
        if (u->dropped)
            kino_tree_bool(one, "dropped", true);
    }
    kino_tree_text(root, "rest", r->rest);
    if (!r->other)
        return;
    kino_tree *other = kino_tree_object(root, "other");
    kino_tree_text(other, "as", r->other);
    if (r->other_title)
        kino_tree_text(other, "title", r->other_title);
}

kino_tree *kino_answer_recommend(const kino_question *q, const kino_results *results)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *query, *list;
    kino_tree_whole(root, "schema", 1);
    query = kino_tree_object(root, "query");
    list = kino_tree_array(query, "like");
    for (size_t i = 0; i < q->query.like_count; i++)
        kino_answer_film(list, q->like[i]);
    if (q->query.like_person)
        put_company(kino_tree_array(query, "people"), q);
    list = kino_tree_array(query, "not");
    for (size_t i = 0; i < q->query.dislike_count; i++)
        kino_answer_film(list, q->dislike[i]);
    if (q->query.about)
        kino_tree_text(query, "about", q->query.about);
    else
        kino_tree_null(query, "about");
    kino_tree_whole(query, "k", (int64_t)q->query.k);
    put_understood(root, results);
    list = kino_tree_array(root, "results");
    for (size_t i = 0; i < results->count; i++)
        kino_answer_result(list, &results->items[i], i + 1);
    kino_tree_number(root, "took_ms", results->took_ms);
    return root;
}

kino_tree *kino_answer_match(kino_tree *parent, const kino_match *m)
{
    kino_tree *one = kino_tree_object(parent, NULL);
    kino_tree_whole(one, "id", m->id);
    kino_tree_text(one, "title", m->title);
    kino_tree_text(one, "original_title", m->original_title);
    put_year(one, m->year);
    put_votes(one, m->votes);
    kino_tree_text(one, "match", m->match);
    kino_tree_whole(one, "distance", m->distance);
    return one;
}

static void put_ids(kino_tree *object, const char *name, const int64_t *ids, size_t count)
{
    kino_tree *list = kino_tree_array(object, name);
    for (size_t i = 0; i < count; i++)
        kino_tree_whole(list, NULL, ids[i]);
}

kino_tree *kino_answer_find(const char *text, const kino_matches *m, const kino_people *people)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "schema", 1);
    kino_tree_text(root, "query", text);
    kino_tree *list = kino_tree_array(root, "results");
    for (size_t i = 0; i < m->count; i++)
        kino_answer_match(list, &m->items[i]);
    list = kino_tree_array(root, "people");
    for (size_t i = 0; people && i < people->count; i++) {
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "name", people->items[i].name);
        put_ids(one, "directed", people->items[i].directed, people->items[i].directed_count);
        put_ids(one, "played", people->items[i].played, people->items[i].played_count);
    }
    return root;
}

static void put_named(kino_tree *parent, const char *name, const kino_list *list)
{
    kino_tree *array = kino_tree_array(parent, name);
    for (size_t i = 0; i < list->count; i++) {
        kino_tree *one = kino_tree_object(array, NULL);
        kino_tree_whole(one, "id", list->items[i].id);
        kino_tree_text(one, "name", list->items[i].name);
    }
}

static void put_cast(kino_tree *movie, const kino_movie *m)
{
    kino_tree *array = kino_tree_array(movie, "cast");
    for (size_t i = 0; i < m->cast.count; i++) {
        kino_tree *one = kino_tree_object(array, NULL);
        kino_tree_whole(one, "id", m->cast.items[i].id);
        kino_tree_text(one, "name", m->cast.items[i].name);
        if (m->characters.count == m->cast.count)
            kino_tree_known(one, "character", m->characters.items[i].name);
    }
}

kino_tree *kino_answer_show(const kino_movie *m)
{
    kino_tree *root = kino_tree_object(NULL, NULL);
    kino_tree_whole(root, "schema", 1);
    kino_tree *movie = kino_tree_object(root, "movie");
    kino_tree_whole(movie, "id", m->id);
    kino_tree_text(movie, "title", m->title);
    kino_tree_text(movie, "original_title", m->original_title);
    put_year(movie, m->year);
    kino_answer_movie(movie, m);
    kino_tree_known(movie, "date", m->date);
    kino_tree_number(movie, "popularity", m->popularity);
    kino_tree_known(movie, "tagline", m->tagline);
    kino_tree_known(movie, "status", m->status);
    if (*m->collection.name || m->collection.id) {
        kino_tree *collection = kino_tree_object(movie, "collection");
        kino_tree_whole(collection, "id", m->collection.id);
        kino_tree_text(collection, "name", m->collection.name);
    } else {
        kino_tree_null(movie, "collection");
    }
    put_named(movie, "keywords", &m->keywords);
    put_named(movie, "directors", &m->directors);
    put_named(movie, "writers", &m->writers);
    put_cast(movie, m);
    put_named(movie, "countries", &m->countries);
    return root;
}

kino_tree *kino_answer_error(const kino_error *err, const kino_matches *m)
{
    static const char *const codes[] = {
        [KINO_FAILED] = "failed",           [KINO_USAGE] = "usage",     [KINO_NOT_FOUND] = "not_found",
        [KINO_AMBIGUOUS] = "ambiguous",     [KINO_NETWORK] = "network", [KINO_DAMAGED] = "damaged",
        [KINO_INTERRUPTED] = "interrupted",
    };
    kino_tree *root = kino_tree_object(NULL, NULL), *error;
    kino_tree_whole(root, "schema", 1);
    error = kino_tree_object(root, "error");
    kino_tree_text(error, "code", codes[err->status]);
    kino_tree_text(error, "message", err->text);
    kino_tree *list = m ? kino_tree_array(root, "candidates") : NULL;
    for (size_t i = 0; m && i < m->count; i++) {
        kino_tree *film = kino_tree_object(list, NULL);
        kino_tree_whole(film, "id", m->items[i].id);
        kino_tree_text(film, "title", m->items[i].title);
        kino_tree_text(film, "original_title", m->items[i].original_title);
        put_year(film, m->items[i].year);
        put_votes(film, m->items[i].votes);
    }
    return root;
}
