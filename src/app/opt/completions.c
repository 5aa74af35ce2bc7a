/* completions.c - scripts by which shells complete kino's command line, made of the option table. Titles come from the
 * catalogue, by `kino find --titles`. */
#include <stdlib.h>
#include <string.h>

#include "app/opt/help.h"
#include "base/status.h"

/* What may stand in a place, as far as a shell can help. */
typedef enum place { NOTHING, TITLES, FILES, FOLDERS, COMMANDS, WORDS, WEIGHTS, NAMES } place;

/* The options whose values are names of the catalogue, and the word for these in `kino find --names`. */
static const struct {
    size_t offset;
    const char *kind;
} named[] = {
    {offsetof(app_args, ask.genres), "genre"},       {offsetof(app_args, ask.no_genres), "genre"},
    {offsetof(app_args, ask.languages), "language"}, {offsetof(app_args, ask.countries), "country"},
    {offsetof(app_args, ask.directors), "director"}, {offsetof(app_args, ask.with), "cast"},
};

static const char *kind_of_names(const app_option *o)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i].offset == o->offset)
            return named[i].kind;
    return NULL;
}

static place place_of_option(const app_option *o)
{
    switch (o->kind) {
    case KINO_VALUE_FILE:
    case KINO_VALUE_FILES:
        return FILES;
    case KINO_VALUE_FOLDER:
        return FOLDERS;
    case KINO_VALUE_CHOICE:
        return WORDS;
    case KINO_VALUE_WEIGHTS:
        return WEIGHTS;
    default:
        return kind_of_names(o) ? NAMES : o->value && strstr(o->value, "TITLE") ? TITLES : NOTHING;
    }
}

static place place_of_command(const app_command_info *c)
{
    static const struct {
        const char *word;
        place place;
    } known[] = {{"TITLE", TITLES}, {"FILM", TITLES}, {"FILE", FILES}, {"COMMAND", COMMANDS}, {"|", WORDS}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(c->arguments, known[i].word))
            return known[i].place;
    return NOTHING;
}

static void put_text(kino_buffer *b, const char *text)
{
    kino_buffer_put(b, text, strlen(text));
}

/* "a|b|c" as "a b c" */
static void put_words(kino_buffer *b, const char *choices)
{
    for (const char *p = choices; *p; p++)
        kino_buffer_byte(b, *p == '|' ? ' ' : *p);
}

/* "plot= words= ... all=": a number is to follow. */
static void put_weights(kino_buffer *b)
{
    size_t count;
    const char *const *names = kino_weight_names(&count);
    for (size_t i = 0; i < count; i++)
        kino_buffer_print(b, "%s%s=", i ? " " : "", names[i]);
}

static void put_commands(kino_buffer *b, const char *between)
{
    for (int c = 0; c < APP_COMMANDS; c++)
        kino_buffer_print(b, "%s%s", c ? between : "", app_commands[c].name);
}

/* "--not" or "-k": the longer name where there is one. */
static void put_name(kino_buffer *b, const app_option *o)
{
    if (o->name)
        kino_buffer_print(b, "--%s", o->name);
    else
        kino_buffer_print(b, "-%c", o->letter);
}

/* Text between single quotes; how a quote stands in them differs. */
static void put_quoted(kino_buffer *b, const char *text, const char *quote)
{
    for (const char *p = text; *p; p++)
        kino_buffer_print(b, *p == '\'' ? "%s" : "%.0s%c", quote, *p);
}

/* The first clause of a help text is enough beside a list of options. */
static void put_brief(kino_buffer *b, const char *help, const char *quote)
{
    const size_t n = strcspn(help, ";:");
    char *text = kino_strdup(help);
    text[n] = 0;
    put_quoted(b, text, quote);
    free(text);
}

/* ---- bash and zsh: a table in a case statement each, and a few lines that use it ---- */

/* Of options that share a name, each is that of its commands: "*:--not", "push:--index". */
static void put_pattern(kino_buffer *b, const app_option *o)
{
    bool shared = false;
    for (size_t i = 0; o->name && i < app_option_count; i++)
        shared = shared || (&app_options[i] != o && app_options[i].name && !strcmp(app_options[i].name, o->name));
    if (!shared) {
        kino_buffer_print(b, "*:");
        put_name(b, o);
    }
    for (int c = 0, any = 0; shared && c < APP_COMMANDS; c++)
        if (o->commands & 1u << c) {
            kino_buffer_print(b, "%s%s:", any++ ? "|" : "", app_commands[c].name);
            put_name(b, o);
        }
}

