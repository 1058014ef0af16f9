/* SPDX-License-Identifier: MIT */
/* Random traces of all verbs against a model that knows no hashing.
 *
 *     test_differential [operations [seed [episode]]]
 *
 * An episode is one trace, from an empty map to a dropped one, over one universe of keys
 * and one hash; it follows from seed and episode number alone. Given an episode, only
 * that one is run. A trace that fails is shrunk and printed as a C test. */
#define _POSIX_C_SOURCE 200809L /* sigaction */
#include <signal.h>

#include "design.h"
#include "model.h"
#include "test_allocator.h"
#include "test_hashes.h"
#include "test_keys.h"
#include "test_value.h"
#include "trace.h"

enum instance { GOOD, BENT, TEXT };

/* The trace under way. */
static struct {
    enum instance instance;
    size_t universe;
    om_seed seed;
    size_t length; /* words */
    size_t at;     /* word being done */
} episode;

static test_allocator memory;
static uint64_t drawn[TRACE_MOST];
static uint64_t number_keys[MODEL_MOST];
static char text_bytes[MODEL_MOST][128];
static om_view texts[MODEL_MOST];

#define OM_NAME       good
#define OM_KEY        uint64_t
#define OM_VALUE      test_value
#define OM_VALUE_DROP test_value_drop
#define OM_VALUE_COPY test_value_copy
#include OM_DESIGN_HEADER

#define INSTANCE       good
#define KEY_TYPE       uint64_t
#define VIEW_TYPE      uint64_t
#define KEY(i)         number_keys[i]
#define VIEW(i)        number_keys[i]
#define IS_KEY(key, i) (*(key) == number_keys[i])
#define DISCARD(key)   ((void)(key))
#include "differential_body.h"

#define OM_NAME       bent
#define OM_KEY        uint64_t
#define OM_VALUE      test_value
#define OM_VALUE_DROP test_value_drop
#define OM_VALUE_COPY test_value_copy
#define OM_HASH       test_hash_u64
#include OM_DESIGN_HEADER

#define INSTANCE       bent
#define KEY_TYPE       uint64_t
#define VIEW_TYPE      uint64_t
#define KEY(i)         number_keys[i]
#define VIEW(i)        number_keys[i]
#define IS_KEY(key, i) (*(key) == number_keys[i])
#define DISCARD(key)   ((void)(key))
#include "differential_body.h"

#define OM_NAME       text
#define OM_KEY        om_string
#define OM_VALUE      test_value
#define OM_VALUE_DROP test_value_drop
#define OM_VALUE_COPY test_value_copy
#define OM_HASH       test_hash_view
#include OM_DESIGN_HEADER

static om_string text_key(size_t i)
{
    om_string key = om_string_empty();
    CHECK_OK(om_string_copy(&key, texts[i], &memory.hooks, "key bytes"));
    return key;
}

#define INSTANCE       text
#define KEY_TYPE       om_string
#define VIEW_TYPE      om_view
#define KEY(i)         text_key(i)
#define VIEW(i)        texts[i]
#define IS_KEY(key, i) om_string_key_equals(key, texts[i])
#define DISCARD(key)   om_string_key_drop(key, &memory.hooks)
#include "differential_body.h"

/* Not inlined, so that none of its variables lives beside the setjmp. */
__attribute__((noinline)) static void run(const uint64_t *trace, size_t n, size_t period)
{
    test_allocator_begin(&memory);
    if (episode.instance == GOOD)
        good_run_trace(trace, n, period);
    else if (episode.instance == BENT)
        bent_run_trace(trace, n, period);
    else
        text_run_trace(trace, n, period);
    test_allocator_end(&memory);
}

/* Runs a trace with failures caught; short ones are compared after each operation. */
static bool fails(const uint64_t *trace, size_t n)
{
    jmp_buf trap;
    check_trap = &trap;
    const bool has_failed = setjmp(trap) != 0;
    if (!has_failed)
        run(trace, n, n <= 300 ? 1 : 5000);
    else
        test_allocator_abandon(&memory);
    check_trap = NULL;
    return has_failed;
}

