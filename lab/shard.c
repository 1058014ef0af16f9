/* SPDX-License-Identifier: MIT */
/* One of the parts that a comparison is split into, for several machines.
 *
 * Six groups of cells as three shards: 1/3 has groups 1 and 4, 2/3 has 2 and 5, 3/3 has 3
 * and 6. Sizes and workloads stand beside each other in a plan, so that dealing them out
 * in turn gives each shard some of the long groups and some of the short ones. */
#include "shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "number.h"

bool shard_read(struct shard *shard, const char *text, struct complaint *complaint)
{
    uint64_t index = 0, of = 0;
    char first[16];
    const char *const slash = text != NULL ? strchr(text, '/') : NULL;
    const size_t n = slash != NULL ? (size_t)(slash - text) : sizeof first;
    *shard = (struct shard){0};
    if (text == NULL)
        return true;
    if (n < sizeof first)
        snprintf(first, sizeof first, "%.*s", (int)n, text);
    struct complaint ignored;
    if (n >= sizeof first ||
        !parse_count("--shard", slash + 1, 1, MOST_SHARDS, &of, &ignored) ||
        !parse_count("--shard", first, 1, of, &index, &ignored))
        return complain(complaint,
                        "--shard '%.80s' is no part of a whole; say which of how many, "
                        "from 1/3 to 3/3, at most of %d",
                        text, MOST_SHARDS);
    *shard = (struct shard){(unsigned)index, (unsigned)of};
    return true;
}

/* Of all that makes two runs the same comparison, and nothing that differs between the
 * machines it is split over, such as the build of a map. */
static uint64_t fingerprint_of(const struct plan *plan)
{
    uint64_t sum = plan->repeat;
    for (size_t i = 0; i < plan->n_cells; i++) {
        const struct cell *const cell = &plan->cells[i];
        const uint64_t numbers[] = {cell->n, cell->seed, cell->instruments,
                                    cell->confinement.pages};
        const char *const texts[] = {cell->subject, cell->workload->name, cell->pattern,
                                     cell->key, cell->hash};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            sum = XXH3_64bits_withSeed(texts[t], strlen(texts[t]) + 1, sum);
        sum = XXH3_64bits_withSeed(numbers, sizeof numbers, sum);
    }
    return sum;
}

json_t *shard_describe(const struct plan *plan)
{
    return json_pack("{s:i, s:i, s:o}", "index", (int)plan->shard.index, "of",
                     (int)plan->shard.of, "plan",
                     json_sprintf("0x%016" PRIx64, plan->fingerprint));
}

void shard_take(struct plan *plan, const struct shard *shard)
{
    size_t n_groups = 0, kept = 0;
    plan->shard = *shard;
    if (shard->of == 0)
        return;
    plan->fingerprint = fingerprint_of(plan);
    for (size_t first = 0, n; (n = plan_group(plan, first)) > 0; first += n) {
        if (n_groups++ % shard->of + 1 != shard->index)
            continue;
        memmove(&plan->cells[kept], &plan->cells[first], n * sizeof *plan->cells);
        kept += n;
    }
    plan->n_cells = kept;
    if (kept == 0 && !plan->is_quiet)
        fprintf(stderr,
                "onemiss: shard %u/%u has no group of cells, for there are %zu; its "
                "result has no cells\n",
                shard->index, shard->of, n_groups);
}
