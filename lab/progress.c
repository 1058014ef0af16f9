/* SPDX-License-Identifier: MIT */
/* How far a run is and how long it will still take, on standard error.
 *
 * Method. Each pass of a cell is expected to take what starting its process takes, and a
 * time for each entry: with strings four times that of integers, and more where each access
 * is seen or each instruction is counted. The sum is the estimate that a comparison of
 * some length begins with: rough, since no map, size or machine is looked at. What the part
 * done so far has really taken is then what the rest will. Between two processes it is
 * shown: on a terminal a line that is written over, elsewhere a plain line at most every
 * ten seconds, so that a log shows that the run is alive and a short run leaves no trace.
 *
 * The seconds below are those of load_factor with 1,000, 100,000 and 1,000,000 entries on
 * two cores of a Zen 5 that others used as well, rounded. */
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "terminal.h"

enum { STRINGS = 4 /* times as long */, PLAIN_EVERY_S = 10 };
static const double PROCESS_S = 0.01, ENTRY_S = 0.5e-6;

/* What differs from that in some passes. */
static const struct {
    double start_s, times;
} passes[N_PASSES] = {
    [PASS_TRACED] = {0, 5}, [PASS_SAMPLED] = {1.5, 1}, [PASS_EMULATED] = {0.5, 5}};

static struct {
    const struct plan *plan;
    bool is_line;     /* a line that is written over; else plain ones */
    double done, all; /* seconds as expected */
    double began_s, shown_s;
} progress;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Seconds that one pass is expected to take. */
static double expected_s(const struct cell *cell, enum pass pass)
{
    const double times = passes[pass].times > 0 ? passes[pass].times : 1;
    const bool has_strings = strcmp(cell->key, "str") == 0;
    return PROCESS_S + passes[pass].start_s +
           ENTRY_S * times * (double)cell->n * (has_strings ? STRINGS : 1);
}

double progress_guess_s(const struct plan *plan)
{
    double sum = 0;
    for (size_t i = 0; i < plan->n_cells; i++)
        for (enum pass pass = 0; pass < N_PASSES; pass++)
            if (cell_has_pass(&plan->cells[i], pass))
                sum += expected_s(&plan->cells[i], pass) *
                       (pass >= PASS_COUNTED ? 1 : plan->repeat);
    return sum;
}

void progress_announce(const struct plan *plan)
{
    const double all_s = progress_guess_s(plan);
    if (plan->is_quiet || all_s < PLAIN_EVERY_S)
        return;
    size_t n_groups = 0;
    for (size_t first = 0, n; (n = plan_group(plan, first)) > 0; first += n)
        n_groups++;
    fputs("onemiss: about ", stderr);
    if (all_s >= 3600)
        fprintf(stderr, "%.0f h %02.0f min", floor(all_s / 3600), fmod(all_s, 3600) / 60);
    else if (all_s >= 90)
        fprintf(stderr, "%.0f min", all_s / 60);
    else
        fprintf(stderr, "%.0f s", all_s);
    fprintf(stderr, " (estimated): %zu cells in %zu group%s, %u block%s\n", plan->n_cells,
            n_groups, n_groups == 1 ? "" : "s", plan->repeat,
            plan->repeat == 1 ? "" : "s");
}

void progress_begin(const struct plan *plan)
{
    memset(&progress, 0, sizeof progress);
    progress.plan = plan;
    progress.is_line = terminal_is(stderr);
    progress.began_s = progress.shown_s = seconds();
    progress.all = progress_guess_s(plan);
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

void progress_done(const struct cell *cell, enum pass pass)
{
    progress.done += expected_s(cell, pass);
}

void progress_skip(const struct cell *cell, enum pass pass)
{
    progress.all -= expected_s(cell, pass);
}

void progress_end(void)
{
    if (progress.is_line && !progress.plan->is_quiet)
        fputs("\r\033[K", stderr);
}
