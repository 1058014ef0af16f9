/* SPDX-License-Identifier: MIT */
/* Which machines a run is to model, and how that travels to a child: as one text. */
#ifndef ONEMISS_LAB_MODEL_CHOICE_H
#define ONEMISS_LAB_MODEL_CHOICE_H

#include "complaint.h"
#include "sim/machines.h"

enum { MOST_MODELLED = 24, MODEL_CHOICE_ROOM = 1024, MODELLED_NAME = 64 };

struct modelled {
    char name[MODELLED_NAME]; /* of a machine, "host", or "own" for a geometry */
    struct sim_geometry geometry;
    struct sim_model model;
};

struct model_choice {
    struct modelled machines[MOST_MODELLED]; /* the first is the main one */
    size_t n;
    bool has_huge_pages; /* all pages are of 2 MiB, where a machine has pages at all */
};

/* The text of what --machine (NULL: the notes' laptop; names with commas, or all) and
 * --geometry (NULL: none) ask for. `host` is measured, which takes half a minute. With
 * huge pages a machine whose TLBs for them are not known is refused, and no part of
 * `all`. */
bool model_choice_make(const char *machines, const char *geometry, bool has_huge_pages,
                       char text[MODEL_CHOICE_ROOM], struct complaint *complaint);

/* Reads the text back. */
bool model_choice_read(const char *text, struct model_choice *choice,
                       struct complaint *complaint);

#endif
