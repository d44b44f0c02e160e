// How the sender looks in mail programs, where that is not who sent the message: what an attacker
// makes of From, Sender and a display name. Facts, no verdict: mailing lists and calendars send for
// others every day. RFC 5322 §3.6.2. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "message/message.h"

namespace watchpost::message {

struct SenderNote {
    std::string_view id; // below; static storage
    std::string detail;  // UTF-8, hostile
};

/// Each at most once, in this order:
/// "no_from" · "several_from_fields" (the second one's text) · "several_authors" · "group" ·
/// "sender_differs" (Sender's address) · "address_is_encoded" (an encoded-word that programs show
/// as if it were the address) · "name_holds_address" (another one than From's) ·
/// "name_has_invisible_characters".
[[nodiscard]] std::vector<SenderNote> look_at_sender(const Part& root, std::size_t field_bytes_max);

} // namespace watchpost::message
