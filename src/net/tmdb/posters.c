/* posters.c - asks whether the posters of films are still there. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "net/tmdb/client.h"

kino_status kino_tmdb_posters(kino_tmdb *t, const char *const *paths, size_t count, kino_status *out, kino_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (paths[i][0] != '/' || !paths[i][1])
            return kino_fail(err, KINO_USAGE, "\"%s\" is no path of a poster, which is like /x.jpg", paths[i]);
    kino_request *requests = kino_alloc_array(count + 1, sizeof *requests);
    kino_arena addresses = {0};
    for (size_t i = 0; i < count; i++) {
        requests[i].image = true;
        requests[i].path = kino_tmdb_path(&addresses, "/w92/", paths[i] + 1, strlen(paths[i] + 1), NULL);
    }
    kino_transport_begin(t->transport);
    kino_status st = kino_transport_run(t->transport, requests, count, err);
    for (size_t i = 0; i < count; i++)
        out[i] = requests[i].status;
    kino_requests_free(requests, count);
    kino_arena_free(&addresses);
    free(requests);
    return st;
}
