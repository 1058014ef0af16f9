/* SPDX-License-Identifier: MIT */
/* Ranks by Zipf's law: of n things the k-th most popular is drawn in proportion to
 * k^-exponent. */
#ifndef ONEMISS_LAB_ZIPF_H
#define ONEMISS_LAB_ZIPF_H

#include <stdint.h>

struct zipf {
    uint64_t n;              /* ranks */
    double one_less;         /* 1 - exponent */
    double area_from, width; /* of what is drawn from, under the curve */
    double sure; /* a rank this close to its point needs no look at the curve */
};

/* The exponent of YCSB (Cooper et al., 2010). */
#define ZIPF_YCSB 0.99

/* `n` from 1 on; `exponent` above 0 and not 1. Constant time and memory for any n. */
void zipf_init(struct zipf *zipf, uint64_t n, double exponent);

/* Draw number `index` of the stream that `seed` names: 0, the most popular, to n - 1. By
 * rejection and inversion of the integral (Hörmann and Derflinger, 1996): exact, about one
 * attempt a draw; as equal from machine to machine as the C libraries' log and exp are. */
uint64_t zipf_rank(const struct zipf *zipf, uint64_t seed, uint64_t index);

#endif
