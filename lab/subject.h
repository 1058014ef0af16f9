/* SPDX-License-Identifier: MIT */
/* The boundary between the lab and a map under test: a shared object that exports one
 * `onemiss_subject`. Calls cross it once a batch, never once an operation. */
#ifndef ONEMISS_LAB_SUBJECT_H
#define ONEMISS_LAB_SUBJECT_H

#include "subject_trace.h" /* first: a traced build brings the library's seams with it */

#include <onemiss/contract.h>

/* Raised with every change of a struct below; the lab refuses any other. */
#define SUBJECT_VERSION     6u

/* The symbol, and its text for dlsym. */
#define SUBJECT_SYMBOL      onemiss_subject
#define SUBJECT_SYMBOL_TEXT "onemiss_subject"

enum operation {
    OPERATION_GET,
    OPERATION_INSERT, /* or overwrite */
    OPERATION_DELETE,
    /* all entries, in one batch that holds no keys: */
    OPERATION_ITERATE,
    OPERATION_COPY, /* into a new map of the same seed, which takes the old one's place */
    OPERATION_MIXED, /* each operation of the batch is a get, an insert or a delete */
    OPERATION_GET_DEPENDENT, /* a get's key is known only when the last one has ended */
    OPERATION_GET_MANY       /* a call looks several keys up */
};

enum {
    BATCH_MOST_U64 = 512,    /* operations: 4 KiB of keys */
    BATCH_MOST_MIXED = 448,  /* keys and opcodes: 4032 bytes */
    BATCH_MOST_STRINGS = 64, /* keys and values: 3 KiB */
    BATCH_MOST_A_CALL = 64   /* of OPERATION_GET_MANY */
};

/* What is done next, as struct of arrays, made before the clock starts. Integer keys are
 * in `integers`; string keys are in `views` where they are looked up, in `strings` (owned,
 * to be moved in) where they are inserted. Operation i is number first_operation + i of
 * its workload; an insert of an integer stores that number. */
struct batch {
    enum operation operation;
    unsigned n;                /* operations; entries where it is about all of them */
    uint64_t argument;         /* of GET_MANY: keys a call; of COPY: entries that the new
                                  map has room for at its start */
    uint64_t first_operation;  /* counted from 0 over the whole workload */
    const uint8_t *operations; /* n enum operation, when MIXED */
    const uint64_t *integers;
    const om_view *views;
    om_string *strings; /* keys */
    om_string *values;
    uint64_t *stamps;  /* room for n + 1; a stamped build writes stamp_now before the
                          first operation and behind each */
    uint64_t nothing;  /* 0, which no compiler knows: a dependent get's key is the batch's
                          with the last answer and this added */
    bool is_moved;     /* out: the subject has taken the strings it inserted */
    uint64_t checksum; /* in and out: the answers so far, in order */
    uint64_t n_hits;   /* in and out: lookups and deletes that found their key */
};

/* What operation i of the batch is, up to OPERATION_COPY. */
static inline enum operation subject_kind(const struct batch *batch, unsigned i)
{
    if (batch->operation == OPERATION_MIXED)
        return (enum operation)batch->operations[i];
    return batch->operation > OPERATION_MIXED ? OPERATION_GET : batch->operation;
}

/* Whether it is about all entries: such a batch holds neither keys nor stamps. */
static inline bool subject_is_whole(enum operation operation)
{
    return operation == OPERATION_ITERATE || operation == OPERATION_COPY;
}

/* One step of the order-dependent checksum over all answers. */
static inline uint64_t subject_fold(uint64_t checksum, uint64_t answer)
{
    checksum = (checksum ^ answer) * 0x9E3779B97F4A7C15u;
    return checksum ^ checksum >> 32;
}

/* The answers that are folded: of a get, the value, as below; of a delete, whether there
 * was something; of an iteration, the sum over all entries of what is read of key and
 * value; of an insert or a copy nothing of its own, but after every batch the size. */
#define SUBJECT_MISS    0x6D697373u /* a get that finds nothing */
#define SUBJECT_DELETED 1u
#define SUBJECT_ABSENT  0u

