/* SPDX-License-Identifier: MIT */
/* A run of one map under the instrument heat. */
#include "heat_run.h"

#include <string.h>

#include "command.h"
#include "interrupt.h"
#include "plan.h"
#include "report/cell_read.h"
#include "result.h"
#include "runner.h"

/* Why a run has none, and what would mend it; `found` is its cell of the result, if it came
 * to one. */
static void complain_of_none(const struct cell *cell, const json_t *found,
                             enum run_end end, struct complaint *complaint)
{
    const char *const why = json_string_value(json_object_get(found, "reason"));
    if (end == RUN_INTERRUPTED)
        complain(complaint, "no heat: interrupted before the run was finished");
    else if (why == NULL || *why == '\0')
        complain(complaint,
                 "no heat: none of its parts is called entries, heads, status or "
                 "nodes, or entries and lines are in step again only after more "
                 "than 1536 bytes");
    else if (strcmp(json_string_value(json_object_get(found, "status")), "wrong") == 0)
        complain(complaint,
                 "no heat: '%.60s'%s answers wrongly under %s (%.100s); name another "
                 "workload, as -w load_factor",
                 cell->subject,
                 strstr(cell->path, "/replay/") != NULL
                     ? ", which repeats the faults of the notes' map,"
                     : "",
                 cell->workload->name, why);
    else
        complain(complaint, "no heat: %.250s", why);
}

json_t *heat_run(const struct options *options, int n_words, char **words, int *code,
                 struct complaint *complaint)
{
    struct options wanted = *options;
    struct plan plan;
    json_t *result = NULL;
    wanted.instruments = "heat";
    wanted.workloads = options->workloads != NULL ? options->workloads : "operation_mix";
    wanted.n = options->n != NULL ? options->n : "100k";
    *code = EXIT_BAD_USAGE;
    if (plan_make(&plan, &wanted, true, complaint)) {
        *code = EXIT_NOTHING_RUN;
        interrupt_watch();
        if (confinement_check(&plan.confinement, complaint)) {
            result = result_create(n_words, words, plan.seed);
            const enum run_end end = runner_run(&plan, result);
            const json_t *const cell = cell_at(result, 0);
            if (end != RUN_DONE || json_object_get(cell, "heat") == NULL) {
                *code = end == RUN_INTERRUPTED ? 128 + interrupt_signal()
                                               : EXIT_SOME_CELL_BAD;
                complain_of_none(&plan.cells[0], cell, end, complaint);
                json_decref(result);
                result = NULL;
            }
        }
    }
    plan_drop(&plan);
    return result;
}
