#include "inspect/engines/yara/rule_set.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "inspect/engines/yara/library.h"
#include "inspect/engines/yara/rule_compiler.h"

namespace watchpost::inspect::yara {

namespace {

/// What one scan collects; C code calls back into it.
struct Collector {
    ScanResult result;
    std::size_t matches_max = 0;
};

std::string metadata(const YR_RULE* rule, std::string_view identifier)
{
    const YR_META* meta = nullptr;
    yr_rule_metas_foreach(rule, meta)
    {
        if (meta->type == META_TYPE_STRING && identifier == meta->identifier) {
            return meta->string;
        }
    }
    return {};
}

/// libyara packs its matches without regard to alignment, hence the copy. nullopt where the string
/// did not match, or is private.
std::optional<YR_MATCH> first_match(YR_SCAN_CONTEXT* context, const YR_STRING* string)
{
    const void* const head = context->matches[string->idx].head;
    if (head == nullptr) {
        return std::nullopt;
    }
    YR_MATCH match{};
    std::memcpy(&match, head, sizeof match);
    return match.is_private ? std::nullopt : std::optional{match};
}

void add_strings(YR_SCAN_CONTEXT* context, const YR_RULE* rule, RuleMatch& match)
{
    YR_STRING* string = nullptr;
    yr_rule_strings_foreach(rule, string)
    {
        const auto first = first_match(context, string);
        if (!first) {
            continue;
        }
        if (match.strings.size() == RuleMatch::strings_max) {
            match.has_more_strings = true;
            return;
        }
        match.strings.push_back(
            {string->identifier, static_cast<std::uint64_t>(first->base + first->offset)});
    }
}

RuleMatch read_match(YR_SCAN_CONTEXT* context, const YR_RULE* rule)
{
    RuleMatch match;
    match.rule = rule->identifier;
    match.source = rule->ns->name;
    match.importance = metadata(rule, "importance");
    if (match.importance.empty()) {
        match.importance = metadata(rule, "severity");
    }
    match.description = metadata(rule, "description");
    add_strings(context, rule, match);
    return match;
}

/// noexcept: an exception must not unwind through libyara; out of memory ends the process.
int on_event(YR_SCAN_CONTEXT* context, int message, void* data, void* user_data) noexcept
{
    auto& collector = *static_cast<Collector*>(user_data);
    if (message == CALLBACK_MSG_RULE_MATCHING) {
        if (collector.result.matches.size() == collector.matches_max) {
            collector.result.has_more_matches = true;
            return CALLBACK_ABORT;
        }
        collector.result.matches.push_back(read_match(context, static_cast<const YR_RULE*>(data)));
    } else if (message == CALLBACK_MSG_TOO_MANY_MATCHES) {
        collector.result.flooding_strings.emplace_back(static_cast<YR_STRING*>(data)->identifier);
    }
    return CALLBACK_CONTINUE;
}

int to_whole_seconds(std::chrono::milliseconds time_max)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time_max).count();
    return static_cast<int>(
        std::clamp<std::int64_t>(seconds, 1, std::int64_t{24} * 3600)); // 0 means for ever
}

base::Result<Scanner> make_scanner(YR_RULES* rules)
{
    YR_SCANNER* scanner = nullptr;
    if (const int code = yr_scanner_create(rules, &scanner); code != ERROR_SUCCESS) {
        return base::fail(base::ErrorCode::internal, base::Retry::later, describe_error(code));
    }
    return Scanner{scanner};
}

int scan_with(YR_SCANNER* scanner, base::ByteView bytes, int seconds, Collector& collector)
{
    yr_scanner_set_callback(scanner, on_event, &collector);
    yr_scanner_set_timeout(scanner, seconds);
    // Fast: the first match of a string is enough unless a condition counts. No try/catch: a fault
    // in libyara must end this process and not be hidden by a signal handler.
    yr_scanner_set_flags(scanner, SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH |
                                      SCAN_FLAGS_REPORT_RULES_MATCHING);
    return yr_scanner_scan_mem(scanner, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                               bytes.size());
}

} // namespace

struct RuleSet::State {
    Rules rules; // outlives the scanner: destroyed after it
    Scanner scanner;
};

RuleSet::RuleSet(std::unique_ptr<State> state) : state_{std::move(state)} {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

namespace {

/// The module "magic" opens its data base at its first use. That must happen before the sandbox
/// closes, and in the thread that scans.
base::Result<void> open_magic_early()
{
    auto rules = compile_rules(
        {{"magic", "import \"magic\" rule first_use { condition: magic.type() == \"\" }"}});
    if (!rules) {
        return base::fail(std::move(rules.error()));
    }
    auto scanner = make_scanner(rules->get());
    if (!scanner) {
        return base::fail(std::move(scanner.error()));
    }
    Collector collector;
    constexpr std::string_view anything = "x";
    if (const int code = scan_with(scanner->get(), base::as_bytes(anything), 60, collector);
        code != ERROR_SUCCESS) {
        return base::fail(base::ErrorCode::internal, base::Retry::never,
                          "libyara's module \"magic\" does not start: " + describe_error(code));
    }
    return {};
}

/// True for every source that imports the module, and for some that only mention it.
bool names_magic(const RuleSource& source)
{
    return source.text.find("\"magic\"") != std::string::npos;
}

} // namespace

base::Result<RuleSet> RuleSet::compile(const std::vector<RuleSource>& sources)
{
    if (auto initialized = initialize_library(); !initialized) {
        return base::fail(std::move(initialized.error()));
    }
    auto rules = compile_rules(sources);
    if (!rules) {
        return base::fail(std::move(rules.error()));
    }
    auto scanner = make_scanner(rules->get());
    if (!scanner) {
        return base::fail(std::move(scanner.error()));
    }
    if (std::ranges::any_of(sources, names_magic)) {
        if (auto opened = open_magic_early(); !opened) {
            return base::fail(std::move(opened.error()));
        }
    }
    return RuleSet{std::make_unique<State>(std::move(*rules), std::move(*scanner))};
}

std::uint32_t RuleSet::rule_count() const noexcept
{
    return state_->rules->num_rules;
}

ScanResult RuleSet::scan(base::ByteView bytes, std::chrono::milliseconds time_max,
                         std::size_t matches_max)
{
    WP_ASSERT(state_ != nullptr);
    Collector collector;
    collector.matches_max = matches_max;
    const int code = scan_with(state_->scanner.get(), bytes, to_whole_seconds(time_max), collector);
    ScanResult result = std::move(collector.result);
    if (code == ERROR_SCAN_TIMEOUT) {
        result.end = ScanEnd::timed_out;
    } else if (code != ERROR_SUCCESS) {
        result.end = ScanEnd::failed;
        result.failure = describe_error(code);
    }
    return result;
}

} // namespace watchpost::inspect::yara
