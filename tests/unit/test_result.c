/* SPDX-License-Identifier: MIT */
/* A result says what was measured, survives the way to the disk and back, shows any
 * damage, and is written whole or not at all. */
#include "unit.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <xxhash.h>

#include "instrument.h"
#include "result.h"

static void add_sample(json_t *cell, const char *metric, double value, unsigned block,
                       unsigned position)
{
    const struct sample sample = {value, block, position, 1, false};
    result_add_sample(cell, metric, &sample);
}

static struct complaint complaint;
static const char wrong_reason[] = "3 entries at the end, should be 4";

static uint32_t all_bits(void)
{
    return (1u << n_instruments) - 1;
}

static struct cell a_cell(const char *subject)
{
    struct cell cell;
    memset(&cell, 0, sizeof cell);
    snprintf(cell.subject, sizeof cell.subject, "%s", subject);
    strcpy(cell.build, "native");
    strcpy(cell.key, "u64");
    strcpy(cell.hash, "siphash13");
    assert_true(workload_find("load_factor", &cell.workload, &complaint));
    cell.n = 1000;
    cell.instruments = all_bits();
    return cell;
}

/* A result with a good cell, a wrong one and one that crashed half way. */
static json_t *a_result(void)
{
    static char *words[] = {"/any/where/onemiss", "compare", "-i", "a,b,c", NULL};
    static const char *const subjects[] = {"good", "wrong", "crashing"};
    json_t *const result = result_create(4, words, 0xFEDCBA9876543210u);
    for (size_t i = 0; i < N_OF(subjects); i++) {
        const struct cell cell = a_cell(subjects[i]);
        const om_resize resize = {16, 32, 24, 12, 384, 768};
        json_t *const object = result_cell(&cell);
        for (unsigned block = 0; block < 7; block++)
            add_sample(object, "ns_per_op", 10.1 + block / 3.0, block, 1);
        add_sample(object, "alloc_calls", 1234567890123, 0, 0);
        add_sample(object, "peak_bytes", 0, 0, 0);
        result_add_resize(object, &resize, 1250);
        if (i == 1)
            result_set_status(object, "wrong", wrong_reason);
        if (i == 2)
            result_set_status(object, "crashed", "Segmentation fault");
        result_finish_cell(object, all_bits());
        json_array_append_new(json_object_get(result, "cells"), object);
    }
    result_seal(result, true);
    return result;
}

static json_t *cell_of(const json_t *result, size_t i)
{
    return json_array_get(json_object_get(result, "cells"), i);
}

static json_t *metric_of(const json_t *cell, const char *name)
{
    json_t *const metric = json_object_get(json_object_get(cell, "metrics"), name);
    if (metric == NULL)
        fail_msg("no metric %s", name);
    return metric;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *const text = json_string_value(json_object_get(object, name));
    if (text == NULL)
        fail_msg("no text %s", name);
    return text;
}

/* As any reader would check it, knowing DESIGN.md only. */
static bool is_sealed(const json_t *result)
{
    char wanted[32];
    json_t *const copy = json_deep_copy(result);
    const char *const found = json_string_value(json_object_get(result, "integrity"));
    json_object_del(copy, "integrity");
    char *const text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
    assert_non_null(text);
    snprintf(wanted, sizeof wanted, "0x%016" PRIx64, XXH3_64bits(text, strlen(text)));
    free(text);
    json_decref(copy);
    return found != NULL && strcmp(found, wanted) == 0;
}

/* ---- what it says ---- */

static void a_result_tells_schema_command_seed_and_machine(void **state)
{
    json_t *const result = a_result();
    (void)state;
    assert_string_equal(text_of(result, "schema"), "onemiss.result/1");
    assert_string_equal(text_of(result, "seed"), "0xfedcba9876543210");
    assert_int_equal(strlen(text_of(result, "started")), strlen("2026-01-01T00:00:00Z"));
    assert_true(json_is_true(json_object_get(result, "complete")));
    const json_t *const command = json_object_get(result, "command");
    assert_int_equal(json_array_size(command), 4);
    /* where the program lies is nobody's business */
    assert_string_equal(json_string_value(json_array_get(command, 0)), "onemiss");
    assert_string_equal(json_string_value(json_array_get(command, 3)), "a,b,c");
    assert_true(json_is_object(json_object_get(result, "machine")));
    assert_true(json_integer_value(
                    json_object_get(json_object_get(result, "machine"), "cores")) > 0);
    json_decref(result);
}

