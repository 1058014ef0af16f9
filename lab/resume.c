/* SPDX-License-Identifier: MIT */
/* Going on with a comparison that was interrupted.
 *
 * A group of cells is kept when all of it is in the earlier result, and run once more from
 * its first block when not: samples of one block were taken side by side, and those of two
 * sittings never were. Each sitting is a source of its own in the result, by its machine,
 * its start and its noise. */
#include "resume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "join.h"
#include "reader.h"
#include "report/cell_read.h"
#include "result.h"

/* What asks to go on, in any of the spellings that getopt takes, or to be quiet: it changes
 * nothing of what is run. */
static bool is_heedless(const char *word)
{
    const size_t n = strlen(word);
    return strcmp(word, "-q") == 0 || strcmp(word, "--quiet") == 0 ||
           (n >= strlen("--res") && strncmp(word, "--resume", n) == 0);
}

/* The words of a command that say what is run. */
static json_t *asked(const json_t *result)
{
    json_t *const words = json_array();
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(result, "command"), i, word)
    {
        if (!is_heedless(json_string_value(word)))
            json_array_append(words, word);
    }
    return words;
}

static bool complain_of_another(const json_t *words, const char *path,
                                struct complaint *complaint)
{
    char line[200] = "";
    size_t n = 0, i;
    const json_t *word;
    json_array_foreach(words, i, word)
    {
        if (n + 1 < sizeof line)
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s", i > 0 ? " " : "",
                                  json_string_value(word));
    }
    return complain(complaint,
                    "--resume: '%.120s' is of another command, '%s'; give that one with "
                    "--resume, or name another file with --json",
                    path, line);
}

static bool is_of_these(const json_t *earlier, const char *path, int n_words,
                        char **words, struct complaint *complaint)
{
    json_t *const now = result_create(n_words, words, 0);
    json_t *const wanted = asked(now), *const found = asked(earlier);
    const bool is_same =
        json_equal(wanted, found) || complain_of_another(found, path, complaint);
    json_decref(wanted);
    json_decref(found);
    json_decref(now);
    return is_same;
}

/* ---- which groups are whole ---- */

/* An object: the cell of each name. */
static json_t *by_name(const json_t *cells)
{
    json_t *const names = json_object();
    size_t i;
    json_t *cell;
    json_array_foreach(cells, i, cell)
    {
        char *const name = cell_identity(cell);
        if (name != NULL)
            json_object_set(names, name, cell);
        free(name);
    }
    return names;
}

/* Moves the cells of a group from `names` to `kept`, if all of them are there; what is there
 * of an unfinished one goes. */
static bool keep_group(const struct plan *plan, size_t first, size_t n, json_t *names,
                       json_t *kept)
{
    json_t *const found = json_array();
    for (size_t i = first; i < first + n; i++) {
        json_t *const planned = result_cell(&plan->cells[i]);
        char *const name = cell_identity(planned);
        if (name != NULL) {
            json_array_append(found, json_object_get(names, name));
            json_object_del(names, name);
        }
        free(name);
        json_decref(planned);
    }
    const bool is_whole = json_array_size(found) == n;
    if (is_whole)
        json_array_extend(kept, found);
    json_decref(found);
    return is_whole;
}

/* Leaves in the plan what is not whole in `names`. */
static json_t *keep_groups(struct plan *plan, json_t *names)
{
    json_t *const kept = json_array();
    size_t left = 0;
    for (size_t first = 0, n; (n = plan_group(plan, first)) > 0; first += n) {
        if (keep_group(plan, first, n, names, kept))
            continue;
        memmove(&plan->cells[left], &plan->cells[first], n * sizeof *plan->cells);
        left += n;
    }
    plan->n_cells = left;
    return kept;
}

bool resume_open(struct plan *plan, const char *path, int n_words, char **words,
                 struct complaint *complaint)
{
    if (strcmp(path, "-") == 0)
        return complain(complaint, "--resume goes on with a file; name it with --json");
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    json_t *const earlier = reader_read(path, complaint);
    if (earlier == NULL)
        return false;
    plan->earlier = earlier;
    if (!is_of_these(earlier, path, n_words, words, complaint))
        return false;
    json_t *const names = by_name(json_object_get(earlier, "cells"));
    json_t *const kept = keep_groups(plan, names);
    const bool fits = json_object_size(names) == 0;
    json_object_set_new(earlier, "cells", kept);
    json_decref(names);
    return fits || complain(complaint,
                            "--resume: '%.120s' has cells that this comparison has not: "
                            "other maps or workloads are here now; name another file "
                            "with --json",
                            path);
}

/* What an earlier sitting left was run. */
static void set_complete(json_t *sources)
{
    size_t i;
    json_t *source;
    json_array_foreach(sources, i, source)
    {
        json_object_set_new(source, "complete", json_true());
    }
}

void resume_finish(json_t *earlier)
{
    set_complete(json_object_get(earlier, "sources"));
    result_seal(earlier, true);
}

void resume_join(json_t *earlier, json_t *result)
{
    struct join join;
    struct complaint ignored; /* a group is in one of the two */
    const bool is_complete = json_is_true(json_object_get(result, "complete"));
    if (json_array_size(json_object_get(result, "cells")) == 0)
        return;
    join_begin(&join);
    if (!join_add(&join, earlier, NULL, &ignored) ||
        !join_add(&join, result, NULL, &ignored))
        return;
    if (is_complete)
        set_complete(join.sources);
    join_end(&join, result);
    result_seal(result, is_complete);
}
