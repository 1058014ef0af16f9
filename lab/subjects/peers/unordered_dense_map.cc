/* SPDX-License-Identifier: MIT */
/* ankerl::unordered_dense::map: buckets of 8 bytes, distance and fingerprint and the place
 * of the entry in a dense vector.
 * Needs <ankerl/unordered_dense.h> (from its repository: -DONEMISS_PEER_PATHS). */
#include <ankerl/unordered_dense.h>

#include "cxx_peer.h"

#define SUBJECT_ORIGIN                                                                   \
    "unordered_dense " PEER_TEXT(ANKERL_UNORDERED_DENSE_VERSION_MAJOR) "." PEER_TEXT(    \
        ANKERL_UNORDERED_DENSE_VERSION_MINOR)

template <class K, class V, class H>
using cxx_table =
    ankerl::unordered_dense::map<K, V, H, cxx_equal, cxx_allocator<std::pair<K, V>>>;
template <class T> using cxx_own_hash = ankerl::unordered_dense::hash<T>;

#include "cxx_variants.h"
