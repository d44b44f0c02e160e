// One inspector after another, and the messages that they get: what one process could not do is
// tried once more in a fresh one, then recorded.
//
// Confined to the thread that calls start() and inspect(), except cancel().
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "inspect/leaf_scanner.h"
#include "inspect/report.h"
#include "os/sandbox.h"
#include "pipeline/inspector_end.h"
#include "pipeline/inspector_process.h"
#include "pipeline/inspector_settings.h"
#include "pipeline/message_input.h"

namespace watchpost::pipeline {

class InspectorLane {
public:
    static constexpr int tries_max = 2;

    /// `settings` must outlive this.
    explicit InspectorLane(const InspectorSettings& settings);
    ~InspectorLane();
    InspectorLane(const InspectorLane&) = delete;
    InspectorLane& operator=(const InspectorLane&) = delete;

    /// A fresh inspector, ready; what it found in force.
    [[nodiscard]] base::Result<protocol::Ready> start();

    /// Never fails: what could not be done stands in not_inspected.
    [[nodiscard]] inspect::Report inspect(MessageInput message);

    /// By another thread: ends what runs and refuses what comes.
    void cancel();

private:
    [[nodiscard]] inspect::Report inspect_ready(const ReadyMessage& message);
    [[nodiscard]] InspectorProcess::Inspected try_once(const ReadyMessage& message,
                                                       LeafScans& scans);
    [[nodiscard]] std::optional<InspectorEnd> make_ready();
    [[nodiscard]] bool replace(std::unique_ptr<InspectorProcess> process);
    [[nodiscard]] bool is_cancelled();

    const InspectorSettings& settings_;
    std::vector<std::unique_ptr<inspect::LeafScanner>> scanners_;
    std::mutex mutex_; // for what cancel() touches: whether there is a process, and which
    std::unique_ptr<InspectorProcess> process_;
    bool is_cancelled_ = false;
};

} // namespace watchpost::pipeline
