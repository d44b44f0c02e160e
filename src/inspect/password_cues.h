// The words by which people announce a password, in the languages of the table.
//
// Pure functions, thread-safe. All texts are UTF-8 with their case folded by fold_case().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::inspect {

/// Lower case for ASCII, European Latin, Greek and Cyrillic, by the octet: every character keeps
/// its length, so that places in the folded text are those in the text itself.
[[nodiscard]] std::string fold_case(std::string_view text);

struct Cue {
    std::size_t begin = 0; // of the word, with what it is a part of
    std::size_t end = 0;
};

/// Every announcing word in the text, in its order; at most `count_max`.
[[nodiscard]] std::vector<Cue> find_password_cues(std::string_view folded, std::size_t count_max);

/// What a password is said to be, where it is not written down itself.
enum class PasswordMeaning : std::uint8_t {
    year,      // "the password is the year"
    date,      // "… today's date"
    file_name, // "… the name of the file"
    address    // "… your e-mail address"
};

/// What the words around a cue speak of.
[[nodiscard]] std::vector<PasswordMeaning> find_password_meanings(std::string_view folded);

} // namespace watchpost::inspect
