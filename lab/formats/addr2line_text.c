/* SPDX-License-Identifier: MIT */
/* What `addr2line -a -f -i -C` prints: for each address the functions that are inlined
 * there.
 *
 *     0x0000000000002838          ->  0x2838: mix (hash.h) in hash (hash.h) in insert (map.h)
 *     mix                             0x2840: not known
 *     /where/hash.h:22
 *     hash                        A function is two lines: its name, and the place in it,
 *     /where/hash.h:51            "FILE:LINE", with words in parentheses behind it at times.
 *     insert                      "??" is what is not known.
 *     /where/map.h:301 (discriminator 2)
 *     0x0000000000002840
 *     ??
 *     ??:0 */
#include "addr2line_text.h"

#include <stdlib.h>
#include <string.h>

#include "text_line.h"

enum { MOST_LINE = 65536 }; /* C++ names are cut there */

/* Room for one more; NULL without memory. */
static void *grow(void *rows, size_t n, size_t *room, size_t bytes)
{
    if (n < *room)
        return rows;
    void *const larger = realloc(rows, (2 * n + 256) * bytes);
    if (larger != NULL)
        *room = 2 * n + 256;
    return larger;
}

static bool add_chain(struct inlined_chains *chains, uint64_t address)
{
    struct inlined_chain *const larger =
        grow(chains->chains, chains->n_chains, &chains->chain_room, sizeof *larger);
    if (larger == NULL)
        return false;
    chains->chains = larger;
    chains->chains[chains->n_chains++] =
        (struct inlined_chain){address, chains->n_frames, 0};
    return true;
}

/* "FILE:LINE (words)" becomes FILE; without a line, as told of what has no debug
 * information, "??". False: it is not that. */
static bool cut_place(char *place)
{
    char *const colon = strrchr(place, ':');
    if (colon == NULL || (colon[1] != '?' && strspn(colon + 1, "0123456789") == 0))
        return false;
    const bool has_line = strtoul(colon + 1, NULL, 10) > 0;
    *colon = '\0';
    if (!has_line)
        strcpy(place, strlen(place) < 2 ? "" : "??");
    return true;
}

static bool add_frame(struct inlined_chains *chains, struct kept_texts *texts,
                      const char *function, const char *file)
{
    struct inlined_frame *const larger =
        grow(chains->frames, chains->n_frames, &chains->frame_room, sizeof *larger);
    if (larger == NULL)
        return false;
    chains->frames = larger;
    const struct inlined_frame frame = {
        kept_text(texts, strcmp(function, "??") == 0 ? "" : function),
        kept_text(texts, strcmp(file, "??") == 0 ? "" : file)};
    chains->frames[chains->n_frames++] = frame;
    chains->chains[chains->n_chains - 1].n++;
    return frame.function != NULL && frame.file != NULL;
}

static int compare(const void *left, const void *right)
{
    const struct inlined_chain *const a = left, *const b = right;
    return (a->address > b->address) - (a->address < b->address);
}

/* With -a an address stands on a line of its own; no C or C++ name begins with a digit. */
static bool is_address(const char *line, uint64_t *address)
{
    char *end;
    *address = strtoull(line, &end, 16);
    return strncmp(line, "0x", 2) == 0 && end > line + 2 && *end == '\0';
}

static bool read_line(struct inlined_chains *chains, struct kept_texts *texts, char *line,
                      char **function, struct complaint *complaint)
{
    uint64_t address;
    if (*function != NULL) {
        const bool is_place = cut_place(line);
        const bool is_kept = is_place && add_frame(chains, texts, *function, line);
        free(*function);
        *function = NULL;
        return is_kept ||
               complain(complaint, "addr2line: %s",
                        is_place ? "out of memory for its answers"
                                 : "a function without its place: FILE:LINE is wanted");
    }
    if (is_address(line, &address))
        return add_chain(chains, address) ||
               complain(complaint, "addr2line: out of memory for its answers");
    if (chains->n_chains == 0)
        return complain(complaint, "addr2line: its first line is no address");
    *function = strdup(line);
    return *function != NULL ||
           complain(complaint, "addr2line: out of memory for its answers");
}

bool addr2line_read(FILE *from, struct kept_texts *texts, struct inlined_chains *chains,
                    struct complaint *complaint)
{
    char line[MOST_LINE], *function = NULL;
    bool is_good = true;
    while (is_good && text_line(from, line, sizeof line))
        is_good = read_line(chains, texts, line, &function, complaint);
    if (is_good && ferror(from))
        is_good = complain(complaint, "addr2line: its answer cannot be read");
    if (is_good && function != NULL)
        is_good = complain(complaint, "addr2line: its answer ends early");
    free(function);
    if (is_good && chains->n_chains > 0)
        qsort(chains->chains, chains->n_chains, sizeof *chains->chains, compare);
    return is_good;
}

void inlined_chains_drop(struct inlined_chains *chains)
{
    free(chains->frames);
    free(chains->chains);
    memset(chains, 0, sizeof *chains);
}

const struct inlined_chain *inlined_chain_at(const struct inlined_chains *chains,
                                             uint64_t address)
{
    const struct inlined_chain wanted = {address, 0, 0};
    return chains->n_chains == 0 ? NULL
                                 : bsearch(&wanted, chains->chains, chains->n_chains,
                                           sizeof wanted, compare);
}
