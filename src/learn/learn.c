/* learn.c - a film that the catalogue does not have: found at TMDB, computed, saved, there. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/movie.h"
#include "base/status.h"
#include "base/utf8.h"
#include "handle/owned.h"
#include "learn/online.h"

enum { A_DAY = 24 * 3600, LEARN_MS = 10000 };

/* What TMDB may still take: all requests for a film share one time. */
static kino_tmdb *tmdb_until(kino *k, double end)
{
    const double left = end - kino_now_ms();
    kino_tmdb *t = kino_tmdb_of(k);
    kino_tmdb_set_budget(t, left > 1 ? (int)left : 1);
    return t;
}

/* ---- which film ---- */

static void candidates_of(const kino_tmdb_candidates *found, kino_matches **out)
{
    enum { MOST = 10 };
    const size_t count = found->count < MOST ? found->count : MOST;
    kino_arena *arena;
    kino_matches *m = kino_matches_new(count, &arena);
    for (size_t i = 0; i < count; i++) {
        const kino_tmdb_candidate *c = &found->items[i];
        m->items[i] = (kino_match){.id = c->id,
                                   .title = kino_arena_strdup(arena, c->title),
                                   .original_title = kino_arena_strdup(arena, c->original_title),
                                   .year = c->year,
                                   .votes = c->votes,
                                   .match = "tmdb"};
    }
    *out = m;
}

/* The two that cannot be told apart come first. */
static void put_first(kino_tmdb_candidates *found, kino_tmdb_choice choice)
{
    if (choice.best == SIZE_MAX)
        return;
    kino_tmdb_candidate best = found->items[choice.best];
    memmove(found->items + 1, found->items, choice.best * sizeof *found->items);
    found->items[0] = best;
    if (choice.second == SIZE_MAX)
        return;
    size_t second = choice.second < choice.best ? choice.second + 1 : choice.second;
    kino_tmdb_candidate other = found->items[second];
    memmove(found->items + 2, found->items + 1, (second - 1) * sizeof *found->items);
    found->items[1] = other;
}

static kino_status none_at_tmdb(const kino_wanted *w, kino_error *err)
{
    return kino_fail(err, KINO_NOT_FOUND, "TMDB knows no film \"%s\"", w->title);
}

static kino_status find_by_title(kino *k, const kino_wanted *w, double end, int64_t *id, kino_matches **candidates,
                                 kino_error *err)
{
    kino_tmdb_candidates *found = NULL;
    kino_buffer question = {0};
    int64_t none;
    kino_buffer_print(&question, "search %d ", w->year);
    kino_fold(&question, w->title, strlen(w->title));
    kino_status st = KINO_OK;
    if (kino_answers_get(kino_use_answers(k), question.data, A_DAY, &none)) {
        st = none_at_tmdb(w, err);
        goto done;
    }
    st = kino_tmdb_search(tmdb_until(k, end), w->title, w->year, &found, err);
    if (st)
        goto done;
    kino_tmdb_choice choice = kino_tmdb_choose(w->title, w->year, found->items, found->count);
    if (choice.verdict == KINO_TMDB_NONE) {
        kino_answers_put(kino_use_answers(k), question.data, 0);
        st = none_at_tmdb(w, err);
    } else if (choice.verdict == KINO_TMDB_UNIQUE || w->first) {
        *id = found->items[choice.best].id;
    } else {
        st = kino_fail(err, KINO_AMBIGUOUS, "\"%s\" could be any of several films at TMDB; add the year or use the id",
                       w->title);
        put_first(found, choice);
        if (candidates)
            candidates_of(found, candidates);
    }
done:
    kino_tmdb_candidates_free(found);
    free(question.data);
    return st;
}

/* ---- the film ---- */

static void describe_text(const kino_tmdb_film *f, kino_learned *out)
{
    if (!*f->movie.overview)
        snprintf(out->note, sizeof out->note, "TMDB has no plot of it; %s",
                 *f->movie.tagline || f->movie.keywords.count ? "it is compared by tagline, keywords and facts"
                                                              : "it is compared by its facts and title");
    else if (strncmp(f->overview_language, "en", 2))
        snprintf(out->note, sizeof out->note,
                 "TMDB has its plot only in the language \"%s\", of which the model "
                 "understands little",
                 f->overview_language);
}

