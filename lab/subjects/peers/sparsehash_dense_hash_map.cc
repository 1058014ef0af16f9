/* SPDX-License-Identifier: MIT */
/* google::dense_hash_map: quadratic probing over bare entries; two keys are given up to
 * mark slots that are empty and deleted.
 * Needs <sparsehash/dense_hash_map> (Debian: libsparsehash-dev). */
#include <cstddef>
#include <functional>

#include <sparsehash/dense_hash_map>

#include "cxx_peer.h"

#define SUBJECT_ORIGIN "sparsehash 2"
#define CXX_FLAGS      SUBJECT_RESERVES_KEYS

/* The keys that are given up: no string is that long. */
inline void dense_give_up(uint64_t &key, unsigned which)
{
    key = ~(uint64_t)0 - which;
}
inline void dense_give_up(om_string &key, unsigned which)
{
    key = {nullptr, ~(size_t)0 - which, 0};
}

/* Its equality is asked about them, too: two of them differ in length or have no bytes. */
struct dense_equal : cxx_equal {
    using cxx_equal::operator();
    bool operator()(const om_string &a, const om_string &b) const noexcept
    {
        return a.length == b.length &&
               (a.pointer == b.pointer || cxx_equal::operator()(a, b));
    }
};

template <class K, class V, class H>
class cxx_table : public google::dense_hash_map<K, V, H, dense_equal,
                                                cxx_allocator<std::pair<const K, V>>>
{
    using allocator = cxx_allocator<std::pair<const K, V>>;
    using base = google::dense_hash_map<K, V, H, dense_equal, allocator>;

  public:
    cxx_table(size_t n, const H &hash, const cxx_equal &, const allocator &memory)
        : base(n, hash, dense_equal(), memory)
    {
        K key;
        dense_give_up(key, 0);
        this->set_empty_key(key);
        dense_give_up(key, 1);
        this->set_deleted_key(key);
    }
    void reserve(size_t entries)
    {
        this->resize(entries);
    }
    auto try_emplace(const K &key, const V &value)
    {
        return this->insert(std::pair<const K, V>(key, value));
    }
};
template <class T> using cxx_own_hash = std::hash<T>;

#include "cxx_variants.h"
