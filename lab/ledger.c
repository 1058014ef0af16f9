/* SPDX-License-Identifier: MIT */
/* The books of a counted pass: an allocator that counts and hands on. */
#include "ledger.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

static struct ledger books;
static om_allocator counting;
static const struct ledger_listener *listeners[LEDGER_LISTENERS];
static size_t n_listeners;
static uint64_t resize_began_ns;
static bool has_failed; /* an allocation, since the resize began */

uint64_t ledger_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

long ledger_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static bool is_of_a_string(const om_request *request)
{
    return strcmp(request->label, "key bytes") == 0 ||
           strcmp(request->label, "value bytes") == 0;
}

static void *allocate(void *context, const om_request *request)
{
    void *const block = om_allocate(context, request);
    if (block == NULL) {
        has_failed = true;
        return NULL;
    }
    books.alloc_calls++;
    books.alloc_bytes += request->bytes;
    books.live_bytes += request->bytes;
    books.string_bytes += is_of_a_string(request) ? request->bytes : 0;
    if (books.live_bytes > books.peak_bytes)
        books.peak_bytes = books.live_bytes;
    return block;
}

static void tell_of_release(size_t bytes)
{
    for (size_t i = 0; i < n_listeners; i++)
        if (listeners[i]->before_release != NULL)
            listeners[i]->before_release(bytes);
}

static void release(void *context, void *block, const om_request *request)
{
    tell_of_release(request->bytes);
    books.free_calls++;
    books.live_bytes -= request->bytes;
    books.string_bytes -= is_of_a_string(request) ? request->bytes : 0;
    om_release(context, block, request);
}

static void advise(void *context, void *part, size_t bytes, const om_request *block,
                   om_advice advice)
{
    if (advice == OM_WILL_NOT_READ)
        tell_of_release(bytes);
    om_advise(context, part, bytes, block, advice);
}

static void on_resize(void *context, const om_resize *resize, bool is_end)
{
    (void)context;
    if (!is_end) {
        for (size_t i = 0; i < n_listeners; i++)
            if (listeners[i]->before_resize != NULL)
                listeners[i]->before_resize(resize);
        has_failed = false;
        resize_began_ns = ledger_now_ns();
        return;
    }
    const struct ledger_resize ended = {*resize, resize_began_ns, ledger_now_ns(),
                                        has_failed};
    books.n_resizes += !has_failed;
    for (size_t i = 0; i < n_listeners; i++)
        if (listeners[i]->after_resize != NULL)
            listeners[i]->after_resize(&ended);
}

const struct ledger *ledger_open(struct run_facts *facts)
{
    if (facts->allocator != &counting) {
        memset(&books, 0, sizeof books);
        n_listeners = 0;
        counting.allocate = allocate;
        counting.release = release;
        counting.on_resize = on_resize;
        counting.advise = advise;
        counting.context = (void *)(uintptr_t)facts->allocator;
        facts->allocator = &counting;
    }
    books.faults_before = ledger_faults();
    return &books;
}

void ledger_listen(const struct ledger_listener *listener)
{
    if (n_listeners < LEDGER_LISTENERS)
        listeners[n_listeners++] = listener;
}
