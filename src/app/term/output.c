/* output.c - asks what the terminal can do, and writes safe text and tables for it. */
#include "app/term/output.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

enum {
    NARROWEST = 40, /* a terminal below this gets lines that wrap, not cells of nothing */
    USUAL_WIDTH = 80,
};

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* Only a locale that says so is taken at its word: without any, today's terminals speak UTF-8. */
static bool locale_is_ascii(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;
    for (size_t i = 0; !value && i < sizeof names / sizeof *names; i++)
        value = environment(names[i]);
    if (!value)
        return false;
    const char *charset = strchr(value, '.');
    return !strcmp(value, "C") || !strcmp(value, "POSIX") || (charset && strncasecmp(charset, ".utf", 4));
}

void app_screen_init(app_screen *s, FILE *file, bool no_color)
{
    const char *term = environment("TERM");
    bool dumb = !term || !strcmp(term, "dumb");
    *s = (app_screen){.file = file, .terminal = isatty(fileno(file))};
    if (!s->terminal)
        return;
    struct winsize size;
    s->moves = !dumb;
    s->color = !dumb && !no_color && !environment("NO_COLOR");
    s->ascii = dumb || locale_is_ascii();
    s->width = !ioctl(fileno(file), TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : USUAL_WIDTH;
    if (s->width < NARROWEST)
        s->width = NARROWEST;
}

/* ---- text ---- */

/* What a code point becomes on a screen: itself, a space, U+FFFD, or nothing (-1). */
static int32_t shown(int32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029)
        return ' ';
    if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return 0xFFFD;
    /* embeddings, overrides and isolates reorder what stands behind them; tags are invisible text */
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F))
        return -1;
    return c;
}

void app_put_safe(kino_buffer *b, const char *text)
{
    const size_t n = strlen(text);
    bool space = false;
    for (size_t i = 0; i < n;) {
        int32_t c;
        i += kino_utf8_next(text + i, n - i, &c);
        int32_t s = shown(c);
        if (s == ' ' && c != ' ' && space)
            continue; /* "\r\n" is one space */
        space = s == ' ';
        if (s >= 0)
            kino_utf8_put(b, s);
    }
}

static const char *start_of(const app_screen *s, app_style style)
{
    static const char *const codes[] = {
        [APP_PLAIN] = "",          [APP_BOLD] = "\033[1m",  [APP_DIM] = "\033[2m",      [APP_STRONG] = "\033[1;36m",
        [APP_WARN] = "\033[1;31m", [APP_PLOT] = "\033[36m", [APP_PROFILE] = "\033[35m",
    };
    return s->color ? codes[style] : "";
}

static const char *end_of(const app_screen *s, app_style style)
{
    return s->color && style != APP_PLAIN ? "\033[0m" : "";
}

void app_put_styled(kino_buffer *b, const app_screen *s, app_style style, const char *text)
{
    kino_buffer_print(b, "%s", start_of(s, style));
    app_put_safe(b, text);
    kino_buffer_print(b, "%s", end_of(s, style));
}

size_t app_put_cut(kino_buffer *b, const char *text, size_t width, bool ascii)
{
    const size_t n = strlen(text), whole = kino_utf8_width(text, n), dots = ascii && width > 3 ? 2 : 1;
    if (whole <= width) {
        kino_buffer_put(b, text, n);
        return whole;
    }
    size_t used = 0, i = 0, kept = b->size;
    while (i < n) {
        int32_t c;
        size_t step = kino_utf8_next(text + i, n - i, &c), w = kino_utf8_width(text + i, step);
        if (used + w + dots > width)
            break;
        kino_buffer_put(b, text + i, step);
        used += w;
        i += step;
    }
    while (b->size > kept && (b->data[b->size - 1] == ' ' || b->data[b->size - 1] == ',')) {
        b->size--; /* "Horror, …" reads "Horror…" */
        used--;
    }
    kino_buffer_print(b, "%s", ascii ? (dots == 2 ? ".." : ".") : "…");
    return used + dots;
}

