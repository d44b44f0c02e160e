// `watchpost check pop3`: "Test connection" from the shell.
#pragma once

namespace watchpost::app {

int run_check(int argument_count, char** arguments);

} // namespace watchpost::app
