/* SPDX-License-Identifier: MIT */
/* tsl::hopscotch_map: each entry within 62 slots of its home, a bitmap there says where.
 * Needs <tsl/hopscotch_map.h> (Debian: libtsl-hopscotch-map-dev). */
#include <tsl/hopscotch_map.h>

#include "cxx_peer.h"

#define SUBJECT_ORIGIN "hopscotch-map 2.3"

template <class K, class V, class H>
using cxx_table = tsl::hopscotch_map<K, V, H, cxx_equal, cxx_allocator<std::pair<K, V>>>;
template <class T> using cxx_own_hash = std::hash<T>;

#include "cxx_variants.h"
