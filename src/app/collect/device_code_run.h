// `watchpost check device-code`: gets a refresh token by device code and writes it to a file.
#pragma once

namespace watchpost::app {

int run_device_code(int argument_count, char** arguments);

} // namespace watchpost::app
