/* SPDX-License-Identifier: MIT */
/* The stream prefetcher, after what Intel's optimization manual says of the L2 streamer: it
 * watches the requests that reach the second level, keeps one forward or backward stream a
 * 4-KiB page for up to 32 pages, does not cross the page, and runs lines ahead of the
 * requests.
 *
 * Here a run is two requests for neighbouring lines, one after the other in their page;
 * each request that continues the run asks for the next four lines in its direction. The
 * real one goes up to 20 lines ahead and restrains itself when the bus is busy: without
 * time in the model that difference does not show in misses. */
#include "prefetch.h"

/* The tracker of the page; if there is none, the one unused for longest becomes it. */
static struct stream_tracker *tracker_of(struct stream *stream, uint64_t page)
{
    unsigned oldest = 0;
    for (unsigned i = 0; i < STREAM_TRACKERS; i++) {
        if (stream->trackers[i].page == page + 1)
            return &stream->trackers[i];
        if (stream->trackers[i].asked < stream->trackers[oldest].asked)
            oldest = i;
    }
    struct stream_tracker *const tracker = &stream->trackers[oldest];
    *tracker = (struct stream_tracker){page + 1, 0, -2}; /* next to no line */
    return tracker;
}

/* Notes the request; returns the direction if it continues or begins a run, else 0. */
static int32_t run_with(struct stream_tracker *tracker, int32_t line)
{
    const int32_t step = line - tracker->last;
    tracker->last = line;
    return step == 1 || step == -1 ? step : 0;
}

unsigned stream_ahead(struct stream *stream, uint64_t line, unsigned line_bytes,
                      uint64_t wanted[STREAM_AHEAD])
{
    const int32_t n_lines = (int32_t)(PREFETCH_PAGE_BYTES / line_bytes);
    const uint64_t page = line / (uint64_t)n_lines;
    const int32_t at = (int32_t)(line % (uint64_t)n_lines);
    struct stream_tracker *tracker = &stream->trackers[stream->recent];
    if (tracker->page != page + 1)
        tracker = tracker_of(stream, page);
    stream->recent = (unsigned)(tracker - stream->trackers);
    tracker->asked = ++stream->n_asked;
    const int32_t step = run_with(tracker, at);
    unsigned n = 0;
    if (step == 0)
        return 0;
    for (int32_t next = at + step; n < STREAM_AHEAD && next >= 0 && next < n_lines;
         next += step)
        wanted[n++] = page * (uint64_t)n_lines + (uint64_t)next;
    return n;
}
