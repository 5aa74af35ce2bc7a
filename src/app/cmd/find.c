/* find.c - kino find, show and remove: single films. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/commands.h"
#include "base/status.h"
#include "ask/answer.h"

enum { DEFAULT_LIMIT = 10 };

/* ---- fields ---- */

enum { READABLE = 88, LABEL = 14 };

static void put_field(kino_buffer *b, const app_screen *s, const char *label, const char *text)
{
    char padded[LABEL + 1];
    if (!*text)
        return;
    snprintf(padded, sizeof padded, "%-*s", LABEL, label);
    app_put_styled(b, s, APP_DIM, padded);
    app_put_wrapped(b, text, s->width && s->width < READABLE ? s->width : s->width ? READABLE : 0, LABEL, true);
}

/* ---- find ---- */

static void print_matches(app *a, const kino_matches *m)
{
    app_table t = {0};
    char text[APP_NUMBER];
    app_table_column(&t, "id", 0, true);
    app_table_column(&t, "Film", 1, false);
    app_table_column(&t, "Votes", 0, true);
    app_table_column(&t, "Match", 0, false);
    for (size_t i = 0; i < m->count; i++) {
        const kino_match *one = &m->items[i];
        app_table_row(&t);
        snprintf(text, sizeof text, "%lld", (long long)one->id);
        app_table_put(&t, APP_KEEP, APP_PLAIN, text);
        app_table_next(&t);
        app_put_film(&t, one->title, one->original_title, one->year);
        app_table_next(&t);
        if (one->votes >= 0)
            app_table_put(&t, APP_KEEP, APP_PLAIN, app_count_text(text, (uint64_t)one->votes));
        app_table_next(&t);
        app_table_put(&t, APP_KEEP, APP_DIM, one->match);
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
}

/* "Alien (1979)", as a shell completes it: a misspelling would be replaced by what was not meant. */
static void print_titles(app *a, const kino_matches *m)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < m->count; i++) {
        if (!*m->items[i].title || !strcmp(m->items[i].match, "typo"))
            continue;
        app_put_title(&b, m->items[i].title, m->items[i].year);
        kino_buffer_byte(&b, '\n');
    }
    app_flush(&b, &a->out);
}

/* ---- people ---- */

static void put_films(kino_buffer *b, const app_screen *s, kino *k, const char *label, const int64_t *ids, size_t count)
{
    enum { MOST = 12 };
    kino_buffer names = {0};
    for (size_t i = 0; i < count && i < MOST; i++) {
        kino_movie *m = NULL;
        if (kino_movie_get(k, ids[i], &m, NULL))
            continue;
        kino_buffer_print(&names, "%s", i ? ", " : "");
        app_put_title(&names, m->title, m->year);
        kino_movie_free(m);
    }
    if (count > MOST)
        kino_buffer_print(&names, " and %zu more", count - MOST);
    put_field(b, s, label, names.data ? names.data : "");
    free(names.data);
}

static void print_people(app *a, kino *k, const kino_people *p)
{
    kino_buffer b = {0};
    for (size_t i = 0; i < p->count; i++) {
        const kino_person *one = &p->items[i];
        if (i)
            kino_buffer_byte(&b, '\n');
        app_put_styled(&b, &a->out, APP_BOLD, one->name);
        kino_buffer_byte(&b, '\n');
        put_films(&b, &a->out, k, "Directed", one->directed, one->directed_count);
        put_films(&b, &a->out, k, "Played in", one->played, one->played_count);
    }
    app_flush(&b, &a->out);
}

/* People are looked for beside films, but not by a family name that is the title of one; `--titles` wants none. */
static kino_status find_people(app *a, kino *k, const char *text, const kino_matches *m, kino_people **out,
                               kino_error *err)
{
    enum { MOST = 3 };
    kino_people *p = NULL;
    const char *match = m->count ? m->items[0].match : "";
    const bool close = !strcmp(match, "exact") || !strcmp(match, "folded") || !strcmp(match, "alias");
    *out = NULL;
    if (a->args.output.titles || !strcmp(match, "id"))
        return KINO_OK;
    const kino_status st = kino_people_find(k, text, MOST, &p, err);
    if (st)
        return st;
    if (!p->count || (close && !strchr(text, ' '))) {
        kino_people_free(p);
        return KINO_OK;
    }
    *out = p;
    return KINO_OK;
}

/* Films that are only spelled alike are not what a person's name means. */
static void print_found(app *a, kino *k, const kino_matches *m, const kino_people *people)
{
    const bool films = m->count && !(people && !strcmp(m->items[0].match, "typo"));
    if (people)
        print_people(a, k, people);
    if (people && films)
        printf("\n");
    if (films)
        print_matches(a, m);
}

