/* SPDX-License-Identifier: MIT */
/* The reader gives back what was written, refuses anything else with one line, and takes
 * neither the memory nor the time nor the terminal of whoever reads a hostile file. */
#include "unit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <xxhash.h>

#include "permutation.h"
#include "reader.h"
#include "report/flame_folded.h"
#include "report/flame_html.h"
#include "report/flame_speedscope.h"
#include "report/flame_top.h"
#include "report/heat_map.h"
#include "report/miss_curve.h"
#include "report/text.h"
#include "result.h"

/* Where a step too far is seen the damage is done in full. The sanitizer's own books, of
 * who asked for each block and which were freed, would make it ten times as slow. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "malloc_context_size=0:quarantine_size_mb=1";
}

enum { N_DAMAGED = IS_SANITIZED ? 10000 : 5000, MOST_RESIDENT_KB = 256 << 10 };
/* Of one read, processor time: 2 when nothing else runs. */
static const double MOST_SECONDS = IS_SANITIZED ? 30 : 5;
static const char FILE_NAME[] = "it.json";

static struct complaint complaint;
static double slowest_s;

/* ---- results to read ---- */

static void add_samples(json_t *cell, const char *metric, unsigned n, double share,
                        bool is_bound)
{
    for (unsigned block = 0; block < n; block++) {
        const struct sample sample = {10.1 + block / 3.0, block, block % 3, share,
                                      is_bound};
        result_add_sample(cell, metric, &sample);
    }
}

static json_t *a_cell(const char *subject, unsigned n_samples)
{
    static const om_resize resize = {16, 32, 24, 12, 384, 768};
    const struct stall stall = {11, OPERATION_INSERT, 1250.5, true, 32, 1000.25};
    const struct stall short_stall = {1, OPERATION_GET, 80, false, 0, 0};
    struct cell cell;
    memset(&cell, 0, sizeof cell);
    snprintf(cell.subject, sizeof cell.subject, "%s", subject);
    strcpy(cell.build, "native");
    strcpy(cell.key, "u64");
    strcpy(cell.hash, "siphash13");
    assert_true(workload_find("load_factor", &cell.workload, &complaint));
    cell.n = 1000;
    json_t *const object = result_cell(&cell);
    json_object_set_new(object, "operations", json_integer(1000));
    add_samples(object, "ns_per_op", n_samples, 1, false);
    add_samples(object, "wall_s", n_samples, 0.25, false);
    add_samples(object, "latency_p50_ns", n_samples, 1, true);
    add_samples(object, "peak_bytes", 1, 1, false);
    result_set_absent(object, "bytes_per_entry", "the map is empty: nothing to divide");
    result_add_resize(object, &resize, 1250);
    result_add_stall(object, &stall, 0);
    result_add_stall(object, &short_stall, 1);
    return object;
}

/* What the cache model leaves in a cell, as small as it gets. */
static void add_cache_fields(json_t *cell)
{
    static const char text[] =
        "{'cache_model': [{'machine': 'i7', 'geometry': '32K/8,8M/16', 'line_bytes': 64,"
        "'model': 'lru', 'levels': 2, 'page_bytes': 4096, 'parts': [{'part': 'heads', "
        "'phase': 'insert',"
        "'loads': 9, 'stores': 4, 'load_lines': [7, 1, 2], 'store_lines': [3, 1, 0],"
        "'lines': 5, 'bytes_fetched': 256, 'bytes_used': 40}],"
        "'events': {'l1_fills': 4, 'llc_loads': 3, 'llc_load_misses': 2,"
        "'tlb_load_misses': 1, 'walk_loads': 4, 'prefetches': 1, 'write_backs': 1,"
        "'zeroed_pages': 1, 'forgotten_pages': 1}}],"
        "'cache_band': [{'model': 'random', 'misses': [4, 2]}],"
        "'cache_trace': {'heap': 'glibc', 'accesses': 14, 'unlabelled': 1,"
        "'unseen': 'gather', 'dropped_labels': 2},"
        "'heat': [{'part': 'heads', 'period_bytes': 2, 'entry_bytes': 2,"
        "'reads': [3, 4], 'writes': [0, 1]}],"
        "'reuse': {'line_bytes': 64, 'accesses': 14, 'points': [[8, 6], [10, 5]]},"
        "'layout': {'entry_bytes': 2, 'fields': [{'name': 'head', 'offset': 0,"
        "'bytes': 2}]},"
        "'memory_calls': {'by': 'strace', 'began_ns': 0, 'ended_ns': 900, 'dropped': 1,"
        "'dropped_resizes': 2, 'calls': [{'at_ns': 20, 'duration_ns': 9, 'call': 'mmap',"
        "'bytes': 4096, 'added_bytes': 4096, 'address': '0x00007f4edb380000', 'result': "
        "'0x00007f4edb380000',"
        "'text': 'mmap(NULL, 4096)'}, {'at_ns': 950, 'duration_ns': 9, 'call': 'brk',"
        "'bytes': -1, 'added_bytes': 0, 'address': '0x0000000000000000', 'error': "
        "'ENOMEM',"
        "'text': 'brk'}], 'resizes': [{'began_ns': 10, 'ended_ns': 40, 'page_faults': 3,"
        "'old_capacity': 16, 'new_capacity': 32, 'old_bytes': 384, 'new_bytes': 768,"
        "'items': 12}]},"
        "'functions': {'by': 'callgrind', 'build': 'v3', 'valgrind_version': '3.19.0',"
        "'not_inlined': 'no addr2line',"
        "'totals': {'instructions': 9, 'branches': 2, 'branch_misses': 1},"
        "'rows': [{'name': 'insert', 'file': 'm.h', 'total': {'instructions': 9},"
        "'self': {'instructions': 7, 'branches': 2, 'branch_misses': 1}},"
        "{'name': 'others', 'n': 3,"
        "'self': {'instructions': 2, 'branches': 0, 'branch_misses': 0}}],"
        "'lines': [{'where': 'm.h:12', 'n': 1,"
        "'self': {'instructions': 9, 'branches': 2, 'branch_misses': 1}}]},"
        "'timeline': {'left_out': 1, 'timed_ns': 800,"
        "'points': [[0, 5, 0, 2, 4096], [512, 700, 768, 3, 8192]],"
        "'resizes': [{'operation': 0, 'old_capacity': 16, 'new_capacity': 32,"
        "'items': 12, 'old_bytes': 384, 'new_bytes': 768, 'began_ns': 10,"
        "'ended_ns': 40, 'page_faults': 1, 'is_timed': true, 'peak_live_bytes': 1152,"
        "'peak_resident_bytes': 8192, 'huge_page_bytes': 0}]},"
        "'stacks': {'event': 'cycles', 'by': 'perf 6', 'call_graph': 'dwarf',"
        "'frequency_hz': 997, 'samples': 5, 'kernel': 2, 'outside': 3, 'lost': 1,"
        "'has_kernel': true, 'self_test': [4, 4], 'folded': [['run;insert', 5]],"
        "'lines': [{'where': 'map.h:7', 'function': 'find', 'samples': 3,"
        "'kernel_samples': 1}], 'warning': 'not to be believed'}}";
    char plain[sizeof text];
    memcpy(plain, text, sizeof text);
    for (char *c = plain; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    json_t *const more = json_loads(plain, 0, NULL);
    assert_non_null(more);
    assert_int_equal(json_object_update(cell, more), 0);
    json_decref(more);
}

/* Leaves some metrics of each sort, so that new instruments make no longer files here. */
static void keep_few_metrics(json_t *cell)
{
    static const char *const kept[] = {"ns_per_op",  "wall_s", "latency_p50_ns",
                                       "peak_bytes", "sys_s",  "bytes_per_entry"};
    json_t *const few = json_object();
    for (size_t i = 0; i < N_OF(kept); i++)
        json_object_set(few, kept[i],
                        json_object_get(json_object_get(cell, "metrics"), kept[i]));
    assert_int_equal(json_object_size(few), N_OF(kept));
    json_object_set_new(cell, "metrics", few);
}

/* Cells of each status in turn, the first ok; not yet sealed. */
static json_t *a_result(size_t n_cells, unsigned n_samples)
{
    static char *words[] = {"/any/where/onemiss", "compare", "-i", "a,b,c", NULL};
    static const char *const statuses[] = {"ok", "ok", "wrong", "crashed", "timeout"};
    json_t *const result = result_create(4, words, 0xFEDCBA9876543210u);
    json_object_set_new(result, "complete", json_true());
    json_object_set_new(
        result, "machine",
        json_pack("{s:s, s:i, s:I, s:i, s:n, s:s, s:b, s:s, s:[{s:s, s:s, s:s, s:n, s:s, "
                  "s:s}]}",
                  "cpu", "A \xc2\xb5-processor", "cores", 2, "memory_bytes",
                  (json_int_t)1 << 34, "page_bytes", 4096, "kernel", "architecture",
                  "x86_64", "is_virtual", 1, "transparent_hugepages", "[madvise] never",
                  "caches", "level", "1", "type", "Data", "size", "32K",
                  "ways_of_associativity", "coherency_line_size", "64", "source",
                  "sysfs"));
    json_object_set_new(result, "noise",
                        json_pack("{s:f, s:f, s:f, s:n, s:i, s:s}", "wall_s", 1.5,
                                  "children_cpu_s", 1.25, "others_cpu_s", 0.1, "stolen_s",
                                  "involuntary_switches", 3, "governor", "performance"));
    for (size_t i = 0; i < n_cells; i++) {
        json_t *const cell =
            a_cell(i % 2 == 0 ? "chaining" : "\xc3\xa9t\xc3\xa9", n_samples);
        const char *const status = statuses[i % N_OF(statuses)];
        result_set_status(cell, status, "3 entries at the end, should be 4");
        result_finish_cell(cell, (1u << n_instruments) - 1);
        keep_few_metrics(cell);
        json_array_append_new(json_object_get(result, "cells"), cell);
    }
    return result;
}

static json_t *cell_of(const json_t *result, size_t i)
{
    return json_array_get(json_object_get(result, "cells"), i);
}

/* Seals whatever it is, as DESIGN.md says and without the code under test. */
static void seal(json_t *result)
{
    char text[32];
    json_object_del(result, "integrity");
    char *const all = json_dumps(result, JSON_COMPACT | JSON_SORT_KEYS);
    assert_non_null(all);
    snprintf(text, sizeof text, "0x%016" PRIx64, XXH3_64bits(all, strlen(all)));
    free(all);
    json_object_set_new(result, "integrity", json_string(text));
}

/* ---- reading ---- */

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The complaint is one line that names the file and steers no terminal. */
static void expect_one_line(void)
{
    const size_t length = strnlen(complaint.text, sizeof complaint.text);
    assert_true(length > 20 && length < sizeof complaint.text);
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)complaint.text[i];
        const bool is_c1 = byte == 0xC2 && (unsigned char)complaint.text[i + 1] < 0xA0;
        if (byte < 0x20 || byte == 0x7F || is_c1)
            fail_msg("byte %zu of the complaint is 0x%02x", i, byte);
    }
    if (strncmp(complaint.text, "result '", 8) != 0)
        fail_msg("the complaint does not say whose it is: %s", complaint.text);
}

