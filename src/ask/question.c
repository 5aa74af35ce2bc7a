/* question.c - what a question says -> what the library is asked. */
#include "ask/question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask/fields.h"
#include "base/limits.h"
#include "base/status.h"
#include "engine/names.h"

enum { DEFAULT_K = 10 };
#define HEAVIEST_FILM 1000

/* ---- what it says ---- */

void kino_ask_init(kino_ask *a)
{
    *a = (kino_ask){.diversity = NAN};
}

void kino_ask_free(kino_ask *a)
{
    free(a->like.items);
    free(a->dislike.items);
    free(a->together.items);
    free(a->genres.items);
    free(a->no_genres.items);
    free(a->languages.items);
    free(a->countries.items);
    free(a->with.items);
    free(a->directors.items);
    free(a->unseen);
    kino_arena_free(&a->memory);
    kino_ask_init(a);
}

kino_ask kino_ask_copy(const kino_ask *a)
{
    kino_ask copy = *a;
    copy.like = kino_words_copy(&a->like);
    copy.dislike = kino_words_copy(&a->dislike);
    copy.together = kino_words_copy(&a->together);
    copy.genres = kino_words_copy(&a->genres);
    copy.no_genres = kino_words_copy(&a->no_genres);
    copy.languages = kino_words_copy(&a->languages);
    copy.countries = kino_words_copy(&a->countries);
    copy.with = kino_words_copy(&a->with);
    copy.directors = kino_words_copy(&a->directors);
    copy.unseen = NULL;
    if (a->unseen_count) {
        copy.unseen = kino_alloc_array(a->unseen_count, sizeof *copy.unseen);
        memcpy(copy.unseen, a->unseen, a->unseen_count * sizeof *copy.unseen);
    }
    copy.memory = (kino_arena){0};
    return copy;
}

typedef struct field {
    char letter;
    const char *name;
    size_t offset;
    kino_value_type type;
} field;

#define ROW(member, letter, name, value, kind, low, high, help)                                                        \
    {letter, name, offsetof(kino_ask, member), {KINO_VALUE_##kind, low, high, value}},
static const field fields[] = {{0, "like", offsetof(kino_ask, like), {KINO_VALUE_TEXTS, 0, 0, NULL}},
                               KINO_QUESTION_FIELDS(ROW) KINO_FILTER_FIELDS(ROW)};
#undef ROW

static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
            return false;
    return !*a && !*b;
}

static const field *field_of(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const field *f = &fields[i];
        if ((f->name && same_name(name, f->name)) || (f->letter && name[0] == f->letter && !name[1]))
            return f;
    }
    return NULL;
}

bool kino_ask_knows(const char *name)
{
    return field_of(name) || !strcmp(name, "unseen");
}

bool kino_ask_filters(const kino_ask *a)
{
    return a->genres.count || a->no_genres.count || a->languages.count || a->countries.count || a->with.count ||
           a->directors.count || a->year.low || a->year.high || a->runtime.low || a->runtime.high ||
           a->min_rating > 0 || a->min_votes > 0 || a->dislike.count;
}

void kino_ask_unseen(kino_ask *a, const int64_t *ids, size_t count)
{
    if (!count)
        return;
    a->unseen = kino_resize_array(a->unseen, a->unseen_count + count, sizeof *a->unseen);
    memcpy(a->unseen + a->unseen_count, ids, count * sizeof *ids);
    a->unseen_count += count;
}

static kino_status put_unseen(kino_ask *a, const char *text, kino_error *err)
{
    int64_t id;
    if (kino_parse_whole("unseen", text, 1, KINO_LIMIT_ID, &id, NULL))
        return kino_fail(err, KINO_USAGE, "unseen takes a list of ids");
    kino_ask_unseen(a, &id, 1);
    return KINO_OK;
}

kino_status kino_ask_put(kino_ask *a, const char *name, const char *text, kino_error *err)
{
    const field *f = field_of(name);
    if (!strcmp(name, "unseen"))
        return put_unseen(a, text, err);
    if (!f)
        return kino_fail(err, KINO_USAGE, "nothing is called \"%.40s\" (see: kino help batch)", name);
    return kino_value_read(&f->type, name, text, &a->memory, (char *)a + f->offset, err);
}

/* ---- its films ---- */

