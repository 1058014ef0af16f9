/* SPDX-License-Identifier: MIT */
/* The why-table adds up, compares only what can be compared, and claims only what it has
 * counted. */
#include "picture.h"

#include <math.h>

#include "report/why.h"

/* Behind the names of a row whose parts have at most eight characters. */
enum { NUMBERS_AT = 17, N_COLUMNS = 7 /* to the bytes, three levels */ };

/* 100 operations; `parts` are rows, `more` further fields, each with a comma before it. */
static json_t *a_cell(const char *subject, const char *parts, const char *more)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    fprintf(to,
            "{'subject': '%s', 'status': 'ok', 'operations': 100, 'cache_model': ["
            "{'machine': 'i7', 'geometry': '32K/8,256K/4,8M/16', 'line_bytes': 64,"
            "'model': 'lru', 'levels': 3, 'parts': [%s]}]%s}",
            subject, parts, more);
    fclose(to);
    json_t *const cell = parse_json(text);
    free(text);
    return cell;
}

#define PART(part, phase, loads, stores, load_lines, store_lines, rest)                  \
    "{'part': '" part "', 'phase': '" phase "', 'loads': " loads ", 'stores': " stores   \
    ", 'load_lines': [" load_lines "], 'store_lines': [" store_lines "], " rest "}"
#define SIZES(lines, fetched, used)                                                      \
    "'lines': " lines ", 'bytes_fetched': " fetched ", 'bytes_used': " used

static const char open_parts[] =
    PART("stack", "insert", "100", "50", "100, 0, 0, 0", "50, 0, 0, 0",
         SIZES("10", "0",
               "0")) "," PART("entries", "insert", "200", "100", "120, 40, 30, 10",
                              "80, 10, 5, 5",
                              SIZES("120", "6400",
                                    "3200")) "," PART("entries", "resize", "61", "37",
                                                      "41, 9, 8, 3", "30, 4, 2, 1",
                                                      SIZES("27", "1728", "1296"));

static const char chain_parts[] =
    PART("heads", "insert", "100", "100", "40, 20, 20, 20", "100, 0, 0, 0",
         SIZES("100", "3840", "480")) "," PART("nodes", "insert", "300", "400",
                                               "100, 80, 60, 60", "360, 20, 10, 10",
                                               SIZES("240", "15360", "5760"));

/* Cells to one array, which owns them. */
static json_t *array_of(json_t *first, json_t *second, json_t *third)
{
    json_t *const cells = json_array();
    json_array_append_new(cells, first);
    if (second != NULL)
        json_array_append_new(cells, second);
    if (third != NULL)
        json_array_append_new(cells, third);
    return cells;
}

/* What is printed of all cells, which are released; the caller frees it. */
static char *printed(json_t *cells)
{
    char *text = NULL;
    size_t size;
    FILE *const to = open_memstream(&text, &size);
    assert_non_null(to);
    report_why(cells, 0, json_array_size(cells), to);
    fclose(to);
    json_decref(cells);
    expect_no_part(text, "nan");
    expect_no_part(text, "inf");
    return text;
}

/* The text with its lines joined: paragraphs break where they must. */
static char *joined(char *text)
{
    for (char *c = text; *c != '\0'; c++)
        if (*c == '\n')
            *c = ' ';
    return text;
}

/* ---- the table ---- */

static void read_row(const char *line, double numbers[N_COLUMNS])
{
    const char *at = line + NUMBERS_AT;
    for (size_t i = 0; i < N_COLUMNS; i++) {
        char *end;
        numbers[i] = strtod(at, &end);
        assert_true(end > at);
        at = end;
    }
}

