#include "hub/wire.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "diag/quote.h"
#include "hub/link.h"
#include "ipc/wire.h"

namespace watchpost::hub {
namespace {

constexpr std::size_t steps_max = 32;
constexpr std::size_t error_text_bytes_max = std::size_t{1} << 20U; // a YARA compiler's messages
constexpr std::size_t overhead_bytes_max = 4096;

std::string fit(std::string_view text)
{
    return diag::to_valid_utf8(text.substr(0, error_text_bytes_max / 3));
}

} // namespace

ipc::Limits link_limits() noexcept
{
    return {.message_bytes_max = document_bytes_max + overhead_bytes_max, .fds_max = 1};
}

base::Bytes encode(const Request& request)
{
    ipc::WireWriter writer;
    writer.put_u64(request.number);
    writer.put_text(request.method);
    writer.put_text(request.json);
    return writer.take();
}

base::Bytes encode(const Answer& answer)
{
    ipc::WireWriter writer;
    writer.put_u64(answer.number);
    writer.put_text(answer.json);
    return writer.take();
}

base::Bytes encode(const FailedAnswer& answer)
{
    const auto& error = answer.error;
    ipc::WireWriter writer;
    writer.put_u64(answer.number);
    writer.put_u8(static_cast<std::uint8_t>(error.code()));
    writer.put_u8(error.retry() == base::Retry::later ? 1 : 0);
    writer.put_text(fit(error.message()));
    const std::size_t steps = std::min(error.steps().size(), steps_max);
    writer.put_u32(static_cast<std::uint32_t>(steps));
    for (std::size_t i = 0; i < steps; ++i) {
        writer.put_text(fit(error.steps()[i]));
    }
    return writer.take();
}

base::Result<Request> decode_request(base::ByteView payload)
{
    ipc::WireReader reader{payload};
    Request request;
    request.number = reader.u64();
    request.method = reader.text(method_bytes_max);
    request.json = reader.text(document_bytes_max);
    return finish(reader, std::move(request));
}

base::Result<Answer> decode_answer(base::ByteView payload)
{
    ipc::WireReader reader{payload};
    Answer answer;
    answer.number = reader.u64();
    answer.json = reader.text(document_bytes_max);
    return finish(reader, std::move(answer));
}

base::Result<FailedAnswer> decode_failure(base::ByteView payload)
{
    ipc::WireReader reader{payload};
    const std::uint64_t number = reader.u64();
    const std::uint8_t code = reader.u8();
    const std::uint8_t retry = reader.u8();
    if (code > static_cast<std::uint8_t>(base::ErrorCode::internal) || retry > 1) {
        return base::fail(base::ErrorCode::protocol_violation, base::Retry::never,
                          "an error of an unknown code");
    }
    base::Error error{static_cast<base::ErrorCode>(code),
                      retry == 1 ? base::Retry::later : base::Retry::never,
                      diag::to_valid_utf8(reader.text(error_text_bytes_max))};
    const std::size_t steps = reader.count(steps_max);
    for (std::size_t i = 0; i < steps && reader.is_good(); ++i) {
        base::Error with_step =
            std::move(error).during(diag::to_valid_utf8(reader.text(error_text_bytes_max)));
        error = std::move(with_step);
    }
    return finish(reader, FailedAnswer{number, std::move(error)});
}

} // namespace watchpost::hub