static void a_cell_tells_what_was_run(void **state)
{
    json_t *const result = a_result();
    const json_t *const cell = cell_of(result, 0);
    (void)state;
    static const char *const fields[][2] = {
        {"subject", "good"},   {"workload", "load_factor"},
        {"pattern", ""},       {"key", "u64"},
        {"hash", "siphash13"}, {"build", "native"},
        {"status", "ok"},      {"reason", ""},
        {"lock", "none"}};
    for (size_t i = 0; i < N_OF(fields); i++)
        assert_string_equal(text_of(cell, fields[i][0]), fields[i][1]);
    expect_u64("n", 0, (uint64_t)json_integer_value(json_object_get(cell, "n")), 1000);
    expect_u64("threads", 0,
               (uint64_t)json_integer_value(json_object_get(cell, "threads")), 1);
    expect_u64("value_bytes", 0,
               (uint64_t)json_integer_value(json_object_get(cell, "value_bytes")), 8);
    json_decref(result);
}

static void samples_become_a_median_with_its_interval(void **state)
{
    json_t *const result = a_result();
    const json_t *const metric = metric_of(cell_of(result, 0), "ns_per_op");
    (void)state;
    assert_string_equal(text_of(metric, "unit"), "ns");
    assert_string_equal(text_of(metric, "statistic"), "median");
    assert_string_equal(text_of(metric, "trust"), "measured");
    assert_true(json_real_value(json_object_get(metric, "value")) == 10.1 + 3 / 3.0);
    assert_true(json_real_value(json_object_get(metric, "low")) == 10.1);
    assert_true(json_real_value(json_object_get(metric, "high")) == 10.1 + 6 / 3.0);
    assert_true(json_real_value(json_object_get(metric, "level")) == 1 - 2.0 / 128);
    const json_t *const samples = json_object_get(metric, "samples");
    assert_int_equal(json_array_size(samples), 7);
    for (size_t i = 0; i < 7; i++) {
        const json_t *const sample = json_array_get(samples, i);
        expect_u64("block", i,
                   (uint64_t)json_integer_value(json_object_get(sample, "block")), i);
        expect_u64("position", i,
                   (uint64_t)json_integer_value(json_object_get(sample, "position")), 1);
    }
    json_decref(result);
}

static void a_single_sample_is_itself_without_an_interval(void **state)
{
    json_t *const result = a_result();
    const json_t *const metric = metric_of(cell_of(result, 0), "alloc_calls");
    (void)state;
    assert_string_equal(text_of(metric, "statistic"), "single");
    assert_true(json_is_integer(json_object_get(metric, "value")));
    assert_true(json_integer_value(json_object_get(metric, "value")) == 1234567890123);
    assert_true(json_is_null(json_object_get(metric, "low")));
    assert_true(json_is_null(json_object_get(metric, "high")));
    assert_true(json_is_null(json_object_get(metric, "level")));
    /* a measured zero is a zero, not a gap */
    assert_true(json_is_integer(
        json_object_get(metric_of(cell_of(result, 0), "peak_bytes"), "value")));
    json_decref(result);
}

static void expect_all_null(const json_t *cell, const char *reason)
{
    const char *name;
    json_t *metric;
    json_object_foreach(json_object_get(cell, "metrics"), name, metric)
    {
        if (!json_is_null(json_object_get(metric, "value")))
            fail_msg("%s has a value", name);
        assert_null(json_object_get(metric, "samples"));
        expect_part(text_of(metric, "reason"), reason);
    }
}

static void wrong_answers_have_no_metrics(void **state)
{
    json_t *const result = a_result();
    const json_t *const cell = cell_of(result, 1);
    (void)state;
    assert_string_equal(text_of(cell, "status"), "wrong");
    assert_string_equal(text_of(cell, "reason"), wrong_reason);
    expect_all_null(cell, wrong_reason);
    json_decref(result);
}

static void every_metric_of_the_instruments_is_there_or_null_with_a_reason(void **state)
{
    json_t *const result = a_result();
    (void)state;
    for (size_t c = 0; c < 3; c++) {
        for (size_t i = 0; i < n_instruments; i++) {
            for (const struct metric_info *m = all_instruments[i]->metrics;
                 m->name != NULL; m++) {
                const json_t *const metric = metric_of(cell_of(result, c), m->name);
                if (!json_is_number(json_object_get(metric, "value")) &&
                    text_of(metric, "reason")[0] == '\0')
                    fail_msg("%s is null without a reason", m->name);
            }
        }
    }
    json_decref(result);
}

