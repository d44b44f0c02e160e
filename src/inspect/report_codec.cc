#include "inspect/report_codec.h"

#include <algorithm>
#include <concepts>
#include <span>
#include <type_traits>
#include <utility>

#include "diag/quote.h"
#include "ipc/wire.h"
#include "model/json.h"

namespace watchpost::inspect {
namespace {

template <typename T, typename U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// Each structure names its members once, for the writer and for the reader.
template <typename Stream, Is<PartInfo> T>
void members(Stream& stream, T& value)
{
    stream.text(value.path);
    stream.text(value.reading);
    stream.text(value.type);
    stream.text(value.real_type);
    stream.text(value.filename);
    stream.number(value.size);
    stream.digest(value.sha256);
}

template <typename Stream, Is<verdict::Finding> T>
void members(Stream& stream, T& value)
{
    stream.text(value.engine);
    stream.text(value.id);
    stream.text(value.rule);
    stream.importance(value.importance);
    stream.text(value.part);
    stream.text(value.reading);
    stream.text(value.detail);
}

template <typename Stream, Is<verdict::NotInspected> T>
void members(Stream& stream, T& value)
{
    stream.text(value.part);
    stream.text(value.engine);
    stream.text(value.reason);
    stream.text(value.detail);
}

template <typename Stream, Is<DefectInfo> T>
void members(Stream& stream, T& value)
{
    stream.text(value.id);
    stream.text(value.part);
    stream.number(value.offset);
    stream.text(value.detail);
}

class Writer {
public:
    void text(const std::string& value) { wire_.put_text(value); }
    void number(std::uint64_t value) { wire_.put_u64(value); }
    void importance(verdict::Importance value) { wire_.put_u8(static_cast<std::uint8_t>(value)); }
    void digest(const crypto::Sha256& value) { wire_.put_bytes(std::as_bytes(std::span{value})); }

    template <typename T>
    void list(const std::vector<T>& values)
    {
        wire_.put_u32(static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) {
            members(*this, value);
        }
    }

    [[nodiscard]] base::Bytes take() { return wire_.take(); }

private:
    ipc::WireWriter wire_;
};

class Reader {
public:
    Reader(base::ByteView bytes, const ReportLimits& limits) : wire_{bytes}, limits_{limits} {}

    void text(std::string& value)
    {
        value = wire_.text(limits_.text_bytes_max);
        is_valid_ = is_valid_ && diag::to_valid_utf8(value) == value;
    }

    void number(std::uint64_t& value) { value = wire_.u64(); }

    void importance(verdict::Importance& value)
    {
        const std::uint8_t number = wire_.u8();
        is_valid_ = is_valid_ && number <= static_cast<std::uint8_t>(verdict::Importance::high);
        value = is_valid_ ? static_cast<verdict::Importance>(number) : verdict::Importance::none;
    }

    void digest(crypto::Sha256& value)
    {
        const auto bytes = wire_.bytes(value.size());
        is_valid_ = is_valid_ && bytes.size() == value.size();
        std::ranges::copy(bytes.first(std::min(bytes.size(), value.size())),
                          std::as_writable_bytes(std::span{value}).begin());
    }

    template <typename T>
    void list(std::vector<T>& values, std::size_t count_max)
    {
        const std::size_t count = wire_.count(count_max);
        for (std::size_t i = 0; i < count && is_good(); ++i) {
            members(*this, values.emplace_back());
        }
    }

    [[nodiscard]] bool is_good() const noexcept { return is_valid_ && wire_.is_good(); }
    [[nodiscard]] base::ByteView rest(std::size_t bytes_max) { return wire_.bytes(bytes_max); }
    [[nodiscard]] bool is_complete() const { return is_valid_ && wire_.finish().has_value(); }

private:
    ipc::WireReader wire_;
    const ReportLimits& limits_;
    bool is_valid_ = true;
};

base::Failure refuse(std::string_view what)
{
    return base::fail(base::Error{base::ErrorCode::protocol_violation, base::Retry::never,
                                  "the report of an inspector " + std::string{what}});
}

} // namespace
