/* recommend.c - kino recommend and kino search: the question, its answer as a table or as JSON.
 *
 * The two are one: search puts its words where recommend has --about. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/commands.h"
#include "app/shared/question.h"
#include "base/status.h"
#include "ask/answer.h"
#include "ask/reasons.h"

enum { BAR = 8 };

/* ---- the table ---- */

/* "Like Alien (1979) and Heat (1995)"; of several people "For who likes Alien (1979), and who likes Grease (1978)". */
static void put_likes(kino_buffer *line, const kino_question *asked)
{
    const kino_query *q = &asked->query;
    for (size_t i = 0; i < q->like_count; i++) {
        const bool another = q->like_person && (!i || q->like_person[i] != q->like_person[i - 1]);
        const bool last = i + 1 == q->like_count || (q->like_person && q->like_person[i + 1] != q->like_person[i]);
        if (another)
            kino_buffer_print(line, "%s who likes ", i ? ", and" : "For");
        else
            kino_buffer_print(line, "%s", i == 0 ? "Like " : last ? " and " : ", ");
        app_put_title(line, asked->like[i]->title, asked->like[i]->year);
    }
}

/* What was understood, as a paragraph of its own. */
static void put_understood(kino_buffer *b, const app_screen *s, const kino_results *r)
{
    kino_buffer line = {0};
    app_put_understood(&line, r);
    if (line.size) {
        app_put_wrapped(b, line.data, s->width, 0, false);
        kino_buffer_byte(b, '\n');
    }
    free(line.data);
}

/* "Like Alien (1979) and Heat (1995), not like ..., about "..."": what was asked. */
static void put_heading(kino_buffer *b, const app *a, kino *k, const app_question *q, const kino_results *r)
{
    const app_screen *s = &a->out;
    kino_buffer line = {0};
    if (q->seen.history_count > 1)
        app_put_company(&line, a, &q->seen);
    else if (q->seen.history_count)
        app_put_leanings(&line, k, a, &q->seen, &q->leanings);
    const kino_query *query = &q->asked->query;
    put_likes(&line, q->asked);
    if (query->about && *query->about) {
        kino_buffer_print(&line, "%s \"", line.size ? ", about" : "About");
        app_put_safe(&line, query->about);
        kino_buffer_print(&line, "\"");
    }
    for (size_t i = 0; i < query->dislike_count; i++) {
        kino_buffer_print(&line, "%s", i == 0 ? ", not like " : " or ");
        app_put_title(&line, q->asked->dislike[i]->title, q->asked->dislike[i]->year);
    }
    app_put_wrapped(b, line.data ? line.data : "The best known and liked of those that pass", s->width, 0, true);
    kino_buffer_byte(b, '\n');
    put_understood(b, s, r);
    free(line.data);
}

/* The parts of the story, as --weight groups them; the others are facts. */
static bool is_story(const char *part)
{
    return !strcmp(part, "plot") || !strcmp(part, "words") || !strcmp(part, "keywords");
}

/* What a score has for it, of the story or of the facts; what is against the film is not drawn. */
static double gain(const kino_result *r, bool story)
{
    double sum = 0;
    for (size_t i = 0; i < r->part_count; i++)
        if (is_story(r->parts[i].name) == story)
            sum += fmax(r->parts[i].value, 0);
    return sum;
}

/* A bar as long as the score beside the best of the list, divided as story and facts have made it. */
static void put_bar(app_table *t, const app_screen *s, const kino_result *r, double best)
{
    const double length = best > 0 ? fmax(r->score, 0) / best * BAR : 0, story = gain(r, true),
                 all = story + gain(r, false);
    const size_t end = (size_t)lround(fmin(length, BAR)), turn = all > 0 ? (size_t)lround(length * story / all) : 0;
    kino_buffer bar[2] = {{0}, {0}}, rest = {0};
    for (size_t i = 0; i < BAR; i++)
        if (i < end)
            kino_buffer_print(&bar[i >= turn], "%s",
                              s->ascii               ? (i < turn ? "=" : "-")
                              : s->color || i < turn ? "━"
                                                     : "┅");
        else
            kino_buffer_print(&rest, "%s", s->ascii ? "." : "─");
    app_table_put(t, APP_KEEP, APP_PLOT, bar[0].data ? bar[0].data : "");
    app_table_put(t, APP_KEEP, APP_PROFILE, bar[1].data ? bar[1].data : "");
    if (s->color)
        app_table_put(t, APP_KEEP, APP_DIM, rest.data ? rest.data : "");
    free(bar[0].data);
    free(bar[1].data);
    free(rest.data);
}

