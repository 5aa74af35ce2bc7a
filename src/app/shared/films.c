/* films.c - how a film is named, shown and written as JSON; which film is meant. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/shared/app.h"
#include "ask/answer.h"
#include "base/status.h"

char *app_join_words(const kino_words *w)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < w->count; i++)
        kino_buffer_print(&b, "%s%s", i ? " " : "", w->items[i]);
    return b.data ? b.data : kino_strdup("");
}

void app_put_title(kino_buffer *b, const char *title, int year)
{
    app_put_safe(b, *title ? title : "(untitled)");
    if (year)
        kino_buffer_print(b, " (%d)", year);
}

void app_put_film(app_table *t, const char *title, const char *original, int year)
{
    char text[32];
    app_table_put(t, APP_CUT, APP_BOLD, *title ? title : "(untitled)");
    if (year) {
        snprintf(text, sizeof text, " (%d)", year);
        app_table_put(t, APP_KEEP, APP_DIM, text);
    }
    if (*original && strcasecmp(title, original)) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "  %s", original);
        app_table_put(t, APP_DROP, APP_DIM, b.data);
        free(b.data);
    }
}

/* ---- which film ---- */

static void tell_line(app *a, app_style style, const char *text)
{
    kino_buffer b = {0};
    app_progress_clear(&a->progress);
    app_put_styled(&b, &a->err, style, "kino: ");
    app_put_safe(&b, text);
    kino_buffer_byte(&b, '\n');
    app_flush(&b, &a->err);
}

/* Whether a candidate's title and year are its own among them: then they name it, else only the id does. */
static bool named_by_year(const kino_matches *m, size_t which)
{
    const kino_match *one = &m->items[which];
    for (size_t i = 0; i < m->count; i++)
        if (i != which && m->items[i].year == one->year)
            return false;
    return one->year != 0;
}

enum { TOLD = 20 };

/* `numbered`: from 1 on, to be chosen from. */
static void put_candidates(app *a, const kino_matches *m, bool numbered)
{
    app_table t = {0};
    char text[32];
    if (numbered)
        app_table_column(&t, "", 0, true);
    app_table_column(&t, "id", 0, true);
    app_table_column(&t, "film", 1, false);
    app_table_column(&t, "votes", 0, true);
    for (size_t i = 0; i < m->count && i < TOLD; i++) {
        const kino_match *one = &m->items[i];
        app_table_row(&t);
        if (numbered) {
            snprintf(text, sizeof text, "%zu", i + 1);
            app_table_put(&t, APP_KEEP, APP_BOLD, text);
            app_table_next(&t);
        }
        snprintf(text, sizeof text, "%lld", (long long)one->id);
        app_table_put(&t, APP_KEEP, APP_PLAIN, text);
        app_table_next(&t);
        app_put_film(&t, one->title, one->original_title, one->year);
        app_table_next(&t);
        if (one->votes >= 0)
            app_table_put(&t, APP_KEEP, APP_DIM, app_count_text(text, (uint64_t)one->votes));
    }
    app_table_print(&t, &a->err);
    app_table_free(&t);
}

static void tell_candidates(app *a, const kino_matches *m)
{
    kino_buffer b = {0};
    put_candidates(a, m, false);
    if (m->count > TOLD)
        kino_buffer_print(&b, "and %zu more\n", m->count - TOLD);
    kino_buffer_print(&b, "Name one ");
    if (named_by_year(m, 0)) {
        kino_buffer_print(&b, "with its year or by its id: \"");
        app_put_title(&b, m->items[0].title, m->items[0].year);
        kino_buffer_print(&b, "\" or %lld", (long long)m->items[0].id);
    } else {
        kino_buffer_print(&b, "by its id: %lld", (long long)m->items[0].id);
    }
    kino_buffer_print(&b, "; -1 takes the first\n");
    app_flush(&b, &a->err);
}

/* On a terminal: which of them; Enter is the first. False when nobody answers, or no number. */
static bool choose(app *a, const kino_matches *m, const char *why, int64_t *id)
{
    kino_buffer b = {0};
    char line[32];
    const size_t most = m->count < TOLD ? m->count : TOLD;
    tell_line(a, APP_WARN, why);
    put_candidates(a, m, true);
    kino_buffer_print(&b, "Which one? 1 to %zu, or Enter for the first: ", most);
    app_flush(&b, &a->err);
    if (!fgets(line, sizeof line, stdin))
        return false;
    char *end = line;
    const unsigned long which = strspn(line, " \t\r\n") == strlen(line) ? 1 : strtoul(line, &end, 10);
    if (which < 1 || which > most || (end > line && end[strspn(end, " \t\r\n")]))
        return false;
    *id = m->items[which - 1].id;
    return true;
}

