/* heal.c - what films lack, filled in from TMDB by the right film.
 *
 *   films that lack something -> details by id -> the same film? --------------------+-> fields -> one transaction
 *                                     \- no: by IMDb id, else title and year -> details -/ */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/movie.h"
#include "base/status.h"
#include "learn/online.h"
#include "learn/fields.h"

enum {
    A_WEEK = 7 * 24 * 3600,
    POSTERS_HOLD = 90 * 24 * 3600, /* a poster that was there is not asked for again so soon */
    FILMS_AT_ONCE = 40,
    SAVING_MS = 30, /* of a budget, for what comes behind the network */
    SEARCHED = 10,  /* candidates of a search that are looked at */
};

/* ---- a run ---- */

typedef struct patient {
    kino_movie movie; /* as the catalogue has it, then healed */
    unsigned lacks;   /* a bit a field */
    int64_t match;    /* the id at TMDB; 0: none yet */
    bool healed;      /* its fields are filled in */
    bool asked;       /* the network answered: what it says may be remembered */
    bool overtaken;   /* somebody else changed the film meanwhile */
} patient;

typedef struct owned_report {
    kino_heal_report report; /* first: the caller's pointer */
    kino_arena arena;
    size_t capacity;
} owned_report;

typedef struct run {
    kino *k;
    const kino_heal_request *req;
    owned_report *out;
    double deadline;   /* kino_now_ms; 0: none */
    patient *patients; /* [FILMS_AT_ONCE] */
    size_t count;
    kino_arena arena; /* of the films under way */
} run;

/* The time left goes to the next call. False when there is none. */
static bool in_time(run *r)
{
    if (!r->deadline)
        return true;
    double left = r->deadline - kino_now_ms();
    if (left >= 1)
        kino_tmdb_set_budget(kino_tmdb_of(r->k), (int)left);
    return left >= 1;
}

static void stop(run *r, kino_status st, const char *problem)
{
    kino_heal_report *report = &r->out->report;
    if (report->status)
        return;
    report->status = st;
    snprintf(report->problem, sizeof report->problem, "%s", problem);
}

static bool going(run *r)
{
    if (r->out->report.status)
        return false;
    if (!in_time(r))
        stop(r, KINO_NETWORK, "the time was over");
    return !r->out->report.status;
}

/* ---- posters ---- */

/* Posters that nobody has asked for are asked for; those that are gone are lacking. */
static void look_at_posters(run *r)
{
    const char *paths[FILMS_AT_ONCE];
    kino_status is[FILMS_AT_ONCE];
    patient *of[FILMS_AT_ONCE];
    size_t count = 0;
    kino_answers *answers = kino_use_answers(r->k);
    kino_buffer question = {0};
    kino_error err = {0};
    for (size_t i = 0; i < r->count; i++) {
        patient *p = &r->patients[i];
        int64_t there = 0;
        if (!*p->movie.poster_path)
            continue;
        question.size = 0;
        kino_buffer_print(&question, "poster %s", p->movie.poster_path);
        if (!kino_answers_get(answers, question.data, POSTERS_HOLD, &there)) {
            of[count] = p;
            paths[count++] = p->movie.poster_path;
        } else if (!there) {
            p->lacks |= 1u << KINO_FIELD_POSTER;
        }
    }
    if (count && going(r)) {
        kino_status st = kino_tmdb_posters(kino_tmdb_of(r->k), paths, count, is, &err);
        if (st)
            stop(r, st, err.text);
        for (size_t i = 0; st != KINO_USAGE && i < count; i++) {
            if (is[i] != KINO_OK && is[i] != KINO_NOT_FOUND)
                continue;
            question.size = 0;
            kino_buffer_print(&question, "poster %s", paths[i]);
            kino_answers_put(answers, question.data, is[i] == KINO_OK);
            if (is[i] == KINO_NOT_FOUND)
                of[i]->lacks |= 1u << KINO_FIELD_POSTER;
        }
    }
    free(question.data);
}

/* ---- the right film ---- */

