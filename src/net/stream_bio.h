// OpenSSL's view of a Stream: a BIO that reads and writes through it, so that TLS has the same
// deadlines and cancellation as clear text, raises no SIGPIPE and needs no socket of its own.
// Not thread-safe.
#pragma once

#include <memory>
#include <optional>

#include "net/openssl.h"
#include "net/stream.h"

namespace watchpost::net {

/// The stream below TLS, the deadline of the call that is under way and how the last one failed.
struct Transport {
    std::unique_ptr<Stream> stream;
    base::Deadline deadline{};
    std::optional<base::Error> error;
    bool has_ended = false; // the peer closed; whether in good order only TLS knows
};

/// `transport` outlives the BIO.
[[nodiscard]] Bio make_stream_bio(Transport& transport);

} // namespace watchpost::net
