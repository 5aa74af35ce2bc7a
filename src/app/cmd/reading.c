/* reading.c - how a table of films was read, for people and for programs. */
#include "app/cmd/reading.h"

#include <string.h>

void app_json_counts(kino_tree *root, const char *name, const kino_count *counts, size_t count)
{
    kino_tree *list = kino_tree_array(root, name);
    for (size_t i = 0; i < count; i++) {
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "what", counts[i].what);
        kino_tree_whole(one, "count", (int64_t)counts[i].count);
        if (counts[i].line) {
            kino_tree_whole(one, "line", (int64_t)counts[i].line);
            kino_tree_text(one, "sample", counts[i].sample);
        }
    }
}

void app_json_report(kino_tree *root, const kino_build_report *r)
{
    kino_tree *remarks = kino_tree_array(root, "remarks");
    app_json_counts(root, "faults", r->faults, r->faults_count);
    for (size_t i = 0; i < r->remark_count; i++)
        kino_tree_text(remarks, NULL, r->remarks[i]);
}

void app_put_counts(kino_buffer *b, const kino_count *counts, size_t count)
{
    char number[APP_NUMBER];
    for (size_t i = 0; i < count; i++) {
        kino_buffer_print(b, "  %13s  ", app_count_text(number, counts[i].count));
        app_put_safe(b, counts[i].what);
        if (counts[i].line) {
            kino_buffer_print(b, "; the first is \"");
            app_put_safe(b, counts[i].sample);
            kino_buffer_print(b, "\" in line %zu", counts[i].line);
        }
        kino_buffer_byte(b, '\n');
    }
}

void app_put_remarks(kino_buffer *b, const kino_build_report *r)
{
    for (size_t i = 0; i < r->remark_count; i++) {
        kino_buffer_print(b, "                 ");
        app_put_safe(b, r->remarks[i]);
        kino_buffer_byte(b, '\n');
    }
}

/* What was missing is no news of a few films that somebody adds; what is there and was not understood is. */
void app_put_unread(kino_buffer *b, const kino_build_report *r)
{
    for (size_t i = 0; i < r->faults_count; i++)
        if (r->faults[i].line || strstr(r->faults[i].what, "dropped"))
            app_put_counts(b, &r->faults[i], 1);
    app_put_remarks(b, r);
}
