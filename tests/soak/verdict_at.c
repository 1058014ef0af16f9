/* SPDX-License-Identifier: MIT */
/* The verdict on a map of a result against the first of its group, with a zone of one's own:
 *
 *     verdict_at RESULT.json MAP ZONE      "slower 1.031 1.024 1.038"; zone 0.01 is 1 % */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"
#include "report/cell_read.h"
#include "report/verdicts.h"

int main(int argc, char **argv)
{
    struct complaint complaint;
    struct difference difference;
    if (argc != 4) {
        fputs("verdict_at RESULT.json MAP ZONE\n", stderr);
        return 2;
    }
    json_t *const result = reader_read(argv[1], &complaint);
    if (result == NULL) {
        fprintf(stderr, "verdict_at: %s\n", complaint.text);
        return 2;
    }
    int code = 1;
    size_t i;
    const json_t *cell;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        if (strcmp(member_text(cell, "subject"), argv[2]) != 0 ||
            !verdict_of(cell, cell_at(result, 0), "ns_per_op", strtod(argv[3], NULL),
                        &difference))
            continue;
        printf("%s %.4f %.4f %.4f\n", verdict_names[difference.verdict], difference.ratio,
               difference.low, difference.high);
        code = 0;
    }
    json_decref(result);
    return code;
}
