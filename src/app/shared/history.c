/* history.c - reads the files of --unseen, --among and --history and tells what could not be matched. */
#include "app/shared/history.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ask/answer.h"
#include "base/status.h"

/* "ratings.csv:12: no film "X (1999)"; is it Y (1998), 123?" */
static void put_unmatched(kino_buffer *b, const char *path, const kino_unmatched *u)
{
    app_put_safe(b, path);
    if (u->line)
        kino_buffer_print(b, ":%zu", u->line);
    kino_buffer_print(b, ": %s \"", u->ambiguous ? "several films" : "no film");
    app_put_safe(b, u->text);
    kino_buffer_byte(b, '"');
    if (*u->why) {
        kino_buffer_print(b, ": ");
        app_put_safe(b, u->why);
    }
    for (size_t i = 0; i < u->candidate_count; i++) {
        kino_buffer_print(b, "%s", i == 0 ? "; is it " : i + 1 < u->candidate_count ? ", " : " or ");
        app_put_title(b, u->candidates[i].title, u->candidates[i].year);
        kino_buffer_print(b, ", %lld", (long long)u->candidates[i].id);
    }
    kino_buffer_print(b, "%s\n", u->candidate_count ? "?" : "");
}

/* "ratings.csv:12: 11 is no rating from 0 to 10" */
static void put_remark(kino_buffer *b, const char *path, const kino_remark *r)
{
    app_put_safe(b, path);
    if (r->line)
        kino_buffer_print(b, ":%zu", r->line);
    kino_buffer_print(b, ": ");
    app_put_safe(b, r->text);
    kino_buffer_byte(b, '\n');
}

/* "ratings.csv: no rating: 12 more lines (-v tells all)" */
static void put_more(kino_buffer *b, const char *path, const char *reason, size_t count)
{
    if (!count)
        return;
    app_put_safe(b, path);
    kino_buffer_print(b, ": %s: %zu more line%s (-v tells all)\n", reason, count, count == 1 ? "" : "s");
}

/* Of each reason the first lines, beginning at its first. */
static void put_reason(kino_buffer *b, const char *path, const kino_history *h, size_t first, size_t most)
{
    const char *reason = h->remarks[first].reason;
    size_t told = 0, count = 0;
    for (size_t i = first; i < h->remark_count; i++) {
        if (strcmp(h->remarks[i].reason, reason))
            continue;
        count++;
        if (*reason && told == most)
            continue;
        told++;
        put_remark(b, path, &h->remarks[i]);
    }
    put_more(b, path, reason, count - told);
}

static void put_remarks(kino_buffer *b, const char *path, const kino_history *h, size_t most)
{
    for (size_t i = 0; i < h->remark_count; i++) {
        size_t same = 0;
        while (strcmp(h->remarks[same].reason, h->remarks[i].reason))
            same++;
        if (same == i)
            put_reason(b, path, h, i, most);
    }
}

static void put_all_unmatched(kino_buffer *b, const char *path, const kino_history *h, size_t most)
{
    enum { NONE, SEVERAL, CONTRADICTION, REASONS };
    static const char *const reasons[] = {"no film here", "several films", "a contradiction"};
    for (int r = 0; r < REASONS; r++) {
        size_t told = 0, count = 0;
        for (size_t i = 0; i < h->unmatched_count; i++) {
            const kino_unmatched *u = &h->unmatched[i];
            if (r != (*u->why ? CONTRADICTION : u->ambiguous ? SEVERAL : NONE))
                continue;
            count++;
            if (told == most)
                continue;
            told++;
            put_unmatched(b, path, u);
        }
        put_more(b, path, reasons[r], count - told);
    }
}

static void tell(const app *a, const char *path, const kino_history *h)
{
    enum { SOME = 5 };
    const size_t most = a->args.general.verbose ? SIZE_MAX : SOME;
    kino_buffer b = {0};
    if (a->args.general.quiet)
        return;
    put_remarks(&b, path, h, most);
    put_all_unmatched(&b, path, h, most);
    app_put_safe(&b, path);
    kino_buffer_print(&b, ": %s%s", strcmp(h->kind, "list") ? h->kind : "", strcmp(h->kind, "list") ? ", " : "");
    app_put_counted(&b, h->count, "film", "films");
    if (h->unmatched_count) {
        kino_buffer_print(&b, ", ");
        app_put_counted(&b, h->unmatched_count, "line without a film here", "lines without a film here");
    }
    if (h->skipped)
        kino_buffer_print(&b, ", %zu that %s no film", h->skipped, h->skipped == 1 ? "is" : "are");
    if (h->skipped && h->skipped_line)
        kino_buffer_print(&b, " (%sline %zu)", h->skipped == 1 ? "" : "the first in ", h->skipped_line);
    if (h->waiting)
        kino_buffer_print(&b, ", %zu not seen yet", h->waiting);
    kino_buffer_byte(&b, '\n');
    app_flush(&b, &a->err);
}

typedef kino_status (*reader_fn)(kino *k, const char *path, const char *links, int64_t user, kino_history **out,
                                 kino_error *err);

static kino_status read_one(app *a, kino *k, reader_fn reader, const char *path, kino_history **out, kino_error *err)
{
    kino_status st = reader(k, path, a->args.history.links, a->args.history.user, out, err);
    if (!st) {
        app_progress_clear(&a->progress);
        tell(a, path, *out);
    }
    return st;
}

