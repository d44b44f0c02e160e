// The pipeline's side of the conversation with one inspector, as a machine without I/O: is what
// came allowed now, and is it well-formed?
//
// Whatever is not allowed is an error, after which the inspector is to be killed: it is broken or
// in an attacker's hands. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "base/error.h"
#include "inspect/report.h"
#include "ipc/message.h"
#include "os/unique_fd.h"
#include "pipeline/inspector_protocol.h"
#include "pipeline/inspector_settings.h"
#include "pipeline/leaf_window.h"

namespace watchpost::pipeline {

/// A leaf to be scanned. Without `file` it was too large to be handed out.
struct LeafArrived {
    std::string path;
    std::string reading;
    os::UniqueFd file; // sealed: verified
};

class InspectorDialogue {
public:
    enum class State : std::uint8_t { starting, idle, inspecting, ended };

    using Event = std::variant<protocol::Ready, protocol::Refused, LeafArrived, inspect::Report,
                               protocol::OutOfMemory>;

    enum class Leaves : std::uint8_t { none, exported };

    InspectorDialogue(const InspectorLimits& limits, Leaves leaves)
        : limits_{limits}
        , leaves_{leaves}
    {
    }

    /// Takes a message from the inspector. After an error the state is `ended`.
    [[nodiscard]] base::Result<Event> on_message(ipc::Message message);

    /// The next message goes to the inspector, which must be idle. Returns its number.
    [[nodiscard]] std::uint64_t begin();

    /// The oldest leaf of LeafArrived is dealt with.
    void leaf_taken();

    [[nodiscard]] State state() const noexcept { return state_; }

private:
    [[nodiscard]] base::Result<Event> dispatch(ipc::Message message);
    [[nodiscard]] base::Result<Event> on_start(protocol::Kind kind, base::ByteView payload);
    [[nodiscard]] base::Result<Event> on_leaf(ipc::Message message);
    [[nodiscard]] base::Result<Event> on_report(base::ByteView payload);
    [[nodiscard]] base::Result<Event> on_out_of_memory(base::ByteView payload);

    InspectorLimits limits_;
    Leaves leaves_;
    State state_ = State::starting;
    std::uint64_t number_ = 0;
    std::size_t leaves_of_message_ = 0;
    LeafWindow window_;
};

} // namespace watchpost::pipeline
