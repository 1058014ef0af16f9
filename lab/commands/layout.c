/* SPDX-License-Identifier: MIT */
/* onemiss layout: what an entry takes, and the 64-byte line it lies in, drawn from the
 * map's own sizeof and offsetof. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../heat_run.h"
#include "../loader.h"
#include "../names.h"
#include "../report/cell_read.h"
#include "../report/heat_map.h"
#include "../result.h"

#define LAYOUT_SCHEMA "onemiss.layout/1"

enum { LINE_BYTES = 64 };

/* What byte `at` of an array of entries is: the field that begins there, or padding. */
struct byte_role {
    const char *begins; /* a field's name, or NULL */
    bool is_padding;
    bool pads_first; /* the first byte of padding */
};

static struct byte_role role_of(const om_layout *layout, size_t at)
{
    const size_t offset = at % layout->entry_bytes;
    struct byte_role role = {NULL, true, offset == 0};
    for (size_t i = 0; i < layout->n_fields; i++) {
        const om_field *const field = &layout->fields[i];
        if (field->offset == offset)
            role.begins = field->name;
        role.is_padding &=
            offset < field->offset || offset >= field->offset + field->bytes;
        role.pads_first |= offset == field->offset + field->bytes;
    }
    role.pads_first &= role.is_padding;
    return role;
}

/* One column a byte: a bar where a field begins, its name behind the bar; padding is
 * dots, and a colon on the rule where it begins. */
static void draw_line(FILE *to, const om_layout *layout, size_t first, size_t end)
{
    char names[LINE_BYTES + 2], rule[LINE_BYTES + 2];
    memset(names, ' ', sizeof names);
    memset(rule, '-', sizeof rule);
    names[LINE_BYTES + 1] = rule[LINE_BYTES + 1] = '\0';
    const char *name = "";
    for (size_t column = 0; column <= LINE_BYTES; column++) {
        const size_t at = first + column;
        const bool is_edge = column == 0 || column == LINE_BYTES || at == end;
        struct byte_role role = {NULL, false, false};
        if (at < end)
            role = role_of(layout, at);
        if (is_edge || role.begins != NULL) {
            rule[column] = '+';
            names[column] = '|';
            name = role.begins != NULL ? role.begins : "";
            continue;
        }
        if (role.pads_first)
            rule[column] = ':';
        if (*name != '\0')
            names[column] = *name++;
        else if (role.is_padding)
            names[column] = '.';
    }
    fprintf(to, "      %s\n      %s\n      %s\n", rule, names, rule);
}

static void draw_ruler(FILE *to)
{
    fputs("      ", to);
    for (int at = 0; at <= LINE_BYTES; at += 8)
        fprintf(to, "%-8d", at);
    fputc('\n', to);
}

static void draw(FILE *to, const om_layout *layout)
{
    const bool is_node = layout->node_bytes != 0;
    const size_t in_line = LINE_BYTES / layout->entry_bytes;
    if (layout->head_bytes != 0)
        fprintf(to, "  %zu-byte heads, %zu in a line; each points at the first node:\n",
                layout->head_bytes, LINE_BYTES / layout->head_bytes);
    draw_ruler(to);
    if (is_node) {
        for (size_t at = 0; at < layout->entry_bytes; at += LINE_BYTES)
            draw_line(to, layout, at, layout->entry_bytes);
        fprintf(
            to,
            "  a node of its own for each entry, and the allocator's word before it\n");
    } else {
        draw_line(to, layout, 0, SIZE_MAX);
        fprintf(to, "  %zu whole entr%s in a line, %zu bytes over\n", in_line,
                in_line == 1 ? "y" : "ies", LINE_BYTES - in_line * layout->entry_bytes);
    }
    fprintf(to, "  fields:");
    for (size_t i = 0; i < layout->n_fields; i++)
        fprintf(to, "%s %s at %zu, %zu byte%s", i > 0 ? ";" : "", layout->fields[i].name,
                layout->fields[i].offset, layout->fields[i].bytes,
                layout->fields[i].bytes == 1 ? "" : "s");
    fputc('\n', to);
    if (layout->status_bits != 0)
        fprintf(
            to,
            "  and %zu status bits an entry in an array of their own: %zu statuses in 8 "
            "bytes, %zu in a line\n",
            layout->status_bits, 64 / layout->status_bits,
            LINE_BYTES * 8 / layout->status_bits);
}

