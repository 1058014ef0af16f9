/* SPDX-License-Identifier: MIT */
/* The maps that were asked for, and what they say of themselves. */
#include "candidate.h"

#include <stdio.h>
#include <string.h>

#include "names.h"

static void find_telling(const char *name, const char *build, struct candidate *candidate)
{
    loader_telling_path(name, candidate->path, build, "stamped", candidate->stamped_path);
    loader_telling_path(name, candidate->path, build, "traced", candidate->traced_path);
}

static bool is_the_maps_own(const char *name, const struct candidate *candidate,
                            struct complaint *complaint)
{
    if ((candidate->facts.flags & SUBJECT_STAMPS) != 0)
        return complain(complaint,
                        "'%.80s' takes a time stamp behind each operation; name the "
                        "map's own file, latency finds this one beside it",
                        name);
    return (candidate->facts.flags & SUBJECT_TRACES) == 0 ||
           complain(complaint,
                    "'%.80s' reports each access; name the map's own file, cachesim "
                    "finds this one beside it",
                    name);
}

/* Whether another of them has that name, too. */
static bool is_taken(const struct candidate *candidates, size_t n, size_t own)
{
    for (size_t i = 0; i < n; i++)
        if (i != own && strcmp(candidates[i].facts.name, candidates[own].facts.name) == 0)
            return true;
    return false;
}

/* How much of the beginning two paths have in common, by whole folders. */
static size_t common_folders(const char *a, const char *b)
{
    size_t n = 0;
    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++)
        if (a[i] == '/')
            n = i + 1;
    return n;
}

/* The path behind its first `skipped` bytes and without its ending; of a long one the end. */
static void call_by_path(struct candidate *candidate, const char *path, size_t skipped)
{
    enum { MOST = sizeof candidate->facts.name - 1 };
    path += skipped;
    size_t n = strlen(path);
    if (n > 3 && strcmp(path + n - 3, ".so") == 0)
        n -= 3;
    if (n > MOST) {
        path += n - MOST;
        n = MOST;
    }
    snprintf(candidate->facts.name, MOST + 1, "%.*s", (int)n, path);
    text_mask(candidate->facts.name);
}

/* The last resort: its place in the list. */
static void call_by_number(struct candidate *candidate, size_t i)
{
    char number[24];
    char *const name = candidate->facts.name;
    const size_t room = sizeof candidate->facts.name;
    const size_t n = (size_t)snprintf(number, sizeof number, "#%zu", i + 1);
    const size_t at = strlen(name) + n < room ? strlen(name) : room - 1 - n;
    memcpy(name + at, number, n + 1);
}

/* Files of one name, such as a map before a change and after it, are called by the paths
 * they were given by, less the folders they share: "before/map". */
static void tell_apart(const char *const *names, size_t n, struct candidate *candidates)
{
    bool are_taken[MOST_CANDIDATES];
    const char *first = NULL;
    size_t n_taken = 0, skipped = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        are_taken[i] = is_taken(candidates, n, i) && strchr(names[i], '/') != NULL;
        if (!are_taken[i])
            continue;
        if (n_taken++ == 0)
            first = names[i];
        const size_t common = common_folders(first, names[i]);
        skipped = common < skipped ? common : skipped;
    }
    for (size_t i = 0; i < n; i++)
        if (are_taken[i])
            call_by_path(&candidates[i], names[i], n_taken > 1 ? skipped : 0);
    for (size_t i = 0; i < n; i++)
        if (are_taken[i] && is_taken(candidates, n, i))
            call_by_number(&candidates[i], i);
}

bool candidates_find(const char *const *names, size_t n, const char *build,
                     struct candidate *candidates, struct complaint *complaint)
{
    for (size_t i = 0; i < n; i++) {
        if (!loader_path(names[i], build, candidates[i].path, complaint) ||
            !loader_probe(candidates[i].path, &candidates[i].facts, complaint) ||
            !is_the_maps_own(names[i], &candidates[i], complaint))
            return false;
        find_telling(names[i], build, &candidates[i]);
    }
    tell_apart(names, n, candidates);
    return true;
}

static bool is_peer(const struct candidate *candidate)
{
    return (candidate->facts.flags & SUBJECT_IS_PEER) != 0;
}

const char *candidates_hash(const struct candidate *candidates, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_peer(&candidates[i]))
            return "wyhash";
    return "siphash13";
}

/* Ours, peers, ceilings. */
static int rank(const struct candidate *candidate)
{
    return (candidate->facts.flags & SUBJECT_KEEPS_NOTHING) != 0 ? 2 : is_peer(candidate);
}

void candidates_sort(const char **names, struct candidate *candidates, size_t n)
{
    static struct candidate one;
    for (size_t i = 1; i < n; i++) {
        size_t to = i;
        while (to > 0 && rank(&candidates[to - 1]) > rank(&candidates[i]))
            to--;
        const char *const name = names[i];
        one = candidates[i];
        memmove(&names[to + 1], &names[to], (i - to) * sizeof *names);
        memmove(&candidates[to + 1], &candidates[to], (i - to) * sizeof *candidates);
        names[to] = name;
        candidates[to] = one;
    }
}

bool candidates_check_hash(const struct candidate *candidates, size_t n, const char *hash,
                           struct complaint *complaint)
{
    const char *names[MOST_CANDIDATES];
    size_t n_names = 0;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < candidates[i].facts.n_variants; j++) {
            const char *const name = candidates[i].facts.variants[j].hash;
            size_t k = 0;
            while (k < n_names && strcmp(names[k], name) != 0)
                k++;
            if (k == n_names && n_names < MOST_CANDIDATES && strcmp(name, "none") != 0)
                names[n_names++] = name;
        }
    }
    return n_names == 0 || strcmp(hash, HASH_OWN) == 0 ||
           name_is_one_of("hash", hash, names, n_names, complaint);
}
