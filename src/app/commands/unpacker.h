// `watchpost unpacker`: the inside of the sandbox. Started by the program itself.
#pragma once

namespace watchpost::app {

int run_unpacker_command(int argument_count, char** arguments);

} // namespace watchpost::app