/* The part of a string that a get reads of a value: its length and its first 8 bytes. */
static inline uint64_t subject_read(const char *pointer, size_t length)
{
    return length < 8 ? length : om_load_le64(pointer) ^ (uint64_t)length << 56;
}

#ifdef SUBJECT_TRACED
/* Reads a string to pass it by value, which compilers do not report. */
__attribute__((no_sanitize("thread"))) static inline om_string
subject_take(const om_string *string)
{
    om_string taken;
    trace_take(&taken, string, sizeof taken);
    return taken;
}
#endif

/* What an adapter's insert says; subject_adapter.h. */
enum subject_put { SUBJECT_PUT_NO_MEMORY, SUBJECT_PUT_REPLACED, SUBJECT_PUT_ADDED };

struct subject_setup {
    om_seed seed;                  /* of the table */
    uint64_t entries;              /* room to start with; 0: the map's smallest */
    const om_allocator *allocator; /* for all the map's memory; outlives it */
};

/* Called for each entry; an integer is seen as its 8 bytes. */
typedef void subject_visit(void *context, om_view key, om_view value);

/* One map: a design for one key type and one hash. */
struct subject_variant {
    const char *key;  /* "u64" or "str" */
    const char *hash; /* "siphash13" ... */
    om_status (*create)(const struct subject_setup *setup, void **map);
    void (*destroy)(void *map);
    om_status (*run)(void *map, struct batch *batch); /* stops at the first failure */
    void (*walk)(void *map, subject_visit *visit, void *context);
    uint64_t (*size)(void *map); /* entries */
    om_layout (*layout)(void);
    size_t map_bytes; /* of what create makes, the map's own struct in it */
};

/* Bits of struct subject.needs: what the processor must have to run this build. */
enum subject_needs { SUBJECT_NEEDS_AVX2 = 1, SUBJECT_NEEDS_AVX512 = 2 };

/* Bits of struct subject.flags. */
enum subject_flags {
    SUBJECT_KEEPS_NOTHING = 1, /* a ceiling, not a map: its answers are not checked */
    SUBJECT_STAMPS = 2,        /* a time stamp behind each operation */
    SUBJECT_TRACES = 4,        /* it reports every access through `trace` */
    SUBJECT_IS_PEER = 8,       /* somebody else's map */
    /* What a map cannot do, so that nobody expects it of it: */
    SUBJECT_HIDES_RESIZES = 16,       /* it does not tell the allocator of them */
    SUBJECT_HIDES_MEMORY = 32,        /* not all of it comes from the setup's allocator */
    SUBJECT_DIES_WITHOUT_MEMORY = 64, /* instead of saying OM_OUT_OF_MEMORY */
    SUBJECT_HAS_NO_SEED = 128,        /* the setup's is not heeded */
    SUBJECT_RESERVES_KEYS = 256,      /* some integers cannot be keys: the two largest */
    SUBJECT_IS_CEILING = 1024,        /* it knows new keys and lookups, nothing else */
    SUBJECT_CANNOT_WALK = 512,        /* no iteration: `walk` visits nothing */
    /* of a map that nothing is known of, but that it takes any key */
    SUBJECT_LACKS_MOST = SUBJECT_HIDES_RESIZES | SUBJECT_HIDES_MEMORY |
                         SUBJECT_DIES_WITHOUT_MEMORY | SUBJECT_HAS_NO_SEED
};

struct subject {
    uint32_t version; /* SUBJECT_VERSION */
    uint32_t needs;   /* enum subject_needs */
    uint32_t flags;   /* enum subject_flags */
    uint32_t n_variants;
    const char *name;     /* the file's name without folder and ending */
    const char *build;    /* "native", "v3", "baseline", "stamped", "traced" */
    const char *compiler; /* name and version */
    const struct subject_variant *variants;
    struct trace_port *trace; /* NULL but in a traced build */
    const char *unseen; /* of its accesses, what a traced build cannot report, as "the
                           growth policy, prebuilt"; NULL: nothing is known to be missing */
    const char *origin; /* whose map, and which version, as "Boost 1.81.0"; or NULL */
};

#endif
