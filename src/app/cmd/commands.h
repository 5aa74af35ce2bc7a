/* commands.h - the commands: each asks the library and tells what came of it. */
#ifndef KINO_APP_CMD_COMMANDS_H
#define KINO_APP_CMD_COMMANDS_H

#include "app/shared/app.h"

kino_status app_build(app *a, kino_error *err);
kino_status app_recommend(app *a, kino_error *err); /* search too */
kino_status app_batch(app *a, kino_error *err);
kino_status app_find(app *a, kino_error *err);
kino_status app_show(app *a, kino_error *err);
kino_status app_why(app *a, kino_error *err); /* why-not too */
kino_status app_remove(app *a, kino_error *err);
kino_status app_export(app *a, kino_error *err);
kino_status app_add(app *a, kino_error *err);
kino_status app_grow(app *a, kino_error *err);
kino_status app_heal(app *a, kino_error *err);
kino_status app_refresh(app *a, kino_error *err); /* refresh and purge */
kino_status app_retrain(app *a, kino_error *err);
kino_status app_info(app *a, kino_error *err);
kino_status app_check(app *a, kino_error *err);
kino_status app_bench(app *a, kino_error *err);
kino_status app_push(app *a, kino_error *err);
kino_status app_serve(app *a, kino_error *err);
kino_status app_eval(app *a, kino_error *err);
kino_status app_tune(app *a, kino_error *err);
kino_status app_embed(app *a, kino_error *err);
kino_status app_tokenize(app *a, kino_error *err);

#endif
