/* SPDX-License-Identifier: MIT */
/* What a right map must answer, from an array indexed by key number. */
#include "oracle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct oracle {
    const struct workload_plan *plan;
    bool are_strings;
    uint64_t *stored; /* per key number: 1 + the operation that stored it; 0: absent */
    struct verdict verdict;
};

uint64_t verdict_of_entry(om_view key, om_view value)
{
    return XXH3_64bits_withSeed(value.pointer, value.length,
                                XXH3_64bits(key.pointer, key.length));
}

/* What a get of a value stored by `operation` must read. */
static uint64_t answer_of(const struct oracle *oracle, uint64_t operation)
{
    char text[VALUE_TEXT_BYTES];
    if (!oracle->are_strings)
        return operation;
    workload_value_text(oracle->plan, operation, text);
    return subject_read(text, sizeof text);
}

static void judge_operation(struct oracle *oracle, enum operation operation,
                            uint64_t number, uint64_t at)
{
    struct verdict *const verdict = &oracle->verdict;
    uint64_t *const stored = &oracle->stored[number];
    if (operation == OPERATION_INSERT) {
        verdict->size += *stored == 0;
        *stored = 1 + at;
        return;
    }
    const bool is_there = *stored != 0;
    verdict->n_hits += is_there;
    uint64_t answer;
    if (operation == OPERATION_GET) {
        answer = is_there ? answer_of(oracle, *stored - 1) : SUBJECT_MISS;
    } else {
        answer = is_there ? SUBJECT_DELETED : SUBJECT_ABSENT;
        verdict->size -= is_there;
        *stored = 0;
    }
    verdict->checksum = subject_fold(verdict->checksum, answer);
}

/* What is read of a key in an iteration. */
static uint64_t key_read(const struct oracle *oracle, uint64_t number)
{
    char room[KEY_TEXT_ROOM];
    if (!oracle->are_strings)
        return workload_integer(oracle->plan, number);
    const om_view text = workload_key_text(oracle->plan, number, room);
    return subject_read(text.pointer, text.length);
}

/* An iteration over all; a copy answers nothing of its own. */
static void judge_whole(struct oracle *oracle, enum operation operation)
{
    uint64_t sum = 0;
    if (operation != OPERATION_ITERATE)
        return;
    for (uint64_t number = 0; number < oracle->plan->n_keys; number++)
        if (oracle->stored[number] != 0)
            sum +=
                key_read(oracle, number) + answer_of(oracle, oracle->stored[number] - 1);
    oracle->verdict.checksum = subject_fold(oracle->verdict.checksum, sum);
}

static void judge_keys(struct oracle *oracle, const struct step *step)
{
    const struct workload_plan *const plan = oracle->plan;
    uint64_t numbers[BATCH_MOST_U64];
    uint8_t operations[BATCH_MOST_U64];
    const struct batch batch = {.operation = plan->phases[step->phase].operation,
                                .operations = operations};
    plan->workload->fill(plan, step->phase, step->first, step->n, numbers, operations);
    for (unsigned i = 0; i < step->n; i++)
        judge_operation(oracle, subject_kind(&batch, i), numbers[i],
                        step->first_operation + i);
}

static void judge_all(struct oracle *oracle)
{
    const struct workload_plan *const plan = oracle->plan;
    struct step step = {0};
    while (workload_next_step(plan, oracle->are_strings, &step)) {
        const enum operation operation = plan->phases[step.phase].operation;
        if (subject_is_whole(operation))
            judge_whole(oracle, operation);
        else
            judge_keys(oracle, &step);
        oracle->verdict.checksum =
            subject_fold(oracle->verdict.checksum, oracle->verdict.size);
    }
}

static uint64_t digest_of(const struct oracle *oracle, uint64_t number)
{
    const uint64_t operation = oracle->stored[number] - 1;
    char key_room[KEY_TEXT_ROOM], value[VALUE_TEXT_BYTES];
    if (oracle->are_strings) {
        workload_value_text(oracle->plan, operation, value);
        return verdict_of_entry(workload_key_text(oracle->plan, number, key_room),
                                om_view_of(value, sizeof value));
    }
    const uint64_t integer = workload_integer(oracle->plan, number);
    return verdict_of_entry(om_view_of((const char *)&integer, sizeof integer),
                            om_view_of((const char *)&operation, sizeof operation));
}

bool oracle_judge(const struct workload_plan *plan, bool are_strings,
                  struct verdict *verdict, struct complaint *complaint)
{
    struct oracle oracle = {.plan = plan, .are_strings = are_strings};
    oracle.stored = calloc(plan->n_keys, sizeof *oracle.stored);
    if (oracle.stored == NULL)
        return complain(complaint,
                        "no memory for the oracle's %" PRIu64 " keys; use a "
                        "smaller -n, or --bare, which does not verify",
                        plan->n_keys);
    judge_all(&oracle);
    for (uint64_t number = 0; number < plan->n_keys; number++)
        if (oracle.stored[number] != 0)
            oracle.verdict.content += digest_of(&oracle, number);
    free(oracle.stored);
    *verdict = oracle.verdict;
    return true;
}

bool verdict_agrees(const struct verdict *expected, const struct verdict *found,
                    struct complaint *complaint)
{
    if (found->n_hits != expected->n_hits)
        return complain(complaint,
                        "%" PRIu64 " lookups and deletes hit, %" PRIu64 " should",
                        found->n_hits, expected->n_hits);
    if (found->size != expected->size)
        return complain(complaint, "%" PRIu64 " entries at the end, should be %" PRIu64,
                        found->size, expected->size);
    if (found->content != expected->content)
        return complain(complaint, "the entries at the end are not the right ones");
    if (found->checksum != expected->checksum)
        return complain(complaint, "an answer on the way was not the right one");
    return true;
}