kino_question *kino_question_new(void)
{
    kino_question *q = kino_alloc(sizeof *q);
    q->query.like = q->like_ids;
    q->query.like_weight = q->like_weight;
    q->query.dislike = q->dislike_ids;
    q->query.dislike_weight = q->dislike_weight;
    return q;
}

void kino_question_free(kino_question *q)
{
    if (!q)
        return;
    for (size_t i = 0; i < KINO_MAX_SEEDS; i++) {
        kino_movie_free(q->like[i]);
        kino_movie_free(q->dislike[i]);
    }
    kino_arena_free(&q->memory);
    free(q);
}

/* One more film of a list, unless it is there from `first` on. */
static kino_status add_film(kino *k, int64_t id, double weight, size_t first, int64_t *ids, kino_movie **films,
                            double *weights, size_t *count, kino_error *err)
{
    for (size_t i = first; i < *count; i++)
        if (ids[i] == id)
            return KINO_OK;
    if (*count == KINO_MAX_SEEDS)
        return kino_fail(err, KINO_USAGE, "at most %d films in one question", KINO_MAX_SEEDS);
    kino_status st = kino_movie_get(k, id, &films[*count], err);
    if (st)
        return st;
    ids[*count] = id;
    weights[(*count)++] = weight;
    return KINO_OK;
}

kino_status kino_question_like(kino_question *q, kino *k, int64_t id, double weight, kino_error *err)
{
    return add_film(k, id, weight, 0, q->like_ids, q->like, q->like_weight, &q->query.like_count, err);
}

/* "Alien^2" is Alien with the weight 2; the length without it. */
static size_t split_weight(const char *word, double *weight)
{
    const char *sign = strrchr(word, '^');
    *weight = 1;
    if (!sign || sign == word || kino_parse_real("weight", sign + 1, 0.001, HEAVIEST_FILM, weight, NULL))
        return strlen(word);
    return (size_t)(sign - word);
}

typedef struct finding {
    kino *k;
    bool first;
    const kino_film_finder *finder;
    kino_matches **candidates;
} finding;

static kino_status find_film(const finding *f, const char *text, int64_t *id, kino_error *err)
{
    return f->finder ? f->finder->find(f->finder->ctx, text, id, err)
                     : kino_resolve(f->k, text, f->first, id, f->candidates, err);
}

/* The film of a word, which may have a weight. */
static kino_status find_one(const finding *f, const char *word, int64_t *id, double *weight, kino_error *err)
{
    char *title = kino_strdup(word);
    title[split_weight(word, weight)] = 0;
    const kino_status st = find_film(f, title, id, err);
    free(title);
    return st;
}

static kino_status find_films(const finding *f, const kino_words *words, int64_t *ids, kino_movie **films,
                              double *weights, size_t *count, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < words->count; i++) {
        int64_t id = 0;
        double weight;
        st = find_one(f, words->items[i], &id, &weight, err);
        if (!st)
            st = add_film(f->k, id, weight, 0, ids, films, weights, count, err);
    }
    return st;
}

/* The films that one more person likes, out of "Alien; Heat (1995); 78". */
static kino_status find_persons_films(const finding *f, const char *text, size_t person, kino_question *q,
                                      kino_error *err)
{
    const size_t first = q->query.like_count;
    kino_status st = KINO_OK;
    for (const char *end; !st && *text; text = *end ? end + 1 : end) {
        int64_t id = 0;
        double weight;
        text += strspn(text, " ");
        end = text + strcspn(text, ";");
        if (end == text)
            continue;
        char *word = kino_strdup(text);
        word[end - text] = 0;
        st = find_one(f, word, &id, &weight, err);
        free(word);
        if (!st)
            st = add_film(f->k, id, weight, first, q->like_ids, q->like, q->like_weight, &q->query.like_count, err);
    }
    if (!st && q->query.like_count == first)
        st = kino_fail(err, KINO_USAGE, "together takes films that another person likes, parted by semicolons");
    for (size_t i = first; i < q->query.like_count; i++)
        q->like_person[i] = person;
    return st;
}

static kino_status find_company(const finding *f, const kino_words *people, kino_question *q, kino_error *err)
{
    kino_status st = KINO_OK;
    const size_t first = q->query.like_count > 0;
    if (people->count + first > KINO_MAX_PEOPLE)
        return kino_fail(err, KINO_USAGE, "at most %d people in one question", KINO_MAX_PEOPLE);
    for (size_t i = 0; !st && i < people->count; i++)
        st = find_persons_films(f, people->items[i], first + i, q, err);
    if (people->count + first > 1)
        q->query.like_person = q->like_person;
    return st;
}

