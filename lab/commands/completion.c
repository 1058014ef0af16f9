/* SPDX-License-Identifier: MIT */
/* onemiss completion: a script that completes the words of onemiss in bash, zsh or fish,
 * made from the table of options. What only the built lab knows is asked from it when it
 * is needed: `onemiss list --names`. The name of a map is the name of a file, so no
 * script lets its shell read one as anything but text. */
#include <stdio.h>
#include <string.h>

#include "../command.h"
#include "../names.h"

/* The texts below stay under the 4095 bytes that C promises for a literal. */

/* ---- what the shells share ---- */

/* A command's operand is a choice of words, the name of a file, or a word of the user's. */
static bool has_word_operand(const struct command *command)
{
    return command->operand != NULL && strchr(command->operand, '|') != NULL;
}

static bool has_file_operand(const struct command *command)
{
    return command->operand != NULL && strchr(command->operand, '.') != NULL;
}

/* "bash|zsh|fish" with spaces. */
static void print_operand_words(const struct command *command)
{
    for (const char *at = command->operand; *at != '\0'; at++)
        putchar(*at == '|' ? ' ' : *at);
}

/* `text` inside single quotes: what stands in `special` gets a backslash, and a quote is
 * written as `quote`. */
static void print_quoted(const char *text, const char *special, const char *quote)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs(quote, stdout);
            continue;
        }
        if (strchr(special, *text) != NULL)
            putchar('\\');
        putchar(*text);
    }
}

static void print_command_names(const char *between)
{
    for (size_t i = 0; i < n_commands; i++)
        printf("%s%s", i > 0 ? between : "", all_commands[i]->name);
}

static bool is_list(const struct option_info *info, const struct command *command)
{
    return (info->lists & command->bit) != 0;
}

/* ---- bash ---- */

static const char bash_head[] =
    "# bash completion for onemiss, made by `onemiss completion bash`.\n"
    "# shellcheck shell=bash\n"
    "# These functions share the variables of the last one: what was typed, what of it\n"
    "# stays before the answer, and of that the list.\n"
    "\n"
    "# Offers the lines of standard input that begin as was typed, each quoted.\n"
    "_onemiss_offer() {\n"
    "    local name quoted\n"
    "    while IFS= read -r name; do\n"
    "        printf -v quoted %q \"$name\"\n"
    "        [[ $name == \"$typed\"* || $quoted == \"$typed\"* ]] || continue\n"
    "        [[ ,$list == *\",$quoted,\"* ]] || COMPREPLY+=(\"$before$quoted\")\n"
    "    done\n"
    "}\n"
    "\n"
    "_onemiss_words() { # WORDS\n"
    "    _onemiss_offer < <(printf '%s\\n' \"$@\")\n"
    "}\n"
    "\n"
    "_onemiss_files() {\n"
    "    if [[ -z $before ]]; then\n"
    "        compopt -o default # readline knows best how they are quoted\n"
    "    else\n"
    "        _onemiss_offer < <(compgen -f -- \"$typed\")\n"
    "    fi\n"
    "}\n"
    "\n"
    "_onemiss_names() { # KIND\n"
    "    if [[ $1 == maps && $typed == */* ]]; then\n"
    "        _onemiss_files\n"
    "    else\n"
    "        _onemiss_offer < <(\"$program\" list --names \"$1\" 2>/dev/null "
    "</dev/null)\n"
    "    fi\n"
    "}\n"
    "\n"
    "# Of a list only what stands behind the last comma is completed.\n"
    "_onemiss_several() {\n"
    "    [[ $typed == *,* ]] || return 0\n"
    "    list=${typed%,*},\n"
    "    before+=$list\n"
    "    typed=${typed##*,}\n"
    "}\n"
    "\n";

