/* help.h - what is printed from the option table: help, a command's help, the manual page, completions, the version. */
#ifndef KINO_APP_HELP_H
#define KINO_APP_HELP_H

#include "app/opt/options.h"
#include "app/term/output.h"

/* The help of a command, or the overview for NULL. KINO_USAGE when there is no such command. */
kino_status app_help_topic(const app_screen *s, const char *topic, kino_error *err);
kino_status app_help_man(const app_screen *s);
/* The script that completes for "bash", "zsh" or "fish" (completions.c). */
kino_status app_completions(const app_screen *s, const char *shell, kino_error *err);
kino_status app_help_version(const app_screen *s);

#endif
