/* SPDX-License-Identifier: MIT */
/* What else went on while a run was measured.
 *
 * Question. Was the machine quiet? Method. The kernel's accounts before and after: of
 * this process and its children (getrusage), of all processors (/proc/stat: busy for
 * others is what neither was idle nor ours, stolen is what a hypervisor gave to somebody
 * else). What it does not measure. Neighbours on the same physical processor that a
 * hypervisor does not account for. */
#include "noise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "small_file.h"

/* The kernel's ticks are a hundredth of a second, on each core: of a shorter run they tell
 * nothing. */
static const double LEAST_S = 0.5;

struct accounts {
    double wall_s;
    double own_s, children_s; /* processor time */
    long switches;            /* involuntary, of the children */
    double busy_s, stolen_s;  /* of all processors; NAN: not known */
};

static struct accounts before;

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* The first line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks;
 * guest time is in user already. */
static void read_processors(struct accounts *accounts)
{
    char line[512];
    double user, nice, system, idle, waiting, hard, soft, stolen;
    const double tick = (double)sysconf(_SC_CLK_TCK);
    accounts->busy_s = accounts->stolen_s = (double)NAN;
    if (!small_file_line("/proc/stat", line, sizeof line) ||
        sscanf(line, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle,
               &waiting, &hard, &soft, &stolen) != 8)
        return;
    accounts->busy_s = (user + nice + system + hard + soft) / tick;
    accounts->stolen_s = stolen / tick;
}

static struct accounts accounts_now(void)
{
    struct accounts now;
    struct rusage own, children;
    struct timespec wall;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    now.wall_s = (double)wall.tv_sec + (double)wall.tv_nsec * 1e-9;
    now.own_s = seconds_of(own.ru_utime) + seconds_of(own.ru_stime);
    now.children_s = seconds_of(children.ru_utime) + seconds_of(children.ru_stime);
    now.switches = children.ru_nivcsw;
    read_processors(&now);
    return now;
}

void noise_begin(void)
{
    before = accounts_now();
}

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *noise_end(void)
{
    char governor[64];
    const struct accounts now = accounts_now();
    const double wall = now.wall_s - before.wall_s;
    const double children = now.children_s - before.children_s;
    const double ours = children + now.own_s - before.own_s;
    const double others = now.busy_s - before.busy_s - ours;
    json_t *const noise = json_object();
    json_object_set_new(noise, "wall_s", json_real(wall));
    json_object_set_new(noise, "children_cpu_s", json_real(children));
    json_object_set_new(noise, "involuntary_switches",
                        json_integer(now.switches - before.switches));
    /* ticks are coarse: a short run may come out a little below zero */
    const bool is_long = wall >= LEAST_S;
    json_object_set_new(noise, "others_cpu_s",
                        is_long ? real_or_null(others < 0 ? 0 : others) : json_null());
    json_object_set_new(noise, "stolen_s", real_or_null(now.stolen_s - before.stolen_s));
    const bool has_governor =
        small_file_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor,
                        sizeof governor);
    json_object_set_new(noise, "governor",
                        has_governor ? json_string(governor) : json_null());
    return noise;
}