static void an_absent_metric_says_why_and_has_no_samples(void **state)
{
    const struct cell cell = a_cell("empty");
    json_t *const object = result_cell(&cell);
    (void)state;
    result_set_absent(object, "bytes_per_entry", "the map is \xff empty");
    result_finish_cell(object, all_bits());
    const json_t *const metric = metric_of(object, "bytes_per_entry");
    assert_true(json_is_null(json_object_get(metric, "value")));
    assert_string_equal(text_of(metric, "reason"), "the map is \\xff empty");
    assert_true(result_is_ok(object));
    json_decref(object);
}

static void instruments_that_were_not_asked_for_have_no_metrics(void **state)
{
    const struct cell cell = a_cell("good");
    json_t *const object = result_cell(&cell);
    (void)state;
    result_finish_cell(object, 0);
    assert_int_equal(json_object_size(json_object_get(object, "metrics")), 0);
    json_decref(object);
}

static void a_bad_status_stays_the_first_one(void **state)
{
    const struct cell cell = a_cell("bad");
    json_t *const object = result_cell(&cell);
    (void)state;
    assert_true(result_is_ok(object));
    result_set_status(object, "crashed", "first");
    result_set_status(object, "ok", "");
    result_set_status(object, "wrong", "second");
    assert_false(result_is_ok(object));
    assert_string_equal(text_of(object, "status"), "crashed");
    assert_string_equal(text_of(object, "reason"), "first");
    json_decref(object);
}

static void samples_that_are_no_numbers_or_of_unknown_metrics_are_left_out(void **state)
{
    const struct cell cell = a_cell("odd");
    json_t *const object = result_cell(&cell);
    (void)state;
    add_sample(object, "ns_per_op", (double)NAN, 0, 0);
    add_sample(object, "ns_per_op", (double)INFINITY, 0, 0);
    add_sample(object, "no_such_metric", 1, 0, 0);
    add_sample(object, "ns_per_op", 1e300, 0, 0); /* two of them have no mean */
    add_sample(object, "ns_per_op", -1e301, 0, 0);
    assert_int_equal(json_object_size(json_object_get(object, "metrics")), 0);
    add_sample(object, "ns_per_op", 1e299, 0, 0); /* no integer of 64 bits */
    result_finish_cell(object, all_bits());
    assert_true(json_is_real(json_object_get(metric_of(object, "ns_per_op"), "value")));
    json_decref(object);
}

static void more_samples_than_any_run_has_are_no_overrun(void **state)
{
    const struct cell cell = a_cell("many");
    json_t *const object = result_cell(&cell);
    (void)state;
    for (unsigned i = 0; i < 3000; i++)
        add_sample(object, "ns_per_op", i, i, 0);
    result_finish_cell(object, all_bits());
    assert_true(json_is_number(json_object_get(metric_of(object, "ns_per_op"), "value")));
    json_decref(object);
}

static void a_resize_event_has_the_fields_of_the_notes(void **state)
{
    static const struct {
        const char *name;
        uint64_t value;
    } fields[] = {{"old_capacity", 16}, {"new_capacity", 32}, {"entry_bytes", 24},
                  {"items", 12},        {"old_bytes", 384},   {"new_bytes", 768},
                  {"duration_ns", 1250}};
    json_t *const result = a_result();
    const json_t *const events = json_object_get(cell_of(result, 0), "resize_events");
    (void)state;
    assert_int_equal(json_array_size(events), 1);
    for (size_t i = 0; i < N_OF(fields); i++)
        expect_u64(fields[i].name, 0,
                   (uint64_t)json_integer_value(
                       json_object_get(json_array_get(events, 0), fields[i].name)),
                   fields[i].value);
    json_decref(result);
}

static void names_that_are_not_utf8_survive_as_escaped_text(void **state)
{
    static char *words[] = {"onemiss",         "run",         "-i",
                            "./m\xffp\x80.so", "caf\xc3\xa9", NULL};
    struct cell cell = a_cell("m\xffp");
    (void)state;
    json_t *const result = result_create(5, words, 1);
    json_t *const object = result_cell(&cell);
    const json_t *const command = json_object_get(result, "command");
    assert_int_equal(json_array_size(command), 5); /* no word is lost */
    assert_string_equal(json_string_value(json_array_get(command, 3)),
                        "./m\\xffp\\x80.so");
    assert_string_equal(json_string_value(json_array_get(command, 4)), "caf\xc3\xa9");
    assert_string_equal(text_of(object, "subject"), "m\\xffp");
    result_set_status(object, "failed", "it said \xfe\xff");
    assert_string_equal(text_of(object, "status"), "failed");
    assert_string_equal(text_of(object, "reason"), "it said \\xfe\\xff");
    json_decref(object);
    json_decref(result);
}

