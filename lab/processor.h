/* SPDX-License-Identifier: MIT */
/* What the processor says of itself. Only x86 answers CPUID; elsewhere all is zero. */
#ifndef ONEMISS_LAB_PROCESSOR_H
#define ONEMISS_LAB_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#define HAS_CPUID 1
#else
#define HAS_CPUID 0
#endif

struct cpuid {
    uint32_t a, b, c, d; /* registers eax to edx */
};

/* Who answers: the processor, or in tests a record of one. Unknown leaves are zero. */
typedef struct cpuid cpuid_asker(uint32_t leaf, uint32_t subleaf);

static inline struct cpuid cpuid_of_processor(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid answer = {0, 0, 0, 0};
#if HAS_CPUID
    const bool is_hypervisor = leaf >> 28 == 4; /* whose leaves have no largest number */
    if (is_hypervisor || leaf <= (uint32_t)__get_cpuid_max(leaf & 0x80000000u, NULL))
        __cpuid_count(leaf, subleaf, answer.a, answer.b, answer.c, answer.d);
#else
    (void)leaf, (void)subleaf;
#endif
    return answer;
}

/* Four characters of a name. */
static inline void cpuid_characters(char *to, uint32_t value)
{
    memcpy(to, &value, sizeof value); /* x86 is little-endian */
}

/* Whether a hypervisor says that it is there. */
static inline bool cpuid_is_virtual(cpuid_asker *ask)
{
    return (ask(1, 0).c >> 31 & 1) != 0;
}

/* Whether the time stamp counter runs at one rate whatever the processor does. */
static inline bool cpuid_has_steady_stamps(cpuid_asker *ask)
{
    return (ask(0x80000007u, 0).d >> 8 & 1) != 0;
}

/* The processor's name; false when nobody tells. */
bool processor_name(char *name, size_t room);

#endif
