// From the operator's settings to engines, limits and processes. The one place that knows every
// engine.
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "inspect/engine.h"
#include "inspect/inspection.h"
#include "inspect/leaf_scanner.h"
#include "pipeline/inspector_pool.h"
#include "pipeline/object_view_call.h"
#include "pipeline/service_messages.h"

namespace watchpost::app {

/// The engines inside an inspector that the settings switch on. Opens rule files, so it is called
/// before the sandbox closes; an error holds the YARA compiler's messages.
[[nodiscard]] base::Result<std::vector<std::unique_ptr<inspect::Engine>>>
make_engines(const config::Settings& settings,
             const std::vector<pipeline::RuleFile>& rule_files = {});

/// Only what it takes to see whether rules compile.
[[nodiscard]] base::Result<std::vector<std::unique_ptr<inspect::Engine>>>
make_rule_check(const pipeline::RuleCheck& check);

[[nodiscard]] inspect::InspectionSettings to_inspection_settings(const config::Settings& settings);

/// Is clamd to be asked? `automatic` is decided here, by the presence of its socket.
[[nodiscard]] bool uses_clamav(const config::Settings& settings);

/// A scanner that asks the clamd of the settings.
[[nodiscard]] std::unique_ptr<inspect::LeafScanner>
make_clamav_scanner(const config::Settings& settings);

/// Everything that a pool of inspectors needs. At most `waiting_max` messages wait for one.
[[nodiscard]] pipeline::PoolSettings
to_pool_settings(const config::Settings& settings,
                 const std::vector<pipeline::RuleFile>& rule_files = {});

/// The number of rules, or the compiler's messages, one a line. In a sandboxed process of its own.
[[nodiscard]] base::Result<std::uint32_t> check_rules(const pipeline::RuleCheck& check);

/// The encoded view of one object of the message, by a sandboxed process of its own.
[[nodiscard]] base::Result<os::UniqueFd> view_object(const config::Settings& settings,
                                                     inspect::ObjectWish wish,
                                                     pipeline::MessageInput message);

} // namespace watchpost::app
