// The declaration as text for people: the annotated example file and the page of the manual.
#pragma once

#include <string>

namespace watchpost::config {

/// A settings file with every setting at its default, each under its sentence. Reading it changes
/// nothing.
[[nodiscard]] std::string example_file();

/// docs/settings.md.
[[nodiscard]] std::string settings_page();

} // namespace watchpost::config
