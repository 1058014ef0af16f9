/* SPDX-License-Identifier: MIT */
/* A time stamp that costs little: the processor's own counter where there is one.
 *
 * On x86 rdtscp waits until what stands before it has been done, and lfence keeps what
 * stands behind it from starting sooner (Intel SDM 2B, RDTSCP): operations do not overlap
 * in a stamped loop. On ARM isb does both. A tick is no fixed time: whoever reads stamps
 * compares them with a clock. */
#ifndef ONEMISS_LAB_SUBJECT_STAMP_H
#define ONEMISS_LAB_SUBJECT_STAMP_H

#include <stdint.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#endif

/* Ticks since some moment. */
static inline uint64_t stamp_now(void)
{
#if defined(__x86_64__) || defined(__i386__)
    unsigned processor;
    const uint64_t ticks = __rdtscp(&processor);
    _mm_lfence();
    return ticks;
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks) : : "memory");
    return ticks;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

#endif
