// One inspector as the pipeline sees it: a child process that gets messages and sends reports.
//
// Every wait has a deadline; whatever goes wrong ends that process and nothing else. Confined to
// the thread that spawned it (the child ends with that thread), except cancel().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.h"
#include "inspect/report.h"
#include "ipc/channel.h"
#include "os/process.h"
#include "os/sandbox.h"
#include "pipeline/inspector_dialogue.h"
#include "pipeline/inspector_end.h"
#include "pipeline/inspector_settings.h"
#include "pipeline/leaf_scans.h"
#include "pipeline/message_input.h"

namespace watchpost::pipeline {

class InspectorProcess {
public:
    using Inspected = tl::expected<inspect::Report, InspectorEnd>;

    /// Starts the program; quick. `leaves` says whether LeafScans will have scanners.
    [[nodiscard]] static base::Result<std::unique_ptr<InspectorProcess>>
    spawn(const InspectorSettings& settings, InspectorDialogue::Leaves leaves);

    /// Lets it prepare and close its sandbox; what it found in force. Its own error where it
    /// refuses (a broken YARA file).
    [[nodiscard]] base::Result<protocol::Ready> wait_until_ready(const base::Bytes& configuration);

    /// Has `message` inspected. What waits in `scans` is scanned
    /// meanwhile, what comes is added and may still wait at the end. After an InspectorEnd the
    /// process is gone.
    [[nodiscard]] Inspected inspect(const ReadyMessage& message, LeafScans& scans);

    /// Has it done its share, or grown too much? Then it is to be replaced before the next message.
    [[nodiscard]] bool is_worn_out() const;
    /// Also where its unpacker has: they belong together.
    [[nodiscard]] bool has_ended() noexcept
    {
        return process_.has_ended() || (unpacker_ && unpacker_->has_ended());
    }

    /// May be called by another thread: what waits for the inspector sees it end at once.
    void cancel() noexcept;

private:
    InspectorProcess(os::Process process, std::optional<os::Process> unpacker, ipc::Channel channel,
                     os::UniqueFd last_words, const InspectorSettings& settings,
                     InspectorDialogue::Leaves leaves);

    [[nodiscard]] base::Result<void> configure(const base::Bytes& configuration,
                                               base::Deadline deadline);
    [[nodiscard]] base::Result<InspectorDialogue::Event> receive(base::Deadline deadline);
    [[nodiscard]] Inspected converse(const ReadyMessage& message, LeafScans& scans);
    [[nodiscard]] base::Result<void> send_order(const ReadyMessage& message,
                                                base::Deadline deadline);
    [[nodiscard]] base::Result<void> scan_one(LeafScans& scans, base::Deadline deadline);
    [[nodiscard]] InspectorEnd find_end(const base::Error& error);
    [[nodiscard]] std::string read_last_words() const;

    os::Process process_;
    std::optional<os::Process> unpacker_; // killed with this, and at its inspector's end
    ipc::Channel channel_;
    os::UniqueFd last_words_; // its standard error: a memory file of fixed size
    InspectorLimits limits_;
    InspectorDialogue::Leaves leaves_;
    InspectorDialogue dialogue_;
    std::uint64_t number_ = 0; // of the message it has
    std::uint32_t messages_ = 0;
    std::uint64_t resident_at_start_ = 0;
};

} // namespace watchpost::pipeline
