#include "pipeline/inspector_protocol.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"
#include "inspect/report_codec.h"
#include "ipc/wire.h"

namespace watchpost::pipeline::protocol {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using ipc::WireReader;
using ipc::WireWriter;

constexpr std::size_t text_bytes_max =
    std::size_t{64} * 1024; // a measure, an error with a compiler's messages
constexpr std::size_t measures_max = 32;
constexpr std::size_t steps_max = 16;

base::Failure violation(std::string_view what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::never, std::string{what});
}

base::Bytes encode_number(std::uint64_t number)
{
    WireWriter writer;
    writer.put_u64(number);
    return writer.take();
}

/// Cut so that the other side takes it: a compiler may have much to say.
std::string_view fit(std::string_view text)
{
    return text.substr(0, text_bytes_max);
}

/// Not valid UTF-8 after a cut or from an inspector that lies: mended, since people read it.
std::string readable(WireReader& reader)
{
    return diag::to_valid_utf8(reader.text(text_bytes_max));
}

} // namespace

ipc::Limits limits_of_inspector() noexcept
{
    return {configuration_bytes_max + 64, 1};
}

ipc::Limits limits_of_pipeline(const inspect::ReportLimits& limits)
{
    const std::size_t other = measures_max * (2 * text_bytes_max + 16);
    return {std::max(inspect::report_bytes_max(limits) + 8, other), 1};
}

base::Bytes encode(const Configure& message)
{
    WireWriter writer;
    writer.put_u64(message.data_bytes_max);
    writer.put_u64(message.leaf_bytes_max);
    writer.put_u8(message.exports_leaves ? 1 : 0);
    writer.put_u8(message.has_unpacker ? 1 : 0);
    writer.put_bytes(message.configuration);
    return writer.take();
}

Result<Configure> decode_configure(base::ByteView payload)
{
    WireReader reader{payload};
    Configure message;
    message.data_bytes_max = reader.u64();
    message.leaf_bytes_max = reader.u64();
    message.exports_leaves = reader.u8() != 0;
    message.has_unpacker = reader.u8() != 0;
    const auto configuration = reader.bytes(configuration_bytes_max);
    message.configuration.assign(configuration.begin(), configuration.end());
    return finish(reader, std::move(message));
}

base::Bytes encode(const InspectOrder& message)
{
    WireWriter writer;
    writer.put_u64(message.number);
    writer.put_u32(message.time_ms);
    writer.put_u8(static_cast<std::uint8_t>(message.copies));
    writer.put_u32(static_cast<std::uint32_t>(message.pieces.size()));
    for (const std::uint64_t length : message.pieces) {
        writer.put_u64(length);
    }
    return writer.take();
}

Result<InspectOrder> decode_inspect(base::ByteView payload)
{
    WireReader reader{payload};
    InspectOrder message;
    message.number = reader.u64();
    message.time_ms = reader.u32();
    const std::uint8_t copies = reader.u8();
    if (copies > static_cast<std::uint8_t>(model::CopySetting::attached)) {
        return violation("an unknown form of copies");
    }
    message.copies = static_cast<model::CopySetting>(copies);
    const std::size_t pieces = reader.count(pieces_max);
    for (std::size_t i = 0; i < pieces && reader.is_good(); ++i) {
        message.pieces.push_back(reader.u64());
    }
    return finish(reader, message);
}

base::Bytes encode(const LeafTaken& message)
{
    return encode_number(message.number);
}

Result<LeafTaken> decode_leaf_taken(base::ByteView payload)
{
    WireReader reader{payload};
    const LeafTaken message{reader.u64()};
    return finish(reader, message);
}

base::Bytes encode(const Ready& message)
{
    WireWriter writer;
    writer.put_u32(static_cast<std::uint32_t>(message.measures.size()));
    for (const os::Measure& measure : message.measures) {
        writer.put_text(fit(measure.name));
        writer.put_u8(static_cast<std::uint8_t>(measure.state));
        writer.put_text(fit(measure.detail));
    }
    writer.put_u32(message.rule_count);
    return writer.take();
}

