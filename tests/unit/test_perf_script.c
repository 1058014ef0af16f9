/* SPDX-License-Identifier: MIT */
/* The text of perf script is read to the values that a person reads in it; what is cut off
 * or no such text gives one clear line. */
#include "unit.h"

#include "formats/perf_script.h"

enum { MOST_SAMPLES = 64, MOST_TEXT = 65536 };

static struct {
    struct stack_sample of[MOST_SAMPLES];
    size_t n;
} seen;

static struct complaint complaint;
static struct perf_script script;

static void take(void *context, const struct stack_sample *sample)
{
    assert_ptr_equal(context, &seen);
    assert_true(seen.n < MOST_SAMPLES);
    seen.of[seen.n++] = *sample;
}

static size_t load(const char *name, char text[MOST_TEXT])
{
    char path[UNIT_PATH];
    snprintf(path, sizeof path, "%s/perf-script/%s", FIXTURES, name);
    FILE *const file = fopen(path, "r");
    if (file == NULL)
        fail_msg("no fixture %s", path);
    const size_t n = fread(text, 1, MOST_TEXT - 1, file);
    fclose(file);
    text[n] = '\0';
    return n;
}

static bool parse_text(char *text)
{
    bool is_good = true;
    seen.n = 0;
    complaint.text[0] = '\0';
    perf_script_begin(&script, take, &seen);
    while (is_good && *text != '\0') {
        char *const end = text + strcspn(text, "\n");
        const bool is_last = *end == '\0';
        *end = '\0';
        is_good = perf_script_line(&script, text, &complaint);
        text = is_last ? end : end + 1;
    }
    return is_good && perf_script_end(&script, &complaint);
}

static bool parse(const char *name)
{
    static char text[MOST_TEXT];
    (void)load(name, text);
    return parse_text(text);
}

static void expect_frame(const struct stack_sample *sample, size_t i, const char *symbol,
                         uint64_t offset, const char *object, const char *where)
{
    assert_true(i < sample->n_frames);
    const struct stack_frame *const frame = &sample->frames[i];
    assert_string_equal(frame->symbol, symbol);
    assert_string_equal(frame->object, object);
    assert_string_equal(frame->where, where);
    expect_u64(symbol, i, frame->offset, offset);
}

static void a_recording_is_read_as_it_stands_there(void **state)
{
    (void)state;
    assert_true(parse("dwarf.txt"));
    assert_int_equal(seen.n, 10);
    expect_u64("lost", 0, script.lost, 12);
    const struct stack_sample *const fault = &seen.of[5];
    assert_string_equal(fault->event, "cpu-clock");
    expect_u64("period", 5, fault->period, 250689);
    assert_int_equal(fault->n_frames, 20);
    expect_frame(fault, 0, "pvm_irq_enable", 0x19, "[kernel.kallsyms]", "");
    expect_frame(fault, 7, "__memset_avx512_unaligned_erms", 0x7a, "libc.so.6",
                 "memset-vec-unaligned-erms.S:236");
    expect_frame(fault, 8, "om_allocate", 0x10c, "", "allocator.h:120");
    expect_frame(fault, 10, "u64_siphash13_rehash", 0x10c, "open_addressing.so",
                 "linear_probing.h:181");
    expect_frame(fault, 14, "run_timed_batch.constprop.0.isra.0", 0xf, "onemiss", "");
    for (size_t i = 0; i < fault->n_frames; i++) {
        assert_int_equal(fault->frames[i].is_kernel, i < 7);
        const bool is_inlined = i == 8 || i == 9 || i == 11 || i == 12 || i == 18;
        if (fault->frames[i].is_inlined != is_inlined)
            fail_msg("frame %zu, %s", i, fault->frames[i].symbol);
    }
}

static void other_forms_of_the_text_are_read_too(void **state)
{
    (void)state;
    assert_true(parse("older.txt"));
    assert_int_equal(seen.n, 3);
    expect_u64("lost", 0, script.lost, 7);
    assert_string_equal(seen.of[0].event, "cpu-clock:u");
    assert_int_equal(seen.of[0].n_frames, 4);
    expect_frame(&seen.of[0], 0,
                 "std::vector<int, std::allocator<int> >::push_back(int const&)", 0x1c,
                 "lib x.so (deleted)", "");
    assert_true(seen.of[0].frames[1].is_inlined);
    expect_frame(&seen.of[0], 2, "operator new(unsigned long)", 7, "libstdc++.so.6", "");
    expect_frame(&seen.of[0], 3, "", 0, "[unknown]", "");
    assert_string_equal(seen.of[1].event, "cpu_core/cycles/");
    expect_u64("period", 1, seen.of[1].period, 1);
    expect_frame(&seen.of[1], 0, "asm_exc_page_fault", 0x22, "[kernel.kallsyms]", "");
    assert_true(seen.of[2].frames[0].is_kernel);  /* a module of the kernel */
    assert_false(seen.of[2].frames[1].is_kernel); /* its code in user mode */
}

static void stacks_deeper_than_there_is_room_for_are_cut(void **state)
{
    static char text[MOST_TEXT];
    (void)state;
    size_t n = (size_t)snprintf(text, sizeof text, " 1 cycles: \n");
    for (int i = 0; i < MOST_FRAMES + 10; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "\t%x f%d+0x0 (/x)\n  a.c:%d\n",
                              i + 1, i, i + 1);
    snprintf(text + n, sizeof text - n, "\n");
    assert_true(parse_text(text));
    assert_int_equal(seen.of[0].n_frames, MOST_FRAMES);
    assert_true(seen.of[0].is_cut);
    expect_frame(&seen.of[0], MOST_FRAMES - 1, "f255", 0, "x", "a.c:256");
}

static void what_is_no_such_text_gives_one_clear_line(void **state)
{
    static const struct {
        const char *name, *says;
    } bad[] = {{"truncated.txt", "ends amid a sample, behind line 118"},
               {"garbled_amid.txt", "line 4: 'perf: Segmentation fault' does not begin"},
               {"garbled_not_supported.txt", "line 1: '    <not supported>"},
               {"garbled_address.txt", "line 2: '?            zz94 u64_siphash13_run"},
               {"garbled_frame.txt", "line 2: 'this is no frame' is no frame of a stack"},
               {"garbled_words.txt", "line 1: 'WARNING: perf not found"}};
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        assert_false(parse(bad[i].name));
        expect_part(complaint.text, bad[i].says);
        expect_part(complaint.text, "perf script");
        assert_null(strchr(complaint.text, '\n'));
    }
}

/* At every second byte; never a sample that is not in the whole text. */
static void no_cut_is_taken_for_the_whole(void **state)
{
    static char whole[MOST_TEXT], text[MOST_TEXT];
    (void)state;
    const size_t n = load("dwarf.txt", whole);
    size_t n_good = 0;
    for (size_t length = 0; length < n; length += 2) {
        memcpy(text, whole, length);
        text[length] = '\0';
        const bool is_good = parse_text(text);
        n_good += is_good;
        assert_true(is_good != (complaint.text[0] != '\0'));
        assert_true(seen.n <= 10);
    }
    assert_true(n_good <= 12); /* between samples */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_is_read_as_it_stands_there),
        cmocka_unit_test(other_forms_of_the_text_are_read_too),
        cmocka_unit_test(stacks_deeper_than_there_is_room_for_are_cut),
        cmocka_unit_test(what_is_no_such_text_gives_one_clear_line),
        cmocka_unit_test(no_cut_is_taken_for_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
