/* command.c - kino pick from its begin to its end: the terminal, the wait for keys, what is printed at last. */
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/pick/view.h"
#include "app/shared/question.h"
#include "base/status.h"

enum { ESCAPE_MS = 100 }; /* an arrow key is an escape and more, which a slow line may tear apart */

static void follow_size(view *v)
{
    struct winsize now;
    if (ioctl(v->fd, TIOCGWINSZ, &now) || !now.ws_row || !now.ws_col ||
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
    struct pollfd p = {.fd = v->fd, .events = POLLIN};
    int bytes = 0;
    if (ppoll(&p, 1, NULL, &v->waiting) < 0)
        return errno == EINTR;
    return !ioctl(v->fd, FIONREAD, &bytes) && bytes > 0;
}

/* Keys that are there already are taken before anything is asked or drawn: a slow line is not sent what nobody will see. */
static kino_status run(view *v, const volatile sig_atomic_t *cancel, kino_error *err)
{
    for (;;) {
        wint_t key = 0;
        const int what = get_wch(&key);
        if (what == ERR) { /* none, or bytes that are no letter */
            follow_size(v);
            view_draw(v);
            if (!wait_for_key(v))
                break;
            v->interrupted = *cancel;
            if (v->interrupted)
                break;
            continue;
        }
        if (!view_key(v, what == KEY_CODE_YES, key))
            break;
    }
    return v->interrupted ? kino_fail(err, KINO_INTERRUPTED, "interrupted") : KINO_OK;
}

/* ---- the terminal ---- */

typedef struct terminal {
    FILE *in, *out;
    bool own; /* opened here: standard output is for the ids */
} terminal;

/* With --print the ends of a pipe may be elsewhere. */
static kino_status open_terminal(const app *a, terminal *t, app_screen *screen, kino_error *err)
{
    *t = (terminal){.in = stdin, .out = stdout};
    *screen = a->out;
    if (isatty(STDIN_FILENO) && a->out.moves)
        return KINO_OK;
    if (!a->args.output.print)
        return kino_fail(err, KINO_USAGE, "pick needs a terminal; kino find and kino recommend do without one");
    *t = (terminal){.in = fopen("/dev/tty", "r"), .out = fopen("/dev/tty", "w"), .own = true};
    if (t->out)
        app_screen_init(screen, t->out, a->args.general.no_color);
    return t->in && t->out && screen->moves ? KINO_OK : kino_fail(err, KINO_USAGE, "pick --print needs a terminal");
}

static void close_terminal(const terminal *t)
{
    if (t->own && t->in)
        fclose(t->in);
    if (t->own && t->out)
        fclose(t->out);
}

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
    view_colors(v);
    view_mouse();
    getmaxyx(stdscr, v->rows, v->columns);
}

static kino_status look_around(app *a, view *v, const terminal *t, kino_error *err)
{
    app_progress_clear(&a->progress);
    app_catch_signals();
    speak(v);
    SCREEN *screen = newterm(NULL, t->out, t->in);
    if (!screen)
        return kino_fail(err, KINO_USAGE, "this terminal ($TERM) is not known to ncurses");
    begin(v);
    const kino_status st = run(v, a->cancel, err);
    endwin();
    delscreen(screen);
    sigprocmask(SIG_SETMASK, &v->waiting, NULL);
    return st;
}

/* ---- what is printed at last ---- */

/* A word as a shell takes it. */
static void put_word(kino_buffer *b, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,:/";
    if (*word && strspn(word, plain) == strlen(word)) {
        kino_buffer_print(b, "%s", word);
        return;
    }
    kino_buffer_byte(b, '\'');
    for (; *word; word++)
        kino_buffer_print(b, *word == '\'' ? "'\\''" : "%c", *word);
    kino_buffer_byte(b, '\'');
}

static void put_words(kino_buffer *b, const app_option *o, const kino_words *w)
{
    kino_buffer list = {0};
    for (size_t i = 0; i < w->count; i++) {
        if (o->kind == KINO_VALUE_LIST) {
            kino_buffer_print(&list, "%s%s", i ? "," : "", w->items[i]);
            continue;
        }
        kino_buffer_print(b, " --%s ", o->name);
        put_word(b, w->items[i]);
    }
    if (list.size) {
        kino_buffer_print(b, " --%s ", o->name);
        put_word(b, list.data);
    }
    free(list.data);
}

