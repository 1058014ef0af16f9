/* SPDX-License-Identifier: MIT */
/* Flame graphs as pages that need nothing else.
 *
 * Method. The library, a script and a style stand in the page; what is drawn stands in it
 * as JSON, which the script reads. No text from a result is ever part of a script: in JSON
 * every '<', '>' and '&' and all that is not ASCII is written as an escape, elsewhere as an
 * entity. The policy in the head lets no other script run and nothing be loaded. */
#include "flame_html.h"

#include <stdlib.h>
#include <string.h>

#include "cell_read.h"
#include "flame_read.h"
#include "html.h"

enum { MOST_ROWS = 100 };

/* ---- the page ---- */

struct page {
    const char *title;
    json_t *data;
    const json_t *result;
    const json_t *cells[2];
    size_t n_cells;
    const char *explanation;
};

static void put_head(FILE *to, const struct page *page, const struct viewer *viewer,
                     const char *nonce)
{
    fprintf(to,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "script-src 'nonce-%s'; style-src 'nonce-%s'; base-uri 'none'; form-action "
            "'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
            nonce, nonce);
    html_text(to, page->title);
    fprintf(to, "</title>\n<style nonce=\"%s\">\n%s\n%s</style>\n</head>\n", nonce,
            viewer->texts[VIEWER_LIBRARY_STYLE], viewer->texts[VIEWER_PAGE_STYLE]);
}

static void put_about(FILE *to, const struct page *page, size_t i)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const room = open_memstream(&text, &size);
    if (room == NULL)
        return;
    if (page->n_cells > 1)
        fprintf(room, "%s: ", i == 0 ? "A" : "B");
    if (page->n_cells > 1) {
        flame_title(room, page->cells[i]);
        fputs(". ", room);
    }
    flame_origin(room, page->cells[i]);
    if (i + 1 == page->n_cells) {
        fputc(' ', room);
        flame_machine(room, page->result);
    }
    fclose(room);
    fputs("<p>", to);
    html_text(to, text);
    fputs("</p>\n", to);
    free(text);
    const char *const warning = flame_warning(flame_stacks(page->cells[i]));
    if (warning == NULL)
        return;
    fputs("<p class=\"warning\">Warning: ", to);
    html_text(to, warning);
    fputs("</p>\n", to);
}

static void put_body(FILE *to, const struct page *page, const struct viewer *viewer,
                     const char *nonce)
{
    fputs("<body>\n<header>\n<h1>", to);
    html_text(to, page->title);
    fputs("</h1>\n", to);
    for (size_t i = 0; i < page->n_cells; i++)
        put_about(to, page, i);
    fputs("</header>\n<main id=\"page\"><noscript>The graph is drawn by a script, which "
          "this browser does not run.</noscript></main>\n<footer><p>",
          to);
    html_text(to, page->explanation);
    fputs("</p></footer>\n<script type=\"application/json\" id=\"data\">", to);
    html_json(to, page->data);
    fprintf(
        to,
        "</script>\n<script type=\"text/plain\" id=\"licences\">\nd3-flame-graph:\n%s\n"
        "d3-selection and further modules of d3, in these two:\n%s</script>\n",
        viewer->texts[VIEWER_LIBRARY_LICENCE], viewer->texts[VIEWER_SELECTION_LICENCE]);
    static const enum viewer_file scripts[] = {VIEWER_SELECTION, VIEWER_LIBRARY,
                                               VIEWER_PAGE};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        fprintf(to, "<script nonce=\"%s\">\n%s\n</script>\n", nonce,
                viewer->texts[scripts[i]]);
    fputs("</body>\n</html>\n", to);
}

static char *make_page(const struct page *page, const struct viewer *viewer)
{
    char *text = NULL, nonce[HTML_NONCE];
    size_t size = 0;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    html_nonce(nonce);
    put_head(to, page, viewer, nonce);
    put_body(to, page, viewer, nonce);
    const bool is_whole = ferror(to) == 0;
    if (fclose(to) == 0 && is_whole)
        return text;
    free(text);
    return NULL;
}