/* Reads a copy of exactly n bytes, so that a sanitizer sees a step beyond it. */
static json_t *read_bytes(const char *bytes, size_t n)
{
    char *const copy = malloc(n + (n == 0));
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    memset(&complaint, 0, sizeof complaint);
    const double before = cpu_s();
    json_t *const found = reader_parse(copy, n, FILE_NAME, &complaint);
    const double took = cpu_s() - before;
    if (took > slowest_s)
        slowest_s = took;
    free(copy);
    if (found == NULL)
        expect_one_line();
    return found;
}

static void expect_refused(const char *bytes, size_t n, const char *part)
{
    json_t *const found = read_bytes(bytes, n);
    if (found != NULL)
        fail_msg("accepted, not refused with '%s': %.200s", part, bytes);
    expect_part(complaint.text, part);
    expect_part(complaint.text, FILE_NAME);
}

/* Writes it down, reads it back. NULL: refused. */
static json_t *read_result(const json_t *result)
{
    char *const text = json_dumps(result, JSON_COMPACT);
    assert_non_null(text);
    json_t *const found = read_bytes(text, strlen(text));
    free(text);
    return found;
}

static void expect_read(const json_t *result)
{
    json_t *const found = read_result(result);
    if (found == NULL)
        fail_msg("refused: %s", complaint.text);
    assert_true(json_equal(found, result));
    json_decref(found);
}

static void expect_result_refused(const json_t *result, const char *part)
{
    char *const text = json_dumps(result, JSON_COMPACT);
    expect_refused(text, strlen(text), part);
    free(text);
}

static const struct viewer viewer = {{"", "", "", "", "", "", ""}};

/* What was accepted can be shown without harm: no byte but text and line ends. */
static void expect_harmless_report(const json_t *result, bool is_detailed)
{
    char *text = NULL;
    size_t n = 0;
    FILE *const to = open_memstream(&text, &n);
    assert_non_null(to);
    const json_t *const cells = json_object_get(result, "cells");
    report_text(result, to, is_detailed);
    report_miss_curve(cells, 0, json_array_size(cells), to);
    for (size_t i = 0; i < json_array_size(cells); i++)
        report_heat(json_array_get(cells, i), NULL, to);
    free(miss_curve_svg(cells)); /* for a sanitizer to see */
    free(heat_map_svg(json_array_get(cells, 0), NULL));
    free(flame_folded(result, 0));
    free(flame_speedscope(result, 0));
    free(flame_html(result, 0, &viewer));
    free(flame_diff_html(result, 0, json_array_size(cells) - 1, &viewer));
    assert_int_equal(fclose(to), 0);
    for (size_t i = 0; i < n; i++) {
        const unsigned char byte = (unsigned char)text[i];
        const bool is_c1 = byte == 0xC2 && (unsigned char)text[i + 1] < 0xA0;
        if ((byte < 0x20 && byte != '\n') || byte == 0x7F || is_c1)
            fail_msg("the report holds byte 0x%02x behind '%.*s'", byte,
                     i < 40 ? (int)i : 40, text + (i < 40 ? 0 : i - 40));
    }
    free(text);
}

/* ---- what is whole is read ---- */

static void a_result_with_all_fields_comes_back_equal(void **state)
{
    json_t *const result = a_result(5, 6);
    seal(result);
    expect_read(result);
    expect_harmless_report(result, false);
    expect_harmless_report(result, true);
    const char *const path = folder_file(*state, "result.json");
    result_seal(result, false);
    assert_true(result_write(result, path, &complaint));
    json_t *const found = reader_read(path, &complaint);
    if (found == NULL)
        fail_msg("refused: %s", complaint.text);
    assert_true(json_equal(found, result));
    json_decref(found);
    json_decref(result);
}

static void a_result_without_cells_is_one(void **state)
{
    json_t *const result = a_result(0, 0);
    (void)state;
    seal(result);
    expect_read(result);
    expect_harmless_report(result, true);
    json_decref(result);
}

/* The same text whatever is in the file; else the seal of an honest result would break. */
static void every_real_comes_back_bit_for_bit(void **state)
{
    static const double reals[] = {5e-324,       2.2250738585072014e-308,
                                   1e308,        1.7976931348623157e308,
                                   0.1,          -0.0,
                                   1 / 3.0,      1e16,
                                   1e-5,         -1e22,
                                   123456789e10, 9007199254740993.0,
                                   100,          0.30000000000000004};
    json_t *const result = a_result(1, 2);
    (void)state;
    json_t *const samples = json_object_get(
        json_object_get(json_object_get(cell_of(result, 0), "metrics"), "ns_per_op"),
        "samples");
    json_array_clear(samples);
    for (size_t i = 0; i < N_OF(reals); i++)
        json_array_append_new(samples, json_pack("{s:i, s:i, s:f}", "block", (int)i,
                                                 "position", 0, "value", reals[i]));
    seal(result);
    json_t *const found = read_result(result);
    if (found == NULL)
        fail_msg("refused: %s", complaint.text);
    const json_t *const back = json_object_get(
        json_object_get(json_object_get(cell_of(found, 0), "metrics"), "ns_per_op"),
        "samples");
    for (size_t i = 0; i < N_OF(reals); i++) {
        const double value =
            json_real_value(json_object_get(json_array_get(back, i), "value"));
        if (memcmp(&value, &reals[i], sizeof value) != 0)
            fail_msg("%.17g became %.17g", reals[i], value);
    }
    json_decref(found);
    json_decref(result);
}

static void what_is_not_known_is_kept(void **state)
{
    json_t *const result = a_result(1, 2);
    json_t *const cell = cell_of(result, 0);
    (void)state;
    json_object_set_new(result, "later", json_pack("{s:[i, n, s]}", "x", 1, "a\nb"));
    json_object_set_new(cell, "later", json_string("\x1b[31m"));
    json_t *const metrics = json_object_get(cell, "metrics");
    json_object_set(metrics, "newton_seconds", json_object_get(metrics, "ns_per_op"));
    seal(result);
    expect_read(result);
    json_decref(result);
}

/* ---- what is damaged is refused ---- */

static char *a_text(json_t *result)
{
    seal(result);
    char *const text = json_dumps(result, JSON_INDENT(1) | JSON_SORT_KEYS);
    assert_non_null(text);
    return text;
}

/* Every field there is, but not often: the damages are many, and each is read whole. */
static json_t *a_short_result(size_t n_cells)
{
    json_t *const result = a_result(n_cells, 2);
    add_cache_fields(cell_of(result, 0));
    return result;
}

static void every_prefix_is_refused(void **state)
{
    json_t *const result = a_short_result(2);
    (void)state;
    char *const text = a_text(result);
    const size_t step = IS_SANITIZED ? 1 : 7; /* where it is seen, all of them */
    for (size_t n = strlen(text) - 1; n > 0; n -= n > step ? step : 1) {
        json_t *const found = read_bytes(text, n);
        if (found != NULL)
            fail_msg("the first %zu bytes were accepted", n);
    }
    free(text);
    json_decref(result);
}

/* A byte that is any, or one that JSON makes something of. */
static char some_byte(uint64_t random)
{
    static const char likely[] = "0123456789.eE+-{}[],:\" \n\\unltrfas";
    return (random >> 63) != 0 ? (char)random
                               : likely[(random & 0xFFFF) % (sizeof likely - 1)];
}

/* Damages n bytes in place, of room for 8 more; how many there are then. Of 16 cases 8 set
 * one byte, 4 set 2 to 8 bytes, 2 insert and 2 take away 1 to 8. */
static size_t damage(char *bytes, size_t n, uint64_t seed)
{
    const uint64_t random = random_u64(seed, 0);
    const size_t kind = random & 15, many = 1 + (random >> 4 & 7);
    const size_t at = (random >> 8) % n;
    const size_t n_behind = n - at;
    if (kind >= 14) {
        const size_t lost = many < n_behind ? many : n_behind;
        memmove(bytes + at, bytes + at + lost, n_behind - lost);
        return n - lost;
    }
    if (kind >= 12) {
        memmove(bytes + at + many, bytes + at, n_behind);
        for (size_t i = 0; i < many; i++)
            bytes[at + i] = some_byte(random_u64(seed, 1 + i));
        return n + many;
    }
    const size_t n_set = kind >= 8 ? 1 + many : 1;
    for (size_t i = 0; i < n_set; i++)
        bytes[(random_u64(seed, 100 + i) >> 8) % n] = some_byte(random_u64(seed, 1 + i));
    return n;
}

