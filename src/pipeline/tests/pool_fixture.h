// A pool of inspectors that misbehave on command, for tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "pipeline/inspector_pool.h"

namespace watchpost::pipeline {

inline PoolSettings misbehaving(std::string_view configuration = "")
{
    PoolSettings settings;
    settings.inspector.program = WATCHPOST_BUILD_DIR "/misbehaving_inspector";
    settings.inspector.arguments = {"misbehaving_inspector"};
    const auto bytes = base::as_bytes(configuration);
    settings.inspector.configuration.assign(bytes.begin(), bytes.end());
    settings.inspector.limits.data_bytes_max = std::uint64_t{64} << 20U;
    return settings;
}

inline std::unique_ptr<InspectorPool> make_pool(PoolSettings settings = misbehaving())
{
    auto pool = InspectorPool::make(std::move(settings));
    EXPECT_TRUE(pool) << (pool ? "" : pool.error().describe());
    return pool ? std::move(*pool) : nullptr;
}

inline inspect::Report order(InspectorPool& pool, std::string_view what)
{
    return pool.submit(MessageInput::from_bytes(base::as_bytes(what)).value()).get();
}

/// The only gap of a report; fails the test where there is another number.
inline verdict::NotInspected gap_of(const inspect::Report& report)
{
    EXPECT_EQ(report.not_inspected.size(), 1U);
    return report.not_inspected.empty() ? verdict::NotInspected{} : report.not_inspected.front();
}

/// The detail of the first finding of that rule; empty where there is none.
inline std::string detail_of(const inspect::Report& report, std::string_view rule)
{
    for (const verdict::Finding& finding : report.findings) {
        if (finding.rule == rule) {
            return finding.detail;
        }
    }
    return {};
}

} // namespace watchpost::pipeline
