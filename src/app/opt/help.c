/* help.c - prints help and the version, made of the option table. */
#include "app/opt/help.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

#define NOTICE KINO_TMDB_NOTICE
#define MODEL_NOTICE "The language model is all-MiniLM-L6-v2 (Apache-2.0)."

enum {
    READABLE = 80, /* columns of running text */
    OPTION_COLUMN = 28,
    NARROW = 60, /* below this what an option does stands under its name */
    NARROW_COLUMN = 6,
};

static size_t text_width(const app_screen *s)
{
    return s->width && s->width < READABLE ? s->width : READABLE;
}

/* The column at which what is told of a name begins. */
static size_t told_at(const app_screen *s)
{
    return s->width && s->width < NARROW ? NARROW_COLUMN : OPTION_COLUMN;
}

/* A name and what is told of it, on a line of its own where the name is too long. */
static void put_told(kino_buffer *b, const app_screen *s, app_style style, const char *name, const char *told)
{
    const size_t column = told_at(s), n = strlen(name);
    kino_buffer_print(b, "  ");
    app_put_styled(b, s, style, name);
    if (n + 3 > column)
        kino_buffer_print(b, "\n%*s", (int)column, "");
    else
        kino_buffer_print(b, "%*s", (int)(column - 2 - n), "");
    app_put_wrapped(b, told, text_width(s), column, true);
}

/* "-k N", "--data DIR", "-1, --first" */
static void put_option_name(kino_buffer *b, const app_option *o)
{
    if (o->letter)
        kino_buffer_print(b, "-%c%s", o->letter, o->name ? ", " : "");
    if (o->name)
        kino_buffer_print(b, "--%s", o->name);
    if (o->value)
        kino_buffer_print(b, " %s", o->value);
}

static void put_option(kino_buffer *b, const app_screen *s, const app_option *o)
{
    kino_buffer name = {0};
    put_option_name(&name, o);
    put_told(b, s, APP_BOLD, name.data, o->help);
    free(name.data);
}

static void put_heading(kino_buffer *b, const app_screen *s, const char *heading)
{
    kino_buffer_byte(b, '\n');
    app_put_styled(b, s, APP_STRONG, heading);
    kino_buffer_byte(b, '\n');
}

/* Whether the help of these commands has the option. */
static bool is_told(const app_option *o, unsigned commands, const char *only)
{
    return (o->commands & commands) && (!only || !strcmp(o->group, only));
}

/* Each group once, in the order of its first option. */
static void put_options(kino_buffer *b, const app_screen *s, unsigned commands, const char *only)
{
    for (size_t i = 0; i < app_option_count; i++) {
        const char *group = app_options[i].group;
        bool first = is_told(&app_options[i], commands, only);
        for (size_t j = 0; first && j < i; j++)
            first = !is_told(&app_options[j], commands, only) || strcmp(app_options[j].group, group) != 0;
        if (first)
            put_heading(b, s, group);
        for (size_t j = i; first && j < app_option_count; j++)
            if (is_told(&app_options[j], commands, group))
                put_option(b, s, &app_options[j]);
    }
}

static void put_examples(kino_buffer *b, const app_screen *s, const app_command_info *c)
{
    if (c->examples[0].line)
        put_heading(b, s, "Examples");
    for (size_t i = 0; i < APP_EXAMPLES && c->examples[i].line; i++) {
        kino_buffer_print(b, "  %s\n      ", c->examples[i].line);
        app_put_styled(b, s, APP_DIM, c->examples[i].what);
        kino_buffer_byte(b, '\n');
    }
}

static void put_paragraphs(kino_buffer *b, const app_screen *s, const char *text)
{
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n");
        kino_buffer one = {0};
        kino_buffer_put(&one, p, n);
        kino_buffer_byte(b, '\n');
        app_put_wrapped(b, one.data, text_width(s), 0, true);
        free(one.data);
        p += n;
        p += *p == '\n';
    }
}

