/* SPDX-License-Identifier: MIT */
/* What one modelled machine makes of a map's accesses.
 *
 * Question. Which array missed, at which level, while the map did what?
 * Method. Each access goes line by line through the hierarchy; one that straddles two
 * lines is two line accesses of one load or store. A line that comes into the first level
 * is booked to the row whose access found it new there, also when a prefetcher had brought
 * it; the bytes touched while it stays are marked, and counted for that row when it
 * leaves. Different lines of an operation are told apart by a table that forgets at the
 * operation's end, and in one of more than 2,048 lines (a resize) each time it is full.
 * What it does not measure. Time: misses that overlap count as much as those that wait for
 * one another. */
#include "booking.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_AT_ONCE = 32 }; /* bytes; more are copied in several steps */
enum { SEEN_LOG2 = 12, SEEN = 1 << SEEN_LOG2, MOST_SEEN = SEEN / 2 };

/* Rows lie by part, then phase; what is not counted has one of its own. */
enum { NOBODY = MOST_PARTS * N_PHASES, N_ROWS };

/* A place of the first level. */
struct slot {
    uint64_t line;
    uint64_t operation;      /* that touched it last */
    uint64_t used;           /* a bit for each 64th of the line that was touched */
    struct booking_row *row; /* 32 bytes */
};

struct seen {
    uint64_t line, operation;
};

struct booking {
    struct sim_geometry geometry;
    struct sim_model model;
    struct hierarchy *hierarchy;
    struct booking_row rows[N_ROWS];
    /* by enum access_kind: accesses of one line that was recent, not yet in the rows */
    uint64_t recent[N_ROWS][ACCESS_STORE + 1];
    struct slot *slots;
    unsigned n_slots;
    unsigned line_log2;
    struct seen seen[SEEN];
    uint64_t operation, n_seen;
    bool is_counting;
    struct sim_events before; /* when counting began */
    struct sim_events events; /* since, in all counted batches */
};

struct booking *booking_create(const struct sim_geometry *geometry,
                               const struct sim_model *model)
{
    struct booking *const booking = calloc(1, sizeof *booking);
    if (booking == NULL)
        return NULL;
    booking->geometry = *geometry;
    booking->model = *model;
    booking->operation = 1; /* 0 marks what was never seen */
    while (1u << booking->line_log2 < geometry->line_bytes)
        booking->line_log2++;
    booking->hierarchy = hierarchy_create(geometry, model);
    if (booking->hierarchy != NULL) {
        booking->n_slots = hierarchy_slots(booking->hierarchy);
        booking->slots = calloc(booking->n_slots, sizeof *booking->slots);
    }
    if (booking->slots == NULL) {
        booking_destroy(booking);
        return NULL;
    }
    for (unsigned i = 0; i < booking->n_slots; i++)
        booking->slots[i] = (struct slot){UINT64_MAX, 0, 0, &booking->rows[NOBODY]};
    return booking;
}

void booking_destroy(struct booking *booking)
{
    if (booking == NULL)
        return;
    if (booking->hierarchy != NULL)
        hierarchy_destroy(booking->hierarchy);
    free(booking->slots);
    free(booking);
}

/* Whether the operation at hand has not touched the line yet. */
static bool is_new_line(struct booking *booking, uint64_t line)
{
    uint64_t i = line * 0x9E3779B97F4A7C15u >> (64 - SEEN_LOG2);
    for (; booking->seen[i].operation == booking->operation; i = (i + 1) % SEEN)
        if (booking->seen[i].line == line)
            return false;
    booking->seen[i] = (struct seen){line, booking->operation};
    if (++booking->n_seen == MOST_SEEN) {
        booking->operation++;
        booking->n_seen = 0;
    }
    return true;
}

static void settle(const struct booking *booking, struct slot *slot)
{
    const unsigned unit = booking->geometry.line_bytes / 64;
    slot->row->bytes_used += (uint64_t)__builtin_popcountll(slot->used) * unit;
}