/* Where it could not be saved the film is there for this handle. */
static void keep_unsaved(kino *k, const kino_movie *m, kino_computed *computed)
{
    kino_unsaved *g = &k->unsaved;
    kino_arena_free(&g->arena);
    free(g->vectors);
    g->movies = kino_arena_alloc(&g->arena, sizeof *g->movies);
    kino_movie_copy(m, &g->arena, g->movies);
    g->vectors = computed->vectors;
    computed->vectors = NULL;
    g->count = 1;
}

static kino_status fetch(kino *k, int64_t id, double end, kino_learned *out, kino_error *err)
{
    kino_tmdb_films *films = NULL;
    kino_computed computed = {0};
    kino_error why = {0};
    double asked = kino_now_ms();
    kino_status st = kino_tmdb_details(tmdb_until(k, end), &id, 1, &films, err);
    out->network_ms += kino_now_ms() - asked;
    if (!st && films->items[0].status)
        st = kino_fail(err, films->items[0].status, "%s", films->items[0].problem);
    if (st)
        goto done;
    kino_movie *m = &films->items[0].movie;
    const kino_movie *movie = m;
    if (!*m->title && !*m->original_title) {
        st = kino_fail(err, KINO_NOT_FOUND, "TMDB's record %lld has no title yet; try again when it is finished",
                       (long long)id);
        goto done;
    }
    describe_text(&films->items[0], out);
    st = kino_adapt(k, m, err);
    if (!st)
        st = kino_compute(k, &movie, 1, &computed, err);
    if (st)
        goto done;
    out->id = m->id;
    out->saved = !kino_save(k, &movie, &computed, 1, "tmdb", NULL, NULL, &why);
    if (!out->saved) {
        size_t n = strlen(out->note);
        snprintf(out->note + n, sizeof out->note - n, "%sthe film was not saved: %s", n ? "; " : "", why.text);
        keep_unsaved(k, m, &computed);
    }
    kino_reopen_snapshot(k);
done:
    kino_computed_free(&computed);
    kino_tmdb_films_free(films);
    return st;
}

/* What the new film will need, loaded while the network is waited for. */
static void *warm(void *ctx)
{
    kino *k = ctx;
    kino_use_minilm(k, NULL);
    kino_use_encoder(k, NULL);
    return NULL;
}

kino_status kino_learn(kino *k, const kino_wanted *w, kino_learned *out, kino_matches **candidates, kino_error *err)
{
    const double started = kino_now_ms(), end = started + (k->opt.learn_ms ? k->opt.learn_ms : LEARN_MS);
    kino_learned learned = {.saved = true};
    pthread_t warming;
    if (w->id > KINO_LIMIT_ID)
        return kino_fail(err, KINO_USAGE, "%lld is no id of a film: that is at most 2^53 - 1", (long long)w->id);
    if (w->id < 0 || (!w->id && !(w->imdb_id && *w->imdb_id) && !(w->title && *w->title)))
        return kino_fail(err, KINO_USAGE, "which film? a title, a TMDB id or an IMDb id is needed");
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    const bool warmed = !pthread_create(&warming, NULL, warm, k);
    int64_t id = w->id;
    bool known = id && kino_rows_find(&k->films->rows, id) < k->films->rows.count;
    if (!known)
        st = kino_use_tmdb(k, err);
    if (!st && !id) {
        double asked = kino_now_ms();
        st = w->imdb_id && *w->imdb_id ? kino_tmdb_find_imdb(tmdb_until(k, end), w->imdb_id, &id, err)
                                       : find_by_title(k, w, end, &id, candidates, err);
        learned.network_ms = kino_now_ms() - asked;
        known = !st && kino_rows_find(&k->films->rows, id) < k->films->rows.count;
    }
    if (warmed)
        pthread_join(warming, NULL);
    if (!st && known) {
        learned.id = id;
        learned.known = true;
    } else if (!st) {
        st = fetch(k, id, end, &learned, err);
    }
    if (kino_tmdb_of(k))
        kino_tmdb_set_budget(kino_tmdb_of(k), 0);
    if (!st) {
        learned.total_ms = kino_now_ms() - started;
        *out = learned;
    }
    return st;
}
