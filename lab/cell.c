/* SPDX-License-Identifier: MIT */
/* One cell of a comparison, and how it travels to the child that runs it. */
#include "cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "loader.h"
#include "number.h"

bool cell_plan(const struct cell *cell, const struct key_file *keys,
               struct workload_plan *plan, struct complaint *complaint)
{
    return workload_plan_init(plan, cell->workload, cell->n, cell->seed,
                              cell->pattern[0] == '\0' ? NULL : cell->pattern, keys,
                              complaint);
}

bool cell_has_pass(const struct cell *cell, enum pass pass)
{
    for (size_t i = 0; i < n_instruments; i++)
        if ((cell->instruments >> i & 1) != 0 && all_instruments[i]->pass == pass)
            return true;
    return false;
}

const char *cell_path(const struct cell *cell, enum pass pass)
{
    return pass == PASS_STAMPED  ? cell->stamped_path
           : pass == PASS_TRACED ? cell->traced_path
                                 : cell->path;
}

void cell_to_words(const struct cell *cell, enum pass pass, struct cell_words *words)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"path", cell_path(cell, pass)},
                 {"workload", cell->workload->name},
                 {"pattern", cell->pattern},
                 {"key", cell->key},
                 {"hash", cell->hash},
                 {"keys", cell->keys_path},
                 {"machines", cell->machines}};
    const struct {
        const char *name;
        uint64_t number;
    } numbers[] = {{"n", cell->n},
                   {"seed", cell->seed},
                   {"flags", cell->flags},
                   {"instruments", cell->instruments},
                   {"pages", (uint64_t)cell->confinement.pages},
                   {"cpu", (uint64_t)(cell->confinement.cpu - CPU_ANY)},
                   {"memory", cell->confinement.memory_bytes},
                   {"band", cell->has_band},
                   {"premade", cell->is_premade},
                   {"method", cell->method},
                   {"pass", (uint64_t)pass}};
    size_t n = 0;
    snprintf(words->room[n++], CELL_WORD_ROOM, "%s", loader_program());
    snprintf(words->room[n++], CELL_WORD_ROOM, "%s", CELL_WORD);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        snprintf(words->room[n++], CELL_WORD_ROOM, "%s=%s", texts[i].name, texts[i].text);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        snprintf(words->room[n++], CELL_WORD_ROOM, "%s=%" PRIu64, numbers[i].name,
                 numbers[i].number);
    for (size_t i = 0; i < n; i++)
        words->words[i] = words->room[i];
    words->words[n] = NULL;
}

static bool set_text(char *to, size_t room, const char *text)
{
    if (strlen(text) >= room)
        return false;
    strcpy(to, text);
    return true;
}

static bool set_field(struct cell *cell, enum pass *pass, const char *name,
                      const char *text)
{
    struct complaint ignored;
    uint64_t number = 0;
    if (strcmp(name, "path") == 0)
        return set_text(cell->path, sizeof cell->path, text);
    if (strcmp(name, "workload") == 0)
        return workload_find(text, &cell->workload, &ignored);
    if (strcmp(name, "pattern") == 0)
        return set_text(cell->pattern, sizeof cell->pattern, text);
    if (strcmp(name, "key") == 0)
        return set_text(cell->key, sizeof cell->key, text);
    if (strcmp(name, "hash") == 0)
        return set_text(cell->hash, sizeof cell->hash, text);
    if (strcmp(name, "keys") == 0)
        return set_text(cell->keys_path, sizeof cell->keys_path, text);
    if (strcmp(name, "machines") == 0)
        return set_text(cell->machines, sizeof cell->machines, text);
    if (!parse_u64(text, &number))
        return false;
    if (strcmp(name, "n") == 0)
        cell->n = number;
    else if (strcmp(name, "seed") == 0)
        cell->seed = number;
    else if (strcmp(name, "flags") == 0)
        cell->flags = (uint32_t)number;
    else if (strcmp(name, "instruments") == 0)
        cell->instruments = (uint32_t)number;
    else if (strcmp(name, "pages") == 0)
        cell->confinement.pages = (enum pages)number;
    else if (strcmp(name, "cpu") == 0)
        cell->confinement.cpu = (int)number + CPU_ANY;
    else if (strcmp(name, "memory") == 0)
        cell->confinement.memory_bytes = number;
    else if (strcmp(name, "band") == 0)
        cell->has_band = number != 0;
    else if (strcmp(name, "premade") == 0)
        cell->is_premade = number != 0;
    else if (strcmp(name, "method") == 0)
        cell->method = (unsigned)number;
    else if (strcmp(name, "pass") == 0)
        *pass = (enum pass)number;
    else
        return false;
    return true;
}

bool cell_from_words(char **words, struct cell *cell, enum pass *pass,
                     struct complaint *complaint)
{
    memset(cell, 0, sizeof *cell);
    for (; *words != NULL; words++) {
        char name[16];
        const char *const equals = strchr(*words, '=');
        const size_t n = equals == NULL ? sizeof name : (size_t)(equals - *words);
        if (n >= sizeof name)
            return complain(complaint, "a child does not understand '%.80s'", *words);
        memcpy(name, *words, n);
        name[n] = '\0';
        if (!set_field(cell, pass, name, equals + 1))
            return complain(complaint, "a child does not understand '%.80s'", *words);
    }
    return cell->workload != NULL ||
           complain(complaint, "%s is for the lab's own use", CELL_WORD);
}
