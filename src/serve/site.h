/* site.h - what the server knows of itself, for every request. */
#ifndef KINO_SERVE_SITE_H
#define KINO_SERVE_SITE_H

#include "serve/live.h"
#include "serve/names.h"
#include "serve/tasks.h"
#include "serve/visits.h"

/* Bytes of one answer. The largest that is asked for in earnest is the map of a million films, ten bytes each. */
#define KINO_ANSWER_MOST ((size_t)16 << 20)
/* Bytes of all answers that clients are reading, beside those that the cache keeps anyway. */
#define KINO_READ_MOST ((size_t)256 << 20)

typedef struct kino_site {
    kino_live *live;
    kino_visits visits;
    kino_names names;
    kino_tasks *additions, *questions; /* films that are asked of TMDB; questions to a search cluster */
    const char *base_path;
    bool allow_writes;
    atomic_size_t held;                 /* bytes of answers, the kept ones and those under way */
    size_t held_most;                   /* beyond that nothing more is computed */
    atomic_ulong requests, by_class[6]; /* answered; by the first digit of the status */
    atomic_ulong micros;                /* spent on them */
    atomic_ulong remembered, computed;  /* answers that hold for a generation: from the cache, and not */
} kino_site;

#endif