static const char bash_middle[] =
    "_onemiss() {\n"
    "    local program=$1 typed=${COMP_WORDS[COMP_CWORD]} before='' list=''\n"
    "    local command=${COMP_WORDS[1]} option='' is_joined=yes\n"
    "    local previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    COMPREPLY=()\n"
    "    # shellcheck disable=SC2088 # a tilde as it was typed\n"
    "    [[ $program != '~/'* ]] || program=$HOME/${program:2}\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        _onemiss_commands\n"
    "        [[ $typed != -* ]] || _onemiss_words --help --version\n"
    "        return\n"
    "    fi\n"
    "    # bash cuts --name=typed in three, unless COMP_WORDBREAKS was changed\n"
    "    if [[ $typed == = ]]; then\n"
    "        option=$previous typed=''\n"
    "    elif [[ $previous == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    elif [[ $typed == --*=* ]]; then\n"
    "        option=${typed%%=*} before=${typed%%=*}= typed=${typed#*=}\n"
    "    elif [[ $typed == -[!-]?* ]]; then\n"
    "        option=${typed:0:2} before=${typed:0:2} typed=${typed:2}\n"
    "    else\n"
    "        option=$previous is_joined=''\n"
    "    fi\n"
    "    if ! _onemiss_argument \"$command:$option\" && [[ -z $is_joined ]]; then\n"
    "        _onemiss_operand \"$command\"\n"
    "    fi\n"
    "}\n"
    "\n"
    "complete -F _onemiss onemiss\n";

static void bash_argument(const struct option_info *info, const struct command *command)
{
    fputs("    ", stdout);
    if (info->letter != 0)
        printf("%s:-%c | ", command->name, info->letter);
    printf("%s:--%s) ", command->name, info->name);
    if (is_list(info, command))
        fputs("_onemiss_several; ", stdout);
    switch (info->kind) {
    case ARGUMENT_FREE:
        puts(";;");
        break;
    case ARGUMENT_FILE:
        puts("_onemiss_files ;;");
        break;
    case ARGUMENT_WORDS:
        printf("_onemiss_words %s ;;\n", info->values);
        break;
    case ARGUMENT_NAMES:
        printf("_onemiss_names %s ;;\n", info->values);
        break;
    }
}

static void bash_operand(const struct command *command)
{
    printf("    %s)\n", command->name);
    if (command->operand != NULL)
        fputs("        if [[ $typed != -* ]]; then\n            ", stdout);
    if (has_file_operand(command)) {
        fputs("_onemiss_files", stdout);
    } else if (has_word_operand(command)) {
        fputs("_onemiss_words ", stdout);
        print_operand_words(command);
    }
    if (command->operand != NULL)
        fputs("\n            return\n        fi\n", stdout);
    fputs("        _onemiss_words", stdout);
    for (const struct option_info *info = options_next(NULL, command); info != NULL;
         info = options_next(info, command)) {
        printf(" \\\n            --%s", info->name);
        if (info->letter != 0)
            printf(" -%c", info->letter);
    }
    puts("\n        ;;");
}

static void print_bash(void)
{
    fputs(bash_head, stdout);
    fputs("_onemiss_commands() {\n    _onemiss_words ", stdout);
    print_command_names(" ");
    puts(" help\n}\n");
    puts("# False where the option takes no argument.\n"
         "_onemiss_argument() { # COMMAND:OPTION\n    case $1 in");
    for (size_t i = 0; i < n_commands; i++)
        for (const struct option_info *info = options_next(NULL, all_commands[i]);
             info != NULL; info = options_next(info, all_commands[i]))
            if (info->argument != NULL)
                bash_argument(info, all_commands[i]);
    puts("    *) return 1 ;;\n    esac\n}\n");
    puts(
        "# What stands by itself: the command's options, or its operand.\n"
        "_onemiss_operand() { # COMMAND\n    case $1 in\n    help) _onemiss_commands ;;");
    for (size_t i = 0; i < n_commands; i++)
        bash_operand(all_commands[i]);
    puts("    esac\n}\n");
    fputs(bash_middle, stdout);
}

/* ---- zsh ---- */

