/* cmd_recommend.c - kino recommend and kino search: the question, its answer as a table or as JSON.
 *
 * The two are one: search puts its words where recommend has --about. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/app.h"
#include "app/history.h"
#include "base/status.h"
#include "serve/answer.h"

enum { DEFAULT_K = 10, BAR = 8 };

typedef struct question {
    int64_t like_ids[KINO_MAX_SEEDS], dislike_ids[KINO_MAX_SEEDS];
    kino_movie *like[KINO_MAX_SEEDS], *dislike[KINO_MAX_SEEDS];
    double like_weight[KINO_MAX_SEEDS], dislike_weight[KINO_MAX_SEEDS];
    char *text;       /* of search; owned */
    app_seen seen;
    kino_leanings leanings;  /* of the history, once there is an answer */
    kino_query query;
} question;

static void question_free(question *q)
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
static kino_status resolve_all(app *a, kino *k, const app_words *words, int64_t *ids, kino_movie **films,
                               double *weights, size_t *count, kino_error *err)
{
    for (size_t i = 0; i < words->count; i++) {
        int64_t id = 0;
        bool seen = false;
        double weight;
        char *title = kino_strdup(words->items[i]);
        title[split_weight(words->items[i], &weight)] = 0;
        kino_status st = app_resolve(a, k, title, &id, err);
        free(title);
        for (size_t j = 0; !st && j < *count; j++)
            seen = seen || ids[j] == id;
        if (!st && !seen) {
            if (*count == KINO_MAX_SEEDS)
                return kino_fail(err, KINO_USAGE, "at most %d films in one question", KINO_MAX_SEEDS);
            st = kino_movie_get(k, id, &films[*count], err);
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
static kino_status by_ids(app *a, kino *k, question *q, kino_error *err)
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

static kino_status ask(app *a, kino *k, question *q, kino_error *err)
{
    const app_args *args = &a->args;
    const bool search = args->command == APP_SEARCH;
    kino_query *query = &q->query;
    kino_filter *f = &query->filter;
    kino_status st = copy_names("--genre", &args->genres, f->genres, &f->genre_count, err);
    if (!st)
        st = copy_names("--no-genre", &args->no_genres, f->no_genres, &f->no_genre_count, err);
    if (!st)
        st = copy_names("--lang", &args->languages, f->languages, &f->language_count, err);
    if (!st && !search)
        st = by_ids(a, k, q, err);
    if (!st && !search)
        st = resolve_all(a, k, &args->words, q->like_ids, q->like, q->like_weight, &query->like_count,
                         err);
    if (!st)
        st = resolve_all(a, k, &args->dislike, q->dislike_ids, q->dislike, q->dislike_weight,
                         &query->dislike_count, err);
    for (size_t i = 0; !st && i < query->like_count; i++)
        for (size_t j = 0; j < query->dislike_count; j++)
            if (q->like_ids[i] == q->dislike_ids[j])
                st = kino_fail(err, KINO_USAGE, "\"%s\" is asked for and, with --not, asked away from",
                               q->like[i]->title);
    if (!st)
        st = app_seen_read(a, k, &q->seen, err);
    if (st)
        return st;
    query->unseen = q->seen.unseen;
    query->unseen_count = q->seen.unseen_count;
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

/* ---- the table ---- */

/* "Like Alien (1979) and Heat (1995), not like ..., about "..."": what was understood. */
static void put_heading(kino_buffer *b, const app *a, kino *k, const question *q)
{
    const app_screen *s = &a->out;
    kino_buffer line = {0};
    if (q->seen.history)
        app_put_leanings(&line, k, a, &q->seen, &q->leanings);
    const kino_query *query = &q->query;
    for (size_t i = 0; i < query->like_count; i++) {
        kino_buffer_print(&line, "%s", i == 0 ? "Like " : i + 1 == query->like_count ? " and " : ", ");
        app_put_title(&line, q->like[i]->title, q->like[i]->year);
    }
    if (query->about && *query->about) {
        kino_buffer_print(&line, "%s \"", line.size ? ", about" : "About");
        app_put_safe(&line, query->about);
        kino_buffer_print(&line, "\"");
    }
    for (size_t i = 0; i < query->dislike_count; i++) {
        kino_buffer_print(&line, "%s", i == 0 ? ", not like " : " or ");
        app_put_title(&line, q->dislike[i]->title, q->dislike[i]->year);
    }
    app_put_wrapped(b, line.data ? line.data : "", s->width, 0, true);
    kino_buffer_byte(b, '\n');
    free(line.data);
}

/* A cell a part of the score, in its colour or sign; what is missing to 1 is empty. */
static void put_bar(app_table *t, const app_screen *s, const kino_result *r)
{
    double sum = 0;
    size_t drawn = 0;
    for (size_t i = 0; i < r->part_count; i++) {
        kino_buffer bar = {0};
        bool facts = strcmp(r->parts[i].name, "plot") && strcmp(r->parts[i].name, "keywords");
        sum += fmax(r->parts[i].value, 0);
        size_t end = (size_t)lround(fmin(sum, 1) * BAR);
        for (; drawn < end; drawn++)
            kino_buffer_print(&bar, "%s", s->ascii ? (facts ? "-" : "=") : s->color || !facts ? "━" : "┅");
        if (bar.size)
            app_table_put(t, APP_KEEP, facts ? APP_PROFILE : APP_PLOT, bar.data);
        free(bar.data);
    }
    if (s->color) {
        kino_buffer rest = {0};
        for (; drawn < BAR; drawn++)
            kino_buffer_print(&rest, "%s", s->ascii ? "." : "─");
        app_table_put(t, APP_KEEP, APP_DIM, rest.data ? rest.data : "");
        free(rest.data);
    }
}

static void put_names(kino_buffer *b, const kino_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        kino_buffer_print(b, "%s%s", i ? ", " : "", list->items[i].name);
}

/* The items of a film that one of the seeds has too. */
static void put_shared(kino_buffer *b, const question *q, const kino_list *own, size_t offset, size_t most)
{
    bool any = false;
    for (size_t i = 0; i < own->count && most; i++) {
        bool shared = false;
        for (size_t j = 0; !shared && j < q->query.like_count; j++) {
            const kino_list *theirs = (const kino_list *)((const char *)q->like[j] + offset);
            for (size_t n = 0; !shared && n < theirs->count; n++)
                shared = !strcasecmp(theirs->items[n].name, own->items[i].name);
        }
        if (shared) {
            kino_buffer_print(b, "%s%s", any ? ", " : b->size ? "; " : "", own->items[i].name);
            any = true;
            most--;
        }
    }
}

/* The lines of --explain: the sum, and what the film has in common with the seeds. */
static void put_reasons(app_table *t, const app_screen *s, const question *q, const kino_result *r)
{
    enum { INDENT = 4, SOME = 6 };
    const kino_movie *m = r->movie;
    kino_buffer lines = {0}, sum = {0}, shared = {0};
    for (size_t i = 0; i < r->part_count; i++)
        if (r->parts[i].value != 0)
            kino_buffer_print(&sum, "%s%s %.3f", !sum.size ? "" : r->parts[i].value < 0 ? " - " : " + ",
                              r->parts[i].name, sum.size ? fabs(r->parts[i].value) : r->parts[i].value);
    kino_buffer_print(&sum, " = %.3f", r->score);
    for (size_t i = 0; q->query.like_count > 1 && i < q->query.like_count; i++)
        if (q->like_ids[i] == r->seed) {
            kino_buffer_print(&sum, "; most like ");
            app_put_title(&sum, q->like[i]->title, q->like[i]->year);
        }
    app_put_wrapped(&lines, sum.data, s->width, INDENT, false);
    put_shared(&shared, q, &m->directors, offsetof(kino_movie, directors), SOME);
    put_shared(&shared, q, &m->cast, offsetof(kino_movie, cast), SOME);
    put_shared(&shared, q, &m->genres, offsetof(kino_movie, genres), SOME);
    put_shared(&shared, q, &m->keywords, offsetof(kino_movie, keywords), SOME);
    if (shared.size) {
        kino_buffer common = {0};
        kino_buffer_print(&common, "in common: %s", shared.data);
        app_put_wrapped(&lines, common.data, s->width, INDENT, false);
        free(common.data);
    }
    app_table_note(t, lines.data);
    free(lines.data);
    free(sum.data);
    free(shared.data);
}

static void put_row(app *a, app_table *t, const question *q, const kino_result *r, size_t rank)
{
    const kino_movie *m = r->movie;
    kino_buffer genres = {0};
    char text[32];
    app_table_row(t);
    snprintf(text, sizeof text, "%zu", rank);
    app_table_put(t, APP_KEEP, APP_DIM, text);
    app_table_next(t);
    app_put_film(t, m->title, m->original_title, m->year);
    app_table_next(t);
    put_names(&genres, &m->genres);
    app_table_put(t, APP_CUT, APP_PLAIN, genres.data ? genres.data : "");
    free(genres.data);
    app_table_next(t);
    snprintf(text, sizeof text, "%.1f", m->rating);
    if (isfinite(m->rating))
        app_table_put(t, APP_KEEP, APP_PLAIN, text);
    app_table_next(t);
    snprintf(text, sizeof text, "%.2f", r->score);
    app_table_put(t, APP_KEEP, APP_BOLD, text);
    if (a->out.terminal) {
        app_table_next(t);
        put_bar(t, &a->out, r);
    }
    if (a->args.explain)
        put_reasons(t, &a->out, q, r);
}

static void print_table(app *a, kino *k, const question *q, const kino_results *results)
{
    const app_screen *s = &a->out;
    app_table t = {0};
    kino_buffer b = {0};
    put_heading(&b, a, k, q);
    app_flush(&b, s);
    app_table_column(&t, "#", 0, true);
    app_table_column(&t, "Film", 9, false);
    app_table_column(&t, "Genres", 5, false);
    app_table_column(&t, "Rated", 0, true);
    app_table_column(&t, "Score", 0, true);
    if (s->terminal)
        app_table_column(&t, "", 0, false);
    for (size_t i = 0; i < results->count; i++)
        put_row(a, &t, q, &results->items[i], i + 1);
    app_table_print(&t, s);
    app_table_free(&t);
    if (s->terminal) {  /* how to read the bars */
        kino_buffer_byte(&b, '\n');
        app_put_styled(&b, s, APP_PLOT, s->ascii ? "==" : "━━");
        app_put_styled(&b, s, APP_DIM, " the story   ");
        app_put_styled(&b, s, APP_PROFILE, s->ascii ? "--" : s->color ? "━━" : "┅┅");
        app_put_styled(&b, s, APP_DIM, " the facts");
        kino_buffer_byte(&b, '\n');
        app_flush(&b, s);
    }
}

static void print_json(app *a, kino *k, const question *q, const kino_results *results)
{
    kino_tree *root = kino_answer_recommend(&(kino_asked){&q->query, q->like, q->dislike}, results);
    if (q->seen.history)
        app_json_leanings(root, k, a, &q->seen, &q->leanings);
    app_print_json(root, &a->out, false);
}

static void print(app *a, kino *k, const question *q, const kino_results *results)
{
    if (a->args.json)
        print_json(a, k, q, results);
    else if (a->args.ndjson)
        for (size_t i = 0; i < results->count; i++)
            app_print_json(kino_answer_result(NULL, &results->items[i], i + 1), &a->out, true);
    else if (results->count)
        print_table(a, k, q, results);
    if (!results->count && !a->args.quiet)
        fprintf(stderr, "No film passes the filters%s.%s\n", q->seen.unseen_count ? " that was not seen" : "",
                a->args.genres.count ? " Genres are named as `kino show` names them." : "");
}

/* What the films of the answer lack, within a few tenths of a second; an answer never fails for that. */
static kino_heal_report *heal(app *a, kino *k, kino_results *results, kino_movie **healed)
{
    enum { BUDGET_MS = 300 };
    kino_heal_report *report = NULL;
    kino_error why = {0};
    int64_t *ids = kino_alloc_array(results->count + 1, sizeof *ids);
    for (size_t i = 0; i < results->count; i++)
        ids[i] = results->items[i].movie->id;
    const kino_heal_request req = {.ids = ids, .count = results->count, .posters = a->args.json || a->args.ndjson,
                                   .budget_ms = a->args.heal_budget ? (int)a->args.heal_budget : BUDGET_MS};
    if (kino_heal(k, &req, &report, &why) && a->args.verbose)
        fprintf(stderr, "kino: not healed: %s\n", why.text);
    for (size_t i = 0; report && i < results->count; i++) {
        bool changed = false;
        for (size_t j = 0; !changed && j < report->count; j++)
            changed = report->items[j].id == ids[i];
        if (changed && !kino_movie_get(k, ids[i], &healed[i], NULL))
            results->items[i].movie = healed[i];
    }
    free(ids);
    return report;
}

static void tell_more(app *a, kino *k, const kino_results *results)
{
    kino_info info;
    char number[APP_NUMBER];
    if (!a->args.verbose || kino_get_info(k, &info, NULL))
        return;
    fprintf(stderr, "%zu of %s films in %.2f ms (index %s, %s)\n", results->count, app_count_text(number, info.films),
            results->took_ms, info.index, info.isa);
}

kino_status app_recommend(app *a, kino_error *err)
{
    kino *k = NULL;
    kino_results *results = NULL;
    kino_heal_report *report = NULL;
    kino_movie *healed[KINO_MAX_K] = {NULL};
    question *q = kino_alloc(sizeof *q);
    kino_status st = KINO_OK;
    const app_args *args = &a->args;
    const bool films = args->words.count || args->tmdb || args->imdb;
    if (args->command == APP_RECOMMEND && !films && !args->about && !args->history)
        st = kino_fail(err, KINO_USAGE, "name a film that you like, or say what it should be --about "
                       "(see: kino help recommend)");
    if (films && args->history)
        st = kino_fail(err, KINO_USAGE, "either films or --history; --unseen keeps what was seen out of an answer "
                       "(see: kino help recommend)");
    if (!st)
        st = kino_open(&a->options, &k, err);
    if (!st)
        st = ask(a, k, q, err);
    if (!st)
        st = q->seen.history ? kino_recommend_history(k, q->seen.history, &q->query, &q->leanings, &results, err)
                             : kino_recommend(k, &q->query, &results, err);
    if (!st) {
        if (!a->args.no_heal && !a->args.offline)
            report = heal(a, k, results, healed);
        app_progress_clear(&a->progress);
        print(a, k, q, results);
        tell_more(a, k, results);
        app_refresh(k);
    }
    for (size_t i = 0; i < KINO_MAX_K; i++)
        kino_movie_free(healed[i]);
    kino_heal_report_free(report);
    kino_results_free(results);
    question_free(q);
    kino_close(k);
    return st;
}
