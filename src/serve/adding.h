/* adding.h - films that come over HTTP. */
#ifndef KINO_SERVE_ADDING_H
#define KINO_SERVE_ADDING_H

#include "serve/request.h"
#include "serve/respond.h"
#include "serve/site.h"

/* Whether a request adds a film, if nothing speaks against it: that takes its time. */
bool kino_adds(const kino_site *site, const kino_request *r);

void kino_add_movie(kino_site *site, const kino_request *r, kino_response *out);
void kino_add_from_page(kino_site *site, const kino_request *r, kino_response *out); /* the form: tmdb=ID */

#endif
