// A password from a file, so that it stands on no command line and in no environment.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::app {

/// The file's one line, without its line end. Refuses an empty file, one with more lines, and one
/// that is longer than a password can be. The error names the file and the remedy.
[[nodiscard]] base::Result<std::string>
read_password_file(const std::string& file, std::string_view option = "--password-file");

} // namespace watchpost::app