/* Id and title are enough: whichever of the years is wrong. */
static bool same_film(const kino_movie *own, const kino_movie *theirs)
{
    if (*own->imdb_id && *theirs->imdb_id)
        return !strcmp(own->imdb_id, theirs->imdb_id);
    const kino_tmdb_candidate c = {.id = theirs->id,
                                   .title = theirs->title,
                                   .original_title = theirs->original_title,
                                   .date = theirs->date,
                                   .language = theirs->language,
                                   .year = theirs->year,
                                   .votes = theirs->votes,
                                   .popularity = theirs->popularity};
    return kino_tmdb_choose(own->title, 0, &c, 1).verdict == KINO_TMDB_UNIQUE ||
           (*own->original_title && kino_tmdb_choose(own->original_title, 0, &c, 1).verdict == KINO_TMDB_UNIQUE);
}

/* By IMDb id, else by title and year among the first few; 0 when there is no doubtless match. */
static int64_t look_up(run *r, patient *p)
{
    kino *k = r->k;
    kino_error err = {0};
    int64_t id = 0;
    if (*p->movie.imdb_id && going(r)) {
        kino_status st = kino_tmdb_find_imdb(kino_tmdb_of(k), p->movie.imdb_id, &id, &err);
        if (!st)
            return id;
        if (st != KINO_NOT_FOUND)
            stop(r, st, err.text);
    }
    const int year = kino_field_lacks(&p->movie, KINO_FIELD_YEAR) ? 0 : p->movie.year;
    kino_tmdb_candidates *found = NULL;
    if (!going(r))
        return 0;
    kino_status st = kino_tmdb_search(kino_tmdb_of(k), p->movie.title, year, &found, &err);
    if (st) {
        stop(r, st, err.text);
        return 0;
    }
    p->asked = true;
    const size_t few = found->count < SEARCHED ? found->count : SEARCHED;
    kino_tmdb_choice choice = kino_tmdb_choose(p->movie.title, year, found->items, few);
    id = choice.verdict == KINO_TMDB_UNIQUE ? found->items[choice.best].id : 0;
    kino_tmdb_candidates_free(found);
    return id;
}

/* ---- what was found ---- */

static void tell(run *r, const patient *p, kino_film_field f, const char *before)
{
    owned_report *o = r->out;
    kino_heal_report *report = &o->report;
    char source[32];
    snprintf(source, sizeof source, "tmdb:%lld", (long long)p->match);
    if (report->count == o->capacity) {
        o->capacity = o->capacity ? 2 * o->capacity : 64;
        report->items = kino_resize_array(report->items, o->capacity, sizeof *report->items);
    }
    report->items[report->count++] = (kino_repair){.id = p->movie.id,
                                                   .title = kino_arena_strdup(&o->arena, p->movie.title),
                                                   .field = kino_field_names[f],
                                                   .before = before,
                                                   .after = kino_field_text(&o->arena, &p->movie, f),
                                                   .source = kino_arena_strdup(&o->arena, source)};
}

/* A film's fields from TMDB's record of it. */
static void fill(run *r, patient *p, const kino_movie *theirs)
{
    kino_movie from;
    unsigned filled = 0;
    kino_movie_copy(theirs, &r->arena, &from);
    p->match = theirs->id;
    p->healed = p->asked = true;
    for (kino_film_field f = 0; f < KINO_FIELDS; f++) {
        if (!(p->lacks & 1u << f))
            continue;
        const bool other =
            f == KINO_FIELD_POSTER ? strcmp(from.poster_path, p->movie.poster_path) != 0 : !kino_field_lacks(&from, f);
        if (!other || (f == KINO_FIELD_POSTER && !*from.poster_path && !*p->movie.poster_path))
            continue;
        const char *before = kino_field_text(&r->out->arena, &p->movie, f);
        kino_field_take(&p->movie, &from, f);
        filled |= 1u << f;
        tell(r, p, f, before);
    }
    p->lacks = filled;
    r->out->report.healed += filled != 0;
}

