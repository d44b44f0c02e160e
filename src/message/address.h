// Address lists: From, To, Reply-To, Return-Path. RFC 5322 §3.4 with the obsolete forms of §4.4.
//
// Reads anything; where it has to guess it says so. One pass, no recursion. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::message {

/// All texts UTF-8; nothing is promised about what is a valid address.
struct Address {
    std::string display_name; // decoded; of a comment where there is no other
    std::string local_part;   // as written, quotes included
    std::string domain;       // as written, white space taken out
};

struct AddressList {
    std::vector<Address> addresses; // members of groups among the others
    bool has_group = false;         // "Friends: a@b, c@d;"
    bool had_to_guess = false;      // not of RFC 5322's syntax
    bool was_cut = false;           // more than count_max
};

/// An empty group becomes an entry with the group's name and no address: "Undisclosed recipients".
[[nodiscard]] AddressList parse_addresses(std::string_view raw, std::size_t count_max);

} // namespace watchpost::message
