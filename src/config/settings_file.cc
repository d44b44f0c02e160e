#include "config/settings_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include <toml++/toml.h>

#include "config/setting_table.h"
#include "diag/quote.h"

namespace watchpost::config {
namespace {

constexpr std::uintmax_t file_bytes_max = std::uintmax_t{1} << 20U;

/// One file under way: its table and what errors call it.
class Reader {
public:
    explicit Reader(std::filesystem::path file) : file_{std::move(file)} {}

    [[nodiscard]] base::Result<Settings> read(std::string_view text);

private:
    using Done = base::Result<void>;

    [[nodiscard]] base::Failure refuse(const toml::source_region& where,
                                       std::string_view what) const;
    [[nodiscard]] Done walk(const toml::table& table, const std::string& prefix);
    [[nodiscard]] Done take(const toml::node& node, const std::string& key);
    [[nodiscard]] base::Failure unknown_key(const toml::node& node, const std::string& key) const;

    Done assign(bool& to, const toml::node& node, const Setting& setting) const;
    Done assign(Switch& to, const toml::node& node, const Setting& setting) const;
    Done assign(std::uint64_t& to, const toml::node& node, const Setting& setting) const;
    Done assign(std::filesystem::path& to, const toml::node& node, const Setting& setting) const;
    template <typename T>
    Done assign(std::vector<T>& to, const toml::node& node, const Setting& setting) const;

    [[nodiscard]] std::filesystem::path resolve(const std::string& text) const
    {
        return file_.parent_path() / text; // an absolute text replaces the folder
    }

    std::filesystem::path file_;
    Settings settings_;
    std::vector<Setting> table_ = setting_table(settings_);
};

base::Failure Reader::refuse(const toml::source_region& where, std::string_view what) const
{
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                      diag::quote(file_.native()) + ':' + std::to_string(where.begin.line) + ": " +
                          std::string{what});
}

base::Result<void> Reader::assign(bool& to, const toml::node& node, const Setting& setting) const
{
    const auto value = node.value_exact<bool>();
    if (!value) {
        return refuse(node.source(), setting.key() + " must be true or false");
    }
    to = *value;
    return {};
}

base::Result<void> Reader::assign(Switch& to, const toml::node& node, const Setting& setting) const
{
    const auto value = node.value_exact<std::string>();
    if (value == "on" || value == "off" || value == "automatic") {
        to = value == "on" ? Switch::on : value == "off" ? Switch::off : Switch::automatic;
        return {};
    }
    return refuse(node.source(), setting.key() + R"( must be "on", "off" or "automatic")");
}

base::Result<void> Reader::assign(std::uint64_t& to, const toml::node& node,
                                  const Setting& setting) const
{
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) < setting.least ||
        static_cast<std::uint64_t>(*value) > setting.most) {
        return refuse(node.source(), setting.key() + " must be a whole number from " +
                                         std::to_string(setting.least) + " to " +
                                         std::to_string(setting.most));
    }
    to = static_cast<std::uint64_t>(*value);
    return {};
}

base::Result<void> Reader::assign(std::filesystem::path& to, const toml::node& node,
                                  const Setting& setting) const
{
    const auto value = node.value_exact<std::string>();
    if (!value || value->empty()) {
        return refuse(node.source(), setting.key() + " must be a path in quotes");
    }
    to = resolve(*value);
    return {};
}

template <typename T>
base::Result<void> Reader::assign(std::vector<T>& to, const toml::node& node,
                                  const Setting& setting) const
{
    const auto* list = node.as_array();
    if (list == nullptr) {
        return refuse(node.source(), setting.key() + R"( must be a list, as in ["one", "two"])");
    }
    to.clear();
    for (const toml::node& element : *list) {
        const auto value = element.value_exact<std::string>();
        if (!value || value->empty()) {
            return refuse(element.source(), "each element of " + setting.key() +
                                                " must be a text in quotes, not empty");
        }
        if constexpr (std::is_same_v<T, std::filesystem::path>) {
            to.push_back(resolve(*value));
        } else {
            to.push_back(*value);
        }
    }
    return {};
}

/// How many letters differ at the best alignment: enough to guess what was meant.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
        }
    }
    return row[b.size()];
}

base::Failure Reader::unknown_key(const toml::node& node, const std::string& key) const
{
    constexpr std::size_t key_bytes_max = 100; // a longer one is no slip of the finger
    std::string what = "unknown key " + diag::quote(key);
    std::size_t best = 4;
    std::string meant;
    for (const Setting& setting : table_) {
        const auto distance = key.size() > key_bytes_max ? best : edit_distance(key, setting.key());
        if (distance < best) {
            best = distance;
            meant = setting.key();
        }
    }
    what += meant.empty() ? "; remove it" : "; did you mean " + meant + '?';
    return refuse(node.source(), what + " (`watchpost settings` lists all keys)");
}

base::Result<void> Reader::take(const toml::node& node, const std::string& key)
{
    const auto is_wanted = [&](const Setting& setting) { return setting.key() == key; };
    const auto found = std::find_if(table_.begin(), table_.end(), is_wanted);
    if (found == table_.end()) {
        return unknown_key(node, key);
    }
    return std::visit([&](auto* slot) { return assign(*slot, node, *found); }, found->slot);
}

base::Result<void> Reader::walk(const toml::table& table, const std::string& prefix)
{
    for (const auto& [name, node] : table) {
        const std::string key = prefix + std::string{name.str()};
        const bool is_section = std::any_of(
            section_table().begin(), section_table().end(), [&](const Section& section) {
                return section.name == key || section.name.starts_with(key + '.');
            });
        const auto* inner = is_section ? node.as_table() : nullptr;
        if (auto done = inner != nullptr ? walk(*inner, key + '.') : take(node, key); !done) {
            return done;
        }
    }
    return {};
}

base::Result<Settings> Reader::read(std::string_view text)
{
    const auto parsed = toml::parse(text);
    if (!parsed) {
        return refuse(parsed.error().source(),
                      "not TOML: " + diag::quote(parsed.error().description()));
    }
    if (auto done = walk(parsed.table(), ""); !done) {
        return base::fail(std::move(done.error()));
    }
    return settings_;
}

base::Error while_reading(base::Error error)
{
    return std::move(error).during("read the settings");
}

} // namespace

base::Result<Settings> parse_settings(std::string_view text, const std::filesystem::path& file)
{
    return Reader{file}.read(text).map_error(while_reading);
}

base::Result<Settings> read_settings_file(const std::filesystem::path& file)
{
    errno = 0;
    std::ifstream stream{file, std::ios::binary};
    std::string text;
    char block[4096];
    while (stream.read(block, sizeof block) || stream.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(stream.gcount()));
        if (text.size() > file_bytes_max) {
            return base::fail(base::Error{base::ErrorCode::limit_exceeded, base::Retry::never,
                                          diag::quote(file.native()) +
                                              " is larger than 1 MiB: is it a settings file?"}
                                  .during("read the settings"));
        }
    }
    if (!stream.eof()) {
        const int number = errno != 0 ? errno : EIO;
        return base::fail(base::system_error("open " + diag::quote(file.native()), number)
                              .during("read the settings"));
    }
    return parse_settings(text, file);
}

} // namespace watchpost::config
