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

/* Does what is left to do when the answer is out: makes the index snapshot if it is missing or damaged. */
void app_update_index(kino *k);

/* Becomes non-zero by Ctrl-C, once it is caught. */
const volatile sig_atomic_t *app_interrupted(void);

/* From here on the first Ctrl-C raises *a->cancel and the second one kills. For commands that look at it. */
void app_catch_signals(void);

/* ---- films.c ---- */

/* The words as one text with spaces between them. The caller frees it. */
char *app_join_words(const kino_words *w);
/* "Title", " (1995)" and, when it differs, " · Original" as spans of the current cell. */
void app_put_film(app_table *t, const char *title, const char *original, int year);
/* "Title (1995)" */
void app_put_title(kino_buffer *b, const char *title, int year);
/* The id of the one film that is meant. If the catalogue does not have it and the command takes films from TMDB, it is
 * fetched from there. If it is not clear which one is meant, the candidates are printed on standard error, and as JSON
 * if that was asked for, and err->text is left empty. */
kino_status app_resolve(app *a, kino *k, const char *text, int64_t *id, kino_error *err);
/* The film itself, fetched from TMDB unless the catalogue has it; candidates as above. */
kino_status app_learn(app *a, kino *k, const kino_wanted *w, kino_learned *out, kino_error *err);

#endif
