// What pipeline and control say to each other over the hub, as JSON: both directions of each.
//
// Decoders are strict: invalid_argument names what is wrong. Pure functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/copy_setting.h"
#include "pipeline/record_sink.h"
#include "store/records.h"
#include "verdict/finding.h"

namespace watchpost::pipeline {

/// A YARA file of the console. Its importance is that of a finding whose rule names none.
struct RuleFile {
    std::filesystem::path path;
    std::string name;
    verdict::Importance importance = verdict::Importance::high;

    friend bool operator==(const RuleFile&, const RuleFile&) = default;
};

/// All files of the console. What the pipeline says it works with names the revision, so that
/// control knows when it may remove the files of an older list.
struct RuleList {
    std::vector<RuleFile> files;
    std::uint64_t revision = 0; // 0: no list was told yet

    friend bool operator==(const RuleList&, const RuleList&) = default;
};

/// How copies arrive in each mailbox, by its id; a mailbox that is not named is automatic.
using CopySettings = std::map<std::string, model::CopySetting>;

struct RuleCheck {
    std::string name;
    std::string source;
};

struct EngineState {
    std::string name;
    std::string state; // "on", "off", "down"
    std::string version;
    std::string last_error;

    friend bool operator==(const EngineState&, const EngineState&) = default;
};

struct PipelineStatus {
    std::vector<EngineState> engines;
    std::uint64_t backlog = 0;
    std::uint64_t awaiting_reinspection = 0;
    std::optional<base::Instant> oldest_at;
    std::vector<std::string> warnings;
    std::uint32_t builtin_rule_count = 0;
    std::uint64_t rules_revision = 0; // of the RuleList in use: no file of another one is opened

    friend bool operator==(const PipelineStatus&, const PipelineStatus&) = default;
};

struct RecordCall {
    store::MessageRecord record;
    Inspection inspection = Inspection::first;
};

[[nodiscard]] std::string to_json(const RecordCall& call);
[[nodiscard]] base::Result<RecordCall> parse_record_call(const std::string& json);

[[nodiscard]] std::string to_json(const store::Recorded& recorded);
[[nodiscard]] base::Result<store::Recorded> parse_recorded(const std::string& json);

/// `{"ids":[…]}` and `{"recorded":[…]}`: the member's name is `name`.
[[nodiscard]] std::string ids_to_json(const std::string& name,
                                      const std::vector<store::MessageId>& ids);
[[nodiscard]] base::Result<std::vector<store::MessageId>> parse_ids(const std::string& name,
                                                                    const std::string& json);

[[nodiscard]] std::string to_json(const std::vector<store::AwaitingMessage>& messages);
[[nodiscard]] base::Result<std::vector<store::AwaitingMessage>>
parse_awaiting(const std::string& json);

[[nodiscard]] std::string to_json(const CopySettings& copies);
[[nodiscard]] base::Result<CopySettings> parse_copies(const std::string& json);

[[nodiscard]] std::string limit_to_json(std::uint32_t limit);
[[nodiscard]] base::Result<std::uint32_t> parse_limit(const std::string& json);

[[nodiscard]] std::string to_json(const RuleList& list);
[[nodiscard]] base::Result<RuleList> parse_rule_list(const std::string& json);

[[nodiscard]] std::string to_json(const RuleCheck& check);
[[nodiscard]] base::Result<RuleCheck> parse_rule_check(const std::string& json);
[[nodiscard]] std::string rule_count_to_json(std::uint32_t count);
[[nodiscard]] base::Result<std::uint32_t> parse_rule_count(const std::string& json);

[[nodiscard]] std::string message_to_json(store::MessageId id);
[[nodiscard]] base::Result<store::MessageId> parse_message(const std::string& json);

[[nodiscard]] std::string to_json(const PipelineStatus& status);
[[nodiscard]] base::Result<PipelineStatus> parse_pipeline_status(const std::string& json);

} // namespace watchpost::pipeline
