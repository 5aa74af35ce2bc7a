/* wish_play.h - what the tests of the reader share: the films of the sample with people, as lookups, and a reader over
 * them. */
#ifndef KINO_TESTS_WISH_PLAY_H
#define KINO_TESTS_WISH_PLAY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/words.h"
#include "ingest/movies.h"
#include "wish/vocabulary.h"

typedef struct wish_play {
    kino_movies movies;
    kino_words *words;
    kino_wish_vocabulary *vocabulary;
    kino_wish_reader *reader;
} wish_play;

static inline void tell_list(kino_words_listener *l, kino_words_field field, kino_list list)
{
    for (size_t i = 0; i < list.count; i++)
        kino_words_tell(l, field, list.items[i].name, strlen(list.items[i].name));
}

static inline void tell_film(const void *ctx, size_t row, kino_words_listener *l)
{
    const kino_movie *m = (const kino_movie *)ctx + row;
    kino_words_tell(l, KINO_WORDS_TITLE, m->title, strlen(m->title));
    kino_words_tell(l, KINO_WORDS_TAGLINE, m->tagline, strlen(m->tagline));
    kino_words_tell(l, KINO_WORDS_OVERVIEW, m->overview, strlen(m->overview));
    tell_list(l, KINO_WORDS_KEYWORDS, m->keywords);
    tell_list(l, KINO_WORDS_GENRES, m->genres);
}

/* Films of these tables; false, and a message, when they cannot be read. */
static inline bool open_wish_play(wish_play *p, const char *csv, const char *keywords, const char *credits)
{
    kino_build_request req = {.csv = csv, .keywords = keywords, .credits = credits};
    kino_build_report report = {0};
    kino_error err = {0};
    memset(p, 0, sizeof *p);
    if (kino_ingest(&req, &p->movies, &report, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    p->words = kino_words_build(p->movies.count, tell_film, p->movies.items, NULL);
    p->vocabulary = kino_wish_vocabulary_make(p->movies.items, p->movies.count, p->words, 1);
    p->reader = kino_wish_reader_open(kino_wish_vocabulary_lookups(p->vocabulary));
    return true;
}

static inline void close_wish_play(wish_play *p)
{
    kino_wish_reader_close(p->reader);
    kino_wish_vocabulary_free(p->vocabulary);
    kino_words_free(p->words);
    kino_movies_free(&p->movies);
}

#endif
