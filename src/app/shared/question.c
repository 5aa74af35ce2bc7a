/* question.c - arguments and options -> a question. */
#include "app/shared/question.h"

#include <stdlib.h>

/* --tmdb and --imdb, which may name a film that the catalogue does not have. */
static kino_status like_by_ids(app *a, kino *k, kino_question *q, kino_error *err)
{
    const kino_wanted wanted[] = {{.id = a->args.tmdb.id}, {.imdb_id = a->args.tmdb.imdb}};
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < 2; i++) {
        kino_learned l = {.known = true};
        if (!wanted[i].id && !wanted[i].imdb_id)
            continue;
        if (!wanted[i].imdb_id || kino_resolve(k, wanted[i].imdb_id, false, &l.id, NULL, NULL))
            st = app_learn(a, k, &wanted[i], &l, err);
        if (!st)
            st = kino_question_like(q, k, l.id, 1, err);
    }
    return st;
}

typedef struct finding {
    app *a;
    kino *k;
} finding;

static kino_status find_film(void *ctx, const char *text, int64_t *id, kino_error *err)
{
    const finding *f = ctx;
    return app_resolve(f->a, f->k, text, id, err);
}

/* What the arguments are besides: films, or the words of search; those of pick are typed. */
static void add_arguments(app *a, kino_ask *ask)
{
    if (a->args.command == APP_PICK)
        return;
    if (a->args.command != APP_SEARCH) {
        for (size_t i = 0; i < a->args.words.count; i++)
            kino_words_add(&ask->like, a->args.words.items[i]);
        return;
    }
    char *text = app_join_words(&a->args.words);
    ask->about = kino_arena_strdup(&ask->memory, text);
    free(text);
}

kino_status app_question_read(app *a, kino *k, app_question *q, kino_error *err)
{
    finding f = {a, k};
    kino_status st = KINO_OK;
    q->asked = kino_question_new();
    q->ask = kino_ask_copy(&a->args.ask);
    add_arguments(a, &q->ask);
    if (a->args.command == APP_RECOMMEND)
        st = like_by_ids(a, k, q->asked, err);
    if (!st)
        st = kino_question_read(q->asked, k, &q->ask, &(kino_film_finder){find_film, &f}, NULL, err);
    if (!st)
        st = app_seen_read(a, k, &q->seen, err);
    q->asked->query.unseen = q->seen.unseen;
    q->asked->query.unseen_count = q->seen.unseen_count;
    q->asked->query.among = q->seen.among;
    q->asked->query.among_count = q->seen.among_count;
    return st;
}

void app_question_free(app_question *q)
{
    kino_question_free(q->asked);
    kino_ask_free(&q->ask);
    app_seen_free(&q->seen);
    free(q);
}

void app_put_understood(kino_buffer *line, const kino_results *r)
{
    for (size_t i = 0; i < r->understood_count; i++) {
        const kino_understood *u = &r->understood[i];
        kino_buffer_print(line, "%s%s ", i ? ", " : "Read as ", u->as);
        app_put_safe(line, u->value);
        if (u->dropped)
            kino_buffer_print(line, " (left out: no film is all of it)");
    }
    if (line->size && *r->rest) {
        kino_buffer_print(line, "; the rest is \"");
        app_put_safe(line, r->rest);
        kino_buffer_byte(line, '"');
    }
    if (r->other)
        kino_buffer_print(line, "%s--as %s: ", line->size ? "; " : "", r->other);
    if (r->other && r->other_title)
        app_put_safe(line, r->other_title);
    else if (r->other)
        kino_buffer_print(line, "films about it");
}
