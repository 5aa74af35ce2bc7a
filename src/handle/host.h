/* host.h - what a call owes to the program that hosts it: progress, notes, and an end when one is asked for. */
#ifndef KINO_HANDLE_HOST_H
#define KINO_HANDLE_HOST_H

#include "kino.h"

void kino_note(const kino_options *opt, const char *text); /* if the options want it */
/* Reports progress when the options want it. */
void kino_report(const kino_options *opt, const char *stage, size_t done, size_t total);
bool kino_cancelled(const kino_options *opt);

#endif
