#include "pipeline/content_folder.h"

#include <string>

#include <gtest/gtest.h>

#include "os/testing/power_loss_disk.h"
#include "support/temp_dir.h"

namespace watchpost::pipeline {
namespace {

using os_testing::Fault;
using os_testing::PowerLossDisk;

ContentSource source_of(std::string text)
{
    return [text](const spool::ByteSink& sink) { return sink(base::as_bytes(text)); };
}

std::string name_of(const spool::SpoolId& id)
{
    const std::string text = id.to_string();
    return text.substr(text.size() - 2) + "/" + text + ".eml";
}

TEST(ContentFolder, WhatIsKeptSurvivesAPowerLoss)
{
    PowerLossDisk disk;
    const auto id = spool::SpoolId::make();
    ContentFolder folder{disk.mount()};
    ASSERT_TRUE(folder.keep(id, source_of("first")));
    ASSERT_TRUE(folder.keep(id, source_of("message")));
    disk.power_loss({});
    EXPECT_EQ(base::as_text(disk.content(name_of(id))), "message");
    EXPECT_EQ(disk.names().size(), 1U);
}

TEST(ContentFolder, NothingIsLeftWhereItCannotBeKept)
{
    for (const Fault fault : {Fault::disk_full, Fault::write_error, Fault::sync_error}) {
        for (std::uint64_t operation = 0;; ++operation) {
            PowerLossDisk disk;
            const auto id = spool::SpoolId::make();
            disk.inject(operation, fault);
            ContentFolder folder{disk.mount()};
            const auto kept = folder.keep(id, source_of("message"));
            if (operation >= disk.operations()) {
                break;
            }
            if (kept) {
                EXPECT_EQ(base::as_text(disk.content(name_of(id))), "message");
            }
            ASSERT_TRUE(folder.keep(id, source_of("again")));
            disk.power_loss({});
            EXPECT_EQ(base::as_text(disk.content(name_of(id))), "again");
            EXPECT_EQ(disk.names().size(), 1U);
        }
    }
}

TEST(ContentFolder, ASourceThatFailsLeavesNothing)
{
    PowerLossDisk disk;
    ContentFolder folder{disk.mount()};
    const auto kept =
        folder.keep(spool::SpoolId::make(), [](const spool::ByteSink& sink) -> base::Result<void> {
            static_cast<void>(sink(base::as_bytes("half")));
            return base::fail(base::ErrorCode::damaged, base::Retry::never, "torn");
        });
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code(), base::ErrorCode::damaged);
    EXPECT_TRUE(disk.names().empty());
}

TEST(ContentFolder, WhatIsNotKeptIsNotFoundAndMayBeRemoved)
{
    const test::TempDir folder;
    const auto content = ContentFolder::open(folder.path() / "content").value();
    const auto id = spool::SpoolId::make();
    EXPECT_EQ(open_kept(folder.path() / "content", id).error().code(), base::ErrorCode::not_found);
    EXPECT_TRUE(content->remove(id));
    ASSERT_TRUE(content->keep(id, source_of("x")));
    EXPECT_TRUE(open_kept(folder.path() / "content", id));
    EXPECT_TRUE(content->remove(id));
    EXPECT_FALSE(open_kept(folder.path() / "content", id));
}

} // namespace
} // namespace watchpost::pipeline
