/* SPDX-License-Identifier: MIT */
/* Rules as tables, for the files that know what fields there are. */
#ifndef ONEMISS_LAB_READER_RULE_H
#define ONEMISS_LAB_READER_RULE_H

#include "reader_rules.h"

enum kind {
    TEXT,
    NAME,
    HEX,
    COUNT,
    TALLY,
    INTEGER,
    NUMBER,
    SHARE,
    BOOLEAN,
    OBJECT,
    ARRAY
};
enum { REQUIRED = 0, OPTIONAL = 1, OR_NULL = 2 };

/* Of a TALLY: sums of thousands of them are exact as 64-bit integers, and each is as a
 * double. */
#define MOST_TALLY ((json_int_t)1 << 53)

struct rule {
    const char *field;
    enum kind kind;
    int flags;
};

/* A field that is an integer, or 0. */
json_int_t reader_integer(const json_t *object, const char *field);

bool reader_is_of_kind(const json_t *value, enum kind kind);

/* Holds an object to its rules; the last has no field. */
bool reader_check_fields(const struct reader *reader, const json_t *object,
                         const struct rule *rule);

/* Every element of an array by the same rules; `kind` names one. */
bool reader_check_rows(struct reader *reader, const json_t *rows, const char *kind,
                       size_t most, const struct rule *rules);

/* What the cache model leaves in a cell: cache_model, cache_band, cache_trace, heat,
 * reuse, layout. */
bool reader_check_cache(struct reader *reader, const json_t *cell);

/* What instrument strace leaves in a cell: memory_calls. */
bool reader_check_calls(struct reader *reader, const json_t *cell);

/* What the instrument instructions leaves: functions. */
bool reader_check_functions(struct reader *reader, const json_t *cell);

/* What instrument timeline leaves there. */
bool reader_check_timeline(struct reader *reader, const json_t *cell);

/* What instrument flame leaves in a cell: stacks. */
bool reader_check_stacks(struct reader *reader, const json_t *cell);

/* Of the top or of a source: machine, command, shard and the like. */
bool reader_check_source(struct reader *reader, const json_t *source);

/* All sources of a result that was joined; others have none. */
bool reader_check_sources(struct reader *reader, const json_t *result);

/* That a cell names one of them where there are any. */
bool reader_check_cell_source(const struct reader *reader, const json_t *result,
                              const json_t *cell);

#endif
