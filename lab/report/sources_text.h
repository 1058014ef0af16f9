/* SPDX-License-Identifier: MIT */
/* Where the cells of a joined result come from, as paragraphs. */
#ifndef ONEMISS_LAB_REPORT_SOURCES_TEXT_H
#define ONEMISS_LAB_REPORT_SOURCES_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Nothing, where the result was not joined. */
void report_sources(const json_t *result, FILE *to);

/* "AMD EPYC, 2 cores, 24.0 GiB, virtual, x86_64, Linux 6.18". */
void report_machine(const json_t *machine, FILE *to);

/* The same of a source, behind "shard 1/2, 2026-01-31T12:00:00Z, a.json: ". */
void report_source(const json_t *source, FILE *to);

/* Said where not all sources are of one machine; NULL where they are. */
const char *report_sources_warning(const json_t *result);

#endif
