/* SPDX-License-Identifier: MIT */
/* Caches of machines one may want to know about, and geometries of one's own. */
#ifndef ONEMISS_SIM_MACHINES_H
#define ONEMISS_SIM_MACHINES_H

#include <stddef.h>

#include "hierarchy.h"

/* A processor, seen from one core: an L3 that is shared counts as a whole. */
struct sim_machine {
    const char *name;    /* as for --machine */
    const char *summary; /* one line */
    const char *source;  /* of the figures */
    struct sim_geometry geometry;
    struct sim_model model;      /* as the processor is known, or thought, to work */
    struct sim_tlb huge_tlbs[2]; /* for pages of SIM_HUGE_PAGE; 0 entries: not known */
};

enum { SIM_HUGE_PAGE = 2 << 20 };

extern const struct sim_machine sim_machines[];
extern const size_t sim_n_machines;

/* NULL when there is none of that name. */
const struct sim_machine *sim_machine_find(const char *name);

/* Its geometry when all pages are huge ones. False: TLBs for them are not known. */
bool sim_machine_huge(const struct sim_machine *machine, struct sim_geometry *geometry);

enum { GEOMETRY_WHY_ROOM = 160, GEOMETRY_TEXT_ROOM = 96 };

/* Whether a hierarchy can be made of it; else `why` says what is wrong and what would be
 * right, in one line. */
bool geometry_check(const struct sim_geometry *geometry, char why[GEOMETRY_WHY_ROOM]);

/* Reads "48K/12,1M/8,32M/16", optionally with "@128" behind it for the line; no TLB. */
bool geometry_read(const char *text, struct sim_geometry *geometry,
                   char why[GEOMETRY_WHY_ROOM]);

/* The same as text: "32K/8,256K/4,8M/16". */
void geometry_text(const struct sim_geometry *geometry, char text[GEOMETRY_TEXT_ROOM]);

/* "lru", "lru, stream prefetch, inclusive" ...; pages are named where they matter and are
 * not of 4 KiB. */
enum { MODEL_TEXT_ROOM = 128 };
void model_text(const struct sim_model *model, uint64_t page_bytes,
                char text[MODEL_TEXT_ROOM]);

/* The band: every policy with no prefetcher, the next-line one, the stream one; all else
 * as in `like`. Model i of SIM_N_MODELS. */
enum { SIM_N_MODELS = SIM_N_POLICIES * 3 };
struct sim_model sim_model_of_band(unsigned i, const struct sim_model *like);

#endif