/* The title's text, to be freed. */
static char *title_of(const json_t *a, const json_t *b)
{
    char *text = NULL, names[2][CELL_NAME];
    size_t size = 0;
    FILE *const to = open_memstream(&text, &size);
    if (to == NULL)
        return NULL;
    if (b == NULL)
        flame_title(to, a);
    else
        fprintf(to, "%s (A) against %s (B), %s %s", cell_name(a, names[0]),
                cell_name(b, names[1]), member_text(a, "workload"),
                member_text(a, "key"));
    fclose(to);
    return text;
}

/* ---- one cell ---- */

static json_t *functions_of(const json_t *stacks)
{
    struct flame_functions functions;
    json_t *const rows = json_array();
    if (!flame_count_functions(stacks, &functions))
        return rows;
    for (size_t i = 0; i < functions.n && i < MOST_ROWS; i++)
        json_array_append_new(rows,
                              json_pack("[s, f, f]", functions.of[i].name,
                                        functions.of[i].self, functions.of[i].total));
    flame_drop_functions(&functions);
    return rows;
}

static json_t *lines_of(const json_t *stacks)
{
    json_t *const rows = json_array();
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(stacks, "lines"), i, line)
    {
        if (i < MOST_ROWS)
            json_array_append_new(
                rows, json_pack("[O, O, O, O]", json_object_get(line, "where"),
                                json_object_get(line, "function"),
                                json_object_get(line, "samples"),
                                json_object_get(line, "kernel_samples")));
    }
    return rows;
}

char *flame_html(const json_t *result, size_t cell, const struct viewer *viewer)
{
    const json_t *const own = cell_at(result, cell);
    const json_t *const stacks = flame_stacks(own);
    json_t *const tree = json_object();
    char *page_text = NULL;
    char *const title = title_of(own, NULL);
    if (stacks != NULL && title != NULL && flame_add_to_tree(tree, stacks, 0, 1)) {
        struct page page = {
            .title = title,
            .result = result,
            .cells = {own},
            .n_cells = 1,
            .explanation =
                "A box is a function, as wide as the part of the samples that it was on "
                "the stack in; it stands on the function that called it, or that it was "
                "inlined into. Names with _[k] are the kernel's. From left to right "
                "there "
                "is no order of time. Where no PMU is to be had the kernel's timer takes "
                "the samples: what runs with interrupts off is booked where they are on "
                "again.",
        };
        page.data =
            json_pack("{s:s, s:O, s:o, s:o}", "unit", "samples", "tree", tree,
                      "functions", functions_of(stacks), "lines", lines_of(stacks));
        page_text = page.data != NULL ? make_page(&page, viewer) : NULL;
        json_decref(page.data);
    }
    json_decref(tree);
    free(title);
    return page_text;
}

/* ---- two cells ---- */

char *flame_diff_html(const json_t *result, size_t a, size_t b,
                      const struct viewer *viewer)
{
    const json_t *const cells[2] = {cell_at(result, a), cell_at(result, b)};
    json_t *const tree = json_object();
    char *const title = title_of(cells[0], cells[1]);
    char *page_text = NULL, names[2][CELL_NAME];
    bool is_whole = title != NULL;
    for (size_t i = 0; i < 2; i++) {
        const json_t *const stacks = flame_stacks(cells[i]);
        const double ns = flame_ns_per_op(cells[i]);
        is_whole = is_whole && stacks != NULL && ns > 0 &&
                   flame_add_to_tree(tree, stacks, i, ns);
    }
    if (is_whole) {
        struct page page = {
            .title = title,
            .result = result,
            .cells = {cells[0], cells[1]},
            .n_cells = 2,
            .explanation =
                "Samples are made nanoseconds an operation, so that runs of different "
                "length compare. The first graph is as wide as A's time, the second as "
                "B's; in both, what takes A longer than B is red, what takes it less is "
                "blue, the stronger the larger the difference. A function that only one "
                "of them has is in its graph alone.",
        };
        page.data =
            json_pack("{s:s, s:O, s:[s, s]}", "unit", "ns/op", "tree", tree, "names",
                      cell_name(cells[0], names[0]), cell_name(cells[1], names[1]));
        page_text = page.data != NULL ? make_page(&page, viewer) : NULL;
        json_decref(page.data);
    }
    json_decref(tree);
    free(title);
    return page_text;
}