/* Key numbers 0 to 2 are 0, ~0 and 2^63; the rest are random, or in a row, or strided. */
static void draw_keys(test_rng *rng)
{
    const size_t kind = test_rng_below(rng, 3);
    for (size_t i = 0; i < MODEL_MOST; i++)
        number_keys[i] = i < 3 || kind == 0 ? test_key(i)
                         : kind == 1        ? i
                                            : (uint64_t)i << 32;
}

static void draw_episode(uint64_t seed, uint64_t number)
{
    static const size_t universes[8] = {1, 2, 7, 64, 64, 64, 1000, 1000};
    test_rng rng = {test_mix(seed) ^ number};
    const size_t dice = test_rng_below(&rng, 16);
    episode.instance = dice < 10 ? GOOD : dice < 15 ? BENT : TEXT;
    episode.universe = universes[test_rng_below(&rng, 8)];
    episode.seed.low = test_rng_next(&rng);
    episode.seed.high = test_rng_next(&rng);
    test_hash_kind = episode.instance == GOOD
                         ? HASH_GOOD
                         : (enum test_hash)test_rng_below(&rng, N_HASHES);
    const bool is_slow = test_hash_kind != HASH_GOOD && episode.universe == 1000;
    episode.length = is_slow || episode.instance == TEXT ? TRACE_MOST / 10 : TRACE_MOST;
    draw_keys(&rng);
    trace_draw(drawn, episode.length, episode.universe, &rng);
    CHECK_CONTEXT("seed %llu episode %llu: %s keys, hash %s, universe %zu",
                  (unsigned long long)seed, (unsigned long long)number,
                  episode.instance == TEXT ? "string" : "u64",
                  test_hash_names[test_hash_kind], episode.universe);
}

static void report_failure(uint64_t seed, uint64_t number)
{
    size_t n = episode.at < episode.length ? episode.at + 1 : episode.length;
    printf("differential %s: FAILED %s\n", DESIGN_NAME, check_message);
    printf("again: test_differential 1 %llu %llu\n", (unsigned long long)seed,
           (unsigned long long)number);
    if (!fails(drawn, n))
        n = episode.length; /* it needs what came after, a drop perhaps */
    n = trace_shrink(drawn, n, fails, 200000000);
    if (!fails(drawn, n))
        printf("the shrunk trace does not fail each time\n");
    printf("/* %s\n * KEY(i), VIEW(i): the keys of draw_keys; seed {0x%llx, 0x%llx} */\n",
           check_message, (unsigned long long)episode.seed.low,
           (unsigned long long)episode.seed.high);
    trace_print(drawn, n, episode.universe);
}

/* A crash of the map is a failure like others, unless ASan has words of its own. */
#if CHECK_ASAN
void __asan_on_error(void); /* the sanitizer calls it */
void __asan_on_error(void)
{
    fprintf(stderr, "differential %s: crashed at operation %zu of %s\n", DESIGN_NAME,
            episode.at, check_context);
}

static void catch_crashes(void)
{
}
#else
static void on_crash(int number)
{
    (void)number;
    check_failed(__FILE__, __LINE__, "the map crashed");
}

static void catch_crashes(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_crash;
    action.sa_flags = SA_NODEFER; /* the handler leaves by longjmp */
    (void)sigaction(SIGSEGV, &action, NULL);
    (void)sigaction(SIGBUS, &action, NULL);
    (void)sigaction(SIGFPE, &action, NULL);
    (void)sigaction(SIGABRT, &action, NULL);
}
#endif

int main(int argc, char **argv)
{
    const size_t n_operations = check_argument(argc, argv, 1, 1000000);
    const uint64_t seed = check_argument(argc, argv, 2, 1);
    uint64_t number = check_argument(argc, argv, 3, 0);
    size_t n_done = 0;
    catch_crashes();
    for (size_t i = 0; i < MODEL_MOST; i++)
        texts[i] = test_key_view(i, text_bytes[i]);
    do {
        draw_episode(seed, number);
        if (fails(drawn, episode.length)) {
            report_failure(seed, number);
            return 1;
        }
        n_done += episode.length;
        number++;
    } while (n_done < n_operations && argc <= 3);
    printf("differential %s: %zu operations\n", DESIGN_NAME, n_done);
    return 0;
}