static void put_names(kino_buffer *b, const kino_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        kino_buffer_print(b, "%s%s", i ? ", " : "", list->items[i].name);
}

/* The lines of --explain: why in words, and the sum. */
static void put_reasons(app_table *t, const app_screen *s, const kino_result *r)
{
    enum { INDENT = 4 };
    kino_buffer lines = {0}, sum = {0}, shared = {0};
    kino_reasons_put(&shared, r);
    if (shared.size)
        app_put_wrapped(&lines, shared.data, s->width, INDENT, false);
    for (size_t i = 0; i < r->part_count; i++)
        if (r->parts[i].value != 0)
            kino_buffer_print(&sum, "%s%s %.3f",
                              !sum.size               ? ""
                              : r->parts[i].value < 0 ? " - "
                                                      : " + ",
                              r->parts[i].name, sum.size ? fabs(r->parts[i].value) : r->parts[i].value);
    kino_buffer_print(&sum, " = %.3f", r->score);
    app_put_wrapped(&lines, sum.data, s->width, INDENT, false);
    app_table_note(t, lines.data);
    free(lines.data);
    free(sum.data);
    free(shared.data);
}

/* "mine.csv 96 %, for Heat (1995); yours.csv 91 %, for Amélie (2001)": how much the film pleases each, and why. */
static void put_people(const app *a, kino *k, app_table *t, const app_question *q, const kino_result *r)
{
    enum { INDENT = 4 };
    kino_buffer line = {0}, lines = {0};
    for (size_t p = 0; p < r->person_count; p++) {
        kino_movie *seed = NULL;
        kino_buffer_print(&line, "%s", p ? "; " : "");
        if (q->seen.history_count) {
            app_put_safe(&line, a->args.history.files.items[p]);
            kino_buffer_byte(&line, ' ');
        }
        kino_buffer_print(&line, "%.0f %%", 100 * r->people[p].share);
        if (kino_movie_get(k, r->people[p].seed, &seed, NULL))
            continue;
        kino_buffer_print(&line, ", for ");
        app_put_title(&line, seed->title, seed->year);
        kino_movie_free(seed);
    }
    app_put_wrapped(&lines, line.data ? line.data : "", a->out.width, INDENT, false);
    app_table_note(t, lines.data);
    free(line.data);
    free(lines.data);
}

static void put_row(app *a, kino *k, app_table *t, const app_question *q, const kino_result *r, size_t rank,
                    double best)
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
        put_bar(t, &a->out, r, best);
    }
    if (r->person_count)
        put_people(a, k, t, q, r);
    if (a->args.output.explain)
        put_reasons(t, &a->out, r);
}

static void print_table(app *a, kino *k, const app_question *q, const kino_results *results)
{
    const app_screen *s = &a->out;
    app_table t = {0};
    kino_buffer b = {0};
    put_heading(&b, a, k, q, results);
    app_flush(&b, s);
    app_table_column(&t, "#", 0, true);
    app_table_column(&t, "Film", 9, false);
    app_table_optional(&t, "Genres", 5, false, 2);
    app_table_optional(&t, "Rated", 0, true, 1);
    app_table_column(&t, "Score", 0, true);
    if (s->terminal)
        app_table_optional(&t, "", 0, false, 3);
    double best = 0;
    for (size_t i = 0; i < results->count; i++)
        best = fmax(best, results->items[i].score);
    for (size_t i = 0; i < results->count; i++)
        put_row(a, k, &t, q, &results->items[i], i + 1, best);
    app_table_print(&t, s);
    const bool bars = s->terminal && !t.columns[t.column_count - 1].dropped;
    app_table_free(&t);
    if (bars) { /* how to read them */
        kino_buffer_byte(&b, '\n');
        app_put_styled(&b, s, APP_PLOT, s->ascii ? "==" : "━━");
        app_put_styled(&b, s, APP_DIM, " the story   ");
        app_put_styled(&b, s, APP_PROFILE, s->ascii ? "--" : s->color ? "━━" : "┅┅");
        app_put_styled(&b, s, APP_DIM, " the facts");
        kino_buffer_byte(&b, '\n');
        app_flush(&b, s);
    }
}

