/* app.h - what the commands share: the arguments, both screens, the library's options, a question to a catalogue.
 *
 * A command returns a status; main prints the message of *err, if it has a text, and turns the status into the exit
 * code. A command that has told the failure itself leaves the text empty. */
#ifndef KINO_APP_SHARED_APP_H
#define KINO_APP_SHARED_APP_H

#include "base/jsontree.h"
#include "app/opt/options.h"
#include "app/term/output.h"
#include "app/term/progress.h"
#include "kino.h"

typedef struct app {
    app_args args;
    app_screen out, err;
    app_progress progress;
    kino_options options; /* for the library: folder, weights, threads, progress, cancel */
    const volatile sig_atomic_t *cancel;
} app;

/* What is left to do when the answer is out: the index snapshot, where it is missing or damaged. */
void app_update_index(kino *k);

/* Becomes non-zero by Ctrl-C, once it is caught. */
const volatile sig_atomic_t *app_interrupted(void);

/* Ctrl-C raises *a->cancel from here on, once; the second one kills. For commands that look at it. */
void app_catch_signals(void);

/* ---- films.c ---- */

/* The words with a space between, as one text, freed by the caller. */
char *app_join_words(const kino_words *w);
/* "Title", " (1995)" and, when it differs, " · Original" as spans of the current cell. */
void app_put_film(app_table *t, const char *title, const char *original, int year);
/* "Title (1995)" */
void app_put_title(kino_buffer *b, const char *title, int year);
/* The id of the one film that is meant, which is fetched from TMDB where the command takes films from there and the
 * catalogue does not have it. Otherwise the candidates are told, on standard error and as JSON when that was asked for,
 * and err->text is left empty. */
kino_status app_resolve(app *a, kino *k, const char *text, int64_t *id, kino_error *err);
/* The film, fetched from TMDB unless the catalogue has it; candidates as above. */
kino_status app_learn(app *a, kino *k, const kino_wanted *w, kino_learned *out, kino_error *err);

#endif
