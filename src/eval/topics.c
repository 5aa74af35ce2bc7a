/* topics.c - words as topics and films as judged: nDCG@10, reciprocal rank, success, and the run as a file.
 *
 * The figures are those of trec_eval's ndcg_cut_10, recip_rank and success_10 over the same run. Most films of a catalogue
 * were never judged, though many of them would be relevant: they are passed over, unless all are asked for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/idmap.h"
#include "base/number.h"
#include "base/status.h"
#include "base/textfile.h"
#include "base/wordset.h"
#include "eval/interval.h"
#include "eval/likeness.h"
#include "handle/host.h"

typedef struct topic {
    const char *name, *words; /* in the arena */
    kino_idmap grades;        /* of films; those not above 0 are not there */
    double ndcg, mrr, success;
} topic;

typedef struct job {
    kino *k;
    const kino_topics_request *req;
    kino_arena texts;
    kino_wordset names; /* of the topics, in their order */
    topic *topics;      /* [count] */
    size_t count, room;
    kino_idmap judged; /* films of any topic */
    kino_buffer run;
} job;

/* ---- reading ---- */

static kino_status bad_line(const kino_textfile *t, const char *what, kino_error *err)
{
    return kino_fail(err, KINO_DAMAGED, "%s:%zu: %s", kino_textfile_name(t), kino_textfile_number(t), what);
}

static kino_status put_topic(job *j, const kino_textfile *t, char *line, kino_error *err)
{
    char *words = strchr(line, '\t');
    bool fresh;
    if (!words || words == line || !words[1])
        return bad_line(t, "a topic is a name, a tab and words", err);
    kino_wordset_put(&j->names, line, (size_t)(words - line), &fresh);
    if (!fresh)
        return bad_line(t, "this topic was there before", err);
    if (j->count == j->room)
        j->topics = kino_resize_array(j->topics, j->room = j->room ? 2 * j->room : 64, sizeof *j->topics);
    j->topics[j->count++] = (topic){.name = kino_arena_strndup(&j->texts, line, (size_t)(words - line)),
                                    .words = kino_arena_strdup(&j->texts, words + 1)};
    return KINO_OK;
}

/* The next word of a line, zero-terminated; "" at its end. */
static char *next_word(char **at)
{
    static const char blanks[] = " \t\r";
    char *word = *at + strspn(*at, blanks), *end = word + strcspn(word, blanks);
    *at = *end ? end + 1 : end;
    *end = 0;
    return word;
}

static kino_status put_judgement(job *j, const kino_textfile *t, char *line, kino_error *err)
{
    double film, grade;
    const char *name = next_word(&line), *iteration = next_word(&line), *id = next_word(&line),
               *last = next_word(&line);
    if (!*iteration || !kino_number_parse(id, strlen(id), &film) || !kino_number_parse(last, strlen(last), &grade) ||
        *next_word(&line) || !(film >= 1 && film <= 1e15))
        return bad_line(t, "a judgement is a topic, anything, a film's id and a grade", err);
    *kino_idmap_at(&j->judged, (int64_t)film) = 1;
    bool fresh;
    const uint32_t at = kino_wordset_put(&j->names, name, strlen(name), &fresh);
    if (at < j->count && grade > 0) /* else of a topic that is not asked, or no answer */
        *kino_idmap_at(&j->topics[at].grades, (int64_t)film) = (uint32_t)fmin(grade, 1000);
    return KINO_OK;
}

static kino_status read_lines(job *j, const char *path,
                              kino_status (*put)(job *j, const kino_textfile *t, char *line, kino_error *err),
                              kino_error *err)
{
    kino_textfile *t = NULL;
    char *line = NULL;
    size_t n;
    kino_status st = kino_textfile_open(path, &t, err);
    while (!st) {
        st = kino_textfile_line(t, &line, &n, err);
        if (st || !line)
            break;
        if (line[strspn(line, " \t\r")])
            st = put(j, t, line, err);
    }
    kino_textfile_close(t);
    return st;
}

/* ---- figures ---- */

static int most_first(const void *a, const void *b)
{
    return -kino_number_order(a, b);
}

/* The discounted gain of the ten best films that there could be. */
static double ideal_gain(const topic *t)
{
    double *grades = kino_alloc_array(t->grades.count + 1, sizeof *grades), sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < t->grades.capacity; i++)
        if (t->grades.keys[i])
            grades[count++] = t->grades.values[i];
    qsort(grades, count, sizeof *grades, most_first);
    for (size_t i = 0; i < count && i < KINO_EVAL_TOP; i++)
        sum += grades[i] * kino_discount(i);
    free(grades);
    return sum;
}

static void judge(const job *j, topic *t, const kino_results *r)
{
    double gain = 0;
    size_t place = 0;
    for (size_t i = 0; i < r->count; i++) {
        const int64_t id = r->items[i].movie->id;
        const uint32_t grade = kino_idmap_get(&t->grades, id);
        if (!j->req->all && kino_idmap_get(&j->judged, id) == UINT32_MAX)
            continue;
        if (grade != UINT32_MAX) {
            t->mrr = t->mrr > 0 ? t->mrr : 1 / (double)(place + 1);
            if (place < KINO_EVAL_TOP) {
                gain += grade * kino_discount(place);
                t->success = 1;
            }
        }
        place++;
    }
    t->ndcg = gain / ideal_gain(t);
}