/* From the line behind `title` to the one of the total; how many rows there were. */
static size_t expect_sums(const char *text, const char *title)
{
    double sums[N_COLUMNS] = {0}, row[N_COLUMNS];
    size_t n = 0;
    const char *line = strstr(text, title);
    assert_non_null(line);
    for (line = strchr(line + 1, '\n') + 1; strncmp(line, "  total", 7) != 0;
         line = strchr(line, '\n') + 1) {
        read_row(line, row);
        for (size_t i = 0; i < N_COLUMNS; i++)
            sums[i] += row[i];
        n++;
    }
    read_row(line, row);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (fabs(sums[i] - row[i]) > 1e-6)
            fail_msg("column %zu sums up to %g, the total is %g", i, sums[i], row[i]);
    return n;
}

static void parts_sum_to_the_total(void **state)
{
    (void)state;
    char *const text = printed(array_of(a_cell("chaining", chain_parts, ""),
                                        a_cell("open_addressing", open_parts, ""), NULL));
    assert_int_equal(expect_sums(text, "\nchaining\n"), 2);
    assert_int_equal(expect_sums(text, "\nopen_addressing\n"), 3);
    expect_part(text, "\n  nodes    insert  3.00   4.00  2.40  2.40  1.40  0.70 153.6  "
                      "38%   80% ########\n");
    expect_part(text, "\n  heads    insert  1.00   1.00  1.00  0.60  0.40  0.20 38.40  "
                      "12%   20% ##\n");
    expect_part(text, "\n  total            4.00   5.00  3.40  3.00  1.80  0.90 192.0  "
                      "32%  100%\n");
    free(text);
}

static void the_culprit_stands_first(void **state)
{
    (void)state;
    char *const text = printed(array_of(a_cell("a", open_parts, ""), NULL, NULL));
    expect_part(text, "\na\n  entries  insert");
    expect_part(text, "  stack    insert  1.00   0.50  0.10     0     0     0     0    "
                      "-    0%\n  total");
    free(text);
}

#define TINY(phase)                                                                      \
    ", " PART("malloc", phase, "1", "2", "1, 1, 0, 0", "2, 0, 0, 0",                     \
              SIZES("1", "10", "8"))
#define LARGE                                                                            \
    PART("entries", "insert", "9000", "8000", "1200, 4000, 900, 10", "80, 10, 5, 5",     \
         SIZES("5000", "9000", "3200"))

static void folded_rows_keep_the_total(void **state)
{
    (void)state;
    char *text = printed(array_of(
        a_cell("a", LARGE TINY("insert") TINY("resize") TINY("get"), ""), NULL, NULL));
    assert_int_equal(expect_sums(text, "\na\n"), 2);
    expect_part(text, "\n  3 others         0.03   0.06  0.03  0.03     0     0  0.30");
    expect_no_part(text, "malloc");
    free(text);
    text = printed(array_of(a_cell("a", LARGE TINY("insert"), ""), NULL, NULL));
    assert_int_equal(expect_sums(text, "\na\n"), 2);
    expect_part(text, "\n  malloc   insert"); /* one would gain no line */
    free(text);
}

static void no_operations_is_no_division(void **state)
{
    static const char *const counts[] = {"0", "null", "-5"};
    (void)state;
    for (size_t i = 0; i < N_OF(counts); i++) {
        json_t *const empty = a_cell("a", open_parts,
                                     ", 'cache_band': [{'model': 'x',"
                                     "'misses': [5, 3, 1]}]");
        json_object_set_new(empty, "operations", parse_json(counts[i]));
        json_object_set_new(json_array_get(json_object_get(empty, "cache_model"), 0),
                            "events", parse_json("{'walk_loads': 5}"));
        char *const text = printed(array_of(empty, a_cell("b", chain_parts, ""), NULL));
        expect_part(text, "\na\n  no timed operation to divide the counts by\nb\n");
        expect_no_part(text, "misses L1"); /* nothing to compare with */
        free(text);
    }
}

static void cells_without_a_model_say_nothing(void **state)
{
    (void)state;
    json_t *const bad = a_cell("a", open_parts, "");
    json_object_set_new(bad, "status", json_string("wrong"));
    json_t *const bare = parse_json("{'subject': 'b', 'status': 'ok', 'operations': 5}");
    json_t *const cells = array_of(bad, bare, a_cell("c", open_parts, ""));
    json_array_remove(cells, 2);
    char *const text = printed(cells);
    assert_string_equal(text, "");
    free(text);
}

