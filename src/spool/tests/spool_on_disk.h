// A spool on the disk double, and the few words that its tests speak in.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "os/testing/power_loss_disk.h"
#include "spool/reader.h"
#include "spool/spool.h"

namespace watchpost::spool {

using os_testing::Fault;
using os_testing::PowerLoss;
using os_testing::PowerLossDisk;
using os_testing::Torn;

inline const MailboxKey alice{"alice", 1};
inline constexpr std::size_t large_octets = Incoming::buffered_bytes_max + 1;

inline Receipt receipt(std::string uid, std::uint64_t announced = 0)
{
    Receipt made;
    made.key = alice;
    made.uid = std::move(uid);
    made.announced_octets = announced;
    made.received_at = base::Instant{std::chrono::seconds{1'800'000'000}};
    return made;
}

inline Arrival arrival(Spool& spool, const std::string& uid, std::string_view content)
{
    Arrival made{spool.begin(content.size()).value(), receipt(uid, content.size())};
    EXPECT_TRUE(made.content->append(base::as_bytes(content)));
    return made;
}

inline base::Result<std::vector<SpoolId>>
deliver(Spool& spool, const std::vector<std::pair<std::string, std::string>>& messages)
{
    std::vector<Arrival> batch;
    batch.reserve(messages.size());
    for (const auto& [uid, content] : messages) {
        batch.push_back(arrival(spool, uid, content));
    }
    return spool.commit(std::move(batch));
}

/// UIDs and what became of them at the source.
inline std::multimap<std::string, SourceState> ledger_of(const LedgerSource& source)
{
    std::multimap<std::string, SourceState> entries;
    EXPECT_TRUE(source.for_each_entry(
        [&](const LedgerEntry& entry) { entries.emplace(entry.receipt.uid, entry.state); }));
    return entries;
}

inline std::string read_content(const SpoolReader& reader, const SpoolItem& item)
{
    std::string content;
    const auto read = reader.read(item, [&](base::ByteView piece) {
        content += base::as_text(piece);
        return base::Result<void>{};
    });
    return read ? content : read.error().describe();
}

/// UID → content of everything that is stored; what cannot be read has its error as content.
inline std::multimap<std::string, std::string> contents_of(PowerLossDisk& disk)
{
    std::multimap<std::string, std::string> contents;
    const auto reader = SpoolReader::open(disk.mount(), Verify::content);
    if (!reader) {
        ADD_FAILURE() << reader.error().describe();
        return contents;
    }
    EXPECT_TRUE((*reader)->for_each_item([&](const SpoolItem& item) {
        contents.emplace(item.receipt.uid, item.content == ContentState::damaged
                                               ? "damaged"
                                               : read_content(**reader, item));
    }));
    return contents;
}

class SpoolTest : public testing::Test {
protected:
    std::unique_ptr<Spool> open()
    {
        auto spool = Spool::open(disk.mount(), options);
        if (!spool) {
            ADD_FAILURE() << spool.error().describe();
            std::abort();
        }
        return std::move(*spool);
    }

    /// Names that begin so.
    std::vector<std::string> files(std::string_view prefix) const
    {
        std::vector<std::string> found;
        for (const std::string& name : disk.names()) {
            if (name.starts_with(prefix)) {
                found.push_back(name);
            }
        }
        return found;
    }

    PowerLossDisk disk;
    SpoolOptions options;
};

} // namespace watchpost::spool
