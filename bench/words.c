/* words.c - the words index over a data set: time to build, bytes a film, time a question and a likeness.
 *
 *     build/bench/words FILMS.csv [keywords=FILE] [questions=FILE] [people=FILMS.csv,CREDITS.csv]
 *
 * A question is a line of its file, behind the last tab. `people` gives each film the directors and cast of a film of
 * another data set, the next each time: for a file without credits, whose sizes and times would be too good. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "index/words.h"
#include "ingest/movies.h"

enum { RUNS = 5, ROUNDS = 20, MOST_QUESTIONS = 2000, SEEDS = 200 };

typedef struct films {
    kino_movies own, lent; /* `lent`: whose people they get */
} films;

static double read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void fail(const char *text)
{
    fprintf(stderr, "words: %s\n", text);
    exit(1);
}

static void tell_list(kino_words_listener *l, kino_words_field field, kino_list list)
{
    for (size_t i = 0; i < list.count; i++)
        kino_words_tell(l, field, list.items[i].name, strlen(list.items[i].name));
}

static void tell(kino_words_listener *l, kino_words_field field, const char *text)
{
    kino_words_tell(l, field, text, strlen(text));
}

static void texts(const void *ctx, size_t row, kino_words_listener *l)
{
    const films *f = ctx;
    const kino_movie *m = &f->own.items[row], *p = f->lent.count ? &f->lent.items[row % f->lent.count] : m;
    tell(l, KINO_WORDS_TITLE, m->title);
    if (strcmp(m->title, m->original_title))
        tell(l, KINO_WORDS_ORIGINAL_TITLE, m->original_title);
    tell_list(l, KINO_WORDS_KEYWORDS, m->keywords);
    tell(l, KINO_WORDS_TAGLINE, m->tagline);
    tell(l, KINO_WORDS_OVERVIEW, m->overview);
    tell_list(l, KINO_WORDS_GENRES, m->genres);
    tell_list(l, KINO_WORDS_PEOPLE, p->directors);
    tell_list(l, KINO_WORDS_PEOPLE, p->cast);
    if (m->collection.id)
        tell(l, KINO_WORDS_COLLECTION, m->collection.name);
}

/* Of the runs the shortest: the machine may have other users. */
static kino_words *build(const films *f, int threads)
{
    kino_words *w = NULL;
    double least = 1e9, least_cpu = 1e9;
    for (int run = 0; run < RUNS; run++) {
        kino_words_free(w);
        double start = now(), start_cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
        w = kino_words_build(f->own.count, texts, f, &(kino_words_options){.threads = threads});
        double time = now() - start, cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
        least = time < least ? time : least;
        least_cpu = cpu < least_cpu ? cpu : least_cpu;
    }
    printf("built by %d thread%s: %.2f s, %.2f s of processor time\n", threads, threads > 1 ? "s" : "", least,
           least_cpu);
    return w;
}

static void sizes(const kino_words *w, size_t count)
{
    kino_container_writer writer = {0};
    double postings = 0, vectors = 0;
    kino_words_save(w, &writer);
    for (size_t i = 0; i < writer.count; i++) {
        const kino_section *s = &writer.sections[i];
        printf("  %-24s %9zu bytes %7.1f a film\n", s->name, s->bytes, (double)s->bytes / (double)count);
        *(strncmp(s->name, "words.vector", 12) && strcmp(s->name, "words.numbers") ? &postings : &vectors) +=
            (double)s->bytes;
    }
    printf("postings %.1f bytes a film, vectors %.1f, %zu words numbered\n", postings / (double)count,
           vectors / (double)count, kino_words_numbers(w));
    kino_container_writer_free(&writer);
}

static void report(const char *what, double *times, size_t count)
{
    if (!count)
        return;
    qsort(times, count, sizeof *times, ascending);
    printf("%s: median %.1f us, .95 %.1f, slowest %.1f, of %zu\n", what, 1e6 * times[count / 2],
           1e6 * times[count * 95 / 100], 1e6 * times[count - 1], count);
}

static void questions(const kino_words *w, const char *path)
{
    static double reading[MOST_QUESTIONS], scoring[MOST_QUESTIONS];
    char line[4096];
    size_t count = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path);
    float *scores = kino_alloc_floats(kino_words_films(w));
    while (count < MOST_QUESTIONS && fgets(line, sizeof line, f)) {
        kino_words_terms terms;
        const char *tab = strrchr(line, '\t'), *text = tab ? tab + 1 : line;
        double least_read = 1, least_score = 1;
        for (int round = 0; round < ROUNDS; round++) {
            double start = now();
            kino_words_query(w, text, strlen(text), &terms);
            double read = now();
            kino_words_score(w, &terms, scores);
            double end = now();
            least_read = read - start < least_read ? read - start : least_read;
            least_score = end - read < least_score ? end - read : least_score;
        }
        reading[count] = least_read;
        scoring[count++] = least_score;
    }
    report("terms of a question", reading, count);
    report("scores of all films", scoring, count);
    free(scores);
    fclose(f);
}

static void likeness(const kino_words *w, size_t count)
{
    static double few[SEEDS], all[SEEDS];
    double sum = 0;
    for (size_t i = 0; i < SEEDS; i++) {
        size_t row = i * count / SEEDS;
        double begin = now();
        for (size_t c = 0; c < 400 && c < count; c++)
            sum += kino_words_cosine(w, row, (row + 7919 * c) % count);
        few[i] = now() - begin;
    }
    report("400 films anywhere beside one", few, SEEDS);
    for (size_t i = 0; i < SEEDS; i++) {
        double begin = now();
        for (size_t c = 0; c < count; c++)
            sum += kino_words_cosine(w, i * count / SEEDS, c);
        all[i] = now() - begin;
    }
    report("all films beside one", all, SEEDS);
    printf("mean cosine %.5f\n", sum / SEEDS / (double)(count + (count < 400 ? count : 400)));
}

/* The value of NAME=VALUE, NULL when the argument has another name. */
static const char *value(const char *argument, const char *name)
{
    size_t n = strlen(name);
    return !strncmp(argument, name, n) && argument[n] == '=' ? argument + n + 1 : NULL;
}

static void read_films(const kino_build_request *request, kino_movies *out)
{
    kino_error err = {0};
    if (kino_ingest(request, out, NULL, NULL, &err))
        fail(err.text);
}

int main(int argc, char **argv)
{
    static films f;
    kino_build_request request = {.csv = argc > 1 ? argv[1] : "data/sample.csv"}, people = {0};
    const char *asked = NULL;
    for (int i = 2; i < argc; i++) {
        const char *lent = value(argv[i], "people"), *credits = lent ? strchr(lent, ',') : NULL;
        if (value(argv[i], "keywords"))
            request.keywords = value(argv[i], "keywords");
        else if (value(argv[i], "questions"))
            asked = value(argv[i], "questions");
        else if (credits)
            people = (kino_build_request){.csv = strndup(lent, (size_t)(credits - lent)), .credits = credits + 1};
        else
            fail("words FILMS.csv [keywords=FILE] [questions=FILE] [people=FILMS.csv,CREDITS.csv]");
    }
    read_films(&request, &f.own);
    if (people.csv)
        read_films(&people, &f.lent);
    printf("%zu films\n", f.own.count);
    kino_words_free(build(&f, 2));
    kino_words *w = build(&f, 1);
    sizes(w, f.own.count);
    if (asked)
        questions(w, asked);
    likeness(w, f.own.count);
    kino_words_free(w);
    kino_movies_free(&f.own);
    kino_movies_free(&f.lent);
    free((void *)people.csv);
    return 0;
}
