/* SPDX-License-Identifier: MIT */
/* Which map to take, from a result: a recommendation and what it rests on. */
#ifndef ONEMISS_LAB_REPORT_ADVICE_H
#define ONEMISS_LAB_REPORT_ADVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "../complaint.h"
#include "../stats/difference.h"

/* What is asked besides the result. */
struct advice_question {
    const char *const *designs; /* the maps that may be recommended */
    size_t n_designs;
    double most_bytes; /* that a map may hold at its peak; 0: no limit */
};

enum advice_fate {
    ADVICE_IN,
    ADVICE_BAD,       /* it answered wrongly, crashed ...: `bad` */
    ADVICE_UNTIMED,   /* it was not run under the use, or not timed */
    ADVICE_UNWEIGHED, /* there is a limit, and its memory is not counted */
    ADVICE_TOO_LARGE  /* its peak is above the limit */
};

/* A map, with its cells of the result. */
struct advice_map {
    const json_t *use;    /* of the workload that decides; NULL: none */
    const json_t *growth; /* of load_factor; NULL: not run */
    const json_t *bad;    /* the first that is not ok; NULL: all are */
    bool is_design;       /* may be recommended; else it is evidence */
    double ns;            /* an operation of the use; 0: not known */
    double peak_bytes;    /* the higher of both; 0: not known */
    enum advice_fate fate;
};

enum { ADVICE_MOST = 64 };

struct advice {
    struct advice_map maps[ADVICE_MOST];
    size_t n;
    const struct advice_map *chosen; /* NULL: none may be recommended */
    const struct advice_map *next;   /* the fastest other one that may; NULL: none */
    bool is_judged;                  /* there are blocks enough for: */
    struct difference difference;    /* the time of `chosen` against that of `next` */
};

/* Of the designs that are in, those that are not shown to be slower than the fastest; of
 * these the one whose peak is lowest. Points into the result. */
void advice_make(struct advice *advice, const json_t *result,
                 const struct advice_question *question);

/* The name of a map, as long as the result. */
const char *advice_name(const struct advice_map *map);

/* Whether somebody else's map is shown to be faster than the chosen one. */
bool advice_is_faster(const struct advice *advice, const struct advice_map *map,
                      struct difference *difference);

/* Where none is chosen: which comes nearest, and by what it fails. */
bool advice_complain(const struct advice *advice, const struct advice_question *question,
                     struct complaint *complaint);

/* For the result file. */
json_t *advice_json(const struct advice *advice, const struct advice_question *question);

#endif
