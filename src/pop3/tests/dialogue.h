// Drives a Client through a script in tests: everything that it emits, as one text a reader can
// check.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pop3/client.h"

namespace watchpost::pop3::test {

/// What came out of feeding `pieces`, one line an event; "body" pieces are joined. An error is the
/// last line: "error protocol_violation: …".
class Recorder {
public:
    explicit Recorder(Client& client) : client_{client} {}

    void feed(std::string_view octets)
    {
        auto input = base::as_bytes(octets);
        while (!failed_) {
            const auto event = client_.next(input);
            if (!event) {
                flush_body();
                text_ += "error " + event.error().describe() + "\n";
                failed_ = true;
            } else if (!take(*event)) {
                return;
            }
        }
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    bool take(const Event& event)
    {
        switch (event.kind) {
        case Event::Kind::need_input:
            return false;
        case Event::Kind::reply:
            text_ += std::string{to_string(event.verb)} +
                     (event.status.status == Status::ok    ? " ok "
                      : event.status.status == Status::err ? " err "
                                                           : " more ") +
                     std::string{event.status.text} + "\n";
            return true;
        case Event::Kind::line:
            text_ += "  " + std::string{event.line} + "\n";
            return true;
        case Event::Kind::body:
            body_ += base::as_text(event.body);
            return true;
        case Event::Kind::end:
            flush_body();
            text_ += "end " + std::string{to_string(event.verb)} +
                     (event.verb == Verb::retr ? " " + std::to_string(event.octets) : "") +
                     (event.is_early_end_kept ? " early end kept" : "") + "\n";
            return true;
        }
        return false;
    }

    void flush_body()
    {
        if (!body_.empty()) {
            text_ += "<" + body_ + ">\n";
            body_.clear();
        }
    }

    Client& client_; // the test's own, outlives this
    std::string text_;
    std::string body_;
    bool failed_ = false;
};

/// A client that is past its log-in, with nothing outstanding.
inline Client logged_in_client()
{
    Client client;
    Recorder recorder{client};
    recorder.feed("+OK\r\n");
    client.request(Verb::user, "alice");
    client.request(Verb::pass, "secret");
    recorder.feed("+OK\r\n+OK\r\n");
    static_cast<void>(client.take_output());
    return client;
}

} // namespace watchpost::pop3::test