static void put_range(kino_buffer *b, const app_option *o, const kino_range *r)
{
    if (r->low || r->high)
        kino_buffer_print(b, " --%s=", o->name);
    if (r->low)
        kino_buffer_print(b, "%d", r->low);
    if (r->low != r->high)
        kino_buffer_byte(b, '-');
    if (r->high && r->low != r->high)
        kino_buffer_print(b, "%d", r->high);
}

/* The filters of the command line, with which every list was asked. */
static void put_filters(kino_buffer *b, const app_args *args)
{
    for (size_t i = 0; i < app_option_count; i++) {
        const app_option *o = &app_options[i];
        const char *at = (const char *)args + o->offset;
        if (strcmp(o->group, "Filters") != 0)
            continue;
        if (o->kind == KINO_VALUE_LIST || o->kind == KINO_VALUE_TEXTS)
            put_words(b, o, (const kino_words *)(const void *)at);
        else if (o->kind == KINO_VALUE_RANGE)
            put_range(b, o, (const kino_range *)(const void *)at);
        else if (o->kind == KINO_VALUE_REAL && *(const double *)(const void *)at > 0)
            kino_buffer_print(b, " --%s %g", o->name, *(const double *)(const void *)at);
        else if (o->kind == KINO_VALUE_WHOLE && *(const int64_t *)(const void *)at > 0)
            kino_buffer_print(b, " --%s %lld", o->name, (long long)*(const int64_t *)(const void *)at);
    }
}

/* The question that was asked, to go on with. */
static void tell_command(const app *a, const pick *p)
{
    kino_buffer b = {0};
    int64_t ids[KINO_MAX_SEEDS];
    const size_t liked = pick_marks(p, true, 0, ids);
    kino_buffer_print(&b, "kino recommend");
    for (size_t i = 0; i < liked; i++)
        kino_buffer_print(&b, " %lld", (long long)ids[i]);
    const size_t disliked = pick_marks(p, false, 0, ids);
    for (size_t i = 0; i < disliked; i++)
        kino_buffer_print(&b, " --not %lld", (long long)ids[i]);
    if (*p->said.wish) {
        kino_buffer_print(&b, " --about ");
        put_word(&b, p->said.wish);
    }
    put_filters(&b, &a->args);
    kino_buffer_byte(&b, '\n');
    if (liked || *p->said.wish)
        app_flush(&b, &a->out);
    free(b.data);
}

/* --print: what is liked, else the film that Enter took. */
static kino_status print_ids(const app *a, view *v, kino_error *err)
{
    kino_buffer b = {0};
    int64_t ids[KINO_MAX_SEEDS];
    size_t n = v->taken ? pick_marks(&v->p, true, 0, ids) : 0;
    if (v->taken && !n)
        ids[n++] = pick_selected(&v->p)->id;
    for (size_t i = 0; i < n; i++)
        kino_buffer_print(&b, "%lld\n", (long long)ids[i]);
    app_flush(&b, &a->out);
    return n ? KINO_OK : kino_fail(err, KINO_NOT_FOUND, "no film was taken");
}

kino_status app_pick(app *a, kino_error *err)
{
    kino *k = NULL;
    terminal t = {0};
    app_screen screen;
    app_question *q = kino_alloc(sizeof *q);
    view *v = kino_alloc(sizeof *v);
    kino_options quiet = a->options;
    quiet.note = NULL; /* a line from elsewhere would tear the screen */
    quiet.progress = NULL;
    kino_status st = open_terminal(a, &t, &screen, err);
    if (!st)
        st = kino_open(&quiet, &k, err);
    kino_matches *m = NULL;
    if (!st) /* a catalogue that cannot be read is told before the screen is taken */
        st = kino_find(k, "id:1", 1, &m, err);
    kino_matches_free(m);
    if (!st)
        st = app_question_read(a, k, q, err);
    if (st)
        goto done;
    pick_init(&v->p, k, &q->asked->query, kino_ask_filters(&q->ask) || q->seen.unseen_count);
    for (size_t i = 0; i < a->args.words.count; i++)
        pick_say(&v->p, a->args.words.items[i]);
    v->fd = fileno(t.in);
    v->ascii = screen.ascii;
    v->color = screen.color;
    v->print = a->args.output.print;
    st = look_around(a, v, &t, err);
    if (!st && v->print)
        st = print_ids(a, v, err);
    else if (!st)
        tell_command(a, &v->p);
    pick_free(&v->p);
done:
    close_terminal(&t);
    app_question_free(q);
    kino_close(k);
    free(v);
    return st;
}
