// The crash matrix of the pipeline: killed at each of its points, nothing is lost, recorded twice
// or kept in vain.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "os/crash_point.h"
#include "os/process.h"
#include "pipeline/tests/service_fixture.h"

namespace watchpost::pipeline {
namespace {

using Texts = std::vector<std::string>;

class ServiceCrash : public ServiceTest {
protected:
    os::ExitStatus run(const std::string& crash_point)
    {
        os::SpawnRequest request;
        request.program = WATCHPOST_BUILD_DIR "/pipeline_service_program";
        request.arguments = {"pipeline_service_program", settings.spool.native(),
                             settings.content.native(), ledger().native(), "3"};
        request.environment = {"WATCHPOST_CRASH_POINT=" + crash_point};
        request.fds = {-1, -1, 2};
        auto process = os::Process::spawn(request).value();
        return process.wait(std::chrono::steady_clock::now() + std::chrono::minutes{2}).value();
    }
    std::filesystem::path ledger() const { return folder.path() / "ledger"; }

    Texts recorded() const
    {
        std::ifstream file{ledger()};
        Texts lines;
        for (std::string line; std::getline(file, line);) {
            lines.push_back(line);
        }
        std::ranges::sort(lines);
        return lines;
    }
    Texts kept_files() const
    {
        Texts names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{settings.content}) {
            if (entry.is_regular_file()) {
                names.push_back(entry.path().filename().native());
            }
        }
        std::ranges::sort(names);
        return names;
    }
};

class ServiceCrashAt : public ServiceCrash, public testing::WithParamInterface<std::string> {};

TEST_P(ServiceCrashAt, NothingIsLostOrRecordedTwice)
{
    const auto bad = deliver("bad");
    const auto clean = deliver("clean");
    const auto large = deliver("bad" + std::string(std::size_t{1} << 20U, 'x'));
    Texts all{bad.to_string(), clean.to_string(), large.to_string()};
    Texts detected{bad.to_string() + ".eml", large.to_string() + ".eml"};
    std::ranges::sort(all);
    std::ranges::sort(detected);
    const auto crashed = run(GetParam());
    EXPECT_TRUE(crashed.by_signal && crashed.value == SIGKILL) << crashed.describe();
    const auto resumed = run("");
    EXPECT_EQ(resumed.describe(), "exit code 0");
    EXPECT_EQ(recorded(), all);
    EXPECT_EQ(kept_files(), detected);
    EXPECT_EQ(kept_text(bad), "bad");
}

std::vector<std::string> points()
{
    std::vector<std::string> names;
    for (const auto& row : os::crash_points()) {
        if (row.name.starts_with("pipeline.")) {
            names.emplace_back(row.name);
            names.push_back(std::string{row.name} + ":2");
        }
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Pipeline, ServiceCrashAt, testing::ValuesIn(points()));

} // namespace
} // namespace watchpost::pipeline
