/* nfo.h - what Kodi, Jellyfin and Emby write beside a film, "movie.nfo" and the like, and Kodi's export of a library:
 * elements <movie> of XML, or a link alone. */
#ifndef KINO_INGEST_NFO_H
#define KINO_INGEST_NFO_H

#include "ingest/entries.h"

/* Whether the bytes begin like such a file. */
bool kino_nfo_looks_like(const char *bytes, size_t size);

/* An entry for each film; series and episodes are skipped and counted. `marks` gets the ratings. */
void kino_nfo_read(const char *bytes, size_t size, kino_entries *out, kino_marks *marks);

#endif
