// What is known of a link, for people: every step from the addresses to the log-in, as far as it
// came.
//
// Plain values, filled while the link is made, also where that fails. Texts from the server are as
// they came: quote them before printing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/step_times.h"
#include "net/tls.h"
#include "pop3/capabilities.h"
#include "pop3/mechanism.h"
#include "pop3/reply.h"

namespace watchpost::collector {

enum class LinkStep : std::uint8_t { connect, proxy, tls, greeting, capabilities, log_in, done };

/// "connect", "proxy", "tls", "greeting", "capabilities", "log in", "done".
[[nodiscard]] std::string_view to_string(LinkStep step) noexcept;

/// The step under way; who sets it has the time of the one before noted.
class LinkStepWatch {
public:
    LinkStepWatch() = default;
    // Copied, never moved: std::exchange takes the step and leaves the times.
    LinkStepWatch(const LinkStepWatch&) = default;
    LinkStepWatch& operator=(const LinkStepWatch&) = default;
    ~LinkStepWatch() = default;
    LinkStepWatch& operator=(LinkStep step)
    {
        step_ = step;
        step == LinkStep::done ? times_.end() : times_.enter(to_string(step));
        return *this;
    }
    // As the value that it holds, wherever one is wanted.
    operator LinkStep() const noexcept { return step_; } // NOLINT(google-explicit-constructor)
    [[nodiscard]] const StepTimes& times() const noexcept { return times_; }

private:
    LinkStep step_ = LinkStep::connect;
    StepTimes times_;
};

struct AddressAttempt {
    std::string address;
    std::string outcome; // "connected", "connection refused"
};

struct LinkReport {
    LinkStepWatch step; // the one under way, or that failed
    std::vector<AddressAttempt> addresses;
    std::string peer_address;
    std::string proxy; // how it leads to the server; empty before that, and without one
    std::string greeting;
    bool is_encrypted = false;
    net::TlsInfo tls;
    pop3::Capabilities capabilities;                  // of now: the older ones are forgotten
    std::string mechanism;                            // "PLAIN", "USER"; empty before the log-in
    std::vector<pop3::Mechanism> mechanisms_rejected; // tried before it and refused
    unsigned refusals = 0;                            // of the secret, in this link
    pop3::Trouble trouble = pop3::Trouble::none;      // what the refusal that ended it spoke of
    bool hangs_up_on_capa = false; // found out just now; then it was spoken to without
};

} // namespace watchpost::collector
