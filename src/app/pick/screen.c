/* screen.c - kino pick on a terminal, by ncursesw, which sends what has changed and no more. */
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/pick/pick.h"
#include "base/status.h"
#include "base/utf8.h"

enum {
    TOP = 3,  /* rows above the list: what is typed, what is marked, what the list is */
    PLOT = 3, /* rows of the selected film's plot, where there is room for them */
    ROOM_FOR_PLOT = 16,
    ESCAPE_MS = 100, /* an arrow key is an escape and more, which a slow line may tear apart */
};

typedef struct view {
    pick p;
    bool ascii, interrupted;
    int rows, columns;
    sigset_t waiting; /* the signals that are blocked while it waits for a key, as they were before */
} view;

/* ---- drawing ---- */

/* Safe text from a column on, cut to a width; returns the columns it took. */
static int put(const view *v, int row, int column, int width, attr_t style, const char *text)
{
    kino_buffer safe = {0}, cut = {0};
    if (width <= 0 || row >= v->rows)
        return 0;
    app_put_safe(&safe, text);
    kino_buffer_put(&cut, "", 0);
    const size_t used = app_put_cut(&cut, safe.data ? safe.data : "", (size_t)width, v->ascii);
    size_t kept = 0;
    for (size_t i = 0; v->ascii && i < cut.size; i++) /* a ? for each letter that is not ASCII */
        if (((unsigned char)cut.data[i] & 0xC0) != 0x80)
            cut.data[kept++] = (unsigned char)cut.data[i] >= 0x80 ? '?' : cut.data[i];
    if (v->ascii)
        cut.data[kept] = 0;
    attrset(style);
    mvaddstr(row, column, cut.data);
    attrset(A_NORMAL);
    free(safe.data);
    free(cut.data);
    return (int)used;
}

static void draw_marks(const view *v)
{
    kino_buffer b = {0};
    for (int liked = 1; liked >= 0; liked--) {
        bool any = false;
        for (size_t i = 0; i < v->p.mark_count; i++) {
            if (v->p.marks[i].liked != liked)
                continue;
            if (any)
                kino_buffer_print(&b, ", ");
            else
                kino_buffer_print(&b, "%s%s", b.size ? "   " : "", liked ? "Liked: " : "Not: ");
            kino_buffer_print(&b, "%s", v->p.marks[i].name);
            any = true;
        }
    }
    put(v, 1, 0, v->columns, A_DIM, b.data ? b.data : "");
    free(b.data);
}

static void draw_entry(const view *v, int row, const pick_entry *e, bool selected)
{
    const int marked = pick_marked(&v->p, e->id);
    const attr_t back = selected ? A_REVERSE : A_NORMAL;
    kino_buffer title = {0};
    char score[16] = "";
    int column = 2;
    app_put_title(&title, e->title, e->year);
    mvhline(row, 0, (chtype)' ' | back, v->columns);
    put(v, row, 0, 1, back | A_BOLD, marked > 0 ? "+" : marked < 0 ? "-" : " ");
    if (isfinite(e->score))
        snprintf(score, sizeof score, "%5.2f", e->score);
    const int end = v->columns - (*score ? 6 : 0);
    column += put(v, row, column, end - column, back | (marked > 0 ? A_BOLD : A_NORMAL), title.data);
    if (end - column > 12)
        put(v, row, column + 2, end - column - 3, back | A_DIM, e->detail);
    put(v, row, end, 6, back, score);
    free(title.data);
}

/* The first rows of what the selected film tells. */
static void draw_plot(const view *v, const pick_entry *e)
{
    kino_movie *m = NULL;
    kino_buffer b = {0};
    if (kino_movie_get(v->p.k, e->id, &m, NULL))
        return;
    app_put_wrapped(&b, m->overview, (size_t)v->columns - 2, 0, true);
    const char *line = b.data;
    for (int i = 0; i < PLOT && *line; i++) {
        const size_t n = strcspn(line, "\n");
        kino_buffer one = {0};
        kino_buffer_put(&one, line, n);
        if (i + 1 == PLOT && line[n] && line[n + 1])
            kino_buffer_print(&one, " ...");
        put(v, v->rows - 1 - PLOT + i, 1, v->columns - 2, A_NORMAL, one.data);
        free(one.data);
        line += n + (line[n] == '\n');
    }
    free(b.data);
    kino_movie_free(m);
}

