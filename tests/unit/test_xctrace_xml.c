/* SPDX-License-Identifier: MIT */
/* The XML of xctrace is read with what its references stand for; what is cut off or no
 * such XML gives one clear line. The fixture is made by hand. */
#include "unit.h"

#include "formats/xctrace_xml.h"

enum { MOST_TEXT = 65536, MOST_SAMPLES = 16 };

static struct {
    struct stack_sample of[MOST_SAMPLES];
    size_t n;
    uint64_t period_ns;
} seen;

static struct complaint complaint;

static void take(void *context, const struct stack_sample *sample)
{
    assert_ptr_equal(context, &seen);
    assert_true(seen.n < MOST_SAMPLES);
    seen.of[seen.n++] = *sample;
}

static size_t load(char text[MOST_TEXT])
{
    FILE *const file = fopen(FIXTURES "/xctrace/by_hand.xml", "r");
    assert_non_null(file);
    const size_t n = fread(text, 1, MOST_TEXT - 1, file);
    fclose(file);
    text[n] = '\0';
    return n;
}

/* In pieces of that many bytes. */
static bool parse(const char *text, size_t n, size_t piece)
{
    bool is_good = true;
    seen.n = 0;
    complaint.text[0] = '\0';
    struct xctrace_xml *const xml = xctrace_xml_create(take, &seen, &complaint);
    if (xml == NULL)
        skip(); /* built without expat */
    for (size_t at = 0; is_good && at < n; at += piece)
        is_good = xctrace_xml_bytes(xml, text + at, n - at < piece ? n - at : piece,
                                    false, &complaint);
    is_good = is_good && xctrace_xml_bytes(xml, "", 0, true, &complaint);
    seen.period_ns = xctrace_xml_period_ns(xml);
    xctrace_xml_destroy(xml);
    return is_good;
}

static void expect_frame(size_t sample, size_t i, const char *symbol, const char *object,
                         const char *where)
{
    assert_true(sample < seen.n && i < seen.of[sample].n_frames);
    const struct stack_frame *const frame = &seen.of[sample].frames[i];
    assert_string_equal(frame->symbol, symbol);
    assert_string_equal(frame->object, object);
    assert_string_equal(frame->where, where);
}

static void references_stand_for_what_was_there(void **state)
{
    static char text[MOST_TEXT];
    static const size_t n_frames[] = {5, 5, 5, 5, 5, 6, 0}, pieces[] = {1, 7, MOST_TEXT};
    (void)state;
    const size_t n = load(text);
    for (size_t k = 0; k < N_OF(pieces); k++) {
        assert_true(parse(text, n, pieces[k]));
        assert_int_equal(seen.n, N_OF(n_frames));
        expect_u64("period", k, seen.period_ns, 1000000);
        for (size_t i = 0; i < N_OF(n_frames); i++) {
            expect_u64("frames", i, seen.of[i].n_frames, n_frames[i]);
            expect_u64("weight", i, seen.of[i].period, 1000000);
        }
        for (size_t i = 0; i < 3; i++) {
            expect_frame(i, 0, "flame_self_test_inner", "onemiss", "flame.c:34");
            expect_frame(i, 4, "start", "dyld", "");
        }
        expect_frame(4, 0, "u64_siphash13_find", "chaining.so", "chaining.h:107");
        expect_frame(4, 2, "run_timed_batch", "onemiss", "");
        expect_frame(5, 0, "", "libsystem_malloc.dylib", "");
        expect_frame(5, 1, "u64_siphash13_find", "chaining.so", "chaining.h:107");
    }
}

static void what_is_no_such_xml_gives_one_clear_line(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "line 1: no element found"},
        {"xcrun: error: unable to find utility", "line 1: "},
        {"<a><row><backtrace ref='9'/></row></a>", "a ref is to nothing of its kind"},
        {"<a><row><backtrace id='9'><frame id='9' name='f'><binary ref='9'/></frame>"
         "</backtrace></row></a>",
         "a ref is to nothing of its kind"},
        {"<a><row><weight id='-1'>5</weight></row></a>", "an id is no number"},
        {"<a><row><weight id='99999999'>5</weight></row></a>", "below 2^24"},
        {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "it has a document type"},
        {"<a>\n<row></a>", "line 2: mismatched tag"},
    };
    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++) {
        assert_false(parse(bad[i].text, strlen(bad[i].text), 64));
        expect_part(complaint.text, bad[i].says);
        expect_part(complaint.text, "xctrace export, line ");
        assert_null(strchr(complaint.text, '\n'));
    }
}

static void no_cut_is_taken_for_the_whole(void **state)
{
    static char text[MOST_TEXT];
    (void)state;
    const size_t n = load(text);
    for (size_t length = 0; length + 2 < n; length += 17) {
        assert_false(parse(text, length, 4096));
        assert_true(complaint.text[0] != '\0');
    }
}

static void stacks_deeper_than_there_is_room_for_are_cut(void **state)
{
    static char text[MOST_TEXT];
    (void)state;
    size_t n = (size_t)snprintf(text, sizeof text, "<a><row><tagged-backtrace id='1'>");
    for (int i = 0; i < MOST_FRAMES + 10; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "<frame id='%d' name='f%d'/>",
                              i + 2, i);
    n += (size_t)snprintf(text + n, sizeof text - n, "</tagged-backtrace></row></a>");
    assert_true(parse(text, n, 4096));
    assert_int_equal(seen.of[0].n_frames, MOST_FRAMES);
    assert_true(seen.of[0].is_cut);
    expect_frame(0, 255, "f255", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_stand_for_what_was_there),
        cmocka_unit_test(what_is_no_such_xml_gives_one_clear_line),
        cmocka_unit_test(no_cut_is_taken_for_the_whole),
        cmocka_unit_test(stacks_deeper_than_there_is_room_for_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
