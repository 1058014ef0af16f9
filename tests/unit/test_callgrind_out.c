/* SPDX-License-Identifier: MIT */
/* What callgrind wrote is read to the instruction, in each form that it has, and what is
 * not whole is refused with one line. */
#include "unit.h"

#include "formats/callgrind_out.h"

static struct kept_texts texts;
static struct callgrind_out out;
static struct complaint complaint;

/* ---- what was read ---- */

struct seen {
    char functions[8][32];
    uint64_t self[8]; /* instructions */
    size_t n_functions;
    char lines[16][48];
    uint64_t line_costs[16], line_misses[16];
    size_t n_lines;
    char calls[512];
    uint64_t n_rows, first_address, last_address;
};
static struct seen seen;

static size_t place_of(char *names, size_t room, size_t *n, const char *name)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(names + i * room, name) == 0)
            return i;
    snprintf(names + *n * room, room, "%s", name);
    return (*n)++;
}

static bool take_cost(void *context, const struct callgrind_place *place,
                      const uint64_t *costs, struct complaint *why)
{
    char line[48];
    (void)context, (void)why;
    const char *const slash = strrchr(place->file, '/');
    snprintf(line, sizeof line, "%s:%u", slash != NULL ? slash + 1 : place->file,
             (unsigned)place->line);
    seen.self[place_of(seen.functions[0], sizeof seen.functions[0], &seen.n_functions,
                       place->function)] += costs[0];
    const size_t i = place_of(seen.lines[0], sizeof seen.lines[0], &seen.n_lines, line);
    seen.line_costs[i] += costs[0];
    seen.line_misses[i] += costs[2];
    if (seen.n_rows++ == 0)
        seen.first_address = place->address;
    seen.last_address = place->address;
    return true;
}

static bool take_call(void *context, const struct callgrind_place *from,
                      const struct callgrind_place *to, uint64_t n, const uint64_t *costs,
                      struct complaint *why)
{
    const size_t used = strlen(seen.calls);
    (void)context, (void)why;
    if (strcmp(from->function, "work") == 0 || strcmp(from->function, "main") == 0)
        snprintf(seen.calls + used, sizeof seen.calls - used, "%s:%u>%s@%x:%u*%u=%u;",
                 from->function, (unsigned)from->line, to->function,
                 (unsigned)to->address, (unsigned)to->line, (unsigned)n,
                 (unsigned)costs[0]);
    return true;
}

static bool read_stream(FILE *file)
{
    const struct callgrind_taker taker = {NULL, take_cost, take_call};
    memset(&seen, 0, sizeof seen);
    complaint.text[0] = '\0';
    assert_non_null(file);
    const bool is_read = callgrind_read(file, "it", &texts, &taker, &out, &complaint);
    fclose(file);
    return is_read;
}

static bool read_fixture(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/callgrind/%s", FIXTURES, name);
    return read_stream(fopen(path, "r"));
}

static bool read_text(const char *text)
{
    return read_stream(fmemopen((void *)(uintptr_t)text, strlen(text), "r"));
}

static void expect_line(const char *name, uint64_t instructions, uint64_t misses)
{
    const size_t i = place_of(seen.lines[0], sizeof seen.lines[0], &seen.n_lines, name);
    expect_u64(name, 0, seen.line_costs[i], instructions);
    expect_u64(name, 1, seen.line_misses[i], misses);
}

/* small.c: work calls fold, both have mix inlined. */
static void expect_small(bool has_addresses)
{
    expect_u64("instructions", 0, out.totals[0], 228);
    expect_u64("branches", 0, out.totals[callgrind_event(&out, "Bc")], 34);
    expect_u64("mispredicted", 0, out.totals[callgrind_event(&out, "Bcm")], 17);
    expect_u64("indirect", 0, out.totals[callgrind_event(&out, "Bi")], 0);
    assert_int_equal(callgrind_event(&out, "Dr"), CALLGRIND_EVENTS);
    assert_string_equal(out.creator, "callgrind-3.19.0");
    assert_int_equal(out.has_addresses, has_addresses);
    assert_string_equal(seen.functions[0], "fold");
    assert_string_equal(seen.functions[1], "work");
    assert_int_equal(seen.n_functions, 2);
    expect_u64("fold", 0, seen.self[0], 148);
    expect_u64("work", 0, seen.self[1], 80);
    expect_line("mix.h:3", 13 * 3 + 2, 0);
    expect_line("mix.h:4", 13 + 1, 0);
    assert_string_equal(
        seen.calls, has_addresses ? "work:14>fold@1150:4*1=5;work:14>fold@1150:4*9=143;"
                                    "main:21>work@1180:11*1=228;"
                                  : "work:14>fold@0:4*1=5;work:14>fold@0:4*9=143;"
                                    "main:21>work@0:11*1=228;");
    if (!has_addresses)
        return;
    expect_u64("first address", 0, seen.first_address, 0x1150);
    expect_u64("last address", 0, seen.last_address, 0x11b8);
}

/* ---- tests ---- */

