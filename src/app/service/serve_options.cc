#include "app/service/serve_options.h"

#include <array>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/bytes.h"
#include "config/settings_file.h"
#include "diag/quote.h"
#include "net/server_name.h"

namespace watchpost::app {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::uint64_t port_max = 65'535;

/// As they were typed.
struct Typed {
    std::string state = default_state_folder;
    std::string settings;
    std::string listen = "127.0.0.1:8443";
    bool demo = false;
    std::string users = "watchpost,watchpost-collector,watchpost-pipeline";
};

void declare(CLI::App& cli, Typed& typed)
{
    cli.add_option("--state", typed.state,
                   "Folder of everything that is kept, made where it is not there (default: " +
                       std::string{default_state_folder} + ")")
        ->type_name("FOLDER");
    cli.add_option(
           "--settings,--config", typed.settings,
           "Settings of engines and limits; `watchpost settings` prints a file to start from")
        ->type_name("FILE");
    cli.add_option("--listen", typed.listen,
                   "Address and port of console and API (default: 127.0.0.1:8443; port 0: any)")
        ->type_name("ADDRESS:PORT");
    cli.add_option("--users", typed.users,
                   "Where root starts it: users of control, collector and pipeline, by name or "
                   "UID:GID; \"one\" lets all of them stay root (default: " +
                       typed.users + ")")
        ->type_name("A,B,C");
    cli.add_flag("--demo", typed.demo, "Say in the console that this is a demo");
    cli.footer(
        "Runs in the foreground until SIGINT or SIGTERM. Prints the console's address once it "
        "is ready, and at the very\nfirst start a password; the log goes to standard error.\n"
        "Exit code: 0 ended as asked, 78 something has to be mended first: its last line says "
        "what.");
}

base::Failure invalid(std::string message)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(message));
}

/// "127.0.0.1:8443", "[::1]:8443".
Result<void> take_listen(const std::string& text, ServeOptions& options)
{
    const auto colon = text.rfind(':');
    const auto host = net::parse_server_name(text.substr(0, colon));
    const std::string_view digits =
        colon == std::string::npos ? std::string_view{} : std::string_view{text}.substr(colon + 1);
    const auto port = base::parse_decimal(digits).value_or(port_max + 1);
    if (!host || host->kind != net::ServerName::Kind::address || port > port_max) {
        return invalid("--listen: \"" + diag::quote(text) +
                       "\" is not of the form 127.0.0.1:8443 or [::1]:8443");
    }
    options.address = host->text;
    options.port = static_cast<std::uint16_t>(port);
    return {};
}

Result<std::filesystem::path> absolute(const std::string& path)
{
    std::error_code error;
    auto result = std::filesystem::absolute(path, error).lexically_normal();
    if (error) {
        return base::fail(base::system_error("find " + diag::quote(path), error.value()));
    }
    if (!result.has_filename()) {
        result = result.parent_path(); // it was typed with a slash at its end
    }
    return result;
}

Result<std::array<os::User, 3>> find_users(const std::string& text)
{
    std::array<os::User, 3> users{};
    std::string_view rest = text;
    for (std::size_t i = 0; i < users.size(); ++i) {
        const auto comma = rest.find(',');
        if ((comma == std::string_view::npos) != (i + 1 == users.size())) {
            return invalid("--users: name three users, with a comma between them");
        }
        const auto user = os::find_user(std::string{rest.substr(0, comma)});
        if (!user) {
            return base::fail(user.error());
        }
        users.at(i) = *user;
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    return users;
}

/// Without root nobody can become another user; that, and root for all, is said wherever somebody
/// looks.
Result<void> take_users(const std::string& text, ServeOptions& options)
{
    const auto me = os::current_user();
    options.users = {me, me, me};
    if (me.uid != 0) {
        options.warnings.emplace_back(
            "All processes run as one user, since root did not start them: a break-in into one "
            "reaches what the others hold. Started by root they have users of their own.");
        return {};
    }
    if (text == "one") {
        options.warnings.emplace_back(
            "All processes run as root (--users one): a break-in into one reaches the whole "
            "machine. Let them have users of their own.");
        return {};
    }
    const auto users = find_users(text);
    if (!users) {
        return base::fail(base::Error{users.error()}.during(
            "find the users of the processes (packaging/make-users makes them; --users names "
            "others)"));
    }
    const auto& [control, collector, pipeline] = *users;
    if (control.gid != collector.gid || control.gid != pipeline.gid) {
        return invalid("--users: the three users must have the same group, by which they share "
                       "the state folder");
    }
    options.users = {control, collector, pipeline};
    return {};
}

Result<ServeOptions> to_options(const Typed& typed)
{
    ServeOptions options;
    options.is_demo = typed.demo;
    if (auto taken = take_listen(typed.listen, options); !taken) {
        return base::fail(std::move(taken.error()));
    }
    if (auto taken = take_users(typed.users, options); !taken) {
        return base::fail(std::move(taken.error()));
    }
    auto state = absolute(typed.state);
    if (!state) {
        return base::fail(std::move(state.error()));
    }
    options.state = *std::move(state);
    if (!typed.settings.empty()) {
        auto settings = absolute(typed.settings);
        auto read = settings ? config::read_settings_file(*settings)
                             : Result<config::Settings>{base::fail(settings.error())};
        if (!read) {
            return base::fail(std::move(read.error()));
        }
        options.settings = *std::move(settings);
    }
    return options;
}

} // namespace

Result<std::variant<ServeOptions, ServeHelp>> parse_serve_options(int argument_count,
                                                                  char** arguments)
{
    CLI::App cli{"Runs Watchpost: collects mailboxes, inspects, and serves the console.",
                 "watchpost serve"};
    Typed typed;
    declare(cli, typed);
    try {
        cli.parse(argument_count, arguments);
    } catch (const CLI::CallForHelp&) {
        return ServeHelp{cli.help()};
    } catch (const CLI::ParseError& error) {
        return invalid(diag::quote(error.what()) + "; `watchpost serve --help` tells the options");
    }
    auto options = to_options(typed);
    if (!options) {
        return base::fail(std::move(options.error()));
    }
    return *std::move(options);
}

} // namespace watchpost::app
