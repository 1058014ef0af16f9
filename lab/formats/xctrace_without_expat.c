/* SPDX-License-Identifier: MIT */
/* In the place of xctrace_xml.c where there is no expat: says so. */
#include "xctrace_xml.h"

struct xctrace_xml {
    uint64_t period_ns;
};

struct xctrace_xml *xctrace_xml_create(stack_taker *take, void *context,
                                       struct complaint *complaint)
{
    (void)take, (void)context;
    complain(complaint,
             "this program was built without expat, which reads xctrace's XML; "
             "install libexpat1-dev (brew install expat) and build again");
    return NULL;
}

void xctrace_xml_destroy(struct xctrace_xml *xml)
{
    (void)xml;
}

bool xctrace_xml_bytes(struct xctrace_xml *xml, const char *bytes, size_t n, bool is_end,
                       struct complaint *complaint)
{
    (void)xml, (void)bytes, (void)n, (void)is_end;
    return complain(complaint, "built without expat");
}

uint64_t xctrace_xml_period_ns(const struct xctrace_xml *xml)
{
    return xml->period_ns;
}
