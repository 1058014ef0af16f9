/* SPDX-License-Identifier: MIT */
/* boost::unordered_flat_map: groups of 15 slots, one 16-byte word of reduced hashes each.
 * Needs <boost/unordered/unordered_flat_map.hpp> (Debian: libboost1.81-dev). */
#include <boost/unordered/unordered_flat_map.hpp>

#include "cxx_peer.h"

#define SUBJECT_ORIGIN "Boost " BOOST_LIB_VERSION

template <class K, class V, class H>
using cxx_table =
    boost::unordered_flat_map<K, V, H, cxx_equal, cxx_allocator<std::pair<const K, V>>>;
template <class T> using cxx_own_hash = boost::hash<T>;

#include "cxx_variants.h"
