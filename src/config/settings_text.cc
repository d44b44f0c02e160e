#include "config/settings_text.h"

#include <type_traits>

#include "config/setting_table.h"

namespace watchpost::config {
namespace {

/// TOML basic string; defaults hold nothing that needs more than these two escapes.
std::string toml_string(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out += '"';
}

std::string_view to_string(Switch value)
{
    switch (value) {
    case Switch::off:
        return "off";
    case Switch::on:
        return "on";
    case Switch::automatic:
        break;
    }
    return "automatic";
}

std::string text_of(bool value)
{
    return value ? "true" : "false";
}

std::string text_of(Switch value)
{
    return toml_string(to_string(value));
}

std::string text_of(std::uint64_t value)
{
    return std::to_string(value);
}

std::string text_of(const std::filesystem::path& value)
{
    return toml_string(value.native());
}

template <typename T>
std::string text_of(const std::vector<T>& values)
{
    std::string out = "[";
    for (const T& value : values) {
        out += (out.size() > 1 ? ", " : "") + toml_string(std::filesystem::path{value}.native());
    }
    return out += ']';
}

std::string value_text(const Setting& setting)
{
    return std::visit([](const auto* value) { return text_of(*value); }, setting.slot);
}

std::string values_allowed(const Setting& setting)
{
    if (std::holds_alternative<bool*>(setting.slot)) {
        return "true, false";
    }
    if (std::holds_alternative<Switch*>(setting.slot)) {
        return "\"on\", \"off\", \"automatic\"";
    }
    if (std::holds_alternative<std::uint64_t*>(setting.slot)) {
        return std::to_string(setting.least) + " to " + std::to_string(setting.most);
    }
    return std::holds_alternative<std::filesystem::path*>(setting.slot)      ? "a path"
           : std::holds_alternative<std::vector<std::string>*>(setting.slot) ? "a list of texts"
                                                                             : "a list of paths";
}

/// "# " lines of at most 100 columns.
std::string comment(std::string_view sentence)
{
    constexpr std::size_t width = 98;
    std::string out;
    while (sentence.size() > width) {
        const auto space = sentence.rfind(' ', width);
        out.append("# ").append(sentence.substr(0, space)).append("\n");
        sentence.remove_prefix(space + 1);
    }
    return out.append("# ").append(sentence).append("\n");
}

} // namespace

std::string example_file()
{
    Settings defaults;
    const auto table = setting_table(defaults);
    std::string out =
        "# Settings of Watchpost. Every value below is the default: keep what you change.\n"
        "# A relative path is taken from this file's folder.\n";
    for (const Section& section : section_table()) {
        out += '\n' + comment(section.sentence) + '[' + std::string{section.name} + "]\n";
        for (const Setting& setting : table) {
            if (setting.section == section.name) {
                out += '\n' + comment(setting.sentence) + "# Values: " + values_allowed(setting) +
                       '\n';
                out += std::string{setting.name} + " = " + value_text(setting) + '\n';
            }
        }
    }
    return out;
}

std::string settings_page()
{
    Settings defaults;
    const auto table = setting_table(defaults);
    std::string out = "# Settings\n\n"
                      "This page is generated from the declaration: `watchpost settings --page > "
                      "docs/settings.md`. "
                      "`watchpost settings`\nprints the same as an annotated file to start from; "
                      "`--config FILE` gives "
                      "a file to a command. The file is\nTOML 1.0. An unknown key or a value that "
                      "does not fit stops "
                      "the program with file, line, key and remedy.\nA relative path is taken from "
                      "the file's folder.\n";
    for (const Section& section : section_table()) {
        out += "\n## [" + std::string{section.name} + "]\n\n" + std::string{section.sentence} +
               "\n\n| key | default | values | what it does |\n|---|---|---|---|\n";
        for (const Setting& setting : table) {
            if (setting.section == section.name) {
                out += "| `" + std::string{setting.name} + "` | `" + value_text(setting) + "` | " +
                       values_allowed(setting) + " | " + std::string{setting.sentence} + " |\n";
            }
        }
    }
    return out;
}

} // namespace watchpost::config
