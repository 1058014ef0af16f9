/* SPDX-License-Identifier: MIT */
/* onemiss new-adapter: a file to begin with, for a map of the user's own. As it is printed
 * it compiles, in C and in C++, and runs: what stands for the map is a list of pairs. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../command.h"
#include "../loader.h"

/* '@' is the map's name; '%' how pkg-config is called. Each under the 4095 bytes that C
 * promises for a literal. */
static const char *const texts[] = {
    "/* @, as a subject of the onemiss lab. Replace what stands for the map below, "
    "then:\n"
    " *\n"
    " *   p=\"%\"\n"
    " *   cc -shared -fPIC -O3 -march=native -DNDEBUG \\\n"
    " *       $(eval $p --cflags onemiss-subject) @.c -o @.so\n"
    " *   onemiss compare -w lookup,load_factor -t u64 -n 10k -i chaining,./@.so\n"
    " *\n"
    " * docs/your-map.md tells the rest: latency and cache model, strings, a hash of "
    "the\n"
    " * lab's, memory that is counted. */\n"
    "#include \"subject.h\" /* first: a traced build brings seams with it */\n"
    "\n"
    "#include <stdlib.h>\n"
    "\n"
    "/* Your map: #include \"its_header.h\" instead. This is a list of pairs, slow and "
    "right. */\n"
    "struct @ {\n"
    "    struct {\n"
    "        uint64_t key, value;\n"
    "    } *pairs;\n"
    "    size_t size, room;\n"
    "};\n"
    "\n"
    "/* NULL: out of memory. setup->entries is the room to start with; 0: the smallest. "
    "*/\n"
    "static void *@_create(const struct subject_setup *setup)\n"
    "{\n"
    "    (void)setup;\n"
    "    return calloc(1, sizeof(struct @));\n"
    "}\n"
    "\n"
    "static void @_destroy(void *map)\n"
    "{\n"
    "    struct @ *const self = (struct @ *)map;\n"
    "    free(self->pairs);\n"
    "    free(self);\n"
    "}\n"
    "\n"
    "/* The value, which may be read until the next call; NULL: the key is not there. "
    "*/\n"
    "static const uint64_t *@_get(void *map, uint64_t key)\n"
    "{\n"
    "    struct @ *const self = (struct @ *)map;\n"
    "    for (size_t i = 0; i < self->size; i++)\n"
    "        if (self->pairs[i].key == key)\n"
    "            return &self->pairs[i].value;\n"
    "    return NULL;\n"
    "}\n"
    "\n",
    "/* Inserts, or overwrites the value, and says which. */\n"
    "static enum subject_put @_put(void *map, uint64_t key, uint64_t value)\n"
    "{\n"
    "    struct @ *const self = (struct @ *)map;\n"
    "    uint64_t *const stored = (uint64_t *)(uintptr_t)@_get(map, key);\n"
    "    if (stored != NULL) {\n"
    "        *stored = value;\n"
    "        return SUBJECT_PUT_REPLACED;\n"
    "    }\n"
    "    if (self->size == self->room) {\n"
    "        const size_t room = self->room == 0 ? 16 : 2 * self->room;\n"
    "        void *const longer = realloc(self->pairs, room * sizeof *self->pairs);\n"
    "        if (longer == NULL)\n"
    "            return SUBJECT_PUT_NO_MEMORY;\n"
    "        *(void **)&self->pairs = longer;\n"
    "        self->room = room;\n"
    "    }\n"
    "    self->pairs[self->size].key = key;\n"
    "    self->pairs[self->size++].value = value;\n"
    "    return SUBJECT_PUT_ADDED;\n"
    "}\n"
    "\n"
    "/* Whether the key was there. */\n"
    "static bool @_remove(void *map, uint64_t key)\n"
    "{\n"
    "    struct @ *const self = (struct @ *)map;\n"
    "    for (size_t i = 0; i < self->size; i++) {\n"
    "        if (self->pairs[i].key == key) {\n"
    "            self->pairs[i] = self->pairs[--self->size];\n"
    "            return true;\n"
    "        }\n"
    "    }\n"
    "    return false;\n"
    "}\n"
    "\n"
    "/* The next entry, and its end: false. Without ADAPTER_WALKS this need not be "
    "there. */\n"
    "static bool @_next(void *map, uint64_t *cursor, uint64_t *key, uint64_t *value)\n"
    "{\n"
    "    struct @ *const self = (struct @ *)map;\n"
    "    if (*cursor == self->size)\n"
    "        return false;\n"
    "    *key = self->pairs[*cursor].key;\n"
    "    *value = self->pairs[*cursor].value;\n"
    "    ++*cursor;\n"
    "    return true;\n"
    "}\n"
    "\n"
    "#define ADAPTER @\n"
    "#define ADAPTER_WALKS\n"
    "/* #define SUBJECT_ORIGIN \"@ 1.0\" */\n"
    "#include \"subject_adapter.h\"\n",
};

/* pkg-config, told where this program's own file for it is. */
static void print_pkg_config(void)
{
    const char *const program = loader_program();
    const char *const slash = strrchr(program, '/');
    const int n = slash == NULL ? 0 : (int)(slash - program + 1);
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%.*s../lib/pkgconfig", n, program) < PATH_MAX &&
        access(folder, R_OK) == 0)
        printf("PKG_CONFIG_PATH='%s' ", folder);
    fputs("pkg-config", stdout);
}

static bool is_identifier(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    while (isalnum((unsigned char)*name) || *name == '_')
        name++;
    return *name == '\0';
}

static int run(const struct options *options, int n_words, char **words)
{
    (void)n_words, (void)words;
    struct complaint complaint;
    const char *const name = options->operand;
    if (!is_identifier(name) || strlen(name) > 40) {
        complain(
            &complaint,
            "'%.80s' cannot be the map's name: letters, digits and _ alone, no digit "
            "first, at most 40 of them",
            name);
        return command_fail(&complaint, EXIT_BAD_USAGE);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (const char *at = texts[i]; *at != '\0'; at++) {
            if (*at == '@')
                fputs(name, stdout);
            else if (*at == '%')
                print_pkg_config();
            else
                putchar(*at);
        }
    }
    return EXIT_ALL_GOOD;
}

const struct command command_new_adapter = {
    .name = "new-adapter",
    .summary = "a file to begin with, to measure a map of your own",
    .example = "onemiss new-adapter mymap > mymap.c",
    .operand = "NAME",
    .bit = OPTION_NEW_ADAPTER,
    .run = run,
};
