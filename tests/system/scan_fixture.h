// The real program's `scan` and its JSON, for the tests of this folder.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/mail_maker.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::test {

using Json = nlohmann::json;

struct ScanResult {
    int exit_code = -1;
    std::vector<Json> lines; // empty for text output
    std::string out;
    std::string err;
};

/// `watchpost scan` without clamd, whatever this machine runs.
inline ScanResult scan(std::vector<std::string> arguments, std::string input = "")
{
    const TempDir folder;
    const auto settings = folder.write("off.toml", "[engines]\nclamav = \"off\"\n");
    std::vector<std::string> command{watchpost_program(), "scan"};
    if (std::find(arguments.begin(), arguments.end(), "--config") == arguments.end()) {
        command.insert(command.end(), {"--config", settings.native()});
    }
    command.insert(command.end(), arguments.begin(), arguments.end());
    ProgramOptions options;
    options.input = std::move(input);
    options.time_max = std::chrono::seconds{300};
    const auto result = run_program(command, options);
    return {result.exit_code, {}, result.out, result.err};
}

inline ScanResult scan_json(std::vector<std::string> arguments, std::string input = "")
{
    arguments.insert(arguments.begin(), "--json");
    auto result = scan(std::move(arguments), std::move(input));
    for (std::size_t at = 0; at < result.out.size();) {
        const auto end = std::min(result.out.find('\n', at), result.out.size());
        result.lines.push_back(Json::parse(result.out.substr(at, end - at)));
        at = end + 1;
    }
    return result;
}

/// The one line of a scan of this message by standard input.
inline Json scan_message(const std::string& message, std::vector<std::string> arguments = {})
{
    arguments.emplace_back("-");
    return scan_json(std::move(arguments), message).lines.at(0);
}

/// Several message/partial of one message have a line more, of what they make together.
inline bool is_of_joined_pieces(const Json& line)
{
    return line.at("file").get<std::string>().starts_with("joined: ");
}

/// "yara.match 2!a.com" for each finding.
inline std::vector<std::string> findings_of(const Json& line)
{
    std::vector<std::string> found;
    for (const auto& finding : line.at("findings")) {
        found.push_back(finding.at("id").get<std::string>() + ' ' +
                        finding.at("part").get<std::string>());
    }
    return found;
}

inline std::vector<std::string> paths_of(const Json& line)
{
    std::vector<std::string> found;
    for (const auto& part : line.at("parts")) {
        found.push_back(part.at("path"));
    }
    return found;
}

/// "encrypted_archive 2!a.zip" for each gap.
inline std::vector<std::string> gaps_of(const Json& line)
{
    std::vector<std::string> found;
    for (const auto& gap : line.at("not_inspected")) {
        found.push_back(gap.at("reason").get<std::string>() + ' ' +
                        gap.at("part").get<std::string>());
    }
    return found;
}

} // namespace watchpost::test