Result<Ready> decode_ready(base::ByteView payload)
{
    WireReader reader{payload};
    Ready message;
    const std::size_t count = reader.count(measures_max);
    for (std::size_t i = 0; i < count && reader.is_good(); ++i) {
        os::Measure& measure = message.measures.emplace_back();
        measure.name = readable(reader);
        const std::uint8_t state = reader.u8();
        if (state > static_cast<std::uint8_t>(os::Measure::State::absent)) {
            return violation("a measure of the sandbox in an unknown state");
        }
        measure.state = static_cast<os::Measure::State>(state);
        measure.detail = readable(reader);
    }
    message.rule_count = reader.u32();
    return finish(reader, std::move(message));
}

base::Bytes encode(const Refused& message)
{
    const base::Error& error = message.error;
    WireWriter writer;
    writer.put_u8(static_cast<std::uint8_t>(error.code()));
    writer.put_text(fit(error.message()));
    const std::size_t steps = std::min(error.steps().size(), steps_max);
    writer.put_u32(static_cast<std::uint32_t>(steps));
    for (std::size_t i = 0; i < steps; ++i) {
        writer.put_text(fit(error.steps()[i]));
    }
    return writer.take();
}

Result<Refused> decode_refused(base::ByteView payload)
{
    WireReader reader{payload};
    const std::uint8_t code = reader.u8();
    if (code > static_cast<std::uint8_t>(ErrorCode::internal)) {
        return violation("an error of an unknown code");
    }
    base::Error error{static_cast<ErrorCode>(code), Retry::never, readable(reader)};
    const std::size_t steps = reader.count(steps_max);
    for (std::size_t i = 0; i < steps && reader.is_good(); ++i) {
        base::Error with_step = std::move(error).during(readable(reader));
        error = std::move(with_step);
    }
    return finish(reader, Refused{std::move(error)});
}

base::Bytes encode(const Leaf& message)
{
    WireWriter writer;
    writer.put_u64(message.number);
    for (const std::string* text : {&message.path, &message.reading}) {
        // Whatever an archive's names are made of must not read as a violation by the inspector.
        writer.put_text(
            diag::to_valid_utf8(std::string_view{*text}.substr(0, leaf_text_bytes_max / 3)));
    }
    return writer.take();
}

Result<Leaf> decode_leaf(base::ByteView payload)
{
    WireReader reader{payload};
    Leaf message;
    message.number = reader.u64();
    message.path = reader.text(leaf_text_bytes_max);
    message.reading = reader.text(leaf_text_bytes_max);
    if (diag::to_valid_utf8(message.path) != message.path ||
        diag::to_valid_utf8(message.reading) != message.reading) {
        return violation("a leaf whose path is not UTF-8");
    }
    return finish(reader, std::move(message));
}

base::Bytes encode(const OutOfMemory& message)
{
    return encode_number(message.number);
}

Result<OutOfMemory> decode_out_of_memory(base::ByteView payload)
{
    WireReader reader{payload};
    const OutOfMemory message{reader.u64()};
    return finish(reader, message);
}

base::Bytes encode_report(std::uint64_t number, const inspect::Report& report)
{
    base::Bytes payload = encode_number(number);
    const base::Bytes body = inspect::encode_report(report);
    payload.insert(payload.end(), body.begin(), body.end());
    return payload;
}

Result<ReportHome> decode_report(base::ByteView payload, const inspect::ReportLimits& limits)
{
    WireReader reader{base::slice(payload, 0, 8)};
    const std::uint64_t number = reader.u64();
    if (auto finished = reader.finish(); !finished) {
        return base::fail(std::move(finished.error()));
    }
    auto report = inspect::decode_report(payload.subspan(8), limits);
    if (!report) {
        return base::fail(std::move(report.error()));
    }
    return ReportHome{number, std::move(*report)};
}

} // namespace watchpost::pipeline::protocol