static void damage_is_refused_or_changes_nothing(void **state)
{
    json_t *const result = a_short_result(5);
    size_t n_accepted = 0, n_by_seal = 0;
    (void)state;
    char *const text = a_text(result);
    const size_t n = strlen(text);
    char *const bytes = malloc(n + 8);
    assert_non_null(bytes);
    assert_in_range(n, 10000, 40000);
    for (uint64_t seed = 0; seed < N_DAMAGED; seed++) {
        memcpy(bytes, text, n);
        json_t *const found = read_bytes(bytes, damage(bytes, n, seed));
        n_by_seal += found == NULL && strstr(complaint.text, "damaged") != NULL;
        n_accepted += found != NULL;
        if (found != NULL && !json_equal(found, result))
            fail_msg("damage %" PRIu64 " goes unseen", seed);
        json_decref(found);
    }
    print_message("%d damages of %zu bytes: %zu the same after all, %zu seen by the "
                  "seal alone\n",
                  N_DAMAGED, n, n_accepted, n_by_seal);
    /* not blind: some hit white space, many leave JSON that only the seal refuses */
    assert_true(n_accepted > N_DAMAGED / 1000 && n_accepted < N_DAMAGED);
    assert_true(n_by_seal > N_DAMAGED / 100);
    free(bytes);
    free(text);
    json_decref(result);
}

/* ---- what is forged, with a right seal ---- */

enum { N_KINDS = 12, REMOVED = N_KINDS - 1 };

/* One letter each, for the table below; 'x' is the field taken away. */
static const char kinds[N_KINDS + 1] = "ntireclbvaox";

static json_t *value_of_kind(size_t kind)
{
    static char longer[1026];
    memset(longer, 'l', sizeof longer - 1);
    switch (kinds[kind]) {
    case 'n':
        return json_null();
    case 't':
        return json_true();
    case 'i':
        return json_integer(-1);
    case 'r':
        return json_real(1e308);
    case 'e':
        return json_string("");
    case 'c':
        return json_string("red \x1b[31m\r\n");
    case 'l':
        return json_string(longer);
    case 'b':
        return json_string("rubbed \x7f out");
    case 'v':
        return json_string("\xc2\x9b"
                           "31m");
    case 'a':
        return json_array();
    default:
        return json_object();
    }
}

/* Where it is, and which kinds may stand there; # any index, * a metric with an interval,
 * 1 one of a single sample, 0 one that is absent. Kinds not named must be refused. */
