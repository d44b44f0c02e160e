// One object of a kept message for a person: taken out of the message anew, in a sandboxed
// inspector of its own that ends with it.
//
// The octets of the message are never read outside of that process; what it sends home is a sealed
// memory file, which whoever shows it decodes (inspect/object_view.h). Thread-safe.
#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"
#include "inspect/object_view.h"
#include "os/unique_fd.h"
#include "pipeline/inspector_settings.h"
#include "pipeline/message_input.h"
#include "store/ids.h"

namespace watchpost::pipeline {

/// What control asks the pipeline for: the method "view_object".
struct ObjectCall {
    store::MessageId message;
    inspect::ObjectWish wish;
};

[[nodiscard]] std::string to_json(const ObjectCall& call);
[[nodiscard]] base::Result<ObjectCall> parse_object_call(const std::string& json);

/// `settings.configuration` is that of a viewer. The encoded view; not_found where the message has
/// no such object any more, engine_failed with a sentence where the inspector did not come to an
/// end, busy where two of them are at work already.
[[nodiscard]] base::Result<os::UniqueFd> view_object(const InspectorSettings& settings,
                                                     MessageInput message);

} // namespace watchpost::pipeline