/* Marks the bytes of a line that an access touches, from `first` to `last`. */
static inline void mark(const struct booking *booking, struct slot *slot, unsigned first,
                        unsigned last)
{
    const unsigned unit_log2 = booking->line_log2 - 6;
    const unsigned from = first >> unit_log2, to = last >> unit_log2;
    slot->used |= ((uint64_t)2 << to) - ((uint64_t)1 << from); /* modulo 2^64 */
}

/* One line of an access. Returns the level that had it. */
static unsigned see_line(struct booking *booking, struct booking_row *row,
                         enum access_kind kind, uint64_t line, unsigned first,
                         unsigned last)
{
    const struct sim_served served = hierarchy_access(
        booking->hierarchy, line, (enum sim_access)kind); /* numbered alike */
    struct slot *const slot = &booking->slots[served.slot];
    if (kind == ACCESS_PREFETCH) {
        row->prefetch_lines[served.level]++;
        return served.level;
    }
    (kind == ACCESS_STORE ? row->store_lines : row->load_lines)[served.level]++;
    if (slot->line != line || served.level > 0) { /* or it left unseen, and is back */
        settle(booking, slot);
        *slot = (struct slot){line, 0, 0, row};
        row->bytes_fetched += booking->geometry.line_bytes;
    }
    mark(booking, slot, first, last);
    if (slot->operation != booking->operation) {
        row->lines += is_new_line(booking, line);
        slot->operation = booking->operation;
    }
    return served.level;
}

_Static_assert(SIM_LOAD == (int)ACCESS_LOAD && SIM_STORE == (int)ACCESS_STORE &&
                   SIM_PREFETCH == (int)ACCESS_PREFETCH,
               "the kinds are numbered alike");

/* An access of several lines. */
static void see_lines(struct booking *booking, const struct traced_access *access,
                      struct booking_row *row)
{
    const uint64_t mask = booking->geometry.line_bytes - 1;
    const uint64_t last_byte = access->address + access->bytes - 1;
    const uint64_t end = last_byte >> booking->line_log2;
    unsigned first = (unsigned)(access->address & mask), nearest = SIM_MOST_LEVELS;
    for (uint64_t line = access->address >> booking->line_log2; line <= end; line++) {
        const unsigned last = (unsigned)(line == end ? last_byte & mask : mask);
        const unsigned level =
            see_line(booking, row, (enum access_kind)access->kind, line, first, last);
        nearest = level < nearest ? level : nearest;
        first = 0;
    }
    row->split_lines[nearest] +=
        access->bytes <= MOST_AT_ONCE && access->kind != ACCESS_PREFETCH;
}

/* `to` += `now` - `before`, field by field: all are uint64_t. */
static void add_events(struct sim_events *to, const struct sim_events *now,
                       const struct sim_events *before)
{
    uint64_t sums[sizeof *to / sizeof(uint64_t)], a[sizeof *to / sizeof(uint64_t)],
        b[sizeof *to / sizeof(uint64_t)];
    memcpy(sums, to, sizeof sums);
    memcpy(a, now, sizeof a);
    memcpy(b, before, sizeof b);
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        sums[i] += a[i] - b[i];
    memcpy(to, sums, sizeof sums);
}

/* Accesses of recent lines come into their rows, and to the hierarchy. */
static void add_recent(struct booking *booking)
{
    for (unsigned i = 0; i < N_ROWS; i++) {
        const uint64_t loads = booking->recent[i][ACCESS_LOAD];
        const uint64_t stores = booking->recent[i][ACCESS_STORE];
        booking->rows[i].loads += loads;
        booking->rows[i].load_lines[0] += loads;
        booking->rows[i].stores += stores;
        booking->rows[i].store_lines[0] += stores;
        hierarchy_add_recent(booking->hierarchy, loads, stores);
    }
    memset(booking->recent, 0, sizeof booking->recent);
}