static kino_status check_contradiction(const kino_question *q, kino_error *err)
{
    for (size_t i = 0; i < q->query.like_count; i++)
        for (size_t j = 0; j < q->query.dislike_count; j++)
            if (q->like_ids[i] == q->dislike_ids[j])
                return kino_fail(err, KINO_USAGE, "\"%s\" is asked for and, with --not, asked away from",
                                 q->like[i]->title);
    return KINO_OK;
}

/* What names stand for in the catalogue. */
static kino_status read_names(kino *k, kino_name_kind kind, const kino_words *words, kino_arena *memory,
                              const char *out[KINO_MAX_FILTER], size_t *count, kino_error *err)
{
    kino_status st = KINO_OK;
    *count = 0;
    for (size_t i = 0; !st && i < words->count && *count < KINO_MAX_FILTER; i++)
        st = kino_names_of(k, kind, words->items[i], memory, out, count, err);
    return st;
}

static kino_status read_people(const char *option, const kino_words *words, const char *out[KINO_MAX_FILTER],
                               size_t *count, kino_error *err)
{
    if (words->count > KINO_MAX_FILTER)
        return kino_fail(err, KINO_USAGE, "%s: at most %d people", option, KINO_MAX_FILTER);
    for (size_t i = 0; i < words->count; i++)
        out[i] = words->items[i];
    *count = words->count;
    return KINO_OK;
}

static kino_status fill_filter(kino *k, const kino_ask *a, kino_arena *memory, kino_filter *f, kino_error *err)
{
    kino_status st = read_names(k, KINO_NAME_GENRE, &a->genres, memory, f->genres, &f->genre_count, err);
    if (!st)
        st = read_names(k, KINO_NAME_GENRE, &a->no_genres, memory, f->no_genres, &f->no_genre_count, err);
    if (!st)
        st = read_names(k, KINO_NAME_LANGUAGE, &a->languages, memory, f->languages, &f->language_count, err);
    if (!st)
        st = read_names(k, KINO_NAME_COUNTRY, &a->countries, memory, f->countries, &f->country_count, err);
    if (!st)
        st = read_people("with", &a->with, f->with, &f->with_count, err);
    if (!st)
        st = read_people("director", &a->directors, f->directors, &f->director_count, err);
    f->year_min = a->year.low;
    f->year_max = a->year.high;
    f->runtime_min = a->runtime.low;
    f->runtime_max = a->runtime.high;
    f->min_rating = a->min_rating;
    f->min_votes = a->min_votes;
    return st;
}

/* In a kino_query 0 is the usual diversity, and none is below it. */
static double diversity_of(const kino_ask *a)
{
    if (isnan(a->diversity))
        return 0;
    return a->diversity > 0 ? a->diversity : -1;
}

static void fill_query(const kino_ask *a, kino_query *q)
{
    q->about = a->about;
    q->reading = (kino_reading_mode)a->as;
    q->sort = (kino_sort)a->sort;
    q->k = a->k ? (size_t)a->k : DEFAULT_K;
    q->weights = a->weight.items;
    q->weight_count = a->weight.count;
    q->diversity = diversity_of(a);
    q->popularity = a->popularity;
    q->sequels = a->sequels;
    q->unseen = a->unseen;
    q->unseen_count = a->unseen_count;
}

kino_status kino_question_read(kino_question *q, kino *k, const kino_ask *a, const kino_film_finder *finder,
                               kino_matches **candidates, kino_error *err)
{
    const finding f = {k, a->first, finder, candidates};
    fill_query(a, &q->query);
    kino_status st = fill_filter(k, a, &q->memory, &q->query.filter, err);
    if (!st)
        st = find_films(&f, &a->like, q->like_ids, q->like, q->like_weight, &q->query.like_count, err);
    if (!st && a->together.count)
        st = find_company(&f, &a->together, q, err);
    if (!st)
        st = find_films(&f, &a->dislike, q->dislike_ids, q->dislike, q->dislike_weight, &q->query.dislike_count, err);
    return st ? st : check_contradiction(q, err);
}
