// `watchpost version`.
#pragma once

namespace watchpost::app {

int run_version(int argument_count, char** arguments);

} // namespace watchpost::app
