// `watchpost collector`: the process that polls the mailboxes. Started by the supervisor.
#pragma once

namespace watchpost::app {

[[nodiscard]] int run_collector_command(int argument_count, char** arguments);

} // namespace watchpost::app
