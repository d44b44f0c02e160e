#include "pipeline/unpacker_protocol.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"
#include "ipc/wire.h"

namespace watchpost::pipeline::protocol {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using ipc::WireReader;
using ipc::WireWriter;
using unpack::ProgramOutcome;

constexpr std::size_t text_bytes_max = std::size_t{16} << 10U; // a name, a sentence
constexpr std::size_t format_bytes_max = 32;
constexpr std::size_t password_bytes_max = 4'096;
constexpr std::size_t passwords_max = 100'000; // of the settings, too
constexpr auto last_state = ProgramOutcome::State::too_many;

base::Failure violation(std::string_view what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::never, std::string{what});
}

std::string_view fit(std::string_view text)
{
    return text.substr(0, text_bytes_max);
}

} // namespace

ipc::Limits limits_of_unpacker() noexcept
{
    return {std::size_t{16} << 20U, 1};
}

ipc::Limits limits_of_unpacked() noexcept
{
    return {2 * text_bytes_max + 64, 1};
}

base::Bytes encode(const OpenOrder& message)
{
    WireWriter writer;
    writer.put_text(message.format);
    writer.put_u8(message.wanted == unpack::ProgramRequest::Wanted::encrypted ? 1 : 0);
    writer.put_u32(message.time_ms);
    writer.put_u64(message.member_bytes_max);
    writer.put_u64(message.members_max);
    writer.put_u32(static_cast<std::uint32_t>(message.passwords.size()));
    for (const auto& password : message.passwords) {
        writer.put_text(password);
    }
    return writer.take();
}

Result<OpenOrder> decode_open(base::ByteView payload)
{
    WireReader reader{payload};
    OpenOrder message;
    message.format = reader.text(format_bytes_max);
    message.wanted = reader.u8() != 0 ? unpack::ProgramRequest::Wanted::encrypted
                                      : unpack::ProgramRequest::Wanted::all;
    message.time_ms = reader.u32();
    message.member_bytes_max = reader.u64();
    message.members_max = reader.u64();
    const std::size_t count = reader.count(passwords_max);
    for (std::size_t i = 0; i < count && reader.is_good(); ++i) {
        message.passwords.push_back(reader.text(password_bytes_max));
    }
    return finish(reader, std::move(message));
}

base::Bytes encode(const MemberFound& message)
{
    WireWriter writer;
    writer.put_text(fit(message.name));
    writer.put_u32(message.password);
    writer.put_text(fit(message.damage));
    return writer.take();
}

Result<MemberFound> decode_member(base::ByteView payload)
{
    WireReader reader{payload};
    MemberFound message;
    message.name = diag::to_valid_utf8(reader.text(text_bytes_max));
    message.password = reader.u32();
    message.damage = diag::to_valid_utf8(reader.text(text_bytes_max));
    return finish(reader, std::move(message));
}

base::Bytes encode(const ProgramOutcome& message)
{
    WireWriter writer;
    writer.put_u8(static_cast<std::uint8_t>(message.state));
    writer.put_text(fit(message.detail));
    writer.put_u64(message.tried);
    return writer.take();
}

Result<ProgramOutcome> decode_closed(base::ByteView payload)
{
    WireReader reader{payload};
    ProgramOutcome message;
    const auto state = reader.u8();
    if (state > static_cast<std::uint8_t>(last_state)) {
        return violation("a state that there is not");
    }
    message.state = static_cast<ProgramOutcome::State>(state);
    message.detail = diag::to_valid_utf8(reader.text(text_bytes_max));
    message.tried = reader.u64();
    return finish(reader, std::move(message));
}

} // namespace watchpost::pipeline::protocol
