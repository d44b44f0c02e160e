// `watchpost inspector`: the inside of the sandbox. Started by the program itself.
#pragma once

namespace watchpost::app {

int run_inspector_command(int argument_count, char** arguments);

} // namespace watchpost::app
