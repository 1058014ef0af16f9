// SPDX-License-Identifier: MIT
/* The same headers from C++17: a wrapper of a few lines drops the map by itself.
 *
 * Prints:
 *     2 people
 *     Ada is 36
 *     Grace is unknown
 */
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>

#define OM_NAME  ages
#define OM_KEY   om_string
#define OM_VALUE uint32_t
#include <onemiss/open_addressing.h>

/* Owns one map; a status becomes an exception. */
class Ages
{
  public:
    Ages() = default;
    Ages(const Ages &) = delete;
    Ages &operator=(const Ages &) = delete;
    ~Ages()
    {
        ages_drop(&map_);
    }

    void set(std::string_view name, std::uint32_t age)
    {
        std::uint32_t *slot = nullptr;
        check(ages_get_or_insert(&map_, view_of(name), &slot, nullptr));
        *slot = age;
    }

    std::optional<std::uint32_t> get(std::string_view name) const
    {
        const std::uint32_t *const age = ages_get(&map_, view_of(name));
        return age != nullptr ? std::optional(*age) : std::nullopt;
    }

    std::size_t size() const
    {
        return ages_size(&map_);
    }

  private:
    static om_view view_of(std::string_view text)
    {
        return om_view_of(text.data(), text.size());
    }

    static void check(om_status status)
    {
        if (status == OM_OUT_OF_MEMORY)
            throw std::bad_alloc();
        if (status != OM_OK)
            throw std::runtime_error(om_status_text(status));
    }

    ages map_{};
};

int main()
try {
    Ages people;
    people.set("Ada", 35);
    people.set("Linus", 21);
    people.set("Ada", 36);
    std::printf("%zu people\n", people.size());
    std::printf("Ada is %u\n", people.get("Ada").value());
    std::printf("Grace is %s\n", people.get("Grace") ? "known" : "unknown");
    return people.size() == 2 ? 0 : 1;
} catch (const std::exception &error) {
    std::fprintf(stderr, "cpp_caller: %s\n", error.what());
    return 1;
}
