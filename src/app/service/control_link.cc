#include "app/service/control_link.h"

#include <utility>

#include "diag/quote.h"
#include "hub/client.h"
#include "node/state_folder.h"

namespace watchpost::app {

namespace {

using base::ErrorCode;

/// Empty where the error says all that can be said.
std::string_view remedy_of(ErrorCode code)
{
    if (code == ErrorCode::connection_lost) {
        return "is `watchpost serve` running? --state names the folder of another";
    }
    if (code == ErrorCode::permission_denied) {
        return "only root and control's user are answered";
    }
    if (code == ErrorCode::timed_out) {
        return "it runs but does not answer: its log may say why, and a new start helps";
    }
    if (code == ErrorCode::busy) {
        return "it is tried again by itself: ask once more in a minute";
    }
    if (code == ErrorCode::not_found) {
        return "the console lists the accounts under Users";
    }
    return {};
}

} // namespace

void declare_state(CLI::App& cli, std::string& state)
{
    cli.add_option("--state", state, "State folder of the service (default: " + state + ")")
        ->type_name("FOLDER");
}

base::Result<std::string> ask_control(const std::string& state, std::string_view method,
                                      const std::string& json, std::chrono::seconds time_max)
{
    const auto deadline = std::chrono::steady_clock::now() + time_max;
    auto link = hub::connect(node::StateFolder{state}.socket(), hub::admin_role, deadline);
    if (!link) {
        return base::fail(
            std::move(link.error()).during("reach Watchpost in " + diag::quote(state)));
    }
    return (*link)->call(method, json, deadline).map([](const auto& answer) {
        return answer.json;
    });
}

std::string explain(const base::Error& error)
{
    const auto remedy = remedy_of(error.code());
    return error.describe() + (remedy.empty() ? "" : "; ") + std::string{remedy};
}

} // namespace watchpost::app