static void print_json(app *a, kino *k, const app_question *q, const kino_results *results)
{
    kino_tree *root = kino_answer_recommend(q->asked, results);
    if (q->seen.history_count)
        app_json_leanings(root, k, a, &q->seen, &q->leanings);
    app_print_json(root, &a->out, false);
}

static void print(app *a, kino *k, const app_question *q, const kino_results *results)
{
    if (a->args.output.json)
        print_json(a, k, q, results);
    else if (a->args.output.ndjson)
        for (size_t i = 0; i < results->count; i++)
            app_print_json(kino_answer_result(NULL, &results->items[i], i + 1), &a->out, true);
    else if (results->count)
        print_table(a, k, q, results);
    if (!results->count && !a->args.general.quiet)
        fprintf(stderr, "No film%s passes the filters%s.\n", q->seen.among ? " of --among" : "",
                q->seen.unseen_count ? " that was not seen" : "");
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
    const kino_heal_request req = {.ids = ids,
                                   .count = results->count,
                                   .posters = a->args.output.json || a->args.output.ndjson,
                                   .budget_ms = a->args.tmdb.heal_budget ? (int)a->args.tmdb.heal_budget : BUDGET_MS};
    if (kino_heal(k, &req, &report, &why) && a->args.general.verbose)
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
    if (!a->args.general.verbose || kino_get_info(k, &info, NULL))
        return;
    fprintf(stderr, "%zu of %s films in %.2f ms (index %s, %s)\n", results->count, app_count_text(number, info.films),
            results->took_ms, info.index, info.isa);
}

static kino_status ask(kino *k, app_question *q, kino_results **out, kino_error *err)
{
    const app_seen *s = &q->seen;
    if (s->history_count > 1)
        return kino_recommend_together(k, (const kino_history *const *)s->histories, s->history_count, &q->asked->query,
                                       out, err);
    if (s->history_count)
        return kino_recommend_history(k, s->histories[0], &q->asked->query, &q->leanings, out, err);
    return kino_recommend(k, &q->asked->query, out, err);
}

kino_status app_recommend(app *a, kino_error *err)
{
    kino *k = NULL;
    kino_results *results = NULL;
    kino_heal_report *report = NULL;
    kino_movie *healed[KINO_MAX_K] = {NULL};
    app_question *q = kino_alloc(sizeof *q);
    kino_status st = KINO_OK;
    const app_args *args = &a->args;
    const bool films = args->words.count || args->tmdb.id || args->tmdb.imdb;
    if (args->command == APP_RECOMMEND && !films && !args->ask.about && !args->ask.together.count &&
        !args->history.files.count && !kino_ask_filters(&args->ask))
        st = kino_fail(err, KINO_USAGE,
                       "name a film that you like, or say what it should be --about "
                       "(see: kino help recommend)");
    if ((films || args->ask.together.count) && args->history.files.count)
        st = kino_fail(err, KINO_USAGE,
                       "either films or --history; --unseen keeps what was seen out of an answer "
                       "(see: kino help recommend)");
    if (!st)
        st = kino_open(&a->options, &k, err);
    if (!st)
        st = app_question_read(a, k, q, err);
    if (!st)
        st = ask(k, q, &results, err);
    if (!st) {
        if (!a->args.tmdb.no_heal && !a->args.tmdb.offline)
            report = heal(a, k, results, healed);
        app_progress_clear(&a->progress);
        print(a, k, q, results);
        tell_more(a, k, results);
        app_update_index(k);
    }
    for (size_t i = 0; i < KINO_MAX_K; i++)
        kino_movie_free(healed[i]);
    kino_heal_report_free(report);
    kino_results_free(results);
    app_question_free(q);
    kino_close(k);
    return st;
}
