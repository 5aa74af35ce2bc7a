/* fields.h - the members of a question: one table of names, kinds, bounds and words of help, for the command line's
 * options, the members of a line of `kino batch` and the parameters of an address.
 *
 * X(member, letter, name, value, kind, low, high, help): member of kino_ask; letter 0: none; name NULL: the letter alone;
 * value: what stands for it in the help, NULL for a flag; of a CHOICE the choices. Names are written with - on the command line, with _ elsewhere. */
#ifndef KINO_ASK_FIELDS_H
#define KINO_ASK_FIELDS_H

#define KINO_QUESTION_FIELDS(X)                                                                                         \
    X(dislike, 0, "not", "TITLE|ID", TEXTS, 0, 0, "away from this film; may be given several times")                    \
    X(together, 0, "together", "TITLE|ID;...", TEXTS, 0, 0,                                                             \
      "what another person likes, films parted by semicolons: the answer is to please everybody; may be given several " \
      "times")                                                                                                          \
    X(about, 0, "about", "TEXT", TEXT, 0, 0,                                                                            \
      "what it should be, in your words: what they are about, genres, years, people, \"like TITLE\", \"not X\"")        \
    X(as, 0, "as", "any|words|title|plain", CHOICE, 0, 0,                                                               \
      "how these words are read: a title where they are one (any), or never, or wherever they can be; plain: nothing "  \
      "of them is taken for a name, a year or a genre")                                                                 \
    X(weight, 0, "weight", "NAME=X,...", WEIGHTS, 0, 0,                                                                 \
      "how much a part of the score counts against the others, by the name that --explain shows; story, people, facts " \
      "and all stand for several. What is left out counts once: plot=3,fame=0")                                         \
    X(diversity, 0, "diversity", "X", REAL, 0, 1,                                                                       \
      "from 0 to 1 (0.15): how much a film suffers from being like another of the list")                                \
    X(popularity, 0, "popularity", "X", REAL, -1, 1, "from -1 to 1: towards the obscure, or the well known and liked")  \
    X(sequels, 0, "sequels", NULL, FLAG, 0, 0, "more than one film of a collection, any number of a director")          \
    X(sort, 0, "sort", "likeness|year|rating|votes|title", CHOICE, 0, 0,                                                \
      "in which order the films of the answer stand; which they are does not depend on it")                             \
    X(k, 'k', NULL, "N", WHOLE, 1, KINO_MAX_K, "how many films (10)")                                                   \
    X(first, '1', "first", NULL, FLAG, 0, 0, "when a title fits several films, take the best known one")

#define KINO_FILTER_FIELDS(X)                                                                                          \
    X(genres, 0, "genre", "NAME,...", LIST, 0, KINO_MAX_FILTER, "only films of all these genres")                      \
    X(no_genres, 0, "no-genre", "NAME,...", LIST, 0, KINO_MAX_FILTER, "no film of any of these genres")                \
    X(year, 0, "year", "RANGE", RANGE, 1, 9999, "1994, 1990-1999, 1990- or -1999")                                     \
    X(languages, 0, "lang", "CODE,...", LIST, 0, KINO_MAX_FILTER,                                                      \
      "original language, one of these: en,fr (ISO 639-1), or german,french")                                          \
    X(countries, 0, "country", "CODE,...", LIST, 0, KINO_MAX_FILTER,                                                   \
      "made in one of these countries: FR,BE (ISO 3166), or france,belgium")                                           \
    X(with, 0, "with", "NAME", TEXTS, 0, 0, "with this person in the cast; may be given several times")                \
    X(directors, 0, "director", "NAME", TEXTS, 0, 0, "directed by this person; may be given several times")            \
    X(runtime, 0, "runtime", "RANGE", RANGE, 1, 9999, "minutes: -120, 90-120")                                         \
    X(min_rating, 0, "min-rating", "X", REAL, 0, 10, "rated at least X, from 0 to 10")                                 \
    X(min_votes, 0, "min-votes", "N", WHOLE, 0, 1e15, "rated by at least N people")

#endif