static void put_overview(kino_buffer *b, const app_screen *s)
{
    app_put_styled(b, s, APP_BOLD, "kino");
    kino_buffer_print(b, " - what to watch next, and why\n");
    put_heading(b, s, "Commands");
    for (int i = 0; i < APP_COMMANDS; i++) {
        const app_command_info *c = &app_commands[i];
        kino_buffer left = {0};
        kino_buffer_print(&left, "%s %s", c->name, c->arguments);
        put_told(b, s, APP_PLAIN, left.data, c->summary);
        free(left.data);
    }
    put_options(b, s, ~0u, "General");
    put_heading(b, s, "Begin with");
    kino_buffer_print(b, "  kino build movies_metadata.csv\n  kino recommend \"Spirited Away\"\n\n"
                         "`kino help COMMAND` tells more of each.\n");
}

kino_status app_help_topic(const app_screen *s, const char *topic, kino_error *err)
{
    kino_buffer b = {0};
    int c = 0;
    if (!topic) {
        put_overview(&b, s);
        app_flush(&b, s);
        return KINO_OK;
    }
    while (c < APP_COMMANDS && strcmp(app_commands[c].name, topic))
        c++;
    if (c == APP_COMMANDS)
        return kino_fail(err, KINO_USAGE, "no command \"%s\" (see: kino help)", topic);
    const app_command_info *info = &app_commands[c];
    kino_buffer usage = {0};
    kino_buffer_print(&usage, "kino %s%s%s [OPTION ...]", info->name, *info->arguments ? " " : "", info->arguments);
    app_put_styled(&b, s, APP_BOLD, usage.data);
    free(usage.data);
    kino_buffer_print(&b, "\n%s\n", info->summary);
    put_paragraphs(&b, s, info->text);
    put_options(&b, s, 1u << c, NULL);
    put_examples(&b, s, info);
    app_flush(&b, s);
    return KINO_OK;
}

kino_status app_help_version(const app_screen *s)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "kino " KINO_VERSION "\n" NOTICE "\n" MODEL_NOTICE "\n");
    app_flush(&b, s);
    return KINO_OK;
}

/* ---- the manual page ---- */

/* Any troff reads ASCII; what it does with other bytes depends on its locale, so those are written as code points. */
static void roff(kino_buffer *b, const char *text)
{
    size_t n = strlen(text), step = 1;
    for (const char *p = text; *p; p += step) {
        int32_t c;
        step = kino_utf8_next(p, n - (size_t)(p - text), &c);
        if (p == text && (*p == '.' || *p == '\''))
            kino_buffer_print(b, "\\&");
        if (*p == '\\')
            kino_buffer_print(b, "\\e");
        else if (*p == '-')
            kino_buffer_print(b, "\\-");
        else if (*p == '~')
            kino_buffer_print(b, "\\(ti");
        else if (*p == '\'')
            kino_buffer_print(b, "\\(aq");
        else if (*p == '`')
            kino_buffer_print(b, "\\(ga");
        else if (*p == '^')
            kino_buffer_print(b, "\\(ha");
        else if (c >= 0x80)
            kino_buffer_print(b, "\\[u%04X]", (unsigned)c);
        else
            kino_buffer_byte(b, *p);
    }
}

static void roff_lines(kino_buffer *b, const char *before, const char *text, const char *after)
{
    kino_buffer_print(b, "%s", before);
    roff(b, text);
    kino_buffer_print(b, "%s", after);
}

static void roff_option(kino_buffer *b, const app_option *o)
{
    kino_buffer_print(b, ".TP\n\\fB");
    if (o->letter)
        kino_buffer_print(b, "\\-%c%s", o->letter, o->name ? "\\fR, \\fB" : "");
    if (o->name)
        roff_lines(b, "\\-\\-", o->name, "");
    kino_buffer_print(b, "\\fR");
    if (o->value)
        roff_lines(b, " \\fI", o->value, "\\fR");
    roff_lines(b, "\n", o->help, "\n");
}

