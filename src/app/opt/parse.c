/* parse.c - argv -> app_args, by the table of options. */
#include <stdlib.h>
#include <string.h>

#include "app/opt/options.h"
#include "ask/near.h"
#include "base/status.h"

void app_args_free(app_args *a)
{
    free(a->words.items);
    free(a->history.unseen.items);
    free(a->history.files.items);
    free(a->history.among.items);
    free(a->build.map.items);
    free(a->serve.hosts.items);
    free(a->serve.proxies.items);
    kino_ask_free(&a->ask);
    *a = (app_args){0};
}

static kino_status store(app_args *a, const app_option *o, const char *shown, const char *text, kino_error *err)
{
    const kino_value_type type = {o->kind, o->low, o->high, o->value};
    return kino_value_read(&type, shown, text, &a->ask.memory, (char *)a + o->offset, err);
}

static const app_option *by_letter(char letter)
{
    for (size_t i = 0; i < app_option_count; i++)
        if (app_options[i].letter && app_options[i].letter == letter)
            return &app_options[i];
    return NULL;
}

static const app_option *by_name(const char *name, size_t n)
{
    for (size_t i = 0; i < app_option_count; i++)
        if (app_options[i].name && strlen(app_options[i].name) == n && !memcmp(app_options[i].name, name, n))
            return &app_options[i];
    return NULL;
}

/* Of options that share a name, that of the command. */
static const app_option *of_command(const app_option *o, app_command c)
{
    for (size_t i = 0; o->name && c < APP_COMMANDS && i < app_option_count; i++)
        if (app_options[i].name && !strcmp(app_options[i].name, o->name) && (app_options[i].commands & 1u << c))
            return &app_options[i];
    return o;
}

/* " (kino help recommend)", or without the command when it is not known yet. */
static const char *hint(char place[64], app_command c)
{
    strcpy(place, " (see: kino help");
    if (c < APP_COMMANDS)
        strcat(strcat(place, " "), app_commands[c].name);
    return strcat(place, ")");
}

static kino_status unknown_option(const char *word, size_t n, app_command c, kino_error *err)
{
    const char *best = NULL;
    size_t fewest = SIZE_MAX;
    char typed[33] = "", where[64];
    if (n < sizeof typed)
        memcpy(typed, word, n);
    for (size_t i = 0; *typed && i < app_option_count; i++) {
        const app_option *o = &app_options[i];
        if (!o->name || (c < APP_COMMANDS && !(o->commands & 1u << c)) || !kino_is_near(typed, o->name))
            continue;
        size_t edits = kino_edits(typed, o->name);
        if (edits < fewest) {
            fewest = edits;
            best = o->name;
        }
    }
    return kino_fail(err, KINO_USAGE, "unknown option --%.*s%s%s%s%s", (int)n, word, best ? "; did you mean --" : "",
                     best ? best : "", best ? "?" : "", hint(where, c));
}

static kino_status find_command(const char *word, app_command *out, kino_error *err)
{
    size_t fewest = SIZE_MAX;
    const char *best = NULL;
    for (int c = 0; c < APP_COMMANDS; c++) {
        const char *name = app_commands[c].name;
        if (!strcmp(word, name)) {
            *out = (app_command)c;
            return KINO_OK;
        }
        if (kino_is_near(word, name) && kino_edits(word, name) < fewest) {
            fewest = kino_edits(word, name);
            best = name;
        }
    }
    return kino_fail(err, KINO_USAGE, "unknown command \"%s\"%s%s%s (see: kino help)", word,
                     best ? "; did you mean " : "", best ? best : "", best ? "?" : "");
}

/* An option, remembered until the command is known. */
typedef struct given {
    const app_option *option;
    const char *text;
    bool by_letter;
} given;

static const char *shown_name(char place[40], const given *g)
{
    if (g->by_letter || !g->option->name) {
        place[0] = '-';
        place[1] = g->option->letter;
        place[2] = 0;
        return place;
    }
    return strcat(strcpy(place, "--"), g->option->name);
}

typedef struct parser {
    int argc, at;
    char **argv;
    given *list;
    size_t count;
} parser;

