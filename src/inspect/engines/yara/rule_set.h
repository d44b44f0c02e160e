// Compiled YARA rules and one scanner over them: libyara behind a plain border.
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::inspect::yara {

struct RuleSource {
    std::string name; // as messages call it: the file's path; its name space
    std::string text;
};

struct StringMatch {
    std::string identifier; // "$a"
    std::uint64_t offset = 0;
};

/// Texts come from the rule file: trusted no further than its author.
struct RuleMatch {
    std::string rule;
    std::string source;      // RuleSource::name
    std::string importance;  // metadata "importance", else "severity"; empty where neither stands
    std::string description; // metadata
    std::vector<StringMatch> strings; // the first offset of each, at most strings_max
    bool has_more_strings = false;

    static constexpr std::size_t strings_max = 8;
};

enum class ScanEnd : std::uint8_t { complete, timed_out, failed };

struct ScanResult {
    ScanEnd end = ScanEnd::complete;
    std::string failure;            // where it failed
    std::vector<RuleMatch> matches; // at most matches_max
    bool has_more_matches = false;
    std::vector<std::string> flooding_strings; // "rule $a": matched too often to be followed
};

class RuleSet {
public:
    static constexpr std::size_t messages_max = 20; // of the compiler, in an error

    /// Error invalid_argument with the compiler's messages, one a line: "file:12: text".
    [[nodiscard]] static base::Result<RuleSet> compile(const std::vector<RuleSource>& sources);

    RuleSet(RuleSet&&) noexcept;
    RuleSet& operator=(RuleSet&&) noexcept;
    RuleSet(const RuleSet&) = delete;
    RuleSet& operator=(const RuleSet&) = delete;
    ~RuleSet();

    [[nodiscard]] std::uint32_t rule_count() const noexcept;

    /// Opens no file. libyara counts time in whole seconds: `time_max` is rounded up.
    [[nodiscard]] ScanResult scan(base::ByteView bytes, std::chrono::milliseconds time_max,
                                  std::size_t matches_max);

private:
    struct State;
    explicit RuleSet(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace watchpost::inspect::yara
