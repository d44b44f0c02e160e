#include "app/service/control_link.h"

#include <utility>

#include "hub/client.h"
#include "node/state_folder.h"

namespace watchpost::app {

void declare_state(CLI::App& cli, std::string& state)
{
    cli.add_option("--state", state, "State folder of the service (default: " + state + ")");
}

base::Result<std::string> ask_control(const std::string& state, std::string_view method,
                                      const std::string& json, std::chrono::seconds time_max)
{
    const auto deadline = std::chrono::steady_clock::now() + time_max;
    auto link = hub::connect(node::StateFolder{state}.socket(), hub::admin_role, deadline);
    if (!link) {
        return base::fail(std::move(link.error())
                              .during("reach Watchpost in " + state +
                                      " (is it running? --state names another folder)"));
    }
    return (*link)->call(method, json, deadline).map([](const auto& answer) {
        return answer.json;
    });
}

} // namespace watchpost::app