/* What a subject's file says of itself comes from outside too. */
static void a_build_that_is_not_utf8_survives_as_well(void **state)
{
    struct cell cell = a_cell("map");
    (void)state;
    strcpy(cell.build, "na\xfftive");
    json_t *const object = result_cell(&cell);
    assert_string_equal(text_of(object, "build"), "na\\xfftive");
    json_decref(object);
}

/* ---- the way to the disk and back ---- */

static json_t *write_and_read(struct folder *folder, const json_t *result)
{
    json_error_t error;
    const char *const path = folder_file(folder, "result.json");
    if (!result_write(result, path, &complaint))
        fail_msg("%s", complaint.text);
    json_t *const found = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (found == NULL)
        fail_msg("line %d: %s", error.line, error.text);
    return found;
}

static void a_result_comes_back_as_it_was_and_sealed(void **state)
{
    json_t *const result = a_result();
    json_t *const found = write_and_read(*state, result);
    assert_true(json_equal(result, found));
    assert_true(is_sealed(result));
    assert_true(is_sealed(found));
    json_decref(found);
    json_decref(result);
}

static void sealing_again_renews_the_seal(void **state)
{
    json_t *const result = a_result();
    char before[32];
    (void)state;
    snprintf(before, sizeof before, "%s", text_of(result, "integrity"));
    result_seal(result, true);
    assert_string_equal(text_of(result, "integrity"), before);
    result_seal(result, false);
    assert_true(json_is_false(json_object_get(result, "complete")));
    assert_true(strcmp(text_of(result, "integrity"), before) != 0);
    assert_true(is_sealed(result));
    json_decref(result);
}

/* The text with one byte changed does not parse, or says the same, or breaks the seal. */
static void expect_damage_seen(char *text, size_t at, char byte, const json_t *result)
{
    const char was = text[at];
    if (was == byte)
        return;
    text[at] = byte;
    json_t *const found = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (found != NULL && !json_equal(found, result) && is_sealed(found))
        fail_msg("byte %zu, '%c' to '%c', goes unseen", at, was, byte);
    json_decref(found);
    text[at] = was;
}

static void any_changed_byte_is_detected(void **state)
{
    static const char others[] = {' ', '0', '1', '9', 'a', '"', '\n', '}', '\0'};
    json_t *const result = a_result();
    (void)state;
    json_object_del(result, "machine"); /* shorter */
    json_array_remove(json_object_get(result, "cells"), 2);
    json_array_remove(json_object_get(result, "cells"), 1);
    result_seal(result, true);
    char *const text = json_dumps(result, JSON_INDENT(1) | JSON_SORT_KEYS);
    const size_t n = strlen(text);
    for (size_t at = 0; at < n; at += IS_SANITIZED ? 7 : 1) {
        const char *const other = &others[at % N_OF(others)];
        expect_damage_seen(text, at, *other, result);
        expect_damage_seen(text, at, (char)(text[at] ^ 1), result);
    }
    free(text);
    json_decref(result);
}

static void a_lost_line_or_a_cut_end_is_detected(void **state)
{
    json_t *const result = a_result();
    (void)state;
    char *const text = json_dumps(result, JSON_INDENT(1) | JSON_SORT_KEYS);
    for (size_t n = strlen(text); n-- > 0; n -= n > 16 ? 16 : 0) {
        const char was = text[n];
        text[n] = '\0';
        json_t *const found = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        assert_null(found);
        text[n] = was;
    }
    json_object_del(cell_of(result, 0), "hash");
    assert_false(is_sealed(result));
    free(text);
    json_decref(result);
}

/* ---- whole or not at all ---- */

static void refuse_to_write(const char *path)
{
    json_t *const result = a_result();
    complaint.text[0] = '\0';
    if (result_write(result, path, &complaint))
        fail_msg("written to '%s'", path);
    assert_true(complaint.text[0] != '\0');
    json_decref(result);
}

