/* SPDX-License-Identifier: MIT */
/* What was found out about this machine, a line each, and what mends what is missing. */
#include "findings.h"

#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "result.h"
#include "terminal.h"

enum { TEXT_COLUMN = 22, LEAST_WIDTH = 60, MOST_WIDTH = 100 };

static const char *const marks[] = {"ok", "note", "no"};

/* Names of processors, tools' versions and the like may hold anything. */
static void disarm(char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

struct finding *findings_add(struct findings *all, enum finding_state state,
                             const char *name, const char *format, ...)
{
    va_list arguments;
    if (all->n == MOST_FINDINGS)
        all->n--;
    struct finding *const finding = &all->of[all->n++];
    memset(finding, 0, sizeof *finding);
    finding->section = all->section;
    finding->name = name;
    finding->state = state;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
    disarm(finding->text);
    return finding;
}

static void set_remedy(struct finding *finding, bool is_command, const char *format,
                       va_list arguments) __attribute__((format(printf, 3, 0)));

static void set_remedy(struct finding *finding, bool is_command, const char *format,
                       va_list arguments)
{
    vsnprintf(finding->remedy, sizeof finding->remedy, format, arguments);
    finding->is_remedy_command = is_command;
    disarm(finding->remedy);
}

void finding_mend(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_remedy(finding, false, format, arguments);
    va_end(arguments);
}

void finding_mend_by(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_remedy(finding, true, format, arguments);
    va_end(arguments);
}

const char *as_root(void)
{
    return geteuid() == 0 ? "" : "sudo ";
}

/* ---- on paper ---- */

int print_width(FILE *to)
{
    struct winsize size = {0};
    if (!isatty(fileno(to)) || ioctl(fileno(to), TIOCGWINSZ, &size) != 0 ||
        size.ws_col > MOST_WIDTH || size.ws_col == 0)
        return MOST_WIDTH;
    return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

void print_wrapped(FILE *to, const char *text, int at, int width)
{
    const size_t room = (size_t)(width - at);
    while (strlen(text) > room) {
        size_t end = room;
        while (end > 0 && text[end] != ' ')
            end--;
        if (end == 0)
            end = strcspn(text, " "); /* one long word stays whole */
        fprintf(to, "%.*s\n%*s", (int)end, text, at, "");
        text += end + (text[end] == ' ');
    }
    fprintf(to, "%s\n", text);
}

static void print_finding(FILE *to, const struct finding *finding, int width)
{
    static const enum style styles[] = {STYLE_GOOD, STYLE_PLAIN, STYLE_BAD};
    fprintf(to, "  %s%-5s%s %-13s ", terminal_style(to, styles[finding->state]),
            marks[finding->state], terminal_style(to, STYLE_PLAIN), finding->name);
    print_wrapped(to, finding->text, TEXT_COLUMN, width);
    if (finding->remedy[0] == '\0')
        return;
    fprintf(to, "%*s", TEXT_COLUMN, "");
    if (finding->is_remedy_command)
        fprintf(to, "$ %s\n", finding->remedy); /* never broken: it is to be copied */
    else
        print_wrapped(to, finding->remedy, TEXT_COLUMN, width);
}

void findings_print(FILE *to, const struct findings *all)
{
    const char *section = "";
    const int width = print_width(to);
    for (size_t i = 0; i < all->n; i++) {
        const struct finding *const finding = &all->of[i];
        if (strcmp(section, finding->section) != 0)
            fprintf(to, "%s%s%s%s\n", i > 0 ? "\n" : "", terminal_style(to, STYLE_STRONG),
                    finding->section, terminal_style(to, STYLE_PLAIN));
        section = finding->section;
        print_finding(to, finding, width);
    }
}

json_t *findings_describe(const struct findings *all)
{
    json_t *const array = json_array();
    for (size_t i = 0; i < all->n; i++) {
        const struct finding *const finding = &all->of[i];
        json_t *const object = json_pack(
            "{s:s, s:s, s:s, s:o}", "section", finding->section, "name", finding->name,
            "state", marks[finding->state], "finding", result_text(finding->text));
        if (finding->remedy[0] != '\0')
            json_object_set_new(object, finding->is_remedy_command ? "command" : "remedy",
                                result_text(finding->remedy));
        json_array_append_new(array, object);
    }
    return array;
}
