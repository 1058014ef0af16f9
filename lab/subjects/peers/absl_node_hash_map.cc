/* SPDX-License-Identifier: MIT */
/* absl::node_hash_map: as flat_hash_map, but the table holds pointers to nodes, which do not move.
 * Needs <absl/container/node_hash_map.h> (Debian: libabsl-dev; pkg-config: absl_node_hash_map). */
#include <absl/base/config.h>
#include <absl/container/node_hash_map.h>

#include "cxx_peer.h"

#define SUBJECT_ORIGIN "Abseil LTS " PEER_TEXT(ABSL_LTS_RELEASE_VERSION)
#define CXX_FLAGS                                                                        \
    SUBJECT_DIES_WITHOUT_MEMORY /* it is not made for allocators that throw */
#define SUBJECT_UNSEEN "Abseil's own hash of strings, prebuilt"

template <class K, class V, class H>
using cxx_table =
    absl::node_hash_map<K, V, H, cxx_equal, cxx_allocator<std::pair<const K, V>>>;
template <class T> using cxx_own_hash = absl::Hash<T>;

#include "cxx_variants.h"
