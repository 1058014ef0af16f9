/* SPDX-License-Identifier: MIT */
/* A peer written in C++ as a subject: what all of them need from the lab, so that a peer's
 * file says only what its map is called.
 *
 * A file defines, between this header and cxx_variants.h,
 *     template <class K, class V, class H> using cxx_table = ...;
 * a map with the interface of std::unordered_map as far as it is used here, and `cxx_own_hash<T>`, the hash that the
 * map has when nobody names one, for uint64_t and std::string_view.
 *
 * Strings are om_string, 24 bytes that the table may move like any other; who owns them is
 * the business of cxx_map below, not of a destructor, so that a table moves them as it
 * moves integers. The hash and the equality of string keys look at the bytes. */
#ifndef ONEMISS_LAB_CXX_PEER_H
#define ONEMISS_LAB_CXX_PEER_H

#include <functional>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "peer.h"

/* The lab's allocator as C++ containers want one. A single object is a node. */
template <class T> class cxx_allocator
{
  public:
    using value_type = T;

    /* for maps from before C++11 */
    using pointer = T *;
    using const_pointer = const T *;
    using reference = T &;
    using const_reference = const T &;
    using size_type = size_t;
    using difference_type = ptrdiff_t;
    template <class U> struct rebind {
        using other = cxx_allocator<U>;
    };
    size_t max_size() const noexcept
    {
        return OM_MOST_BYTES / sizeof(T);
    }

    explicit cxx_allocator(const om_allocator *allocator) noexcept : hooks(allocator)
    {
    }
    template <class U>
    cxx_allocator(const cxx_allocator<U> &other) noexcept : hooks(other.hooks)
    {
    }

    T *allocate(size_t n)
    {
        if (n > max_size())
            throw std::bad_alloc();
        const om_request request = request_for(n);
        void *const block = om_allocate(hooks, &request);
        if (block == nullptr)
            throw std::bad_alloc();
        return static_cast<T *>(block);
    }
    void deallocate(T *block, size_t n) noexcept
    {
        const om_request request = request_for(n);
        om_release(hooks, block, &request);
    }

    template <class U> bool operator==(const cxx_allocator<U> &other) const noexcept
    {
        return hooks == other.hooks;
    }
    template <class U> bool operator!=(const cxx_allocator<U> &other) const noexcept
    {
        return hooks != other.hooks;
    }

    const om_allocator *hooks;

  private:
    static om_request request_for(size_t n) noexcept
    {
        return {n * sizeof(T), alignof(T), n == 1 ? "nodes" : "table", 0};
    }
};

/* ---- keys ---- */

inline om_view cxx_view(const om_string &text)
{
    return om_string_view(&text);
}

/* The words for keys and values of both kinds. `key` borrows what it is made of: a key to
 * look another one up with. */
struct cxx_u64 {
    using item = uint64_t;
    using view = uint64_t;
    static item key(view word)
    {
        return word;
    }
    static void drop_key(item &, const om_allocator *)
    {
    }
    static void drop_value(item &, const om_allocator *)
    {
    }
};

struct cxx_str {
    using item = om_string;
    using view = om_view;
    static item key(view text)
    {
        return {text.pointer, text.length, 0};
    }
    static void drop_key(item &key, const om_allocator *allocator)
    {
        om_string_key_drop(&key, allocator);
    }
    static void drop_value(item &value, const om_allocator *allocator)
    {
        om_string_value_drop(&value, allocator);
    }
};

struct cxx_equal {
    bool operator()(uint64_t a, uint64_t b) const noexcept
    {
        return a == b;
    }
    bool operator()(const om_string &a, const om_string &b) const noexcept
    {
        return om_string_key_equals(&a, cxx_view(b));
    }
};

/* ---- hashes ---- */

/* One of the library's, for both kinds of keys. The maps that ask are told that it
 * avalanches, so that none mixes its result once more. */
