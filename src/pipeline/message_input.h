// The octets of one message on their way to an inspector: a descriptor that the inspector may map,
// and how they are to be read.
//
// A file of others can change or shrink while it is mapped, so it is copied into a sealed memory
// file, and only when its turn comes: what waits costs no memory. A file of our own that nobody
// writes any more (a large message of the spool) is handed over as it is. One owner, one thread at
// a time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "model/copy_setting.h"
#include "os/unique_fd.h"

namespace watchpost::pipeline {

/// What an inspector is handed; the descriptor is the input's.
struct ReadyMessage {
    int file = -1;
    model::CopySetting copies = model::CopySetting::automatic;
    std::vector<std::uint64_t> pieces = {}; // lengths of the messages that it is made of
};

class MessageInput {
public:
    /// Anything readable, from its present offset to its end: a file of others, a pipe.
    [[nodiscard]] static MessageInput from_foreign(os::UniqueFd file);
    /// A regular file, opened for reading only, that will never change again.
    [[nodiscard]] static MessageInput from_own_file(os::UniqueFd file);
    [[nodiscard]] static base::Result<MessageInput> from_bytes(base::ByteView bytes);

    /// How the message is to be read: a setting of the mailbox that it came from.
    void set_copies(model::CopySetting copies) noexcept { copies_ = copies; }
    /// The octets are several messages, pieces of one, of these lengths (RFC 2046 §5.2.2).
    void set_pieces(std::vector<std::uint64_t> lengths) { pieces_ = std::move(lengths); }
    [[nodiscard]] model::CopySetting copies() const noexcept { return copies_; }

    /// The descriptor to hand over, copied where need be. ErrorCode::limit_exceeded beyond
    /// `bytes_max` octets.
    [[nodiscard]] base::Result<ReadyMessage> make_ready(std::uint64_t bytes_max);

private:
    MessageInput(os::UniqueFd file, bool is_stable) : file_{std::move(file)}, is_stable_{is_stable}
    {
    }

    os::UniqueFd file_;
    bool is_stable_;
    model::CopySetting copies_ = model::CopySetting::automatic;
    std::vector<std::uint64_t> pieces_;
};

} // namespace watchpost::pipeline
