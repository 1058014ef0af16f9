/* SPDX-License-Identifier: MIT */
/* A result as one page that needs nothing else: no network, no script, no other file.
 *
 * In the order in which it is asked: who wins, in a sentence; all maps under all workloads;
 * time against size, latencies, memory against time as charts; why, where the cache model
 * ran; each group whole, with intervals and verdicts; how it was taken and how to take it
 * again. The head's policy lets nothing be loaded and nothing run. */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "cell_read.h"
#include "chart.h"
#include "heat_map.h"
#include "html.h"
#include "noise_words.h"
#include "page_charts.h"
#include "page_tables.h"
#include "sources_text.h"
#include "svg.h"
#include "verdicts.h"
#include "why.h"

static const char style[] =
    ":root{color-scheme:light dark;--paper:#fff;--text:#24292f;--dim:#57606a;"
    "--rule:#d8dee4;--warn:#a40e26;--good:#116329;--c0:#0969da;--c1:#bc4c00;--c2:#1a7f64;"
    "--c3:#8250df;--c4:#9a6700;--c5:#57606a;--h0:#d4edd9;--h1:#e8f3d6;--h2:#fbf3cf;"
    "--h3:#fde4c3;--h4:#fbd0bd;--h5:#f6bcbc}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--text:#e6edf3;"
    "--dim:#9198a1;--rule:#30363d;--warn:#ff8b81;--good:#56d364;--c0:#58a6ff;--c1:#"
    "f0883e;"
    "--c2:#3fbf9b;--c3:#bc8cff;--c4:#d4a72c;--c5:#9198a1;--h0:#12351d;--h1:#263614;"
    "--h2:#3a3410;--h3:#46300f;--h4:#4c2516;--h5:#521a1e}}\n"
    "body{margin:0 auto;padding:16px 20px 60px;max-width:1280px;background:var(--paper);"
    "color:var(--text);font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif}\n"
    "h1{font-size:24px;margin:8px 0}h2{font-size:18px;margin:30px 0 6px}\n"
    ".dim{color:var(--dim)}.verdict{font-size:17px;max-width:60em}\n"
    "pre{overflow-x:auto;font:12.5px/1.4 ui-monospace,Menlo,Consolas,monospace;"
    "border:1px solid var(--rule);padding:10px}\n"
    "nav a{margin-right:14px}a{color:var(--c0)}dt{font-weight:600}dd{margin:0 0 8px}\n"
    ":focus-visible{outline:2px solid var(--c0);outline-offset:2px}\n"
    "summary{cursor:pointer;color:var(--dim)}\n";

/* Behind all others, which it overrules: paper has no scroll bars. */
static const char print_style[] =
    "@media print{nav,summary{display:none}body{max-width:none;padding:0}"
    ".wide{overflow:visible}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "table{font-size:11px}th,td{padding:2px 5px}"
    "th[scope=row]{white-space:normal;overflow-wrap:anywhere;min-width:9em}figure,table{"
    "break-inside:avoid}"
    "td,tr{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";

static void put_head(FILE *to, const char *title)
{
    char nonce[HTML_NONCE];
    html_nonce(nonce);
    fprintf(to,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'nonce-%s'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>",
            nonce);
    html_text(to, title);
    fprintf(to, "</title>\n<style nonce=\"%s\">\n%s%s%s%s</style>\n</head>\n<body>\n",
            nonce, style, page_tables_style, chart_style, print_style);
}

static void put_nav(FILE *to, bool has_why)
{
    fputs("<nav aria-label=\"Sections\"><a href=\"#glance\">At a glance</a>"
          "<a href=\"#charts\">Charts</a>",
          to);
    if (has_why)
        fputs("<a href=\"#why\">Why</a>", to);
    fputs("<a href=\"#tables\">Tables</a><a href=\"#method\">Machine and "
          "method</a></nav>\n",
          to);
}

/* What reports for a terminal print, as they print it. */
static void put_printed(FILE *to, const char *text)
{
    fputs("<pre tabindex=\"0\">", to);
    html_text(to, text);
    fputs("</pre>\n", to);
}

/* The why-tables of all groups; "" where the model was not asked. To be freed. */
static char *print_why(const json_t *cells)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return NULL;
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n)
        report_why(cells, first, n, room);
    fflush(room);
    if (size > 0)
        report_why_legend(cells, room);
    fclose(room);
    return text;
}

/* The lines of all maps that instrument `heat` looked at, "" where it did not run. To be
 * freed. */
static char *print_lines(const json_t *result)
{
    char *text = NULL;
    size_t size = 0, i;
    const json_t *cell;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return NULL;
    json_array_foreach(json_object_get(result, "cells"), i, cell)
    {
        report_heat(cell, cell_machine(result, cell), room);
    }
    fclose(room);
    return text;
}

static void put_term(FILE *to, const char *term, const char *text)
{
    fprintf(to, "<dt>%s</dt><dd>", term);
    html_text(to, text);
    fputs("</dd>\n", to);
}

