/* SPDX-License-Identifier: MIT */
/* A map that writes megabytes of rubbish wherever it can, some of it like the messages of
 * a child: with integers it also says that it failed, with strings it is right. */
#include <string.h>
#include <unistd.h>

#include "bad_subject.h"

enum { MESSAGES = 3, N_RANDOM = 1 << 20, N_LONG = 1 << 20 };

/* Escapes in every field that is shown to people, and numbers no clock has seen. */
static const char forged[] =
    "metric ns_per_op nan\nmetric ns_per_op inf\nmetric ns_per_op 1e999\n"
    "metric ns_per_op -1e308\nmetric ns_per_op 1e308 -1\nmetric ns_per_op\nmetric\n"
    "metric no_such_metric 1\nmetric \033[31m 1\nmetric wall_s 1e308 1e-308\n"
    "scaled wall_s 99999999999999999999 0.5\nscaled wall_s 1 nan\n"
    "bound latency_p50_ns -inf\nbound wall_s 5\n"
    "stall 18446744073709551615 2147483647 1 1 1 1\nstall -1 -1 -1 -1 -1 -1\n"
    "stall -9 0 1e300 0 -9 -1e300\nstall 1 1 nan 0 0 nan\nstall 0 99999999999 1 1 1 1\n"
    "resize -1 -1 -1 -1 -1 -1 -1\nresize 99999999999999999999 0 0 0 0 0 0\nresize 1 2\n"
    "absent resizes \033]0;evil\a\033[2J\xc2\x9b\x33\x31m\r\n"
    "absent latency_p50_ns \033]0;evil\a\033[2J\xc2\x9b\x33\x31m\r\n"
    "absent latency_p90_ns \xff\xfe <script>alert(1)</script> \"quoted\"\n"
    "absent \033[31m evil\nabsent\nabsent \xff\xff \xff\xff\n"
    "verdict 0 0 0 0\nverdict nonsense\nverdict 1 2 3\nverdict -1 -1 -1 -1\n"
    "status ok\nstatus wrong it lies\nstatus \033[31m \033[31m\nstatus\n"
    "done\033[31m\n\n\n\r\n\a\a\a\0 \0 \n";

static const char failure[] =
    "status failed \033]0;evil\a\033[2J\xc2\x9b\x33\x31m it says\ndone\n";

static void put(int to, const char *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t written = write(to, bytes, n);
        if (written <= 0)
            return;
        bytes += written;
        n -= (size_t)written;
    }
}

/* Bytes of every value, newlines among them, from a linear congruence. */
static void put_random(int to)
{
    static char bytes[N_RANDOM];
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (char)(state >> 24);
    }
    put(to, bytes, sizeof bytes);
    put(to, "\n", 1);
}

/* Two lines of a megabyte; the second begins as a message does. */
static void put_long_lines(int to)
{
    static char bytes[N_LONG];
    static const char begins[] = "absent latency_p99_ns ";
    memset(bytes, 'A', sizeof bytes);
    put(to, bytes, sizeof bytes);
    put(to, "\n", 1);
    put(to, begins, sizeof begins - 1);
    put(to, bytes, sizeof bytes);
    put(to, "\n", 1);
}

static void be_rubbish(const struct batch *batch, bool is_failure)
{
    if (!batch_has(batch, 1000))
        return;
    for (int to = STDOUT_FILENO; to <= MESSAGES; to++) {
        put_random(to);
        put_long_lines(to);
        put(to, forged, sizeof forged - 1);
    }
    if (!is_failure)
        return;
    put(MESSAGES, failure, sizeof failure - 1);
    put_random(MESSAGES); /* behind `done` */
}

static om_status run_u64(void *map, struct batch *batch)
{
    be_rubbish(batch, true);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    be_rubbish(batch, false);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
