// A real spool on disk, a pool of test inspectors, and a double of control.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "pipeline/service.h"
#include "pipeline/tests/fake_scanner.h"
#include "pipeline/tests/pool_fixture.h"
#include "spool/spool.h"
#include "support/temp_dir.h"

namespace watchpost::pipeline {

/// Control: keeps records by id, may be away.
class ControlDouble final : public RecordSink {
public:
    base::Result<store::Recorded> record(const store::MessageRecord& record,
                                         Inspection inspection) override
    {
        const std::lock_guard lock{mutex_};
        changed_.notify_all();
        ++tries_;
        if (is_away_) {
            return away();
        }
        store::Recorded answer;
        answer.is_new = inspection == Inspection::first && !records_.contains(record.id);
        if (answer.is_new || inspection == Inspection::repeated || record.refetched_as) {
            records_[record.id] = record;
        }
        if (record.refetched_as) {
            copies_.insert(*record.refetched_as);
        }
        ++calls_[record.id];
        if (record.is_detected) {
            answer.alert = store::AlertId::make();
        }
        return answer;
    }
    base::Result<std::vector<store::MessageId>>
    recorded(const std::vector<store::MessageId>& ids) override
    {
        const std::lock_guard lock{mutex_};
        if (is_away_) {
            return away();
        }
        std::vector<store::MessageId> known;
        for (const auto& id : ids) {
            if (records_.contains(id) || copies_.contains(id)) {
                known.push_back(id);
            }
        }
        return known;
    }
    base::Result<std::vector<store::AwaitingMessage>> awaiting(std::uint32_t /*limit*/) override
    {
        const std::lock_guard lock{mutex_};
        if (is_away_) {
            return away();
        }
        std::vector<store::AwaitingMessage> waiting;
        for (const auto& [id, record] : records_) {
            if (record.awaits_reinspection) {
                waiting.push_back({id, mailbox_of_reinspection});
            }
        }
        return waiting;
    }

    void set_away(bool is_away)
    {
        const std::lock_guard lock{mutex_};
        is_away_ = is_away;
    }
    /// Waits until `holds` does, at most a minute.
    template <typename Condition>
    bool wait_for(Condition holds)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return holds(*this); });
    }
    bool wait_for_records(std::size_t count)
    {
        return wait_for([count](const auto& self) { return self.records_.size() >= count; });
    }
    bool wait_for_tries(std::size_t count)
    {
        return wait_for([count](const auto& self) { return self.tries_ >= count; });
    }
    store::MessageRecord record_of(const spool::SpoolId& id)
    {
        const std::lock_guard lock{mutex_};
        return records_[id];
    }
    std::size_t calls_of(const spool::SpoolId& id)
    {
        const std::lock_guard lock{mutex_};
        return calls_[id];
    }
    std::size_t count()
    {
        const std::lock_guard lock{mutex_};
        return records_.size();
    }

    std::map<store::MessageId, store::MessageRecord> records_;
    store::MailboxId mailbox_of_reinspection; // set before the service starts
    std::set<store::MessageId> copies_;       // of these

private:
    static base::Failure away()
    {
        return base::fail(base::ErrorCode::connection_lost, base::Retry::later, "control is away");
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_away_ = false;
    std::size_t tries_ = 0;
    std::map<store::MessageId, std::size_t> calls_;
};

class ServiceTest : public testing::Test {
protected:
    void SetUp() override
    {
        settings.spool = folder.path() / "spool";
        settings.content = folder.path() / "content";
        settings.back_off_min = std::chrono::milliseconds{1};
        settings.back_off_max = std::chrono::milliseconds{20};
        settings.make_pool = [this](const std::vector<RuleFile>&) {
            auto pool = misbehaving();
            pool.inspectors = 2;
            pool.waiting_max = 8;
            pool.inspector.make_scanners = [this] {
                std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
                scanners.push_back(std::make_unique<FakeScanner>(notes));
                return scanners;
            };
            return InspectorPool::make(std::move(pool));
        };
        spool = spool::Spool::open(settings.spool).value();
    }

    spool::Arrival arrival(const std::string& content)
    {
        spool::Arrival made{spool->begin(content.size()).value(), {}};
        made.receipt.key.mailbox = mailbox.to_string();
        made.receipt.uid = std::to_string(++uids);
        made.receipt.announced_octets = content.size();
        made.receipt.received_at = base::now();
        EXPECT_TRUE(made.content->append(base::as_bytes(content)));
        return made;
    }
    spool::SpoolId deliver(const std::string& content)
    {
        std::vector<spool::Arrival> batch;
        batch.push_back(arrival(content));
        return spool->commit(std::move(batch)).value().front();
    }
    void start()
    {
        service = std::make_unique<Service>(settings, control, log);
        service->set_rules({{}, 1});
    }
    /// Waits until the status names these rules as those in use, at most a minute.
    bool says_revision(std::uint64_t revision) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (service->status().rules_revision != revision) {
            if (std::chrono::steady_clock::now() >= end) {
                return false;
            }
            std::this_thread::yield();
        }
        return true;
    }
    std::filesystem::path kept(const spool::SpoolId& id) const
    {
        const std::string text = id.to_string();
        return settings.content / text.substr(text.size() - 2) / (text + ".eml");
    }
    std::string kept_text(const spool::SpoolId& id) const
    {
        const auto file = open_kept(settings.content, id);
        const auto mapping = file ? os::Mapping::map(file->get()) : base::fail(file.error());
        return mapping ? std::string{base::as_text(mapping->bytes())} : mapping.error().describe();
    }

    test::TempDir folder;
    ScanNotes notes;
    ServiceSettings settings;
    ControlDouble control;
    diag::Log log{"pipeline"};
    store::MailboxId mailbox = store::MailboxId::make();
    int uids = 0;
    std::unique_ptr<spool::Spool> spool;
    std::unique_ptr<Service> service; // last: it uses the others
};

} // namespace watchpost::pipeline
