/* SPDX-License-Identifier: MIT */
/* What a program spent in each function, inlined ones too, and on each line: from what
 * callgrind wrote, with addr2line's word on what is inlined where. */
#ifndef ONEMISS_LAB_FUNCTION_COSTS_H
#define ONEMISS_LAB_FUNCTION_COSTS_H

#include <jansson.h>

#include "formats/addr2line_text.h"
#include "formats/callgrind_out.h"

enum cost { COST_INSTRUCTIONS, COST_BRANCHES, COST_MISSES, N_COSTS };

/* Executed at one place; or, with `to`, spent in the calls from there. */
struct cost_site {
    struct callgrind_place at, to; /* to.function NULL: no call */
    uint64_t costs[N_COSTS];
};

static inline bool cost_site_is_call(const struct cost_site *site)
{
    return site->to.function != NULL;
}

/* Zeroed to begin with; drop it whatever came of it. */
struct function_costs {
    struct kept_texts texts;
    struct callgrind_out out;
    struct cost_site *sites;
    size_t n_sites, room;
    uint64_t totals[N_COSTS];
    const char *object;           /* whose inlining is known; NULL: none */
    struct inlined_chains chains; /* of its addresses */
};

/* Reads what callgrind has written, with branches simulated. */
bool function_costs_read(struct function_costs *costs, const char *path,
                         struct complaint *complaint);

/* The object that spent most, of those whose path begins with `stem`; NULL: none did. */
const char *function_costs_object(const struct function_costs *costs, const char *stem);

/* Writes the object's addresses to a file, a line each, for addr2line; *n: how many. */
bool function_costs_write_addresses(const struct function_costs *costs,
                                    const char *object, const char *path, size_t *n,
                                    struct complaint *complaint);

/* "rows" and "lines" of the result's field `functions`, both with sums of their own rest,
 * and "totals". NULL without memory. */
json_t *function_costs_describe(const struct function_costs *costs);

void function_costs_drop(struct function_costs *costs);

#endif