/* The words of the command, quoted for a shell where one would take them apart. */
static void put_command(FILE *to, const json_t *command)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-+=:,./@%";
    size_t i;
    json_t *word;
    fputs("<pre tabindex=\"0\">", to);
    json_array_foreach(command, i, word)
    {
        const char *const text =
            json_string_value(word) != NULL ? json_string_value(word) : "";
        const bool is_plain = *text != '\0' && text[strspn(text, plain)] == '\0';
        fputs(i > 0 ? " " : "", to);
        if (!is_plain)
            fputs("&#39;", to);
        for (const char *at = text; *at != '\0'; at++) {
            const char one[] = {*at, '\0'};
            html_text(to, *at == '\'' ? "'\\''" : one);
        }
        if (!is_plain)
            fputs("&#39;", to);
    }
    fputs("</pre>\n", to);
}

static void put_term_of(FILE *to, const char *term, const json_t *object,
                        void (*print)(const json_t *object, FILE *to))
{
    char *text = NULL;
    size_t size = 0;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    print(object, room);
    fclose(room);
    if (size > 0)
        put_term(to, term, text);
    free(text);
}

/* The machine, or that of each source. */
static void put_machines(FILE *to, const json_t *result)
{
    const json_t *const sources = json_object_get(result, "sources");
    const json_t *const machine = json_object_get(result, "machine");
    const char *const warning = report_sources_warning(result);
    for (size_t i = 0; i < json_array_size(sources); i++) {
        char term[32];
        snprintf(term, sizeof term, "Source %zu", i + 1);
        put_term_of(to, term, json_array_get(sources, i), report_source);
    }
    if (warning != NULL)
        fprintf(to, "<dt class=\"bad\">Machines differ</dt><dd>%s</dd>\n", warning);
    if (sources != NULL)
        return;
    put_term_of(to, "Machine", machine, report_machine);
    put_term(to, "Taken", member_text(result, "started"));
}

static void put_method(FILE *to, const json_t *result)
{
    char twins[512];
    fputs("<h2 id=\"method\">Machine and method</h2>\n<dl>\n", to);
    put_machines(to, result);
    put_term(
        to, "Numbers",
        "Times are measured: medians over blocks, each with a fresh process for every "
        "map in random order, on one processor. An interval encloses the true median "
        "with the probability that the result file gives, 0.95 or more from 6 blocks "
        "on. Verdicts are of the ratios within a block; the same is what differs by "
        "less than 1 %. Bytes and calls are counted in a run of their own. What the "
        "cache model says is simulated. A multiple of the ceiling is estimated "
        "between the ceilings' own footprints.");
    if (report_twins_text(json_object_get(result, "cells"), twins, sizeof twins))
        put_term(to, "A/A", twins);
    put_term_of(to, "Disturbances", result, report_noise);
    fputs("</dl>\n<p>Take it again:</p>\n", to);
    const json_t *const sources = json_object_get(result, "sources");
    const json_t *command = NULL, *const last = json_object_get(result, "command");
    for (size_t i = 0; i < json_array_size(sources); i++)
        put_command(to, command = json_object_get(json_array_get(sources, i), "command"));
    if (!json_equal(command, last)) /* a merge's own */
        put_command(to, last);
    if (!json_is_true(json_object_get(result, "complete")))
        fprintf(to, "<p class=\"bad\">%s: only finished cells are here.</p>\n",
                sources == NULL ? "The run was interrupted"
                                : "A shard is missing, or was interrupted");
}

static void put_page(FILE *to, const json_t *result, const char *why)
{
    const json_t *const cells = json_object_get(result, "cells");
    const bool has_why = why != NULL && *why != '\0';
    put_head(to, "onemiss: hash maps compared");
    fputs("<header><h1>Hash maps compared</h1>\n", to);
    page_put_sentence(to, cells);
    put_nav(to, has_why);
    fputs("</header>\n<main>\n<h2 id=\"glance\">At a glance</h2>\n", to);
    page_put_heat(to, cells);
    fputs("<h2 id=\"charts\">Charts</h2>\n", to);
    page_put_charts(to, result);
    if (has_why) {
        fputs("<h2 id=\"why\">Why</h2>\n<p class=\"dim\">Simulated: which part of a map "
              "misses which cache.</p>\n",
              to);
        put_printed(to, why);
    }
    char *const lines = print_lines(result);
    if (lines != NULL && *lines != '\0') {
        fputs("<h2>Cache lines</h2>\n<p class=\"dim\">Counted: which bytes of a line are "
              "read and written how often.</p>\n",
              to);
        put_printed(to, lines);
    }
    free(lines);
    fputs("<h2 id=\"tables\">Each workload</h2>\n", to);
    for (size_t first = 0, n; (n = cell_group(cells, first)) > 0; first += n)
        page_put_group(to, cells, first, n);
    put_method(to, result);
    fputs("</main>\n</body>\n</html>\n", to);
}

char *report_page(const json_t *result)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    char *const why = print_why(json_object_get(result, "cells"));
    put_page(to, result, why);
    free(why);
    return svg_made(to, &text);
}
