/* SPDX-License-Identifier: MIT */
/* How a subject's file ends: a table of variants, and the one symbol that is exported.
 * SUBJECT_NAME and SUBJECT_BUILD are texts; the lab's own build defines them.
 * SUBJECT_UNSEEN, if there is something that a traced build cannot report, is a text that
 * says what. SUBJECT_ORIGIN, a text, makes it a peer: whose map it is, and which version. */
#ifndef ONEMISS_LAB_SUBJECT_EXPORT_H
#define ONEMISS_LAB_SUBJECT_EXPORT_H

#include "subject.h"
#include "subject_stamp.h"

#ifndef SUBJECT_NAME
#ifdef ADAPTER
#define SUBJECT_TEXT_OF(word) #word
#define SUBJECT_TEXT(word)    SUBJECT_TEXT_OF(word)
#define SUBJECT_NAME          SUBJECT_TEXT(ADAPTER)
#else
#define SUBJECT_NAME "own"
#endif
#endif
#ifndef SUBJECT_BUILD
#define SUBJECT_BUILD "own"
#endif
#ifndef SUBJECT_UNSEEN
#define SUBJECT_UNSEEN NULL
#endif
#ifdef SUBJECT_ORIGIN
#define SUBJECT_PEER SUBJECT_IS_PEER
#else
#define SUBJECT_PEER   0
#define SUBJECT_ORIGIN NULL
#endif

/* A row of the table, for the map whose prefix subject_body.h was included with. */
#define SUBJECT_ROW(key_text, hash_text, prefix)                                         \
    {                                                                                    \
        key_text, hash_text, prefix##_create, prefix##_destroy, prefix##_run,            \
            prefix##_walk, prefix##_n_entries, prefix##_entry_layout,                    \
            sizeof(prefix##_tested),                                                     \
    }

/* The same, where the prefix is `key_hash`. */
#define SUBJECT_VARIANT(key_name, hash_name)                                             \
    SUBJECT_ROW(#key_name, #hash_name, key_name##_##hash_name)

#ifdef __AVX2__
#define SUBJECT_USES_AVX2 SUBJECT_NEEDS_AVX2
#else
#define SUBJECT_USES_AVX2 0
#endif
#ifdef __AVX512F__
#define SUBJECT_USES_AVX512 SUBJECT_NEEDS_AVX512
#else
#define SUBJECT_USES_AVX512 0
#endif

#ifdef __clang__
#define SUBJECT_COMPILER "clang " __clang_version__
#else
#define SUBJECT_COMPILER "gcc " __VERSION__
#endif

#ifdef SUBJECT_STAMPED
#define SUBJECT_STAMPING SUBJECT_STAMPS
#else
#define SUBJECT_STAMPING 0
#endif

#ifdef SUBJECT_TRACED
#define SUBJECT_TRACING    SUBJECT_TRACES
#define SUBJECT_TRACE_PORT &trace_port
#else
#define SUBJECT_TRACING    0
#define SUBJECT_TRACE_PORT NULL
#endif

#ifdef __cplusplus
#define SUBJECT_LINKAGE extern "C"
#else
#define SUBJECT_LINKAGE extern
#endif

/* `flags`: what of enum subject_flags the map says of itself. */
#define SUBJECT_EXPORT(variants, flags)                                                  \
    SUBJECT_LINKAGE __attribute__((visibility("default")))                               \
    const struct subject SUBJECT_SYMBOL;                                                 \
    const struct subject SUBJECT_SYMBOL = {SUBJECT_VERSION,                              \
                                           SUBJECT_USES_AVX2 | SUBJECT_USES_AVX512,      \
                                           (flags) | SUBJECT_PEER | SUBJECT_STAMPING |   \
                                               SUBJECT_TRACING,                          \
                                           sizeof(variants) / sizeof(variants)[0],       \
                                           SUBJECT_NAME,                                 \
                                           SUBJECT_BUILD,                                \
                                           SUBJECT_COMPILER,                             \
                                           (variants),                                   \
                                           SUBJECT_TRACE_PORT,                           \
                                           SUBJECT_UNSEEN,                               \
                                           SUBJECT_ORIGIN}

#endif
