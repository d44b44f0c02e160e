// Private to the walk: one message in one reading, while its leaves are walked. Not thread-safe.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inspect/reading_differences.h"
#include "inspect/walk.h"

namespace watchpost::inspect {

/// What the contents of a message's leaves are, over all readings of it: most stand in the same
/// octets of the message, and these are decoded and hashed once.
class KnownContents {
public:
    explicit KnownContents(base::ByteView raw) : raw_{raw} {}

    struct Content {
        std::uint64_t size = 0;
        crypto::Sha256 sha256{};
    };

    [[nodiscard]] std::optional<Content> find(const message::Part& part,
                                              message::Departures departures) const;
    void add(const message::Part& part, message::Departures departures, const Content& content);

private:
    struct Key {
        const std::byte* begin = nullptr;
        std::size_t size = 0;
        message::TransferEncoding encoding = message::TransferEncoding::identity;
        message::Departures departures;

        auto operator<=>(const Key&) const = default;
    };
    /// Where they stand, and how they are decoded; nullopt where that is a buffer of one reading,
    /// whose place another's may take.
    [[nodiscard]] std::optional<Key> key_of(const message::Part& part,
                                            message::Departures departures) const;

    base::ByteView raw_;
    std::map<Key, Content> contents_;
};

class Walk::Tree {
public:
    Tree(std::string path_prefix, std::size_t containers, std::string name,
         message::Departures those, KnownContents& contents)
        : prefix{std::move(path_prefix)}
        , depth{containers}
        , reading{std::move(name)}
        , departures{those}
        , known{contents}
    {
    }

    [[nodiscard]] bool is_strict() const { return reading == message::strict_reading; }
    void take(const message::Part& part, const KnownContents::Content& content);

    std::string prefix; // of paths: empty for the message itself, else of the file and "!"
    std::size_t depth;  // of containers around it
    std::string reading;
    message::Departures departures;
    KnownContents& known;
    message::Departures suggested; // what this reading leaves open
    std::vector<TreeLeaf> leaves;
};

} // namespace watchpost::inspect