static const char *const fields[][2] = {
    {"/schema", ""},
    {"/started", ""},
    {"/complete", "t"},
    {"/seed", ""},
    {"/machine", "o"},
    {"/machine/cpu", "nex"},
    {"/machine/cores", "nix"},
    {"/machine/memory_bytes", "nix"},
    {"/machine/page_bytes", "nix"},
    {"/machine/kernel", "nex"},
    {"/machine/architecture", "nex"},
    {"/machine/is_virtual", "ntx"},
    {"/machine/transparent_hugepages", "nex"},
    {"/machine/caches", "nax"},
    {"/machine/caches/#", "o"},
    {"/machine/caches/#/level", "nex"},
    {"/machine/caches/#/type", "nex"},
    {"/machine/caches/#/size", "nex"},
    {"/machine/caches/#/ways_of_associativity", "nex"},
    {"/machine/caches/#/coherency_line_size", "nex"},
    {"/machine/caches/#/source", "nex"},
    {"/shard", "x"},
    {"/shard/index", ""},
    {"/shard/of", ""},
    {"/shard/plan", ""},
    {"/sources", ""},
    {"/sources/#", ""},
    {"/sources/#/started", ""},
    {"/sources/#/complete", "t"},
    {"/sources/#/seed", ""},
    {"/sources/#/machine", "o"},
    {"/sources/#/command", "a"},
    {"/sources/#/file", "ex"},
    {"/cells/#/source", ""},
    {"/noise", "nox"},
    {"/noise/wall_s", "nirx"},
    {"/noise/children_cpu_s", "nirx"},
    {"/noise/others_cpu_s", "nirx"},
    {"/noise/stolen_s", "nirx"},
    {"/noise/involuntary_switches", "nix"},
    {"/noise/governor", "nex"},
    {"/command", "a"},
    {"/command/#", "el"},
    {"/cells", "a"},
    {"/cells/#", ""},
    {"/cells/#/subject", ""},
    {"/cells/#/workload", ""},
    {"/cells/#/pattern", "e"},
    {"/cells/#/key", ""},
    {"/cells/#/hash", ""},
    {"/cells/#/n", ""},
    {"/cells/#/operations", "nx"},
    {"/cells/#/pages", ""},
    {"/cells/#/threads", ""},
    {"/cells/#/lock", ""},
    {"/cells/#/value_bytes", ""},
    {"/cells/#/build", ""},
    {"/cells/#/status", ""},
    {"/cells/#/reason", "e"},
    {"/cells/#/metrics", "o"},
    {"/cells/#/metrics/*", "x"},
    {"/cells/#/metrics/*/value", "ir"},
    {"/cells/#/metrics/*/unit", ""},
    {"/cells/#/metrics/*/statistic", ""},
    {"/cells/#/metrics/*/trust", ""},
    {"/cells/#/metrics/*/low", "ir"},
    {"/cells/#/metrics/*/high", "ir"},
    {"/cells/#/metrics/*/level", ""},
    {"/cells/#/metrics/*/is_bound", "tx"},
    {"/cells/#/metrics/*/event", "x"},
    {"/cells/#/metrics/*/samples", ""},
    {"/cells/#/metrics/*/samples/#", ""},
    {"/cells/#/metrics/*/samples/#/block", ""},
    {"/cells/#/metrics/*/samples/#/position", ""},
    {"/cells/#/metrics/*/samples/#/value", "ir"},
    {"/cells/#/metrics/*/samples/#/share", "x"},
    {"/cells/#/metrics/*/samples/#/is_bound", "tx"},
    {"/cells/#/metrics/1", "x"},
    {"/cells/#/metrics/1/value", "ir"},
    {"/cells/#/metrics/1/unit", ""},
    {"/cells/#/metrics/1/statistic", ""},
    {"/cells/#/metrics/1/trust", ""},
    {"/cells/#/metrics/1/low", "n"},
    {"/cells/#/metrics/1/high", "n"},
    {"/cells/#/metrics/1/level", "n"},
    {"/cells/#/metrics/1/samples", ""},
    {"/cells/#/metrics/1/samples/#", ""},
    {"/cells/#/metrics/1/samples/#/block", ""},
    {"/cells/#/metrics/1/samples/#/position", ""},
    {"/cells/#/metrics/1/samples/#/value", "ir"},
    {"/cells/#/metrics/0", "x"},
    {"/cells/#/metrics/0/value", "n"},
    {"/cells/#/metrics/0/reason", ""},
    {"/cells/#/resize_events", "a"},
    {"/cells/#/resize_events/#", ""},
    {"/cells/#/resize_events/#/old_capacity", ""},
    {"/cells/#/resize_events/#/new_capacity", ""},
    {"/cells/#/resize_events/#/entry_bytes", ""},
    {"/cells/#/resize_events/#/items", ""},
    {"/cells/#/resize_events/#/old_bytes", ""},
    {"/cells/#/resize_events/#/new_bytes", ""},
    {"/cells/#/resize_events/#/duration_ns", ""},
    {"/cells/#/stalls", "ax"},
    {"/cells/#/stalls/#", ""},
    {"/cells/#/stalls/#/block", ""},
    {"/cells/#/stalls/#/operation", ""},
    {"/cells/#/stalls/#/kind", ""},
    {"/cells/#/stalls/#/duration_ns", "ir"},
    {"/cells/#/stalls/#/is_preempted", "t"},
    {"/cells/#/stalls/#/new_capacity", "x"},
    {"/cells/#/stalls/#/resize_ns", "irx"},
    {"/cells/#/cache_model", ""}, /* the band needs it */
    {"/cells/#/cache_model/#", ""},
    {"/cells/#/cache_model/#/machine", ""},
    {"/cells/#/cache_model/#/geometry", "e"},
    {"/cells/#/cache_model/#/line_bytes", ""},
    {"/cells/#/cache_model/#/model", "e"},
    {"/cells/#/cache_model/#/levels", ""},
    {"/cells/#/cache_model/#/page_bytes", "x"},
    {"/cells/#/cache_model/#/parts", "a"},
    {"/cells/#/cache_model/#/parts/#", ""},
    {"/cells/#/cache_model/#/parts/#/part", ""},
    {"/cells/#/cache_model/#/parts/#/phase", ""},
    {"/cells/#/cache_model/#/parts/#/loads", ""},
    {"/cells/#/cache_model/#/parts/#/stores", ""},
    {"/cells/#/cache_model/#/parts/#/load_lines", ""},
    {"/cells/#/cache_model/#/parts/#/load_lines/#", ""},
    {"/cells/#/cache_model/#/parts/#/store_lines", ""},
    {"/cells/#/cache_model/#/parts/#/store_lines/#", ""},
    {"/cells/#/cache_model/#/parts/#/lines", ""},
    {"/cells/#/cache_model/#/parts/#/bytes_fetched", ""},
    {"/cells/#/cache_model/#/parts/#/bytes_used", ""},
    {"/cells/#/cache_model/#/events", "ox"},
    {"/cells/#/cache_model/#/events/l1_fills", "x"},
    {"/cells/#/cache_model/#/events/llc_loads", "x"},
    {"/cells/#/cache_model/#/events/llc_load_misses", "x"},
    {"/cells/#/cache_model/#/events/tlb_load_misses", "x"},
    {"/cells/#/cache_model/#/events/walk_loads", "x"},
    {"/cells/#/cache_model/#/events/prefetches", "x"},
    {"/cells/#/cache_model/#/events/write_backs", "x"},
    {"/cells/#/cache_model/#/events/zeroed_pages", "x"},
    {"/cells/#/cache_model/#/events/forgotten_pages", "x"},
    {"/cells/#/cache_band", "ax"},
    {"/cells/#/cache_band/#", ""},
    {"/cells/#/cache_band/#/model", ""},
    {"/cells/#/cache_band/#/misses", ""},
    {"/cells/#/cache_band/#/misses/#", ""},
    {"/cells/#/cache_trace", "x"},
    {"/cells/#/cache_trace/heap", "e"},
    {"/cells/#/cache_trace/accesses", ""},
    {"/cells/#/cache_trace/unlabelled", ""},
    {"/cells/#/cache_trace/unseen", "ex"},
    {"/cells/#/cache_trace/dropped_labels", "x"},
    {"/cells/#/heat", "ax"},
    {"/cells/#/heat/#", ""},
    {"/cells/#/heat/#/part", ""},
    {"/cells/#/heat/#/period_bytes", ""},
    {"/cells/#/heat/#/entry_bytes", ""},
    {"/cells/#/heat/#/reads", ""},
    {"/cells/#/heat/#/reads/#", ""},
    {"/cells/#/heat/#/writes", ""},
    {"/cells/#/heat/#/writes/#", ""},
    {"/cells/#/reuse", "x"},
    {"/cells/#/reuse/line_bytes", ""},
    {"/cells/#/reuse/accesses", ""},
    {"/cells/#/reuse/points", "a"},
    {"/cells/#/reuse/points/#", ""},
    {"/cells/#/reuse/points/#/#", ""},
    {"/cells/#/stacks", "x"},
    {"/cells/#/stacks/event", ""},
    {"/cells/#/stacks/by", ""},
    {"/cells/#/stacks/call_graph", ""},
    {"/cells/#/stacks/frequency_hz", ""},
    {"/cells/#/stacks/samples", ""},
    {"/cells/#/stacks/kernel", ""},
    {"/cells/#/stacks/outside", ""},
    {"/cells/#/stacks/lost", ""},
    {"/cells/#/stacks/has_kernel", "t"},
    {"/cells/#/stacks/self_test", ""},
    {"/cells/#/stacks/self_test/#", ""},
    {"/cells/#/stacks/folded", ""},
    {"/cells/#/stacks/folded/#", ""},
    {"/cells/#/stacks/folded/#/0", "l"},
    {"/cells/#/stacks/folded/#/1", ""},
    {"/cells/#/stacks/lines", "a"},
    {"/cells/#/stacks/lines/#", ""},
    {"/cells/#/stacks/lines/#/where", "e"},
    {"/cells/#/stacks/lines/#/function", "e"},
    {"/cells/#/stacks/lines/#/samples", ""},
    {"/cells/#/stacks/lines/#/kernel_samples", ""},
    {"/cells/#/stacks/warning", "ex"},
    {"/cells/#/layout", "x"},
    {"/cells/#/layout/entry_bytes", ""},
    {"/cells/#/layout/fields", "a"},
    {"/cells/#/layout/fields/#", ""},
    {"/cells/#/layout/fields/#/name", ""},
    {"/cells/#/layout/fields/#/offset", ""},
    {"/cells/#/layout/fields/#/bytes", ""},
    {"/cells/#/timeline", "x"},
    {"/cells/#/timeline/left_out", ""},
    {"/cells/#/timeline/timed_ns", ""},
    {"/cells/#/timeline/points", ""},
    {"/cells/#/timeline/points/#", ""},
    {"/cells/#/timeline/points/#/#", ""},
    {"/cells/#/timeline/resizes", "a"},
    {"/cells/#/timeline/resizes/#", ""},
    {"/cells/#/timeline/resizes/#/operation", ""},
    {"/cells/#/timeline/resizes/#/old_capacity", ""},
    {"/cells/#/timeline/resizes/#/new_capacity", ""},
    {"/cells/#/timeline/resizes/#/items", ""},
    {"/cells/#/timeline/resizes/#/old_bytes", ""},
    {"/cells/#/timeline/resizes/#/new_bytes", ""},
    {"/cells/#/timeline/resizes/#/began_ns", ""},
    {"/cells/#/timeline/resizes/#/ended_ns", ""},
    {"/cells/#/timeline/resizes/#/page_faults", ""},
    {"/cells/#/timeline/resizes/#/is_timed", "t"},
    {"/cells/#/timeline/resizes/#/peak_live_bytes", ""},
    {"/cells/#/timeline/resizes/#/peak_resident_bytes", "x"},
    {"/cells/#/timeline/resizes/#/huge_page_bytes", "x"},
    {"/cells/#/memory_calls", "x"},
    {"/cells/#/memory_calls/by", ""},
    {"/cells/#/memory_calls/began_ns", ""},
    {"/cells/#/memory_calls/ended_ns", ""},
    {"/cells/#/memory_calls/dropped", ""},
    {"/cells/#/memory_calls/dropped_resizes", ""},
    {"/cells/#/memory_calls/calls", "a"},
    {"/cells/#/memory_calls/calls/#", ""},
    {"/cells/#/memory_calls/calls/#/at_ns", ""},
    {"/cells/#/memory_calls/calls/#/duration_ns", ""},
    {"/cells/#/memory_calls/calls/#/call", ""},
    {"/cells/#/memory_calls/calls/#/bytes", "i"},
    {"/cells/#/memory_calls/calls/#/added_bytes", ""},
    {"/cells/#/memory_calls/calls/#/address", ""},
    {"/cells/#/memory_calls/calls/#/result", ""},
    {"/cells/#/memory_calls/calls/#/error", ""},
    {"/cells/#/memory_calls/calls/#/text", "e"},
    {"/cells/#/memory_calls/resizes", "a"},
    {"/cells/#/memory_calls/resizes/#", ""},
    {"/cells/#/memory_calls/resizes/#/began_ns", ""},
    {"/cells/#/memory_calls/resizes/#/ended_ns", ""},
    {"/cells/#/memory_calls/resizes/#/page_faults", ""},
    {"/cells/#/memory_calls/resizes/#/old_capacity", ""},
    {"/cells/#/memory_calls/resizes/#/new_capacity", ""},
    {"/cells/#/memory_calls/resizes/#/old_bytes", ""},
    {"/cells/#/memory_calls/resizes/#/new_bytes", ""},
    {"/cells/#/memory_calls/resizes/#/items", ""},
    {"/cells/#/functions", "x"},
    {"/cells/#/functions/by", ""},
    {"/cells/#/functions/build", "e"},
    {"/cells/#/functions/valgrind_version", "e"},
    {"/cells/#/functions/not_inlined", "ex"},
    {"/cells/#/functions/totals", ""},
    {"/cells/#/functions/totals/instructions", ""},
    {"/cells/#/functions/totals/branches", ""},
    {"/cells/#/functions/totals/branch_misses", ""},
    {"/cells/#/functions/rows", ""},
    {"/cells/#/functions/rows/#", ""},
    {"/cells/#/functions/rows/#/name", ""},
    {"/cells/#/functions/rows/#/file", "x"},
    {"/cells/#/functions/rows/#/total", "x"},
    {"/cells/#/functions/rows/#/total/instructions", ""},
    {"/cells/#/functions/rows/#/n", "x"},
    {"/cells/#/functions/rows/#/self", ""},
    {"/cells/#/functions/rows/#/self/instructions", ""},
    {"/cells/#/functions/rows/#/self/branches", ""},
    {"/cells/#/functions/rows/#/self/branch_misses", ""},
    {"/cells/#/functions/lines", ""},
    {"/cells/#/functions/lines/#", ""},
    {"/cells/#/functions/lines/#/where", ""},
    {"/cells/#/functions/lines/#/n", "x"},
    {"/cells/#/functions/lines/#/self", ""},
    {"/cells/#/functions/lines/#/self/instructions", ""},
    {"/cells/#/functions/lines/#/self/branches", ""},
    {"/cells/#/functions/lines/#/self/branch_misses", ""},
};

static bool is_field_seen[N_OF(fields)];
static size_t n_forged, n_forged_accepted;

/* The kinds that may stand at a place. What is "later" is not known, and may be all. */
static const char *kinds_at(const char *path)
{
    for (size_t i = 0; i < N_OF(fields); i++)
        if (strcmp(path, fields[i][0]) == 0) {
            is_field_seen[i] = true;
            return fields[i][1];
        }
    if (strstr(path, "/later") == NULL)
        fail_msg("%s is in no line of the table", path);
    return kinds;
}

static void expect_forged(json_t *result, const char *path, size_t kind, const char *may)
{
    seal(result);
    json_t *const found = read_result(result);
    n_forged++;
    n_forged_accepted += found != NULL;
    if ((found != NULL) != (strchr(may, kinds[kind]) != NULL))
        fail_msg("%s as '%c' was %s%s", path, kinds[kind],
                 found != NULL ? "accepted" : "refused: ", complaint.text);
    if (found != NULL) {
        expect_harmless_report(found, false);
        expect_harmless_report(found, true);
    }
    json_decref(found);
}

static void put(json_t *container, const char *key, size_t i, json_t *value)
{
    if (json_is_object(container))
        assert_int_equal(json_object_set(container, key, value), 0);
    else
        assert_int_equal(json_array_set(container, i, value), 0);
}

static void forge_in(json_t *result, json_t *container, const char *path);

/* One value, everything in its place in turn; then what is in it. */
static void forge(json_t *result, json_t *container, const char *key, size_t i,
                  const char *path)
{
    json_t *const value =
        key != NULL ? json_object_get(container, key) : json_array_get(container, i);
    const char *const may = kinds_at(path);
    json_incref(value);
    for (size_t kind = 0; kind < N_KINDS; kind++) {
        if (kind == REMOVED && key == NULL)
            continue;
        if (kind == REMOVED) {
            json_object_del(container, key);
        } else {
            json_t *const other = value_of_kind(kind);
            put(container, key, i, other);
            json_decref(other);
        }
        expect_forged(result, path, kind, may);
        put(container, key, i, value);
    }
    forge_in(result, value, path);
    json_decref(value);
}

