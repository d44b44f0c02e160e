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

template <typename Stream, Is<ReadingInfo> T>
void members(Stream& stream, T& value)
{
    stream.text(value.name);
    stream.text(value.part);
    stream.list(value.adds, ReadingInfo::leaves_max);
    stream.list(value.lacks, ReadingInfo::leaves_max);
}

template <typename Stream, Is<PieceInfo> T>
void members(Stream& stream, T& value)
{
    stream.text(value.id);
    stream.number(value.number);
    stream.number(value.total);
    stream.digest(value.content);
}

template <typename Stream, Is<std::string> T>
void members(Stream& stream, T& value)
{
    stream.text(value);
}

class Writer {
public:
    void text(const std::string& value) { wire_.put_text(value); }
    void number(std::uint64_t value) { wire_.put_u64(value); }
    void importance(verdict::Importance value) { wire_.put_u8(static_cast<std::uint8_t>(value)); }
    void digest(const crypto::Sha256& value) { wire_.put_bytes(std::as_bytes(std::span{value})); }

    /// The limit is the reader's to check.
    template <typename T>
    void list(const std::vector<T>& values, std::size_t /*count_max*/ = 0)
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
    [[nodiscard]] base::ByteView bytes(std::size_t bytes_max) { return wire_.bytes(bytes_max); }
    [[nodiscard]] bool is_complete() const { return is_valid_ && wire_.finish().has_value(); }

private:
    ipc::WireReader wire_;
    const ReportLimits& limits_;
    bool is_valid_ = true;
};

/// More than the message reader's own limits let through, unless nearly every octet of the bodies
/// has to be escaped.
constexpr std::size_t message_bytes_max = model::JsonLimits{}.bytes_max;

base::Failure refuse(std::string_view what)
{
    return base::fail(base::ErrorCode::protocol_violation, base::Retry::never,
                      "the report of an inspector " + std::string{what});
}

void write_lists(Writer& writer, const Report& report,
                 const std::vector<verdict::NotInspected>& gaps)
{
    writer.list(report.parts);
    writer.list(report.findings);
    writer.list(gaps);
    writer.list(report.defects);
    writer.list(report.readings);
    writer.list(report.pieces);
}

} // namespace

base::Bytes encode_report(const Report& report)
{
    auto gaps = report.not_inspected;
    std::string message = model::to_json(report.message);
    if (message.size() > message_bytes_max) {
        // The findings must come home whatever the message looks like.
        message = model::to_json({});
        gaps.push_back({"", "", "limit_report_message",
                        "the message data model has more than " +
                            std::to_string(message_bytes_max) + " bytes and was left empty"});
    }
    Writer writer;
    write_lists(writer, report, gaps);
    writer.text(message);
    return writer.take();
}

base::Result<Report> decode_report(base::ByteView bytes, const ReportLimits& limits)
{
    Report report;
    Reader reader{bytes, limits};
    reader.list(report.parts, limits.parts_max);
    reader.list(report.findings, limits.findings_max);
    reader.list(report.not_inspected, limits.not_inspected_max + ReportLimits::own_gaps_max);
    reader.list(report.defects, limits.defects_max);
    reader.list(report.readings, limits.readings_max);
    reader.list(report.pieces, 1);
    const auto json = reader.bytes(message_bytes_max);
    if (!reader.is_complete()) {
        return refuse("has the wrong shape or exceeds a limit");
    }
    auto message = model::from_json(base::as_text(json));
    if (!message) {
        return refuse("holds no message data model: " + message.error().describe());
    }
    report.message = std::move(*message);
    return report;
}

std::size_t report_bytes_max(const ReportLimits& limits)
{
    constexpr std::size_t item_bytes = 64; // lengths and numbers of one element, rounded up
    const std::size_t items = limits.parts_max + limits.findings_max + limits.defects_max +
                              limits.not_inspected_max + ReportLimits::own_gaps_max +
                              limits.readings_max * (1 + 2 * ReadingInfo::leaves_max);
    constexpr std::size_t own_gap_bytes = 512;
    return items * item_bytes + limits.bytes_max + ReportLimits::own_gaps_max * own_gap_bytes +
           message_bytes_max + item_bytes;
}

} // namespace watchpost::inspect
