/* SPDX-License-Identifier: MIT */
/* The lines of C that use a map: a program, to paste and change. */
#include "advice_code.h"

#include <stdbool.h>
#include <string.h>

static const char u64_use[] =
    "int main(void)\n"
    "{\n"
    "    my_map map = {0}; /* empty; my_map_init takes a size, an allocator */\n"
    "    const om_status status = my_map_insert(&map, 4711, 12);\n"
    "    if (status != OM_OK)\n"
    "        fprintf(stderr, \"insert: %s\\n\", om_status_text(status));\n"
    "    const uint64_t *const value = my_map_get(&map, 4711);\n"
    "    if (value != NULL)\n"
    "        printf(\"%\" PRIu64 \"\\n\", *value);\n"
    "    my_map_drop(&map);\n"
    "    return status == OM_OK ? 0 : 1;\n"
    "}\n";

static const char str_use[] =
    "/* The map owns copies of both; what it could not take is released here. */\n"
    "static om_status put(my_map *map, om_view key, om_view value)\n"
    "{\n"
    "    om_string own_key = om_string_empty(), own_value = om_string_empty();\n"
    "    om_status status = om_string_key_copy(&own_key, key, NULL);\n"
    "    if (status == OM_OK)\n"
    "        status = om_string_copy(&own_value, value, NULL, \"value bytes\");\n"
    "    if (status == OM_OK)\n"
    "        status = my_map_insert(map, own_key, own_value);\n"
    "    if (status != OM_OK) {\n"
    "        om_string_key_drop(&own_key, NULL);\n"
    "        om_string_value_drop(&own_value, NULL);\n"
    "    }\n"
    "    return status;\n"
    "}\n"
    "\n"
    "int main(void)\n"
    "{\n"
    "    my_map map = {0}; /* empty; my_map_init takes a size, an allocator */\n"
    "    const om_status status =\n"
    "        put(&map, om_view_text(\"ada\"), om_view_text(\"lovelace\"));\n"
    "    if (status != OM_OK)\n"
    "        fprintf(stderr, \"insert: %s\\n\", om_status_text(status));\n"
    "    const om_string *const value = my_map_get(&map, om_view_text(\"ada\"));\n"
    "    if (value != NULL)\n"
    "        printf(\"%.*s\\n\", (int)value->length, value->pointer);\n"
    "    my_map_drop(&map);\n"
    "    return status == OM_OK ? 0 : 1;\n"
    "}\n";

void advice_code(const char *map, const char *key, const char *hash, FILE *to)
{
    const bool has_strings = strcmp(key, "str") == 0;
    const char *const type = has_strings ? "om_string" : "uint64_t";
    fputs("/* cc -std=c11 -O2 -I onemiss/include my_map.c */\n", to);
    fprintf(to, "%s#include <stdio.h>\n\n", has_strings ? "" : "#include <inttypes.h>\n");
    if (strcmp(hash, "siphash13") != 0) /* which is the maps' own */
        fprintf(to, "#include <onemiss/core/hash_%s.h>\n\n", hash);
    fprintf(to, "#define OM_NAME  my_map\n#define OM_KEY   %s\n#define OM_VALUE %s\n",
            type, type);
    if (strcmp(hash, "siphash13") != 0)
        fprintf(to, "#define OM_HASH  om_%s_%s\n", hash, has_strings ? "view" : "u64");
    fprintf(to, "#include <onemiss/%s.h>\n\n%s", map, has_strings ? str_use : u64_use);
}
