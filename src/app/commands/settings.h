// `watchpost settings`: the settings that there are, as an annotated file to start from.
#pragma once

namespace watchpost::app {

int run_settings(int argument_count, char** arguments);

} // namespace watchpost::app
