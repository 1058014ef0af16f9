/* SPDX-License-Identifier: MIT */
/* std::unordered_map: a linked list of nodes through an array of heads, prime sizes. */
#include <unordered_map>

#include "cxx_peer.h"

#ifdef _GLIBCXX_RELEASE
#define SUBJECT_ORIGIN "libstdc++ " PEER_TEXT(_GLIBCXX_RELEASE)
#else
#define SUBJECT_ORIGIN "libc++ " PEER_TEXT(_LIBCPP_VERSION)
#endif
#define SUBJECT_UNSEEN "the choice of the next prime size, prebuilt"

template <class K, class V, class H>
using cxx_table =
    std::unordered_map<K, V, H, cxx_equal, cxx_allocator<std::pair<const K, V>>>;
template <class T> using cxx_own_hash = std::hash<T>;

#include "cxx_variants.h"
