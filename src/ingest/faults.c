/* faults.c - what is wrong with the rows of a table, counted, with the first place of each. */
#include "ingest/faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[KINO_FAULT_COUNT] = {
#define X(name, text) text,
    KINO_FAULTS(X)
#undef X
};

void kino_faults_bad(kino_faults *f, kino_fault fault, size_t line, const char *text, size_t size)
{
    if (!f->n[fault]++) {
        f->line[fault] = line;
        snprintf(f->sample[fault], sizeof f->sample[fault], "%.*s", (int)(size < KINO_SAMPLE ? size : KINO_SAMPLE),
                 text);
    }
}

void kino_faults_remark(kino_faults *f, const char *format, ...)
{
    char text[KINO_REMARK];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    for (size_t i = 0; i < f->remark_count; i++)
        if (!strcmp(f->remarks[i], text))
            return;
    if (f->remark_count < KINO_REPORT_REMARKS)
        memcpy(f->remarks[f->remark_count++], text, sizeof text);
}

void kino_faults_report(const kino_faults *f, kino_build_report *report)
{
    report->faults_count = 0;
    for (int i = 0; i < KINO_FAULT_COUNT; i++) {
        if (!f->n[i])
            continue;
        kino_count *one = &report->faults[report->faults_count++];
        *one = (kino_count){.what = texts[i], .count = f->n[i], .line = f->line[i]};
        memcpy(one->sample, f->sample[i], sizeof one->sample);
    }
    for (size_t i = 0; i < f->remark_count && report->remark_count < KINO_REPORT_REMARKS; i++)
        memcpy(report->remarks[report->remark_count++], f->remarks[i], KINO_REMARK);
}
