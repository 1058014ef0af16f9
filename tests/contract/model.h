/* SPDX-License-Identifier: MIT */
/* What a map should hold: an array over a small universe of key numbers. No hashing. */
#ifndef MODEL_H
#define MODEL_H

#include "check.h"

enum { MODEL_MOST = 1000 };

typedef struct model {
    size_t universe;              /* key numbers in play */
    size_t size;                  /* keys that are there */
    uint64_t serials[MODEL_MOST]; /* of each key's value; 0: the key is not there */
    uint64_t seen[MODEL_MOST];    /* the iteration that met the key last */
    uint64_t n_iterations;
} model;

CHECK_UNUSED static inline void model_put(model *m, size_t i, uint64_t serial)
{
    m->size += m->serials[i] == 0;
    m->serials[i] = serial;
}

CHECK_UNUSED static inline void model_remove(model *m, size_t i)
{
    m->size -= m->serials[i] != 0;
    m->serials[i] = 0;
}

/* Notes that the iteration met key i; false if for the second time, or not there. */
CHECK_UNUSED static inline bool model_see(model *m, size_t i)
{
    const bool is_first = m->seen[i] != m->n_iterations;
    m->seen[i] = m->n_iterations;
    return is_first && m->serials[i] != 0;
}

/* Whether the iteration has met every key that is there now. */
CHECK_UNUSED static inline bool model_all_seen(const model *m)
{
    for (size_t i = 0; i < m->universe; i++)
        if (m->serials[i] != 0 && m->seen[i] != m->n_iterations)
            return false;
    return true;
}

#endif