void app_put_wrapped(kino_buffer *b, const char *text, size_t width, size_t indent, bool first_is_indented)
{
    kino_buffer safe = {0};
    app_put_safe(&safe, text);
    size_t column = indent;
    bool any = false;
    if (!first_is_indented)
        kino_buffer_print(b, "%*s", (int)indent, "");
    for (const char *p = safe.data ? safe.data : ""; *p;) {
        p += strspn(p, " ");
        size_t n = strcspn(p, " "), w = kino_utf8_width(p, n);
        if (!n)
            break;
        if (any && width && column + 1 + w > width) {
            kino_buffer_print(b, "\n%*s", (int)indent, "");
            column = indent;
        } else if (any) {
            kino_buffer_byte(b, ' ');
            column++;
        }
        kino_buffer_put(b, p, n);
        column += w;
        any = true;
        p += n;
    }
    kino_buffer_byte(b, '\n');
    free(safe.data);
}

void app_flush(kino_buffer *b, const app_screen *s)
{
    if (b->size)
        fwrite(b->data, 1, b->size, s->file); /* a failure stays in the stream and is told at the end */
    free(b->data);
    *b = (kino_buffer){0};
}

const char *app_count_text(char out[APP_NUMBER], uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = 0;
    return out;
}

const char *app_seconds_text(char out[APP_NUMBER], double seconds)
{
    if (seconds < 9.995)
        snprintf(out, APP_NUMBER, "%.2f s", seconds);
    else if (seconds < 99.95)
        snprintf(out, APP_NUMBER, "%.1f s", seconds);
    else if (seconds < 7200)
        snprintf(out, APP_NUMBER, "%d min %d s", (int)seconds / 60, (int)seconds % 60);
    else
        snprintf(out, APP_NUMBER, "%d h %d min", (int)(seconds / 3600) % 100000, (int)seconds / 60 % 60);
    return out;
}

void app_put_counted(kino_buffer *b, uint64_t n, const char *one, const char *many)
{
    char number[APP_NUMBER];
    kino_buffer_print(b, "%s %s", app_count_text(number, n), n == 1 ? one : many);
}

/* ---- tables ---- */

enum { GAP = 2, LEAST = 8 }; /* columns between columns; width below which a cell is not worth having */

void app_table_column(app_table *t, const char *name, int share, bool right)
{
    t->columns[t->column_count++] = (app_column){.name = name, .share = share, .right = right};
}

void app_table_row(app_table *t)
{
    if (t->row_count == t->row_capacity) {
        t->row_capacity = t->row_capacity ? 2 * t->row_capacity : 32;
        t->rows = kino_resize_array(t->rows, t->row_capacity, sizeof *t->rows);
    }
    t->rows[t->row_count++] = (app_row){0};
    t->at = 0;
}

void app_table_put(app_table *t, app_fit fit, app_style style, const char *text)
{
    app_row *row = &t->rows[t->row_count - 1];
    kino_buffer safe = {0};
    app_put_safe(&safe, text);
    if (!safe.size || row->span_count[t->at] == APP_SPANS) {
        free(safe.data);
        return;
    }
    row->spans[t->at][row->span_count[t->at]++] =
        (app_span){kino_arena_strdup(&t->memory, safe.data), kino_utf8_width(safe.data, safe.size), fit, style};
    free(safe.data);
}

void app_table_next(app_table *t)
{
    t->at++;
}

void app_table_note(app_table *t, const char *lines)
{
    app_row *row = &t->rows[t->row_count - 1];
    kino_buffer both = {0};
    kino_buffer_print(&both, "%s%s", row->note ? row->note : "", lines);
    row->note = kino_arena_strdup(&t->memory, both.data);
    free(both.data);
}

static size_t cell_width(const app_row *row, size_t c)
{
    size_t width = 0;
    for (size_t i = 0; i < row->span_count[c]; i++)
        width += row->spans[c][i].width;
    return width;
}

/* Columns get what they need; where that is too much, those with a share divide the room: none gets more than it
 * needs, and what one leaves goes to the others. */
