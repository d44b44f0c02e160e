// What a link puts into a frame: a kind and a payload. Private. Pure functions.
//
// Decoders are strict and bounded: the pipeline, which reads what inspectors say, is a peer too.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "ipc/message.h"

namespace watchpost::hub {

enum class Kind : std::uint16_t {
    call = 32,
    answer = 33,
    failure = 34,
    notice = 35,
    farewell = 36
};

inline constexpr std::size_t method_bytes_max = 64;

/// A call or a notice; the number of a notice is 0.
struct Request {
    std::uint64_t number = 0;
    std::string method;
    std::string json;
};

struct Answer {
    std::uint64_t number = 0;
    std::string json;
};

struct FailedAnswer {
    std::uint64_t number = 0;
    base::Error error;
};

[[nodiscard]] ipc::Limits link_limits() noexcept;

[[nodiscard]] base::Bytes encode(const Request& request);
[[nodiscard]] base::Bytes encode(const Answer& answer);
[[nodiscard]] base::Bytes encode(const FailedAnswer& answer);

[[nodiscard]] base::Result<Request> decode_request(base::ByteView payload);
[[nodiscard]] base::Result<Answer> decode_answer(base::ByteView payload);
[[nodiscard]] base::Result<FailedAnswer> decode_failure(base::ByteView payload);

} // namespace watchpost::hub