#define CXX_HASH(name)                                                                   \
    struct cxx_##name {                                                                  \
        using is_avalanching = void;                                                     \
        om_seed seed;                                                                    \
        size_t operator()(uint64_t key) const noexcept                                   \
        {                                                                                \
            return om_##name##_u64(key, seed);                                           \
        }                                                                                \
        size_t operator()(const om_string &key) const noexcept                           \
        {                                                                                \
            return om_##name##_view(cxx_view(key), seed);                                \
        }                                                                                \
    };

CXX_HASH(siphash13)
CXX_HASH(wyhash)

/* The map's own hash, whatever its seed. */
template <template <class> class Own> struct cxx_own {
    om_seed seed;
    size_t operator()(uint64_t key) const noexcept
    {
        return Own<uint64_t>()(key);
    }
    size_t operator()(const om_string &key) const noexcept
    {
        return Own<std::string_view>()(std::string_view(key.pointer, key.length));
    }
};

/* ---- the map ---- */

/* The value that an iterator is at, to be written: some maps show it by a function. */
template <class Iterator> auto cxx_value_of(Iterator at, int) -> decltype((at.value()))
{
    return at.value();
}
template <class Iterator> auto cxx_value_of(Iterator at, long) -> decltype((at->second))
{
    return at->second;
}

/* Kind is cxx_u64 or cxx_str. The table stands in raw storage, since the lab makes a map
 * by malloc and init. An insert overwrites: it keeps the key that is stored. */
template <class Kind, class Table> struct cxx_map {
    using item = typename Kind::item;
    using view = typename Kind::view;

    /* What iteration shows of an entry. */
    struct pair {
        item key, value;
    };
    struct cursor {
        pair *entry; /* NULL: the end */
        pair room;
        typename Table::iterator at, end;

        explicit cursor(Table &table) : at(table.begin()), end(table.end())
        {
            show(); /* where it will stay: it points into itself, so that none is copied */
        }
        cursor(const cursor &) = delete;
        void operator=(const cursor &) = delete;

        void show()
        {
            entry = at == end ? nullptr : &room;
            if (entry != nullptr)
                room = {at->first, at->second};
        }
    };

    alignas(Table) unsigned char storage[sizeof(Table)];
    const om_allocator *allocator;

    Table &table()
    {
        return *std::launder(reinterpret_cast<Table *>(storage));
    }
    const Table &table() const
    {
        return *std::launder(reinterpret_cast<const Table *>(storage));
    }

    om_status init(size_t entries, const om_seed *seed, const om_allocator *hooks)
    {
        allocator = hooks;
        try {
            new (storage) Table(0, typename Table::hasher{*seed}, cxx_equal(),
                                typename Table::allocator_type(hooks));
        } catch (const std::exception &) {
            return OM_OUT_OF_MEMORY;
        }
        try {
            if (entries != 0)
                table().reserve(entries);
        } catch (const std::exception &) {
            table().~Table();
            return OM_OUT_OF_MEMORY;
        }
        return OM_OK;
    }

    void drop()
    {
        for (cursor it = first(); it.entry != nullptr; next(it)) {
            Kind::drop_key(it.room.key, allocator);
            Kind::drop_value(it.room.value, allocator);
        }
        table().~Table();
    }

    om_status insert(item key, item value)
    {
        try {
            const auto at = table().try_emplace(key, value);
            if (!at.second) {
                auto &stored = cxx_value_of(at.first, 0);
                Kind::drop_key(key, allocator);
                Kind::drop_value(stored, allocator);
                stored = value;
            }
        } catch (const std::exception &) {
            return OM_OUT_OF_MEMORY;
        }
        return OM_OK;
    }

    __attribute__((always_inline)) const item *get(view key) const
    {
        const auto at = table().find(Kind::key(key));
        return at == table().end() ? nullptr : &at->second;
    }

    bool remove(view key)
    {
        const auto at = table().find(Kind::key(key));
        if (at == table().end())
            return false;
        item stored = at->first, value = at->second;
        table().erase(at);
        Kind::drop_key(stored, allocator);
        Kind::drop_value(value, allocator);
        return true;
    }

    cursor first()
    {
        return cursor(table());
    }

    static void next(cursor &it)
    {
        ++it.at;
        it.show();
    }
};

#endif
