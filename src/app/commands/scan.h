// `watchpost scan`: takes messages apart and inspects them.
#pragma once

namespace watchpost::app {

int run_scan(int argument_count, char** arguments);

} // namespace watchpost::app
