/* asking.h - what every way to recommend films begins and ends with: a query becomes a taste, what was chosen results. */
#ifndef KINO_ENGINE_ASKING_H
#define KINO_ENGINE_ASKING_H

#include "handle/owned.h"
#include "rank/choose.h"
#include "remote/remote.h"

enum { KINO_USUAL_K = 10 };

/* KINO_USAGE, with the reason, for a number out of its range. */
kino_status kino_query_check(const kino_query *q, kino_error *err);

/* What passes the filter and is not among the unseen, of `among` where that is given; a taste then takes its seeds out.
 * Freed by kino_allowed_free, whatever is returned. */
kino_status kino_query_allowed(kino *k, const kino_query *q, kino_allowed *out, kino_error *err);

/* The taste of a query, whose films are taken out of what is allowed. about[KINO_PLOT_DIM] has to outlive it. Its likes
 * and dislikes are freed by kino_seeds_free, whatever is returned. */
kino_status kino_query_taste(kino *k, const kino_query *q, float *about, kino_taste *out, kino_allowed *allowed,
                             kino_error *err);

/* What was chosen, into `out`, best first. `remote`: where the films come from; NULL: they are rows. */
kino_status kino_explain(kino *k, const kino_choice *c, const kino_remote_films *remote, kino_owned_results *out,
                         kino_error *err);

/* Adds the film that brought a result, unless the id is 0. */
kino_status kino_explain_seed(kino *k, kino_owned_results *list, kino_result *one, int64_t seed, kino_error *err);

/* kino_recommend for several people, by kino_query.like_person, of a query that was checked. */
kino_status kino_recommend_people(kino *k, const kino_query *q, kino_results **out, kino_error *err);

#endif