static void roff_command(kino_buffer *b, int c)
{
    const app_command_info *info = &app_commands[c];
    roff_lines(b, ".SS \"kino ", info->name, "");
    roff_lines(b, *info->arguments ? " " : "", info->arguments, "\"\n");
    roff_lines(b, "", info->summary, ".\n");
    for (const char *p = info->text; *p;) {
        size_t n = strcspn(p, "\n");
        kino_buffer one = {0};
        kino_buffer_put(&one, p, n);
        roff_lines(b, ".PP\n", one.data, "\n");
        free(one.data);
        p += n;
        p += *p == '\n';
    }
    for (size_t i = 0; i < app_option_count; i++)
        if ((app_options[i].commands & 1u << c) && strcmp(app_options[i].group, "General"))
            roff_option(b, &app_options[i]);
    if (info->examples[0].line)
        kino_buffer_print(b, ".PP\nExamples:\n");
    for (size_t i = 0; i < APP_EXAMPLES && info->examples[i].line; i++) {
        roff_lines(b, ".PP\n.RS 4\n.nf\n\\fB", info->examples[i].line, "\\fR\n.fi\n");
        roff_lines(b, "", info->examples[i].what, "\n.RE\n");
    }
}

kino_status app_help_man(const app_screen *s)
{
    static const struct {
        const char *name, *text;
    } environment[] =
        {
            {"KINO_HOME", "The catalogue's folder."},
            {"XDG_DATA_HOME", "The catalogue is in kino/ below it, when KINO_HOME is not set."},
            {"KINO_WEIGHTS", "The file of the language model."},
            {"KINO_ISA", "Forces a lower instruction set: scalar, avx2, avx512, neon, ..."},
            {"NO_COLOR", "No colours, when it is set to anything. TERM=dumb does the same."},
        },
      codes[] = {
          {"0", "All is well."},
          {"1", "A failure of the system: a full disk, a file that cannot be read."},
          {"2", "The command line is wrong."},
          {"3", "No such film, file or catalogue; or several films bear the title."},
          {"4", "The network, or the service behind it."},
          {"5", "A damaged or foreign file."},
          {"130", "Interrupted."},
      };
    kino_buffer b = {0};
    kino_buffer_print(&b, ".TH KINO 1 \"\" \"kino " KINO_VERSION "\" \"User Commands\"\n"
                          ".SH NAME\nkino \\- what to watch next, and why\n"
                          ".SH SYNOPSIS\n\\fBkino\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...] [\\fIOPTION\\fR ...]\n"
                          ".SH DESCRIPTION\n"
                          "kino recommends films. It joins what a film tells, by a language model that reads the "
                          "plots, with what a film is, by an autoencoder over genres, language, era, length and "
                          "acclaim, and gives its reasons. Everything is computed on this machine.\n.PP\n"
                          "Data goes to standard output, everything else to standard error. Colours, bars and cut "
                          "lines are for terminals alone.\n.SH COMMANDS\n");
    for (int c = 0; c < APP_COMMANDS; c++)
        roff_command(&b, c);
    kino_buffer_print(&b, ".SH OPTIONS OF EVERY COMMAND\nAs far as they make sense for it.\n");
    for (size_t i = 0; i < app_option_count; i++)
        if (!strcmp(app_options[i].group, "General"))
            roff_option(&b, &app_options[i]);
    kino_buffer_print(&b, ".SH ENVIRONMENT\n");
    for (size_t i = 0; i < sizeof environment / sizeof *environment; i++) {
        roff_lines(&b, ".TP\n.B ", environment[i].name, "\n");
        roff_lines(&b, "", environment[i].text, "\n");
    }
    kino_buffer_print(&b, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        roff_lines(&b, ".TP\n.B ", codes[i].name, "\n");
        roff_lines(&b, "", codes[i].text, "\n");
    }
    roff_lines(&b, ".SH FILES\n.TP\n.I ", "~/.local/share/kino/catalogue.db",
               "\nThe catalogue: one SQLite database.\n");
    kino_buffer_print(&b, ".SH NOTICES\n" NOTICE "\n" MODEL_NOTICE "\n");
    app_flush(&b, s);
    return KINO_OK;
}
