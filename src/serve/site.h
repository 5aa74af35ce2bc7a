/* site.h - what the server knows of itself, for every request. */
#ifndef KINO_SERVE_SITE_H
#define KINO_SERVE_SITE_H

#include "serve/live.h"
#include "serve/visits.h"

typedef struct kino_site {
    kino_live *live;
    kino_visits visits;
    const char *base_path;
    bool allow_writes;
    pthread_mutex_t writing;            /* one film is learned at a time */
    atomic_ulong requests, by_class[6]; /* answered; by the first digit of the status */
    atomic_ulong micros;                /* spent on them */
    atomic_ulong remembered, computed;  /* answers that hold for a generation: from the cache, and not */
} kino_site;

#endif
