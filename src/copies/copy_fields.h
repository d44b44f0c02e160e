// What the header of a message says about its way into the collected mailbox. Private.
//
// One pass over the fields. Views into the message. Thread-safe.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "copies/limits.h"
#include "message/message.h"
#include "model/message_model.h"

namespace watchpost::copies {

struct CopyFields {
    const message::HeaderField* journal_marker = nullptr;
    const message::HeaderField* resent_from = nullptr;     // the newest: the first that stands
    std::vector<const message::HeaderField*> original_to;  // Google routing's X-Gm-Original-To
    std::vector<const message::HeaderField*> delivered_to; // above the first Received

    [[nodiscard]] bool is_empty() const noexcept
    {
        return journal_marker == nullptr && resent_from == nullptr && original_to.empty() &&
               delivered_to.empty();
    }
};

[[nodiscard]] CopyFields find_copy_fields(const message::Part& root);

/// Of the first field of that name; empty where there is none.
[[nodiscard]] std::vector<model::Mailbox>
addresses_of(const message::Part& root, std::initializer_list<std::string_view> fields,
             const Limits& limits);
[[nodiscard]] std::vector<model::Mailbox> addresses_in(std::string_view value,
                                                       const Limits& limits);
[[nodiscard]] std::string text_of(const message::Part& root, std::string_view field,
                                  const Limits& limits);
[[nodiscard]] std::string message_id_of(const message::Part& root);

/// From, To, Cc, Subject and Message-ID of the message as it arrived.
void fill_arrival(const message::Part& root, const Limits& limits, model::Arrival& arrived);
[[nodiscard]] std::vector<model::Field> delivered_to(const CopyFields& fields,
                                                     const Limits& limits);

} // namespace watchpost::copies
