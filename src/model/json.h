// The message data model as JSON, in the shape of docs/message-data-model.md.
//
// Written without a tree in between; read strictly, since what comes from an inspector is hostile:
// no unknown key, no missing one, no wrong type, no doubled key, within limits. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/message_model.h"

namespace watchpost::model {

/// One line of JSON; valid UTF-8 whatever the texts hold.
[[nodiscard]] std::string to_json(const MessageModel& message);

struct JsonLimits {
    std::size_t bytes_max = std::size_t{64} << 20U;
    std::size_t depth_max = 12;         // the shape needs 8
    std::size_t values_max = 1'000'000; // texts, numbers and so on, all together
};

/// What to_json writes, and nothing else. Errors: damaged, limit_exceeded.
[[nodiscard]] base::Result<MessageModel> from_json(std::string_view json,
                                                   const JsonLimits& limits = {});

} // namespace watchpost::model
