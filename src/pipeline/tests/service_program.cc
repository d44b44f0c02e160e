// The service as a process that a test can have killed: SPOOL CONTENT LEDGER COUNT. Control is a
// file with a line for each record; ends once COUNT messages are recorded.
#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "fake_scanner.h"
#include "pipeline/service.h"

namespace watchpost::pipeline {
namespace {

class FileControl final : public RecordSink {
public:
    explicit FileControl(std::filesystem::path file) : file_{std::move(file)} {}

    base::Result<store::Recorded> record(const store::MessageRecord& record,
                                         Inspection /*inspection*/) override
    {
        const std::lock_guard lock{mutex_};
        changed_.notify_all();
        const std::string id = record.id.to_string();
        if (knows(id)) {
            return store::Recorded{false, std::nullopt};
        }
        std::ofstream{file_, std::ios::app} << id << '\n' << std::flush;
        return store::Recorded{true, record.is_detected ? std::optional{store::AlertId::make()}
                                                        : std::nullopt};
    }
    base::Result<std::vector<store::MessageId>>
    recorded(const std::vector<store::MessageId>& ids) override
    {
        const std::lock_guard lock{mutex_};
        std::vector<store::MessageId> known;
        std::ranges::copy_if(ids, std::back_inserter(known),
                             [this](const auto& id) { return knows(id.to_string()); });
        return known;
    }
    base::Result<std::vector<store::AwaitingMessage>> awaiting(std::uint32_t /*limit*/) override
    {
        return std::vector<store::AwaitingMessage>{};
    }

    bool wait_for(std::size_t count)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::minutes{1},
                                 [&] { return lines().size() >= count; });
    }

private:
    std::vector<std::string> lines() const
    {
        std::ifstream file{file_};
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) {
            lines.push_back(line);
        }
        return lines;
    }
    bool knows(const std::string& id) const { return std::ranges::count(lines(), id) > 0; }

    std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

int run(char** arguments)
{
    ScanNotes notes;
    FileControl control{arguments[3]};
    const diag::Log log{"pipeline"};
    ServiceSettings settings;
    settings.spool = arguments[1];
    settings.content = arguments[2];
    settings.make_pool = [&notes](const std::vector<RuleFile>&) {
        PoolSettings pool;
        pool.inspector.program = WATCHPOST_BUILD_DIR "/misbehaving_inspector";
        pool.inspector.arguments = {"misbehaving_inspector"};
        pool.inspector.limits.data_bytes_max = std::uint64_t{64} << 20U;
        pool.inspector.make_scanners = [&notes] {
            std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
            scanners.push_back(std::make_unique<FakeScanner>(notes));
            return scanners;
        };
        return InspectorPool::make(std::move(pool));
    };
    Service service{settings, control, log};
    service.set_rules({});
    const bool is_done = control.wait_for(std::strtoul(arguments[4], nullptr, 10));
    service.stop(std::chrono::steady_clock::now() + std::chrono::minutes{1});
    return is_done ? 0 : 1;
}

} // namespace
} // namespace watchpost::pipeline

int main(int argument_count, char** arguments)
{
    return argument_count == 5 ? watchpost::pipeline::run(arguments) : 2;
}
