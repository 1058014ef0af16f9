/* SPDX-License-Identifier: MIT */
/* The XML of `xctrace export`, table time-profile, read piece by piece. */
#ifndef ONEMISS_LAB_FORMATS_XCTRACE_XML_H
#define ONEMISS_LAB_FORMATS_XCTRACE_XML_H

#include "../complaint.h"
#include "stack_sample.h"

struct xctrace_xml;

/* NULL and why: no memory, or this program was built without expat. */
struct xctrace_xml *xctrace_xml_create(stack_taker *take, void *context,
                                       struct complaint *complaint);
void xctrace_xml_destroy(struct xctrace_xml *xml);

/* The next bytes; with `is_end` there are no more. False: they are no such XML. */
bool xctrace_xml_bytes(struct xctrace_xml *xml, const char *bytes, size_t n, bool is_end,
                       struct complaint *complaint);

/* How long one sample stands for, the first that told; 0: none has. */
uint64_t xctrace_xml_period_ns(const struct xctrace_xml *xml);

#endif
