/* SPDX-License-Identifier: MIT */
/* Whether a hierarchy can be made of a geometry, and what would be right if not. */
#include <stdio.h>

#include "machines.h"
#include "size_text.h"

enum { MOST_TLB_WAYS = 256, MOST_TLB_ENTRIES = 1 << 20 };

/* At most this many bytes, 64 GiB: a tag array of 8 bytes a line is then 8 GiB. */
#define MOST_BYTES ((uint64_t)1 << 36)

/* `ways` when they divide the lines, else the next number that does in steps of +-1; 0 when
 * there is none up to SIM_MOST_WAYS. One way always divides. */
static unsigned dividing_ways(uint64_t lines, unsigned ways, int step)
{
    while (ways >= 1 && ways <= SIM_MOST_WAYS && lines % ways != 0)
        ways = step < 0 ? ways - 1 : ways + 1;
    return ways <= SIM_MOST_WAYS ? ways : 0;
}

static bool refuse_ways(unsigned number, uint64_t lines, unsigned ways, char *why)
{
    const unsigned fewer = dividing_ways(lines, ways, -1);
    const unsigned more = dividing_ways(lines, ways, 1);
    const int n =
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "level %u has %llu lines, which %u ways do not divide: %u would", number,
                 (unsigned long long)lines, ways, fewer);
    if (more != 0 && n > 0 && n < GEOMETRY_WHY_ROOM)
        snprintf(why + n, (size_t)(GEOMETRY_WHY_ROOM - n), ", or %u", more);
    return false;
}

/* `number` counts from 1, as people do. */
static bool level_check(const struct sim_level *level, unsigned number,
                        unsigned line_bytes, char *why)
{
    char size[SIZE_TEXT_ROOM], right[SIZE_TEXT_ROOM];
    size_text(level->bytes, size);
    if (level->ways == 0 || level->ways > SIM_MOST_WAYS) {
        snprintf(why, GEOMETRY_WHY_ROOM, "level %u has %u ways: 1 to %d would be right",
                 number, level->ways, SIM_MOST_WAYS);
    } else if (level->bytes > MOST_BYTES) {
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "level %u has %s bytes: at most 64G would be right", number, size);
    } else if (level->bytes < (uint64_t)level->ways * line_bytes) {
        size_text((uint64_t)level->ways * line_bytes, right);
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "level %u has %s bytes, less than one line for each of its %u ways: at "
                 "least %s would be right",
                 number, size, level->ways, right);
    } else if (level->bytes % line_bytes != 0) {
        size_text(level->bytes / line_bytes * line_bytes, right);
        snprintf(
            why, GEOMETRY_WHY_ROOM,
            "level %u has %s bytes, which is not whole lines of %u: %s would be right",
            number, size, line_bytes, right);
    } else if (level->bytes / line_bytes % level->ways != 0) {
        return refuse_ways(number, level->bytes / line_bytes, level->ways, why);
    } else {
        return true;
    }
    return false;
}

static bool tlb_check(const struct sim_tlb *tlb, unsigned number, char *why)
{
    if (tlb->entries > MOST_TLB_ENTRIES)
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "TLB level %u has %u entries: at most %d would be right", number,
                 tlb->entries, MOST_TLB_ENTRIES);
    else if (tlb->ways == 0 || tlb->ways > MOST_TLB_WAYS)
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "TLB level %u has %u ways: 1 to %d would be right", number, tlb->ways,
                 MOST_TLB_WAYS);
    else if (tlb->entries % tlb->ways != 0)
        snprintf(
            why, GEOMETRY_WHY_ROOM,
            "TLB level %u has %u entries, which %u ways do not divide: %u entries would "
            "be right",
            number, tlb->entries, tlb->ways, (tlb->entries / tlb->ways + 1) * tlb->ways);
    else
        return true;
    return false;
}

static bool tlbs_check(const struct sim_geometry *geometry, char *why)
{
    const uint64_t page = geometry->page_bytes;
    if (page < 4096 || page > (uint64_t)1 << 30 || (page & (page - 1)) != 0) {
        snprintf(
            why, GEOMETRY_WHY_ROOM,
            "pages have %llu bytes: 4096, 16384 or 2097152 would be right, or another "
            "power of two up to 1G",
            (unsigned long long)page);
        return false;
    }
    if (geometry->tlbs[0].entries == 0 && geometry->tlbs[1].entries != 0) {
        snprintf(
            why, GEOMETRY_WHY_ROOM,
            "there is a second level of TLB and no first: give the first, or neither");
        return false;
    }
    for (unsigned i = 0; i < 2; i++)
        if (geometry->tlbs[i].entries != 0 && !tlb_check(&geometry->tlbs[i], i + 1, why))
            return false;
    return true;
}

static bool grows(const struct sim_geometry *geometry, char *why)
{
    char size[SIZE_TEXT_ROOM], before[SIZE_TEXT_ROOM];
    for (unsigned i = 1; i < geometry->n_levels; i++) {
        if (geometry->levels[i].bytes > geometry->levels[i - 1].bytes)
            continue;
        size_text(geometry->levels[i].bytes, size);
        size_text(geometry->levels[i - 1].bytes, before);
        snprintf(
            why, GEOMETRY_WHY_ROOM,
            "level %u has %s bytes and level %u before it %s: levels grow from the core "
            "outwards",
            i + 1, size, i, before);
        return false;
    }
    return true;
}

bool geometry_check(const struct sim_geometry *geometry, char why[GEOMETRY_WHY_ROOM])
{
    why[0] = '\0';
    if (geometry->n_levels == 0 || geometry->n_levels > SIM_MOST_LEVELS) {
        snprintf(why, GEOMETRY_WHY_ROOM,
                 "there are %u levels of cache: 1 to %d would be right",
                 geometry->n_levels, SIM_MOST_LEVELS);
        return false;
    }
    if (geometry->line_bytes != 64 && geometry->line_bytes != 128) {
        snprintf(why, GEOMETRY_WHY_ROOM, "lines have %u bytes: 64 or 128 would be right",
                 geometry->line_bytes);
        return false;
    }
    for (unsigned i = 0; i < geometry->n_levels; i++)
        if (!level_check(&geometry->levels[i], i + 1, geometry->line_bytes, why))
            return false;
    return grows(geometry, why) && tlbs_check(geometry, why);
}
