/* plot.h - the loss curve of a training as a picture: one SVG file that needs nothing else. */
#ifndef KINO_APP_PLOT_H
#define KINO_APP_PLOT_H

#include "base/alloc.h"
#include "kino.h"

/* Appends the SVG: loss and val_loss of epochs 1 to report->epochs, the best epoch marked. */
void app_plot_loss(kino_buffer *b, const kino_build_report *report);
/* The same into a file. */
kino_status app_plot_write(const char *path, const kino_build_report *report, kino_error *err);

#endif