/* --names: none that begins so is no failure of a completion. */
static kino_status print_names(app *a, kino *k, const char *text, size_t limit, kino_error *err)
{
    kino_listing *names = NULL;
    kino_buffer b = {0};
    const kino_status st = kino_list_names(k, (kino_name_kind)a->args.output.names, text, limit, &names, err);
    for (size_t i = 0; !st && i < names->count; i++) {
        app_put_safe(&b, names->items[i]);
        kino_buffer_byte(&b, '\n');
    }
    kino_listing_free(names);
    app_progress_clear(&a->progress);
    app_flush(&b, &a->out);
    return st;
}

kino_status app_find(app *a, kino_error *err)
{
    kino *k = NULL;
    kino_matches *m = NULL;
    kino_people *people = NULL;
    char *text = app_join_words(&a->args.words);
    size_t limit = a->args.ask.first ? 1 : a->args.ask.k ? (size_t)a->args.ask.k : DEFAULT_LIMIT;
    kino_status st = kino_open(&a->options, &k, err);
    if (!st && a->args.output.names >= 0) {
        st = print_names(a, k, text, limit, err);
        goto done;
    }
    if (!st)
        st = kino_find(k, text, limit, &m, err);
    if (!st)
        st = find_people(a, k, text, m, &people, err);
    if (st)
        goto done;
    app_progress_clear(&a->progress);
    if (a->args.output.json) {
        app_print_json(kino_answer_find(text, m, people), &a->out, false);
    } else if (a->args.output.ndjson) {
        for (size_t i = 0; i < m->count; i++)
            app_print_json(kino_answer_match(NULL, &m->items[i]), &a->out, true);
    } else if (a->args.output.titles) {
        print_titles(a, m);
    } else {
        print_found(a, k, m, people);
    }
    if (!m->count && !people) {
        st = KINO_NOT_FOUND;
        if (!a->args.output.json && !a->args.output.ndjson)
            kino_fail(err, st, "no film and nobody \"%s\" in the catalogue", text);
    }
done:
    kino_people_free(people);
    kino_matches_free(m);
    kino_close(k);
    free(text);
    return st;
}

/* ---- show ---- */

static void put_list(kino_buffer *b, const app_screen *s, const char *label, const kino_list *list, size_t most)
{
    kino_buffer names = {0};
    for (size_t i = 0; i < list->count && i < most; i++)
        kino_buffer_print(&names, "%s%s", i ? ", " : "", list->items[i].name);
    if (list->count > most)
        kino_buffer_print(&names, " and %zu more", list->count - most);
    put_field(b, s, label, names.data ? names.data : "");
    free(names.data);
}

/* "Tom Skerritt (Dallas), Sigourney Weaver (Ripley)" */
static void put_cast(kino_buffer *b, const app_screen *s, const kino_movie *m, size_t most)
{
    const bool played = m->characters.count == m->cast.count;
    kino_buffer names = {0};
    for (size_t i = 0; i < m->cast.count && i < most; i++) {
        kino_buffer_print(&names, "%s%s", i ? ", " : "", m->cast.items[i].name);
        if (played && *m->characters.items[i].name)
            kino_buffer_print(&names, " (%s)", m->characters.items[i].name);
    }
    if (m->cast.count > most)
        kino_buffer_print(&names, " and %zu more", m->cast.count - most);
    put_field(b, s, "With", names.data ? names.data : "");
    free(names.data);
}

/* "117 min · 8.1 of 10, 11,104 votes": what is known of it. */
static void put_facts(kino_buffer *b, const app_screen *s, const kino_movie *m)
{
    const char *dot = s->ascii ? " - " : " · ";
    kino_buffer line = {0};
    char number[APP_NUMBER];
    for (size_t i = 0; i < m->genres.count; i++)
        kino_buffer_print(&line, "%s%s", i ? ", " : "", m->genres.items[i].name);
    if (isfinite(m->runtime))
        kino_buffer_print(&line, "%s%.0f min", line.size ? dot : "", m->runtime);
    if (isfinite(m->rating))
        kino_buffer_print(&line, "%srated %.1f", line.size ? dot : "", m->rating);
    if (m->votes >= 0)
        kino_buffer_print(&line, "%s%s votes",
                          isfinite(m->rating) ? " by "
                          : line.size         ? dot
                                              : "",
                          app_count_text(number, (uint64_t)m->votes));
    if (line.size)
        app_put_wrapped(b, line.data, s->width, 0, true);
    free(line.data);
}

