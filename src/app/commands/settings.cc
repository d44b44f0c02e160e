#include "app/commands/settings.h"

#include <cstdio>
#include <string>
#include <string_view>

#include "config/settings_text.h"

namespace watchpost::app {
namespace {

constexpr std::string_view usage =
    "Usage: watchpost settings [--page]\n\n"
    "Prints a settings file with every setting at its default, each under its explanation:\n"
    "  watchpost settings > watchpost.toml\n\n"
    "  --page   print the page of the manual (docs/settings.md) instead\n"
    "  --help   this text\n";

int print(std::FILE* out, std::string_view text)
{
    const bool is_written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
    return is_written && std::fflush(out) == 0 ? 0 : 3;
}

} // namespace

int run_settings(int argument_count, char** arguments)
{
    const std::string_view option = argument_count > 1 ? arguments[1] : "";
    if (option == "--help" || option == "-h") {
        return print(stdout, usage);
    }
    if (argument_count > 2 || (argument_count == 2 && option != "--page")) {
        print(stderr, usage);
        return 2;
    }
    return print(stdout, option == "--page" ? config::settings_page() : config::example_file());
}

} // namespace watchpost::app