static void each_number_of_levels_has_its_columns(void **state)
{
    (void)state;
    for (int levels = 1; levels <= 4; levels++) {
        json_t *const cell =
            a_cell("a",
                   PART("part of a long name", "insert", "100", "0", "9, 8, 7, 6, 5",
                        "0, 0, 0, 0, 0", SIZES("10", "64", "5")),
                   "");
        json_object_set_new(json_array_get(json_object_get(cell, "cache_model"), 0),
                            "levels", json_integer(levels));
        char *const text = printed(array_of(cell, NULL, NULL));
        char first[16], last[16], behind[16];
        snprintf(first, sizeof first, " %s ", levels == 1 ? "0.08" : "L1");
        snprintf(last, sizeof last, " L%d ", levels);
        snprintf(behind, sizeof behind, "L%d", levels + 1);
        expect_part(text, first);
        expect_part(text, last);
        if (levels > 1)
            expect_no_part(text, behind);
        expect_part(text, levels == 4 ? "part of a ~ insert" : "part of a long");
        expect_within(text, 80);
        free(text);
    }
}

/* ---- words ---- */

static void words_are_computed(void **state)
{
    (void)state;
    char *const text = joined(printed(array_of(a_cell("chaining", chain_parts, ""),
                                               a_cell("open", open_parts, ""), NULL)));
    expect_part(text, " open touches 1.57 lines an insert and misses L1 1.27 times: 100% "
                      "of that in entries; of a fetched line 55% is used. chaining "
                      "touches 3.40 lines an insert and misses L1 3.00 times, 2.36 times "
                      "as often: 80% of that in nodes, 20% in heads; of a fetched line "
                      "32% is used. Memory serves open fewest lines, 0.19 an insert, and "
                      "chaining most, 0.90. ");
    free(text);
}

/* Of `chaining` with 120 lines more that it brings itself, 40 of them from memory; and of
 * one whose misses alone are more than another's. */
static void what_a_map_fetches_ahead_is_in_the_words(void **state)
{
    static const char ahead[] =
        PART("nodes", "insert", "100", "100", "40, 20, 20, 20", "100, 0, 0, 0",
             SIZES("100", "3840", "480") ", 'prefetch_lines': [9, 50, 30, 40]");
    static const char less[] = PART("entries", "insert", "100", "100", "0, 20, 20, 90",
                                    "100, 0, 0, 0", SIZES("130", "3840", "480"));
    (void)state;
    char *text = joined(printed(
        array_of(a_cell("chaining", ahead, ""), a_cell("open", open_parts, ""), NULL)));
    expect_part(text, "It fetches 1.20 lines more ahead by itself, 1.80 together.");
    expect_part(text,
                "open touches 1.57 lines an insert and misses L1 1.27 times, no more "
                "often than chaining with what each fetches ahead: 100%");
    expect_part(text,
                "Memory serves open fewest lines, 0.19 an insert, and chaining most, "
                "0.60, those fetched ahead included.");
    expect_no_part(text, "times as often");
    free(text);
    text = joined(
        printed(array_of(a_cell("chaining", ahead, ""), a_cell("less", less, ""), NULL)));
    expect_part(text, "misses L1 1.30 times, no more often than chaining");
    free(text);
}

/* The subject that only runs the loops misses nothing; it is no map. */
static void the_empty_subject_is_no_rival(void **state)
{
    static const char parts[] =
        PART("operations", "insert", "100", "0", "100, 0, 0, 0", "0, 0, 0, 0",
             SIZES("100", "0", "0")) "," PART("map struct", "insert", "100", "0",
                                              "100, 0, 0, 0", "0, 0, 0, 0",
                                              SIZES("100", "0", "0"));
    (void)state;
    char *const text = joined(
        printed(array_of(a_cell("chaining", chain_parts, ""), a_cell("empty", parts, ""),
                         a_cell("open", open_parts, ""))));
    expect_no_part(text, "empty touches");
    expect_part(text, " open touches 1.57 lines");
    expect_part(text, "2.36 times as often");
    free(text);
}