static const char *heading(const view *v, const pick_list *l)
{
    if (l->heading)
        return l->heading;
    if (!v->p.length)
        return "Type a title";
    return l->count ? "Films of that name" : "No film of that name";
}

static void draw(view *v)
{
    static const char prompt[] = "Find: ";
    pick_list *l = pick_shown(&v->p);
    const bool plot = v->rows >= ROOM_FOR_PLOT;
    const int room = v->rows - TOP - 1 - (plot ? PLOT + 1 : 0);
    const size_t page = room > 0 ? (size_t)room : 1;
    if (l->selected < l->top)
        l->top = l->selected;
    if (l->selected >= l->top + page)
        l->top = l->selected - page + 1;
    erase();
    put(v, 0, 0, v->columns, A_BOLD, prompt);
    const int typed = put(v, 0, (int)strlen(prompt), v->columns - (int)strlen(prompt) - 1, A_NORMAL, v->p.text);
    draw_marks(v);
    put(v, 2, 0, v->columns, A_BOLD, heading(v, l));
    for (size_t i = l->top; i < l->count && i < l->top + page; i++)
        draw_entry(v, TOP + (int)(i - l->top), &l->items[i], i == l->selected);
    if (plot && l->count)
        draw_plot(v, &l->items[l->selected]);
    put(v, v->rows - 1, 0, v->columns - 1, v->p.problem.text[0] ? A_BOLD : A_DIM,
        v->p.problem.text[0] ? v->p.problem.text
                             : "Enter films like it  + like  - not  Tab for what you like  Left back  Esc end");
    move(0, (int)strlen(prompt) + typed);
    refresh();
}

/* ---- keys ---- */

/* A key that is not a letter; false: it ends. */
static bool do_key(view *v, wint_t key)
{
    const long page = v->rows > TOP + PLOT + 2 ? v->rows - TOP - PLOT - 2 : 1;
    switch (key) {
    case KEY_UP:
        pick_move(&v->p, -1);
        break;
    case KEY_DOWN:
        pick_move(&v->p, 1);
        break;
    case KEY_PPAGE:
        pick_move(&v->p, -page);
        break;
    case KEY_NPAGE:
        pick_move(&v->p, page);
        break;
    case KEY_HOME:
        pick_move(&v->p, -1000000);
        break;
    case KEY_END:
        pick_move(&v->p, 1000000);
        break;
    case KEY_RIGHT:
    case KEY_ENTER:
        pick_near(&v->p);
        break;
    case KEY_LEFT:
        pick_back(&v->p);
        break;
    case KEY_BACKSPACE:
        pick_erase(&v->p);
        break;
    case KEY_RESIZE:
        getmaxyx(stdscr, v->rows, v->columns);
        clear();
        break;
    default:
        break;
    }
    return true;
}

static bool do_letter(view *v, wint_t c)
{
    enum {
        CTRL_C = 3,
        CTRL_D = 4,
        BACKSPACE = 8,
        CTRL_L = 12,
        CTRL_N = 14,
        CTRL_P = 16,
        CTRL_U = 21,
        ESCAPE = 27,
        DELETE = 127
    };
    switch (c) {
    case CTRL_C:
        v->interrupted = true;
        return false;
    case CTRL_D:
        return false;
    case ESCAPE:
        if (pick_back(&v->p))
            return true;
        if (!v->p.length)
            return false;
        pick_clear(&v->p);
        return true;
    case BACKSPACE:
    case DELETE:
        pick_erase(&v->p);
        return true;
    case CTRL_U:
        pick_clear(&v->p);
        return true;
    case CTRL_L:
        clearok(stdscr, true);
        return true;
    case CTRL_N:
        pick_move(&v->p, 1);
        return true;
    case CTRL_P:
        pick_move(&v->p, -1);
        return true;
    case '\t':
        pick_taste(&v->p);
        return true;
    case '\r':
    case '\n':
        pick_near(&v->p);
        return true;
    case '+':
        pick_toggle(&v->p, true);
        return true;
    case '-':
        pick_toggle(&v->p, false);
        return true;
    default:
        if (c >= ' ')
            pick_type(&v->p, (int32_t)c);
        return true;
    }
}

