// N inspectors at work at once. A message goes in, a Report comes out, always: what an inspector
// could not do stands in not_inspected.
//
// One thread for each inspector, which does nothing but wait for it and ask the engines outside the
// sandbox. submit() may be called from any thread; the pool must be destroyed by the thread that
// made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "base/error.h"
#include "inspect/report.h"
#include "os/sandbox.h"
#include "pipeline/inspector_settings.h"
#include "pipeline/message_input.h"

namespace watchpost::pipeline {

struct PoolSettings {
    std::size_t inspectors = 1;
    std::size_t waiting_max = 8; // messages that wait for an inspector; then submit() waits
    InspectorSettings inspector;
};

class InspectorPool {
public:
    /// Starts the first inspector to its end, so that a wrong configuration (a broken YARA file) is
    /// an error here and not of each message.
    [[nodiscard]] static base::Result<std::unique_ptr<InspectorPool>> make(PoolSettings settings);

    /// Finishes nothing: inspectors are killed, futures that are not ready report
    /// "inspector_unavailable".
    ~InspectorPool();
    InspectorPool(const InspectorPool&) = delete;
    InspectorPool& operator=(const InspectorPool&) = delete;

    /// The reports come in any order, the futures keep that of submission. Waits while
    /// `waiting_max` messages wait.
    [[nodiscard]] std::future<inspect::Report> submit(MessageInput message);

    /// The same, but the report is handed to `on_report`, by the inspector's thread (or by that
    /// which destroys the pool). It must not use the pool.
    using OnReport = std::function<void(inspect::Report)>;
    void submit(MessageInput message, OnReport on_report);

    /// What the first inspector found in force after it closed its sandbox.
    [[nodiscard]] const std::vector<os::Measure>& measures() const noexcept;
    /// Rules that the engines of an inspector have loaded.
    [[nodiscard]] std::uint32_t rule_count() const noexcept;

private:
    struct State;
    explicit InspectorPool(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace watchpost::pipeline