/* The lines of a topic, passed over as the figures pass over them. Equal scores would leave their order to the reader:
 * what stands there falls with the rank. */
static void put_run(job *j, const topic *t, const kino_results *r)
{
    size_t rank = 0;
    for (size_t i = 0; i < r->count; i++) {
        const int64_t id = r->items[i].movie->id;
        if (j->req->all || kino_idmap_get(&j->judged, id) != UINT32_MAX) {
            rank++;
            kino_buffer_print(&j->run, "%s Q0 %lld %zu %zu kino\n", t->name, (long long)id, rank,
                              (size_t)KINO_MAX_K - rank);
        }
    }
}

static kino_status ask(job *j, kino_topics_report *out, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < j->count; i++) {
        topic *t = &j->topics[i];
        const kino_query q = {.about = t->words, .k = KINO_MAX_K, .diversity = -1, .sequels = true};
        kino_results *r = NULL;
        t->ndcg = t->mrr = t->success = t->grades.count ? 0 : NAN;
        if (!t->grades.count && !out->left_out++)
            snprintf(out->first_left_out, sizeof out->first_left_out, "%s", t->name);
        if (kino_cancelled(&j->k->opt))
            return kino_fail(err, KINO_INTERRUPTED, "interrupted");
        st = kino_recommend(j->k, &q, &r, err);
        if (!st && t->grades.count)
            judge(j, t, r);
        if (!st && j->req->run)
            put_run(j, t, r);
        kino_results_free(r);
        kino_report(&j->k->opt, "topics", i + 1, j->count);
    }
    return st;
}

static size_t group_length(const char *name)
{
    size_t n = 0;
    while ((name[n] | 32) >= 'a' && (name[n] | 32) <= 'z')
        n++;
    return n;
}

/* The topics whose names begin with the same letters as this one; NULL: all. */
static void put_row(const job *j, const char *like, kino_topics_report *out)
{
    kino_topics_row *row = &out->rows[out->count++];
    double *figures = kino_alloc_array(3 * j->count + 1, sizeof *figures);
    const size_t n = like ? group_length(like) : 0;
    size_t count = 0;
    snprintf(row->group, sizeof row->group, "%.*s", like ? (int)n : 3, like ? like : "all");
    for (size_t i = 0; i < j->count; i++) {
        const topic *t = &j->topics[i];
        if (isnan(t->ndcg) || (like && (group_length(t->name) != n || strncmp(t->name, like, n) != 0)))
            continue;
        figures[count] = t->ndcg;
        figures[j->count + count] = t->mrr;
        figures[2 * j->count + count++] = t->success;
    }
    row->topics = count;
    kino_interval_mean(figures, count, &row->ndcg);
    kino_interval_mean(figures + j->count, count, &row->mrr);
    kino_interval_mean(figures + 2 * j->count, count, &row->success);
    free(figures);
}

static bool has_row(const kino_topics_report *r, const char *name)
{
    const size_t n = group_length(name);
    for (size_t i = 0; i < r->count; i++)
        if (!strncmp(r->rows[i].group, name, n) && !r->rows[i].group[n])
            return true;
    return false;
}

static void put_rows(const job *j, kino_topics_report *out)
{
    for (size_t i = 0; i < j->count; i++) {
        const topic *t = &j->topics[i];
        const size_t n = group_length(t->name);
        if (!isnan(t->ndcg) && n && n < sizeof out->rows->group && out->count + 1 < KINO_TOPIC_GROUPS &&
            !has_row(out, t->name))
            put_row(j, t->name, out);
    }
    put_row(j, NULL, out);
}

static kino_status count_films(job *j, kino_topics_report *out, kino_error *err)
{
    kino_status st = kino_use_films(j->k, true, err);
    for (size_t i = 0; !st && i < j->judged.capacity; i++) {
        if (!j->judged.keys[i])
            continue;
        out->judged++;
        out->absent += kino_rows_find(&j->k->films->rows, j->judged.keys[i]) == j->k->films->rows.count;
    }
    return st;
}

kino_status kino_eval_topics(kino *k, const kino_topics_request *req, kino_topics_report *out, kino_error *err)
{
    job j = {.k = k, .req = req};
    const double started = kino_now_ms();
    memset(out, 0, sizeof *out);
    kino_status st = read_lines(&j, req->topics, put_topic, err);
    if (!st && !j.count)
        st = kino_fail(err, KINO_DAMAGED, "%s: no topic", req->topics);
    if (!st)
        st = read_lines(&j, req->qrels, put_judgement, err);
    if (!st)
        st = count_films(&j, out, err);
    if (!st)
        st = ask(&j, out, err);
    if (!st && req->run)
        st = kino_replace_file(req->run, &(struct iovec){j.run.data, j.run.size}, 1, err);
    if (!st)
        put_rows(&j, out);
    out->seconds = (kino_now_ms() - started) / 1e3;
    for (size_t i = 0; i < j.count; i++)
        kino_idmap_free(&j.topics[i].grades);
    kino_idmap_free(&j.judged);
    kino_wordset_free(&j.names);
    kino_arena_free(&j.texts);
    free(j.topics);
    free(j.run.data);
    return st;
}
