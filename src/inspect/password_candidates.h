// What in a message's texts may be a password: the words and quoted texts near a cue, what the
// sentence around it says that it is, and in short texts every word.
//
// No I/O. Not thread-safe.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "unpack/passwords.h"

namespace watchpost::inspect {

/// What sentences such as "the password is the year" speak of.
struct PasswordFacts {
    std::optional<base::Instant> sent_at; // as the message says
    std::vector<std::string> file_names;
    std::vector<std::string> addresses; // "local@domain"
};

class PasswordCandidates {
public:
    static constexpr std::size_t count_max = 200;          // of one message
    static constexpr std::size_t text_bytes_max = 262'144; // looked at, of one text
    static constexpr std::size_t cues_max = 200;           // of one text
    static constexpr std::size_t password_bytes_max = 64;  // of a word
    static constexpr std::size_t short_text_bytes = 512;   // where every word is tried

    /// `source` is static; `text` is UTF-8.
    void read_text(std::string_view text, std::string_view source, const PasswordFacts& facts);
    void read_file_name(std::string_view name);

    /// The best first, those of one rank in the order in which they were found; at most count_max.
    [[nodiscard]] std::vector<unpack::Password> in_order() const;

private:
    enum class Rank : std::uint8_t { pointed_at, meant, near, anywhere };

    struct Found {
        Rank rank;
        std::size_t number;
        std::string_view source;
        auto operator<=>(const Found&) const = default;
    };

    class Source;
    void add(std::string_view text, Rank rank, std::string_view source);
    void add_word(std::string_view word, Rank rank, std::string_view source);

    std::unordered_map<std::string, Found> found_;
};

} // namespace watchpost::inspect