static void every_form_of_a_file_says_the_same(void **state)
{
    (void)state;
    assert_true(read_fixture("small.txt"));
    expect_small(true);
    assert_true(read_fixture("small_plain.txt")); /* nothing abbreviated */
    expect_small(true);
    assert_true(read_fixture("small_lines.txt"));
    expect_small(false);
    kept_texts_drop(&texts);
}

static void parts_add_up(void **state)
{
    (void)state;
    assert_true(read_text("version: 1\ncreator: callgrind-3\npart: 1\nevents: Ir Bc Bcm\n"
                          "fl=(1) a.c\nfn=(1) f\n10 5 2 1\ntotals: 5 2 1\n"
                          "part: 2\nevents: Ir Bc Bcm\nfn=(1)\n+3 7\njump=3 20\n9\n"
                          "jcnd=1/2 +4\n12\n* 1\ntotals: 8\n"));
    expect_u64("totals", 0, out.totals[0], 13);
    expect_u64("totals", 1, out.totals[1], 2);
    assert_string_equal(seen.functions[0], "f");
    expect_u64("f", 0, seen.self[0], 13);
    kept_texts_drop(&texts);
}

/* A file that is cut anywhere, at a line's end or within, is not taken for whole: the
 * last line holds the totals. */
static void what_is_cut_off_is_refused(void **state)
{
    char path[512], text[4096];
    (void)state;
    snprintf(path, sizeof path, "%s/callgrind/small.txt", FIXTURES);
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    const size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    const size_t end = (size_t)(strstr(text, "totals: 228 34 17") - text) + 17;
    for (size_t cut = 1; cut < end && cut < n; cut++) {
        const struct callgrind_taker taker = {NULL, take_cost, NULL};
        FILE *const part = fmemopen(text, cut, "r");
        memset(&seen, 0, sizeof seen);
        if (callgrind_read(part, "it", &texts, &taker, &out, &complaint))
            fail_msg("%zu bytes of it are taken for whole", cut);
        assert_non_null(strstr(complaint.text, "callgrind's file 'it'"));
        fclose(part);
    }
    kept_texts_drop(&texts);
}

static void damage_is_told_in_one_line(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "is empty"},
        {"hello\n", "does not begin as one"},
        {"version: 1\n12 5\n", "before the line 'events:'"},
        {"version: 1\nevents: Ir\n12 5\n", "before any function"},
        {"version: 1\nevents: Ir\nfn=f\n12 5x\n", "a cost is garbled"},
        {"version: 1\nevents: Ir\nfn=f\n12 5 6\n", "more than events"},
        {"version: 1\nevents: Ir\nfn=f\n-1 5\n", "a position is garbled"},
        {"version: 1\nevents: Ir\nfn=f\n*1 5\n", "a position is garbled"},
        {"version: 1\nevents: Ir\nfn=(7)\n1 5\n", "stands for nothing"},
        {"version: 1\nevents: Ir\nfn=(7 f\n1 5\n", "number is garbled"},
        {"version: 1\nevents: Ir\nfn=(99999999) f\n1 5\n", "number is garbled"},
        {"version: 1\nevents: Ir\nfn=f\ncalls=1 2\n1 5\n", "calls of no function"},
        {"version: 1\nevents: Ir\nfn=f\ncfn=g\ncalls=x 2\n1 5\n", "'calls=' is garbled"},
        {"version: 1\nevents: Ir\nfn=f\n1 5\nwhat=f\n", "a word that no such file has"},
        {"version: 1\nevents: Ir\nfn=f\n1 5\n<html>\n", "neither a row nor a word"},
        {"version: 1\nevents: Ir\nfn=f\n1 5\ntotals: 6\n",
         "rows with 5 Ir, totals with 6"},
        {"version: 1\nevents: Ir\nfn=f\n1 18446744073709551614\n2 9\n",
         "64 bits of cost"},
        {"version: 1\nevents:\n", "no events"},
        {"version: 1\nevents: Ir\nevents: Dr\n", "other events"},
        {"version: 1\nevents: Ir\nfn=f\n1 5\ntotals: five\n", "totals are garbled"},
        {"version: 1\nevents: Ir\nfn=f\ncfn=g\ncalls=1 2\ntotals: 0\n", "ends early"},
        {"version: 1\nevents: ABCDEFGHIJKLMNOPQ\n", "longer names"},
    };
    static const char *const fixtures[][2] = {
        {"small_truncated.txt", "ends early, at line 60: no totals"},
        {"small_without_totals.txt", "ends early"},
        {"small_damaged.txt", "rows with 229 Ir, totals with 228"},
        {"small_garbled.txt", "line 89: the line 'calls=' is garbled"}};
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        if (bad[i].text[0] == '\0' ? read_stream(fopen("/dev/null", "r"))
                                   : read_text(bad[i].text))
            fail_msg("taken for good: %s", bad[i].text);
        expect_part(complaint.text, bad[i].says);
        assert_null(strchr(complaint.text, '\n'));
    }
    for (size_t i = 0; i < N_OF(fixtures); i++) {
        assert_false(read_fixture(fixtures[i][0]));
        expect_part(complaint.text, fixtures[i][1]);
    }
    kept_texts_drop(&texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_file_says_the_same),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(what_is_cut_off_is_refused),
        cmocka_unit_test(damage_is_told_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
