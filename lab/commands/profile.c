/* SPDX-License-Identifier: MIT */
/* onemiss profile: one map under one workload, looked at with every instrument; a folder of
 * tables and pictures. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../command.h"
#include "../interrupt.h"
#include "../output.h"
#include "../plan.h"
#include "../reader.h"
#include "../report/calls_text.h"
#include "../report/cell_read.h"
#include "../report/flame_folded.h"
#include "../report/flame_html.h"
#include "../report/flame_read.h"
#include "../report/flame_speedscope.h"
#include "../report/flame_top.h"
#include "../report/forensics_svg.h"
#include "../report/functions_text.h"
#include "../report/text.h"
#include "../result.h"

#define FOLDER      "onemiss-profile"
#define INSTRUMENTS "clock,latency,memory,timeline,counters,strace,flame,instructions"

/* ---- the folder ---- */

static bool make_folder(const char *folder, struct complaint *complaint)
{
    struct stat about;
    if (*folder == '\0' || strcmp(folder, "-") == 0)
        return complain(complaint, "--output needs the name of a folder");
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return complain(complaint, "folder '%.200s' cannot be made: %s", folder,
                        strerror(errno));
    if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))
        return complain(complaint, "'%.200s' is no folder; name another with --output",
                        folder);
    return access(folder, W_OK | X_OK) == 0 ||
           complain(complaint, "folder '%.200s' cannot be written to: %s", folder,
                    strerror(errno));
}

static bool in_folder(const char *folder, const char *name, char path[PATH_MAX],
                      struct complaint *complaint)
{
    return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX ||
           complain(complaint, "'%.200s': the name is too long", folder);
}

/* ---- what goes into it ---- */

/* Writes one file's text; false: the result has nothing for it. */
typedef bool writer(const json_t *result, size_t cell, FILE *to,
                    struct complaint *complaint);

static bool write_calls(const json_t *result, size_t cell, FILE *to,
                        struct complaint *complaint)
{
    (void)complaint;
    report_calls(cell_at(result, cell), to, true);
    return true;
}

static bool write_summary(const json_t *result, size_t cell, FILE *to,
                          struct complaint *complaint)
{
    (void)cell, (void)complaint;
    report_text(result, to, true);
    return true;
}

static bool write_functions(const json_t *result, size_t cell, FILE *to,
                            struct complaint *complaint)
{
    (void)complaint;
    report_functions(cell_at(result, cell), to, true);
    return true;
}

/* A text that was made, or NULL. */
static bool put_made(char *text, FILE *to)
{
    const bool is_made = text != NULL;
    if (is_made)
        fputs(text, to);
    free(text);
    return is_made;
}

static bool write_forensics(const json_t *result, size_t cell, FILE *to,
                            struct complaint *complaint)
{
    (void)complaint;
    return put_made(
        forensics_svg(cell_at(result, cell), NULL, json_object_get(result, "machine")),
        to);
}

/* Whether all cells say the same of themselves. */
static bool says_the_same(const json_t *result, const char *what)
{
    const json_t *const first = json_object_get(cell_at(result, 0), what);
    size_t i;
    const json_t *cell;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        if (json_equal(first, json_object_get(cell, what)) == 0)
            return false;
    }
    return true;
}

/* The two kinds of pages, or the two maps, by the same scales. */
static bool write_both(const json_t *result, size_t cell, FILE *to,
                       struct complaint *complaint)
{
    (void)cell, (void)complaint;
    return cell_at(result, 1) != NULL &&
           put_made(forensics_svg(cell_at(result, 0), cell_at(result, 1),
                                  json_object_get(result, "machine")),
                    to);
}

static bool write_folded(const json_t *result, size_t cell, FILE *to,
                         struct complaint *complaint)
{
    (void)complaint;
    return put_made(flame_folded(result, cell), to);
}

static bool write_speedscope(const json_t *result, size_t cell, FILE *to,
                             struct complaint *complaint)
{
    (void)complaint;
    return put_made(flame_speedscope(result, cell), to);
}

static bool write_top(const json_t *result, size_t cell, FILE *to,
                      struct complaint *complaint)
{
    (void)complaint;
    return put_made(flame_top(result, cell), to);
}

static bool write_flame(const json_t *result, size_t cell, FILE *to,
                        struct complaint *complaint)
{
    struct viewer viewer;
    if (flame_stacks(cell_at(result, cell)) == NULL ||
        !viewer_load(&viewer, NULL, complaint))
        return false;
    const bool is_made = put_made(flame_html(result, cell, &viewer), to);
    viewer_drop(&viewer);
    return is_made;
}

/* Of the map against the other, where there is another. */
static bool write_difference(const json_t *result, size_t cell, FILE *to,
                             struct complaint *complaint)
{
    struct viewer viewer;
    (void)cell;
    if (flame_stacks(cell_at(result, 0)) == NULL ||
        flame_stacks(cell_at(result, 1)) == NULL ||
        !viewer_load(&viewer, NULL, complaint))
        return false;
    const bool is_made = put_made(flame_diff_html(result, 0, 1, &viewer), to);
    viewer_drop(&viewer);
    return is_made;
}

