/* routes.h - which answer a request gets. */
#ifndef KINO_SERVE_ROUTES_H
#define KINO_SERVE_ROUTES_H

#include "serve/request.h"
#include "serve/respond.h"
#include "serve/site.h"

/* Answers every request; an error is an answer too. */
void kino_route(kino_site *site, const kino_request *r, kino_response *out);

#endif