/* The films of all files, added to the list; `otherwise` says what the answer would be without any. */
static kino_status read_ids(app *a, kino *k, reader_fn reader, const kino_words *files, const char *otherwise,
                            int64_t **ids, size_t *count, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t f = 0; !st && f < files->count; f++) {
        kino_history *h = NULL;
        st = read_one(a, k, reader, files->items[f], &h, err);
        if (st)
            break;
        *ids = kino_resize_array(*ids, *count + h->count + 1, sizeof **ids);
        for (size_t i = 0; i < h->count; i++)
            (*ids)[(*count)++] = h->films[i].id;
        if (!h->count && !a->args.history.allow_empty)
            st = kino_fail(err, KINO_NOT_FOUND,
                           "%s: none of its films is in the catalogue, so %s; --allow-empty answers all the same",
                           files->items[f], otherwise);
        kino_history_free(h);
    }
    return st;
}

kino_status app_seen_read(app *a, kino *k, app_seen *out, kino_error *err)
{
    kino_status st = read_ids(a, k, kino_history_read, &a->args.history.unseen, "nothing would be left out",
                              &out->unseen, &out->unseen_count, err);
    if (!st)
        st = read_ids(a, k, kino_among_read, &a->args.history.among, "there is nothing to choose from", &out->among,
                      &out->among_count, err);
    if (!st && a->args.history.files.count > KINO_MAX_PEOPLE)
        st = kino_fail(err, KINO_USAGE, "--history: at most %d people at once", KINO_MAX_PEOPLE);
    for (size_t f = 0; !st && f < a->args.history.files.count; f++) {
        st = read_one(a, k, kino_history_read, a->args.history.files.items[f], &out->histories[f], err);
        out->history_count += !st;
    }
    return st;
}

void app_seen_free(app_seen *s)
{
    for (size_t i = 0; i < s->history_count; i++)
        kino_history_free(s->histories[i]);
    free(s->unseen);
    free(s->among);
    *s = (app_seen){0};
}

/* ---- the tastes ---- */

void app_put_company(kino_buffer *b, const app *a, const app_seen *s)
{
    for (size_t i = 0; i < s->history_count; i++) {
        kino_buffer_print(b, "%s", i == 0 ? "For " : i + 1 == s->history_count ? " and " : ", ");
        app_put_safe(b, a->args.history.files.items[i]);
        kino_buffer_print(b, " (");
        app_put_counted(b, s->histories[i]->count, "film", "films");
        kino_buffer_byte(b, ')');
    }
}

void app_put_leanings(kino_buffer *b, kino *k, const app *a, const app_seen *s, const kino_leanings *l)
{
    kino_buffer_print(b, "From the ");
    app_put_counted(b, s->histories[0]->count, "film", "films");
    kino_buffer_print(b, " of ");
    app_put_safe(b, a->args.history.files.items[0]);
    for (size_t i = 0; i < l->count; i++) {
        kino_buffer_print(b, "%s%.0f %% like ", i ? "; " : ": ", 100 * l->items[i].share);
        for (size_t f = 0; f < KINO_LEANING_FILMS && l->items[i].films[f]; f++) {
            kino_movie *m = NULL;
            if (kino_movie_get(k, l->items[i].films[f], &m, NULL))
                continue;
            kino_buffer_print(b, "%s", f ? ", " : "");
            app_put_title(b, m->title, m->year);
            kino_movie_free(m);
        }
    }
}

static size_t count_unread(const kino_history *h)
{
    size_t n = 0;
    for (size_t i = 0; i < h->remark_count; i++)
        n += *h->remarks[i].reason != 0;
    return n;
}

static void put_history(kino_tree *object, const app *a, const app_seen *s, size_t i)
{
    kino_tree_text(object, "file", a->args.history.files.items[i]);
    kino_tree_text(object, "kind", s->histories[i]->kind);
    kino_tree_whole(object, "films", (int64_t)s->histories[i]->count);
    kino_tree_whole(object, "unmatched", (int64_t)s->histories[i]->unmatched_count);
    kino_tree_whole(object, "no_films", (int64_t)s->histories[i]->skipped);
    kino_tree_whole(object, "unread", (int64_t)count_unread(s->histories[i]));
}

void app_json_leanings(kino_tree *object, kino *k, const app *a, const app_seen *s, const kino_leanings *l)
{
    if (s->history_count > 1) {
        kino_tree *all = kino_tree_array(object, "histories");
        for (size_t i = 0; i < s->history_count; i++)
            put_history(kino_tree_object(all, NULL), a, s, i);
        return;
    }
    kino_tree *history = kino_tree_object(object, "history");
    put_history(history, a, s, 0);
    kino_tree *tastes = kino_tree_array(history, "tastes");
    for (size_t i = 0; i < l->count; i++) {
        kino_tree *one = kino_tree_object(tastes, NULL);
        kino_tree_number(one, "share", l->items[i].share);
        kino_tree_whole(one, "liked", (int64_t)l->items[i].liked);
        kino_tree *films = kino_tree_array(one, "films");
        for (size_t f = 0; f < KINO_LEANING_FILMS && l->items[i].films[f]; f++) {
            kino_movie *m = NULL;
            if (!kino_movie_get(k, l->items[i].films[f], &m, NULL))
                kino_answer_film(films, m);
            kino_movie_free(m);
        }
    }
}