/* A metric's name in a path. */
static const char *step_of(const json_t *container, const char *path, const char *key)
{
    const json_t *const metric = json_object_get(container, key);
    const size_t n = strlen(path);
    if (n < 8 || strcmp(path + n - 8, "/metrics") != 0)
        return key;
    if (json_object_get(metric, "samples") == NULL)
        return "0";
    return json_is_null(json_object_get(metric, "low")) ? "1" : "*";
}

static void forge_in(json_t *result, json_t *container, const char *path)
{
    enum { MOST_KEYS = 64 };
    char names[MOST_KEYS][64]; /* copies: a field that is taken away loses its own */
    char deeper[256];
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach(container, key, value)
    {
        assert_true(n < MOST_KEYS && strlen(key) < sizeof names[n]);
        strcpy(names[n++], key);
    }
    for (size_t i = 0; i < n; i++) {
        snprintf(deeper, sizeof deeper, "%s/%s", path,
                 step_of(container, path, names[i]));
        if (strcmp(deeper, "/integrity") != 0)
            forge(result, container, names[i], 0, deeper);
    }
    const bool is_stack = strstr(path, "/folded/") != NULL; /* a text and a count */
    for (size_t i = 0; i < json_array_size(container); i++) {
        if (is_stack)
            snprintf(deeper, sizeof deeper, "%s/%zu", path, i);
        else
            snprintf(deeper, sizeof deeper, "%s/#", path);
        forge(result, container, NULL, i, deeper);
    }
}

/* As a result that was joined from several has them. */
static void add_sources(json_t *result)
{
    json_object_set_new(
        result, "shard",
        json_pack("{s:i, s:i, s:s}", "index", 2, "of", 3, "plan", "0x00000000000000ab"));
    json_object_set_new(result, "sources",
                        json_pack("[{s:s, s:b, s:s, s:{}, s:[], s:s}]", "started",
                                  "2026-01-31T12:00:00Z", "complete", 1, "seed",
                                  "0x0000000000000001", "machine", "command", "file",
                                  "a.json"));
    json_object_set_new(cell_of(result, 0), "source", json_integer(0));
}

static void every_field_is_held_to_its_type(void **state)
{
    json_t *const result = a_result(1, 2);
    json_t *const cell = cell_of(result, 0);
    json_t *const metrics = json_object_get(cell, "metrics");
    json_t *const wall_s = json_object_get(metrics, "wall_s");
    (void)state;
    static const char *const counted[] = {"task_clock_ms", "cycles", "instructions"};
    for (size_t i = 0; i < N_OF(counted); i++) /* so that --details has what to show */
        json_object_set_new(metrics, counted[i], json_deep_copy(wall_s));
    json_object_set_new(json_object_get(metrics, "cycles"), "event",
                        json_string("cpu-cycles:u"));
    json_object_set_new(result, "later", json_pack("[{s:[i, b]}]", "x", 1, 0));
    json_object_set_new(cell, "later", json_pack("{s:n}", "x"));
    add_cache_fields(cell);
    add_sources(result);
    seal(result);
    expect_read(result);
    forge_in(result, result, "");
    for (size_t i = 0; i < N_OF(fields); i++)
        if (!is_field_seen[i])
            fail_msg("%s was never tried", fields[i][0]);
    print_message("%zu forged, %zu accepted and shown\n", n_forged, n_forged_accepted);
    json_decref(result);
}

static void shards_and_sources_fit_together(void **state)
{
    static const int bad[][2] = {{0, 3}, {4, 3}, {1, 1001}, {1, 0}};
    json_t *const result = a_result(1, 2);
    (void)state;
    add_sources(result);
    for (size_t i = 0; i < N_OF(bad); i++) {
        json_t *const shard = json_object_get(result, "shard");
        json_object_set_new(shard, "index", json_integer(bad[i][0]));
        json_object_set_new(shard, "of", json_integer(bad[i][1]));
        seal(result);
        expect_result_refused(result, "'shard' must have an index from 1");
        json_object_set(json_array_get(json_object_get(result, "sources"), 0), "shard",
                        shard);
        json_object_del(result, "shard");
        seal(result);
        expect_result_refused(result, "source 1: 'shard' must have an index from 1");
        json_object_del(json_array_get(json_object_get(result, "sources"), 0), "shard");
        add_sources(result);
    }
    json_object_del(result, "shard");
    json_object_set_new(cell_of(result, 0), "source", json_integer(1));
    seal(result);
    expect_result_refused(result, "cell 1: its 'source' must be a place in 'sources'");
    for (size_t i = 0; i < 1000; i++)
        json_array_append(json_object_get(result, "sources"),
                          json_array_get(json_object_get(result, "sources"), 0));
    seal(result);
    expect_result_refused(result, "'sources' must be 1 to 1000 objects");
    json_decref(result);
}

static void numbers_out_of_their_range_are_refused(void **state)
{
    static const double shares[] = {0, -0.5, 1.0000001, 1e308};
    json_t *const result = a_result(1, 2);
    json_t *const metric =
        json_object_get(json_object_get(cell_of(result, 0), "metrics"), "wall_s");
    json_t *const sample = json_array_get(json_object_get(metric, "samples"), 0);
    (void)state;
    for (size_t i = 0; i < N_OF(shares); i++) {
        json_object_set_new(sample, "share", json_real(shares[i]));
        seal(result);
        expect_result_refused(result, "cell 1, metric wall_s, sample 1: 'share'");
        json_object_set_new(sample, "share", json_real(1));
        json_object_set_new(metric, "level", json_real(shares[i]));
        seal(result);
        expect_result_refused(result, "cell 1, metric wall_s: 'level'");
        json_object_set_new(metric, "level", json_integer(1));
        seal(result);
        expect_read(result);
    }
    json_decref(result);
}

/* A field of the cell, by a path such as "heat/0/reads". */
static void set_by_path(json_t *cell, const char *path, json_t *value)
{
    char step[64];
    json_t *at = cell;
    for (;; path += strlen(step) + 1) {
        const size_t n = strcspn(path, "/");
        snprintf(step, sizeof step, "%.*s", (int)n, path);
        if (path[n] == '\0')
            break;
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(step))
                               : json_object_get(at, step);
        assert_non_null(at);
    }
    put(at, step, json_is_array(at) ? (size_t)atoi(step) : 0, value);
    json_decref(value);
}