/* case "$command:$before" in *:--keywords) place=files ;; ... */
static void put_option_places(kino_buffer *b)
{
    static const char *const names[] = {
        [NOTHING] = "nothing", [TITLES] = "titles", [FILES] = "files",     [FOLDERS] = "folders",
        [COMMANDS] = "",       [WORDS] = "words",   [WEIGHTS] = "weights", [NAMES] = "names"};
    for (size_t i = 0; i < app_option_count; i++) {
        const app_option *o = &app_options[i];
        if (!o->value)
            continue;
        const place p = place_of_option(o);
        kino_buffer_print(b, "        ");
        put_pattern(b, o);
        kino_buffer_print(b, ") place=%s", names[p]);
        if (p == NAMES)
            kino_buffer_print(b, " kind=%s list=%d", kind_of_names(o), o->kind == KINO_VALUE_LIST);
        if (p == WORDS || p == WEIGHTS)
            kino_buffer_print(b, " list=%d choices='", p == WEIGHTS);
        if (p == WORDS)
            put_words(b, o->value);
        if (p == WEIGHTS)
            put_weights(b);
        kino_buffer_print(b, "%s ;;\n", p == WORDS || p == WEIGHTS ? "'" : "");
    }
}

static void put_command_places(kino_buffer *b)
{
    for (int c = 0; c < APP_COMMANDS; c++) {
        const app_command_info *info = &app_commands[c];
        const place p = place_of_command(info);
        kino_buffer_print(b, "        %s) ", info->name);
        if (p == TITLES || p == FILES)
            kino_buffer_print(b, "place=%s ", p == TITLES ? "titles" : "files");
        if (p == COMMANDS || p == WORDS) {
            kino_buffer_print(b, "place=words choices='");
            if (p == COMMANDS)
                put_commands(b, " ");
            else
                put_words(b, info->arguments);
            kino_buffer_print(b, "' ");
        }
        kino_buffer_print(b, "flags='");
        bool any = false;
        for (size_t i = 0; i < app_option_count; i++)
            if (app_options[i].commands & 1u << c) {
                kino_buffer_print(b, "%s", any ? " " : "");
                put_name(b, &app_options[i]);
                any = true;
            }
        kino_buffer_print(b, "' ;;\n");
    }
}

/* The part of both scripts that says what may stand where: sets place, choices, flags and data. `words_name` is the
 * array of the words of the line, `first` the number of the one behind "kino", `last` that of the one at the cursor. */
static void put_lookup(kino_buffer *b, const char *words_name, int first, const char *last)
{
    kino_buffer_print(b,
                      "    local command= place=nothing choices= flags= kind= list=0 i word\n"
                      "    local -a data; data=()\n"
                      "    for ((i = %d; i < %s; i++)); do\n"
                      "        word=${%s[i]}\n"
                      "        if [[ $word == --data ]]; then\n"
                      "            word=${%s[i + 1]}\n"
                      "            [[ $word == '=' ]] && word=${%s[i + 2]}\n"
                      "            data=(--data \"${word/#\\~/$HOME}\")\n"
                      "        fi\n"
                      "        case $word in\n        --data=*) data=(--data \"${word#--data=}\") ;;\n        ",
                      first, last, words_name, words_name, words_name);
    put_commands(b, "|");
    kino_buffer_print(b, ") [[ -z $command ]] && command=$word ;;\n        esac\n    done\n    case $command in\n");
    put_command_places(b);
    kino_buffer_print(b, "        *) place=words choices='");
    put_commands(b, " ");
    kino_buffer_print(b, "' flags='--help --version' ;;\n    esac\n    case $command:$before in\n");
    put_option_places(b);
    kino_buffer_print(b, "    esac\n");
}

