/* SPDX-License-Identifier: MIT */
/* What a result says of where its cells come from: at its top and, where it was joined from
 * several, for each of its sources. */
#include "plan.h"
#include "reader_rule.h"

enum {
    MOST_ROWS = 100000, /* caches of a machine, words of a command */
    MOST_SOURCES = MOST_SHARDS
};

static bool check_machine(struct reader *reader, const json_t *machine)
{
    enum { MAY_LACK = OPTIONAL | OR_NULL };
    static const struct rule rules[] = {{"cpu", TEXT, MAY_LACK},
                                        {"cores", INTEGER, MAY_LACK},
                                        {"memory_bytes", INTEGER, MAY_LACK},
                                        {"page_bytes", INTEGER, MAY_LACK},
                                        {"kernel", TEXT, MAY_LACK},
                                        {"architecture", TEXT, MAY_LACK},
                                        {"is_virtual", BOOLEAN, MAY_LACK},
                                        {"transparent_hugepages", TEXT, MAY_LACK},
                                        {"caches", ARRAY, MAY_LACK},
                                        {NULL, TEXT, REQUIRED}};
    static const struct rule cache_rules[] = {{"level", TEXT, MAY_LACK},
                                              {"type", TEXT, MAY_LACK},
                                              {"size", TEXT, MAY_LACK},
                                              {"ways_of_associativity", TEXT, MAY_LACK},
                                              {"coherency_line_size", TEXT, MAY_LACK},
                                              {"source", TEXT, MAY_LACK},
                                              {NULL, TEXT, REQUIRED}};
    return reader_check_fields(reader, machine, rules) &&
           reader_check_rows(reader, json_object_get(machine, "caches"), "cache",
                             MOST_ROWS, cache_rules);
}

/* What else went on; older results do not tell. */
static bool check_noise(struct reader *reader, const json_t *noise)
{
    enum { MAY_LACK = OPTIONAL | OR_NULL };
    static const struct rule rules[] = {{"wall_s", NUMBER, MAY_LACK},
                                        {"children_cpu_s", NUMBER, MAY_LACK},
                                        {"others_cpu_s", NUMBER, MAY_LACK},
                                        {"stolen_s", NUMBER, MAY_LACK},
                                        {"involuntary_switches", INTEGER, MAY_LACK},
                                        {"governor", TEXT, MAY_LACK},
                                        {NULL, TEXT, REQUIRED}};
    return noise == NULL || json_is_null(noise) ||
           reader_check_fields(reader, noise, rules);
}

static bool check_command(struct reader *reader, const json_t *command)
{
    size_t i;
    const json_t *word;
    if (json_array_size(command) > MOST_ROWS)
        return reader_refuse(reader, "'command' has more than %d words", MOST_ROWS);
    json_array_foreach(command, i, word)
    {
        if (!json_is_string(word) ||
            !reader_is_plain(json_string_value(word), MOST_STRING))
            return reader_refuse(
                reader, "word %zu of 'command' must be a text without control characters",
                i + 1);
    }
    return true;
}

/* Which part of a split comparison; most results are none. */
static bool check_shard(const struct reader *reader, const json_t *shard)
{
    static const struct rule rules[] = {{"index", COUNT, REQUIRED},
                                        {"of", COUNT, REQUIRED},
                                        {"plan", HEX, REQUIRED},
                                        {NULL, TEXT, REQUIRED}};
    if (shard == NULL)
        return true;
    if (!reader_check_fields(reader, shard, rules))
        return false;
    const json_int_t index = reader_integer(shard, "index"),
                     of = reader_integer(shard, "of");
    return (index >= 1 && index <= of && of <= MOST_SHARDS) ||
           reader_refuse(reader,
                         "'shard' must have an index from 1 to 'of', which is at most %d",
                         MOST_SHARDS);
}

bool reader_check_source(struct reader *reader, const json_t *source)
{
    static const struct rule rules[] = {
        {"started", NAME, REQUIRED},  {"complete", BOOLEAN, REQUIRED},
        {"seed", HEX, REQUIRED},      {"machine", OBJECT, REQUIRED},
        {"command", ARRAY, REQUIRED}, {"noise", OBJECT, OPTIONAL | OR_NULL},
        {"shard", OBJECT, OPTIONAL},  {"file", TEXT, OPTIONAL},
        {NULL, TEXT, REQUIRED}};
    return reader_check_fields(reader, source, rules) &&
           check_noise(reader, json_object_get(source, "noise")) &&
           check_command(reader, json_object_get(source, "command")) &&
           check_shard(reader, json_object_get(source, "shard")) &&
           check_machine(reader, json_object_get(source, "machine"));
}

bool reader_check_sources(struct reader *reader, const json_t *result)
{
    size_t i;
    const json_t *source;
    const json_t *const sources = json_object_get(result, "sources");
    if (sources != NULL &&
        (json_array_size(sources) == 0 || json_array_size(sources) > MOST_SOURCES))
        return reader_refuse(reader,
                             "'sources' must be 1 to %d objects, see "
                             "docs/result-format.md",
                             MOST_SOURCES);
    json_array_foreach(sources, i, source)
    {
        reader->row_kind = "source"; /* anew: the caches of the last one are rows, too */
        reader->row = i + 1;
        if (!reader_check_source(reader, source))
            return false;
    }
    reader->row_kind = NULL;
    return true;
}

bool reader_check_cell_source(const struct reader *reader, const json_t *result,
                              const json_t *cell)
{
    const json_t *const source = json_object_get(cell, "source");
    const size_t n = json_array_size(json_object_get(result, "sources"));
    if (source == NULL && n == 0)
        return true;
    return (json_is_integer(source) && json_integer_value(source) >= 0 &&
            (size_t)json_integer_value(source) < n) ||
           reader_refuse(reader, "its 'source' must be a place in 'sources', see "
                                 "docs/result-format.md");
}
