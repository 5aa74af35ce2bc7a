/* handle.c - open and close. */
#include "handle/handle.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"

static kino_status read_recipe(kino *k, kino_error *err)
{
    void *recipe = NULL;
    size_t size = 0;
    kino_status st = kino_catalogue_get_blob(k->catalogue, "recipe", &recipe, &size, err);
    if (st == KINO_NOT_FOUND) /* made by a build that never reached its last transaction */
        kino_fail(err, st, "no catalogue at %s yet: it is not finished; run the same kino build again", k->path);
    else if (!st && (size != 1 || *(uint8_t *)recipe > KINO_RECIPE_CLASSIC))
        st = kino_fail(err, KINO_DAMAGED, "%s: an unknown recipe; build the catalogue again", k->path);
    else if (!st)
        k->recipe = (kino_recipe) * (uint8_t *)recipe;
    free(recipe);
    return st;
}

void kino_reopen_snapshot(kino *k)
{
    kino_error why = {0};
    char *path = kino_snapshot_path(k->data_dir);
    kino_films_free(k->films);
    k->films = NULL;
    kino_snapshot_close(k->snapshot);
    k->snapshot = NULL;
    kino_status st = kino_snapshot_open(path, &k->snapshot, &why);
    if (!st && k->snapshot->tuned &&
        !(k->snapshot->tuned_count == KINO_PART_COUNT && kino_part_weights_valid(k->snapshot->tuned))) {
        st = kino_fail(&why, KINO_DAMAGED, "%s: snapshot.part_weights holds no weights", path);
        kino_snapshot_close(k->snapshot);
        k->snapshot = NULL;
    }
    if (st)
        kino_fail(&k->fault, st, "%s%s; the films are read from the catalogue itself, which takes longer",
                  st == KINO_NOT_FOUND ? "there is no index snapshot: " : "", why.text);
    k->sealed = !st && kino_snapshot_is_sealed(k->snapshot, k->path);
    free(path);
}

/* A full disk, or one that is read-only, keeps nobody from asking. What the snapshot lacks is missing then. */
static void answer_alone(kino *k, const char *why)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s; answers come from the index snapshot alone, without what was changed since", why);
    kino_note(&k->opt, b.data);
    free(b.data);
    k->alone = true;
    k->recipe = (kino_recipe)k->snapshot->stamp.recipe;
}

/* A string of the options, which are the caller's to free. */
static char *kept(const char *text)
{
    return text ? kino_strdup(text) : NULL;
}

kino_status kino_handle_open(const kino_options *opt, kino **out, kino_error *err)
{
    kino *k = kino_alloc(sizeof *k);
    kino_error why = {0};
    if (opt)
        k->opt = *opt;
    pthread_mutex_init(&k->lock, NULL);
    pthread_mutex_init(&k->map_lock, NULL);
    kino_status st = kino_locate_data(opt, &k->data_dir, err);
    if (st)
        goto done;
    k->path = kino_catalogue_path(k->data_dir);
    k->key_file = kept(k->opt.api_key_file);
    k->tmdb_url = kept(k->opt.tmdb_url);
    k->backend = kept(k->opt.backend);
    k->backend_ca = kept(k->opt.backend_ca);
    k->backend_auth = kept(k->opt.backend_auth);
    k->weights = kino_locate_weights(opt);
    kino_reopen_snapshot(k);
    if (k->sealed) { /* the catalogue is opened when something is asked that only it knows */
        k->recipe = (kino_recipe)k->snapshot->stamp.recipe;
        goto done;
    }
    st = kino_use_catalogue(k, &why);
    if (!st)
        st = read_recipe(k, &why);
    if (st == KINO_FAILED && k->snapshot) {
        answer_alone(k, why.text);
        st = KINO_OK;
    } else if (st) {
        kino_fail(err, st, "%s", why.text);
    }
done:
    if (st)
        kino_close(k);
    else
        *out = k;
    return st;
}

static void detach(kino_attached *a)
{
    if (a->close)
        a->close(a->what);
}

void kino_close(kino *k)
{
    if (!k)
        return;
    detach(&k->online);
    detach(&k->remote);
    kino_films_free(k->films);
    kino_snapshot_close(k->snapshot);
    kino_encoder_free(&k->encoder);
    kino_minilm_close(k->minilm);
    kino_catalogue_close(k->catalogue);
    kino_arena_free(&k->unsaved.arena);
    free(k->unsaved.vectors);
    free(k->backend);
    free(k->backend_ca);
    free(k->backend_auth);
    free(k->key_file);
    free(k->tmdb_url);
    pthread_mutex_destroy(&k->lock);
    pthread_mutex_destroy(&k->map_lock);
    free(k->path);
    free(k->data_dir);
    free(k->weights);
    free(k);
}
