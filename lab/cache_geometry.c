/* SPDX-License-Identifier: MIT */
/* The caches as the kernel and the processor tell them, which need not be true.
 *
 * Formats. sysfs: cpu0/cache/index0/{level,type,size,ways_of_associativity,
 * coherency_line_size}, e.g. "1", "Data", "32K", "8", "64". CPUID leaf 4 and 0x8000001D,
 * one cache a subleaf: eax 4:0 type, 7:5 level, 9 fully associative; ebx 11:0 line,
 * 21:12 partitions, 31:22 ways, ecx sets, each less one. 0x80000005: ecx 31:24 KiB, 23:16
 * ways, 7:0 line of the first level's data, edx of its instructions. 0x80000006: ecx 31:16
 * KiB, 15:12 code of the ways of the second level, edx 31:18 half MiB of the third, summed
 * over the package. (Intel SDM 2A, CPUID; AMD APM 3, appendix E.) */
#include "cache_geometry.h"

#include <stdio.h>
#include <string.h>

#include "small_file.h"

enum { FULLY_ASSOCIATIVE = 0xffff };

/* ---- sysfs ---- */

uint64_t cache_geometry_bytes(const char *text)
{
    unsigned long long number;
    char unit = '\0';
    if (sscanf(text, "%llu%c", &number, &unit) < 1 || number > (1ull << 40))
        return 0;
    return (uint64_t)number << (unit == 'K'   ? 10
                                : unit == 'M' ? 20
                                : unit == 'G' ? 30
                                              : 0);
}

static bool read_index(const char *root, unsigned index, struct cache *cache)
{
    char path[512], line[64];
    uint64_t number;
    const int n = snprintf(path, sizeof path,
                           "%s/sys/devices/system/cpu/cpu0/cache/"
                           "index%u/",
                           root, index);
    if (n < 0 || (size_t)n > sizeof path - 32)
        return false;
    char *const name = path + n;
    memset(cache, 0, sizeof *cache);
    strcpy(name, "level");
    if (!small_file_number(path, "", &number) || number == 0 || number > 9)
        return false;
    cache->level = (unsigned)number;
    strcpy(name, "size");
    if (small_file_line(path, line, sizeof line))
        cache->bytes = cache_geometry_bytes(line);
    strcpy(name, "type");
    cache->holds = CACHE_OF_BOTH;
    if (small_file_line(path, line, sizeof line) && line[0] != 'U')
        cache->holds = line[0] == 'I' ? CACHE_OF_INSTRUCTIONS : CACHE_OF_DATA;
    strcpy(name, "ways_of_associativity");
    if (small_file_number(path, "", &number) && number <= FULLY_ASSOCIATIVE)
        cache->ways = (unsigned)number;
    strcpy(name, "coherency_line_size");
    if (small_file_number(path, "", &number) && number <= 4096)
        cache->line_bytes = (unsigned)number;
    /* ARM kernels tell no ways: that alone is no reason for doubt */
    cache->is_doubtful = cache->bytes == 0;
    return true;
}

size_t cache_geometry_sysfs(const char *root, struct cache caches[MOST_CACHES])
{
    size_t n = 0;
    while (n < MOST_CACHES && read_index(root, (unsigned)n, &caches[n]))
        n++;
    return n;
}

/* ---- CPUID ---- */

/* Fields of a register: bits `high` to `low`. */
static uint32_t bits(uint32_t value, unsigned high, unsigned low)
{
    return (value >> low) & (uint32_t)((1ull << (high - low + 1)) - 1);
}