static void equals_are_not_called_worse(void **state)
{
    (void)state;
    char *const text = joined(printed(
        array_of(a_cell("a", open_parts, ""), a_cell("b", open_parts, ""), NULL)));
    expect_no_part(text, "times as often");
    expect_part(text, "All miss L1 equally often, 1.27 times an insert.");
    expect_part(text, "Memory serves them equally many lines, 0.19 an insert.");
    free(text);
}

static void what_fits_into_the_caches_is_told(void **state)
{
    static const char parts[] = PART("entries", "get", "100", "0", "90, 10, 0, 0",
                                     "0, 0, 0, 0", SIZES("100", "640", "80"));
    (void)state;
    char *const text =
        joined(printed(array_of(a_cell("a", parts, ""), a_cell("b", parts, ""), NULL)));
    expect_part(text, "All miss L1 equally often, 0.10 times a get. None of them reaches "
                      "memory. ");
    free(text);
}

static void nothing_is_compared_with_nothing(void **state)
{
    (void)state;
    char *const one = printed(array_of(a_cell("a", open_parts, ""), NULL, NULL));
    expect_no_part(one, "touches");
    free(one);
    json_t *const other = a_cell("b", chain_parts, ""); /* of another machine */
    json_object_set_new(json_array_get(json_object_get(other, "cache_model"), 0), "model",
                        json_string("random"));
    char *const two = printed(array_of(a_cell("a", open_parts, ""), other, NULL));
    expect_no_part(two, "touches");
    assert_int_equal(count_of(two, "Per insert, simulated for i7"), 2);
    free(two);
}

static void operations_of_several_verbs_are_operations(void **state)
{
    (void)state;
    char *const text =
        joined(printed(array_of(a_cell("a", open_parts, ""),
                                a_cell("b",
                                       PART("heads", "get", "100", "1", "9, 8, 7, 6",
                                            "1, 0, 0, 0", SIZES("10", "64", "5")),
                                       ""),
                                NULL)));
    expect_part(text, "where an operation misses");
    expect_part(text, "lines an operation and misses");
    expect_no_part(text, "an insert");
    free(text);
}

static void trust_is_told(void **state)
{
    static const char trace[] = ", 'cache_trace': {'heap': '%s', 'accesses': 1000, "
                                "'unlabelled': %d, 'unseen': '%s'}";
    char first[200], second[200];
    (void)state;
    snprintf(first, sizeof first, trace, "glibc 2.36, modelled", 0, "");
    char *text = joined(printed(
        array_of(a_cell("a", open_parts, first), a_cell("b", open_parts, first), NULL)));
    expect_part(text, " Simulated: counts of the model, not of this machine. Heap: glibc "
                      "2.36, modelled. ");
    expect_no_part(text, "no known part");
    expect_no_part(text, "Not seen");
    free(text);
    snprintf(second, sizeof second, trace, "its own", 30, "gathers");
    text = joined(printed(
        array_of(a_cell("a", open_parts, first), a_cell("b", open_parts, second), NULL)));
    expect_part(text, "Heap of a: glibc 2.36, modelled. Heap of b: its own.");
    expect_part(text, "Accesses of no known part: 3% of b.");
    expect_part(text, "Not seen of b: gathers (its share is not known).");
    expect_no_part(text, "not heeded");
    free(text);
    text = joined(printed(array_of(a_cell("a", open_parts,
                                          ", 'cache_trace': {'heap': 'h', 'accesses': 9, "
                                          "'unlabelled': 0, 'dropped_labels': 0}"),
                                   a_cell("b", open_parts,
                                          ", 'cache_trace': {'heap': 'h', 'accesses': 9, "
                                          "'unlabelled': 0, 'dropped_labels': 12}"),
                                   NULL)));
    expect_part(text,
                "Heap: h. Labels not heeded: 12 of b; a map has 25 parts of its own "
                "at most, and a large block six OM_PARTs.");
    expect_no_part(text, "Not seen");
    free(text);
}