static void put_bash(kino_buffer *b)
{
    put_text(b, "# bash completion for kino; made by `kino completions bash`\n"
                "_kino() {\n"
                /* The shell has parted the word at = and :, and puts its answer in the place of the last part alone. */
                "    local at=$COMP_CWORD whole= part=$2 typed before head\n"
                "    [[ ${COMP_WORDS[COMP_CWORD]} == [=:]* ]] && whole=${COMP_WORDS[COMP_CWORD]} part=\n"
                "    while ((at > 1)) && [[ ${COMP_WORDS[at]} == [=:]* || ${COMP_WORDS[at - 1]} == [=:]* ]]; do\n"
                "        whole=${COMP_WORDS[at -= 1]}$whole\n"
                "    done\n"
                "    whole+=$part before=${COMP_WORDS[at - 1]}\n"
                "    [[ $whole == --*=* ]] && before=${whole%%=*} whole=${whole#*=}\n"
                "    typed=${whole//\\\\/} part=${part//\\\\/}\n"
                "    head=${typed%\"$part\"}\n");
    put_lookup(b, "COMP_WORDS", 1, "COMP_CWORD");
    put_text(
        b,
        "    COMPREPLY=()\n"
        "    if [[ $typed == -* && $place != files ]]; then\n"
        "        COMPREPLY=($(compgen -W \"$flags\" -- \"$typed\"))\n"
        "        return\n"
        "    fi\n"
        "    local before_comma= one common\n"
        "    if [[ $list == 1 && $typed == *,* ]]; then\n"
        "        before_comma=${typed%,*},\n"
        "        typed=${typed##*,}\n"
        "    fi\n"
        "    local -a ask; ask=(\"$1\" find \"${data[@]}\" -q -k 40)\n"
        "    case $place in\n"
        "    words) COMPREPLY=($(compgen -W \"$choices\" -- \"$typed\")) ;;\n"
        "    weights) compopt -o nospace; COMPREPLY=($(compgen -W \"$choices\" -- \"$typed\")) ;;\n"
        "    files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$typed\") ;;\n"
        "    folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$typed\") ;;\n"
        "    names)\n"
        "        compopt -o filenames\n" /* for its quoting of spaces and brackets */
        "        mapfile -t COMPREPLY < <(\"${ask[@]}\" --names $kind -- \"$typed\" 2>/dev/null) ;;\n"
        "    titles)\n"
        "        [[ -n $typed ]] || return\n"
        "        compopt -o filenames\n"
        "        mapfile -t COMPREPLY < <(\"${ask[@]}\" --titles -- \"$typed\" 2>/dev/null) ;;\n"
        "    esac\n"
        "    local -a found; found=(\"${COMPREPLY[@]/#/$before_comma}\")\n"
        "    COMPREPLY=()\n"
        "    for one in \"${found[@]}\"; do\n"
        "        [[ ${one,,} == \"${head,,}\"* ]] && COMPREPLY+=(\"${one:${#head}}\")\n"
        "    done\n"
        /* What all have in common takes the place of what was typed: where that is not in it, there has to be one more
         * that has nothing in common with them. */
        "    common=${COMPREPLY[0]}\n"
        "    for one in \"${COMPREPLY[@]}\"; do\n"
        "        while [[ $one != \"$common\"* ]]; do common=${common%?}; done\n"
        "    done\n"
        "    [[ ${#COMPREPLY[@]} -gt 1 && ${common,,} != *\"${part,,}\"* ]] && COMPREPLY+=(' ')\n"
        "    return 0\n"
        "}\n"
        "complete -F _kino kino\n");
}

static void put_zsh(kino_buffer *b)
{
    put_text(b, "#compdef kino\n# zsh completion for kino; made by `kino completions zsh`\n"
                "_kino() {\n"
                "    emulate -L zsh\n"
                "    local before=${words[CURRENT - 1]}\n"
                "    [[ $PREFIX == --*=* ]] && before=${PREFIX%%=*} && compset -P 1 '*='\n"
                "    local typed=${(Q)PREFIX}\n"
                "    local -a line; line=(\"${(@)words}\")\n");
    put_lookup(b, "line", 2, "CURRENT");
    put_text(
        b, "    if [[ $typed == -* && $place != files ]]; then\n"
           "        compadd -- ${=flags}\n"
           "        return\n"
           "    fi\n"
           "    [[ $list == 1 ]] && compset -P '*,' && typed=${(Q)PREFIX}\n"
           "    local -a ask found; ask=(${line[1]} find $data -q -k 40)\n"
           "    case $place in\n"
           "    words) compadd -- ${=choices}; return ;;\n"
           "    weights) compadd -S '' -- ${=choices}; return ;;\n"
           "    files) _files; return ;;\n"
           "    folders) _files -/; return ;;\n"
           "    names) found=(${(f)\"$($ask --names $kind -- \"$typed\" 2>/dev/null)\"}) ;;\n"
           "    titles) [[ -n $typed ]] && found=(${(f)\"$($ask --titles -- $typed 2>/dev/null)\"}) ;;\n"
           "    esac\n"
           "    (($#found)) || return 1\n"
           "    compadd -U -P \"$IPREFIX\" -V found -- $found\n" /* -U: accents and articles need not be typed */
           /* What all have in common would take the place of what was typed, though that be nothing: so the first does,
            * and the others are shown. */
           "    (($#found > 1)) && compstate[insert]=menu compstate[list]='list force'\n"
           "    return 0\n"
           "}\n"
           "if [[ $funcstack[1] == _kino ]]; then _kino \"$@\"; else compdef _kino kino; fi\n");
}

/* ---- fish: a command for each rule ---- */

