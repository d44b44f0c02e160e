#include "app/scan/scan_options.h"

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <utility>

#include <CLI/CLI.hpp>

#include "config/settings_file.h"
#include "diag/quote.h"

namespace watchpost::app {
namespace {

constexpr std::size_t password_file_bytes_max = std::size_t{1} << 20U;
constexpr unsigned inspectors_max = 256;

/// As they were typed.
struct Typed {
    bool json = false;
    std::string config;
    std::string clamd;
    std::vector<std::string> yara;
    std::string password_file;
    std::string spool;
    unsigned inspectors = 0;
    std::string copies{to_string(model::CopySetting::automatic)};
    std::vector<std::string> paths;
};

std::vector<std::string> copy_words()
{
    std::vector<std::string> words;
    words.reserve(model::all_copy_settings.size());
    for (const auto setting : model::all_copy_settings) {
        words.emplace_back(to_string(setting));
    }
    return words;
}

void declare(CLI::App& cli, Typed& typed)
{
    cli.add_flag("--json", typed.json, "One line of JSON a message (docs/scan-json.md)");
    cli.add_option("--config", typed.config,
                   "Settings file; `watchpost settings` prints one to start from");
    cli.add_option("--clamd", typed.clamd, "Ask the clamd behind this unix socket");
    cli.add_option("--yara", typed.yara,
                   "Rule file, besides those of the settings; may be repeated")
        ->allow_extra_args(false); // each takes one file, the next word is a message
    cli.add_option("--password-file", typed.password_file,
                   "One archive password a line, tried after those of the settings");
    cli.add_option("--spool", typed.spool,
                   "Inspect what `watchpost collect` stored in this folder");
    cli.add_option("--copies", typed.copies,
                   "How the messages came into their mailbox (docs/copies.md)")
        ->check(CLI::IsMember(copy_words()))
        ->capture_default_str();
    cli.add_option("--inspectors", typed.inspectors,
                   "Sandboxed processes at the same time (default: one a core)")
        ->check(CLI::Range(1U, inspectors_max));
    cli.add_option(
        "FILE", typed.paths,
        "Messages; folders are walked, hidden files too, links in them are not followed; - "
        "is standard input");
    cli.footer(
        "Exit code: 3 where a message could not be read, else 1 where something was detected,\n"
        "else 2 where a message was inspected only in part, else 0.");
}

base::Error invalid(std::string message)
{
    return base::Error{base::ErrorCode::invalid_argument, base::Retry::never, std::move(message)};
}

base::Result<std::vector<std::string>> read_passwords(const std::string& file)
{
    errno = 0;
    std::ifstream stream{file, std::ios::binary};
    std::vector<std::string> passwords;
    std::size_t bytes = 0;
    for (std::string line; std::getline(stream, line);) {
        bytes += line.size() + 1;
        if (bytes > password_file_bytes_max) {
            return base::fail(
                invalid(diag::quote(file) + " is larger than 1 MiB: is it a list of passwords?"));
        }
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        if (!line.empty()) {
            passwords.push_back(line);
        }
    }
    if (!stream.eof()) {
        return base::fail(base::system_error("read the passwords in " + diag::quote(file),
                                             errno != 0 ? errno : EIO));
    }
    return passwords;
}

/// A relative path on the command line is taken from the current folder, also in the inspectors.
std::filesystem::path absolute(const std::string& path)
{
    std::error_code ignored; // without a current folder it stays as it is and is not found
    auto result = std::filesystem::absolute(path, ignored);
    return ignored ? std::filesystem::path{path} : result;
}

base::Result<config::Settings> settings_of(const Typed& typed)
{
    auto settings =
        typed.config.empty() ? config::Settings{} : config::read_settings_file(typed.config);
    if (!settings) {
        return settings;
    }
    if (!typed.clamd.empty()) {
        settings->engines.clamav = config::Switch::on;
        settings->clamav.socket = absolute(typed.clamd);
    }
    for (const auto& file : typed.yara) {
        settings->engines.yara = true;
        settings->yara.rule_files.push_back(absolute(file));
    }
    if (!typed.password_file.empty()) {
        auto passwords = read_passwords(typed.password_file);
        if (!passwords) {
            return base::fail(std::move(passwords.error()));
        }
        auto& all = settings->archives.passwords;
        all.insert(all.end(), passwords->begin(), passwords->end());
    }
    if (typed.inspectors > 0) {
        settings->inspectors.count = typed.inspectors;
    }
    return settings;
}

} // namespace

base::Result<std::variant<ScanOptions, HelpWanted>> parse_scan_options(int argument_count,
                                                                       char** arguments)
{
    CLI::App cli{"Takes messages apart and inspects them, in the same sandbox as the service.",
                 "watchpost scan"};
    Typed typed;
    declare(cli, typed);
    try {
        cli.parse(argument_count, arguments);
    } catch (const CLI::CallForHelp&) {
        return HelpWanted{cli.help()};
    } catch (const CLI::ParseError& error) {
        return base::fail(
            invalid(diag::quote(error.what()) + "; `watchpost scan --help` tells the options"));
    }
    if (typed.paths.empty() == typed.spool.empty()) {
        return base::fail(invalid("give messages, folders or - to inspect, or else --spool; "
                                  "`watchpost scan --help` tells the options"));
    }
    auto settings = settings_of(typed);
    if (!settings) {
        return base::fail(std::move(settings.error()));
    }
    return ScanOptions{typed.json ? ScanFormat::json : ScanFormat::text, std::move(*settings),
                       std::move(typed.paths), typed.spool,
                       model::parse_copy_setting(typed.copies).value()};
}

} // namespace watchpost::app