static void expect_cache_refused(const char *path, const char *value, const char *part)
{
    json_t *const result = a_result(1, 2);
    json_t *const json = json_loads(value, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    add_cache_fields(cell_of(result, 0));
    seal(result);
    expect_read(result);
    set_by_path(cell_of(result, 0), path, json);
    seal(result);
    expect_result_refused(result, part);
    json_decref(result);
}

static void what_the_cache_model_leaves_fits_together(void **state)
{
    static const char *const refused[][3] = {
        {"cache_model/0/levels", "0", "cell 1, cache model 1: 'levels' must be from 1"},
        {"cache_model/0/levels", "5", "'levels' must be from 1 to 4"},
        {"cache_model/0/levels", "3", "'load_lines' must be 4 integers"},
        {"cache_model/0/line_bytes", "0", "'line_bytes' must be from 1 to 4096"},
        {"cache_model/0/parts/0/load_lines", "[1, 2]",
         "cell 1, cache model 1, part 1: 'load_lines' must be 3 integers"},
        {"cache_model/0/parts/0/store_lines", "[1, 2, 3, 4]", "'store_lines' must be 3"},
        {"cache_model/0/parts/0/loads", "9007199254740993", "from 0 to 2^53"},
        {"cache_model/0/parts/0/store_lines", "[1, 2, 9007199254740993]", "to 2^53"},
        {"cache_model", "[]", "'cache_band' needs 'cache_model'"},
        {"cache_band/0/misses", "[1]", "model of the band 1: 'misses' must be 2"},
        {"cache_trace/unlabelled", "15", "'unlabelled' must be from 0 to 14"},
        {"heat/0/period_bytes", "0", "cell 1, heat 1: 'period_bytes' must be from 1"},
        {"heat/0/period_bytes", "4097", "must be from 1 to 4096"},
        {"heat/0/period_bytes", "3", "'reads' must be 3 integers"},
        {"heat/0/entry_bytes", "0", "'entry_bytes' must be from 1"},
        {"heat/0/writes", "[1]", "'writes' must be 2 integers"},
        {"reuse/points", "[[8, 15]]", "point of reuse 1: lines must rise"},
        {"reuse/points", "[[8, 5], [8, 4]]", "point of reuse 2: lines must rise"},
        {"reuse/points", "[[8, 5], [9, 6]]", "point of reuse 2: lines must rise"},
        {"reuse/points", "[[8, 5, 4]]", "'points' must be 2 integers"},
        {"reuse/line_bytes", "0", "'line_bytes' must be from 1"},
        {"layout/fields/0/offset", "65537", "field of the layout 1: 'offset'"},
        {"layout/fields/0/bytes", "65537", "'bytes' must be from 0 to 65536"},
        {"layout/entry_bytes", "65537", "'entry_bytes' must be from 0 to 65536"},
        {"functions/rows/0/self/instructions", "6",
         "'rows' of 'functions' must add up to its 'totals'"},
        {"functions/rows/1/self/branch_misses", "1", "'rows' of 'functions' must add up"},
        {"functions/lines/0/self/branches", "3", "'lines' of 'functions' must add up"},
        {"functions/rows/0/total/instructions", "6",
         "function 1: 'total' must be from 'self' to the totals"},
        {"functions/rows/0/total/instructions", "10", "'total' must be from 'self'"},
        {"functions/totals/branches", "9007199254740993", "to 2^53"},
        {"memory_calls/calls/0/call", "\"read\"", "memory call 1: 'call' must be mmap"},
        {"memory_calls/calls/0/error", "\"EIO\"", "either 'result' or 'error'"},
        {"memory_calls/calls/1/at_ns", "19", "memory call 2: is earlier"},
        {"memory_calls/resizes/0/ended_ns", "9", "resize of memory_calls 1: must begin"},
        {"timeline/points", "[]", "a timeline has 1 to 1000 points"},
        {"timeline/points", "[[0, 5, 0]]", "point of the timeline 1: must be 4 integers"},
        {"timeline/points", "[[0, 5, 0, 2, 1, 1]]", "must be 4 integers"},
        {"timeline/points", "[[0, 5, 0, 2], [1, 6, 0, 3, 4]]", "timeline 2: must be 4"},
        {"timeline/points", "[[0, 5, 0, 2, 4], [1, 6, 0, 3]]", "timeline 2: must be 5"},
        {"timeline/points/1/0", "-1", "timeline 2: must be 5 integers"},
        {"timeline/points/0/0", "513", "point of the timeline 2: operations, time"},
        {"timeline/points/1/1", "4", "page faults must not fall"},
        {"timeline/points/1/3", "1", "page faults must not fall"},
        {"timeline/points/1/3", "9007199254740993", "from 0 to 2^53"},
        {"timeline/resizes/0/ended_ns", "9", "resize of the timeline 1: a resize must"},
        {"stacks/frequency_hz", "0", "'frequency_hz' must be from 1 to 1000000"},
        {"stacks/kernel", "6", "'kernel' not more than that"},
        {"stacks/samples", "0", "'samples' of the stacks must be 1 or more"},
        {"stacks/samples", "6", "must sum up to 'samples'"},
        {"stacks/folded/0", "[\"run\", 5, 5]", "stack 1: must be a text"},
        {"stacks/folded/0", "[\"\", 5]", "stack 1: must be a text"},
        {"stacks/self_test", "[4]", "'self_test' must be two counts"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(refused); i++)
        expect_cache_refused(refused[i][0], refused[i][1], refused[i][2]);
}

static void resizes_of_a_timeline_follow_one_another(void **state)
{
    static const struct {
        const char *field;
        json_int_t value;
        bool is_good;
    } cases[] = {
        {"began_ns", 40, true}, {"began_ns", 39, false}, {"operation", -1, false}};
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        json_t *const result = a_result(1, 2);
        json_t *const cell = cell_of(result, 0);
        add_cache_fields(cell);
        json_t *const resizes =
            json_object_get(json_object_get(cell, "timeline"), "resizes");
        json_t *const next = json_deep_copy(json_array_get(resizes, 0));
        json_object_set_new(next, "began_ns", json_integer(40));
        json_object_set_new(next, "ended_ns", json_integer(50));
        json_object_set_new(json_array_get(resizes, 0), "operation", json_integer(0));
        json_object_set_new(next, cases[i].field, json_integer(cases[i].value));
        json_array_append_new(resizes, next);
        seal(result);
        if (cases[i].is_good)
            expect_read(result);
        else
            expect_result_refused(result, "resize of the timeline 2");
        json_decref(result);
    }
}

/* One more than the most of what stands in the array already. */
static void the_cache_models_lists_have_bounds(void **state)
{
    static const struct {
        const char *list, *inner;
        size_t most;
        const char *why;
    } lists[] = {
        {"cache_model", NULL, 32, "more than 32 times 'cache model'"},
        {"cache_band", NULL, 64, "more than 64 times 'model of the band'"},
        {"heat", NULL, 16, "more than 16 times 'heat'"},
        {"reuse", "points", 400, "more than 400 points"},
        {"layout", "fields", 64, "more than 64 times 'field of the layout'"},
        {"timeline", "points", 1000, "a timeline has 1 to 1000 points"},
        {"timeline", "resizes", 200, "more than 200 times 'resize of the timeline'"},
        {"stacks", "lines", 200, "more than 200 times 'source line'"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(lists); i++) {
        json_t *const result = a_result(1, 2);
        json_t *const cell = cell_of(result, 0);
        add_cache_fields(cell);
        json_t *const outer = json_object_get(cell, lists[i].list);
        json_t *const list =
            lists[i].inner != NULL ? json_object_get(outer, lists[i].inner) : outer;
        if (json_array_size(list) == 2) /* points, which rise */
            json_array_remove(list, 1);
        json_t *const first = json_array_get(list, 0);
        if (json_object_get(first, "ended_ns") != NULL) /* one behind the other */
            json_object_set(first, "ended_ns", json_object_get(first, "began_ns"));
        while (json_array_size(list) < lists[i].most) {
            json_t *const one = json_deep_copy(json_array_get(list, 0));
            if (json_is_array(one))
                json_array_set_new(one, 0,
                                   json_integer(8 + (json_int_t)json_array_size(list)));
            json_array_append_new(list, one);
        }
        seal(result);
        expect_read(result);
        expect_harmless_report(result, false);
        json_array_append_new(list, json_deep_copy(json_array_get(list, 0)));
        seal(result);
        expect_result_refused(result, lists[i].why);
        json_decref(result);
    }
}

/* All that may be written is as large as it may be. */
static void the_largest_numbers_do_no_harm(void **state)
{
    static const char *const paths[] = {"cache_model/0/parts/0/loads",
                                        "cache_model/0/parts/0/load_lines/1",
                                        "cache_model/0/parts/0/load_lines/2",
                                        "cache_model/0/parts/0/bytes_fetched",
                                        "cache_model/0/parts/0/bytes_used",
                                        "cache_model/0/events/walk_loads",
                                        "cache_band/0/misses/0",
                                        "cache_trace/accesses",
                                        "heat/0/reads/0",
                                        "reuse/accesses",
                                        "reuse/points/1/0",
                                        "timeline/timed_ns",
                                        "timeline/left_out",
                                        "timeline/points/1/0",
                                        "timeline/points/1/1",
                                        "timeline/points/1/2",
                                        "timeline/points/1/3",
                                        "timeline/points/1/4",
                                        "timeline/resizes/0/new_capacity",
                                        "timeline/resizes/0/items",
                                        "timeline/resizes/0/ended_ns",
                                        "timeline/resizes/0/peak_live_bytes",
                                        "stacks/lost",
                                        "stacks/kernel",
                                        "stacks/samples",
                                        "stacks/folded/0/1"};
    json_t *const result = a_result(1, 2);
    json_t *const cell = cell_of(result, 0);
    (void)state;
    add_cache_fields(cell);
    for (size_t i = 0; i < N_OF(paths); i++)
        set_by_path(cell, paths[i], json_integer((json_int_t)1 << 53));
    for (json_int_t operations = 0; operations < 2; operations++) {
        json_object_set_new(cell, "operations", json_integer(operations));
        seal(result);
        expect_read(result);
        expect_harmless_report(result, false);
    }
    json_decref(result);
}

static void status_and_trust_are_of_their_lists(void **state)
{
    static const char *const trusts[] = {"simulated", "estimated", "measured", "guessed"};
    static const char *const statuses[] = {"wrong",         "crashed", "leaked",
                                           "out_of_memory", "timeout", "refused",
                                           "failed",        "ok",      "perfect"};
    json_t *const result = a_result(1, 2);
    json_t *const cell = cell_of(result, 0);
    json_t *const metric = json_object_get(json_object_get(cell, "metrics"), "wall_s");
    (void)state;
    for (size_t i = 0; i < N_OF(statuses); i++) {
        json_object_set_new(cell, "status", json_string(statuses[i]));
        seal(result);
        if (i + 1 < N_OF(statuses))
            expect_read(result);
        else
            expect_result_refused(result, "'status' is unknown");
    }
    json_object_set_new(cell, "status", json_string("ok"));
    for (size_t i = 0; i < N_OF(trusts); i++) {
        json_object_set_new(metric, "trust", json_string(trusts[i]));
        seal(result);
        if (i + 1 < N_OF(trusts))
            expect_read(result);
        else
            expect_result_refused(result, "'trust' must be");
    }
    json_decref(result);
}

static void names_of_metrics_are_held_to_the_rules_of_names(void **state)
{
    static const char *const names[] = {"", "a\nb", "\x1b[2J", "\xc2\x85", "\x7f"};
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++) {
        json_t *const result = a_result(1, 2);
        json_t *const metrics = json_object_get(cell_of(result, 0), "metrics");
        json_object_set(metrics, names[i], json_object_get(metrics, "wall_s"));
        seal(result);
        expect_result_refused(result, "name");
        json_decref(result);
    }
}

/* ---- what was never a result ---- */

/* `text` with `part` in the place of the only '@'. */
static void expect_part_refused(const char *text, const char *bytes, size_t n,
                                const char *why)
{
    const size_t first = strcspn(text, "@"), rest = strlen(text) - first - 1;
    char *const all = malloc(first + n + rest + 1);
    assert_non_null(all);
    memcpy(all, text, first);
    memcpy(all + first, bytes, n);
    memcpy(all + first + n, text + first + 1, rest);
    all[first + n + rest] = '\0';
    expect_refused(all, first + n + rest, why);
    free(all);
}

#define RESULT_WITH "{\"schema\": \"onemiss.result/1\",\n\"x\": @}"
#define PIECE(text) text, sizeof text - 1

static void what_is_not_json_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *why;
    } pieces[] = {
        {PIECE("{\"a\": 1, \"b\": 2, \"a\": 3}"), "line 2 is not JSON (duplicate"},
        {PIECE("\"a\0b\""), "line 2 is not JSON (control character 0x0"},
        {PIECE("\"a\\u0000b\""), "line 2 is not JSON (\\u0000"},
        {PIECE("{\"a\\u0000b\": 1}"), "line 2 is not JSON"},
        {PIECE("\0"), "a part is lost"}, /* as after a crash of the machine */
        {PIECE("\"\xff\""), "line 2 is not JSON (unable to decode byte 0xff"},
        {PIECE("\"\xc0\x80\""), "unable to decode"},
        {PIECE("\"\xed\xa0\x80\""), "unable to decode"},
        {PIECE("\"\xf4\x90\x80\x80\""), "unable to decode"},
        {PIECE("\"\\ud800\""), "not JSON"},
        {PIECE("1e999"), "line 2 is not JSON (real number overflow"},
        {PIECE("-1e999"), "real number overflow"},
        {PIECE("18446744073709551616"), "line 2 is not JSON (too big integer"},
        {PIECE("-9223372036854775809"), "too big negative integer"},
        {PIECE("1 \"\xc2\x9b"
               "31m\""),
         "line 2 is not JSON ('}' expected);"},
        {PIECE("NaN"), "not JSON"},
        {PIECE("Infinity"), "not JSON"},
        {PIECE("01"), "not JSON"},
        {PIECE("1]"), "not JSON"},
        {PIECE("[1}"), "not JSON"},
        {PIECE("'a'"), "not JSON"},
        {PIECE("\"a\nb\""), "line 2 is not JSON"},
        {PIECE("1}}"), "end of file expected"},
        {PIECE("\"\x1b[31m\""), "control character 0x1b"},
        {PIECE("\"\\\\"), "ends too early"},
        {PIECE("\""), "ends too early"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(pieces); i++)
        expect_part_refused(RESULT_WITH, pieces[i].bytes, pieces[i].n, pieces[i].why);
    expect_refused("", 0, "empty");
    expect_refused(" \n", 2, "ends too early, on line");
    expect_refused("\xef\xbb\xbf{}", 5, "line 1 is not JSON");
    expect_refused("1", 1, "line 1 is not JSON");
    expect_refused("[]", 2, "no schema");
    expect_refused("{}", 2, "no schema");
}

