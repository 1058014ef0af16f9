/* SPDX-License-Identifier: MIT */
/* What a result says of the machine it was taken on. */
#ifndef ONEMISS_LAB_MACHINE_H
#define ONEMISS_LAB_MACHINE_H

#include <jansson.h>

/* A new object; what cannot be learned is null. */
json_t *machine_describe(void);

#endif
