/* SPDX-License-Identifier: MIT */
/* Names a user may have misspelt. */
#ifndef ONEMISS_LAB_NAMES_H
#define ONEMISS_LAB_NAMES_H

#include <stddef.h>

#include "complaint.h"

/* Says that `name` is no `what`, which of the `n` names is nearest, and what they are. */
bool complain_of_name(struct complaint *complaint, const char *what, const char *name,
                      const char *const *names, size_t n);

/* True when the name is one of them; else complains of it. */
bool name_is_one_of(const char *what, const char *name, const char *const *names,
                    size_t n, struct complaint *complaint);

#endif