static void put_fish_option(kino_buffer *b, const app_option *o)
{
    if (o->commands == (1u << APP_COMMANDS) - 1) {
        kino_buffer_print(b, "complete -c kino");
    } else {
        kino_buffer_print(b, "complete -c kino -n '__fish_seen_subcommand_from");
        for (int c = 0; c < APP_COMMANDS; c++)
            if (o->commands & 1u << c)
                kino_buffer_print(b, " %s", app_commands[c].name);
        kino_buffer_byte(b, '\'');
    }
    if (o->letter)
        kino_buffer_print(b, " -s %c", o->letter);
    if (o->name)
        kino_buffer_print(b, " -l %s", o->name);
    if (o->value)
        switch (place_of_option(o)) {
        case FILES:
            kino_buffer_print(b, " -r -F");
            break;
        case FOLDERS:
            kino_buffer_print(b, " -x -a '(__fish_complete_directories)'");
            break;
        case TITLES:
            kino_buffer_print(b, " -x -a '(__kino_titles)'");
            break;
        case WORDS:
            kino_buffer_print(b, " -x -a '");
            put_words(b, o->value);
            kino_buffer_byte(b, '\'');
            break;
        case WEIGHTS:
            kino_buffer_print(b, " -x -a '(__kino_listed ");
            put_weights(b);
            kino_buffer_print(b, ")'");
            break;
        case NAMES:
            kino_buffer_print(b, " -x -k -a '(__kino_listed (__kino_ask --names %s%s))'", kind_of_names(o),
                              o->kind == KINO_VALUE_LIST ? " list" : "");
            break;
        default:
            kino_buffer_print(b, " -x");
        }
    kino_buffer_print(b, " -d '");
    put_brief(b, o->help, "\\'");
    kino_buffer_print(b, "'\n");
}

static void put_fish(kino_buffer *b)
{
    put_text(b, "# fish completion for kino; made by `kino completions fish`\n"
                /* What is typed of a value, without the option before a =. */
                "function __kino_typed\n"
                "    commandline -ct | string unescape | string replace -r '^--[a-z-]+=' ''\n"
                "end\n"
                /* Of a list, what is behind the last comma is completed. */
                "function __kino_listed\n"
                "    set -l before (__kino_typed | string match -r '^.*,')\n"
                "    printf '%s\\n' \"$before\"$argv\n"
                "end\n"
                "function __kino_ask\n"
                "    set -l typed (__kino_typed)\n"
                "    contains list $argv; and set typed (string replace -r '^.*,' '' -- $typed)\n"
                "    set -l words (commandline -opc)\n"
                "    set -l data\n"
                "    set -l at (contains -i -- --data $words); and set data --data $words[(math $at + 1)]\n"
                "    $words[1] find -k 40 -q $data (string match -v list -- $argv) -- \"$typed\" 2>/dev/null\n"
                "end\n"
                "function __kino_titles\n"
                "    test -n (__kino_typed); and __kino_ask --titles\n"
                "end\n"
                "complete -c kino -f\n");
    for (int c = 0; c < APP_COMMANDS; c++) {
        const app_command_info *info = &app_commands[c];
        kino_buffer_print(b, "complete -c kino -n __fish_use_subcommand -a %s -d '", info->name);
        put_quoted(b, info->summary, "\\'");
        kino_buffer_print(b, "'\n");
        const place p = place_of_command(info);
        if (p == NOTHING)
            continue;
        kino_buffer_print(b, "complete -c kino -n '__fish_seen_subcommand_from %s' ", info->name);
        if (p == FILES)
            kino_buffer_print(b, "-F\n");
        else if (p == TITLES)
            kino_buffer_print(b, "-k -a '(__kino_titles)'\n");
        else {
            kino_buffer_print(b, "-a '");
            if (p == COMMANDS)
                put_commands(b, " ");
            else
                put_words(b, info->arguments);
            kino_buffer_print(b, "'\n");
        }
    }
    for (size_t i = 0; i < app_option_count; i++)
        put_fish_option(b, &app_options[i]);
}

kino_status app_completions(const app_screen *s, const char *shell, kino_error *err)
{
    kino_buffer b = {0};
    if (!strcmp(shell, "bash"))
        put_bash(&b);
    else if (!strcmp(shell, "zsh"))
        put_zsh(&b);
    else if (!strcmp(shell, "fish"))
        put_fish(&b);
    else
        return kino_fail(err, KINO_USAGE,
                         "completions are for bash, zsh and fish, not \"%s\" (see: kino help "
                         "completions)",
                         shell);
    app_flush(&b, s);
    return KINO_OK;
}
