#include "inspect/engines/yara/yara_engine.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "diag/quote.h"
#include "inspect/engines/yara/builtin_rules.h"
#include "inspect/engines/yara/rule_set.h"
#include "verdict/finding_table.h"

namespace watchpost::inspect {

namespace {

using base::ErrorCode;
using base::Retry;
using namespace yara;

constexpr std::string_view engine_name = "yara";

/// Where in the message the scanned bytes stand.
struct Place {
    std::string_view part;
    std::string_view reading;
};

verdict::Importance importance_of(const RuleMatch& match, verdict::Importance otherwise)
{
    const std::string word = base::lower_case(match.importance);
    if (word == "critical") {
        return verdict::Importance::high;
    }
    if (word == "info" || word == "informational") {
        return verdict::Importance::none;
    }
    return verdict::parse_importance(word).value_or(otherwise);
}

std::string describe_match(const RuleMatch& match)
{
    std::string text =
        match.description.empty() ? std::string{} : diag::quote(match.description) + ' ';
    text += "(rules " + diag::quote(match.source);
    std::string_view separator = "; at ";
    for (const StringMatch& string : match.strings) {
        text += separator;
        text += diag::quote(string.identifier) + ' ' + std::to_string(string.offset);
        separator = ", ";
    }
    return text + (match.has_more_strings ? ", …)" : ")");
}

using Importances = std::map<std::string, verdict::Importance>; // by RuleSource::name

class YaraEngine final : public Engine {
public:
    YaraEngine(RuleSet rules, Importances importances, std::size_t matches_max)
        : rules_{std::move(rules)}
        , importances_{std::move(importances)}
        , matches_max_{matches_max}
    {
    }

    [[nodiscard]] std::string_view name() const noexcept override { return engine_name; }

    [[nodiscard]] std::uint32_t rule_count() const noexcept override { return rules_.rule_count(); }

    void on_message(base::ByteView raw, const Budget& budget, FindingSink& sink) override
    {
        scan(raw, {{}, "strict"}, budget, sink);
    }

    void on_leaf(const Leaf& leaf, const Budget& budget, FindingSink& sink) override
    {
        scan(leaf.bytes, {leaf.path, leaf.reading}, budget, sink);
    }

    /// The targets only: the wrapped forms stand in leaves that were scanned.
    void on_links(const std::vector<model::Link>& links, const Budget& budget,
                  FindingSink& sink) override
    {
        std::map<std::string_view, std::string> targets; // by part, one a line
        for (const model::Link& link : links) {
            for (const model::UnwrappingStep& step : link.unwrapped) {
                targets[link.part] += step.url + '\n';
            }
        }
        for (const auto& [part, text] : targets) {
            scan(base::as_bytes(text), {part, "strict"}, budget, sink);
        }
    }

    void on_unopened(const Unopened& /*container*/, FindingSink& /*sink*/) override {}

private:
    void scan(base::ByteView bytes, Place place, const Budget& budget, FindingSink& sink);
    void tell_gaps(const ScanResult& result, Place place, FindingSink& sink) const;

    RuleSet rules_;
    Importances importances_;
    std::size_t matches_max_;
};

void add_gap(FindingSink& sink, Place place, std::string_view reason, std::string detail)
{
    sink.add(verdict::NotInspected{std::string{place.part}, std::string{engine_name},
                                   std::string{reason}, std::move(detail)});
}

void YaraEngine::scan(base::ByteView bytes, Place place, const Budget& budget, FindingSink& sink)
{
    if (bytes.empty()) {
        return;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        budget.deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
        add_gap(sink, place, "engine_timed_out", "no time was left for the rules");
        return;
    }
    ScanResult result = rules_.scan(bytes, left, matches_max_);
    for (RuleMatch& match : result.matches) {
        verdict::Finding finding = verdict::make_finding("yara.match");
        const auto file = importances_.find(match.source);
        finding.importance =
            importance_of(match, file == importances_.end() ? finding.importance : file->second);
        finding.part = place.part;
        finding.reading = place.reading;
        finding.detail = describe_match(match);
        finding.rule = std::move(match.rule);
        sink.add(std::move(finding));
    }
    tell_gaps(result, place, sink);
}

void YaraEngine::tell_gaps(const ScanResult& result, Place place, FindingSink& sink) const
{
    if (result.has_more_matches) {
        add_gap(sink, place, "limit_matches",
                "more than " + std::to_string(matches_max_) + " rules match");
        return;
    }
    for (const std::string& string : result.flooding_strings) {
        add_gap(sink, place, "limit_matches",
                "the string " + diag::quote(string) + " of a rule matches too often");
    }
    if (result.end == ScanEnd::timed_out) {
        add_gap(sink, place, "engine_timed_out", "the rules need more time than was left");
    } else if (result.end == ScanEnd::failed) {
        add_gap(sink, place, "engine_failed", result.failure);
    }
}

/// Bytes of the file, one more than bytes_max where it is longer.
base::Result<std::string> read_bytes(const std::filesystem::path& path, std::size_t bytes_max)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        return base::fail(base::system_error("open", error ? error.value() : ENOENT));
    }
    if (!std::filesystem::is_regular_file(status)) {
        return base::fail(ErrorCode::invalid_argument, Retry::never, "it is not a regular file");
    }
    errno = 0;
    std::ifstream file{path, std::ios::binary};
    std::string text;
    std::array<char, 65'536> piece{};
    while (file && text.size() <= bytes_max) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (!file.is_open() || file.bad()) {
        return base::fail(base::system_error("read", errno != 0 ? errno : EIO));
    }
    return text;
}

base::Result<RuleSource> read_rule_file(const std::filesystem::path& path, std::size_t bytes_max)
{
    auto text = read_bytes(path, bytes_max);
    if (text && text->size() > bytes_max) {
        text = base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "it is larger than " + base::to_readable_bytes(bytes_max));
    }
    if (!text) {
        return base::fail(
            std::move(text.error()).during("read the YARA rules " + diag::quote(path.native())));
    }
    return RuleSource{path.native(), std::move(*text)};
}

} // namespace

base::Result<std::unique_ptr<Engine>> make_yara_engine(const YaraSettings& settings)
{
    std::vector<RuleSource> sources;
    if (settings.builtin == BuiltinRules::on) {
        sources.push_back({std::string{builtin_name}, std::string{builtin_rules()}});
    }
    for (const auto& path : settings.rule_files) {
        auto source = read_rule_file(path, settings.rule_file_bytes_max);
        if (!source) {
            return base::fail(std::move(source.error()));
        }
        sources.push_back(std::move(*source));
    }
    Importances importances;
    for (const YaraFile& file : settings.files) {
        auto source = read_rule_file(file.path, settings.rule_file_bytes_max);
        if (!source) {
            return base::fail(std::move(source.error()));
        }
        importances[file.name] = file.importance;
        sources.push_back({file.name, std::move(source->text)});
    }
    for (const YaraText& text : settings.texts) {
        sources.push_back({text.name, text.text});
    }
    auto rules = RuleSet::compile(sources);
    if (!rules) {
        return base::fail(std::move(rules.error()).during("load the YARA rules"));
    }
    return std::make_unique<YaraEngine>(std::move(*rules), std::move(importances),
                                        settings.matches_max);
}

base::Result<std::uint32_t> builtin_rule_count()
{
    const auto rules =
        RuleSet::compile({{std::string{builtin_name}, std::string{builtin_rules()}}});
    return rules ? base::Result<std::uint32_t>{rules->rule_count()} : base::fail(rules.error());
}

} // namespace watchpost::inspect