static void lay_out(app_table *t, size_t room)
{
    size_t needed = 0, shares = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        app_column *column = &t->columns[c];
        column->width = kino_utf8_width(column->name, strlen(column->name));
        for (size_t r = 0; r < t->row_count; r++) {
            size_t w = cell_width(&t->rows[r], c);
            if (w > column->width)
                column->width = w;
        }
        needed += column->width + (c ? GAP : 0);
        shares += (size_t)column->share;
    }
    if (!room || needed <= room || !shares)
        return;
    size_t left = room;
    for (size_t c = 0; c < t->column_count; c++) {
        size_t taken = (t->columns[c].share ? 0 : t->columns[c].width) + (c ? GAP : 0);
        left = left > taken ? left - taken : 0;
    }
    bool settled[APP_COLUMNS] = {false};
    for (bool again = true; again;) {
        again = false;
        for (size_t c = 0; c < t->column_count; c++) {
            app_column *column = &t->columns[c];
            if (column->share && !settled[c] && column->width * shares <= left * (size_t)column->share) {
                settled[c] = again = true;
                left -= column->width;
                shares -= (size_t)column->share;
            }
        }
    }
    for (size_t c = 0; c < t->column_count; c++) {
        app_column *column = &t->columns[c];
        if (!column->share || settled[c])
            continue;
        size_t own = left * (size_t)column->share / shares;
        left -= own;
        shares -= (size_t)column->share;
        column->width = own > LEAST ? own : LEAST;
    }
}

/* How wide each span of a cell may be, so that the cell fits. */
static void fit_spans(const app_row *row, size_t c, size_t width, size_t out[APP_SPANS])
{
    size_t total = cell_width(row, c);
    for (size_t i = 0; i < row->span_count[c]; i++)
        out[i] = row->spans[c][i].width;
    for (app_fit fit = APP_DROP; total > width && fit >= APP_CUT; fit--)
        for (size_t i = row->span_count[c]; i-- > 0 && total > width;) {
            if (row->spans[c][i].fit != fit)
                continue;
            size_t excess = total - width, kept = out[i] > excess ? out[i] - excess : 0;
            if (fit == APP_DROP && kept < LEAST)
                kept = 0;
            total -= out[i] - kept;
            out[i] = kept;
        }
}

static void put_cell(kino_buffer *b, const app_screen *s, const app_row *row, size_t c, const app_column *column,
                     bool last)
{
    size_t widths[APP_SPANS], used = 0, limit = column->share ? column->width : SIZE_MAX;
    fit_spans(row, c, limit, widths);
    kino_buffer text = {0};
    for (size_t i = 0; i < row->span_count[c]; i++) {
        const app_span *span = &row->spans[c][i];
        if (!widths[i])
            continue;
        kino_buffer_print(&text, "%s", start_of(s, span->style));
        used += app_put_cut(&text, span->text, widths[i], s->ascii);
        kino_buffer_print(&text, "%s", end_of(s, span->style));
    }
    int pad = used < column->width ? (int)(column->width - used) : 0;
    if (column->right)
        kino_buffer_print(b, "%*s", pad, "");
    kino_buffer_put(b, text.data ? text.data : "", text.size);
    if (!column->right && !last)
        kino_buffer_print(b, "%*s", pad, "");
    free(text.data);
}

static void put_header(const app_table *t, const app_screen *s, kino_buffer *b)
{
    kino_buffer line = {0};
    for (size_t c = 0; c < t->column_count; c++) {
        const app_column *column = &t->columns[c];
        int pad = (int)(column->width - kino_utf8_width(column->name, strlen(column->name)));
        kino_buffer_print(&line, "%*s%*s%s%*s", c ? GAP : 0, "", column->right ? pad : 0, "", column->name,
                          column->right ? 0 : pad, "");
    }
    while (line.size && line.data[line.size - 1] == ' ')
        line.data[--line.size] = 0;
    app_put_styled(b, s, APP_DIM, line.data);
    kino_buffer_byte(b, '\n');
    free(line.data);
}

void app_table_print(app_table *t, const app_screen *s)
{
    kino_buffer b = {0};
    lay_out(t, s->width);
    put_header(t, s, &b);
    for (size_t r = 0; r < t->row_count; r++) {
        const app_row *row = &t->rows[r];
        size_t end = t->column_count;
        while (end > 1 && !row->span_count[end - 1])
            end--;
        for (size_t c = 0; c < end; c++) {
            kino_buffer_print(&b, "%*s", c ? GAP : 0, "");
            put_cell(&b, s, row, c, &t->columns[c], c + 1 == end);
        }
        kino_buffer_byte(&b, '\n');
        if (row->note)
            kino_buffer_print(&b, "%s", row->note);
    }
    app_flush(&b, s);
}

void app_table_free(app_table *t)
{
    free(t->rows);
    kino_arena_free(&t->memory);
    *t = (app_table){0};
}

void app_print_json(kino_tree *json, const app_screen *s, bool one_line)
{
    kino_buffer b = {0};
    kino_tree_put(json, s->terminal && !one_line, &b);
    app_flush(&b, s);
}