/* One subleaf; false when there are no more. */
static bool decode_subleaf(const struct cpuid *r, struct cache *cache)
{
    static const enum cache_holds holds[] = {CACHE_OF_DATA, CACHE_OF_INSTRUCTIONS,
                                             CACHE_OF_BOTH};
    const uint32_t type = bits(r->a, 4, 0);
    if (type == 0 || type > 3)
        return false;
    const uint32_t line = bits(r->b, 11, 0) + 1, partitions = bits(r->b, 21, 12) + 1;
    const uint32_t ways = bits(r->b, 31, 22) + 1;
    *cache = (struct cache){
        .level = bits(r->a, 7, 5),
        .holds = holds[type - 1],
        .bytes = (uint64_t)line * partitions * ways * ((uint64_t)r->c + 1),
        .ways = ways,
        .line_bytes = line,
    };
    if (bits(r->a, 9, 9) != 0)
        cache->ways = FULLY_ASSOCIATIVE;
    cache->is_doubtful = cache->level == 0 || cache->level > 4 || line < 16 ||
                         cache->bytes == 0 || /* all ones: 2^64 */
                         cache->bytes > ((uint64_t)1 << 31);
    return true;
}

static size_t decode_leaf(cpuid_asker *ask, uint32_t leaf, struct cache *caches)
{
    size_t n = 0;
    while (n < MOST_CACHES) {
        const struct cpuid answer = ask(leaf, (uint32_t)n);
        if (!decode_subleaf(&answer, &caches[n]))
            break;
        n++;
    }
    return n;
}

static size_t add(struct cache *caches, size_t n, unsigned level, enum cache_holds holds,
                  uint64_t bytes, unsigned ways, unsigned line_bytes)
{
    if (bytes == 0)
        return n;
    caches[n] = (struct cache){level, holds, bytes, ways, line_bytes, ways == 0};
    return n + 1;
}

/* AMD's leaves from before 0x8000001D. Where ways have no code (9: "see 0x8000001D", which
 * a hypervisor may have cut off) the size is a sum, not a cache. */
static size_t decode_old_leaves(cpuid_asker *ask, struct cache *caches)
{
    static const unsigned ways_of[16] = {0,  1, 2,  3,  4,  6,  8,   0,
                                         16, 0, 32, 48, 64, 96, 128, FULLY_ASSOCIATIVE};
    const struct cpuid first = ask(0x80000005u, 0), other = ask(0x80000006u, 0);
    size_t n = 0;
    n = add(caches, n, 1, CACHE_OF_DATA, (uint64_t)bits(first.c, 31, 24) << 10,
            bits(first.c, 23, 16), bits(first.c, 7, 0));
    n = add(caches, n, 1, CACHE_OF_INSTRUCTIONS, (uint64_t)bits(first.d, 31, 24) << 10,
            bits(first.d, 23, 16), bits(first.d, 7, 0));
    n = add(caches, n, 2, CACHE_OF_BOTH, (uint64_t)bits(other.c, 31, 16) << 10,
            ways_of[bits(other.c, 15, 12)], bits(other.c, 7, 0));
    return add(caches, n, 3, CACHE_OF_BOTH, (uint64_t)bits(other.d, 31, 18) << 19,
               ways_of[bits(other.d, 15, 12)], bits(other.d, 7, 0));
}

size_t cache_geometry_cpuid(cpuid_asker *ask, struct cache caches[MOST_CACHES],
                            uint32_t *leaf)
{
    static const uint32_t leaves[] = {4, 0x8000001Du};
    size_t n = 0;
    for (size_t i = 0; i < 2 && n == 0; i++) {
        *leaf = leaves[i];
        n = decode_leaf(ask, leaves[i], caches);
    }
    if (n == 0) {
        *leaf = 0x80000006u;
        n = decode_old_leaves(ask, caches);
    }
    if (n == 0)
        *leaf = 0;
    return n;
}

/* ---- which ---- */

uint64_t cache_geometry_last(const struct cache *caches, size_t n)
{
    const struct cache *last = NULL;
    for (size_t i = 0; i < n; i++)
        if (caches[i].holds != CACHE_OF_INSTRUCTIONS && !caches[i].is_doubtful &&
            (last == NULL || caches[i].level > last->level))
            last = &caches[i];
    return last != NULL ? last->bytes : 0;
}

const struct cache *cache_geometry_find(const struct cache *caches, size_t n,
                                        unsigned level, bool of_instructions)
{
    for (size_t i = 0; i < n; i++)
        if (caches[i].level == level &&
            (caches[i].holds == CACHE_OF_INSTRUCTIONS) == of_instructions)
            return &caches[i];
    return NULL;
}