/* Somebody wrote a title of several words without quotes. */
static void suggest_quotes(app *a, kino *k)
{
    kino_matches *m = NULL;
    if (a->args.command != APP_RECOMMEND || a->args.words.count < 2)
        return;
    char *whole = app_join_words(&a->args.words);
    if (!kino_find(k, whole, 1, &m, NULL) && m->count && strcmp(m->items[0].match, "typo")) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "Did you mean one film? Then put it in quotes: kino recommend \"");
        app_put_safe(&b, whole);
        kino_buffer_print(&b, "\"\n");
        app_flush(&b, &a->err);
    }
    kino_matches_free(m);
    free(whole);
}

/* A title that is none or several: what was found instead, and what went wrong. */
static void tell_choice(app *a, kino *k, const kino_matches *candidates, kino_error *err)
{
    tell_line(a, APP_WARN, err->text);
    if (a->args.output.json || a->args.output.ndjson)
        app_print_json(kino_answer_error(err, candidates), &a->out, a->args.output.ndjson);
    else if (candidates && candidates->count)
        tell_candidates(a, candidates);
    if (err->status == KINO_NOT_FOUND)
        suggest_quotes(a, k);
    err->text[0] = 0;
}

/* "Lantern Bay (2025) was fetched from TMDB and saved; ..." */
static void tell_learned(app *a, kino *k, const kino_learned *l)
{
    kino_movie *m = NULL;
    kino_buffer b = {0};
    if (a->args.general.quiet || (l->known && a->args.command != APP_ADD) || kino_movie_get(k, l->id, &m, NULL))
        return;
    app_put_title(&b, m->title, m->year);
    kino_buffer_print(&b, l->known   ? " is in the catalogue"
                          : l->saved ? " was fetched from TMDB and saved"
                                     : " was fetched from TMDB");
    if (*l->note)
        kino_buffer_print(&b, "; %s", l->note);
    if (a->args.general.verbose && !l->known)
        kino_buffer_print(&b, " (%.1f ms, %.1f of them the network)", l->total_ms, l->network_ms);
    tell_line(a, APP_DIM, b.data);
    free(b.data);
    kino_movie_free(m);
}

kino_status app_learn(app *a, kino *k, const kino_wanted *w, kino_learned *out, kino_error *err)
{
    kino_matches *candidates = NULL;
    kino_status st = kino_learn(k, w, out, &candidates, err);
    if (!st)
        tell_learned(a, k, out);
    else if (candidates)
        tell_choice(a, k, candidates, err);
    kino_matches_free(candidates);
    return st;
}

/* An id that the catalogue does not have: "tt0133093", or a number that is too long for a title's. */
static bool names_by_id(const char *text, kino_wanted *w)
{
    const size_t digits = strspn(text + 2 * !strncmp(text, "tt", 2), "0123456789");
    if (!strncmp(text, "tt", 2) && digits >= 7 && !text[2 + digits])
        w->imdb_id = text;
    else if (digits > 4 && digits < 16 && !text[digits])
        w->id = strtoll(text, NULL, 10);
    return w->id || w->imdb_id;
}

/* A film that the catalogue does not have, from TMDB. KINO_NOT_FOUND: it is not there either, or TMDB is not asked. */
static kino_status look_further(app *a, kino *k, const char *text, int64_t *id, kino_error *err)
{
    kino_wanted w = {.first = a->args.ask.first};
    kino_learned learned;
    if (a->args.command != APP_RECOMMEND)
        return KINO_NOT_FOUND;
    if (kino_online(k, err)) {
        if (a->args.tmdb.offline)
            err->text[0] = 0;
        return KINO_NOT_FOUND;
    }
    if (!names_by_id(text, &w))
        w.title = text;
    kino_status st = app_learn(a, k, &w, &learned, err);
    if (!st)
        *id = learned.id;
    return st;
}

static bool can_ask(const app *a)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && !a->args.output.json && !a->args.output.ndjson;
}

kino_status app_resolve(app *a, kino *k, const char *text, int64_t *id, kino_error *err)
{
    kino_matches *candidates = NULL;
    kino_error further = {0};
    kino_status st;
    if (!text[strspn(text, " \t\r\n")])
        return kino_fail(err, KINO_USAGE, "a title is empty (see: kino help %s)", app_commands[a->args.command].name);
    st = kino_resolve(k, text, a->args.ask.first, id, &candidates, err);
    if (st == KINO_NOT_FOUND) {
        st = look_further(a, k, text, id, &further);
        if (st && st != KINO_NOT_FOUND) { /* told already, or not for the title's sake */
            if (candidates && candidates->count && st == KINO_NETWORK)
                tell_candidates(a, candidates);
            *err = further;
        }
        if (!st)
            err->text[0] = 0;
    }
    if (st == KINO_AMBIGUOUS && !further.status && can_ask(a)) {
        const bool chosen = choose(a, candidates, err->text, id);
        err->text[0] = 0;
        st = chosen ? KINO_OK : st;
    } else if ((st == KINO_AMBIGUOUS && !further.status) || st == KINO_NOT_FOUND) {
        tell_choice(a, k, candidates, err);
        if (st == KINO_NOT_FOUND && *further.text)
            tell_line(a, APP_DIM, further.text);
    }
    kino_matches_free(candidates);
    return st;
}
