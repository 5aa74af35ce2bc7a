/* wish_play.h - what the tests of the reader share: films as the rows of a catalogue, and a reader over them. */
#ifndef KINO_TESTS_WISH_PLAY_H
#define KINO_TESTS_WISH_PLAY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/movies.h"
#include "rows/snapshot.h"
#include "wish/catalogue.h"

/* How the films lie. */
typedef enum wish_form {
    WISH_BUILT, /* as they were made, in memory */
    WISH_SAVED, /* in a snapshot */
    WISH_CHANGED /* so too, but for every third one, which came later, every fifth, which was saved once more, and one that
                    was removed */
} wish_form;

typedef struct wish_play {
    char folder[32], path[64];
    kino_catalogue *catalogue;
    kino_segment_builder *base, *tail;
    kino_segment *built;
    kino_snapshot *snapshot;
    kino_rows rows;
    kino_wish_catalogue *wishes;
    kino_wish_reader *reader;
} wish_play;

static inline void wish_must(kino_status st, const kino_error *err)
{
    if (st) {
        fprintf(stderr, "%s\n", err->text);
        abort();
    }
}

static inline bool came_later(size_t film)
{
    return film % 3 == 1;
}

static inline bool is_put(size_t film, wish_form form, bool later)
{
    if (form != WISH_CHANGED)
        return !later;
    return later ? came_later(film) || film % 5 == 2 : !came_later(film);
}

static inline void put_films(wish_play *p, const kino_movie *films, size_t n, wish_form form, bool later)
{
    /* The film that is removed is better known than all, and would be what many questions mean. */
    static const kino_named hanks[] = {{31, "Tom Hanks"}}, hitchcock[] = {{2636, "Alfred Hitchcock"}};
    static const kino_movie removed = {.id = 999999001,
                                       .imdb_id = "tt9999999",
                                       .title = "Heat",
                                       .original_title = "The Blade Runner",
                                       .language = "en",
                                       .date = "",
                                       .year = 1999,
                                       .votes = 9000000,
                                       .overview = "",
                                       .tagline = "",
                                       .status = "",
                                       .poster_path = "",
                                       .cast = {hanks, 1},
                                       .directors = {hitchcock, 1},
                                       .collection = {0, ""}};
    kino_error err = {0};
    bool was_there = false;
    wish_must(kino_catalogue_begin(p->catalogue, &err), &err);
    for (size_t i = 0; i < n; i++)
        if (is_put(i, form, later))
            wish_must(kino_catalogue_put(p->catalogue, &films[i], "csv", &err), &err);
    if (form == WISH_CHANGED && !later)
        wish_must(kino_catalogue_put(p->catalogue, &removed, "csv", &err), &err);
    if (form == WISH_CHANGED && later)
        wish_must(kino_catalogue_remove(p->catalogue, removed.id, &was_there, &err), &err);
    wish_must(kino_catalogue_commit(p->catalogue, &err), &err);
}

static inline kino_segment_builder *build_films(wish_play *p, uint64_t since, const kino_segment *base, int threads)
{
    kino_error err = {0};
    kino_segment_builder *b = NULL;
    wish_must(kino_segment_builder_new(p->catalogue, since, NULL, threads, &b, &err), &err);
    wish_must(kino_segment_builder_vectors(b, p->catalogue, KINO_INDEX_EXACT, base, NULL, &err), &err);
    return b;
}

static inline void save_films(wish_play *p, const char *path)
{
    kino_error err = {0};
    kino_stamp stamp = {.layout = KINO_SNAPSHOT_LAYOUT, .films = kino_segment_builder_count(p->base)};
    wish_must(kino_catalogue_stamp(p->catalogue, &stamp.generation, &stamp.lineage, &err), &err);
    wish_must(kino_snapshot_save(p->base, &stamp, NULL, 0, path, &err), &err);
}

static inline void hide_film(void *ctx, int64_t id)
{
    kino_rows_hide(ctx, id);
}

static inline void change_films(wish_play *p, const kino_movie *films, size_t n)
{
    kino_error err = {0};
    kino_rows *r = &p->rows;
    const uint64_t since = p->snapshot->stamp.generation;
    put_films(p, films, n, WISH_CHANGED, true);
    r->hidden = kino_alloc_array(r->base->count / 64 + 1, sizeof *r->hidden);
    wish_must(kino_catalogue_changed(p->catalogue, since, hide_film, r, &err), &err);
    p->tail = build_films(p, since, r->base, 1);
    wish_must(kino_segment_builder_view(p->tail, &r->tail, &err), &err);
    kino_rows_match_terms(r);
    kino_titles_extend(r->base->titles, r->hidden, r->tail->titles);
    kino_words_extend(r->base->words, r->hidden, r->tail->words);
}

/* A reader over films, ids ascending. */
static inline void open_wish_films(wish_play *p, const kino_movie *films, size_t n, wish_form form)
{
    kino_error err = {0};
    char path[96];
    *p = (wish_play){.folder = "/tmp/kino-wish-XXXXXX"};
    if (!mkdtemp(p->folder))
        abort();
    snprintf(p->path, sizeof p->path, "%s/snapshot.kino", p->folder);
    snprintf(path, sizeof path, "%s/catalogue.db", p->folder);
    wish_must(kino_catalogue_open(path, KINO_CATALOGUE_CREATE, &p->catalogue, &err), &err);
    put_films(p, films, n, form, false);
    p->base = build_films(p, 0, NULL, 1);
    if (form == WISH_BUILT) {
        wish_must(kino_segment_builder_view(p->base, &p->built, &err), &err);
        p->rows.base = p->built;
    } else {
        save_films(p, p->path);
        wish_must(kino_snapshot_open(p->path, &p->snapshot, &err), &err);
        p->rows.base = p->snapshot->films;
    }
    if (form == WISH_CHANGED)
        change_films(p, films, n);
    kino_rows_init(&p->rows);
    p->wishes = kino_wish_catalogue_open(&p->rows);
    p->reader = kino_wish_reader_open(kino_wish_catalogue_lookups(p->wishes));
}

/* Films of these tables; false, and a message, when they cannot be read. */
static inline bool open_wish_play(wish_play *p, const char *csv, const char *keywords, const char *credits,
                                  wish_form form)
{
    kino_build_request req = {.csv = csv, .keywords = keywords, .credits = credits};
    kino_build_report report = {0};
    kino_movies movies = {0};
    kino_error err = {0};
    if (kino_ingest(&req, &movies, &report, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    open_wish_films(p, movies.items, movies.count, form);
    kino_movies_free(&movies);
    return true;
}

static inline void close_wish_play(wish_play *p)
{
    char command[64];
    kino_wish_reader_close(p->reader);
    kino_wish_catalogue_close(p->wishes);
    kino_segment_close(p->rows.tail);
    free(p->rows.tail_terms);
    free(p->rows.hidden);
    kino_segment_close(p->built);
    kino_snapshot_close(p->snapshot);
    kino_segment_builder_free(p->base);
    kino_segment_builder_free(p->tail);
    kino_catalogue_close(p->catalogue);
    snprintf(command, sizeof command, "rm -rf '%s'", p->folder);
    if (system(command))
        fprintf(stderr, "%s is left\n", p->folder);
    *p = (wish_play){.folder = ""};
}

#endif