static void a_folder_that_is_not_there_is_refused_before_and_after(void **state)
{
    struct folder *const folder = *state;
    static const char *const places[] = {"missing/result.json", "file/result.json"};
    write_file(folder, "file", "x", 1);
    for (size_t i = 0; i < N_OF(places); i++) {
        const char *const path = folder_file(folder, places[i]);
        assert_false(output_can_write(path, &complaint));
        expect_part(complaint.text, path);
        refuse_to_write(path);
        expect_part(complaint.text, path);
    }
    assert_int_equal(folder_count(folder), 1);
}

static void a_path_that_can_be_written_is_left_untouched_by_the_question(void **state)
{
    struct folder *const folder = *state;
    assert_true(output_can_write("-", &complaint));
    assert_true(output_can_write(NULL, &complaint));
    assert_true(output_can_write(folder_file(folder, "new.json"), &complaint));
    assert_int_equal(folder_count(folder), 0);
}

/* Else a run of an hour ends in a result that has no place. */
static void what_can_never_be_written_is_refused_before_the_work(void **state)
{
    struct folder *const folder = *state;
    char long_path[PATH_MAX + 10];
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_false(output_can_write(long_path, &complaint));
    if (output_can_write(folder->path, &complaint))
        fail_msg("a folder seems to be writable as a file");
    if (output_can_write("", &complaint))
        fail_msg("the empty name seems to be writable");
    assert_int_equal(folder_count(folder), 0);
}

static void a_folder_in_the_files_place_stays_and_no_temporary_is_left(void **state)
{
    struct folder *const folder = *state;
    char path[UNIT_PATH];
    snprintf(path, sizeof path, "%s", folder_file(folder, "place"));
    assert_int_equal(mkdir(path, 0700), 0);
    refuse_to_write(path);
    assert_int_equal(folder_count(folder), 1);
    assert_int_equal(rmdir(path), 0);
}

