#include "app/inspector_configuration.h"

#include <filesystem>
#include <string>
#include <vector>

#include "config/setting_table.h"
#include "ipc/wire.h"

namespace watchpost::app {
namespace {

constexpr std::size_t text_bytes_max = std::size_t{1} << 20U;
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

base::Bytes encode_settings(const config::Settings& settings)
{
    auto copy = settings; // the table binds to values that may be changed
    Writer writer;
    for (const config::Setting& setting : config::setting_table(copy)) {
        std::visit(writer, setting.slot);
    }
    return writer.wire.take();
}

base::Result<config::Settings> decode_settings(base::ByteView bytes)
{
    config::Settings settings;
    Reader reader{bytes};
    for (const config::Setting& setting : config::setting_table(settings)) {
        std::visit(reader, setting.slot);
    }
    if (auto done = reader.wire.finish(); !done) {
        return base::fail(std::move(done.error()).during("read the inspector's settings"));
    }
    return settings;
}

} // namespace watchpost::app
