/* SPDX-License-Identifier: MIT */
/* What an instrument sends, and finding its metrics. */
#include "instrument.h"

#include <inttypes.h>
#include <string.h>

const struct metric_info *metric_find(const char *name,
                                      const struct instrument **instrument)
{
    for (size_t i = 0; i < n_instruments; i++)
        for (const struct metric_info *m = all_instruments[i]->metrics; m->name != NULL;
             m++)
            if (strcmp(m->name, name) == 0) {
                if (instrument != NULL)
                    *instrument = all_instruments[i];
                return m;
            }
    return NULL;
}

const char *metric_trust(const struct instrument *instrument, const char *metric)
{
    for (const char *const *name = instrument->simulated; name != NULL && *name != NULL;
         name++)
        if (strcmp(*name, metric) == 0)
            return "simulated";
    return instrument->trust != NULL ? instrument->trust : "measured";
}

const struct instrument *instrument_around(uint32_t instruments, enum pass pass)
{
    for (size_t i = 0; i < n_instruments; i++)
        if ((instruments >> i & 1) != 0 && all_instruments[i]->pass == pass &&
            all_instruments[i]->wrap != NULL)
            return all_instruments[i];
    return NULL;
}

static void *allocate(void *context, const om_request *request)
{
    return om_allocate(context, request);
}

static void release(void *context, void *block, const om_request *request)
{
    om_release(context, block, request);
}

static void advise(void *context, void *part, size_t bytes, const om_request *block,
                   om_advice advice)
{
    om_advise(context, part, bytes, block, advice);
}

om_allocator instrument_hooks(const om_allocator *behind)
{
    return (om_allocator){.allocate = allocate,
                          .release = release,
                          .advise = advise,
                          .context = (void *)(uintptr_t)behind};
}

void send_count(FILE *messages, const char *metric, uint64_t value)
{
    fprintf(messages, "metric %s %" PRIu64 "\n", metric, value);
}

void send_real(FILE *messages, const char *metric, double value)
{
    fprintf(messages, "metric %s %.17g\n", metric, value);
}

void send_scaled(FILE *messages, const char *metric, double value, double share)
{
    fprintf(messages, "scaled %s %.17g %.17g\n", metric, value, share);
}

void send_bound(FILE *messages, const char *metric, double bound)
{
    fprintf(messages, "bound %s %.17g\n", metric, bound);
}

void send_nearest(FILE *messages, const char *metric, const char *event)
{
    fprintf(messages, "nearest %s %s\n", metric, event);
}

void send_absent(FILE *messages, const char *metric, const char *reason)
{
    fprintf(messages, "absent %s %s\n", metric, reason);
}

void send_resize(FILE *messages, const om_resize *resize, uint64_t duration_ns)
{
    fprintf(messages, "resize %zu %zu %zu %zu %zu %zu %" PRIu64 "\n",
            resize->old_capacity, resize->new_capacity, resize->entry_bytes,
            resize->new_bytes, resize->items, resize->old_bytes, duration_ns);
}

void send_stall(FILE *messages, const struct stall *stall)
{
    fprintf(messages, "stall %" PRIu64 " %d %.17g %d %" PRIu64 " %.17g\n",
            stall->operation, (int)stall->kind, stall->duration_ns, stall->is_preempted,
            stall->new_capacity, stall->resize_ns);
}

void send_leak(FILE *messages, uint64_t bytes)
{
    fprintf(messages, "leak %" PRIu64 "\n", bytes);
}