static void another_schema_is_named(void **state)
{
    static const char *const schemas[][2] = {
        {"\"onemiss.result/2\"", "onemiss.result/2: made by a newer onemiss; this one "
                                 "reads onemiss.result/1"},
        {"\"onemiss.result/10\"", "onemiss.result/10: made by a newer"},
        {"\"onemiss.result/1 \"", "newer"},
        {"\"onemiss.layout/1\"", "schema 'onemiss.layout/1' is not"},
        {"\"Onemiss.result/1\"", "is not"},
        {"\"\\u001b[31m\\n\"", "schema '?' is not"},
        {"\"\xc2\x9b"
         "31m\"",
         "schema '?' is not"},
        {"\"onemiss.result/2\xc2\x9b"
         "31m\"",
         "schema '?' is not"},
        {"1", "no schema"},
        {"null", "no schema"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(schemas); i++)
        expect_part_refused("{\"schema\": @}", schemas[i][0], strlen(schemas[i][0]),
                            schemas[i][1]);
}

static void a_seal_that_is_missing_malformed_or_wrong_is_told(void **state)
{
    static const char *const seals[] = {
        "\"\"",
        "1",
        "null",
        "{}",
        "\"0x\"",
        "\"0x123456789ABCDEF0\"",
        "\"0x123456789abcdef\"",
        "\"0x123456789abcdef01\"",
        "\"00123456789abcdef0\"",
        "\" 0x23456789abcdef0\"",
    };
    (void)state;
    expect_refused("{\"schema\": \"onemiss.result/1\"}", 30, "'integrity' is missing");
    for (size_t i = 0; i < N_OF(seals); i++)
        expect_part_refused("{\"schema\": \"onemiss.result/1\", \"integrity\": @}",
                            seals[i], strlen(seals[i]), "missing or malformed");
    expect_part_refused("{\"schema\": \"onemiss.result/1\", \"integrity\": @}",
                        PIECE("\"0x123456789abcdef0\""), "changed after it was written");
}

/* ---- how much ---- */

/* A text of `n` times `unit` with commas between, in a result with a seal to compute. */
static char *many(const char *unit, size_t n, const char *open, const char *close,
                  size_t *n_bytes)
{
    const size_t length = strlen(unit) + 1;
    char *const text = malloc(100 + n * length);
    assert_non_null(text);
    size_t at = (size_t)sprintf(text,
                                "{\"schema\":\"onemiss.result/1\",\"integrity\":"
                                "\"0x0000000000000000\",\"x\":%s",
                                open);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + at, unit, length - 1);
        at += length;
        text[at - 1] = ',';
    }
    at += (size_t)sprintf(text + at - 1, "%s}", close) - 1;
    *n_bytes = at;
    return text;
}

static long resident_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

enum { CHILD_GOOD = 0, CHILD_REFUSED = 10, CHILD_SLOW, CHILD_LARGE, CHILD_ODD };

/* In a child, whose memory is its own. */
static int in_a_child(int (*act)(const void *argument), const void *argument)
{
    int status;
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const int code = act(argument);
        fflush(stdout);
        _exit(code);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status))
        fail_msg("the child ended by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

static int judge_costs(const char *what, size_t n_bytes, double seconds)
{
    const long kb = resident_kb();
    print_message("%-28.28s %5.1f MB, %5.2f s, %4ld MB resident\n", what,
                  (double)n_bytes / 1e6, seconds, kb / 1024);
    if (seconds > MOST_SECONDS)
        return CHILD_SLOW;
    /* a sanitizer keeps freed memory and shadows all of it */
    return !IS_SANITIZED && kb > MOST_RESIDENT_KB ? CHILD_LARGE : CHILD_GOOD;
}

/* A list whose first text holds a quote: to miss it would be to take the rest for text. */
#define FIRST_QUOTED "[\"\\\"\","

/* How many of a unit the reader takes on, less 2 % at most. The text begins with what is
 * not JSON: the scan prices all of it, the parser stops at once. */
static size_t count_affordable(const char *unit)
{
    size_t low = 0, high = 0;
    char *const text =
        many(unit, (64u << 20) / (strlen(unit) + 1), FIRST_QUOTED, "]", &high);
    text[0] = 'x';
    for (size_t n = high; high - low > low / 64 + 100; n = low + (high - low) / 2) {
        json_t *const found = reader_parse(text, n, FILE_NAME, &complaint);
        assert_null(found);
        if (strstr(complaint.text, "is not JSON") != NULL)
            low = n;
        else
            high = n;
    }
    free(text);
    return (low - 100) / (strlen(unit) + 1);
}

static int read_most(const void *argument)
{
    const char *const unit = argument;
    size_t n_bytes;
    const size_t n = count_affordable(unit);
    char *const text = many(unit, n, FIRST_QUOTED, "]", &n_bytes);
    const double before = cpu_s();
    json_t *const found = reader_parse(text, n_bytes, FILE_NAME, &complaint);
    const double took = cpu_s() - before;
    free(text);
    if (found != NULL || strstr(complaint.text, "does not fit") == NULL)
        return CHILD_ODD;
    return judge_costs(unit, n_bytes, took);
}

static void no_file_takes_more_than_256_mb_or_2_s(void **state)
{
    static const char *const units[] = {
        "[]",
        "1e9",
        "\"\"",
        "\"aaaaaaaaaaaaaaaaaaaaaaaa\"",
        "[[[[[[[[[[]]]]]]]]]]",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}",
        "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0}",
        "0                                                               ",
    };
    (void)state;
    for (size_t i = 0; i < N_OF(units); i += IS_SANITIZED ? 6 : 1) {
        const int code = in_a_child(read_most, units[i]);
        if (code != CHILD_GOOD)
            fail_msg("many %s: %s", units[i],
                     code == CHILD_SLOW    ? "too slow"
                     : code == CHILD_LARGE ? "too much memory"
                                           : "never read");
    }
}

static void what_would_take_too_much_is_refused_unparsed(void **state)
{
    static const struct {
        const char *unit;
        size_t n;
        const char *why;
    } loads[] = {
        {"{}", 1000000, "MB of memory"},
        {"[]", 2000000, "MB of memory"},
        {"{},{}", 11300000, "larger than 64 MB"},
    };
    size_t n_bytes;
    (void)state;
    for (size_t i = 0; i < N_OF(loads); i++) {
        char *const text = many(loads[i].unit, loads[i].n, "[", "]", &n_bytes);
        expect_refused(text, n_bytes, loads[i].why);
        free(text);
    }
    /* a million empty arrays are affordable, and no result */
    char *const text = many("[]", 1000000, "[", "]", &n_bytes);
    expect_refused(text, n_bytes, "does not fit");
    free(text);
}

static void nesting_fields_texts_and_digits_have_bounds(void **state)
{
    static const struct {
        char byte;
        const char *before, *after;
        size_t most;
        const char *why;
    } loads[] = {
        {'[', "", "", 1, "nested deeper than 32 levels"},
        {'a', "\"", "\"", 65536, "line 2: a text of more than 65536 bytes"},
        {'a', "{\"", "\": 1}", 65536, "line 2: a text of more than 65536 bytes"},
        {'1', "1.", "", 398, "line 2: a number of more than 400"},
        {'x', "", "", 400, "line 2: a number of more than 400"},
    };
    static char text[8000000];
    (void)state;
    for (size_t i = 0; i < N_OF(loads); i++) {
        for (size_t n = loads[i].most; n < sizeof text / 2; n = n * 3 + 1) {
            size_t at = (size_t)sprintf(
                text, "{\"schema\": \"onemiss.result/1\",\n\"x\": %s", loads[i].before);
            memset(text + at, loads[i].byte, n);
            at += n;
            at += (size_t)sprintf(text + at, "%s}", loads[i].after);
            json_t *const found = read_bytes(text, at);
            assert_null(found);
            const bool is_told = strstr(complaint.text, loads[i].why) != NULL;
            if (n > 40 && is_told != (n > loads[i].most))
                fail_msg("%zu times '%c': %s", n, loads[i].byte, complaint.text);
        }
    }
    for (int depth = 30; depth <= 33; depth++) { /* and one for the whole */
        char deep[80] = "";
        for (int i = 0; i < depth; i++)
            deep[i] = '[', deep[2 * depth - 1 - i] = ']';
        expect_part_refused(RESULT_WITH, deep, strlen(deep),
                            depth < 32 ? "'integrity' is missing"
                                       : "line 2: nested deeper than 32 levels");
    }
}

