/* routes.h - which answer a request gets. */
#ifndef KINO_SERVE_ROUTES_H
#define KINO_SERVE_ROUTES_H

#include "serve/request.h"
#include "serve/respond.h"
#include "serve/site.h"

/* Whether the answer has to wait for others, so that no thread that answers may give it: it is one of these tasks then,
 * else NULL. */
kino_tasks *kino_route_tasks(const kino_site *site, const kino_request *r);

/* Answers every request; an error is an answer too. */
void kino_route(kino_site *site, const kino_request *r, kino_response *out);

#endif