static json_t *describe(const char *name, const struct variant_facts *variant)
{
    const om_layout *const layout = &variant->layout;
    const struct {
        const char *name;
        size_t value;
        bool is_shown;
    } numbers[] = {
        {"line_bytes", LINE_BYTES, true},
        {"pair_bytes", layout->pair_bytes, true},
        {"entry_bytes", layout->entry_bytes, true},
        {"entries_per_line", LINE_BYTES / layout->entry_bytes, true},
        {"head_bytes", layout->head_bytes, layout->head_bytes != 0},
        {"node_bytes", layout->node_bytes, layout->node_bytes != 0},
        {"status_bits", layout->status_bits, layout->status_bits != 0},
    };
    json_t *const object =
        json_pack("{s:s, s:o, s:o}", "schema", LAYOUT_SCHEMA, "subject",
                  result_text(name), "key", result_text(variant->key));
    json_t *const fields = json_array();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].is_shown)
            json_object_set_new(object, numbers[i].name,
                                json_integer((json_int_t)numbers[i].value));
    for (size_t i = 0; i < layout->n_fields; i++)
        json_array_append_new(fields,
                              json_pack("{s:o, s:I, s:I}", "name",
                                        result_text(layout->fields[i].name), "offset",
                                        (json_int_t)layout->fields[i].offset, "bytes",
                                        (json_int_t)layout->fields[i].bytes));
    json_object_set_new(object, "fields", fields);
    return object;
}

static void show(FILE *to, const char *name, const struct variant_facts *variant)
{
    const om_layout *const layout = &variant->layout;
    fprintf(to, "%s, %s: pair %zu bytes, %s %zu bytes, %zu in a 64-byte line\n\n", name,
            variant->key, layout->pair_bytes, layout->node_bytes != 0 ? "node" : "entry",
            layout->entry_bytes, LINE_BYTES / layout->entry_bytes);
    draw(to, layout);
    fputc('\n', to);
}

/* Finds the variant that was asked for. */
static bool find(const struct options *options, struct subject_facts *facts,
                 const struct variant_facts **variant, struct complaint *complaint)
{
    static const char *const key_types[] = {"u64", "str"};
    char path[PATH_MAX];
    const char *const key = options->key_types != NULL ? options->key_types : "u64";
    const char *const hash = options->hash != NULL ? options->hash : "siphash13";
    const char *build;
    if (options->subjects == NULL)
        return complain(complaint, "layout needs a map, e.g. onemiss layout -i chaining");
    if (!name_is_one_of("key type", key, key_types, 2, complaint))
        return false;
    if (!loader_build(options->build, &build, complaint))
        return false;
    if (!loader_path(options->subjects, build, path, complaint) ||
        !loader_probe(path, facts, complaint))
        return false;
    *variant = loader_variant(facts, key, hash);
    if (*variant == NULL)
        return complain(complaint, "map '%.80s' has no %s keys with hash %.80s",
                        options->subjects, key, hash);
    return (*variant)->layout.entry_bytes != 0 ||
           complain(complaint, "map '%.80s' does not tell its layout", options->subjects);
}

/* What only --heat heeds is refused without it. */
static bool check_heeded(const struct options *options, struct complaint *complaint)
{
    const bool needs_run = options->workloads != NULL || options->n != NULL ||
                           options->mixes != NULL || options->picture != NULL;
    return options->is_hot || !needs_run ||
           complain(complaint, "-w, -n, -o and --picture are for a run: add --heat");
}

/* Runs the map and draws where it was hot. `layout` takes the heat. */
static int show_heat(const struct options *options, int n_words, char **words,
                     json_t *layout, FILE *to)
{
    struct complaint complaint;
    int code;
    if (!output_can_write(options->picture, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    json_t *const result = heat_run(options, n_words, words, &code, &complaint);
    if (result == NULL)
        return command_fail(&complaint, code);
    static const char *const kept[] = {"heat",    "operations", "workload",
                                       "pattern", "hash",       "n"};
    const json_t *const cell = cell_at(result, 0);
    json_t *const machine = json_object_get(result, "machine");
    report_heat(cell, machine, to);
    code = EXIT_ALL_GOOD;
    if (options->picture != NULL &&
        !report_heat_svg(cell, machine, options->picture, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        json_object_set(layout, kept[i], json_object_get(cell, kept[i]));
    json_object_set(layout, "machine", machine);
    json_decref(result);
    return code;
}

static int run(const struct options *options, int n_words, char **words)
{
    static struct subject_facts facts;
    struct complaint complaint;
    const struct variant_facts *variant;
    if (!check_heeded(options, &complaint) ||
        !find(options, &facts, &variant, &complaint))
        return command_fail(&complaint, EXIT_BAD_USAGE);
    if (!output_can_write(options->json, &complaint))
        return command_fail(&complaint, EXIT_NOTHING_RUN);
    const bool is_piped = options->json != NULL && strcmp(options->json, "-") == 0;
    FILE *const to = is_piped ? stderr : stdout;
    show(to, facts.name, variant);
    json_t *const object = describe(facts.name, variant);
    int code = EXIT_ALL_GOOD;
    if (options->is_hot)
        code = show_heat(options, n_words, words, object, to);
    if (code == EXIT_ALL_GOOD && options->json != NULL &&
        !result_write(object, options->json, &complaint))
        code = command_fail(&complaint, EXIT_NOTHING_RUN);
    json_decref(object);
    return code;
}

const struct command command_layout = {
    .name = "layout",
    .summary = "sizes of an entry, and the 64-byte line drawn",
    .example = "onemiss layout -i open_addressing -t u64",
    .bit = OPTION_LAYOUT,
    .run = run,
};
