// One connection to a POP3 server: moves octets between a stream and the protocol machine, with a
// deadline on every wait.
//
// Not thread-safe. Knows nothing of mailboxes or of what messages are for.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "collector/limits.h"
#include "net/stream.h"
#include "pop3/capabilities.h"
#include "pop3/client.h"

namespace watchpost::collector {

/// A single-line reply, with its text kept.
struct Reply {
    pop3::Status status = pop3::Status::ok;
    pop3::ResponseCode code = pop3::ResponseCode::none;
    std::string text;

    [[nodiscard]] bool is_ok() const noexcept { return status == pop3::Status::ok; }
    [[nodiscard]] pop3::StatusLine line() const noexcept { return {status, code, text}; }
};

class Link {
public:
    Link(std::unique_ptr<net::Stream> stream, const SessionLimits& limits,
         base::Deadline session_end);

    [[nodiscard]] pop3::Client& client() noexcept { return client_; }

    /// Sends what was requested and waits for the next event. Its views live until the next call.
    [[nodiscard]] base::Result<pop3::Event> next();

    /// As next(), but need_input once the server has been silent until then: the caller has
    /// something to do before it waits on, by next().
    [[nodiscard]] base::Result<pop3::Event> next_until(base::Deadline quiet_until);

    /// The reply that was requested before this one, alone.
    [[nodiscard]] base::Result<Reply> read_reply();

    /// Requests one single-line reply and waits for it; nothing may be outstanding or unread
    /// before.
    [[nodiscard]] base::Result<Reply> exchange(pop3::Verb verb, std::string_view argument = {});

    /// CAPA; a server that refuses it has no capabilities that we know of.
    [[nodiscard]] base::Result<pop3::Capabilities> ask_capabilities();

    /// Between replies, nothing may be there that nobody asked for.
    [[nodiscard]] base::Result<void> require_silence();

    /// For the handshake of STLS: the stream goes out and comes back secured.
    [[nodiscard]] std::unique_ptr<net::Stream> take_stream() { return std::move(stream_); }
    void put_stream(std::unique_ptr<net::Stream> stream) { stream_ = std::move(stream); }

    [[nodiscard]] const net::Stream& stream() const noexcept { return *stream_; }

private:
    [[nodiscard]] base::Result<void> send();
    [[nodiscard]] base::Result<void> receive(base::Deadline deadline);
    [[nodiscard]] base::Deadline reply_deadline() const;
    [[nodiscard]] base::Error while_waiting(const base::Error& error) const;

    std::unique_ptr<net::Stream> stream_;
    std::chrono::milliseconds reply_time_max_;
    std::chrono::milliseconds glued_end_time_max_;
    base::Deadline session_end_;
    pop3::Client client_;
    base::Bytes buffer_;
    base::ByteView unread_;    // of buffer_
    std::string last_refusal_; // what the server complained of last, quoted
};

} // namespace watchpost::collector