static const char zsh_head[] =
    "#compdef onemiss\n"
    "# zsh completion for onemiss, made by `onemiss completion zsh`.\n"
    "\n"
    "_onemiss_names() { # KIND\n"
    "    local -a names\n"
    "    if [[ $1 == maps && $PREFIX == */* ]]; then\n"
    "        _files\n"
    "        return\n"
    "    fi\n"
    "    names=(${(f)\"$($program list --names $1 2>/dev/null </dev/null)\"})\n"
    "    _onemiss_words $names\n"
    "}\n"
    "\n"
    "_onemiss_words() { # WORDS: those that are not in the list yet\n"
    "    local -a words_left=(\"$@\") used=(\"${(@Q)${(@s:,:)list}}\")\n"
    "    words_left=(${words_left:|used})\n"
    "    compadd -a words_left\n"
    "}\n"
    "\n"
    "# Of a list only what stands behind the last comma is completed.\n"
    "_onemiss_several() { # FUNCTION ARGUMENTS\n"
    "    local list=${PREFIX%,*}\n"
    "    compset -P '*,' || list=\n"
    "    \"$@\"\n"
    "}\n"
    "\n"
    "_onemiss() {\n"
    "    local curcontext=$curcontext context state state_descr line list\n"
    "    local program=${${(Q)words[1]}/#\\~\\//$HOME/}\n"
    "    local -A opt_args\n"
    "    local -a commands\n";

static const char zsh_middle[] =
    "    _arguments -C '(- *)'{-h,--help}'[the commands]' '(- *)--version[its version]' "
    "\\\n"
    "        '1: :->command' '*:: :->rest' && return\n"
    "    [[ $state == command || ($state == rest && $words[1] == help) ]] &&\n"
    "        _describe command commands && return\n"
    "    case $words[1] in\n";

static const char zsh_tail[] = "    esac\n"
                               "}\n"
                               "\n"
                               "# autoloaded, or sourced\n"
                               "if [[ $funcstack[1] == _onemiss ]]; then\n"
                               "    _onemiss \"$@\"\n"
                               "else\n"
                               "    compdef _onemiss onemiss\n"
                               "fi\n";

/* Text of a specification of _arguments, which reads colons and brackets. */
static void zsh_text(const char *text)
{
    print_quoted(text, ":[]\\", "'\\''");
}

static void zsh_option(const struct option_info *info, const struct command *command)
{
    const bool has_argument = info->argument != NULL;
    fputs(" \\\n            ", stdout);
    if (info->letter != 0)
        printf("'(-%c --%s)'{-%c%s,--%s%s}'[", info->letter, info->name, info->letter,
               has_argument ? "+" : "", info->name, has_argument ? "=" : "");
    else
        printf("'--%s%s[", info->name, has_argument ? "=" : "");
    zsh_text(info->help);
    putchar(']');
    if (has_argument) {
        putchar(':');
        zsh_text(info->argument);
        fputs(": ", stdout);
    }
    if (is_list(info, command))
        fputs("_onemiss_several ", stdout);
    if (info->kind == ARGUMENT_FILE)
        fputs("_files", stdout);
    else if (info->kind == ARGUMENT_WORDS)
        printf("_onemiss_words %s", info->values);
    else if (info->kind == ARGUMENT_NAMES)
        printf("_onemiss_names %s", info->values);
    putchar('\'');
}

static void zsh_operand(const struct command *command)
{
    fputs(" \\\n            ':", stdout);
    zsh_text(command->operand);
    if (has_file_operand(command)) {
        fputs(":_files'", stdout);
        return;
    }
    fputs(":(", stdout);
    print_operand_words(command);
    fputs(")'", stdout);
}

static void print_zsh(void)
{
    fputs(zsh_head, stdout);
    puts("    commands=(");
    for (size_t i = 0; i < n_commands; i++) {
        printf("        '%s:", all_commands[i]->name);
        zsh_text(all_commands[i]->summary);
        puts("'");
    }
    puts("        'help:how a command is used'\n    )");
    fputs(zsh_middle, stdout);
    for (size_t i = 0; i < n_commands; i++) {
        const struct command *const command = all_commands[i];
        printf("    %s)\n        _arguments -s -S", command->name);
        for (const struct option_info *info = options_next(NULL, command); info != NULL;
             info = options_next(info, command))
            zsh_option(info, command);
        if (command->operand != NULL)
            zsh_operand(command);
        puts("\n        ;;");
    }
    fputs(zsh_tail, stdout);
}

/* ---- fish ---- */