static void print_movie(app *a, const kino_movie *m)
{
    const app_screen *s = &a->out;
    const size_t width = !s->width ? 0 : s->width < READABLE ? s->width : READABLE, some = s->terminal ? 12 : SIZE_MAX;
    kino_buffer b = {0}, ids = {0};
    char year[16];
    app_put_styled(&b, s, APP_BOLD, *m->title ? m->title : "(untitled)");
    snprintf(year, sizeof year, " (%d)", m->year);
    if (m->year)
        app_put_styled(&b, s, APP_DIM, year);
    kino_buffer_byte(&b, '\n');
    if (strcmp(m->title, m->original_title)) {
        app_put_safe(&b, m->original_title);
        kino_buffer_byte(&b, '\n');
    }
    put_facts(&b, s, m);
    if (*m->tagline) {
        kino_buffer_byte(&b, '\n');
        app_put_wrapped(&b, m->tagline, width, 0, true);
    }
    if (*m->overview) {
        kino_buffer_byte(&b, '\n');
        app_put_wrapped(&b, m->overview, width, 0, true);
    }
    kino_buffer_byte(&b, '\n');
    put_list(&b, s, "Directed by", &m->directors, some);
    put_list(&b, s, "Written by", &m->writers, some);
    put_cast(&b, s, m, some);
    put_field(&b, s, "Series", m->collection.name);
    put_list(&b, s, "Keywords", &m->keywords, some * 2 > some ? some * 2 : some);
    put_field(&b, s, "Language", m->language);
    put_list(&b, s, "Countries", &m->countries, some);
    put_field(&b, s, "Release", m->date);
    put_field(&b, s, "Status", m->status);
    kino_buffer_print(&ids, "TMDB %lld%s%s", (long long)m->id, *m->imdb_id ? ", IMDb " : "", m->imdb_id);
    put_field(&b, s, "Ids", ids.data);
    put_field(&b, s, "Poster", m->poster_path);
    app_flush(&b, s);
    free(ids.data);
}

kino_status app_show(app *a, kino_error *err)
{
    kino *k = NULL;
    kino_movie *m = NULL;
    int64_t id = 0;
    char *text = app_join_words(&a->args.words);
    kino_status st = kino_open(&a->options, &k, err);
    if (!st)
        st = app_resolve(a, k, text, &id, err);
    if (!st)
        st = kino_movie_get_all(k, id, &m, err);
    if (!st) {
        app_progress_clear(&a->progress);
        if (a->args.output.json)
            app_print_json(kino_answer_show(m), &a->out, false);
        else
            print_movie(a, m);
    }
    kino_movie_free(m);
    kino_close(k);
    free(text);
    return st;
}

/* ---- remove ---- */

kino_status app_remove(app *a, kino_error *err)
{
    const kino_words *words = &a->args.words;
    kino *k = NULL;
    size_t removed = 0;
    int64_t *ids = kino_alloc_array(words->count, sizeof *ids);
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < words->count; i++)
        if (kino_parse_whole("", words->items[i], 1, INT64_MAX, &ids[i], NULL))
            st = kino_fail(err, KINO_USAGE, "\"%s\" is not an id; `kino find TITLE` tells it (see: kino help remove)",
                           words->items[i]);
    size_t asked = 0;
    for (size_t i = 0; !st && i < words->count; i++) { /* an id given twice is one film */
        bool again = false;
        for (size_t j = 0; j < asked; j++)
            again = again || ids[j] == ids[i];
        if (!again)
            ids[asked++] = ids[i];
    }
    if (!st)
        st = kino_open(&a->options, &k, err);
    if (!st)
        st = kino_remove(k, ids, asked, &removed, err);
    if (st)
        goto done;
    app_progress_clear(&a->progress);
    if (a->args.output.json) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        kino_tree_whole(root, "schema", 1);
        kino_tree_whole(root, "asked", (int64_t)asked);
        kino_tree_whole(root, "removed", (int64_t)removed);
        app_print_json(root, &a->out, false);
    } else if (!a->args.general.quiet) {
        kino_buffer b = {0};
        app_put_counted(&b, removed, "film", "films");
        kino_buffer_print(&b, " removed\n");
        app_flush(&b, &a->err);
    }
    if (removed < asked) {
        st = KINO_NOT_FOUND;
        if (!a->args.output.json)
            kino_fail(err, st, "%zu of the %zu ids %s not in the catalogue", asked - removed, asked,
                      asked - removed == 1 ? "is" : "are");
    }
done:
    kino_close(k);
    free(ids);
    return st;
}