static void follow_size(view *v)
{
    struct winsize now;
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &now) || !now.ws_row || !now.ws_col ||
        (now.ws_row == v->rows && now.ws_col == v->columns))
        return;
    resizeterm(now.ws_row, now.ws_col);
    getmaxyx(stdscr, v->rows, v->columns);
    clear();
}

/* Waits for a key or a signal, which reach it only here: one that came just before the wait would be slept over.
 * False: the terminal is gone. */
static bool wait_for_key(const view *v)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    int bytes = 0;
    if (ppoll(&p, 1, NULL, &v->waiting) < 0)
        return errno == EINTR;
    return !ioctl(STDIN_FILENO, FIONREAD, &bytes) && bytes > 0;
}

/* Keys that are there already are taken before anything is drawn: a slow line is not sent what nobody will see. */
static kino_status run(view *v, const volatile sig_atomic_t *cancel, kino_error *err)
{
    for (;;) {
        wint_t key = 0;
        int what = get_wch(&key);
        if (what == ERR) { /* none, or bytes that are no letter */
            follow_size(v);
            draw(v);
            if (!wait_for_key(v))
                return KINO_OK;
            v->interrupted = *cancel;
            if (v->interrupted)
                break;
            continue;
        }
        v->p.problem = (kino_error){0};
        if (!(what == KEY_CODE_YES ? do_key(v, key) : do_letter(v, key)))
            break;
    }
    return v->interrupted ? kino_fail(err, KINO_INTERRUPTED, "interrupted") : KINO_OK;
}

/* ---- begin and end ---- */

/* Before newterm, which asks once what letters are. */
static void speak(const view *v)
{
    setlocale(LC_CTYPE, "");
    if (!v->ascii && strcmp(nl_langinfo(CODESET), "UTF-8"))
        setlocale(LC_CTYPE, "C.UTF-8"); /* no locale is set at all, but the terminal can */
}

static void begin(view *v)
{
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGWINCH);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &v->waiting);
    set_escdelay(ESCAPE_MS);
    timeout(0);
    raw();
    noecho();
    nonl();
    keypad(stdscr, true);
    getmaxyx(stdscr, v->rows, v->columns);
}

/* The question that the marks ask, to go on with. */
static void tell_command(const app *a, const pick *p)
{
    kino_buffer b = {0};
    bool liked = false;
    kino_buffer_print(&b, "kino recommend");
    for (size_t i = 0; i < p->mark_count; i++) {
        kino_buffer_print(&b, "%s %lld", p->marks[i].liked ? "" : " --not", (long long)p->marks[i].id);
        liked = liked || p->marks[i].liked;
    }
    kino_buffer_byte(&b, '\n');
    if (liked)
        app_flush(&b, &a->out);
    free(b.data);
}

kino_status app_pick(app *a, kino_error *err)
{
    kino *k = NULL;
    view *v = kino_alloc(sizeof *v);
    kino_status st = KINO_OK;
    if (!isatty(STDIN_FILENO) || !a->out.moves)
        st = kino_fail(err, KINO_USAGE, "pick needs a terminal; kino find and kino recommend do without one");
    kino_options quiet = a->options;
    quiet.note = NULL; /* a line from elsewhere would tear the screen */
    quiet.progress = NULL;
    if (!st)
        st = kino_open(&quiet, &k, err);
    kino_matches *m = NULL;
    if (!st) /* a catalogue that cannot be read is told before the screen is taken */
        st = kino_find(k, "id:1", 1, &m, err);
    kino_matches_free(m);
    pick_init(&v->p, k);
    for (size_t i = 0; !st && i < a->args.words.count; i++)
        pick_say(&v->p, a->args.words.items[i]);
    v->ascii = a->out.ascii;
    if (!st) {
        app_progress_clear(&a->progress);
        app_catch_signals();
        speak(v);
        SCREEN *screen = newterm(NULL, stdout, stdin);
        if (screen) {
            begin(v);
            st = run(v, a->cancel, err);
            endwin();
            delscreen(screen);
            sigprocmask(SIG_SETMASK, &v->waiting, NULL);
            if (!st)
                tell_command(a, &v->p);
        } else {
            st = kino_fail(err, KINO_USAGE, "this terminal ($TERM) is not known to ncurses");
        }
    }
    pick_free(&v->p);
    kino_close(k);
    free(v);
    return st;
}