static void an_object_has_at_most_1000_fields(void **state)
{
    (void)state;
    for (size_t n = 999; n <= 1002; n++) {
        json_t *const object = json_object();
        for (size_t i = 0; i < n; i++) {
            char key[16];
            snprintf(key, sizeof key, "%zu", i);
            json_object_set_new(object, key, json_pack("[i, i]", 1, 2));
        }
        char *const text = json_dumps(object, 0);
        expect_part_refused(RESULT_WITH, text, strlen(text),
                            n <= 1000 ? "'integrity' is missing"
                                      : "more than 1000 fields");
        free(text);
        json_decref(object);
    }
}

static void lists_have_bounds(void **state)
{
    static const struct {
        const char *of, *why;
        int n;
    } lists[] = {{"cells", "more than 10000 cells", 10001},
                 {"resize_events", "more than 100000 times 'resize event'", 100001},
                 {"stalls", "more than 100000 times 'stall'", 100001},
                 {"samples", "more than 10000 times 'sample'", 10001},
                 {"command", "more than 100000 words", 100001}};
    (void)state;
    for (size_t i = 0; i < N_OF(lists); i++) {
        json_t *const result = a_result(1, 2);
        json_t *const cell = cell_of(result, 0);
        json_t *const metric =
            json_object_get(json_object_get(cell, "metrics"), "ns_per_op");
        json_t *array = json_object_get(result, lists[i].of);
        array = array != NULL ? array : json_object_get(cell, lists[i].of);
        array = array != NULL ? array : json_object_get(metric, lists[i].of);
        assert_non_null(array);
        for (int k = 0; k < lists[i].n; k++)
            json_array_append_new(array, json_null());
        seal(result);
        expect_result_refused(result, lists[i].why);
        json_decref(result);
    }
}

/* 500 cells of 40 metrics of 6 samples, with what else cells have: more than 60 designs
 * under all workloads, key types and patterns. */
static int write_large(const void *argument)
{
    json_t *const result = a_result(1, 6);
    json_t *const cell = cell_of(result, 0);
    json_t *const metrics = json_object();
    json_t *const ns_per_op =
        json_object_get(json_object_get(cell, "metrics"), "ns_per_op");
    for (int i = 0; i < 40; i++) {
        char name[32];
        snprintf(name, sizeof name, "some_metric_%d", i);
        json_object_set(metrics, name, ns_per_op);
    }
    json_object_set_new(cell, "metrics", metrics);
    for (int i = 0; i < 46; i++)
        json_array_append(json_object_get(cell, "stalls"),
                          json_array_get(json_object_get(cell, "stalls"), 0));
    for (int i = 0; i < 19; i++)
        json_array_append(json_object_get(cell, "resize_events"),
                          json_array_get(json_object_get(cell, "resize_events"), 0));
    for (int i = 1; i < 500; i++)
        json_array_append(json_object_get(result, "cells"), cell);
    result_seal(result, true);
    return result_write(result, argument, &complaint) ? CHILD_GOOD : CHILD_ODD;
}

static int read_large(const void *argument)
{
    struct stat about;
    const double before = cpu_s();
    json_t *const result = reader_read(argument, &complaint);
    const double took = cpu_s() - before;
    if (result == NULL) {
        print_message("%s\n", complaint.text);
        return CHILD_REFUSED;
    }
    if (json_array_size(json_object_get(result, "cells")) != 500 ||
        stat(argument, &about) != 0)
        return CHILD_ODD;
    return judge_costs("500 cells of 40 metrics", (size_t)about.st_size, took);
}

static void a_large_result_is_read_within_the_same_bounds(void **state)
{
    char path[UNIT_PATH];
    snprintf(path, sizeof path, "%s", folder_file(*state, "large.json"));
    assert_int_equal(in_a_child(write_large, path), CHILD_GOOD);
    assert_int_equal(in_a_child(read_large, path), CHILD_GOOD);
}

/* ---- files ---- */

static void expect_path_refused(const char *path, const char *why)
{
    memset(&complaint, 0, sizeof complaint);
    alarm(20); /* a pipe that is waited for ends the test */
    json_t *const found = reader_read(path, &complaint);
    alarm(0);
    if (found != NULL)
        fail_msg("%s was accepted", path);
    expect_one_line();
    expect_part(complaint.text, why);
    expect_part(complaint.text, path);
}

static void what_is_no_file_is_told_at_once(void **state)
{
    struct folder *const folder = *state;
    char path[UNIT_PATH];
    expect_path_refused(folder_file(folder, "missing.json"), "No such file");
    expect_path_refused("", "No such file");
    expect_path_refused(folder->path, "is a folder");
    expect_path_refused("/dev/zero", "no regular file");
    expect_path_refused("/dev/null", "no regular file");
    snprintf(path, sizeof path, "%s", folder_file(folder, "pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_path_refused(path, "no regular file");
    expect_path_refused(write_file(folder, "empty.json", "", 0), "empty");
    snprintf(path, sizeof path, "%s", write_file(folder, "sparse.json", "{", 1));
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    expect_path_refused(path, "larger than 64 MB");
    expect_path_refused("/proc/self/maps", "is not JSON"); /* its size reads 0 */
}

static void a_path_that_steers_a_terminal_is_shown_without(void **state)
{
    struct folder *const folder = *state;
    (void)reader_read(folder_file(folder, "\x1b[31m\n.json"), &complaint);
    expect_one_line();
    const int free_before = dup(STDOUT_FILENO);
    close(free_before);
    write_file(folder, "\x1b[2J", "{", 1);
    (void)reader_read(folder->file, &complaint);
    expect_one_line();
    const int free_after = dup(STDOUT_FILENO);
    close(free_after);
    assert_int_equal(free_before, free_after); /* the file was closed */
}

static int read_as_nobody(const void *argument)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return CHILD_GOOD; /* cannot be tried here */
    if (reader_read(argument, &complaint) != NULL)
        return CHILD_ODD;
    return strstr(complaint.text, "Permission denied") != NULL ? CHILD_GOOD : CHILD_ODD;
}

static void a_file_without_the_right_to_read_is_told(void **state)
{
    const char *const path = write_file(*state, "secret.json", "{}", 2);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(in_a_child(read_as_nobody, path), CHILD_GOOD);
}

/* Standard input is `argument`. */
static int read_standard_input(const void *argument)
{
    const int file = open(argument, O_RDONLY);
    if (file < 0 || dup2(file, STDIN_FILENO) < 0)
        return CHILD_ODD;
    json_t *const result = reader_read("-", &complaint);
    if (result != NULL)
        return CHILD_GOOD;
    return strstr(complaint.text, "'standard input'") != NULL ? CHILD_REFUSED : CHILD_ODD;
}

static void a_minus_is_standard_input(void **state)
{
    struct folder *const folder = *state;
    json_t *const result = a_result(40, 6); /* more than one piece of reading */
    seal(result);
    char *const text = json_dumps(result, JSON_INDENT(4));
    assert_true(strlen(text) > 3 * 65536);
    write_file(folder, "result.json", text, strlen(text));
    assert_int_equal(in_a_child(read_standard_input, folder->file), CHILD_GOOD);
    write_file(folder, "result.json", text, strlen(text) - 1);
    assert_int_equal(in_a_child(read_standard_input, folder->file), CHILD_REFUSED);
    assert_int_equal(in_a_child(read_standard_input, folder->path), CHILD_REFUSED);
    assert_int_equal(in_a_child(read_standard_input, "/dev/zero"), CHILD_REFUSED);
    assert_int_equal(in_a_child(read_standard_input, "/dev/null"), CHILD_REFUSED);
    free(text);
    json_decref(result);
}

/* Last: over all that was read in this process. */
static void no_read_was_slow_or_left_memory_behind(void **state)
{
    (void)state;
    print_message("slowest read %.3f s, %ld MB resident at most\n", slowest_s,
                  resident_kb() / 1024);
    assert_true(slowest_s > 0 && slowest_s < MOST_SECONDS);
    assert_true(IS_SANITIZED || resident_kb() < MOST_RESIDENT_KB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_result_with_all_fields_comes_back_equal),
        cmocka_unit_test(a_result_without_cells_is_one),
        cmocka_unit_test(every_real_comes_back_bit_for_bit),
        cmocka_unit_test(what_is_not_known_is_kept),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(damage_is_refused_or_changes_nothing),
        cmocka_unit_test(every_field_is_held_to_its_type),
        cmocka_unit_test(shards_and_sources_fit_together),
        cmocka_unit_test(numbers_out_of_their_range_are_refused),
        cmocka_unit_test(what_the_cache_model_leaves_fits_together),
        cmocka_unit_test(resizes_of_a_timeline_follow_one_another),
        cmocka_unit_test(the_cache_models_lists_have_bounds),
        cmocka_unit_test(the_largest_numbers_do_no_harm),
        cmocka_unit_test(status_and_trust_are_of_their_lists),
        cmocka_unit_test(names_of_metrics_are_held_to_the_rules_of_names),
        cmocka_unit_test(what_is_not_json_is_refused_with_its_line),
        cmocka_unit_test(another_schema_is_named),
        cmocka_unit_test(a_seal_that_is_missing_malformed_or_wrong_is_told),
        cmocka_unit_test(no_file_takes_more_than_256_mb_or_2_s),
        cmocka_unit_test(what_would_take_too_much_is_refused_unparsed),
        cmocka_unit_test(nesting_fields_texts_and_digits_have_bounds),
        cmocka_unit_test(an_object_has_at_most_1000_fields),
        cmocka_unit_test(lists_have_bounds),
        FOLDER_TEST(a_large_result_is_read_within_the_same_bounds),
        FOLDER_TEST(what_is_no_file_is_told_at_once),
        FOLDER_TEST(a_path_that_steers_a_terminal_is_shown_without),
        FOLDER_TEST(a_file_without_the_right_to_read_is_told),
        FOLDER_TEST(a_minus_is_standard_input),
        cmocka_unit_test(no_read_was_slow_or_left_memory_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
