// `watchpost serve`: the whole product on one machine, supervised.
#pragma once

namespace watchpost::app {

int run_serve(int argument_count, char** arguments);

} // namespace watchpost::app
