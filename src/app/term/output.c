/* output.c - asks what the terminal can do, and writes safe text and tables for it. */
#include "app/term/output.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

enum { USUAL_WIDTH = 80 };

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

/* A word, in pieces where a line does not hold it: who writes without spaces has words of a hundred columns. Returns the
 * column behind it. */
static size_t put_word(kino_buffer *b, const char *word, size_t n, size_t column, size_t width, size_t indent)
{
    for (size_t i = 0; i < n;) {
        int32_t c;
        const size_t step = kino_utf8_next(word + i, n - i, &c), w = kino_utf8_width(word + i, step);
        if (width && column + w > width && column > indent) {
            kino_buffer_print(b, "\n%*s", (int)indent, "");
            column = indent;
        }
        kino_buffer_put(b, word + i, step);
        column += w;
        i += step;
    }
    return column;
}

void app_put_wrapped(kino_buffer *b, const char *text, size_t width, size_t indent, bool first_is_indented)
{
    kino_buffer safe = {0};
    app_put_safe(&safe, text);
    size_t column = indent;
    if (width && indent > width / 2)
        indent = width / 2; /* of the lines that follow: text has the half of any window */
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
        column = put_word(b, p, n, column, width, indent);
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

enum {
    GAP = 2,    /* columns between columns */
    LEAST = 8,  /* width below which a cell is not worth having */
    TITLE = 60, /* one title that is longer does not take the other columns from all rows */
};

void app_table_column(app_table *t, const char *name, int share, bool right)
{
    app_table_optional(t, name, share, right, 0);
}

void app_table_optional(app_table *t, const char *name, int share, bool right, int drop)
{
    t->columns[t->column_count++] = (app_column){.name = name, .share = share, .right = right, .drop = drop};
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

/* The width of a cell without what may be left out of it. */
static size_t least_width(const app_row *row, size_t c)
{
    size_t width = 0;
    for (size_t i = 0; i < row->span_count[c]; i++)
        width += row->spans[c][i].fit == APP_DROP ? 0 : row->spans[c][i].width;
    return width;
}

static size_t more(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* What each column needs for all that is in it, and at least. */
static void measure(app_table *t)
{
    for (size_t c = 0; c < t->column_count; c++) {
        app_column *column = &t->columns[c];
        column->width = column->least = kino_utf8_width(column->name, strlen(column->name));
        for (size_t r = 0; r < t->row_count; r++) {
            column->width = more(column->width, cell_width(&t->rows[r], c));
            column->least = more(column->least, least_width(&t->rows[r], c));
        }
        const size_t most = column->drop ? LEAST : TITLE;
        if (!column->share)
            column->least = column->width;
        else if (column->least > most)
            column->least = most;
    }
}

/* The sum of a width over the columns that are there, with what is between them. */
static size_t sum(const app_table *t, bool least)
{
    size_t width = 0;
    for (size_t c = 0; c < t->column_count; c++)
        if (!t->columns[c].dropped)
            width += (least ? t->columns[c].least : t->columns[c].width) + (width ? GAP : 0);
    return width;
}

/* Leaves out the column that can be spared first; false: there is none. */
static bool drop_one(app_table *t)
{
    app_column *first = NULL;
    for (size_t c = 0; c < t->column_count; c++) {
        app_column *column = &t->columns[c];
        if (!column->dropped && column->drop > (first ? first->drop : 0))
            first = column;
    }
    if (first)
        first->dropped = true;
    return first;
}

/* Every column has its least; what is left goes to those with a share: none gets more than it needs, and what one leaves
 * goes to the others. */
static void share_out(app_table *t, size_t left)
{
    size_t shares = 0;
    for (size_t c = 0; c < t->column_count; c++)
        shares += t->columns[c].dropped ? 0 : (size_t)t->columns[c].share;
    bool settled[APP_COLUMNS] = {false};
    for (bool again = true; again;) {
        again = false;
        for (size_t c = 0; c < t->column_count; c++) {
            const app_column *column = &t->columns[c];
            const size_t wants = column->width - column->least, share = (size_t)column->share;
            if (share && !column->dropped && !settled[c] && wants * shares <= left * share) {
                settled[c] = again = true;
                left -= wants;
                shares -= share;
            }
        }
    }
    for (size_t c = 0; c < t->column_count; c++) {
        app_column *column = &t->columns[c];
        if (!column->share || column->dropped || settled[c])
            continue;
        const size_t own = left * (size_t)column->share / shares;
        left -= own;
        shares -= (size_t)column->share;
        column->width = column->least + own;
    }
}

/* Takes from the columns what is too much even when each has its least: from those with a share, then from the last. */
static void squeeze(app_table *t, size_t excess)
{
    for (int share = 1; share >= 0; share--)
        for (size_t c = t->column_count; excess && c-- > 0;) {
            app_column *column = &t->columns[c];
            const size_t taken = column->least > excess ? excess : column->least - (column->least > 0);
            if (column->dropped || (column->share > 0) != share)
                continue;
            column->least -= taken;
            excess -= taken;
        }
    for (size_t c = 0; c < t->column_count; c++)
        t->columns[c].width = t->columns[c].least;
}

/* Columns get what they need. Where that is too much, the films lose their second titles and genres are cut, then whole
 * columns go, and in the end titles are cut. Figures without a title beside them are never cut. */
static void lay_out(app_table *t, size_t room)
{
    bool shared = false;
    for (size_t c = 0; c < t->column_count; c++) {
        t->columns[c].dropped = false;
        shared = shared || t->columns[c].share;
    }
    measure(t);
    if (!room || !shared || sum(t, false) <= room)
        return;
    while (sum(t, true) > room && drop_one(t))
        ;
    if (sum(t, true) > room)
        squeeze(t, sum(t, true) - room);
    else
        share_out(t, room - sum(t, true));
}

/* How wide each span of a cell may be, so that the cell fits. */
static void fit_spans(const app_row *row, size_t c, size_t width, size_t out[APP_SPANS])
{
    size_t total = cell_width(row, c);
    for (size_t i = 0; i < row->span_count[c]; i++)
        out[i] = row->spans[c][i].width;
    for (int fit = APP_DROP; total > width && fit >= APP_KEEP; fit--)
        for (size_t i = row->span_count[c]; i-- > 0 && total > width;) {
            if ((int)row->spans[c][i].fit != fit)
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
    size_t widths[APP_SPANS], used = 0;
    fit_spans(row, c, column->width, widths);
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
        kino_buffer name = {0};
        if (column->dropped)
            continue;
        const int pad = (int)(column->width - app_put_cut(&name, column->name, column->width, s->ascii));
        kino_buffer_print(&line, "%*s%*s%s%*s", line.size ? GAP : 0, "", column->right ? pad : 0, "",
                          name.data ? name.data : "", column->right ? 0 : pad, "");
        free(name.data);
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
        bool any = false;
        while (end > 1 && (!row->span_count[end - 1] || t->columns[end - 1].dropped))
            end--;
        for (size_t c = 0; c < end; c++) {
            if (t->columns[c].dropped)
                continue;
            kino_buffer_print(&b, "%*s", any ? GAP : 0, "");
            put_cell(&b, s, row, c, &t->columns[c], c + 1 == end);
            any = true;
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