static const char fish_head[] =
    "# fish completion for onemiss, made by `onemiss completion fish`.\n"
    "\n"
    "function __onemiss_is # COMMAND: true when it is the one that was typed\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -ge 2; and test \"$words[2]\" = $argv[1]\n"
    "end\n"
    "\n"
    "function __onemiss_begins # true when no command was typed yet\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -eq 1\n"
    "end\n"
    "\n"
    "function __onemiss_typed # the argument, without the option before it\n"
    "    commandline -ct | string replace -r '^(--[^=]*=|-[^-])' ''\n"
    "end\n"
    "\n"
    "function __onemiss_names # KIND\n"
    "    set -l words (commandline -opc | string replace -r '^~/' \"$HOME/\")\n"
    "    set -l item (__onemiss_typed | string replace -r '^.*,' '')\n"
    "    if test $argv[1] = maps; and string match -q '*/*' -- $item\n"
    "        __fish_complete_path $item\n"
    "    else\n"
    "        command $words[1] list --names $argv[1] 2>/dev/null </dev/null\n"
    "    end\n"
    "end\n"
    "\n"
    "function __onemiss_several # WORDS: behind the last comma, those not there yet\n"
    "    set -l list (__onemiss_typed | string match -r '^.*,')\n"
    "    set -l used (string split , -- $list)\n"
    "    for word in $argv\n"
    "        contains -- $word $used; or printf '%s%s\\n' \"$list\" $word\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c onemiss -f\n"
    "complete -c onemiss -n __onemiss_begins -s h -l help -d 'the commands'\n"
    "complete -c onemiss -n __onemiss_begins -l version -d 'its version'\n"
    "complete -c onemiss -n __onemiss_begins -a help -d 'how a command is used'\n";

static void fish_text(const char *text)
{
    putchar('\'');
    print_quoted(text, "\\", "\\'");
    putchar('\'');
}

static void fish_option(const struct option_info *info, const struct command *command)
{
    const bool has_list = is_list(info, command);
    printf("complete -c onemiss -n '__onemiss_is %s'", command->name);
    if (info->letter != 0)
        printf(" -s %c", info->letter);
    printf(" -l %s", info->name);
    if (info->argument != NULL)
        fputs(info->kind == ARGUMENT_FILE ? " -r -F" : " -x", stdout);
    if (info->kind == ARGUMENT_WORDS)
        printf(has_list ? " -a '(__onemiss_several %s)'" : " -a '%s'", info->values);
    else if (info->kind == ARGUMENT_NAMES)
        printf(has_list ? " -a '(__onemiss_several (__onemiss_names %s))'"
                        : " -a '(__onemiss_names %s)'",
               info->values);
    fputs(" -d ", stdout);
    fish_text(info->help);
    putchar('\n');
}

static void print_fish(void)
{
    fputs(fish_head, stdout);
    for (size_t i = 0; i < n_commands; i++) {
        const struct command *const command = all_commands[i];
        printf("\ncomplete -c onemiss -n __onemiss_begins -a %s -d ", command->name);
        fish_text(command->summary);
        printf("\ncomplete -c onemiss -n '__onemiss_is help' -a %s -d ", command->name);
        fish_text(command->summary);
        putchar('\n');
        for (const struct option_info *info = options_next(NULL, command); info != NULL;
             info = options_next(info, command))
            fish_option(info, command);
        if (command->operand == NULL)
            continue;
        printf("complete -c onemiss -n '__onemiss_is %s' ", command->name);
        if (has_file_operand(command)) {
            puts("-F");
            continue;
        }
        fputs("-a '", stdout);
        print_operand_words(command);
        puts("'");
    }
}

/* ---- the command ---- */

static int run(const struct options *options, int n_words, char **words)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    static void (*const printers[])(void) = {print_bash, print_zsh, print_fish};
    struct complaint complaint;
    (void)n_words, (void)words;
    if (!name_is_one_of("shell", options->operand, shells, 3, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    for (size_t i = 0; i < 3; i++)
        if (strcmp(options->operand, shells[i]) == 0)
            printers[i]();
    return EXIT_ALL_GOOD;
}

const struct command command_completion = {
    .name = "completion",
    .summary = "a script with which your shell completes words",
    .example = "onemiss completion bash",
    .operand = "bash|zsh|fish",
    .bit = OPTION_COMPLETION,
    .run = run,
};