static const struct exported {
    const char *name, *what;
    writer *write;
    bool is_of_all; /* one file for all cells; else one for each */
} exported[] = {
    {"summary.txt", "the tables above", write_summary, true},
    {"memory-calls.txt", "every memory call and every resize, in order", write_calls,
     false},
    {"forensics.svg", "latency, memory, page faults over the run", write_forensics,
     false},
    {"forensics.both.svg", "the first two by the same scales", write_both, true},
    {"functions.txt", "instructions by function and source line", write_functions, false},
    {"flame.html", "the flame graph: search, zoom, tables", write_flame, false},
    {"flame.difference.html", "where one takes longer than the other", write_difference,
     true},
    {"flame.txt", "functions and source lines that took most", write_top, false},
    {"flame.folded", "stacks, a line each, for other tools", write_folded, false},
    {"flame.speedscope.json", "stacks for the viewer speedscope", write_speedscope,
     false},
};
enum { N_EXPORTED = sizeof exported / sizeof *exported };

/* What tells the cell from the others, as the beginning of a file's name. A map's name is
 * its own word: it must neither lead elsewhere nor hide the file. */
static void name_cell(char name[112], const json_t *result, size_t cell)
{
    static const char *const told_apart[] = {"subject", "pages"};
    size_t n = 0;
    name[0] = '\0';
    for (size_t i = 0; i < 2; i++) {
        const char *const word =
            json_string_value(json_object_get(cell_at(result, cell), told_apart[i]));
        if (word != NULL && !says_the_same(result, told_apart[i]))
            n += (size_t)snprintf(name + n, 112 - n, "%.48s.", word);
    }
    for (char *at = name; *at != '\0'; at++)
        if (*at == '/' || (*at == '.' && at == name))
            *at = '_';
}

/* The file's name: no two cells have the same. */
static void name_file(char name[160], const struct exported *file, const json_t *result,
                      size_t cell)
{
    char own[112] = "", other[112], number[24] = "";
    if (!file->is_of_all)
        name_cell(own, result, cell);
    for (size_t i = 0; !file->is_of_all && cell_at(result, i) != NULL; i++) {
        name_cell(other, result, i);
        if (i != cell && strcmp(own, other) == 0)
            snprintf(number, sizeof number, "%zu.", cell + 1);
    }
    snprintf(name, 160, "%s%s%s", own, number, file->name);
}

/* In 80 columns; a long name has a line of its own. */
static void say_file(const char *name, const char *what)
{
    enum { NAMES = 24 };
    if (strlen(name) > NAMES)
        printf("  %s\n  %*s  %s\n", name, NAMES, "", what);
    else
        printf("  %-*s  %s\n", NAMES, name, what);
}

/* Writes one file, and says so. Where there is nothing to write, an older file goes: the
 * folder shows one run. */
static bool export_file(const struct exported *file, const json_t *result, size_t cell,
                        const char *folder, struct complaint *complaint)
{
    char name[160], path[PATH_MAX], *text = NULL;
    struct complaint nothing = {""};
    size_t size = 0;
    name_file(name, file, result, cell);
    if (!in_folder(folder, name, path, complaint))
        return false;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return complain(complaint, "no memory for %s", name);
    const bool has_some = file->write(result, cell, to, &nothing);
    bool is_good = fclose(to) == 0 && text != NULL;
    if (!is_good)
        complain(complaint, "no memory for %s", name);
    if (is_good && has_some && size > 0) {
        is_good = output_write(path, text, complaint);
        if (is_good)
            say_file(name, file->what);
    } else if (is_good) {
        (void)unlink(path);
        if (nothing.text[0] != '\0')
            printf("  %s is not made: %s\n", name, nothing.text);
    }
    free(text);
    return is_good;
}

static bool export_all(const char *folder, const char *result_path,
                       struct complaint *complaint)
{
    json_t *const result = reader_read(result_path, complaint);
    if (result == NULL)
        return false;
    const size_t n_cells = json_array_size(json_object_get(result, "cells"));
    bool is_good = true;
    printf("\n%s\n", folder);
    say_file("result.json", "all of it, for onemiss report");
    for (size_t i = 0; is_good && i < N_EXPORTED; i++)
        for (size_t cell = 0; is_good && cell < (exported[i].is_of_all ? 1 : n_cells);
             cell++)
            is_good = export_file(&exported[i], result, cell, folder, complaint);
    json_decref(result);
    return is_good;
}

static int run(const struct options *given, int n_words, char **words)
{
    struct plan plan;
    struct complaint complaint;
    struct options options = *given;
    const char *const folder = given->folder != NULL ? given->folder : FOLDER;
    char path[PATH_MAX];
    if (options.instruments == NULL)
        options.instruments = INSTRUMENTS;
    options.has_pages = true;
    if (!plan_make(&plan, &options, true, &complaint)) {
        plan_drop(&plan);
        return command_fail(&complaint, EXIT_BAD_USAGE);
    }
    int code = EXIT_NOTHING_RUN;
    if (!make_folder(folder, &complaint) ||
        !in_folder(folder, "result.json", path, &complaint))
        (void)command_fail(&complaint, code);
    else
        code = command_carry_out(&plan, &options, path, n_words, words);
    plan_drop(&plan);
    if ((code == EXIT_ALL_GOOD || code == EXIT_SOME_CELL_BAD) &&
        !export_all(folder, path, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    return code;
}

const struct command command_profile = {
    .name = "profile",
    .summary = "one map under every instrument: a folder of tables and pictures",
    .example = "onemiss profile -w load_factor -i open_addressing -n 1.5M",
    .bit = OPTION_PROFILE,
    .run = run,
};