/* ---- machines and models ---- */

static void machines_stand_below_each_other(void **state)
{
    (void)state;
    json_t *const a = a_cell("chaining", chain_parts, "");
    json_t *const b = a_cell("open", open_parts, "");
    json_t *const small = parse_json(
        "{'machine': 'm1', 'geometry': '128K/8,12M/12@128', 'line_bytes': 128,"
        "'model': 'lru', 'levels': 2, 'parts': [" PART("heads", "insert", "9", "9",
                                                       "40, 20, 13", "0, 0, 0",
                                                       SIZES("1", "2", "1")) "]}");
    json_array_append_new(json_object_get(a, "cache_model"), small);
    char *const text = printed(array_of(a, b, NULL));
    expect_part(text, "Lines missed by an insert, machine by machine\n");
    expect_part(text, "  i7                  chaining       3.00   1.80   0.90\n"
                      "  32K/8,256K/4,8M/16  open           1.27   0.64   0.19\n"
                      "  m1                  chaining       0.33   0.13      -\n"
                      "  128K/8,12M/12@128   open              -      -      -\n");
    expect_within(text, 80);
    free(text);
}

#define BAND(a, b, c, d)                                                                 \
    ", 'cache_band': [{'model': 'lru', 'misses': [" a "]}, {'model': 'plru', 'misses': " \
    "[" b "]}, {'model': 'random', 'misses': [" c "]}, {'model': 'srrip', 'misses': [" d \
    "]}]"

static void ranks_are_counted_right_in_the_band(void **state)
{
    (void)state;
    char *const text = joined(printed(array_of(
        a_cell("x", open_parts, BAND("300,9,9", "300,9,9", "300,9,9", "100,9,9")),
        a_cell("y", open_parts, BAND("200,9,8", "210,9,9", "300,9,9", "400,9,9")),
        a_cell("z", open_parts, BAND("100,9,7", "100,9,9", "100,9,9", "900,9,9")))));
    /* the third model has x and y equal, the fourth has them the other way round */
    expect_part(text, "Fewest L1 misses first: z before y before x in 2 of 4 models.");
    expect_part(text, "Fewest L3 misses first: z before y before x in 1 of 4 models.");
    expect_part(text, " x              1.00 to 3.00   0.09 to 0.09   0.09 to 0.09 ");
    expect_part(text, " z              1.00 to 9.00   0.09 to 0.09   0.07 to 0.09 ");
    expect_part(text, "least and most of 4 models");
    free(text);
}

/* What another replacement policy turns round is no verdict. */
static void a_band_that_disagrees_takes_the_verdict_back(void **state)
{
    (void)state;
    char *text = joined(printed(array_of(
        a_cell("x", chain_parts, BAND("300,9,9", "300,9,9", "300,9,9", "100,9,9")),
        a_cell("y", open_parts, BAND("200,9,8", "210,9,9", "300,9,9", "400,9,9")),
        NULL)));
    expect_part(text,
                "x touches 3.40 lines an insert and misses L1 3.00 times (the models "
                "disagree: more often than y holds in 2 of 4): 80%");
    expect_part(text, "x most, 0.90; the models disagree: that holds in 1 of 4.");
    expect_no_part(text, "times as often");
    free(text);
    text = joined(printed(array_of(
        a_cell("x", chain_parts, BAND("300,9,9", "300,9,9", "300,9,9", "500,9,9")),
        a_cell("y", open_parts, BAND("200,9,8", "210,9,8", "200,9,8", "400,9,8")),
        NULL)));
    expect_part(text, "misses L1 3.00 times, 2.36 times as often: 80%");
    expect_part(text, "x most, 0.90. ");
    expect_no_part(text, "disagree");
    free(text);
}