static void count(struct booking *booking, bool is_counting)
{
    add_recent(booking);
    const struct sim_events *const now = hierarchy_events(booking->hierarchy);
    if (is_counting)
        booking->before = *now;
    else
        add_events(&booking->events, now, &booking->before);
    booking->is_counting = is_counting;
}

/* What is no plain access, or begins something. */
__attribute__((noinline)) static void turn(struct booking *booking,
                                           const struct traced_access *access)
{
    const bool is_counted = (access->flags & ACCESS_COUNTED) != 0;
    if (is_counted != booking->is_counting)
        count(booking, is_counted);
    if ((access->flags & ACCESS_FIRST) != 0) {
        booking->operation++;
        booking->n_seen = 0;
    }
    if (access->kind == ACCESS_ZERO && booking->model.zeroes_pages)
        hierarchy_zero(booking->hierarchy, access->address, access->bytes);
}

/* An access in whole; apart, so that the usual case keeps its registers. */
__attribute__((noinline)) static void
see_access(struct booking *booking, const struct traced_access *access, unsigned index)
{
    const uint64_t mask = booking->geometry.line_bytes - 1;
    const unsigned first = (unsigned)(access->address & mask);
    const unsigned last = first + access->bytes - 1;
    struct booking_row *const row = &booking->rows[index];
    row->loads += access->kind == ACCESS_LOAD;
    row->stores += access->kind == ACCESS_STORE;
    if (last <= mask)
        (void)see_line(booking, row, (enum access_kind)access->kind,
                       access->address >> booking->line_log2, first, last);
    else
        see_lines(booking, access, row);
}

void booking_see(struct booking *booking, const struct traced_access *accesses, size_t n)
{
    const struct sim_recent recent = *hierarchy_recent(booking->hierarchy);
    struct slot *const slots = booking->slots;
    const unsigned line_log2 = booking->line_log2;
    const uint64_t mask = booking->geometry.line_bytes - 1;
    bool is_counting = booking->is_counting;
    uint8_t usual = is_counting ? ACCESS_COUNTED : 0;
    for (const struct traced_access *access = accesses; access < accesses + n; access++) {
        if (access->flags != usual) {
            turn(booking, access);
            is_counting = booking->is_counting;
            usual = is_counting ? ACCESS_COUNTED : 0;
            if (access->kind == ACCESS_ZERO)
                continue;
        }
        const unsigned index =
            is_counting ? access->part * (unsigned)N_PHASES + access->phase : NOBODY;
        const uint64_t line = access->address >> line_log2;
        const unsigned first = (unsigned)(access->address & mask);
        const unsigned last = first + access->bytes - 1;
        uint64_t at;
        const bool is_recent =
            sim_is_recent(&recent, line, (enum sim_access)access->kind, &at);
        /* the usual case: recent, and touched before by the operation at hand; never a
         * prefetch, so that the kind is a load or a store */
        if (is_recent && last <= mask && slots[at].line == line &&
            slots[at].operation == booking->operation) {
            booking->recent[index][access->kind]++;
            mark(booking, &slots[at], first, last);
        } else {
            see_access(booking, access, index);
        }
    }
}

void booking_close(struct booking *booking)
{
    if (booking->is_counting)
        count(booking, false);
    for (unsigned i = 0; i < booking->n_slots; i++) {
        settle(booking, &booking->slots[i]);
        booking->slots[i].used = 0;
    }
}

const struct booking_row *booking_row(const struct booking *booking, unsigned part,
                                      enum trace_phase phase)
{
    return &booking->rows[part * N_PHASES + phase];
}

const struct sim_events *booking_events(const struct booking *booking)
{
    return &booking->events;
}

const struct sim_geometry *booking_geometry(const struct booking *booking)
{
    return &booking->geometry;
}

const struct sim_model *booking_model(const struct booking *booking)
{
    return &booking->model;
}
