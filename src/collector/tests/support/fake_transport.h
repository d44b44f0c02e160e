// A Transport whose server is a Pop3Script in the same thread: no socket, no time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <optional>

#include "collector/transport.h"
#include "pop3_server/dialogue.h"

namespace watchpost::collector::test {

/// A stream to a Pop3Dialogue. Where the server has nothing to say, waiting is in vain: timed_out.
class FakeStream final : public net::Stream {
public:
    FakeStream(watchpost::test::Pop3Script& script, std::size_t piece_octets,
               std::chrono::milliseconds pause, unsigned& idle_asks)
        : dialogue_{script}
        , piece_octets_{piece_octets}
        , pause_{pause}
        , idle_asks_{idle_asks}
    {
        add(dialogue_.greet());
    }
    ~FakeStream() override { dialogue_.on_end(); }
    FakeStream(const FakeStream&) = delete;
    FakeStream& operator=(const FakeStream&) = delete;

    base::Result<std::size_t> read_some(std::span<std::byte> buffer,
                                        base::Deadline deadline) override
    {
        using Kind = watchpost::test::Step::Kind;
        while (!steps_.empty() && steps_.front().octets.empty() &&
               steps_.front().kind != Kind::await_client) {
            if (steps_.front().kind == Kind::pause && !has_paused(deadline)) {
                return base::fail(base::ErrorCode::timed_out, base::Retry::later, "no answer yet");
            }
            steps_.pop_front(); // nothing else to be done without a network
        }
        if (steps_.empty() || steps_.front().kind == Kind::await_client) {
            return dialogue_.has_ended() && steps_.empty()
                       ? base::Result<std::size_t>{0}
                       : base::fail(base::ErrorCode::timed_out, base::Retry::later, "no answer");
        }
        std::string& said = steps_.front().octets;
        const auto count = std::min({buffer.size(), piece_octets_, said.size()});
        std::memcpy(buffer.data(), said.data(), count);
        said.erase(0, count);
        return count;
    }

    base::Result<void> write_all(base::ByteView bytes, base::Deadline) override
    {
        std::erase_if(steps_, [](const auto& step) {
            return step.kind == watchpost::test::Step::Kind::await_client;
        });
        const bool is_idle =
            std::ranges::all_of(steps_, [](const auto& step) { return step.octets.empty(); });
        idle_asks_ += is_idle && base::as_text(bytes).starts_with("RETR") ? 1 : 0;
        if (!dialogue_.has_ended()) {
            add(dialogue_.feed(base::as_text(bytes)));
        }
        return {};
    }

    std::string peer_address() const override { return "192.0.2.1"; }

    /// The handshake is done.
    void on_tls() { dialogue_.on_tls(); }

private:
    /// Is the pause over by then? If not, it goes on from there.
    bool has_paused(base::Deadline deadline)
    {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (paused_ + wait < pause_) {
            paused_ += wait;
            return false;
        }
        paused_ = {};
        return true;
    }

    /// What is said in one go arrives in one go, as far as the reader's buffer goes.
    void add(std::vector<watchpost::test::Step> steps)
    {
        using Kind = watchpost::test::Step::Kind;
        for (auto& step : steps) {
            if (step.kind == Kind::say && !steps_.empty() && steps_.back().kind == Kind::say) {
                steps_.back().octets += step.octets;
            } else {
                steps_.push_back(std::move(step));
            }
        }
    }

    watchpost::test::Pop3Dialogue dialogue_;
    std::size_t piece_octets_;
    std::chrono::milliseconds pause_;
    std::chrono::milliseconds paused_{0}; // of the pause that is going on
    unsigned& idle_asks_;
    std::deque<watchpost::test::Step> steps_; // not yet read
};

class FakeTransport final : public Transport {
public:
    explicit FakeTransport(watchpost::test::Pop3Script& script) : script_{script} {}

    std::size_t piece_octets = 65536;   // at most so many arrive at once
    std::chrono::milliseconds pause{0}; // a Step::pause of the script; nobody waits for it really
    std::optional<base::Error> connect_error;   // in place of a stream
    std::optional<base::Error> handshake_error; // in place of a secured one
    unsigned handshakes = 0;
    unsigned idle_asks = 0; // times that a message was asked for with nothing left to come

    base::Result<std::unique_ptr<net::Stream>>
    connect(const net::ConnectObserver& observer) override
    {
        observer("192.0.2.1", connect_error ? "refused" : "connected");
        if (connect_error) {
            return base::fail(*connect_error);
        }
        return std::make_unique<FakeStream>(script_, piece_octets, pause, idle_asks);
    }

    base::Result<std::unique_ptr<net::Stream>> secure(std::unique_ptr<net::Stream> clear,
                                                      base::Deadline, net::TlsInfo& info) override
    {
        ++handshakes;
        if (handshake_error) {
            return base::fail(*handshake_error);
        }
        static_cast<FakeStream&>(*clear).on_tls();
        info.version = "TLSv1.3";
        info.chain.push_back({});
        info.chain.back().fingerprint.fill(fingerprint_octet);
        return clear;
    }

    std::uint8_t fingerprint_octet = 7;

private:
    watchpost::test::Pop3Script& script_; // the test's own
};

} // namespace watchpost::collector::test
