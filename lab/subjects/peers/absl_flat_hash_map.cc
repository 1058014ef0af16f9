/* SPDX-License-Identifier: MIT */
/* absl::flat_hash_map: one control byte a slot, looked through 16 at a time; entries in the table.
 * Needs <absl/container/flat_hash_map.h> (Debian: libabsl-dev; pkg-config: absl_flat_hash_map). */
#include <absl/base/config.h>
#include <absl/container/flat_hash_map.h>

#include "cxx_peer.h"

#define SUBJECT_ORIGIN "Abseil LTS " PEER_TEXT(ABSL_LTS_RELEASE_VERSION)
#define CXX_FLAGS                                                                        \
    SUBJECT_DIES_WITHOUT_MEMORY /* it is not made for allocators that throw */
#define SUBJECT_UNSEEN "Abseil's own hash of strings, prebuilt"

template <class K, class V, class H>
using cxx_table =
    absl::flat_hash_map<K, V, H, cxx_equal, cxx_allocator<std::pair<const K, V>>>;
template <class T> using cxx_own_hash = absl::Hash<T>;

#include "cxx_variants.h"