static void the_words_of_the_tables_are_explained_once(void **state)
{
    char *text = NULL;
    size_t size;
    (void)state;
    json_t *const cells =
        array_of(a_cell("a", open_parts, ""), a_cell("b", open_parts, ""), NULL);
    FILE *const to = open_memstream(&text, &size);
    report_why_legend(cells, to);
    json_object_set_new(json_array_get(cells, 0), "status", json_string("wrong"));
    json_object_set_new(json_array_get(cells, 1), "status", json_string("wrong"));
    const long at = ftell(to);
    report_why_legend(cells, to);
    assert_int_equal(ftell(to), at); /* no table, no words */
    fclose(to);
    expect_within(text, 80);
    joined(text);
    expect_part(text, "touch, different lines that an operation touches;");
    expect_part(text, "allocator, the struct of hooks");
    expect_part(text, "0 is none, <0.01 less than that but some, - no number.");
    expect_part(text, "Bars compare L1 misses");
    free(text);
    json_decref(cells);
}

static void ties_are_no_order(void **state)
{
    (void)state;
    const char *const band = BAND("300,9,9", "300,9,9", "300,9,9", "100,9,9");
    char *const text = joined(printed(
        array_of(a_cell("x", open_parts, band), a_cell("y", open_parts, band), NULL)));
    expect_no_part(text, "before");
    expect_part(text, "By L1 misses no model has them all in an order: some are equal.");
    free(text);
}

static void other_models_are_not_ranked(void **state)
{
    (void)state;
    char *const text = joined(printed(
        array_of(a_cell("x", open_parts, BAND("1,1,1", "2,2,2", "3,3,3", "4,4,4")),
                 a_cell("y", open_parts,
                        ", 'cache_band': [{'model': 'lru', 'misses': "
                        "[5, 4, 3]}]"),
                 NULL)));
    expect_part(text, "0.01 to 0.04");
    expect_part(text, "0.05 to 0.05");
    expect_no_part(text, "before");
    free(text);
}

static void usual_names_stay_within_80_columns(void **state)
{
    static const char parts[] =
        PART("value bytes", "delete", "100", "12345678", "1, 2, 3, 4", "123456, 2, 3, 4",
             SIZES("10", "123456789", "64"));
    const char *const band = BAND("300,9,9", "123456789,9,9", "300,9,9", "100,9,9");
    (void)state;
    char *const text = printed(array_of(
        a_cell("open_addressing_compact_original", parts, band),
        a_cell("open_addressing", parts, band), a_cell("chaining", open_parts, band)));
    expect_within(text, 80);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_sum_to_the_total),
        cmocka_unit_test(the_culprit_stands_first),
        cmocka_unit_test(folded_rows_keep_the_total),
        cmocka_unit_test(no_operations_is_no_division),
        cmocka_unit_test(cells_without_a_model_say_nothing),
        cmocka_unit_test(each_number_of_levels_has_its_columns),
        cmocka_unit_test(words_are_computed),
        cmocka_unit_test(what_a_map_fetches_ahead_is_in_the_words),
        cmocka_unit_test(a_band_that_disagrees_takes_the_verdict_back),
        cmocka_unit_test(the_words_of_the_tables_are_explained_once),
        cmocka_unit_test(the_empty_subject_is_no_rival),
        cmocka_unit_test(equals_are_not_called_worse),
        cmocka_unit_test(what_fits_into_the_caches_is_told),
        cmocka_unit_test(nothing_is_compared_with_nothing),
        cmocka_unit_test(operations_of_several_verbs_are_operations),
        cmocka_unit_test(trust_is_told),
        cmocka_unit_test(machines_stand_below_each_other),
        cmocka_unit_test(ranks_are_counted_right_in_the_band),
        cmocka_unit_test(ties_are_no_order),
        cmocka_unit_test(other_models_are_not_ranked),
        cmocka_unit_test(usual_names_stay_within_80_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