/* Details of the films that are asked for by `match`; those that turn out to be another film lose it. */
static void ask_details(run *r, bool by_own_id)
{
    int64_t ids[FILMS_AT_ONCE];
    patient *of[FILMS_AT_ONCE];
    size_t count = 0;
    kino_tmdb_films *films = NULL;
    kino_error err = {0};
    for (size_t i = 0; i < r->count; i++)
        if (r->patients[i].lacks && r->patients[i].match && !r->patients[i].healed) {
            of[count] = &r->patients[i];
            ids[count++] = r->patients[i].match;
        }
    if (!count || !going(r))
        return;
    kino_status st = kino_tmdb_details(kino_tmdb_of(r->k), ids, count, &films, &err);
    if (st)
        stop(r, st, err.text);
    for (size_t i = 0; films && i < films->count; i++) {
        kino_tmdb_film *f = &films->items[i];
        if (!f->status && (!by_own_id || same_film(&of[i]->movie, &f->movie))) {
            fill(r, of[i], &f->movie);
            continue;
        }
        if (f->status && f->status != KINO_NOT_FOUND)
            stop(r, f->status, f->problem);
        of[i]->match = 0;
    }
    kino_tmdb_films_free(films);
}

/* ---- saving ---- */

typedef struct saving {
    run *r;
    patient *of[FILMS_AT_ONCE];
    kino_movie before[FILMS_AT_ONCE];
} saving;

/* Whether the film is still as it was: another program, or the user, may have changed any of it. */
static kino_status is_as_it_was(void *ctx, kino_catalogue *c, size_t i, bool *put, kino_error *err)
{
    const saving *s = ctx;
    patient *p = s->of[i];
    kino_movie now;
    char source[32];
    kino_status st = kino_catalogue_get(c, p->movie.id, &s->r->arena, &now, err);
    p->overtaken = st == KINO_NOT_FOUND || (!st && !kino_movie_equal(&now, &s->before[i]));
    *put = !st && !p->overtaken;
    snprintf(source, sizeof source, "tmdb:%lld", (long long)p->match);
    for (kino_film_field f = 0; !st && *put && f < KINO_FIELDS; f++)
        if (p->lacks & 1u << f)
            st = kino_catalogue_put_healed(c, p->movie.id, kino_field_names[f], source, err);
    return p->overtaken ? KINO_OK : st;
}

/* What was told of a film that stayed as somebody else had made it. */
static void take_back(run *r, const patient *p)
{
    kino_heal_report *report = &r->out->report;
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++)
        if (report->items[i].id != p->movie.id)
            report->items[kept++] = report->items[i];
    report->count = kept;
    report->healed--;
}

static kino_status save(run *r, const kino_movie *before, kino_error *err)
{
    saving s = {.r = r};
    const kino_movie *movies[FILMS_AT_ONCE];
    kino_computed computed = {0};
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->patients[i].healed && r->patients[i].lacks) {
            s.of[count] = &r->patients[i];
            s.before[count] = before[i];
            movies[count++] = &r->patients[i].movie;
        }
    if (!count || r->req->dry_run)
        return KINO_OK;
    kino_status st = kino_compute(r->k, movies, count, &computed, err);
    if (!st)
        st = kino_save(r->k, movies, &computed, count, NULL, is_as_it_was, &s, err);
    for (size_t i = 0; !st && i < count; i++)
        if (s.of[i]->overtaken)
            take_back(r, s.of[i]);
    kino_computed_free(&computed);
    return st;
}

static void remember(run *r)
{
    kino_buffer question = {0};
    for (size_t i = 0; i < r->count && !r->req->dry_run; i++) {
        question.size = 0;
        kino_buffer_print(&question, "heal %lld", (long long)r->patients[i].movie.id);
        if (r->patients[i].asked && !r->patients[i].overtaken)
            kino_answers_put(kino_use_answers(r->k), question.data, r->patients[i].match);
    }
    free(question.data);
}

static kino_status heal_some(run *r, kino_error *err)
{
    kino_movie before[FILMS_AT_ONCE];
    if (r->req->posters)
        look_at_posters(r);
    for (size_t i = 0; i < r->count; i++) {
        patient *p = &r->patients[i];
        before[i] = p->movie;
        p->match = p->movie.id;
        r->out->report.asked += p->lacks != 0;
    }
    ask_details(r, true);
    for (size_t i = 0; i < r->count; i++) {
        patient *p = &r->patients[i];
        if (!p->lacks || p->match || r->out->report.status)
            continue;
        p->match = look_up(r, p);
        r->out->report.unmatched += !p->match && !r->out->report.status;
    }
    ask_details(r, false);
    kino_status st = save(r, before, err);
    if (!st)
        remember(r);
    return st;
}

/* ---- all ---- */

