#include "app/inspector_configuration.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/setting_table.h"
#include "ipc/wire.h"

namespace watchpost::app {
namespace {

constexpr std::size_t text_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t rule_source_bytes_max = std::size_t{15} << 20U; // within Configure
constexpr std::size_t list_max = 100'000;

/// One function a kind of setting, so that every row of the table finds its own.
class Writer {
public:
    void operator()(const bool* value) { wire.put_u8(*value ? 1 : 0); }
    void operator()(const config::Switch* value) { wire.put_u8(static_cast<std::uint8_t>(*value)); }
    void operator()(const std::uint64_t* value) { wire.put_u64(*value); }
    void operator()(const std::filesystem::path* value) { wire.put_text(value->native()); }
    template <typename T>
    void operator()(const std::vector<T>* values)
    {
        wire.put_u32(static_cast<std::uint32_t>(values->size()));
        for (const T& value : *values) {
            wire.put_text(std::filesystem::path{value}.native());
        }
    }

    ipc::WireWriter wire;
};

class Reader {
public:
    explicit Reader(base::ByteView bytes) : wire{bytes} {}

    void operator()(bool* value) { *value = wire.u8() != 0; }
    void operator()(config::Switch* value)
    {
        const auto number = wire.u8();
        *value = number == 1   ? config::Switch::on
                 : number == 2 ? config::Switch::automatic
                               : config::Switch::off;
    }
    void operator()(std::uint64_t* value) { *value = wire.u64(); }
    void operator()(std::filesystem::path* value) { *value = wire.text(text_bytes_max); }
    template <typename T>
    void operator()(std::vector<T>* values)
    {
        values->clear();
        const std::size_t count = wire.count(list_max);
        for (std::size_t i = 0; i < count && wire.is_good(); ++i) {
            values->emplace_back(wire.text(text_bytes_max));
        }
    }

    ipc::WireReader wire;
};

} // namespace

namespace {

void write_settings(Writer& writer, const config::Settings& settings)
{
    auto copy = settings; // the table binds to values that may be changed
    for (const config::Setting& setting : config::setting_table(copy)) {
        std::visit(writer, setting.slot);
    }
}

config::Settings read_settings(Reader& reader)
{
    config::Settings settings;
    for (const config::Setting& setting : config::setting_table(settings)) {
        std::visit(reader, setting.slot);
    }
    return settings;
}

template <typename T>
base::Result<T> finish(Reader& reader, T value)
{
    if (auto done = reader.wire.finish(); !done) {
        return base::fail(std::move(done.error()).during("read the inspector's settings"));
    }
    return value;
}

} // namespace

base::Bytes encode_settings(const config::Settings& settings)
{
    Writer writer;
    write_settings(writer, settings);
    return writer.wire.take();
}

base::Result<config::Settings> decode_settings(base::ByteView bytes)
{
    Reader reader{bytes};
    return finish(reader, read_settings(reader));
}

base::Bytes encode_configuration(const InspectorConfiguration& configuration)
{
    Writer writer;
    write_settings(writer, configuration.settings);
    writer.wire.put_u32(static_cast<std::uint32_t>(configuration.rule_files.size()));
    for (const pipeline::RuleFile& file : configuration.rule_files) {
        writer.wire.put_text(file.path.native());
        writer.wire.put_text(file.name);
        writer.wire.put_text(verdict::to_string(file.importance));
    }
    writer.wire.put_u8(configuration.rule_check ? 1 : 0);
    if (configuration.rule_check) {
        writer.wire.put_text(configuration.rule_check->name);
        writer.wire.put_text(configuration.rule_check->source);
    }
    writer.wire.put_u8(configuration.object_wish ? 1 : 0);
    if (configuration.object_wish) {
        writer.wire.put_bytes(inspect::encode_wish(*configuration.object_wish));
    }
    return writer.wire.take();
}

base::Result<InspectorConfiguration> decode_configuration(base::ByteView bytes)
{
    Reader reader{bytes};
    InspectorConfiguration configuration;
    configuration.settings = read_settings(reader);
    const std::size_t count = reader.wire.count(list_max);
    for (std::size_t i = 0; i < count && reader.wire.is_good(); ++i) {
        auto& file = configuration.rule_files.emplace_back();
        file.path = reader.wire.text(text_bytes_max);
        file.name = reader.wire.text(text_bytes_max);
        file.importance = verdict::parse_importance(reader.wire.text(text_bytes_max))
                              .value_or(verdict::Importance::high);
    }
    if (reader.wire.u8() != 0) {
        configuration.rule_check.emplace();
        configuration.rule_check->name = reader.wire.text(text_bytes_max);
        configuration.rule_check->source = reader.wire.text(rule_source_bytes_max);
    }
    if (reader.wire.u8() != 0) {
        auto wish = inspect::decode_wish(reader.wire.bytes(text_bytes_max));
        if (!wish) {
            return base::fail(std::move(wish.error()));
        }
        configuration.object_wish = std::move(*wish);
    }
    return finish(reader, std::move(configuration));
}

} // namespace watchpost::app
