/* records.h - `kino embed --records`: {"id":862,"text":"..."} a line in, the same id with the vector, the text's hash
 * and the weights' fingerprint out, so that pieces of a large file can be embedded on many machines and put together
 * again.
 *
 * The id is a number or a text and comes back as it was. A line that is no record is set aside and gives
 * {"line":7,"error":"..."} instead, on standard error if the vectors go into an array. */
#ifndef KINO_APP_RECORDS_H
#define KINO_APP_RECORDS_H

#include "app/cmd/lines.h"
#include "base/jsonread.h"

typedef struct app_records {
    const kino_json *ids[APP_LINES];
    const char *texts[APP_LINES];
    size_t lengths[APP_LINES];
    size_t count;
    kino_buffer faults; /* a line of JSON each */
    size_t fault_count;
    struct {
        size_t before; /* records in front of it */
        size_t at;     /* in faults; they end where the next one begins */
    } fault[APP_LINES + 1];
    kino_arena memory;
} app_records;

/* Replaces what was read before. `before`: lines in front of these; `numbers`: only ids that are numbers are
 * records. */
void app_records_read(app_records *r, const app_lines *lines, uint64_t before, bool numbers);
void app_records_free(app_records *r);

/* In the order of the lines, with what was set aside. vectors[count][KINO_PLOT_DIM] */
void app_records_put(const app_records *r, const float *vectors, uint64_t weights, kino_buffer *out);

/* A row of NumPy's file. */
typedef struct app_record_row {
    int64_t id;
    uint64_t hash, weights;
    float v[KINO_PLOT_DIM];
} app_record_row;

#define APP_RECORD_DESCR "[('id', '<i8'), ('hash', '<u8'), ('weights', '<u8'), ('v', '<f4', (384,))]"

void app_records_put_rows(const app_records *r, const float *vectors, uint64_t weights, kino_buffer *out);

#endif
