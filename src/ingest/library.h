/* library.h - a folder of films as Jellyfin, Kodi and Plex keep them, or as it grew.
 *
 *     Heat (1995)/Heat (1995) [tmdbid-949].mkv      by the id
 *     Heat (1995)/movie.nfo, heat.mkv               by what is written beside it
 *     The.Matrix.1999.1080p.BluRay.x264-GRP.mkv     by the name of the release
 *     Alien (1979)/VIDEO_TS/..., BDMV/...           a disc, by the name of its folder
 *
 * Trailers, samples, extras and folders of subtitles are left out, and so is what has a season and an episode, which is
 * counted. Hidden files and folders behind symbolic links are not looked at. */
#ifndef KINO_INGEST_LIBRARY_H
#define KINO_INGEST_LIBRARY_H

#include "ingest/entries.h"

/* Whether the path is a folder. */
bool kino_library_is(const char *path);

/* An entry for each film, in the order of names; a film of several files may be there several times. */
kino_status kino_library_read(const char *path, kino_entries *out, kino_error *err);

#endif