/* Runs `act` in a child, which may give up rights; its exit code. */
static int in_a_child(int (*act)(struct folder *folder), struct folder *folder)
{
    int status;
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(act(folder));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

enum { REFUSED = 10, TAKEN = 11, CANNOT_TEST = 12 };

static int write_as_nobody(struct folder *folder)
{
    json_t *const result = a_result();
    const char *const path = folder_file(folder, "result.json");
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return CANNOT_TEST;
    if (output_can_write(path, &complaint) || result_write(result, path, &complaint))
        return TAKEN;
    return strstr(complaint.text, strerror(EACCES)) != NULL ? REFUSED : 0;
}

static void a_folder_without_the_right_to_write_is_refused(void **state)
{
    struct folder *const folder = *state;
    assert_int_equal(chmod(folder->path, 0555), 0);
    const int code = in_a_child(write_as_nobody, folder);
    assert_int_equal(chmod(folder->path, 0755), 0);
    assert_true(code == REFUSED || code == CANNOT_TEST);
    assert_int_equal(folder_count(folder), 0);
}

/* A limit on the size of files: the disk is full after the first bytes. */
static int write_to_a_full_disk(struct folder *folder)
{
    json_t *const result = a_result();
    const struct rlimit limit = {100, 100};
    const char *const path = folder_file(folder, "result.json");
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return CANNOT_TEST;
    if (result_write(result, path, &complaint))
        return TAKEN;
    return strstr(complaint.text, strerror(EFBIG)) != NULL ? REFUSED : 0;
}

static void expect_content(const char *path, const char *text)
{
    char found[64] = "";
    FILE *const file = fopen(path, "rb");
    assert_non_null(file);
    const size_t n = fread(found, 1, sizeof found - 1, file);
    fclose(file);
    assert_int_equal(n, strlen(text));
    assert_string_equal(found, text);
}

static void a_full_disk_keeps_the_old_file_and_leaves_no_temporary(void **state)
{
    struct folder *const folder = *state;
    assert_int_equal(in_a_child(write_to_a_full_disk, folder), REFUSED);
    assert_int_equal(folder_count(folder), 0);
    write_file(folder, "result.json", "the old one", 11);
    assert_int_equal(in_a_child(write_to_a_full_disk, folder), REFUSED);
    assert_int_equal(folder_count(folder), 1);
    expect_content(folder_file(folder, "result.json"), "the old one");
}

static void a_longer_old_file_is_replaced_whole(void **state)
{
    struct folder *const folder = *state;
    static char old[1 << 20];
    memset(old, 'o', sizeof old);
    write_file(folder, "result.json", old, sizeof old);
    json_t *const result = a_result();
    json_t *const found = write_and_read(folder, result);
    assert_true(json_equal(result, found));
    assert_int_equal(folder_count(folder), 1);
    json_decref(found);
    json_decref(result);
}

/* A device is written to, not replaced: run as root, `--json /dev/null` must not turn
 * /dev/null into a file. Tried on a copy of /dev/full, which is always full. */
static void a_device_is_never_replaced_by_a_file(void **state)
{
    struct folder *const folder = *state;
    struct stat about;
    char path[UNIT_PATH];
    snprintf(path, sizeof path, "%s", folder_file(folder, "full"));
    if (stat("/dev/full", &about) != 0 || mknod(path, S_IFCHR | 0666, about.st_rdev) != 0)
        skip(); /* no right to make a device */
    json_t *const result = a_result();
    const bool is_written = result_write(result, path, &complaint);
    json_decref(result);
    assert_int_equal(lstat(path, &about), 0);
    if (!S_ISCHR(about.st_mode))
        fail_msg("the device was replaced by a file");
    assert_false(is_written);
    assert_int_equal(folder_count(folder), 1);
}

static void a_pipe_is_never_replaced_by_a_file(void **state)
{
    struct folder *const folder = *state;
    struct stat about;
    char path[UNIT_PATH];
    snprintf(path, sizeof path, "%s", folder_file(folder, "pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    FILE *const reader = fopen(path, "r+"); /* so that nobody waits */
    assert_non_null(reader);
    const json_t *const small = json_true();
    json_t *const array = json_pack("[O]", small);
    (void)result_write(array, path, &complaint); /* refused or written, both are well */
    json_decref(array);
    fclose(reader);
    assert_int_equal(lstat(path, &about), 0);
    if (!S_ISFIFO(about.st_mode))
        fail_msg("the pipe was replaced by a file");
    assert_int_equal(folder_count(folder), 1);
}

static int write_to_a_full_standard_output(struct folder *folder)
{
    json_t *const result = a_result();
    (void)folder;
    if (freopen("/dev/full", "w", stdout) == NULL)
        return CANNOT_TEST;
    return result_write(result, "-", &complaint) ? TAKEN : REFUSED;
}

static void a_full_standard_output_is_told(void **state)
{
    assert_int_equal(in_a_child(write_to_a_full_standard_output, *state), REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_tells_schema_command_seed_and_machine),
        cmocka_unit_test(a_cell_tells_what_was_run),
        cmocka_unit_test(samples_become_a_median_with_its_interval),
        cmocka_unit_test(a_single_sample_is_itself_without_an_interval),
        cmocka_unit_test(wrong_answers_have_no_metrics),
        cmocka_unit_test(every_metric_of_the_instruments_is_there_or_null_with_a_reason),
        cmocka_unit_test(an_absent_metric_says_why_and_has_no_samples),
        cmocka_unit_test(instruments_that_were_not_asked_for_have_no_metrics),
        cmocka_unit_test(a_bad_status_stays_the_first_one),
        cmocka_unit_test(samples_that_are_no_numbers_or_of_unknown_metrics_are_left_out),
        cmocka_unit_test(more_samples_than_any_run_has_are_no_overrun),
        cmocka_unit_test(a_resize_event_has_the_fields_of_the_notes),
        cmocka_unit_test(names_that_are_not_utf8_survive_as_escaped_text),
        cmocka_unit_test(a_build_that_is_not_utf8_survives_as_well),
        FOLDER_TEST(a_result_comes_back_as_it_was_and_sealed),
        cmocka_unit_test(sealing_again_renews_the_seal),
        cmocka_unit_test(any_changed_byte_is_detected),
        cmocka_unit_test(a_lost_line_or_a_cut_end_is_detected),
        FOLDER_TEST(a_folder_that_is_not_there_is_refused_before_and_after),
        FOLDER_TEST(a_path_that_can_be_written_is_left_untouched_by_the_question),
        FOLDER_TEST(what_can_never_be_written_is_refused_before_the_work),
        FOLDER_TEST(a_folder_in_the_files_place_stays_and_no_temporary_is_left),
        FOLDER_TEST(a_folder_without_the_right_to_write_is_refused),
        FOLDER_TEST(a_full_disk_keeps_the_old_file_and_leaves_no_temporary),
        FOLDER_TEST(a_longer_old_file_is_replaced_whole),
        FOLDER_TEST(a_device_is_never_replaced_by_a_file),
        FOLDER_TEST(a_pipe_is_never_replaced_by_a_file),
        FOLDER_TEST(a_full_standard_output_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
