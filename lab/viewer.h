/* SPDX-License-Identifier: MIT */
/* What a flame graph's page is made with: the library d3-flame-graph and the page's own
 * script and style, from the folder beside the program. */
#ifndef ONEMISS_LAB_VIEWER_H
#define ONEMISS_LAB_VIEWER_H

#include <stddef.h>

#include "complaint.h"

enum viewer_file {
    VIEWER_LIBRARY,
    VIEWER_LIBRARY_STYLE,
    VIEWER_LIBRARY_LICENCE,
    VIEWER_SELECTION, /* of d3: what the library is called with */
    VIEWER_SELECTION_LICENCE,
    VIEWER_PAGE,
    VIEWER_PAGE_STYLE,
    N_VIEWER_FILES
};

struct viewer {
    char *texts[N_VIEWER_FILES];
};

/* Reads all of it from `folder`; NULL: where this program was built or installed. False:
 * what is missing, and what brings it. */
bool viewer_load(struct viewer *viewer, const char *folder, struct complaint *complaint);
void viewer_drop(struct viewer *viewer);

#endif
