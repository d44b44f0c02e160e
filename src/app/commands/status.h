// `watchpost status`: what runs, what waits, what is wrong.
#pragma once

namespace watchpost::app {

int run_status(int argument_count, char** arguments);

} // namespace watchpost::app
