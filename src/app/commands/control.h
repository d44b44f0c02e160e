// `watchpost control`: the process that has the store, the console and the API. Started by serve.
#pragma once

namespace watchpost::app {

int run_control_command(int argument_count, char** arguments);

} // namespace watchpost::app
