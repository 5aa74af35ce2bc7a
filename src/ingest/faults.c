/* faults.c - the names of what can be wrong with a row. */
#include "ingest/faults.h"

static const char *const texts[KINO_FAULT_COUNT] = {
#define X(name, text) text,
    KINO_FAULTS(X)
#undef X
};

void kino_faults_report(const kino_faults *f, kino_build_report *report)
{
    report->faults_count = 0;
    for (int i = 0; i < KINO_FAULT_COUNT; i++)
        if (f->n[i])
            report->faults[report->faults_count++] = (kino_count){texts[i], f->n[i]};
}