static bool asked_lately(kino *k, int64_t id)
{
    char question[32];
    int64_t match;
    snprintf(question, sizeof question, "heal %lld", (long long)id);
    return kino_answers_get(kino_use_answers(k), question, A_WEEK, &match);
}

static unsigned lacking(const kino_movie *m)
{
    unsigned bits = 0;
    for (kino_film_field f = 0; f < KINO_FIELDS; f++)
        bits |= (unsigned)kino_field_lacks(m, f) << f;
    return bits;
}

/* Ids of the films of the catalogue that lack something. */
typedef struct gathering {
    int64_t *ids;
    size_t count, capacity;
} gathering;

static void gather(void *ctx, const kino_movie *m)
{
    gathering *g = ctx;
    if (!lacking(m))
        return;
    if (g->count == g->capacity) {
        g->capacity = g->capacity ? 2 * g->capacity : 256;
        g->ids = kino_resize_array(g->ids, g->capacity, sizeof *g->ids);
    }
    g->ids[g->count++] = m->id;
}

/* Whether there is something to ask about a film, by what is mapped: nothing has to be opened to see that not. */
static bool is_worth_asking(kino *k, const kino_heal_request *req, int64_t id, kino_arena *arena)
{
    kino_movie m;
    const size_t row = kino_rows_find(&k->films->rows, id);
    return row < k->films->rows.count && !kino_row_film(k, row, arena, &m, NULL) &&
           (lacking(&m) || (req->posters && *m.poster_path));
}

static kino_status add_patient(run *r, int64_t id, kino_error *err)
{
    patient *p = &r->patients[r->count];
    *p = (patient){0};
    kino_status st = kino_catalogue_get(r->k->catalogue, id, &r->arena, &p->movie, err);
    if (!st) {
        p->lacks = lacking(&p->movie);
        r->count += p->lacks || (r->req->posters && *p->movie.poster_path);
    }
    return st;
}

kino_status kino_heal(kino *k, const kino_heal_request *req, kino_heal_report **out, kino_error *err)
{
    const double started = kino_now_ms();
    owned_report *report = kino_alloc(sizeof *report);
    run r = {.k = k, .req = req, .out = report};
    if (req->budget_ms)
        r.deadline = started + fmax(req->budget_ms - SAVING_MS, 1);
    gathering all = {0};
    kino_status st = kino_use_films(k, false, err);
    if (!st && req->ids) {
        all.ids = kino_alloc_array(req->count + 1, sizeof *all.ids);
        for (size_t i = 0; i < req->count; i++)
            if (is_worth_asking(k, req, req->ids[i], &r.arena))
                all.ids[all.count++] = req->ids[i];
        kino_arena_free(&r.arena);
    } else if (!st) {
        st = kino_use_catalogue(k, err);
        if (!st)
            st = kino_catalogue_films(k->catalogue, 0, gather, &all, err);
    }
    const int64_t *ids = all.ids;
    const size_t count = all.count;
    if (!st && count) /* first, since without a key nothing has to be opened */
        st = kino_use_tmdb(k, err);
    if (!st && count)
        st = kino_use_catalogue(k, err);
    r.patients = kino_alloc_array(FILMS_AT_ONCE, sizeof *r.patients);
    for (size_t i = 0; !st && i < count && !report->report.status;) {
        for (r.count = 0; !st && i < count && r.count < FILMS_AT_ONCE; i++)
            if ((req->ids && !req->budget_ms) || !asked_lately(k, ids[i]))
                st = add_patient(&r, ids[i], err);
        if (!st && r.count)
            st = heal_some(&r, err);
        kino_arena_free(&r.arena);
        if (!req->budget_ms)
            kino_report(&k->opt, "heal", i, count);
        if (!st && kino_cancelled(&k->opt))
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted; what was healed is saved");
    }
    if (kino_tmdb_of(k))
        kino_tmdb_set_budget(kino_tmdb_of(k), 0);
    free(r.patients);
    free(all.ids);
    if (!st && !req->dry_run && !req->budget_ms && report->report.healed)
        kino_update_snapshot(k, "the films are saved, but ");
    if (st)
        kino_heal_report_free(&report->report);
    else
        *out = &report->report;
    return st;
}

void kino_heal_report_free(kino_heal_report *r)
{
    if (!r)
        return;
    kino_arena_free(&((owned_report *)r)->arena);
    free(r->items);
    free(r);
}
