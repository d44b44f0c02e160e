// An Intake and a StateStore in memory that can be told to fail.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "spool/intake.h"
#include "spool/ledger_entry.h"
#include "spool/state_store.h"

namespace watchpost::collector::test {

struct Stored {
    spool::SpoolId id;
    spool::Receipt receipt;
    std::string content;
};

class FakeIntake final : public spool::Intake, public spool::LedgerSource {
public:
    std::vector<Stored> stored;       // in the order of the commits
    std::vector<std::size_t> batches; // sizes
    std::map<spool::SpoolId, spool::SourceState> states;
    std::function<std::optional<base::Error>(std::size_t)> fails_commit = // by number, from 0
        [](std::size_t) { return std::nullopt; };
    std::optional<base::Error> fails_begin;
    std::optional<std::uint64_t> announced_max; // there is no room for more
    std::function<void()> on_append = [] {};
    std::optional<std::size_t> octets_max; // of all content: then the disk is full
    unsigned flushes = 0;

    base::Result<std::unique_ptr<spool::Incoming>> begin(std::uint64_t announced) override
    {
        if (announced_max && announced > *announced_max) {
            return base::fail(base::ErrorCode::disk_full, base::Retry::later, "no room");
        }
        if (fails_begin) {
            return base::fail(*fails_begin);
        }
        return std::make_unique<Content>(*this);
    }

    base::Result<std::vector<spool::SpoolId>> commit(std::vector<spool::Arrival> batch) override
    {
        const std::lock_guard held{lock_};
        if (auto error = fails_commit(commits_++)) {
            return base::fail(*error);
        }
        batches.push_back(batch.size());
        std::vector<spool::SpoolId> ids;
        for (auto& arrival : batch) {
            auto* content = static_cast<Content*>(arrival.content.get());
            Stored item{spool::SpoolId::make(), arrival.receipt, content ? content->octets_ : ""};
            if (content != nullptr) {
                item.receipt.octets = item.content.size();
                item.receipt.sha256 = crypto::sha256(base::as_bytes(item.content));
            }
            ids.push_back(item.id);
            stored.push_back(std::move(item));
        }
        return ids;
    }

    base::Result<void> note(const std::vector<spool::SourceChange>& changes) override
    {
        for (const auto& change : changes) {
            states[change.id] = change.state;
        }
        return {};
    }

    base::Result<void> flush() override
    {
        ++flushes;
        return {};
    }

    base::Result<void>
    for_each_entry(const std::function<void(const spool::LedgerEntry&)>& visit) const override
    {
        for (const auto& item : stored) {
            const auto state = states.find(item.id);
            visit({item.id, item.receipt,
                   state == states.end() ? spool::SourceState::kept : state->second});
        }
        return {};
    }

    base::Result<void>
    for_each_entry_of(std::string_view mailbox,
                      const std::function<void(const spool::LedgerEntry&)>& visit) const override
    {
        return for_each_entry([&](const spool::LedgerEntry& entry) {
            if (entry.receipt.key.mailbox == mailbox) {
                visit(entry);
            }
        });
    }

    std::size_t count_of(std::string_view mailbox) const override
    {
        std::size_t count = 0;
        static_cast<void>(for_each_entry_of(mailbox, [&](const spool::LedgerEntry&) { ++count; }));
        return count;
    }

    [[nodiscard]] std::vector<std::string> contents() const
    {
        std::vector<std::string> all;
        all.reserve(stored.size());
        for (const auto& item : stored) {
            all.push_back(item.content);
        }
        return all;
    }

private:
    class Content final : public spool::Incoming {
    public:
        explicit Content(FakeIntake& intake) : intake_{intake} {}

        base::Result<void> append(base::ByteView bytes) override
        {
            intake_.on_append();
            intake_.octets_taken_ += bytes.size();
            if (intake_.octets_max && intake_.octets_taken_ > *intake_.octets_max) {
                return base::fail(base::ErrorCode::disk_full, base::Retry::later, "no room");
            }
            octets_ += base::as_text(bytes);
            return {};
        }
        std::uint64_t octets() const noexcept override { return octets_.size(); }
        base::Result<crypto::Sha256> finish() override
        {
            return crypto::sha256(base::as_bytes(octets_));
        }

        std::string octets_;

    private:
        FakeIntake& intake_; // outlives its content
    };

    std::mutex lock_; // commit runs in the writer's thread
    std::size_t commits_ = 0;
    std::size_t octets_taken_ = 0;
};

class FakeStore final : public spool::StateStore {
public:
    std::map<std::string, std::string, std::less<>> values;
    bool is_full = false; // nothing more is stored
    std::function<std::optional<base::Error>(std::string_view)> fails_put = // by name
        [](std::string_view) { return std::nullopt; };

    std::optional<std::string> get(std::string_view name) const override
    {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional{found->second};
    }
    base::Result<void> put(std::string_view name, std::string_view value) override
    {
        if (is_full) {
            return base::fail(base::ErrorCode::disk_full, base::Retry::later, "the disk is full");
        }
        if (auto error = fails_put(name)) {
            return base::fail(*error);
        }
        if (value.empty()) {
            values.erase(std::string{name});
        } else {
            values.insert_or_assign(std::string{name}, std::string{value});
        }
        return {};
    }
    base::Result<void> forget_if(const std::function<bool(std::string_view)>& is_over) override
    {
        if (is_full) {
            return base::fail(base::ErrorCode::disk_full, base::Retry::later, "the disk is full");
        }
        std::erase_if(values, [&](const auto& item) { return is_over(item.first); });
        return {};
    }
};

} // namespace watchpost::collector::test
