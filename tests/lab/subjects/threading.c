/* SPDX-License-Identifier: MIT */
/* A map that has threads make its calls for memory, which is not known before it runs. */
#include <pthread.h>
#include <sys/mman.h>

#include "bad_subject.h"

enum { THREADS = 4 };

static void *map_a_page(void *context)
{
    (void)context;
    void *const page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED)
        munmap(page, 4096);
    return NULL;
}

static void start_at_10000(const struct batch *batch)
{
    pthread_t thread;
    for (int i = 0; i < THREADS && batch_has(batch, 10000); i++)
        if (pthread_create(&thread, NULL, map_a_page, NULL) == 0)
            (void)pthread_join(thread, NULL);
}

static om_status run_u64(void *map, struct batch *batch)
{
    start_at_10000(batch);
    return u64_siphash13_run(map, batch);
}

static om_status run_str(void *map, struct batch *batch)
{
    start_at_10000(batch);
    return str_siphash13_run(map, batch);
}

static const struct subject_variant variants[] = BAD_VARIANTS(run_u64, run_str);

SUBJECT_EXPORT(variants, 0);
