/* SPDX-License-Identifier: MIT */
/* The weightiest resizes of a cell:
 *
 *     Resizes of open_addressing: 18
 *       67% of the time, >99% of 49,161 page faults
 *            slots        entries     held resident      time   faults longest op share
 *      1.0M > 2.1M        734,004   72 MiB   52 MiB   70.6 ms   12,288    66.8 ms   15% */
#include "forensics_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "cell_read.h"
#include "columns.h"
#include "forensics_read.h"

enum { LAST = 5 };

static size_t slowest_of(const struct forensics *f)
{
    size_t slowest = 0;
    for (size_t i = 1; i < f->n_resizes; i++)
        if (f->resizes[i].ns > f->resizes[slowest].ns)
            slowest = i;
    return slowest;
}

/* All of a time's resizes together, in time and in page faults. */
static void print_title(const struct forensics *f, FILE *to)
{
    char faults[COLUMNS_NUMBER], time[COLUMNS_NUMBER], name[CELL_NAME];
    double n_faults = 0, ns = 0;
    for (size_t i = 0; i < f->n_resizes; i++) {
        n_faults += f->resizes[i].page_faults;
        ns += f->resizes[i].is_timed ? f->resizes[i].ns : 0;
    }
    columns_share(faults, n_faults, f->most_faults);
    columns_share(time, ns, f->timed_ns);
    fprintf(to, "\n%sResizes of %s: ", terminal_style(to, STYLE_STRONG),
            cell_name(f->cell, name));
    forensics_count(to, (double)f->n_resizes + f->n_left_out);
    fprintf(to, "%s\n  %s of the time, %s of ", terminal_style(to, STYLE_PLAIN), time,
            faults);
    forensics_count(to, f->most_faults);
    fputs(" page faults\n", to);
}

/* Grouped by thousands, where it leaves a blank before it; else shortened. */
static void print_count(FILE *to, double count, int width)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    forensics_count(room, count);
    fclose(room);
    char shorter[COLUMNS_NUMBER];
    columns_number(shorter, count);
    fprintf(to, "%*s", width, size < (size_t)width ? text : shorter);
    free(text);
}

static void print_resize(const struct forensics *f, const struct forensic_resize *resize,
                         const char *mark, FILE *to)
{
    char from[COLUMNS_NUMBER], until[COLUMNS_NUMBER], share[COLUMNS_NUMBER];
    char held[FORENSICS_TIME], resident[FORENSICS_TIME], time[FORENSICS_TIME];
    char spike[FORENSICS_TIME];
    forensics_whole(from, resize->old_capacity);
    forensics_whole(until, resize->new_capacity);
    forensics_bytes(held, resize->peak_live);
    forensics_bytes(resident, resize->peak_resident);
    forensics_time(time, resize->ns);
    forensics_time(spike,
                   resize->stall != NULL
                       ? json_number_value(json_object_get(resize->stall, "duration_ns"))
                       : (double)NAN);
    columns_share(share, resize->is_timed ? resize->ns : (double)NAN, f->timed_ns);
    fprintf(to, " %s%5s > %-5s", mark, from, until);
    print_count(to, resize->items, 12);
    fprintf(to, "%10s%10s%9s", held, resident, time);
    print_count(to, resize->page_faults, 9);
    fprintf(to, "%9s%6s\n", spike, share);
}

static void print_notes(const struct forensics *f, FILE *to)
{
    struct columns_draft draft;
    FILE *const room = columns_begin(&draft);
    if (room == NULL)
        return;
    fputs("held: most bytes the map had in the resize, old table and new; resident: most "
          "of the whole process in it; op: the longest operation that made this resize, "
          "of another pass, - where it was not among the longest; time%: of the timed "
          "batches, - for a resize outside of them; * the slowest.",
          room);
    if (!f->has_resident)
        fprintf(
            room, " No resident bytes: %s.",
            member_text(cell_metric(f->cell, "resize_peak_resident_bytes"), "reason"));
    if (f->n_left_out > 0)
        fputs(" Smaller resizes beyond 96 are in no sum.", room);
    columns_end(&draft, to, 2, false);
}

void report_forensics(const json_t *cell, FILE *to)
{
    struct forensics *const f = calloc(1, sizeof *f);
    if (f != NULL && forensics_read(cell, f)) {
        const size_t slowest = slowest_of(f);
        const size_t first = f->n_resizes > LAST ? f->n_resizes - LAST : 0;
        print_title(f, to);
        if (f->n_resizes > 0)
            fprintf(to, "  %13s%12s%10s%10s%9s%9s%9s%6s\n", "slots       ", "entries",
                    "held", "resident", "time", "faults", "op", "time%");
        if (slowest < first)
            print_resize(f, &f->resizes[slowest], "*", to);
        for (size_t i = first; i < f->n_resizes; i++)
            print_resize(f, &f->resizes[i], i == slowest ? "*" : " ", to);
        if (f->n_resizes > 0)
            print_notes(f, to);
    }
    free(f);
}
