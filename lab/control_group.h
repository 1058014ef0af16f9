/* SPDX-License-Identifier: MIT */
/* What the control groups that this process is in allow it; containers are made of them. */
#ifndef ONEMISS_LAB_CONTROL_GROUP_H
#define ONEMISS_LAB_CONTROL_GROUP_H

/* Bytes of memory; infinity: no limit, or none that can be seen. */
double control_group_bytes(void);

/* Those of them that are still free; likewise. */
double control_group_free_bytes(void);

/* Processors' worth of time; likewise. */
double control_group_processors(void);

#endif
