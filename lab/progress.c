/* SPDX-License-Identifier: MIT */
/* How far a run is and how long it will still take, on standard error.
 *
 * Method. Each pass of a cell weighs its operations, those with strings four times, and
 * some for starting a process; what the weight done so far has taken is what the rest
 * will. Between two processes it is shown: on a terminal a line that is written over,
 * elsewhere a plain line at most every ten seconds, so that a log shows that the run is
 * alive and a short run leaves no trace. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "terminal.h"

enum { PASS_WEIGHT = 100000, STRING_WEIGHT = 4, PLAIN_EVERY_S = 10 };
static const double WEIGHT_S = 2e-7; /* on a common machine, in and out of its caches */

static struct {
    const struct plan *plan;
    bool is_line; /* a line that is written over; else plain ones */
    double done, all;
    double began_s, shown_s;
} progress;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double weight_of(const struct cell *cell)
{
    const bool has_strings = strcmp(cell->key, "str") == 0;
    return PASS_WEIGHT + (double)cell->n * (has_strings ? STRING_WEIGHT : 1);
}

/* How many children a cell is given in the whole run. */
static unsigned passes_of(const struct cell *cell, unsigned repeat)
{
    unsigned n = 0;
    for (int pass = 0; pass < N_PASSES; pass++)
        if (cell_has_pass(cell, (enum pass)pass))
            n += pass >= PASS_COUNTED ? 1 : repeat;
    return n;
}

static double weight_of_all(const struct plan *plan)
{
    double all = 0;
    for (size_t i = 0; i < plan->n_cells; i++)
        all += weight_of(&plan->cells[i]) * passes_of(&plan->cells[i], plan->repeat);
    return all;
}

double progress_guess_s(const struct plan *plan)
{
    return WEIGHT_S * weight_of_all(plan);
}

void progress_begin(const struct plan *plan)
{
    memset(&progress, 0, sizeof progress);
    progress.plan = plan;
    progress.is_line = terminal_is(stderr);
    progress.began_s = progress.shown_s = seconds();
    progress.all = weight_of_all(plan);
}

/* "1 min 20 s left", or nothing while that would be a guess. */
static void print_left(double now)
{
    const double taken = now - progress.began_s;
    if (progress.done <= 0 || taken < 0.5)
        return;
    const double left = taken * (progress.all - progress.done) / progress.done;
    if (left >= 3600)
        fprintf(stderr, ", %d h %02d min left", (int)left / 3600, (int)left / 60 % 60);
    else if (left >= 60)
        fprintf(stderr, ", %d min %02d s left", (int)left / 60, (int)left % 60);
    else
        fprintf(stderr, ", %.0f s left", left);
}

void progress_show(const struct cell *cell, unsigned block)
{
    const double now = seconds();
    if (progress.plan->is_quiet ||
        (!progress.is_line && now - progress.shown_s < PLAIN_EVERY_S))
        return;
    progress.shown_s = now;
    fprintf(
        stderr, "%s%3.0f %%  %s%s%s %s, block %u of %u",
        progress.is_line ? "\r\033[K" : "onemiss: ", 100 * progress.done / progress.all,
        cell->workload->name, cell->pattern[0] != '\0' ? " " : "", cell->pattern,
        cell->key, block + 1, progress.plan->repeat);
    print_left(now);
    if (!progress.is_line)
        fputc('\n', stderr);
}

void progress_done(const struct cell *cell)
{
    progress.done += weight_of(cell);
}

void progress_skip(const struct cell *cell)
{
    progress.all -= weight_of(cell);
}

void progress_end(void)
{
    if (progress.is_line && !progress.plan->is_quiet)
        fputs("\r\033[K", stderr);
}
