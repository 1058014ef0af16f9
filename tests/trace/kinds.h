/* SPDX-License-Identifier: MIT */
/* One function for each kind of access; compiled as a traced subject is. */
#ifndef ONEMISS_TESTS_KINDS_H
#define ONEMISS_TESTS_KINDS_H

#include "subject_trace.h"

enum { KIND_ROOM = 256 };

struct kind {
    const char *name;
    void (*touch)(char *to, const char *from); /* each KIND_ROOM bytes, aligned to 64 */
};

struct kinds {
    struct trace_port *port;
    const struct kind *kinds; /* ended by a NULL name */
};

#endif
