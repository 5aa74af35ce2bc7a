/* host.c - the callbacks of the options. */
#include "handle/host.h"

void kino_report(const kino_options *opt, const char *stage, size_t done, size_t total)
{
    if (opt->progress) {
        kino_progress p = {stage, done, total, __builtin_nan(""), __builtin_nan("")};
        opt->progress(opt->progress_ctx, &p);
    }
}

bool kino_cancelled(const kino_options *opt)
{
    return opt->cancel && *opt->cancel;
}

void kino_note(const kino_options *opt, const char *text)
{
    if (opt->note)
        opt->note(opt->note_ctx, text);
}
