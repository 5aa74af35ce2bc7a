/* candidates.h - the films that are worth scoring: those which come first by a rough score of all of them.
 *
 * The rough score has all parts but the plot, out of a few bytes a film (rows/facts.h) and the lists of the films that
 * speak of the seeds' words, or have their keywords and people (rows/postings.h). Of the ten films that a full score of
 * every film puts first, 150 of these hold .99 (bench/results/quality.md); 400 of the nearest plots and profiles held .81.
 * A filter costs nothing: what it does not admit is passed over. Of a few liked films each brings some, so that the choice
 * can serve it.
 *
 * Where the plot is most of what is asked for (words, or a question that weighs it up), the nearest plots are candidates
 * too. Films that came after the snapshot are few: all of them are. */
#ifndef KINO_RANK_CANDIDATES_H
#define KINO_RANK_CANDIDATES_H

#include "rank/rank.h"

/* About `pool` of the allowed rows, each once, in no order; fewer: there are no more. *rows is freed by the caller. */
size_t kino_candidates_find(const kino_taste *t, size_t pool, const kino_allowed *allowed, size_t **rows);

/* The vector searches among them: query[KINO_CANDIDATE_QUERIES][KINO_VECTOR_DIM]; returns how many. Each is to bring an
 * equal share. `profile` is the profile's share beside the plot, from 0; words and recipe classic have their own. */
enum { KINO_CANDIDATE_QUERIES = 10 };
size_t kino_candidates_queries(const kino_taste *t, double profile, float (*query)[KINO_VECTOR_DIM]);

/* For an index elsewhere, which knows nothing but vectors: the share that finds most, and how many films are scored (and
 * two more for each that is wanted). 400 of 10,474 films held .82 of the ten that a full score puts first, with the plot
 * alone .72, with the profile alone for the most part .71. */
#define KINO_ELSEWHERE_PROFILE 0.5
#define KINO_POOL_ELSEWHERE 400

/* Whether a graph that links films by their plots finds what is near this query. */
bool kino_suits_graph(const float *query);

#endif
