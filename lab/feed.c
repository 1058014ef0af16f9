/* SPDX-License-Identifier: MIT */
/* Makes the batches of a plan, outside the clock: numbers become keys and strings. */
#include "feed.h"

#include <string.h>

void feed_init(struct feed *feed, const struct workload_plan *plan, bool are_strings,
               const om_allocator *allocator)
{
    memset(feed, 0, sizeof *feed);
    feed->plan = plan;
    feed->are_strings = are_strings;
    feed->allocator = allocator;
}

bool feed_is_timed(const struct feed *feed)
{
    return feed->plan->phases[feed->step.phase].is_timed;
}

static om_status make_owned_pair(struct feed *feed, unsigned i, om_view key)
{
    char text[VALUE_TEXT_BYTES];
    om_status status = om_string_key_copy(&feed->strings[i], key, feed->allocator);
    if (status != OM_OK)
        return status;
    workload_value_text(feed->plan, feed->step.first_operation + i, text);
    status = om_string_copy(&feed->values[i], om_view_of(text, sizeof text),
                            feed->allocator, "value bytes");
    if (status != OM_OK)
        om_string_key_drop(&feed->strings[i], feed->allocator);
    return status;
}

static om_status make_strings(struct feed *feed)
{
    memset(feed->strings, 0, sizeof feed->strings);
    for (unsigned i = 0; i < feed->step.n; i++) {
        const om_view key =
            workload_key_text(feed->plan, feed->numbers[i], feed->texts[i]);
        feed->views[i] = key;
        if (subject_kind(&feed->batch, i) != OPERATION_INSERT)
            continue;
        const om_status status = make_owned_pair(feed, i, key);
        if (status != OM_OK)
            return status;
    }
    return OM_OK;
}

om_status feed_next(struct feed *feed, bool *is_end)
{
    const struct workload_plan *const plan = feed->plan;
    struct batch *const batch = &feed->batch;
    *is_end = !workload_next_step(plan, feed->are_strings, &feed->step);
    if (*is_end)
        return OM_OK;
    batch->operation = plan->phases[feed->step.phase].operation;
    batch->n = feed->step.n;
    batch->argument = plan->phases[feed->step.phase].argument;
    batch->first_operation = feed->step.first_operation;
    batch->operations = feed->operations;
    batch->integers = feed->numbers;
    batch->stamps = feed->stamps;
    batch->views = feed->views;
    batch->strings = feed->strings;
    batch->values = feed->values;
    batch->is_moved = false;
    if (subject_is_whole(batch->operation))
        return OM_OK;
    plan->workload->fill(plan, feed->step.phase, feed->step.first, batch->n,
                         feed->numbers, feed->operations);
    if (feed->are_strings)
        return make_strings(feed);
    if (plan->workload->integer != NULL)
        for (unsigned i = 0; i < batch->n; i++)
            feed->numbers[i] = workload_integer(plan, feed->numbers[i]);
    return OM_OK;
}

void feed_settle(struct feed *feed)
{
    if (!feed->are_strings || feed->batch.is_moved ||
        subject_is_whole(feed->batch.operation))
        return;
    for (unsigned i = 0; i < feed->batch.n; i++) {
        if (subject_kind(&feed->batch, i) == OPERATION_INSERT) {
            om_string_key_drop(&feed->strings[i], feed->allocator);
            om_string_value_drop(&feed->values[i], feed->allocator);
        }
    }
}
