/* release.h - what film a file or folder of films is by its name, as media servers and those who pass films on write it.
 *
 *     "Heat (1995) [tmdbid-949]"                   Heat, 1995, 949
 *     "Blade.Runner.2049.2017.2160p.UHD.BluRay"    Blade Runner 2049, 2017
 *     "1917"                                       1917 */
#ifndef KINO_INGEST_RELEASE_H
#define KINO_INGEST_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KINO_RELEASE_TITLE = 256 };

typedef struct kino_release {
    char title[KINO_RELEASE_TITLE]; /* "" when the name has none */
    int year;                       /* 0: not told */
    int64_t tmdb;                   /* 0: not told */
    char imdb[16];                  /* "tt0113277", or "" */
} kino_release;

/* Reads a name without its ending. */
void kino_release_read(const char *name, kino_release *out);

/* Whether a file holds a film by its ending; *length is that of the name without it. */
bool kino_release_is_video(const char *name, size_t *length);
/* Whether a file (without its ending) or a folder is what comes with a film: a trailer, a sample, extras, subtitles. */
bool kino_release_is_extra(const char *name, bool folder);

#endif
