#include "app/question.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"

enum { DEFAULT_K = 10 };

void app_question_free(app_question *q)
{
    for (size_t i = 0; i < KINO_MAX_SEEDS; i++) {
        kino_movie_free(q->like[i]);
        kino_movie_free(q->dislike[i]);
    }
    free(q->text);
    app_seen_free(&q->seen);
    free(q);
}

/* "Alien^2" is Alien with the weight 2; the length without it. */
static size_t split_weight(const char *word, double *weight)
{
    const char *sign = strrchr(word, '^');
    *weight = 1;
    if (!sign || sign == word || app_parse_real("weight", sign + 1, 0.001, 1000, weight, NULL))
        return strlen(word);
    return (size_t)(sign - word);
}

/* Words that name films to ids and films; a film named twice counts once. */
static kino_status resolve_all(const app_asking *c, const app_words *words, int64_t *ids, kino_movie **films,
                               double *weights, size_t *count, kino_error *err)
{
    for (size_t i = 0; i < words->count; i++) {
        int64_t id = 0;
        bool seen = false;
        double weight;
        char *title = kino_strdup(words->items[i]);
        title[split_weight(words->items[i], &weight)] = 0;
        kino_status st = c->candidates ? kino_resolve(c->k, title, c->args->first, &id, c->candidates, err)
                                       : app_resolve(c->a, c->k, title, &id, err);
        free(title);
        for (size_t j = 0; !st && j < *count; j++)
            seen = seen || ids[j] == id;
        if (!st && !seen) {
            if (*count == KINO_MAX_SEEDS)
                return kino_fail(err, KINO_USAGE, "at most %d films in one question", KINO_MAX_SEEDS);
            st = kino_movie_get(c->k, id, &films[*count], err);
            ids[*count] = id;
            weights[*count] = weight;
            *count += !st;
        }
        if (st)
            return st;
    }
    return KINO_OK;
}

/* --tmdb and --imdb, which may name a film that the catalogue does not have. */
static kino_status by_ids(app *a, kino *k, app_question *q, kino_error *err)
{
    const kino_wanted wanted[] = {{.id = a->args.tmdb}, {.imdb_id = a->args.imdb}};
    for (size_t i = 0; i < 2; i++) {
        kino_learned l = {.known = true};
        size_t *count = &q->query.like_count;
        kino_status st;
        if (!wanted[i].id && !wanted[i].imdb_id)
            continue;
        if (!wanted[i].imdb_id || kino_resolve(k, wanted[i].imdb_id, false, &l.id, NULL, NULL)) {
            st = app_learn(a, k, &wanted[i], &l, err);
            if (st)
                return st;
        }
        if (*count && q->like_ids[0] == l.id)
            continue;
        st = kino_movie_get(k, l.id, &q->like[*count], err);
        if (st)
            return st;
        q->like_weight[*count] = 1;
        q->like_ids[(*count)++] = l.id;
    }
    return KINO_OK;
}

static kino_status copy_names(const char *option, const app_words *words, const char *out[KINO_MAX_FILTER],
                              size_t *count, kino_error *err)
{
    if (words->count > KINO_MAX_FILTER)
        return kino_fail(err, KINO_USAGE, "%s: at most %d names", option, KINO_MAX_FILTER);
    for (size_t i = 0; i < words->count; i++)
        out[i] = words->items[i];
    *count = words->count;
    return KINO_OK;
}

kino_status app_question_read(const app_asking *c, app_question *q, kino_error *err)
{
    const app_args *args = c->args;
    const bool search = args->command == APP_SEARCH;
    kino_query *query = &q->query;
    kino_filter *f = &query->filter;
    kino_status st = copy_names("--genre", &args->genres, f->genres, &f->genre_count, err);
    if (!st)
        st = copy_names("--no-genre", &args->no_genres, f->no_genres, &f->no_genre_count, err);
    if (!st)
        st = copy_names("--lang", &args->languages, f->languages, &f->language_count, err);
    if (!st && !search)
        st = by_ids(c->a, c->k, q, err);
    if (!st && !search)
        st = resolve_all(c, &args->words, q->like_ids, q->like, q->like_weight, &query->like_count, err);
    if (!st)
        st = resolve_all(c, &args->dislike, q->dislike_ids, q->dislike, q->dislike_weight, &query->dislike_count, err);
    for (size_t i = 0; !st && i < query->like_count; i++)
        for (size_t j = 0; j < query->dislike_count; j++)
            if (q->like_ids[i] == q->dislike_ids[j])
                st = kino_fail(err, KINO_USAGE, "\"%s\" is asked for and, with --not, asked away from",
                               q->like[i]->title);
    if (st)
        return st;
    if (search)
        query->about = q->text = app_join_words(&args->words);
    else
        query->about = args->about;
    query->like = q->like_ids;
    query->dislike = q->dislike_ids;
    query->like_weight = q->like_weight;
    query->dislike_weight = q->dislike_weight;
    query->diversity = args->diversity == KINO_DIVERSITY ? 0 : args->diversity > 0 ? args->diversity : -1;
    query->popularity = args->popularity;
    query->sequels = args->sequels;
    query->k = args->k ? (size_t)args->k : DEFAULT_K;
    query->weighted = args->weight.given;
    query->weight_plot = args->weight.plot;
    query->weight_profile = args->weight.profile;
    f->year_min = args->year.low;
    f->year_max = args->year.high;
    f->runtime_min = args->runtime.low;
    f->runtime_max = args->runtime.high;
    f->min_rating = args->min_rating;
    f->min_votes = args->min_votes;
    return KINO_OK;
}