/* One word of the form --name, --name=VALUE, -k, -kVALUE or -qv. */
static kino_status parse_option(parser *p, app_command c, kino_error *err)
{
    char *word = p->argv[p->at];
    bool longer = word[1] == '-';
    char *letters = word + 1, *equals = longer ? strchr(word, '=') : NULL, place[40], where[64];
    do {
        const app_option *o;
        if (longer) {
            size_t n = equals ? (size_t)(equals - word) - 2 : strlen(word) - 2;
            o = by_name(word + 2, n);
            if (!o)
                return unknown_option(word + 2, n, c, err);
        } else {
            o = by_letter(*letters++);
            if (!o)
                return kino_fail(err, KINO_USAGE, "unknown option -%c%s", letters[-1], hint(where, c));
        }
        given g = {o, NULL, !longer};
        if (o->kind == KINO_VALUE_FLAG) {
            if (equals)
                return kino_fail(err, KINO_USAGE, "--%s takes no value%s", o->name, hint(where, c));
        } else if (equals) {
            g.text = equals + 1;
        } else if (!longer && *letters) {
            g.text = letters + (*letters == '=');
        } else if (p->at + 1 < p->argc) {
            g.text = p->argv[++p->at];
        } else {
            return kino_fail(err, KINO_USAGE, "%s needs a value: %s%s", shown_name(place, &g), o->value,
                             hint(where, c));
        }
        p->list[p->count++] = g;
        if (g.text)
            break;
    } while (!longer && *letters);
    return KINO_OK;
}

static kino_status check_words(const app_args *a, kino_error *err)
{
    const app_command_info *info = &app_commands[a->command];
    char where[64];
    if (a->general.help || a->general.version)
        return KINO_OK;
    if (a->words.count < info->least)
        return kino_fail(err, KINO_USAGE, "usage: kino %s %s%s", info->name, info->arguments, hint(where, a->command));
    if (a->words.count > info->most)
        return kino_fail(err, KINO_USAGE, "%s does not take \"%s\"; usage: kino %s%s%s%s", info->name,
                         a->words.items[info->most], info->name, *info->arguments ? " " : "", info->arguments,
                         hint(where, a->command));
    if (a->output.json && a->output.ndjson)
        return kino_fail(err, KINO_USAGE, "either --json or --ndjson%s", hint(where, a->command));
    return KINO_OK;
}

kino_status app_parse(int argc, char **argv, app_args *out, kino_error *err)
{
    app_args a = {.command = APP_COMMANDS,
                  .output.names = -1,
                  .tmdb.older_than = -1,
                  .serve = {.port = 8080, .cache = 128, .timeout = 10},
                  .cluster = {.since = -1, .replicas = -1}};
    kino_ask_init(&a.ask);
    size_t letters = 1;
    for (int i = 1; i < argc; i++)
        letters += strlen(argv[i]);
    parser p = {.argc = argc, .at = 1, .argv = argv, .list = kino_alloc_array(letters, sizeof *p.list)};
    kino_status st = KINO_OK;
    bool ended = false;
    for (; !st && p.at < argc; p.at++) {
        char *word = argv[p.at];
        if (!ended && !strcmp(word, "--"))
            ended = true;
        else if (!ended && word[0] == '-' && word[1])
            st = parse_option(&p, a.command, err);
        else if (a.command == APP_COMMANDS)
            st = find_command(word, &a.command, err);
        else
            kino_words_add(&a.words, word);
    }
    for (size_t i = 0; !st && i < p.count; i++) {
        char shown[40], where[64];
        p.list[i].option = of_command(p.list[i].option, a.command);
        shown_name(shown, &p.list[i]);
        if (a.command < APP_COMMANDS && !(p.list[i].option->commands & 1u << a.command))
            st = kino_fail(err, KINO_USAGE, "%s does not take %s%s", app_commands[a.command].name, shown,
                           hint(where, a.command));
        else
            st = store(&a, p.list[i].option, shown, p.list[i].text, err);
        if (st && err && !strstr(err->text, " (see: ")) {
            size_t n = strlen(err->text);
            hint(where, a.command);
            if (n + strlen(where) < sizeof err->text)
                strcpy(err->text + n, where);
        }
    }
    if (!st && a.command < APP_COMMANDS)
        st = check_words(&a, err);
    free(p.list);
    if (st)
        app_args_free(&a);
    else
        *out = a;
    return st;
}
