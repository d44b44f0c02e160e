// The settings on their way into an inspector process, as octets.
//
// Comes from our own parent process, so it is decoded strictly but not treated as hostile.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "config/settings.h"
#include "inspect/object_view.h"
#include "pipeline/service_messages.h"

namespace watchpost::app {

struct InspectorConfiguration {
    config::Settings settings = {};
    std::vector<pipeline::RuleFile> rule_files = {};     // the console's
    std::optional<pipeline::RuleCheck> rule_check = {};  // these rules alone: do they compile?
    std::optional<inspect::ObjectWish> object_wish = {}; // one object of one message, to be seen
};

[[nodiscard]] base::Bytes encode_configuration(const InspectorConfiguration& configuration);
[[nodiscard]] base::Result<InspectorConfiguration> decode_configuration(base::ByteView bytes);

[[nodiscard]] base::Bytes encode_settings(const config::Settings& settings);
[[nodiscard]] base::Result<config::Settings> decode_settings(base::ByteView bytes);

} // namespace watchpost::app
